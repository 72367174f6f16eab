"""The same calls without our modes, as a reader would write them by hand.

The race times them beside the modes, in the same processes, to show that a mode
adds nothing to what ctypes or cffi cost by themselves. Arrays are passed as most
texts do it, by their address; no dtype, shape or status is looked at.
"""

import ctypes
from pathlib import Path
from typing import Any

import cffi

from ..library import built, library_path
from ..modes import Kernels
from ..modes._compile import link_to_kernels, quietly
from ..modes._load import module_from
from ..modes._protocol import Array

_CDEF = """
void kernels_noop(void);
int64_t kernels_add_ints(int32_t a, int32_t b);
double kernels_add_floats(double a, double b);
int32_t kernels_add(double *a, const double *b, int64_t n);
"""

#: Keeps cffi from closing a library whose functions are still in use.
_open: list[object] = []


def _ctypes() -> Kernels:
    lib = ctypes.CDLL(str(library_path()))
    lib.kernels_noop.argtypes = ()
    lib.kernels_noop.restype = None
    lib.kernels_add_ints.argtypes = (ctypes.c_int32, ctypes.c_int32)
    lib.kernels_add_ints.restype = ctypes.c_int64
    lib.kernels_add_floats.argtypes = (ctypes.c_double, ctypes.c_double)
    lib.kernels_add_floats.restype = ctypes.c_double
    doubles = ctypes.POINTER(ctypes.c_double)
    lib.kernels_add.argtypes = (doubles, doubles, ctypes.c_int64)
    lib.kernels_add.restype = ctypes.c_int32

    def add(a: Array, b: Array) -> None:
        lib.kernels_add(a.ctypes.data_as(doubles), b.ctypes.data_as(doubles), len(a))

    return Kernels(lib.kernels_noop, lib.kernels_add_ints, lib.kernels_add_floats, add)


def _cffi(ffi: Any, lib: Any) -> Kernels:
    def add(a: Array, b: Array) -> None:
        pa, pb = ffi.cast("double *", a.ctypes.data), ffi.cast("double *", b.ctypes.data)
        lib.kernels_add(pa, pb, len(a))

    return Kernels(lib.kernels_noop, lib.kernels_add_ints, lib.kernels_add_floats, add)


def _cffi_abi() -> Kernels:
    ffi = cffi.FFI()
    ffi.cdef(_CDEF)
    lib = ffi.dlopen(str(library_path()))
    _open.append(lib)
    return _cffi(ffi, lib)


def _cffi_api() -> Kernels:
    def build(folder: Path) -> None:
        ffi = cffi.FFI()
        ffi.cdef(_CDEF)
        ffi.set_source("_by_hand", '#include "kernels.h"', **link_to_kernels())
        with quietly():
            ffi.compile(tmpdir=str(folder))

    module = module_from(built("by-hand", [_CDEF, cffi.__version__], build), "_by_hand")
    return _cffi(module.ffi, module.lib)


#: For each mode, how to make the same calls without it.
BY_HAND = {"ctypes": _ctypes, "cffi-abi-inline": _cffi_abi, "cffi-api": _cffi_api}
