"""A temperature, some degrees warmer (ctypes)."""

import ctypes

from ffi_workbook.library import library_path

lib = ctypes.CDLL(str(library_path()))
# Both are doubles. As an int the second went into a general register, and the library
# added what a floating-point register happened to hold.
lib.kernels_add_floats.argtypes = [ctypes.c_double, ctypes.c_float]
lib.kernels_add_floats.restype = ctypes.c_double


def warmer(celsius, degrees):
    """Return celsius + degrees."""
    return lib.kernels_add_floats(celsius, degrees)
