"""Exercise 3, the tests. Do not edit: yours are graded with the original."""

import numpy as np
from judge import build, test

A, DX2, DY2 = 0.5, 0.01**2, 0.02**2
DT = DX2 * DY2 / (2 * A * (DX2 + DY2))

#: A library whose evolve makes every number a 7.
SEVENS = """
void evolve(double *u, double *u_previous, int nx, int ny,
            double a, double dt, double dx2, double dy2) {
    for (int i = 0; i < nx * ny; i++) u[i] = u_previous[i] = 7.0;
}
"""


@build
def declarations_api(work):
    work.check_declarations("heat_api_build.py")


@build
def compile_module(work):
    work.run_script("heat_api_build.py")
    if not work.files("_heat.*.so"):
        work.fail(
            "python heat_api_build.py made no module",
            expected="a file _heat.*.so",
            got="none: is ffi.compile() called, and is the module's name _heat?",
        )


@build
def declarations_abi(work):
    work.check_declarations("heat_abi.py")


API = ["declarations_api", "compile_module"]
ABI = ["declarations_abi"]

SQUARE = (
    "A step goes from u_previous to u, in the arrays that were passed: the address of their "
    "own numbers, and no copy."
)
RECTANGLE = (
    "On a square a swap of nx and ny is not seen. nx is the number of rows: u.shape is "
    "(nx, ny), in this order."
)
PICTURE = (
    "The program must write its picture with your evolve: start it, and look at what it prints."
)
NATIVE = (
    "Here the library's evolve was replaced by one that makes every number a 7: what your "
    "evolve does must change with it."
)


def reference(u, steps=1, dx2=DX2, dy2=DY2, dt=DT):
    """The plate after some steps, in NumPy."""
    for _ in range(steps):
        p = u.copy()
        x = (p[2:, 1:-1] - 2.0 * p[1:-1, 1:-1] + p[:-2, 1:-1]) / dx2
        y = (p[1:-1, 2:] - 2.0 * p[1:-1, 1:-1] + p[1:-1, :-2]) / dy2
        u = p.copy()
        u[1:-1, 1:-1] = p[1:-1, 1:-1] + A * dt * (x + y)
    return u


def one_step(work, mode, nx, ny):
    """One step on nx rows of ny columns."""
    u = np.random.default_rng(nx).uniform(5, 65, (nx, ny))
    before, u_previous = u.copy(), u.copy()
    work.call(f"{mode}.evolve", u, u_previous, A, DT, DX2, DY2)
    if np.array_equal(u, before):
        work.fail(
            f"{mode}.evolve left u as it was",
            expected="u one step later",
            got="the same numbers: was a copy of the array passed?",
        )
    work.expect_close(u, reference(before), message=f"one step on {nx} x {ny} cells is wrong")
    work.expect_close(u_previous, u, message="u_previous must become a copy of u")


def the_same_picture(work, mode):
    """The program's picture is that of the Python program, to a shade of grey."""
    work.run_script(f"{mode}.py")
    work.need_file(f"{mode}.pgm")
    data = (work.folder / f"{mode}.pgm").read_bytes()
    nx, ny = 60, 90
    work.expect(data[:13], b"P5\n90 60\n255\n", "the picture has the wrong size")
    rows, columns = np.mgrid[:nx, :ny]
    plate = np.where(np.hypot(rows - nx / 2, columns - ny / 2) < nx / 4, 65.0, 5.0)
    d2 = 0.01**2
    plate = reference(plate, 50, d2, d2, d2 * d2 / (2 * A * (d2 + d2)))
    grey = np.rint(255 * (plate - 5) / 60).clip(0, 255)
    got = np.frombuffer(data[13:], np.uint8)
    same = got.size == grey.size and np.abs(got.reshape(nx, ny) - grey).max() <= 1
    work.expect_true(
        same,
        f"{mode}.pgm is another picture",
        expected="the picture of heat_equation_simple.py",
        got="another",
    )


def sevens(work, mode):
    """With a library that writes sevens."""
    u = np.full((4, 6), 20.0)
    work.call(f"{mode}.evolve", u, u.copy(), A, DT, DX2, DY2)
    work.expect_close(u, np.full((4, 6), 7.0), message=f"{mode}.evolve is not the library's")


@test(points=2, needs=API, idea=SQUARE)
def api_one_step_on_a_square(work):
    one_step(work, "heat_api", 8, 8)


@test(points=2, needs=API, idea=RECTANGLE)
def api_one_step_on_a_rectangle(work):
    one_step(work, "heat_api", 5, 9)


@test(points=2, needs=API, idea=PICTURE)
def api_draws_the_same_picture(work):
    the_same_picture(work, "heat_api")


@test(points=1, needs=API, idea=NATIVE)
def api_is_native(work):
    work.interpose(SEVENS)
    sevens(work, "heat_api")


@test(points=2, needs=ABI, idea=SQUARE)
def abi_one_step_on_a_square(work):
    one_step(work, "heat_abi", 8, 8)


@test(points=2, needs=ABI, idea=RECTANGLE)
def abi_one_step_on_a_rectangle(work):
    one_step(work, "heat_abi", 5, 9)


@test(points=2, needs=ABI, idea=PICTURE)
def abi_draws_the_same_picture(work):
    the_same_picture(work, "heat_abi")


@test(points=1, needs=ABI, idea=NATIVE + " Open what library_path() tells.")
def abi_is_native(work):
    (work.folder / "sevens.c").write_text(SEVENS)
    work.run(["cc", "-shared", "-fPIC", "-o", "sevens.so", "sevens.c"])
    work.exec(
        "from pathlib import Path\n"
        "import ffi_workbook.library\n"
        "ffi_workbook.library.library_path = lambda: Path('sevens.so').resolve()\n"
    )
    sevens(work, "heat_abi")
