"""The version of the library (ctypes)."""

import ctypes

from ffi_workbook.library import library_path

lib = ctypes.CDLL(str(library_path()))
# Without this ctypes takes the result for an int and keeps 4 of the 8 bytes. c_char_p
# would do as well, and give bytes at once.
lib.kernels_version.restype = ctypes.c_int
lib.kernels_version.argtypes = []


def version():
    """Return the version, such as "1.2.3"."""
    address = lib.kernels_version()
    return ctypes.string_at(address).decode()
