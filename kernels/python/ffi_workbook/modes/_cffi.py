"""What the four cffi modes share: the calls. They differ in how they get here."""

from typing import Any

from . import _checks
from ._protocol import Array, Kernels
from ._status import raise_status

#: cffi closes a library once its lib object is gone. The functions taken from it
#: do not hold it: without this list they would point into memory that is unmapped.
_open: list[Any] = []


def kernels(ffi: Any, lib: Any) -> Kernels:
    """Return the kernels of an opened (ABI) or compiled (API) library."""
    _open.append(lib)
    doubles = ffi.typeof("double[]")
    from_buffer, null = ffi.from_buffer, ffi.NULL
    c_add, c_step = lib.kernels_add, lib.kernels_fibonacci_step
    c_evolve, c_evolve_steps = lib.kernels_evolve, lib.kernels_evolve_steps

    def add(a: Array, b: Array) -> None:
        a, b = _checks.pair(a, b)
        if status := c_add(from_buffer(doubles, a), from_buffer(doubles, b), a.size):
            raise_status(status)

    def fibonacci(n: int) -> int:
        _checks.count(n, "n")
        if n == 0:
            return 0
        a, b = ffi.new("uint64_t *", 0), ffi.new("uint64_t *", 1)
        for _ in range(n - 1):
            if c_step(a, b):
                _checks.fibonacci_overflow(n)
        return int(b[0])

    def grid(array: Array) -> Any:
        # An empty grid may have a size in one direction and no memory.
        return from_buffer(doubles, array) if array.size else null

    def evolve(u: Array, u_previous: Array, a: float, dt: float, dx2: float, dy2: float) -> None:
        u, u_previous = _checks.grids(u, u_previous)
        nx, ny = u.shape
        if status := c_evolve(grid(u), grid(u_previous), nx, ny, a, dt, dx2, dy2):
            raise_status(status)

    def evolve_steps(
        u: Array, u_previous: Array, steps: int, a: float, dt: float, dx2: float, dy2: float
    ) -> None:
        u, u_previous = _checks.grids(u, u_previous)
        nx, ny = u.shape
        if status := c_evolve_steps(grid(u), grid(u_previous), nx, ny, steps, a, dt, dx2, dy2, 1):
            raise_status(status)

    return Kernels(
        noop=lib.kernels_noop,
        add_ints=lib.kernels_add_ints,
        add_floats=lib.kernels_add_floats,
        add=add,
        fibonacci=fibonacci,
        evolve=evolve,
        evolve_steps=evolve_steps,
    )
