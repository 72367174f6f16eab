"""Devito: the equation in symbols, from which it writes C with OpenMP.

As in Devito's diffusion example: ``solve`` gives the update, which holds on the
inside of the grid; the boundary keeps what both time levels start with. Optimisation
is its default, "advanced". (Its autotuner has nothing to try here: in two dimensions
it makes no blocks.)
"""

from importlib import import_module
from math import sqrt
from typing import Any

import numpy as np

from ..peer import THREADS, Array, Heat, Peer, Problem


def load(problem: Problem) -> Heat:
    devito: Any = import_module("devito")  # in an environment of its own
    devito.configuration["language"] = "openmp"
    devito.configuration["log-level"] = "ERROR"
    rows, columns = problem.start.shape
    extent = (rows - 1) * sqrt(problem.dx2), (columns - 1) * sqrt(problem.dy2)
    grid = devito.Grid(shape=(rows, columns), extent=extent, dtype=np.float64)
    u = devito.TimeFunction(name="u", grid=grid, time_order=1, space_order=2)
    update = devito.solve(devito.Eq(u.dt, problem.a * u.laplace), u.forward)
    operator = devito.Operator(devito.Eq(u.forward, update, subdomain=grid.interior))

    def reset() -> None:
        u.data[:] = problem.start

    def run() -> None:
        operator.apply(time_m=0, time_M=problem.steps - 1, dt=problem.dt, nthreads=THREADS)

    def result() -> Array:
        return np.array(u.data[problem.steps % 2])

    return Heat(reset, run, result)


PEERS = [
    Peer(
        name="devito",
        title=f"Devito, {THREADS} threads",
        group="heat",
        order=40,
        summary="Writes, compiles and runs C for a finite-difference scheme in symbols.",
        load=load,
        threads=THREADS,
        requirements="devito",
        download="about 40 MB, 160 MB on disk",
        packages=("devito",),
    )
]
