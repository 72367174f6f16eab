"""Pure Python: loops over lists."""

from ..errors import ShapeError
from . import _checks
from ._protocol import Array, Kernels, Mode

_LARGEST = 2**64 - 1


def noop() -> None:
    pass


def add_ints(a: int, b: int) -> int:
    return a + b


def add_floats(a: float, b: float) -> float:
    return a + b


def add(a: Array, b: Array) -> None:
    a, b = _checks.pair(a, b)
    _checks.apart(a, "a", b, "b")
    # Reading one element of an array from Python makes an object each time.
    # Lists already hold objects, so going through them is the faster loop.
    a[:] = [x + y for x, y in zip(a.tolist(), b.tolist(), strict=True)]


def add_lists(a: list[float], b: list[float]) -> None:
    if len(a) != len(b):
        raise ShapeError(f"a has {len(a)} elements and b has {len(b)}: the lengths must be equal")
    a[:] = [x + y for x, y in zip(a, b, strict=True)]


def _step(a: int, b: int) -> tuple[int, int]:
    return b, a + b


def fibonacci(n: int) -> int:
    _checks.count(n, "n")
    if n == 0:
        return 0
    a, b = 0, 1
    for _ in range(n - 1):
        a, b = _step(a, b)
        if b > _LARGEST:  # an int grows without end; the kernels' numbers do not
            _checks.fibonacci_overflow(n)
    return b


def evolve(u: Array, u_previous: Array, a: float, dt: float, dx2: float, dy2: float) -> None:
    u, u_previous = _checks.grids(u, u_previous)
    _checks.apart(u, "u", u_previous, "u_previous")
    _checks.diffusion(a, dt, dx2, dy2)
    nx, ny = u.shape
    p = u_previous.tolist()
    for i in range(1, nx - 1):
        above, here, below = p[i - 1], p[i], p[i + 1]
        u[i, 1:-1] = [
            here[j]
            + a
            * dt
            * (
                (below[j] - 2.0 * here[j] + above[j]) / dx2
                + (here[j + 1] - 2.0 * here[j] + here[j - 1]) / dy2
            )
            for j in range(1, ny - 1)
        ]
    u_previous[:] = u


def evolve_steps(
    u: Array, u_previous: Array, steps: int, a: float, dt: float, dx2: float, dy2: float
) -> None:
    u, u_previous = _checks.grids(u, u_previous)
    _checks.apart(u, "u", u_previous, "u_previous")
    _checks.diffusion(a, dt, dx2, dy2)
    _checks.count(steps, "steps")
    if steps == 0 or u.size == 0:
        return
    nx, ny = u.shape
    cx, cy = a * dt / dx2, a * dt / dy2
    centre = 1.0 - 2.0 * cx - 2.0 * cy
    old, new = u_previous.tolist(), u.tolist()
    for step in range(steps):
        for i in range(1, nx - 1):
            above, here, below = old[i - 1], old[i], old[i + 1]
            new[i][1:-1] = [
                centre * here[j] + cx * (above[j] + below[j]) + cy * (here[j - 1] + here[j + 1])
                for j in range(1, ny - 1)
            ]
        old, new = new, old
        if step == 0:
            # From here on the boundary is that of u, as after one evolve.
            new = [list(row) for row in old]
    u[:] = old
    u_previous[:] = old


MODE = Mode(
    name="python",
    title="pure Python",
    kind="python",
    order=10,
    summary="Loops over lists; no native code but the interpreter's own.",
    load=lambda: Kernels(
        noop, add_ints, add_floats, add, fibonacci, evolve, evolve_steps, add_lists
    ),
)
