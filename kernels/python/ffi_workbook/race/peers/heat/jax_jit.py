"""JAX: ``jit`` of all steps, a ``fori_loop`` in which XLA fuses each step.

The start is donated, so that XLA may write into it (docs.jax.dev, "Buffer
donation"). A step pads the new inside and takes the edge from the old field: XLA fuses
that into one loop. The other ways to say it (``at[].set``, ``concatenate``, ``roll``)
took more processor time here. NPROC is how many threads XLA makes.
"""

from importlib import import_module
from typing import Any

import numpy as np

from ..peer import THREADS, Array, Heat, Peer, Problem


def load(problem: Problem) -> Heat:
    jax: Any = import_module("jax")  # in an environment of its own
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    centre, cx, cy = problem.weights
    rows, columns = problem.start.shape

    def step(_: Any, u: Any) -> Any:
        inside = (
            centre * u[1:-1, 1:-1]
            + cx * (u[:-2, 1:-1] + u[2:, 1:-1])
            + cy * (u[1:-1, :-2] + u[1:-1, 2:])
        )
        i = jnp.arange(rows)[:, None]
        j = jnp.arange(columns)[None, :]
        is_inside = (i > 0) & (i < rows - 1) & (j > 0) & (j < columns - 1)
        return jnp.where(is_inside, jnp.pad(inside, 1), u)

    def take_steps(u: Any) -> Any:
        return jax.lax.fori_loop(0, problem.steps, step, u)

    compiled = jax.jit(take_steps, donate_argnums=0)
    start = np.array(problem.start)
    field: Any = None

    def reset() -> None:
        nonlocal field
        field = jnp.array(start).block_until_ready()

    def run() -> None:
        nonlocal field
        field = compiled(field).block_until_ready()

    def result() -> Array:
        return np.asarray(field)

    return Heat(reset, run, result)


PEERS = [
    Peer(
        name="jax",
        title=f"JAX on the CPU, {THREADS} threads",
        group="heat",
        order=60,
        summary="XLA compiles array expressions when they are first called.",
        load=load,
        threads=THREADS,
        requirements="jax",
        download="about 130 MB, 0.5 GB on disk",
        packages=("jax", "jaxlib"),
        variables={"NPROC": str(THREADS), "JAX_PLATFORMS": "cpu"},
    )
]
