"""cffi, API mode, in-line: ffi.verify() compiles when the script first runs."""

from pathlib import Path
from typing import Any

import cffi

from ..library import built, cdef
from ._cffi import kernels
from ._compile import link_to_kernels, quietly
from ._protocol import Kernels, Mode


def _ffi() -> Any:
    ffi = cffi.FFI()
    ffi.cdef(cdef())
    return ffi


def _verify(ffi: Any, folder: Path) -> Any:
    with quietly():
        return ffi.verify('#include "kernels.h"', tmpdir=str(folder), **link_to_kernels())


def load() -> Kernels:
    # verify() compiles in the folder it is given, whoever else is at it. So the
    # first verify() is the build of our cache, and the second finds it done.
    folder = built("cffi-verify", [cffi.__version__], lambda folder: _verify(_ffi(), folder))
    ffi = _ffi()
    return kernels(ffi, _verify(ffi, folder))


MODE = Mode(
    name="cffi-verify",
    title="cffi API in-line",
    kind="native",
    order=70,
    summary="ffi.verify(): compiled on first run. Its authors advise against it today.",
    load=load,
    deprecated=True,
)
