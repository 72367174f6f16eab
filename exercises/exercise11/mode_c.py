"""Mode 1: the C function of the library, called with ctypes."""

import ctypes

import numpy as np
import own_heat  # one file is both: a module for Python, and a library for C

_lib = ctypes.CDLL(own_heat.__file__)

# TODO 3: declare argtypes and restype of _lib.own_evolve. c_void_p takes an address.
# (cffi is as good: ffi.dlopen(own_heat.__file__), and ffi.from_buffer("double[]", u).)

#: What the statuses of the library mean.
_REASONS = {
    1: "a grid has no address",
    3: "a grid is too large",
    4: "u and u_previous share memory",
}


def _check(grid: np.ndarray, name: str) -> None:
    """Refuse what an address cannot tell: the library would never know."""
    if grid.dtype != np.float64 or grid.ndim != 2:
        raise TypeError(f"{name} is {grid.dtype}, {grid.ndim}-D: it must be float64, 2-D")
    if not (grid.flags.c_contiguous and grid.flags.aligned and grid.flags.writeable):
        raise ValueError(f"{name} must be writable, and stored row by row without gaps")


def evolve(
    u: np.ndarray, u_previous: np.ndarray, a: float, dt: float, dx2: float, dy2: float
) -> None:
    """Take one step, in place: u from u_previous, then u_previous is a copy of u."""
    _check(u, "u")
    _check(u_previous, "u_previous")
    # TODO 3: refuse different shapes (ValueError). Call own_evolve with u.ctypes.data, the
    # address of the first number. A status other than 0 is a ValueError.
    raise NotImplementedError("TODO 3: call own_evolve")
