"""Exercise 12, the tests. Do not edit: yours are graded with the original."""

import ast
import re
import shutil
import sys
import zipfile

import numpy as np
from judge import build, test

#: The empty environment, and its Python: -I keeps the working folder out of its path.
PYTHON = ["env/bin/python", "-I"]

#: What a C compiler is asked for: all warnings, and each of them an error.
CC = ["cc", "-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror"]

#: Each function: its type in C, without the names, and the line of c/src/lib.rs.
FUNCTIONS = {
    "mug_mix": (
        "int32_t (*)(double, double, double, double, double *)",
        "four f64, then *mut f64; the result is i32",
    ),
    "mug_warmest": (
        "int32_t (*)(const double *, int64_t, int64_t *)",
        "*const f64, i64, *mut i64; the result is i32",
    ),
    "mug_version": ("const char *(*)(void)", "no arguments; the result is *const c_char"),
}

STATUSES = {"MUG_OK": 0, "MUG_ERROR_NULL": 1, "MUG_ERROR_SIZE": 3, "MUG_ERROR_PARAMETER": 6}

#: A program in C that has only what was installed.
CONSUMER = """
#include <stdint.h>
#include <stdio.h>
#include <mug.h>

int main(void)
{
    double celsius = -1.0;
    int64_t place = -1;
    const double field[] = {20.0, 81.5, 19.0, 81.5};
    int32_t status = mug_mix(200.0, 80.0, 50.0, 5.0, &celsius);
    printf("%d %.17g\\n", (int)status, celsius);
    status = mug_warmest(field, 4, &place);
    printf("%d %d\\n", (int)status, (int)place);
    printf("%d\\n", mug_warmest(field, -1, &place) == MUG_ERROR_SIZE);
    printf("%s\\n", mug_version());
    return 0;
}
"""


def mixed(coffee_grams, coffee_celsius, milk_grams, milk_celsius):
    """Compute the temperature of two liquids poured together."""
    return float(np.average([coffee_celsius, milk_celsius], weights=[coffee_grams, milk_grams]))


@build
def compile_the_c_library(work):
    (made,) = work.cargo_build("c")
    (work.folder / "mug/lib").mkdir(exist_ok=True)
    shutil.move(work.folder / made, work.folder / "mug/lib" / made)


@build
def build_the_wheel(work):
    shutil.rmtree(work.folder / "dist", ignore_errors=True)
    # Your folder is in a git repository. maturin heeds .gitignore only where one is, so the
    # copy that is graded must look like one.
    (work.folder / ".git").mkdir(exist_ok=True)
    work.maturin_build()


@build
def install_it_in_an_empty_environment(work):
    shutil.rmtree(work.folder / "env", ignore_errors=True)
    work.run([sys.executable, "-m", "venv", "--without-pip", "env"])
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir"]
    pip += ["--python", "env/bin/python", "install", "--no-index", "--no-deps", "--no-compile"]
    work.run([*pip, *work.files("dist/*.whl")], shown="pip install --no-index dist/*.whl")


def compiles(work, source, *options, check=True):
    """Compile a piece of C that sees the learner's header."""
    (work.folder / "piece.c").write_text(source)
    return work.run([*CC, "-Imug/include", *options, "piece.c"], check=check, shown="cc piece.c")


@test(
    points=1,
    needs=[],
    idea="A header includes what it uses itself, here <stdint.h> for int32_t and int64_t. Who "
    "includes it first, or alone, has nothing else.",
)
def the_header_compiles_alone(work):
    compiles(work, '#include "mug.h"\nint main(void) { return MUG_OK; }\n', "-fsyntax-only")


@test(
    points=3,
    needs=[],
    idea="f64 is double, i32 is int32_t, i64 is int64_t, *const T is const T *, *mut T is T *. No "
    "arguments are (void). C believes the header, so a wrong type is a wrong result later.",
)
def the_header_is_true(work):
    compiles(work, '#include <stdint.h>\n#include "mug.h"\n', "-fsyntax-only", "-Wno-pedantic")
    for name, (kind, rust) in FUNCTIONS.items():
        declared = rf"\b{name}\s*\("
        if not re.search(declared, work.read_text("mug/include/mug.h")):
            work.fail(f"mug.h does not declare {name}", expected=rust, got="no such declaration")
        agrees = compiles(
            work,
            f'#include <stdint.h>\n#include "mug.h"\n'
            f'_Static_assert(_Generic(&{name}, {kind}: 1, default: 0), "differs");\n'
            "int main(void) { return 0; }\n",
            "-fsyntax-only",
            "-Wstrict-prototypes",
            check=False,
        )
        if agrees.code:
            work.fail(
                f"mug.h does not declare {name} as c/src/lib.rs has it",
                expected=f"the C for: {rust}",
                got=the_declaration(work, name),
            )
    for name, number in STATUSES.items():
        claim = f'_Static_assert({name} == {number}, "differs");\n'
        source = '#include <stdint.h>\n#include "mug.h"\n' + claim
        if compiles(work, source, "-fsyntax-only", check=False).code:
            work.fail(
                f"mug.h does not have {name} as c/src/lib.rs has it",
                expected=f"{name} is {number}",
                got="another number, or no such name",
            )


def the_declaration(work, name):
    """Return the learner's declaration of a function, for the feedback."""
    found = re.search(rf"[^;{{}}#/]*\b{name}\s*\([^;]*;", work.read_text("mug/include/mug.h"))
    return " ".join(found[0].split()) if found else "something that does not compile"


@test(
    points=1,
    needs=[],
    idea="Two headers of a program may both include yours. A guard makes the second time empty: "
    "#ifndef MUG_H, #define MUG_H, ..., #endif.",
)
def the_header_has_a_guard(work):
    text = work.read_text("mug/include/mug.h")
    guarded = re.search(r"#\s*pragma\s+once\b", text) or re.search(
        r"#\s*ifndef\s+(\w+)\s+#\s*define\s+\1\b", text
    )
    work.expect_true(
        guarded,
        "mug.h has no include guard",
        expected="#ifndef MUG_H, then #define MUG_H",
        got="none",
    )
    twice = '#include "mug.h"\n' * 2
    compiles(work, f"#include <stdint.h>\n{twice}int main(void) {{ return 0; }}\n")


@test(
    points=1,
    needs=[],
    idea='C++ puts the types of the arguments into the name of a function. extern "C" keeps the '
    "name as it is; only C++ knows these words, so they stand inside #ifdef __cplusplus.",
)
def cpp_finds_the_names(work):
    # The preprocessor alone, so that no C++ compiler is needed.
    seen = compiles(work, '#include "mug.h"\n', "-E", "-P", "-D__cplusplus=201703L")
    opened = re.search(r'extern\s+"C"\s*(\{)?', seen.stdout)
    first = seen.stdout.find("mug_mix")
    work.expect_true(
        opened and opened.start() < first,
        "a C++ program would not find mug_mix",
        expected='extern "C" { before the first function, when __cplusplus is defined',
        got='no extern "C"' if not opened else "one that comes too late",
    )


def names_in_the_wheel(work):
    """Return what is in the wheel, without its metadata."""
    wheels = work.files("dist/*.whl")
    if len(wheels) != 1:
        work.fail("there must be one wheel", expected="one file dist/mug-*.whl", got=f"{wheels}")
    try:
        with zipfile.ZipFile(work.folder / wheels[0]) as wheel:
            return sorted(n for n in wheel.namelist() if ".dist-info/" not in n)
    except zipfile.BadZipFile:
        return work.fail("the wheel cannot be read", expected="a zip file", got=wheels[0])


def expect_in_the_wheel(work, wanted, what):
    names = names_in_the_wheel(work)
    if not any(re.fullmatch(wanted, name) for name in names):
        work.fail(
            f"the wheel does not have {what}",
            expected=f"{what} among its files",
            got=", ".join(names),
        )


@test(
    points=1,
    needs=["build_the_wheel"],
    idea='The compiled module is a part of the package: module-name = "mug._native" says so. '
    "Otherwise it is called as the project is, mug, and __init__.py does not find it.",
)
def the_wheel_has_the_module(work):
    expect_in_the_wheel(work, r"mug/_native\..*(so|pyd)", "mug/_native.*.so")


@test(
    points=2,
    needs=["build_the_wheel"],
    idea="What git ignores, maturin leaves out; what is built is not in git. `include` in "
    "[tool.maturin] names what belongs into the wheel all the same.",
)
def the_wheel_has_header_and_library(work):
    expect_in_the_wheel(work, r"mug/include/mug\.h", "mug/include/mug.h")
    expect_in_the_wheel(work, r"mug/lib/libmug\.so", "mug/lib/libmug.so")


@test(
    points=1,
    needs=["build_the_wheel"],
    idea="The stub lies beside the module, and an empty file py.typed says that the package has "
    "types: without it, type checkers do not read them.",
)
def the_wheel_has_the_types(work):
    expect_in_the_wheel(work, r"mug/_native\.pyi", "mug/_native.pyi")
    expect_in_the_wheel(work, r"mug/py\.typed", "mug/py.typed")


def stubs(work):
    """Return the functions of the stub."""
    try:
        tree = ast.parse(work.read_text("mug/_native.pyi"))
    except SyntaxError as error:
        work.fail(
            f"mug/_native.pyi is no Python, in line {error.lineno}",
            expected="def name(argument: type) -> type: ...",
            got=(error.text or "").strip(),
        )
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def annotation(node):
    """Return an annotation without the module that its name comes from."""
    return "none" if node is None else re.sub(r"\b(\w+\.)+", "", ast.unparse(node))


@test(
    points=2,
    needs=["install_it_in_an_empty_environment"],
    idea="A caller may write mix(milk_grams=50, ...), so the names of the arguments are a part of "
    "the stub, in their order. inspect.signature shows what the module has.",
)
def the_stub_has_names_as_the_module(work):
    found = stubs(work)
    for name in ("mix", "warmest"):
        got = work.run(
            [*PYTHON, "-c", f"import inspect, mug; print(inspect.signature(mug.{name}))"],
            shown=f"inspect.signature(mug.{name})",
        ).stdout.strip()
        if name not in found:
            work.fail(
                f"the stub does not have {name}", expected=f"{name}{got}, with types", got="none"
            )
        given = [arg.arg for arg in found[name].args.args]
        work.expect(given, re.findall(r"\w+", got), f"the stub's arguments of {name} are wrong")


@test(
    points=2,
    needs=[],
    idea="f64 is float, and usize is int. A Vec is made of any sequence, a tuple too, so list is "
    "less than what the function takes: Sequence, from collections.abc.",
)
def the_stub_has_types(work):
    found = stubs(work)
    for name, arguments, result in [
        ("mix", ["float"] * 4, "float"),
        ("warmest", ["Sequence[float]"], "int"),
    ]:
        if name not in found:
            work.fail(f"the stub does not have {name}", expected=f"def {name}(...)", got="none")
        function = found[name]
        got = [annotation(arg.annotation) for arg in function.args.args]
        work.expect(got, arguments, f"the stub's types of the arguments of {name} are wrong")
        work.expect(
            annotation(function.returns),
            result,
            f"the stub's type of the result of {name} is wrong",
        )


def without_sources(work):
    """Leave nothing of the package but what is installed."""
    for name in ("mug", "src", "c"):
        shutil.rmtree(work.folder / name)


@test(
    points=2,
    idea="In the empty environment there is what the wheel has, and no checkout. What fails here "
    "only is a file that was left out, or a path of your machine.",
)
def called_from_python(work):
    without_sources(work)
    for numbers in [(200.0, 80.0, 50.0, 5.0), (1.0, 90.0, 0.0, 4.0)]:
        got = work.run([*PYTHON, "-c", f"import mug; print(mug.mix{numbers})"]).stdout.strip()
        work.expect_close(got, mixed(*numbers), message=f"mug.mix{numbers} is wrong")
    got = work.run(
        [*PYTHON, "-c", "import mug; print(mug.warmest((1.0, 3.0, 2.0)))"]
    ).stdout.strip()
    work.expect(got, str(int(np.argmax([1.0, 3.0, 2.0]))), "mug.warmest((1.0, 3.0, 2.0)) is wrong")


@test(
    points=3,
    idea="A C program is compiled with -I and -L of the folders that the installed package names. "
    "They lie beside __init__.py, wherever that is: Path(__file__).parent.",
)
def called_from_c(work):
    without_sources(work)
    from_c(work, "env")


def from_c(work, environment):
    """Compile the consumer with what is installed in an environment, and run it."""
    python = [f"{environment}/bin/python", "-I"]
    folders = {}
    for name, file in [("include", "mug.h"), ("library", "libmug.so")]:
        said = work.run([*python, "-c", f"import mug; print(mug.{name}())"], shown=f"mug.{name}()")
        folders[name] = said.stdout.strip()
        found = work.run(["ls", folders[name]], check=False, shown=f"ls {folders[name]}")
        if file not in found.stdout.split():
            work.fail(
                f"mug.{name}() is not the folder of {file}",
                expected=f"a folder of the environment with {file} in it",
                got=f"{folders[name]}, which has {found.stdout.split() or 'nothing'}",
            )
    (work.folder / "consumer.c").write_text(CONSUMER)
    linked = [f"-L{folders['library']}", "-lmug", f"-Wl,-rpath,{folders['library']}"]
    work.run(
        [*CC, f"-I{folders['include']}", "consumer.c", *linked, "-o", "consumer"],
        shown="cc consumer.c -I... -L... -lmug",
    )
    lines = work.run(["./consumer"], shown="the C program").stdout.split("\n")
    status, celsius = lines[0].split()
    work.expect(status, "0", "in C, the status of mug_mix(200, 80, 50, 5, &celsius) is wrong")
    work.expect_close(celsius, mixed(200.0, 80.0, 50.0, 5.0), message="in C, mug_mix is wrong")
    work.expect(lines[1], "0 1", "in C, (status, place) of mug_warmest is wrong")
    work.expect(lines[2], "1", "in C, mug_warmest does not refuse a negative n")
