"""Heat on a plate (cffi, ABI mode)."""

import cffi
import numpy as np

from ffi_workbook.library import library_path

ffi = cffi.FFI()
# Rows first, as in the header. The types of both are the same, so no compiler and no
# check of types sees them swapped.
ffi.cdef("""
    void evolve(double *u, double *u_previous, int nx, int ny,
                double a, double dt, double dx2, double dy2);
""")
lib = ffi.dlopen(str(library_path()))


def spread(plate, steps):
    """Return the plate after so many steps; the plate itself is not changed."""
    u = np.array(plate, dtype=np.float64)
    u_previous = u.copy()
    nx, ny = u.shape
    ours = ffi.from_buffer("double[]", u)
    previous = ffi.from_buffer("double[]", u_previous)
    for _ in range(steps):
        lib.evolve(ours, previous, nx, ny, 0.5, 0.1, 1.0, 4.0)
    return u
