"""Cython: typed memoryviews, no GIL, and ``prange`` over rows, which is OpenMP.

The flags are those that Cython's users set for such a loop (docs.cython.org,
"Using Parallelism"), with the ones that let the compiler use this processor.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from ..peer import THREADS, Heat, Peer, Problem, two_grids

_NAME = "_peer_cython"


def load(problem: Problem) -> Heat:
    from ffi_workbook.library import built
    from ffi_workbook.modes._compile import build_extension, quietly
    from ffi_workbook.modes._load import module_from

    cython: Any = import_module("Cython")  # has no types
    cythonize: Any = import_module("Cython.Build").cythonize
    source = Path(__file__).with_suffix(".pyx").read_text(encoding="utf-8")
    flags = ["-O3", "-march=native", "-ffast-math", "-fopenmp"]

    def build(folder: Path) -> None:
        copy = folder / f"{_NAME}.pyx"
        copy.write_text(source, encoding="utf-8")
        with quietly():
            (extension,) = cythonize(str(copy), quiet=True)
        build_extension(
            folder,
            _NAME,
            extension.sources,
            extra_compile_args=flags,
            extra_link_args=["-fopenmp"],
        )

    folder = built("peer-cython", [source, cython.__version__, *flags], build)
    module: Any = module_from(folder, _NAME)

    def take_steps(old, new, steps, *weights):  # type: ignore[no-untyped-def]
        module.take_steps(old, new, steps, *weights, THREADS)

    return two_grids(problem, take_steps)


PEERS = [
    Peer(
        name="cython-parallel",
        title=f"Cython, prange, {THREADS} threads",
        group="heat",
        order=30,
        summary="Python with C types is translated to C; OpenMP shares the rows out.",
        load=load,
        family="cython",
        threads=THREADS,
        packages=("cython",),
    )
]
