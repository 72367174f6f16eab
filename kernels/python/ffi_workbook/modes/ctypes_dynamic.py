"""ctypes: open the library, declare, call. Comes with Python."""

import ctypes

from ..library import library_path
from . import _checks
from ._protocol import Array, Kernels, Mode
from ._signatures import declared
from ._status import raise_status

_Double = ctypes.c_double
_from_buffer = ctypes.c_double.from_buffer


def pointer(array: Array) -> ctypes.c_double | None:
    """Return the first element of an array; ctypes passes its address.

    ``array.ctypes.data`` gives the same address, and costs more.
    """
    try:
        return _from_buffer(array)  # type: ignore[arg-type]  # NumPy's stubs leave out the buffer
    except (TypeError, ValueError):
        # Read-only, or empty. An empty array has no first element: a null
        # pointer with a size of 0 is what the library accepts.
        return _Double.from_address(array.ctypes.data) if array.size else None


def _as_built_in(error: ctypes.ArgumentError) -> Exception:
    """Return the class that every other mode raises for an argument like this.

    ctypes wraps what went wrong in a class of its own and keeps the name of the
    original in the message.
    """
    return (OverflowError if "OverflowError" in str(error) else TypeError)(str(error))


def load() -> Kernels:
    lib = declared(ctypes.CDLL(str(library_path())))
    c_add, c_step = lib.kernels_add, lib.kernels_fibonacci_step
    c_evolve, c_evolve_steps = lib.kernels_evolve, lib.kernels_evolve_steps

    def add(a: Array, b: Array) -> None:
        a, b = _checks.pair(a, b)
        if status := c_add(pointer(a), pointer(b), a.size):
            raise_status(status)

    def fibonacci(n: int) -> int:
        _checks.count(n, "n")
        if n == 0:
            return 0
        a, b = ctypes.c_uint64(0), ctypes.c_uint64(1)
        pa, pb = ctypes.byref(a), ctypes.byref(b)
        for _ in range(n - 1):
            if c_step(pa, pb):
                _checks.fibonacci_overflow(n)
        return b.value

    def evolve(u: Array, u_previous: Array, a: float, dt: float, dx2: float, dy2: float) -> None:
        u, u_previous = _checks.grids(u, u_previous)
        nx, ny = u.shape
        new, old = pointer(u), pointer(u_previous)
        try:
            status = c_evolve(new, old, nx, ny, a, dt, dx2, dy2)
        except ctypes.ArgumentError as error:
            raise _as_built_in(error) from None
        if status:
            raise_status(status)

    def evolve_steps(
        u: Array, u_previous: Array, steps: int, a: float, dt: float, dx2: float, dy2: float
    ) -> None:
        u, u_previous = _checks.grids(u, u_previous)
        _checks.count(steps, "steps")  # ctypes would cut a larger int to 64 bits
        nx, ny = u.shape
        new, old = pointer(u), pointer(u_previous)
        try:
            status = c_evolve_steps(new, old, nx, ny, steps, a, dt, dx2, dy2, 1)
        except ctypes.ArgumentError as error:
            raise _as_built_in(error) from None
        if status:
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


MODE = Mode(
    name="ctypes",
    title="ctypes",
    kind="native",
    order=30,
    summary="The standard library's way: libffi builds each call from argtypes at run time.",
    load=load,
)
