"""The same cases in every mode: the same answers, and the same refusals."""

from collections.abc import Callable
from ctypes import ArgumentError
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from conftest import (
    Array,
    assert_refused,
    assert_same_bits,
    calls_our_library,
    more_and_more,
    needed,
    others_run_during,
)
from hypothesis import given
from hypothesis import strategies as st

from ffi_workbook import errors, modes
from ffi_workbook.modes import Kernels, Mode
from ffi_workbook.race import cases

#: What a mode has not. Everything else must be there, so no skip hides a loss.
WITHOUT = {
    "numpy": {"noop"},
    "published-c": {"noop", "add_ints", "add_floats", "fibonacci", "evolve_steps"},
}


def test_a_mode_lacks_only_what_is_written_here(mode: Mode, kernels: Kernels) -> None:
    names = ("noop", "add_ints", "add_floats", "add", "fibonacci", "evolve", "evolve_steps")
    found = {name for name in names if getattr(kernels, name) is None}
    assert found == WITHOUT.get(mode.name, set())
    assert (kernels.add_lists is not None) == (mode.name == "python")


def test_the_modes_are_in_course_order() -> None:
    names = [mode.name for mode in modes.all_modes()]
    assert names[:3] == ["python", "numpy", "ctypes"]
    assert len(set(names)) == len(names) == 13
    assert all(a.order < b.order for a, b in pairwise(modes.all_modes()))
    with pytest.raises(KeyError, match="no mode 'fortran': the modes are python, numpy"):
        modes.get("fortran")


# --- add ----------------------------------------------------------------------


@pytest.mark.parametrize("n", [0, 1, 2, 7, 63, 64, 65, 1000, 20_000])
def test_add(kernels: Kernels, n: int) -> None:
    random = np.random.default_rng(n)
    a, b = random.normal(size=n), random.normal(size=n)
    wanted = np.array([x + y for x, y in zip(a.tolist(), b.tolist(), strict=True)])
    term = b.copy()
    assert needed(kernels, "add")(a, b) is None
    assert_same_bits(a, wanted)
    assert_same_bits(b, term)


SPECIAL = [
    (0.0, -0.0),
    (-0.0, -0.0),
    (1.0, -1.0),
    (np.inf, 1.0),
    (-np.inf, 1e308),
    (np.inf, -np.inf),
    (np.nan, 1.0),
    (1.0, np.nan),
    (np.inf, np.nan),
    (5e-324, 5e-324),
    (5e-324, -5e-324),
    (2.2250738585072014e-308, -5e-324),
    (1.7976931348623157e308, 1.7976931348623157e308),
    (1.7976931348623157e308, 9.9792015476736e291),
    (1.0, 2.0**-53),
    (1.0 + 2.0**-52, 2.0**-53),
    (0.1, 0.2),
]


# 1 for the scalar end of a loop, 50 for the vectors and their choice.
@pytest.mark.parametrize("repeats", [1, 50])
def test_add_of_special_values(kernels: Kernels, repeats: int) -> None:
    a, b = np.array(SPECIAL * repeats).T.copy()
    wanted = np.array([x + y for x, y in SPECIAL * repeats])
    with np.errstate(all="ignore"):  # NumPy warns of inf - inf, and is right
        needed(kernels, "add")(a, b)
    assert_same_bits(a, wanted)


@given(pairs=st.lists(st.tuples(st.floats(), st.floats()), max_size=150))
def test_add_of_any_values(kernels: Kernels, pairs: list[tuple[float, float]]) -> None:
    a, b = np.array(pairs).reshape(-1, 2).T.copy()
    with np.errstate(all="ignore"):
        needed(kernels, "add")(a, b)
    assert_same_bits(a, np.array([x + y for x, y in pairs]))


def test_add_takes_views_and_subclasses(kernels: Kernels) -> None:
    class Labelled(np.ndarray[Any, Any]):
        pass

    base, b = np.arange(10.0), np.full(4, 100.0)
    needed(kernels, "add")(base[3:7].view(Labelled), b)
    assert base.tolist() == [0, 1, 2, 103, 104, 105, 106, 7, 8, 9]


class Liar(np.ndarray[Any, Any]):
    """An array that says that it is larger than it is."""

    size = property(lambda self: 10**9)
    shape = property(lambda self: (10**5,) * self.ndim)

    def __len__(self) -> int:
        return 10**9


def test_a_subclass_that_lies_is_not_believed(kernels: Kernels) -> None:
    a, b = np.zeros(4), np.ones(4)
    needed(kernels, "add")(a.view(Liar), b.view(Liar))
    assert a.tolist() == [1.0] * 4
    u, u_previous = two_grids((4, 5))
    wanted = one_step(u, u_previous, *STABLE)
    needed(kernels, "evolve")(u.view(Liar), u_previous.view(Liar), *STABLE)
    assert_same_bits(u, wanted)


def test_add_takes_neighbours(kernels: Kernels) -> None:
    base = np.arange(8.0)
    needed(kernels, "add")(base[:4], base[4:])
    assert base.tolist() == [4, 6, 8, 10, 4, 5, 6, 7]


def test_add_reads_a_read_only_array(kernels: Kernels) -> None:
    a, b = np.ones(3), np.arange(3.0)
    b.flags.writeable = False
    needed(kernels, "add")(a, b)
    assert a.tolist() == [1, 2, 3]


def test_add_of_lists(kernels: Kernels) -> None:
    add_lists = needed(kernels, "add_lists")
    a, b = [0.1, -0.0, 1e308], [0.2, -0.0, 1e308]
    assert add_lists(a, b) is None
    assert_same_bits(np.array(a), np.array([0.1 + 0.2, -0.0, np.inf]))
    assert b == [0.2, -0.0, 1e308]
    lengths = [0.0] * 4, [0.0] * 5
    assert_refused(add_lists, *lengths, error=errors.ShapeError, words=("a has 4 ", "b has 5:"))


# --- Fibonacci ----------------------------------------------------------------


def test_fibonacci(kernels: Kernels) -> None:
    fibonacci = needed(kernels, "fibonacci")
    a, b = 0, 1
    for n in range(94):
        found = fibonacci(n)
        assert found == a, f"fibonacci({n})"
        assert type(found) is int
        a, b = b, a + b


@pytest.mark.parametrize(
    ("n", "error", "words"),
    [
        (94, errors.KernelOverflowError, ("fibonacci(94)", "u64")),
        (1_000_000, errors.KernelOverflowError, ("fibonacci(1000000)", "u64")),
        (-1, errors.SizeError, ("n = -1", "0 or more")),
    ],
)
def test_fibonacci_refuses(
    kernels: Kernels, n: int, error: type[errors.KernelError], words: tuple[str, ...]
) -> None:
    assert_refused(needed(kernels, "fibonacci"), n, error=error, words=words)


# --- Heat ---------------------------------------------------------------------

SHAPES = [(1, 1), (1, 8), (8, 1), (2, 2), (2, 7), (3, 3), (3, 9), (9, 3), (5, 9), (9, 5), (40, 60)]
EMPTY = [(0, 0), (0, 5), (5, 0)]
#: a, dt, dx2, dy2: stable, and no two of them alike.
STABLE = (0.5, 0.11, 0.7, 1.3)


def two_grids(shape: tuple[int, int]) -> tuple[Array, Array]:
    """Return u and u_previous. They differ everywhere, and so at the boundary."""
    random = np.random.default_rng([*shape])
    return random.normal(20.0, 30.0, shape), random.normal(20.0, 30.0, shape)


def one_step(u: Array, u_previous: Array, a: float, dt: float, dx2: float, dy2: float) -> Array:
    """Return what both grids hold after one step, cell by cell from the formula."""
    new, old = u.tolist(), u_previous.tolist()
    nx, ny = u.shape
    for i in range(1, nx - 1):
        for j in range(1, ny - 1):
            new[i][j] = old[i][j] + a * dt * (
                (old[i + 1][j] - 2.0 * old[i][j] + old[i - 1][j]) / dx2
                + (old[i][j + 1] - 2.0 * old[i][j] + old[i][j - 1]) / dy2
            )
    return np.array(new).reshape(u.shape)


@cache
def classic(shape: tuple[int, int], steps: int) -> Array:
    """Return the field after ``steps`` steps from ``two_grids``."""
    if steps == 1:
        return one_step(*two_grids(shape), *STABLE)
    before = classic(shape, steps - 1)
    return one_step(before, before, *STABLE)


@pytest.mark.parametrize("shape", SHAPES + EMPTY, ids=str)
def test_evolve(kernels: Kernels, shape: tuple[int, int]) -> None:
    u, u_previous = two_grids(shape)
    for step in (1, 2, 3):
        assert needed(kernels, "evolve")(u, u_previous, *STABLE) is None
        assert_same_bits(u, classic(shape, step))
        assert_same_bits(u_previous, u)


@given(
    rows=st.integers(0, 7),
    columns=st.integers(0, 7),
    seed=st.integers(0, 2**32 - 1),
    a=st.just(0.0) | st.floats(1e-3, 1e3),
    dx2=st.floats(1e-3, 1e3),
    dy2=st.floats(1e-3, 1e3),
    part=st.floats(0.0, 0.99),
)
def test_evolve_of_any_values(
    kernels: Kernels,
    rows: int,
    columns: int,
    seed: int,
    a: float,
    dx2: float,
    dy2: float,
    part: float,
) -> None:
    dt = part * (dx2 * dy2 / (2.0 * a * (dx2 + dy2)) if a else 1.0)
    u, u_previous = np.random.default_rng(seed).normal(0.0, 1e5, (2, rows, columns))
    wanted = one_step(u, u_previous, a, dt, dx2, dy2)
    needed(kernels, "evolve")(u, u_previous, a, dt, dx2, dy2)
    assert_same_bits(u, wanted)
    assert_same_bits(u_previous, wanted)


def test_evolve_of_the_published_case(kernels: Kernels) -> None:
    parameters = cases.A, cases.DT, cases.DX2, cases.DY2
    u, u_previous = two_grids((10, 12))
    wanted = one_step(u, u_previous, *parameters)
    needed(kernels, "evolve")(u, u_previous, *parameters)
    assert_same_bits(u, wanted)


@pytest.mark.parametrize("name", ["evolve", "evolve_steps"])
def test_order_does_not_matter_where_there_is_one(kernels: Kernels, name: str) -> None:
    # NumPy calls these C-ordered and Fortran-ordered at once.
    u, u_previous = (np.asfortranarray(np.full((1, 5), value)) for value in (1.0, 2.0))
    steps = () if name == "evolve" else (2,)
    needed(kernels, name)(u, u_previous, *steps, *STABLE)
    assert u_previous.tolist() == u.tolist() == [[1.0] * 5]


def steps_by(kernels: Kernels, shape: tuple[int, int], steps: int) -> tuple[Array, Array]:
    u, u_previous = two_grids(shape)
    assert needed(kernels, "evolve_steps")(u, u_previous, steps, *STABLE) is None
    return u, u_previous


@pytest.mark.parametrize("steps", [1, 2, 3, 6])
@pytest.mark.parametrize("shape", SHAPES + EMPTY, ids=str)
def test_evolve_steps(kernels: Kernels, mode: Mode, shape: tuple[int, int], steps: int) -> None:
    u, u_previous = steps_by(kernels, shape, steps)
    assert_same_bits(u, u_previous)
    # The same as that many classic steps, up to rounding. A step makes a mean of
    # its neighbours from five products: each rounds, and none grows by the next.
    wanted = classic(shape, steps)
    eps = np.finfo(float).eps
    np.testing.assert_allclose(u, wanted, rtol=0, atol=10 * steps * eps * 200.0)
    # All boundary cells are those of u, untouched.
    inner = np.zeros(shape, bool)
    inner[1:-1, 1:-1] = True
    assert_same_bits(u[~inner], two_grids(shape)[0][~inner])
    if calls_our_library(mode):
        assert_same_bits(u, steps_by(modes.load("pyo3"), shape, steps)[0])


@pytest.mark.parametrize("shape", [(64, 500), (500, 64), (300, 300)], ids=str)
def test_many_steps_of_a_large_grid(kernels: Kernels, mode: Mode, shape: tuple[int, int]) -> None:
    if mode.name == "python":
        pytest.skip("slow, and test_evolve_steps has it")
    # Large enough to be cut into pieces, and for another thread to run meanwhile.
    u, u_previous = steps_by(kernels, shape, 25)
    assert_same_bits(u, u_previous)
    wanted, _ = steps_by(modes.load("numpy"), shape, 25)
    eps = np.finfo(float).eps
    np.testing.assert_allclose(u, wanted, rtol=0, atol=10 * 25 * eps * 200.0)
    if calls_our_library(mode):
        assert_same_bits(u, steps_by(modes.load("pyo3"), shape, 25)[0])


@pytest.mark.parametrize("shape", [(3, 4), (0, 5)], ids=str)
def test_no_steps_change_nothing(kernels: Kernels, shape: tuple[int, int]) -> None:
    u, u_previous = steps_by(kernels, shape, 0)
    before = two_grids(shape)
    assert_same_bits(u, before[0])
    assert_same_bits(u_previous, before[1])


def test_other_threads_run_during_long_work(kernels: Kernels, mode: Mode) -> None:
    if mode.kind == "python":
        pytest.skip("there is nothing to let go of")
    for amount in more_and_more(4):
        if kernels.evolve_steps:
            u, u_previous = np.zeros((2, 400, 400))
            work = partial(kernels.evolve_steps, u, u_previous, 10 * amount, *STABLE)
        else:
            work = partial(needed(kernels, "evolve"), *np.zeros((2, 50 * amount, 100)), *STABLE)
        if others_run_during(work):
            return
    pytest.fail("no other thread ran")


# --- Bad arrays ---------------------------------------------------------------


def misaligned(*shape: int) -> Array:
    """Return an array whose first number starts at an odd address."""
    size = 8 * int(np.prod(shape))
    array = np.zeros(size + 1, np.uint8)[1:].view(np.float64).reshape(shape)
    assert not array.flags.aligned
    assert array.flags.c_contiguous
    return array


def read_only(*shape: int) -> Array:
    array = np.zeros(shape)
    array.flags.writeable = False
    return array


@dataclass(frozen=True)
class Bad:
    """One mistake in one array, and what is to come of it."""

    what: str
    make: Callable[[], object]
    error: type[errors.KernelError]
    words: tuple[str, ...]


SWAPPED = np.dtype(float).newbyteorder()
E = errors
LAYOUT = ("{name} is not stored row by row", "C order", "numpy.ascontiguousarray({name})")
BAD_VECTORS = [
    Bad("list", lambda: [0.0] * 3, E.ArrayTypeError, ("{name} is a list:", "numpy.ndarray")),
    Bad("None", lambda: None, E.ArrayTypeError, ("{name} is a NoneType:", "numpy.ndarray")),
    Bad("float", lambda: 1.5, E.ArrayTypeError, ("{name} is a float:", "numpy.ndarray")),
    Bad(
        "buffer",
        lambda: bytearray(24),
        E.ArrayTypeError,
        ("{name} is a bytearray:", "numpy.ndarray"),
    ),
    Bad(
        "scalar", lambda: np.float64(1), E.ArrayTypeError, ("{name} is a float64:", "numpy.ndarray")
    ),
    Bad(
        "int64", lambda: np.zeros(3, np.int64), E.DtypeError, ("{name} has dtype int64:", "float64")
    ),
    Bad(
        "float32",
        lambda: np.zeros(3, np.float32),
        E.DtypeError,
        ("{name} has dtype float32:", "float64"),
    ),
    Bad(
        "swapped",
        lambda: np.zeros(3, SWAPPED),
        E.DtypeError,
        (f"{{name}} has dtype {SWAPPED}:", "float64"),
    ),
    Bad(
        "complex",
        lambda: np.zeros(3, complex),
        E.DtypeError,
        ("{name} has dtype complex128:", "float64"),
    ),
    Bad("bool", lambda: np.zeros(3, bool), E.DtypeError, ("{name} has dtype bool:", "float64")),
    Bad(
        "object", lambda: np.zeros(3, object), E.DtypeError, ("{name} has dtype object:", "float64")
    ),
    Bad("0-dim", lambda: np.zeros(()), E.ShapeError, ("{name} has 0 dimensions", "have 1")),
    Bad("2-dim", lambda: np.zeros((3, 1)), E.ShapeError, ("{name} has 2 dimensions", "have 1")),
    Bad("gaps", lambda: np.zeros(6)[::2], E.LayoutError, LAYOUT),
    Bad("backwards", lambda: np.zeros(3)[::-1], E.LayoutError, LAYOUT),
    Bad("column", lambda: np.zeros((3, 4))[:, 1], E.LayoutError, LAYOUT),
    Bad("misaligned", lambda: misaligned(3), E.LayoutError, ("aligned", *LAYOUT)),
]
BAD_GRIDS = [
    Bad("list", lambda: [[0.0] * 4] * 3, E.ArrayTypeError, ("{name} is a list:", "numpy.ndarray")),
    Bad("None", lambda: None, E.ArrayTypeError, ("{name} is a NoneType:", "numpy.ndarray")),
    Bad(
        "int64",
        lambda: np.zeros((3, 4), np.int64),
        E.DtypeError,
        ("{name} has dtype int64:", "float64"),
    ),
    Bad(
        "float32",
        lambda: np.zeros((3, 4), np.float32),
        E.DtypeError,
        ("{name} has dtype float32:", "float64"),
    ),
    Bad(
        "swapped",
        lambda: np.zeros((3, 4), SWAPPED),
        E.DtypeError,
        (f"{{name}} has dtype {SWAPPED}:", "float64"),
    ),
    Bad(
        "complex",
        lambda: np.zeros((3, 4), complex),
        E.DtypeError,
        ("{name} has dtype complex128:", "float64"),
    ),
    Bad("1-dim", lambda: np.zeros(12), E.ShapeError, ("{name} has 1 dimensions", "have 2")),
    Bad("3-dim", lambda: np.zeros((3, 4, 1)), E.ShapeError, ("{name} has 3 dimensions", "have 2")),
    Bad("Fortran", lambda: np.zeros((3, 4), order="F"), E.LayoutError, LAYOUT),
    Bad("transposed", lambda: np.zeros((4, 3)).T, E.LayoutError, LAYOUT),
    Bad("every 2nd row", lambda: np.zeros((6, 4))[::2], E.LayoutError, LAYOUT),
    Bad("every 2nd column", lambda: np.zeros((3, 8))[:, ::2], E.LayoutError, LAYOUT),
    Bad("window", lambda: np.zeros((5, 6))[1:4, 1:5], E.LayoutError, LAYOUT),
    Bad("upside down", lambda: np.zeros((3, 4))[::-1], E.LayoutError, LAYOUT),
    Bad("misaligned", lambda: misaligned(3, 4), E.LayoutError, ("aligned", *LAYOUT)),
    Bad("read-only", lambda: read_only(3, 4), E.ReadOnlyError, ("{name} is read-only",)),
    Bad("4 x 3", lambda: np.zeros((4, 3)), E.ShapeError, ("{name} is 4 x 3", "3 x 4")),
    Bad("3 x 5", lambda: np.zeros((3, 5)), E.ShapeError, ("{name} is 3 x 5", "3 x 4")),
    Bad("2 x 4", lambda: np.zeros((2, 4)), E.ShapeError, ("{name} is 2 x 4", "3 x 4")),
]


@pytest.mark.parametrize("place", ["a", "b"])
@pytest.mark.parametrize("bad", BAD_VECTORS, ids=lambda bad: bad.what)
def test_add_refuses_an_array(kernels: Kernels, bad: Bad, place: str) -> None:
    good = np.ones(3)
    pair = (bad.make(), good) if place == "a" else (good, bad.make())
    words = tuple(word.format(name=place) for word in bad.words)
    assert_refused(needed(kernels, "add"), *pair, error=bad.error, words=words)


def test_add_refuses_to_write_to_a_read_only_array(kernels: Kernels) -> None:
    words = ("a is read-only",)
    pair = read_only(3), np.ones(3)
    assert_refused(needed(kernels, "add"), *pair, error=E.ReadOnlyError, words=words)


@pytest.mark.parametrize(("n", "m"), [(4, 5), (5, 4), (0, 3), (1, 1000)])
def test_add_refuses_two_lengths(kernels: Kernels, n: int, m: int) -> None:
    words = (f"a has {n} ", f"b has {m}")
    pair = np.ones(n), np.ones(m)
    assert_refused(needed(kernels, "add"), *pair, error=E.ShapeError, words=words)


@pytest.mark.parametrize("n", [4, 40_000])
@pytest.mark.parametrize("shift", [0, 1, 3])
def test_add_refuses_overlap(kernels: Kernels, n: int, shift: int) -> None:
    base = np.arange(n + 3.0)
    for pair in (base[:n], base[shift : n + shift]), (base[shift : n + shift], base[:n]):
        assert_refused(
            needed(kernels, "add"), *pair, error=E.OverlapError, words=("b", "overlap", "separate")
        )
    same = base[:n]
    assert_refused(needed(kernels, "add"), same, same, error=E.OverlapError)


def heat_call(kernels: Kernels, name: str, *parameters: float) -> Callable[..., object]:
    """Return a function of two grids, and of the steps where there are steps."""
    kernel = needed(kernels, name)
    steps = () if name == "evolve" else (2,)
    return lambda u, u_previous: kernel(u, u_previous, *steps, *(parameters or STABLE))


both = pytest.mark.parametrize("name", ["evolve", "evolve_steps"])


@both
@pytest.mark.parametrize("place", ["u", "u_previous"])
@pytest.mark.parametrize("bad", BAD_GRIDS, ids=lambda bad: bad.what)
def test_heat_refuses_a_grid(kernels: Kernels, name: str, bad: Bad, place: str) -> None:
    good = np.ones((3, 4))
    pair = (bad.make(), good) if place == "u" else (good, bad.make())
    words = tuple(word.format(name=place) for word in bad.words)
    assert_refused(heat_call(kernels, name), *pair, error=bad.error, words=words)


@both
@pytest.mark.parametrize("rows", [3, 200])
@pytest.mark.parametrize("shift", [0, 1, 5])
def test_heat_refuses_overlap(kernels: Kernels, name: str, rows: int, shift: int) -> None:
    base = np.arange(rows * 100 + 5.0)
    u = base[: rows * 100].reshape(rows, 100)
    u_previous = base[shift : rows * 100 + shift].reshape(rows, 100)
    call, words = heat_call(kernels, name), ("u_previous", "overlap", "separate")
    assert_refused(call, u, u_previous, error=E.OverlapError, words=words)
    assert_refused(call, u_previous, u, error=E.OverlapError)
    assert_refused(call, u, u, error=E.OverlapError)


def test_an_empty_array_shares_nothing(kernels: Kernels) -> None:
    # Rows of an array without columns: NumPy gives them one address.
    rows = np.empty((2, 0))
    needed(kernels, "add")(rows[0], rows[1])
    needed(kernels, "add")(rows[0], rows[0])
    for shape in EMPTY:
        grid = np.empty(shape)
        heat_call(kernels, "evolve")(grid, grid)
        if kernels.evolve_steps:
            heat_call(kernels, "evolve_steps")(grid, grid)
    if kernels.evolve_steps:
        words = ("u is read-only",)
        call, grid = heat_call(kernels, "evolve_steps"), np.empty((0, 5))
        assert_refused(call, read_only(0, 5), grid, error=E.ReadOnlyError, words=words)
        assert_refused(call, grid, np.empty((5, 0)), error=E.ShapeError, words=("0 x 5", "5 x 0"))


# --- Bad numbers --------------------------------------------------------------

NAMES = ("a", "dt", "dx2", "dy2")
BAD_NUMBERS = [
    *((name, value) for name in NAMES for value in (np.nan, np.inf, -np.inf, -0.25)),
    ("dx2", 0.0),
    ("dy2", 0.0),
    ("dx2", -0.0),
]


@both
@pytest.mark.parametrize(("parameter", "value"), BAD_NUMBERS)
def test_heat_refuses_a_number(kernels: Kernels, name: str, parameter: str, value: float) -> None:
    parameters = [*STABLE]
    parameters[NAMES.index(parameter)] = value
    limit = "not negative" if parameter in ("a", "dt") else "positive"
    assert_refused(
        heat_call(kernels, name, *parameters),
        *two_grids((3, 4)),
        error=E.ParameterError,
        words=(f"{parameter} = {value:g}", "finite", limit),
    )


@both
@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ((0.5, 0.75, 1.0, 1.0), ("dt = 0.75 ", "= 0.5")),
        ((0.25, 1.75, 1.0, 3.0), ("dt = 1.75 ", "= 1.5")),
        ((0.5, float(np.nextafter(0.5, 1)), 1.0, 1.0), ("dt = 0.5000000000000001 ", "= 0.5")),
        # Both products are too small for a double: nothing proves the step stable.
        ((1e-200, 0.0, 1e-200, 1e-200), ("dt = 0", "= nan")),
        ((0.0, 0.0, 1e-200, 1e-200), ("dt = 0", "= nan")),
        ((0.5, 1.0, 1e-200, 1e-200), ("dt = 1", "= 0")),
        ((0.5, 1.0, 1e308, 1e308), ("dt = 1", "= nan")),
    ],
)
def test_heat_refuses_an_unstable_step(
    kernels: Kernels, name: str, parameters: tuple[float, ...], words: tuple[str, ...]
) -> None:
    call = heat_call(kernels, name, *parameters)
    words = ("stability limit", *words)
    assert_refused(call, *two_grids((3, 4)), error=E.StabilityError, words=words)


@both
@pytest.mark.parametrize(
    "parameters",
    [(0.25, 1.5, 1.0, 3.0), (0.0, 1e9, 1.0, 1.0), (0.5, 0.0, 1.0, 1.0), (0.5, 0.0, 1e-200, 1e-200)],
)
def test_heat_takes_a_step_at_the_limit(
    kernels: Kernels, name: str, parameters: tuple[float, ...]
) -> None:
    u, u_previous = two_grids((4, 4))
    heat_call(kernels, name, *parameters)(u, u_previous)
    assert_same_bits(u, u_previous)


def test_evolve_steps_refuses_negative_steps(kernels: Kernels) -> None:
    kernel = needed(kernels, "evolve_steps")
    assert_refused(
        lambda u, u_previous: kernel(u, u_previous, -1, *STABLE),
        *two_grids((3, 4)),
        error=E.SizeError,
        words=("steps = -1", "0 or more"),
    )


@pytest.mark.parametrize(
    ("steps", "error"),
    [(2.5, TypeError), ("2", TypeError), (None, TypeError), (2**63, OverflowError)],
)
def test_evolve_steps_takes_whole_steps_only(
    kernels: Kernels, steps: object, error: type[Exception]
) -> None:
    grids = two_grids((5, 5))
    with pytest.raises(error):
        needed(kernels, "evolve_steps")(*grids, steps, *STABLE)
    for grid, before in zip(grids, two_grids((5, 5)), strict=True):
        assert_same_bits(grid, before)


@pytest.mark.parametrize(
    ("n", "error"), [(2.5, TypeError), ("2", TypeError), (None, TypeError), (2**63, OverflowError)]
)
def test_fibonacci_takes_ints_only(kernels: Kernels, n: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        needed(kernels, "fibonacci")(n)


@both
@pytest.mark.parametrize(
    ("value", "error"), [("1", TypeError), (None, TypeError), (10**400, OverflowError)]
)
@pytest.mark.parametrize("place", range(4), ids=lambda place: NAMES[place])
def test_heat_takes_real_numbers_only(
    kernels: Kernels, mode: Mode, name: str, place: int, value: object, error: type[Exception]
) -> None:
    if mode.name == "nanobind" or (mode.name == "ctypes" and value == 10**400):
        error = TypeError  # what does not fit is not of the type, for these two
    parameters: list[Any] = [*STABLE]
    parameters[place] = value
    grids = two_grids((5, 5))
    with pytest.raises(error):
        heat_call(kernels, name, *parameters)(*grids)
    for grid, before in zip(grids, two_grids((5, 5)), strict=True):
        assert_same_bits(grid, before)


# --- The classes --------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "built_in"),
    [
        (E.ArrayTypeError, TypeError),
        (E.DtypeError, TypeError),
        (E.ShapeError, ValueError),
        (E.LayoutError, ValueError),
        (E.ReadOnlyError, ValueError),
        (E.OverlapError, ValueError),
        (E.SizeError, ValueError),
        (E.ParameterError, ValueError),
        (E.StabilityError, ValueError),
        (E.FieldFormatError, ValueError),
        (E.EncodingError, ValueError),
        (E.NullPointerError, ValueError),
        (E.HandleError, ValueError),
        (E.KernelOverflowError, OverflowError),
        (E.KernelDivisionError, ZeroDivisionError),
        (E.KernelMemoryError, MemoryError),
        (E.CallbackError, RuntimeError),
        (E.PanicError, RuntimeError),
    ],
)
def test_an_error_is_also_a_built_in_one(
    error: type[errors.KernelError], built_in: type[Exception]
) -> None:
    assert issubclass(error, errors.KernelError)
    assert issubclass(error, built_in)
    message = "a message"
    assert str(error(message)) == message


# --- Bare calls ---------------------------------------------------------------


def test_bare_calls(kernels: Kernels, mode: Mode) -> None:
    if kernels.noop:
        assert kernels.noop() is None
    if kernels.add_ints and kernels.add_floats:
        assert kernels.add_ints(2, 5) == 7
        assert kernels.add_ints(-(2**31), -(2**31)) == -(2**32)
        assert kernels.add_ints(2**31 - 1, 2**31 - 1) == 2**32 - 2
        assert kernels.add_floats(2.0, 5.0) == 7.0
        assert kernels.add_floats(0.1, 0.2) == 0.1 + 0.2
        if mode.name != "numpy":
            assert type(kernels.add_ints(2, 5)) is int
            assert type(kernels.add_floats(2.0, 5.0)) is float


def outcome(call: Callable[..., object], *args: object) -> object:
    """Return what a call gives, or the class of its exception.

    Of a class that is not public, the first public one that it is made from.
    """
    try:
        found = call(*args)
    except Exception as error:
        public = (c for c in type(error).__mro__ if c.__module__ in ("builtins", "ctypes"))
        return next(public)
    return found.item() if isinstance(found, np.generic) else found


#: What goes wrong when an argument is wrong, mode by mode. A number is what came
#: back without a word: it is not what was asked for wherever Python has another.
INTS: list[tuple[object, ...]] = [(2**31, 0), (2**32 + 5, 0), (2.5, 5), ("2", 5), (2,), (2, 5, 7)]
WRONG_INTS: dict[str, tuple[object, ...]] = {
    # mode             2**31          2**32 + 5      2.5        "2"        none       three
    "python":          (2147483648,    4294967301,    7.5,       TypeError, TypeError, TypeError),
    "numpy":           (2147483648,    4294967301,    7.5,       TypeError, TypeError, TypeError),
    "ctypes":          (-2147483648,   5,             ArgumentError, ArgumentError, TypeError, 7),
    "cffi-abi-inline": (OverflowError, OverflowError, TypeError, TypeError, TypeError, TypeError),
    "cffi-abi":        (OverflowError, OverflowError, TypeError, TypeError, TypeError, TypeError),
    "cffi-api":        (OverflowError, OverflowError, TypeError, TypeError, TypeError, TypeError),
    "cffi-verify":     (OverflowError, OverflowError, TypeError, TypeError, TypeError, TypeError),
    "pyo3":            (OverflowError, OverflowError, TypeError, TypeError, TypeError, TypeError),
    "capi":            (OverflowError, OverflowError, TypeError, TypeError, TypeError, TypeError),
    "cython":          (OverflowError, OverflowError, 7,         TypeError, TypeError, TypeError),
    "nanobind":        (TypeError,     TypeError,     TypeError, TypeError, TypeError, TypeError),
    "numba":           (2147483648,    4294967301,    7,         TypeError, TypeError, TypeError),
}  # fmt: skip

FLOATS: list[tuple[object, ...]] = [(2, 5), ("2", 5.0), (2.0,), (2.0, 5.0, 7.0), (10**400, 0.0)]
WRONG_FLOATS: dict[str, tuple[object, ...]] = {
    # mode             2, 5  "2"        none       three      10**400
    "python":          (7,   TypeError, TypeError, TypeError, OverflowError),
    "numpy":           (7,   TypeError, TypeError, TypeError, OverflowError),
    "ctypes":          (7.0, ArgumentError, TypeError, ArgumentError, ArgumentError),
    "cffi-abi-inline": (7.0, TypeError, TypeError, TypeError, OverflowError),
    "cffi-abi":        (7.0, TypeError, TypeError, TypeError, OverflowError),
    "cffi-api":        (7.0, TypeError, TypeError, TypeError, OverflowError),
    "cffi-verify":     (7.0, TypeError, TypeError, TypeError, OverflowError),
    "pyo3":            (7.0, TypeError, TypeError, TypeError, OverflowError),
    "capi":            (7.0, TypeError, TypeError, TypeError, OverflowError),
    "cython":          (7.0, TypeError, TypeError, TypeError, OverflowError),
    "nanobind":        (7.0, TypeError, TypeError, TypeError, TypeError),
    "numba":           (7.0, TypeError, TypeError, TypeError, TypeError),
}  # fmt: skip


@pytest.mark.parametrize("case", range(len(INTS)), ids=lambda case: str(INTS[case]))
def test_add_ints_with_a_wrong_argument(kernels: Kernels, mode: Mode, case: int) -> None:
    found = outcome(needed(kernels, "add_ints"), *INTS[case])
    wanted = WRONG_INTS[mode.name][case]
    assert (type(found), found) == (type(wanted), wanted)


@pytest.mark.parametrize("case", range(len(FLOATS)), ids=lambda case: str(FLOATS[case])[:20])
def test_add_floats_with_a_wrong_argument(kernels: Kernels, mode: Mode, case: int) -> None:
    found = outcome(needed(kernels, "add_floats"), *FLOATS[case])
    wanted = WRONG_FLOATS[mode.name][case]
    assert (type(found), found) == (type(wanted), wanted)
