"""Overhead and slope: ``t = overhead + n * slope`` for each mode.

Each process of the race is fitted by itself, so the spread of the results over
the processes is what a new process would show: their mean and Student's t give
the confidence interval. Differences between two modes are taken within each
process first, because its modes were timed in turn and share its disturbances.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .stats import Difference, Estimate, Floats, difference, estimate

__all__ = ["Difference", "Estimate", "Fit", "crossover", "estimate", "line"]


def line(n: ArrayLike, seconds: ArrayLike) -> tuple[float, float]:
    """Return overhead and slope of one process.

    Weighted least squares: minimises the sum of ``((o + n*s - t) / t)**2``. Noise
    is a part of the time, not a number of seconds; without the weights the
    largest size would decide alone.
    """
    sizes, times = np.asarray(n, dtype=float), np.asarray(seconds, dtype=float)
    matrix = np.column_stack([1 / times, sizes / times])
    # Columns of very different size make the problem look singular: scale.
    scale = np.abs(matrix).max(axis=0)
    solution, *_ = np.linalg.lstsq(matrix / scale, np.ones_like(times), rcond=None)
    overhead, slope = solution / scale
    return float(overhead), float(slope)


@dataclass(frozen=True)
class Fit:
    """The lines of one mode, one a process."""

    overheads: Floats
    slopes: Floats
    #: The smallest and the largest size that were fitted.
    n_min: int = 1
    n_max: int = 1

    @classmethod
    def of(cls, sizes: list[int], seconds: list[list[float]]) -> "Fit":
        """Fit ``seconds[process][size]``, one typical time for each."""
        lines = [line(sizes, times) for times in seconds]
        overheads, slopes = np.array(lines).T
        return cls(overheads, slopes, min(sizes), max(sizes))

    @property
    def overhead(self) -> Estimate:
        return estimate(self.overheads)

    @property
    def slope(self) -> Estimate:
        return estimate(self.slopes)

    def overhead_minus(self, other: "Fit") -> Difference:
        """Return how much more this mode costs to call, in the same processes."""
        return difference(other.overheads, self.overheads, paired=True)

    def slope_minus(self, other: "Fit") -> Difference:
        """Return how much more this mode costs an element, in the same processes."""
        return difference(other.slopes, self.slopes, paired=True)


def crossover(a: Fit, b: Fit) -> Estimate | None:
    """Return the size from which ``b`` is faster than ``a``, or None.

    There is one when b surely costs more to call and surely less an element;
    "surely" means that the confidence interval of the difference leaves out 0.
    """
    if not (b.overhead_minus(a).low > 0 and a.slope_minus(b).low > 0):
        return None
    more, less = b.overheads - a.overheads, a.slopes - b.slopes
    # Sizes differ by factors, so the interval is taken of the logarithm. A
    # process whose own two lines do not cross says nothing on where they do.
    crossing = (more > 0) & (less > 0)
    if crossing.sum() < 2:
        return None
    logarithm = estimate(np.log(more[crossing] / less[crossing]))
    value, low, high = np.exp([logarithm.value, logarithm.low, logarithm.high])
    return Estimate(float(value), float(low), float(high))
