"""Mode 1: the C function of the library, called with ctypes."""

import ctypes

import numpy as np
import own_heat  # one file is both: a module for Python, and a library for C

_lib = ctypes.CDLL(own_heat.__file__)
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
    # The library gets one size for two addresses. So only here can this be seen.
    if u.shape != u_previous.shape:
        raise ValueError(
            f"u has the shape {u.shape} and u_previous has {u_previous.shape}: "
            "they must be the same"
        )
    nx, ny = u.shape
    status = _lib.own_evolve(u.ctypes.data, u_previous.ctypes.data, nx, ny, a, dt, dx2, dy2)
    if status:  # a status that nobody looks at is a mistake that nobody sees
        raise ValueError(_REASONS.get(status, f"own_evolve returned status {status}"))
