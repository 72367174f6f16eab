"""The course's classic C functions, called as the old lessons call them.

``add``, ``fibo`` and ``evolve`` have the old names and the old signatures, so
code that was written for the published C library runs with ours, and gives the
same bits. Each lesson's code here knows nothing of this package.
"""

import ctypes
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cffi
import numpy as np
import pytest
from conftest import Array, assert_same_bits

import ffi_workbook
from ffi_workbook import library
from ffi_workbook.modes import published_c
from ffi_workbook.modes._status import last_error
from ffi_workbook.race.cases import DT, DX2, DY2, A

# What the old lessons wrote by hand.
CDEF = """
void add(double *a, double *b, int n);
void fibo(int *a, int *b);
void evolve(double *u, double *u_previous, int nx, int ny, double a, double dt,
            double dx2, double dy2);
"""


@pytest.fixture(scope="module")
def published() -> Path:
    """The published C, as its mode compiles it."""
    folders: list[Path] = []

    def built(*args: Any) -> Path:
        folders.append(library.built(*args))
        return folders[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published_c, "built", built)
        published_c.load()
    return folders[0] / "published.so"


@pytest.fixture(params=["ours", "published"])
def path(request: pytest.FixtureRequest) -> str:
    """Each of the two libraries."""
    if request.param == "published":
        return str(request.getfixturevalue("published"))
    return str(library.library_path())


# --- ctypes -------------------------------------------------------------------


def with_pointers(path: str) -> ctypes.CDLL:
    """Declare the functions with plain pointers."""
    lib = ctypes.CDLL(path)
    double_p, int_p = ctypes.POINTER(ctypes.c_double), ctypes.POINTER(ctypes.c_int)
    lib.add.argtypes = [double_p, double_p, ctypes.c_int]
    lib.fibo.argtypes = [int_p, int_p]
    lib.evolve.argtypes = [double_p] * 2 + [ctypes.c_int] * 2 + [ctypes.c_double] * 4
    lib.add.restype = lib.fibo.restype = lib.evolve.restype = None
    return lib


def pointer(array: Array) -> Any:
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_double))


def with_ndpointer(path: str) -> ctypes.CDLL:
    """Declare the functions with NumPy's own pointers, which check the arrays."""
    lib = ctypes.CDLL(path)
    vector = np.ctypeslib.ndpointer(dtype=np.float64, ndim=1, flags="C_CONTIGUOUS")
    grid = np.ctypeslib.ndpointer(dtype=np.float64, ndim=2, flags="C_CONTIGUOUS")
    lib.add.argtypes = [vector, vector, ctypes.c_int]
    lib.evolve.argtypes = [grid] * 2 + [ctypes.c_int] * 2 + [ctypes.c_double] * 4
    lib.add.restype = lib.evolve.restype = None
    return lib


def random_grids(shape: tuple[int, int]) -> Array:
    return np.random.default_rng([*shape]).normal(20.0, 30.0, (2, *shape))


SHAPES = [(200, 200), (3, 3), (40, 60), (60, 40), (3, 100), (1, 5), (2, 2)]


def test_add(path: str) -> None:
    lib = with_pointers(path)
    a, b = random_grids((1, 1000)).reshape(2, -1)
    wanted = a + b
    lib.add(pointer(a), pointer(b), a.size)
    assert_same_bits(a, wanted)


def test_add_with_ndpointer(path: str) -> None:
    lib = with_ndpointer(path)
    a, b = np.arange(5.0), np.full(5, 0.5)
    lib.add(a, b, 5)
    assert a.tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]
    with pytest.raises(ctypes.ArgumentError, match="must have data type float64"):
        lib.add(a, np.arange(5), 5)


def test_add_of_an_array_to_itself(path: str) -> None:
    # The old signature promises nothing about overlap, and the loop is plain.
    lib = with_pointers(path)
    base = np.arange(1.0, 6.0)
    lib.add(pointer(base), pointer(base), 5)
    assert base.tolist() == [2, 4, 6, 8, 10]
    lib.add(pointer(base[1:]), pointer(base), 4)
    assert base.tolist() == [2, 6, 12, 20, 30]


def test_fibo(path: str) -> None:
    lib = with_pointers(path)
    a, b = ctypes.c_int(0), ctypes.c_int(1)
    found = [a.value]
    for _ in range(45):
        lib.fibo(ctypes.byref(a), ctypes.byref(b))
        found.append(a.value)
    assert found[:10] == [0, 1, 1, 2, 3, 5, 8, 13, 21, 34]
    assert all(x + y == z for x, y, z in zip(found, found[1:], found[2:], strict=False))
    # F(46) is the last that fits in an int: one more step would need F(47).
    assert (a.value, b.value) == (1_134_903_170, 1_836_311_903)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_evolve_equals_the_published_one(published: Path, shape: tuple[int, int]) -> None:
    ours, theirs = with_pointers(str(library.library_path())), with_pointers(str(published))
    ndpointer = with_ndpointer(str(library.library_path()))
    (u, p), (v, q), (w, r) = random_grids(shape), random_grids(shape), random_grids(shape)
    for _ in range(5):
        ours.evolve(pointer(u), pointer(p), *shape, A, DT, DX2, DY2)
        theirs.evolve(pointer(v), pointer(q), *shape, A, DT, DX2, DY2)
        ndpointer.evolve(w, r, *shape, A, DT, DX2, DY2)
        assert_same_bits(u, v)
        assert_same_bits(p, q)
        assert_same_bits(u, w)
    moved = u != random_grids(shape)[0]
    assert moved[1:-1, 1:-1].all()


def test_evolve_blows_up_like_the_published_one(published: Path) -> None:
    # No check in the old function: a time step that is too long is taken.
    ours, theirs = with_pointers(str(library.library_path())), with_pointers(str(published))
    (u, p), (v, q) = random_grids((20, 30)), random_grids((20, 30))
    for _ in range(2000):
        ours.evolve(pointer(u), pointer(p), 20, 30, A, 2 * DT, DX2, DY2)
        theirs.evolve(pointer(v), pointer(q), 20, 30, A, 2 * DT, DX2, DY2)
    assert not np.isfinite(u).all()
    assert_same_bits(u, v)


# --- Where ours is kinder -----------------------------------------------------


@pytest.fixture
def ours() -> ctypes.CDLL:
    lib = with_pointers(str(library.library_path()))
    lib.kernels_clear_error()
    assert last_error() == ""
    return lib


def test_fibo_refuses_what_does_not_fit(ours: ctypes.CDLL) -> None:
    a, b = ctypes.c_int(1_134_903_170), ctypes.c_int(1_836_311_903)
    ours.fibo(ctypes.byref(a), ctypes.byref(b))
    assert (a.value, b.value) == (1_134_903_170, 1_836_311_903)
    assert "1134903170 + 1836311903 does not fit in i32" in last_error()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda lib, u: lib.add(None, pointer(u), 4), ["a", "null"]),
        (lambda lib, u: lib.add(pointer(u), None, 4), ["b", "null"]),
        (lambda lib, u: lib.add(pointer(u), pointer(u), -1), ["n", "-1"]),
        (
            lambda lib, u: lib.evolve(pointer(u), None, 2, 2, A, DT, DX2, DY2),
            ["u_previous", "null"],
        ),
        (
            lambda lib, u: lib.evolve(pointer(u), pointer(u), 2, 2, A, DT, DX2, DY2),
            ["u and u_previous", "overlap"],
        ),
        (
            lambda lib, u: lib.evolve(pointer(u), pointer(u), 2, -3, A, DT, DX2, DY2),
            ["ny", "-3"],
        ),
    ],
)
def test_bad_arguments_change_nothing(
    ours: ctypes.CDLL, call: Callable[[ctypes.CDLL, Array], None], words: list[str]
) -> None:
    u = np.arange(4.0)
    assert call(ours, u) is None
    assert u.tolist() == [0, 1, 2, 3]
    message = last_error()
    for word in words:
        assert word in message


# --- cffi ---------------------------------------------------------------------


def test_cffi_with_a_hand_typed_cdef(path: str, published: Path) -> None:
    ffi = cffi.FFI()
    ffi.cdef(CDEF)
    lib = ffi.dlopen(path)

    def doubles(array: Array) -> Any:
        return ffi.cast("double *", ffi.from_buffer(array))

    a, b = np.arange(5.0), np.full(5, 0.25)
    lib.add(doubles(a), doubles(b), 5)
    assert a.tolist() == [0.25, 1.25, 2.25, 3.25, 4.25]

    x, y = ffi.new("int *", 5), ffi.new("int *", 8)
    lib.fibo(x, y)
    assert (x[0], y[0]) == (8, 13)

    (u, p), (v, q) = random_grids((12, 17)), random_grids((12, 17))
    lib.evolve(doubles(u), doubles(p), 12, 17, A, DT, DX2, DY2)
    with_pointers(str(published)).evolve(pointer(v), pointer(q), 12, 17, A, DT, DX2, DY2)
    assert_same_bits(u, v)
    assert_same_bits(p, q)
    ffi.dlclose(lib)


def functions_in(header: str) -> set[str]:
    """Return the names of all functions that a C header declares."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*|^\s*#.*?$", "", header, flags=re.DOTALL | re.MULTILINE)
    code = re.sub(r"typedef struct \{.*?\}", "typedef struct", code, flags=re.DOTALL)
    return set(re.findall(r"^(?!typedef)[\w \*]+?\b(\w+)\(", code, flags=re.MULTILINE))


def test_every_function_of_the_header_is_in_the_library() -> None:
    lib = ctypes.CDLL(str(library.library_path()))
    names = functions_in((library.INCLUDE / "kernels.h").read_text(encoding="utf-8"))
    assert {"add", "fibo", "evolve", "kernels_add", "kernels_version", "kernels_panic"} <= names
    missing = [name for name in sorted(names) if not hasattr(lib, name)]
    assert missing == []


def test_cffi_reads_the_whole_cdef() -> None:
    ffi = cffi.FFI()
    ffi.cdef(library.cdef())
    lib = ffi.dlopen(str(library.library_path()))
    header = (library.INCLUDE / "kernels.h").read_text(encoding="utf-8")
    numbers = {f"KERNELS_{name}" for name in re.findall(r"#define KERNELS_(\w+) \d", header)}
    assert set(dir(lib)) == functions_in(header) | numbers
    for name in functions_in(header):
        assert ffi.typeof(getattr(lib, name)).kind == "function"
    assert ffi.string(lib.kernels_version()).decode() == ffi_workbook.__version__
