"""The heat equation with the native evolve, through a compiled module (API mode)."""

import heat_equation_simple as heat
import numpy as np
from _heat import ffi, lib


def numbers(array):
    """Return the address of an array's numbers, in the form that evolve takes."""
    # An address carries no dtype. Without this check, half as many bytes as the library
    # reads would be there for float32.
    if array.dtype != np.float64:
        raise TypeError(f"the array must be float64, and is {array.dtype}")
    # No copy: what the library writes is in the array. An array with gaps is refused.
    return ffi.from_buffer("double[]", array)


def evolve(u, u_previous, a, dt, dx2, dy2):
    """Make one step: u from u_previous, then u_previous becomes a copy of u."""
    # Rows first: in NumPy's usual order, and in C, a row lies together in memory.
    ny, nx = u.shape
    lib.evolve(numbers(u), numbers(u_previous), nx, ny, a, dt, dx2, dy2)


if __name__ == "__main__":
    heat.main(evolve, "heat_api")
