"""Checks of arguments for modes whose own call does not make them.

PyO3 makes the same checks in Rust. A pointer that crosses as an address has
lost its dtype and shape, so for ctypes and cffi they stand here.
"""

import math
from operator import index
from typing import NoReturn

import numpy as np

from ..errors import (
    ArrayTypeError,
    DtypeError,
    KernelOverflowError,
    LayoutError,
    OverlapError,
    ParameterError,
    ReadOnlyError,
    ShapeError,
    SizeError,
    StabilityError,
)
from ._protocol import Array

_FLOAT64 = np.dtype(np.float64)
_ndarray = np.ndarray
_LARGEST_INT64 = 2**63 - 1


def pair(a: Array, b: Array) -> tuple[Array, Array]:
    """Return the arguments of add, checked: a is written to, b is read."""
    if type(a) is not _ndarray:
        a = _plain(a, "a")
    if type(b) is not _ndarray:
        b = _plain(b, "b")
    # `carray` is C-ordered, aligned and writable in one look.
    if not (a.dtype == _FLOAT64 and a.ndim == 1 and a.flags.carray):
        _refuse(a, "a", 1, written=True)
    if not (b.dtype == _FLOAT64 and b.ndim == 1 and b.flags.carray):
        _refuse(b, "b", 1, written=False)
    if a.size != b.size:
        raise ShapeError(f"a has {a.size} elements and b has {b.size}: the lengths must be equal")
    return a, b


def grids(u: Array, u_previous: Array) -> tuple[Array, Array]:
    """Return the two grids of evolve, checked: both are written to."""
    if type(u) is not _ndarray:
        u = _plain(u, "u")
    if type(u_previous) is not _ndarray:
        u_previous = _plain(u_previous, "u_previous")
    for grid, name in ((u, "u"), (u_previous, "u_previous")):
        if not (grid.dtype == _FLOAT64 and grid.ndim == 2 and grid.flags.carray):
            _refuse(grid, name, 2, written=True)
    if u.shape != u_previous.shape:
        (r, c), (pr, pc) = u.shape, u_previous.shape
        raise ShapeError(f"u is {r} x {c} and u_previous is {pr} x {pc}: the shapes must be equal")
    return u, u_previous


def _plain(array: object, name: str) -> Array:
    """Return a subclass's array as a plain one: a subclass may lie about its size."""
    if not isinstance(array, _ndarray):
        raise ArrayTypeError(f"{name} is a {type(array).__name__}: it must be a numpy.ndarray")
    return _ndarray.view(array, _ndarray)


def _refuse(array: Array, name: str, dimensions: int, *, written: bool) -> None:
    """Raise what is wrong with an array; return if it is good enough to read."""
    if array.dtype != _FLOAT64:
        raise DtypeError(f"{name} has dtype {array.dtype}: it must be float64")
    if array.ndim != dimensions:
        raise ShapeError(f"{name} has {array.ndim} dimensions: it must have {dimensions}")
    if not (array.flags.c_contiguous and array.flags.aligned):
        raise LayoutError(
            f"{name} is not stored row by row without gaps (C order, aligned): "
            f"pass numpy.ascontiguousarray({name})"
        )
    if written and not array.flags.writeable:
        raise ReadOnlyError(f"{name} is read-only: it is written to")


def apart(a: Array, a_name: str, b: Array, b_name: str) -> None:
    """Refuse two arrays that share memory. Both must be contiguous."""
    # For contiguous arrays the bounds are all there is to compare.
    if np.may_share_memory(a, b):
        raise OverlapError(f"{a_name} and {b_name} overlap: they must be separate memory")


def diffusion(a: float, dt: float, dx2: float, dy2: float) -> None:
    """Check the parameters of a heat step, as the Rust kernel does."""
    for name, value in (("a", a), ("dt", dt)):
        if not (math.isfinite(value) and value >= 0):
            raise ParameterError(f"{name} = {value} must be finite and not negative")
    for name, value in (("dx2", dx2), ("dy2", dy2)):
        if not (math.isfinite(value) and value > 0):
            raise ParameterError(f"{name} = {value} must be finite and positive")
    numerator, denominator = dx2 * dy2, 2.0 * a * (dx2 + dy2)
    if denominator:
        limit = numerator / denominator
    else:  # as in Rust: x / 0 is infinite, and 0 / 0 (both too small) is no number
        limit = math.inf if numerator else math.nan
    if not dt <= limit:
        raise StabilityError(
            f"dt = {dt} is beyond the stability limit dx2*dy2 / (2*a*(dx2 + dy2)) = {limit}"
        )


def count(n: int, name: str) -> None:
    """Check a count of steps: an int of 64 bits that is not negative."""
    if index(n) > _LARGEST_INT64:
        raise OverflowError(f"{name} = {n} is too large: the limit is 2^63 - 1")
    if n < 0:
        raise SizeError(f"{name} = {n} is negative: it must be 0 or more")


def fibonacci_overflow(n: int) -> NoReturn:
    """Raise what every mode raises when F(n) does not fit."""
    raise KernelOverflowError(f"fibonacci({n}) does not fit in u64") from None
