"""Exercise 11, the tests. Do not edit: yours are graded with the original."""

import tomllib

import numpy as np
from judge import build, test

import ffi_workbook as kernels
from ffi_workbook import modes

OK, ERROR_NULL, ERROR_SIZE, ERROR_OVERLAP = 0, 1, 3, 4

#: So many times as fast as the published C. Two divisions a cell take as long in Rust as in
#: C: once as fast. With the divisions before the loop it is more than twice as fast. The
#: limit is far enough from both that noise does not decide.
FAST = 1.3

#: dx2 and dy2 differ, so that exchanging them shows.
A, DX2, DY2 = 0.5, 1e-4, 4e-4
PARAMETERS = (A, 0.9 * kernels.largest_stable_dt(A, DX2, DY2), DX2, DY2)

#: The C function of the library as a caller in C would declare it.
DIRECTLY = """
import ctypes
from ctypes import c_double, c_int32, c_int64, c_void_p
import numpy as np
import own_heat
own_evolve = ctypes.CDLL(own_heat.__file__).own_evolve
own_evolve.argtypes = [c_void_p, c_void_p, c_int64, c_int64] + [c_double] * 4
own_evolve.restype = c_int32

def through_c(u, u_previous, *parameters):
    return own_evolve(u.ctypes.data, u_previous.ctypes.data, *u.shape, *parameters)
"""

#: Times two evolves in turns, each on grids of its own. The best time of many short ones
#: is that of a turn in which nothing else happened on the processor.
RACE = """
import time
from ffi_workbook import modes

TURNS, STEPS = 200, 3

def race(evolve, u, u_previous, parameters):
    published = modes.load("published-c").evolve
    lanes = [(evolve, u, u_previous), (published, u.copy(), u_previous.copy())]
    best = [float("inf")] * 2
    for _ in range(TURNS):
        for lane, (step, new, old) in enumerate(lanes):
            start = time.perf_counter()
            for _ in range(STEPS):
                step(new, old, *parameters)
            best[lane] = min(best[lane], time.perf_counter() - start)
    return best, TURNS * STEPS, u
"""


def grids(nx, ny):
    """Make two grids that differ everywhere, and what a step makes of them, by NumPy."""
    u, u_previous = np.random.default_rng(nx * 1000 + ny).uniform(18, 85, (2, nx, ny))
    expected = u.copy()
    if min(nx, ny) > 0:
        modes.load("numpy").evolve(expected, u_previous.copy(), *PARAMETERS)
    return u, u_previous, expected


def same_field(work, got, expected, message):
    """Name the first cell that is wrong by more than rounding, and what kind of cell it is."""
    wrong = np.argwhere(~np.isclose(got, expected, rtol=1e-9, atol=0))
    if not len(wrong):
        return
    i, j = (int(index) for index in wrong[0])
    edge = i in (0, got.shape[0] - 1) or j in (0, got.shape[1] - 1)
    work.fail(
        message,
        expected=f"{expected[i, j]:.6f} in row {i}, column {j}",
        got=f"{got[i, j]:.6f} there, on the {'boundary' if edge else 'inside'}; "
        f"{len(wrong)} of {got.size} cells are wrong",
    )


def one_step(work, mode, nx, ny):
    """Take one step in a mode, and compare both grids."""
    u, u_previous, expected = grids(nx, ny)
    work.call(mode, u, u_previous, *PARAMETERS)
    grid = f"a grid of {nx} rows and {ny} columns"
    same_field(work, u, expected, f"u is wrong after one step on {grid}")
    same_field(work, u_previous, expected, f"u_previous is not a copy of u, on {grid}")


@build
def compile_the_crate(work):
    work.cargo_build(module="own_heat")


@test(
    points=2,
    idea="Each interior cell comes from itself and its four neighbours, all of u_previous. The "
    "term with rows above and below is divided by dx2, the other one by dy2.",
)
def a_step_on_a_square(work):
    work.exec(DIRECTLY)
    one_step(work, "through_c", 8, 8)


@test(
    points=2,
    idea="ny is the number of columns, so one row further is ny numbers further: the cell below "
    "[i * ny + j] is [(i + 1) * ny + j]. With nx it works on squares only.",
)
def a_step_on_rectangles(work):
    work.exec(DIRECTLY)
    for nx, ny in [(5, 9), (9, 5), (3, 40), (40, 3)]:
        one_step(work, "through_c", nx, ny)


@test(
    points=1,
    idea="Without 3 rows and 3 columns no cell is inside: copy u, and that is all. A usize cannot "
    "go below 0: write the end of the loop so that it does not try.",
)
def grids_without_an_inside(work):
    work.exec(DIRECTLY)
    for nx, ny in [(1, 6), (6, 1), (2, 2), (2, 7), (7, 2), (0, 4), (4, 0)]:
        one_step(work, "through_c", nx, ny)


@test(
    points=2,
    idea="A slice made of a null pointer, of a negative size, or of memory that another `&mut` "
    "has, is undefined behaviour before any loop begins. So the checks stand first.",
)
def the_c_skin_refuses(work):
    work.exec(DIRECTLY)
    work.exec("x = np.full(30, 7.0); here = x.ctypes.data", parameters=PARAMETERS)
    for pointers, status, why in [
        ("None, here, 3, 5", ERROR_NULL, "u is null"),
        ("here, None, 3, 5", ERROR_NULL, "u_previous is null"),
        ("here, here + 15 * 8, -3, 5", ERROR_SIZE, "nx is negative"),
        ("here, here + 15 * 8, 3, -5", ERROR_SIZE, "ny is negative"),
        ("here, here, 3, 5", ERROR_OVERLAP, "both grids are the same"),
        ("here, here + 14 * 8, 3, 5", ERROR_OVERLAP, "the last number of u is in u_previous"),
        ("here + 14 * 8, here, 3, 5", ERROR_OVERLAP, "the last number of u_previous is in u"),
        ("here, here + 15 * 8, 3, 5", OK, "the grids are neighbours in memory"),
    ]:
        got = work.eval(f"own_evolve({pointers}, *parameters)")
        work.expect(got, status, f"wrong status from own_evolve: {why}")
        work.expect(work.eval("x"), np.full(30, 7.0), f"numbers were changed: {why}")


@test(
    points=2,
    idea="argtypes says how each argument goes over: without it ctypes cannot pass a float, and "
    "cuts an address to 32 bits.",
)
def mode_c_takes_a_step(work):
    for nx, ny in [(8, 8), (5, 9)]:
        one_step(work, "mode_c.evolve", nx, ny)


@test(
    points=1,
    idea="The library sees one size for two grids, so different shapes can be seen in Python only; "
    "and a status that nobody looks at is an error that nobody sees.",
)
def mode_c_refuses(work):
    refuses(work, "mode_c")


@test(
    points=2,
    idea="Borrow, check, make slices, call the kernel. try_readwrite()? borrows for writing; "
    "as_slice_mut()? of the borrow is what the kernel takes.",
)
def mode_pyo3_takes_a_step(work):
    for nx, ny in [(8, 8), (5, 9)]:
        one_step(work, "own_heat.evolve", nx, ny)


@test(
    points=1,
    idea="Two grids of different shape, or of one memory, are a ValueError: a panic is not. "
    "try_readwrite returns an Err where readwrite panics.",
)
def mode_pyo3_refuses(work):
    refuses(work, "own_heat")


def refuses(work, module):
    """Let a mode refuse different shapes and shared memory."""
    work.exec(
        f"import numpy as np, {module}\nx = np.full((6, 5), 7.0)\ny = np.full((3, 7), 7.0)",
        parameters=PARAMETERS,
    )
    for pair in ["x[:3], y", "y, x[:3]", "x, x", "x[:4], x[2:]"]:
        with work.expect_raises("ValueError"):
            work.eval(f"{module}.evolve({pair}, *parameters)")
        work.expect(work.eval("x"), np.full((6, 5), 7.0), "a grid changed in a refused call")


@test(
    points=1,
    idea="One kernel under two skins computes the same bits. Where they differ, one skin computes "
    "something of its own.",
)
def both_modes_give_the_same_bits(work):
    u, u_previous, expected = grids(30, 20)
    other, other_previous = u.copy(), u_previous.copy()
    for _ in range(5):
        work.call("mode_c.evolve", u, u_previous, *PARAMETERS)
        work.call("own_heat.evolve", other, other_previous, *PARAMETERS)
    work.expect_true(not np.array_equal(u, expected), "five steps are the same as one step")
    work.expect(other, u, "after 5 steps, own_heat.evolve differs from mode_c.evolve")


@test(
    points=2,
    seconds=20,
    idea="A division takes a processor much longer than a multiplication, and dx2 and dy2 are the "
    "same for all cells: sort the terms by cell, as the lesson does. And compile with "
    "opt-level = 3.",
)
def faster_than_the_published_c_through_c(work):
    race(work, "mode_c")


@test(
    points=2,
    seconds=20,
    idea="The same kernel: what makes one mode fast makes the other one fast. What one of them "
    "does more than convert, check and call shows here.",
)
def faster_than_the_published_c_through_pyo3(work):
    race(work, "own_heat")


def race(work, module):
    """Race a mode against the published C, then look whether it computed anything."""
    u, u_previous, expected = grids(200, 160)
    work.exec(RACE + f"\nimport {module}\n")
    (own, published), steps, u = work.eval(
        f"race({module}.evolve, u, u_previous, parameters)",
        u=u,
        u_previous=u_previous,
        parameters=PARAMETERS,
    )
    previous = expected.copy()
    kernels.evolve_steps(expected, previous, steps - 1, *PARAMETERS)
    same_field(work, u, expected, f"the field is wrong after {steps} steps")
    times = published / own
    if times < FAST:
        work.fail(
            f"{module}.evolve is not faster than the published C",
            expected=f"at least {FAST} times as fast",
            got=f"{times:.2f} times as fast: {cause(work)}",
        )


def cause(work):
    """Say what makes it slow, as far as it can be seen from here."""
    profile = tomllib.loads(work.read_text("Cargo.toml")).get("profile", {}).get("dev", {})
    level = profile.get("opt-level", 0)
    if level not in (2, 3):
        return f"Cargo.toml says opt-level = {level}, which is not optimised"
    return "it is compiled as the C is, so the operations in the loop are the cause"
