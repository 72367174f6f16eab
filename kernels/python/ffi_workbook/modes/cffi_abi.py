"""cffi, ABI mode, out-of-line: parse once, import the result, open the library."""

from pathlib import Path

import cffi

from ..library import built, cdef, library_path
from ._cffi import kernels
from ._compile import quietly
from ._load import module_from
from ._protocol import Kernels, Mode

_NAME = "_kernels_cffi_abi"


def _build(folder: Path) -> None:
    ffi = cffi.FFI()
    ffi.set_source(_NAME, None)  # None: nothing to compile, a Python module of tables
    ffi.cdef(cdef())
    with quietly():
        ffi.emit_python_code(str(folder / f"{_NAME}.py"))


def load() -> Kernels:
    module = module_from(built("cffi-abi", [cffi.__version__], _build), _NAME)
    return kernels(module.ffi, module.ffi.dlopen(str(library_path())))


MODE = Mode(
    name="cffi-abi",
    title="cffi ABI out-of-line",
    kind="native",
    order=50,
    summary="Declarations are parsed once into a module; libffi makes the calls.",
    load=load,
)
