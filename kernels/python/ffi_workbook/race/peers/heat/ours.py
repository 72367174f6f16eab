"""Ours: ``evolve_steps``, and what it is compared with, a copy of the grid."""

from functools import partial

import numpy as np

from ..peer import THREADS, Heat, Peer, Problem, in_place


def load(problem: Problem, threads: int) -> Heat:
    from ffi_workbook import evolve_steps

    return in_place(problem, partial(evolve_steps, threads=threads))


def load_copy(problem: Problem) -> Heat:
    grid, into = problem.start.copy(), problem.start.copy()

    def run() -> None:
        for _ in range(problem.steps):
            np.copyto(into, grid)

    return Heat(lambda: None, run, lambda: into)


PEERS = [
    Peer(
        name=f"ours-{threads}",
        title=f"evolve_steps, {threads} thread{'s' * (threads > 1)}",
        group="heat",
        kind="native",
        order=threads,
        summary="Rust: many steps in one trip through memory, called through PyO3.",
        load=partial(load, threads=threads),
        family="ours",
        threads=threads,
        is_base=True,
    )
    for threads in (THREADS, 1)
]
PEERS.append(
    Peer(
        name="copy",
        title="np.copyto of the grid",
        group="heat",
        kind="python",
        order=3,
        summary="Moves the grid once a step and computes nothing.",
        load=load_copy,
        is_base=True,
        is_limit=True,
    )
)
