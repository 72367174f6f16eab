"""Time calls, fit overhead and slope, predict a crossover, and check it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

#: Shorter samples measure the clock as well.
SAMPLE_SECONDS = 1e-3

#: What tells the time, in seconds.
Clock = Callable[[], float]

#: For a size, gives something to call.
ForSize = Callable[[int], Callable[[], object]]


@dataclass(frozen=True)
class Line:
    """How long a call takes: overhead + n * slope, in seconds."""

    overhead: float
    slope: float


def seconds_per_call(call: Callable[[], object], clock: Clock = perf_counter) -> float:
    """Return how long one call takes."""
    # TODO 1: use clock() and call(), and no other clock. Warm up; make samples of many
    # calls, but not of more than needed; take the middle of several samples.
    raise NotImplementedError("TODO 1: time a call")


def line(sizes: Sequence[int], seconds: Sequence[float]) -> Line:
    """Return the line through these times, whose errors are a part of each time."""
    # TODO 2: np.polyfit(x, y, 1, w=...) fits a line, and multiplies each error by its w.
    raise NotImplementedError("TODO 2: fit a line")


def crossover(one: Line, other: Line) -> float | None:
    """Return the size above 0 where both take the same time, or None if there is none."""
    # TODO 3: put both lines equal, and solve for n.
    raise NotImplementedError("TODO 3: predict the crossover")


def holds(one: ForSize, other: ForSize, n: float, clock: Clock = perf_counter) -> bool:
    """Say if the faster one is really another one at a quarter of n and at four times n."""
    # TODO 4: time both at both sizes (which are whole numbers, and at least 1).
    raise NotImplementedError("TODO 4: check the prediction")


def fit(what: ForSize, sizes: Sequence[int], clock: Clock = perf_counter) -> Line:
    """Time something at these sizes, and return its line."""
    return line(sizes, [seconds_per_call(what(n), clock) for n in sizes])


def main() -> None:
    """Compare a loop of pure Python with NumPy."""
    from ffi_workbook import modes

    add_lists, add_arrays = modes.load("python").add_lists, modes.load("numpy").add

    def in_python(n: int) -> Callable[[], object]:
        a, b = [0.0] * n, [1.0] * n  # lists: what pure Python is best at
        return lambda: add_lists(a, b)

    def in_numpy(n: int) -> Callable[[], object]:
        a, b = np.zeros(n), np.ones(n)
        return lambda: add_arrays(a, b)

    python = fit(in_python, [1, 4, 16, 64, 256, 1024])
    numpy = fit(in_numpy, [1, 16, 256, 4096, 16_384])
    for name, found in (("python", python), ("numpy", numpy)):
        print(f"{name}: {1e9 * found.overhead:,.0f} ns + n * {1e9 * found.slope:.3f} ns")
    n = crossover(python, numpy)
    if n is None:
        print("no crossover")
        return
    verdict = "it holds" if holds(in_python, in_numpy, n) else "it does not hold"
    print(f"predicted crossover: n = {n:,.1f}; checked on both sides: {verdict}")


if __name__ == "__main__":
    main()
