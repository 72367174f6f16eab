"""Exercise 2, the tests. Do not edit: yours are graded with the original."""

from judge import build, cargo, test

#: A library that adds 1 more at every step.
ONE_MORE = "void fibo(int *a, int *b) { int sum = *a + *b + 1; *a = *b; *b = sum; }"


@build
def declarations(work):
    work.check_declarations("fib.py")


@build
def make_library(work):
    work.run_script("build_library.py", environment=cargo.environment(), read=cargo.readable())
    if not work.files("libfibo.so"):
        work.fail(
            "python build_library.py made no library",
            expected="a file libfibo.so",
            got="none: does the command say -o libfibo.so?",
        )


@test(
    points=2,
    needs=["make_library"],
    idea="A library for C is a cdylib. A program, or a library for Rust only, has no function "
    "that Python could find by its name.",
)
def the_library_has_fibo(work):
    work.exec("import ctypes\nlibrary = ctypes.CDLL('./libfibo.so')")
    work.expect_true(
        work.eval("hasattr(library, 'fibo')"),
        "the library does not have the function",
        expected="a function fibo in libfibo.so",
        got="none",
    )


@test(
    points=2,
    idea="The module needs lib, opened from libfibo.so, and fibo must be declared: lib.fibo is "
    "looked up in the library when you use it.",
)
def one_step_from_2_3(work):
    work.exec(
        "from fib import ffi, lib\na, b = ffi.new('int *', 2), ffi.new('int *', 3)\nlib.fibo(a, b)"
    )
    work.expect(work.eval("(a[0], b[0])"), (3, 5), "one step from (2, 3) is wrong")


@test(points=2, idea="F(10) is nine steps away from (F(0), F(1)) = (0, 1): count them on paper.")
def f10_is_55(work):
    work.expect(work.call("fib.fibonacci", 10), 55)


@test(points=1, idea="The two starting numbers need no step: F(0) is 0 and F(1) is 1.")
def f0_and_f1(work):
    work.expect(work.call("fib.fibonacci", 0), 0)
    work.expect(work.call("fib.fibonacci", 1), 1)


@test(
    points=1,
    idea="A relative path starts at the folder in which the program was started, and not at the "
    "file that has it: __file__ tells where that is.",
)
def found_from_another_folder(work):
    work.exec("import os\nos.chdir('/')")
    work.expect(work.call("fib.fibonacci", 2), 1)


@test(
    points=1,
    idea="The additions must be made by libfibo.so. Here it was replaced by one that adds 1 more: "
    "your result must change with it.",
)
def additions_are_native(work):
    (work.folder / "one_more.c").write_text(ONE_MORE)
    work.run(["cc", "-shared", "-fPIC", "-o", "libfibo.so", "one_more.c"])
    a, b = 0, 1
    for _ in range(9):
        a, b = b, a + b + 1
    work.expect(work.call("fib.fibonacci", 10), b, "fibonacci(10) does not depend on libfibo.so")
