"""Numba: Python loops, compiled for this processor when the mode is loaded.

It does not call our kernels: the loops below are its own, and plain Python until
``load`` compiles them.
"""

from importlib import import_module
from operator import index
from typing import Any

from ..library import cache_dir
from . import _checks
from ._fibonacci import fibonacci_by
from ._protocol import Array, Kernels, Mode


def _noop() -> None:
    pass


def _sum(a: Any, b: Any) -> Any:
    return a + b


def _add(a: Array, b: Array) -> None:
    for i in range(a.size):
        a[i] += b[i]


def _step(a: int, b: int) -> tuple[int, int]:
    total = a + b
    if total < a:  # uint64 starts again at 0
        raise OverflowError("the sum does not fit in u64")
    return b, total


def _evolve(u: Array, p: Array, a: float, dt: float, dx2: float, dy2: float) -> None:
    nx, ny = u.shape
    for i in range(1, nx - 1):
        for j in range(1, ny - 1):
            u[i, j] = p[i, j] + a * dt * (
                (p[i + 1, j] - 2.0 * p[i, j] + p[i - 1, j]) / dx2
                + (p[i, j + 1] - 2.0 * p[i, j] + p[i, j - 1]) / dy2
            )
    p[:] = u


def _evolve_steps(
    u: Array, u_previous: Array, steps: int, a: float, dt: float, dx2: float, dy2: float
) -> None:
    nx, ny = u.shape
    cx, cy = a * dt / dx2, a * dt / dy2
    centre = 1.0 - 2.0 * cx - 2.0 * cy
    old, new = u_previous, u
    for step in range(steps):
        for i in range(1, nx - 1):
            for j in range(1, ny - 1):
                new[i, j] = (
                    centre * old[i, j]
                    + cx * (old[i - 1, j] + old[i + 1, j])
                    + cy * (old[i, j - 1] + old[i, j + 1])
                )
        if step == 0:
            # From here on the boundary is that of u, as after one evolve.
            old[:] = new
        old, new = new, old
    if steps > 0:
        new[:] = old


def load() -> Kernels:
    numba: Any = import_module("numba")  # its types cover a part of it
    types, number, int64, uint64 = numba.types, numba.float64, numba.int64, numba.uint64
    vector, grid = number[::1], number[:, ::1]
    read_only = types.Array(number, 1, "C", readonly=True)

    def compiled(function: Any, signature: Any, **options: Any) -> Any:
        # No fastmath: the order of operations is the result. error_model lets
        # a division by zero give inf, as C does; zeros are refused before.
        return numba.njit(signature, cache=True, error_model="numpy", **options)(function)

    # Numba's own cache knows the source, the signature and the processor. It
    # asks for its folder while it compiles.
    saved = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(cache_dir() / "numba")
    try:
        noop = compiled(_noop, types.void())
        # A Python int is an int64 to Numba; the sum wraps without a word.
        add_ints = compiled(_sum, int64(int64, int64))
        add_floats = compiled(_sum, number(number, number))
        step = compiled(_step, types.UniTuple(uint64, 2)(uint64, uint64))
        # nogil: other Python threads may run meanwhile.
        c_add = compiled(_add, types.void(vector, read_only), nogil=True)
        c_evolve = compiled(
            _evolve, types.void(grid, grid, number, number, number, number), nogil=True
        )
        c_evolve_steps = compiled(
            _evolve_steps,
            types.void(grid, grid, int64, number, number, number, number),
            nogil=True,
        )
    finally:
        numba.config.CACHE_DIR = saved

    def add(a: Array, b: Array) -> None:
        a, b = _checks.pair(a, b)
        _checks.apart(a, "a", b, "b")
        c_add(a, b)

    def evolve(u: Array, u_previous: Array, a: float, dt: float, dx2: float, dy2: float) -> None:
        u, u_previous = _checks.grids(u, u_previous)
        _checks.apart(u, "u", u_previous, "u_previous")
        _checks.diffusion(a, dt, dx2, dy2)
        c_evolve(u, u_previous, a, dt, dx2, dy2)

    def evolve_steps(
        u: Array, u_previous: Array, steps: int, a: float, dt: float, dx2: float, dy2: float
    ) -> None:
        u, u_previous = _checks.grids(u, u_previous)
        _checks.apart(u, "u", u_previous, "u_previous")
        _checks.diffusion(a, dt, dx2, dy2)
        _checks.count(steps, "steps")
        # index() refuses a float; Numba would cut its fraction off.
        c_evolve_steps(u, u_previous, index(steps), a, dt, dx2, dy2)

    return Kernels(noop, add_ints, add_floats, add, fibonacci_by(step), evolve, evolve_steps)


MODE = Mode(
    name="numba",
    title="Numba",
    kind="comparison",
    order=130,
    summary="LLVM compiles Python loops for this processor; no library of ours is called.",
    load=load,
)
