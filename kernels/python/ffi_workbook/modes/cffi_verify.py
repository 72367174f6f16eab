"""cffi, API mode, in-line: ffi.verify() compiles when the script first runs."""

import cffi

from ..library import built, cdef
from ._cffi import kernels
from ._compile import link_to_kernels, quietly
from ._protocol import Kernels, Mode


def load() -> Kernels:
    ffi = cffi.FFI()
    ffi.cdef(cdef())
    # verify() has a cache of its own, keyed by the source; ours adds the rest.
    folder = built("cffi-verify", [cffi.__version__], lambda folder: None)
    with quietly():
        lib = ffi.verify('#include "kernels.h"', tmpdir=str(folder), **link_to_kernels())
    return kernels(ffi, lib)


MODE = Mode(
    name="cffi-verify",
    title="cffi API in-line",
    kind="native",
    order=70,
    summary="ffi.verify(): compiled on first run. Its authors advise against it today.",
    load=load,
    deprecated=True,
)
