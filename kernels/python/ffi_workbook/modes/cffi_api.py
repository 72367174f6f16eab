"""cffi, API mode, out-of-line: compiled against our header, linked to our library."""

from pathlib import Path

import cffi

from ..library import built, cdef
from ._cffi import kernels
from ._compile import link_to_kernels, quietly
from ._load import module_from
from ._protocol import Kernels, Mode

_NAME = "_kernels_cffi_api"


def _build(folder: Path) -> None:
    ffi = cffi.FFI()
    ffi.cdef(cdef())
    ffi.set_source(_NAME, '#include "kernels.h"', **link_to_kernels())
    with quietly():
        ffi.compile(tmpdir=str(folder))


def load() -> Kernels:
    module = module_from(built("cffi-api", [cffi.__version__], _build), _NAME)
    return kernels(module.ffi, module.lib)


MODE = Mode(
    name="cffi-api",
    title="cffi API out-of-line",
    kind="native",
    order=60,
    summary="A C compiler makes an extension module once; the call is compiled code.",
    load=load,
)
