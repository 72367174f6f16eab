"""Pythran: NumPy code with types in a comment, translated to C++ ahead of time.

Expressions over slices, which it fuses into one loop and writes with vectors, on a
band of rows for each turn of an OpenMP loop (pythran.readthedocs.io, "OpenMP" and
"SIMD"). Loops over the cells were several times slower here, and one expression over the
whole grid uses one thread.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from ..peer import THREADS, Heat, Peer, Problem, two_grids

_NAME = "_pythran_steps"
_FLAGS = ["-O3", "-march=native", "-ffast-math", "-fopenmp", "-DUSE_XSIMD"]


def load(problem: Problem) -> Heat:
    from ffi_workbook.library import built
    from ffi_workbook.modes._compile import quietly
    from ffi_workbook.modes._load import module_from

    pythran: Any = import_module("pythran")  # in an environment of its own
    source = Path(__file__).with_name(f"{_NAME}.py").read_text(encoding="utf-8")

    def build(folder: Path) -> None:
        with quietly():
            pythran.compile_pythrancode(
                _NAME,
                source,
                output_file=str(folder / f"{_NAME}.so"),
                extra_compile_args=_FLAGS,
                extra_link_args=["-fopenmp"],
            )

    folder = built("peer-pythran", [source, pythran.__version__, *_FLAGS], build)
    module: Any = module_from(folder, _NAME)
    return two_grids(problem, module.take_steps)


PEERS = [
    Peer(
        name="pythran",
        title=f"Pythran, OpenMP, {THREADS} threads",
        group="heat",
        order=35,
        summary="Translates typed NumPy code to C++ ahead of time; OpenMP shares the rows out.",
        load=load,
        threads=THREADS,
        requirements="pythran",
        download="about 25 MB, 100 MB on disk",
        packages=("pythran",),
    )
]
