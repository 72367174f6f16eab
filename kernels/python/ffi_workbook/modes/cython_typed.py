"""Cython: a Python module with C types, translated to C."""

from importlib import import_module
from pathlib import Path
from typing import Any

from ..library import built
from ._compile import build_extension, link_to_kernels, quietly
from ._extension import kernels
from ._load import module_from
from ._protocol import Kernels, Mode

_NAME = "_kernels_cython"


def load() -> Kernels:
    cython: Any = import_module("Cython")  # has no types
    cythonize: Any = import_module("Cython.Build").cythonize

    source = Path(__file__).with_suffix(".pyx").read_text(encoding="utf-8")

    def build(folder: Path) -> None:
        # Cython names the module after its file and writes the C beside it.
        copy = folder / f"{_NAME}.pyx"
        copy.write_text(source, encoding="utf-8")
        with quietly():
            (extension,) = cythonize(str(copy), quiet=True)
        build_extension(folder, _NAME, extension.sources, **link_to_kernels())

    return kernels(module_from(built("cython", [source, cython.__version__], build), _NAME))


MODE = Mode(
    name="cython",
    title="Cython",
    kind="comparison",
    order=110,
    summary="Python with C types is translated to C; typed memoryviews look into the arrays.",
    load=load,
)
