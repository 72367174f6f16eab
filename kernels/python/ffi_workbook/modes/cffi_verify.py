"""cffi, API mode, in-line: ffi.verify() compiles when the script first runs."""

from pathlib import Path
from typing import Any

import cffi
from cffi.verifier import Verifier

from ..library import built, cdef
from ._cffi import kernels
from ._compile import link_to_kernels, quietly
from ._protocol import Kernels, Mode

_SOURCE = '#include "kernels.h"'


def _ffi() -> Any:
    ffi = cffi.FFI()
    ffi.cdef(cdef())
    return ffi


def _build(folder: Path) -> None:
    with quietly():
        Verifier(_ffi(), _SOURCE, tmpdir=str(folder), **link_to_kernels()).compile_module()


def load() -> Kernels:
    # verify() compiles in the folder it is given, whoever else is at it. So what
    # it would compile is the build of our cache, and verify() finds it done.
    folder = built("cffi-verify", [cffi.__version__], _build)
    ffi = _ffi()
    with quietly():
        lib = ffi.verify(_SOURCE, tmpdir=str(folder), **link_to_kernels())
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
