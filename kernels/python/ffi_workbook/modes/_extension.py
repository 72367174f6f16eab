"""What the C, Cython and nanobind modules share: the Python around their calls.

Each of the three gives the same functions. Arrays are checked here, in Python;
``add``, ``evolve`` and ``evolve_steps`` return the status of the kernel, and
``fibonacci_step`` returns the next pair or raises OverflowError.
"""

from typing import Any

from . import _checks
from ._fibonacci import fibonacci_by
from ._protocol import Array, Kernels
from ._status import raise_status


def kernels(module: Any) -> Kernels:
    """Return the kernels of a compiled extension module."""
    c_add, c_evolve, c_evolve_steps = module.add, module.evolve, module.evolve_steps

    def add(a: Array, b: Array) -> None:
        a, b = _checks.pair(a, b)
        if status := c_add(a, b):
            raise_status(status)

    def evolve(u: Array, u_previous: Array, a: float, dt: float, dx2: float, dy2: float) -> None:
        u, u_previous = _checks.grids(u, u_previous)
        if status := c_evolve(u, u_previous, a, dt, dx2, dy2):
            raise_status(status)

    def evolve_steps(
        u: Array, u_previous: Array, steps: int, a: float, dt: float, dx2: float, dy2: float
    ) -> None:
        u, u_previous = _checks.grids(u, u_previous)
        # Cython would cut the fraction off a float.
        _checks.count(steps, "steps")
        if status := c_evolve_steps(u, u_previous, steps, a, dt, dx2, dy2):
            raise_status(status)

    return Kernels(
        noop=module.noop,
        add_ints=module.add_ints,
        add_floats=module.add_floats,
        add=add,
        fibonacci=fibonacci_by(module.fibonacci_step),
        evolve=evolve,
        evolve_steps=evolve_steps,
    )
