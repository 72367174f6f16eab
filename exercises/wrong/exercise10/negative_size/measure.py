"""Time calls, fit overhead and slope, predict a crossover, and check it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
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

    def sample(count: int) -> float:
        start = clock()
        for _ in range(count):
            call()
        return clock() - start

    # The first calls are slower, so they are made before anything counts.
    for _ in range(5):
        call()
    # A sample must be long against a look at the clock. How many calls that takes is not
    # known before, so grow; a slow call is enough by itself, and is not made in vain.
    count = 1
    while sample(count) < SAMPLE_SECONDS:
        count *= 2
    # A disturbance makes a sample longer. Whether it is a bit or a thousand times, the
    # median stays in the middle of the others.
    return median(sample(count) for _ in range(9)) / count


def line(sizes: Sequence[int], seconds: Sequence[float]) -> Line:
    """Return the line through these times, whose errors are a part of each time."""
    times = np.asarray(seconds)
    # Without w the largest size would decide alone: its error in seconds is the largest.
    # polyfit squares w together with the error, so 1 / time is the whole weight.
    slope, overhead = np.polyfit(np.asarray(sizes, dtype=float), times, 1, w=1 / times)
    return Line(float(overhead), float(slope))


def crossover(one: Line, other: Line) -> float | None:
    """Return the size above 0 where both take the same time, or None if there is none."""
    # one.overhead + n * one.slope = other.overhead + n * other.slope
    cheaper_call = one.overhead - other.overhead
    cheaper_element = other.slope - one.slope
    # They cross where one is better in the call and the other in the element: then both
    # differences have one sign. Equal slopes (0 here) never get there.
    if cheaper_element == 0:
        return None
    return cheaper_call / cheaper_element


def holds(one: ForSize, other: ForSize, n: float, clock: Clock = perf_counter) -> bool:
    """Say if the faster one is really another one at a quarter of n and at four times n."""

    def one_is_faster(size: int) -> bool:
        return seconds_per_call(one(size), clock) < seconds_per_call(other(size), clock)

    # Not at n itself: there both take the same time, and noise decides. Far enough to both
    # sides, the difference is larger than the noise.
    return one_is_faster(max(1, round(n / 4))) != one_is_faster(round(4 * n))


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
