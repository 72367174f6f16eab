"""The version of the library (ctypes)."""

import ctypes

from ffi_workbook.library import library_path

lib = ctypes.CDLL(str(library_path()))


def version():
    """Return the version, such as "1.2.3"."""
    address = lib.kernels_version()
    return ctypes.string_at(address).decode()
