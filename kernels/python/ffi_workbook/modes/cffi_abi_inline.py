"""cffi, ABI mode, in-line: declare and open the library in one script."""

import cffi

from ..library import cdef, library_path
from ._cffi import kernels
from ._protocol import Kernels, Mode


def load() -> Kernels:
    ffi = cffi.FFI()
    ffi.cdef(cdef())
    return kernels(ffi, ffi.dlopen(str(library_path())))


MODE = Mode(
    name="cffi-abi-inline",
    title="cffi ABI in-line",
    kind="native",
    order=40,
    summary="cdef() parses the declarations at each start; libffi makes the calls.",
    load=load,
)
