"""Numba: loops in Python, compiled by LLVM.

Serial: the mode of the course. Parallel: ``prange`` over rows, and ``fastmath``,
which lets LLVM fuse and reorder (numba.readthedocs.io, "Automatic parallelization
with @jit" and "Performance Tips").
"""

from typing import Any

from ..peer import THREADS, Heat, Peer, Problem, in_place, two_grids


def load(problem: Problem) -> Heat:
    from ffi_workbook import modes

    steps = modes.load("numba").evolve_steps
    assert steps
    return in_place(problem, steps)


def load_parallel(problem: Problem) -> Heat:
    from importlib import import_module

    numba: Any = import_module("numba")  # its types cover a part of it
    numba.set_num_threads(THREADS)
    prange = numba.prange

    @numba.njit(parallel=True, fastmath=True, error_model="numpy", nogil=True)
    def take_steps(old, new, steps, centre, cx, cy):  # type: ignore[no-untyped-def]
        nx, ny = old.shape
        for _ in range(steps):
            for i in prange(1, nx - 1):
                for j in range(1, ny - 1):
                    new[i, j] = (
                        centre * old[i, j]
                        + cx * (old[i - 1, j] + old[i + 1, j])
                        + cy * (old[i, j - 1] + old[i, j + 1])
                    )
            old, new = new, old

    return two_grids(problem, take_steps)


PEERS = [
    Peer(
        name="numba-parallel",
        title=f"Numba, prange, {THREADS} threads",
        group="heat",
        order=20,
        summary="LLVM compiles Python loops for this processor when they are first called.",
        load=load_parallel,
        family="numba",
        threads=THREADS,
        packages=("numba", "llvmlite"),
        variables={"NUMBA_NUM_THREADS": str(THREADS)},
    ),
    Peer(
        name="numba",
        title="Numba, 1 thread",
        group="heat",
        order=60,
        summary="LLVM compiles Python loops for this processor when they are first called.",
        load=load,
        packages=("numba", "llvmlite"),
    ),
]
