"""The heat equation with the native evolve, from a library opened at run time (ABI mode)."""

import cffi
import heat_equation_simple as heat
import numpy as np

from ffi_workbook.library import library_path

ffi = cffi.FFI()

# Nobody compares this with the library: it must be the header's, word for word.
ffi.cdef("""
    void evolve(double *u, double *u_previous, int nx, int ny,
                double a, double dt, double dx2, double dy2);
""")

# Once, and not at every step: opening is slow, and the functions are good only as long
# as the library is open.
lib = ffi.dlopen(str(library_path()))


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
    nx, ny = u.shape
    lib.evolve(numbers(u), numbers(u_previous), nx, ny, a, dt, dx2, dy2)


if __name__ == "__main__":
    heat.main(evolve, "heat_abi")
