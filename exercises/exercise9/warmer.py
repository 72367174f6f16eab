"""A temperature, some degrees warmer (ctypes)."""

import ctypes

from ffi_workbook.library import library_path

lib = ctypes.CDLL(str(library_path()))
lib.kernels_add_floats.argtypes = [ctypes.c_double, ctypes.c_int]
lib.kernels_add_floats.restype = ctypes.c_double


def warmer(celsius, degrees):
    """Return celsius + degrees."""
    return lib.kernels_add_floats(celsius, degrees)
