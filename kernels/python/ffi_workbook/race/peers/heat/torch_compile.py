"""PyTorch: ``torch.compile`` of one step, which TorchInductor turns into C++ and OpenMP.

The step writes into a second tensor, and no gradient is kept (docs.pytorch.org,
"torch.compile" and "Inductor CPU backend").
"""

from importlib import import_module
from typing import Any

import numpy as np

from ..peer import THREADS, Array, Heat, Peer, Problem


def load(problem: Problem) -> Heat:
    torch: Any = import_module("torch")  # in an environment of its own
    torch.set_num_threads(THREADS)
    centre, cx, cy = problem.weights

    def step(old: Any, new: Any) -> None:
        new[1:-1, 1:-1] = (
            centre * old[1:-1, 1:-1]
            + cx * (old[:-2, 1:-1] + old[2:, 1:-1])
            + cy * (old[1:-1, :-2] + old[1:-1, 2:])
        )

    compiled = torch.compile(step, fullgraph=True, dynamic=False)
    start = torch.from_numpy(np.array(problem.start))
    grids = [start.clone(), start.clone()]

    def reset() -> None:
        for grid in grids:
            grid.copy_(start)

    def run() -> None:
        old, new = grids
        with torch.inference_mode():
            for _ in range(problem.steps):
                compiled(old, new)
                old, new = new, old

    def result() -> Array:
        found: Array = grids[problem.steps % 2].numpy()
        return found

    return Heat(reset, run, result)


PEERS = [
    Peer(
        name="torch",
        title=f"PyTorch, torch.compile, {THREADS} threads",
        group="heat",
        order=50,
        summary="TorchInductor compiles tensor expressions through C++ when first called.",
        load=load,
        threads=THREADS,
        requirements="torch",
        download="more than 2 GB, 4 GB on disk, because PyPI's build for Linux needs the "
        "CUDA libraries to start",
        packages=("torch",),
    )
]
