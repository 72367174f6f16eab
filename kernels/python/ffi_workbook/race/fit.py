"""Overhead and slope: ``t = overhead + n * slope`` for each mode.

Each process of the race is fitted by itself, so the spread of the results over
the processes is what a new process would show: their mean and Student's t give
the confidence interval. Differences between two modes are taken within each
process first, because its modes were timed in turn and share its disturbances.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: Two-sided 95 % quantiles of Student's t for 1, 2, ... degrees of freedom
#: (NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2).
_T95 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % confidence interval."""

    value: float
    low: float
    high: float

    @property
    def is_nonzero(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def estimate(values: ArrayLike) -> Estimate:
    """Return the mean of independent values with its confidence interval.

    One value has no spread: its interval is everything.
    """
    sample = np.asarray(values, dtype=float)
    mean, n = float(sample.mean()), sample.size
    if n < 2:
        return Estimate(mean, -np.inf, np.inf)
    t = _T95[min(n - 1, len(_T95)) - 1]
    half = t * float(sample.std(ddof=1)) / n**0.5
    return Estimate(mean, mean - half, mean + half)


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

    @classmethod
    def of(cls, sizes: list[int], seconds: list[list[float]]) -> "Fit":
        """Fit ``seconds[process][size]``, one typical time for each."""
        lines = [line(sizes, times) for times in seconds]
        return cls(np.array([o for o, _ in lines]), np.array([s for _, s in lines]))

    @property
    def overhead(self) -> Estimate:
        return estimate(self.overheads)

    @property
    def slope(self) -> Estimate:
        return estimate(self.slopes)


def crossover(a: Fit, b: Fit) -> Estimate | None:
    """Return the size from which ``b`` is faster than ``a``, or None.

    There is one when b surely costs more to call and surely less an element;
    "surely" means that the confidence interval of the difference leaves out 0.
    """
    more, less = b.overheads - a.overheads, a.slopes - b.slopes
    if not (estimate(more).low > 0 and estimate(less).low > 0):
        return None
    # Sizes differ by factors, so the interval is taken of the logarithm. A
    # process whose own two lines do not cross says nothing on where they do.
    crossing = (more > 0) & (less > 0)
    if crossing.sum() < 2:
        return None
    logarithm = estimate(np.log(more[crossing] / less[crossing]))
    value, low, high = np.exp([logarithm.value, logarithm.low, logarithm.high])
    return Estimate(float(value), float(low), float(high))
