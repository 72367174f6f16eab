"""Exercise 1, the tests. Do not edit: yours are graded with the original."""

from judge import build, test


@build
def declarations(work):
    work.check_declarations("fib_build.py")


@build
def compile_module(work):
    work.run_script("fib_build.py")
    if not work.files("_fib.*.so"):
        work.fail(
            "python fib_build.py made no module",
            expected="a file _fib.*.so",
            got="none: is ffi.compile() called, and is the module's name _fib?",
        )


@test(points=2, idea="The name in cdef is what `lib` has: declare void fibo(int *a, int *b).")
def the_module_has_fibo(work):
    names = work.eval("[name for name in dir(__import__('_fib').lib)]")
    work.expect_true(
        "fibo" in names,
        "the compiled module does not have the function",
        expected="fibo among the names of _fib.lib",
        got=f"{names}",
    )


@test(points=1, idea="A step moves both numbers: (2, 3) becomes (3, 5). C writes through pointers.")
def one_step_from_2_3(work):
    work.exec(
        "from _fib import ffi, lib\na, b = ffi.new('int *', 2), ffi.new('int *', 3)\nlib.fibo(a, b)"
    )
    got = work.eval("(a[0], b[0])")
    work.expect(got, (3, 5), "one step from (2, 3) is wrong")


@test(points=2, idea="F(10) is nine steps away from (F(0), F(1)) = (0, 1): count them on paper.")
def f10_is_55(work):
    work.expect(work.call("fib.fibonacci", 10), 55)


@test(points=1, idea="The two starting numbers need no step: F(0) is 0 and F(1) is 1.")
def f0_and_f1(work):
    work.expect(work.call("fib.fibonacci", 0), 0)
    work.expect(work.call("fib.fibonacci", 1), 1)


@test(
    points=2,
    idea="The additions must be native. Here fibo was replaced by one that adds 1 more: your "
    "result must change with it.",
)
def additions_are_native(work):
    work.interpose("void fibo(int *a, int *b) { int sum = *a + *b + 1; *a = *b; *b = sum; }")
    a, b = 0, 1
    for _ in range(9):
        a, b = b, a + b + 1
    work.expect(work.call("fib.fibonacci", 10), b, "fibonacci(10) does not depend on fibo")
