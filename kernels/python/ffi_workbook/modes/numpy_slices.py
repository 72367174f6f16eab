"""NumPy: one expression over whole arrays."""

import numpy as np

from . import _checks
from ._protocol import Array, Kernels, Mode


def add(a: Array, b: Array) -> None:
    a, b = _checks.pair(a, b)
    _checks.apart(a, "a", b, "b")
    np.add(a, b, out=a)


def fibonacci(n: int) -> int:
    _checks.count(n, "n")
    if n == 0:
        return 0
    a, b = np.uint64(0), np.uint64(1)
    with np.errstate(over="raise"):
        try:
            for _ in range(n - 1):
                a, b = b, a + b
        except FloatingPointError:
            _checks.fibonacci_overflow(n)
    return int(b)


def evolve(u: Array, u_previous: Array, a: float, dt: float, dx2: float, dy2: float) -> None:
    u, u_previous = _checks.grids(u, u_previous)
    _checks.apart(u, "u", u_previous, "u_previous")
    _checks.diffusion(a, dt, dx2, dy2)
    p = u_previous
    u[1:-1, 1:-1] = p[1:-1, 1:-1] + a * dt * (
        (p[2:, 1:-1] - 2.0 * p[1:-1, 1:-1] + p[:-2, 1:-1]) / dx2
        + (p[1:-1, 2:] - 2.0 * p[1:-1, 1:-1] + p[1:-1, :-2]) / dy2
    )
    u_previous[:] = u


def evolve_steps(
    u: Array, u_previous: Array, steps: int, a: float, dt: float, dx2: float, dy2: float
) -> None:
    u, u_previous = _checks.grids(u, u_previous)
    _checks.apart(u, "u", u_previous, "u_previous")
    _checks.diffusion(a, dt, dx2, dy2)
    _checks.count(steps, "steps")
    cx, cy = a * dt / dx2, a * dt / dy2
    centre = 1.0 - 2.0 * cx - 2.0 * cy
    old, new = u_previous, u
    for step in range(steps):
        new[1:-1, 1:-1] = (
            centre * old[1:-1, 1:-1]
            + cx * (old[:-2, 1:-1] + old[2:, 1:-1])
            + cy * (old[1:-1, :-2] + old[1:-1, 2:])
        )
        if step == 0:
            # From here on the boundary is that of u, as after one evolve.
            old[:] = new
        old, new = new, old
    if steps:
        new[:] = old


MODE = Mode(
    name="numpy",
    title="NumPy",
    kind="python",
    order=20,
    summary="Expressions over whole arrays, in NumPy's own compiled loops.",
    load=lambda: Kernels(None, np.add, np.add, add, fibonacci, evolve, evolve_steps),
)
