"""Whether there is a difference, and how sure that is.

What is independent in a race are its processes: samples of one process share its
layout of memory and its moment. So each process gives one value, its median, and
the spread over the processes says how far off their mean may be (Student's t).
Nothing here looks at single samples.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: A difference is "seen" when chance alone would show one like it, or a greater
#: one, less often than this.
LEVEL = 0.05

#: Two-sided 95 % quantiles of Student's t for 1, 2, ... degrees of freedom
#: (NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2). What has
#: more is treated as 30: a little too careful.
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


@dataclass(frozen=True)
class Difference(Estimate):
    """What ``b`` has more than ``a``, with its 95 % confidence interval."""

    #: How often chance alone would show such a difference, or a greater one.
    p_value: float

    @property
    def is_seen(self) -> bool:
        """Whether there surely is a difference: the interval leaves out zero."""
        return self.is_nonzero

    def stands_among(self, comparisons: int) -> bool:
        """Whether it is still too clear for chance when many were looked at.

        Bonferroni: in a race without any difference, one of all its comparisons
        passes this at most in 5 of 100 cases.
        """
        return self.p_value * comparisons < LEVEL

    def as_ratio(self) -> Estimate:
        """Return the ratio ``b / a``, where this is the difference of logarithms."""
        return Estimate(math.exp(self.value), _exp(self.low), _exp(self.high))


def estimate(values: ArrayLike) -> Estimate:
    """Return the mean of independent values with its confidence interval.

    One value has no spread: its interval is everything.
    """
    mean, error, degrees = _mean(np.asarray(values, dtype=float))
    half = _half_width(error, degrees)
    return Estimate(mean, mean - half, mean + half)


def difference(a: ArrayLike, b: ArrayLike, *, paired: bool) -> Difference:
    """Tell whether ``b`` differs from ``a``, one value a process in each.

    ``paired``: the k-th values come from one process, where both were timed in
    turn. What disturbs that process disturbs both, and goes away in b - a.
    Otherwise the two were measured in processes of their own, and perhaps not in
    the same number of them (Welch's test).
    """
    first, second = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if paired:
        mean, error, degrees = _mean(second - first)
    else:
        mean_a, error_a, degrees_a = _mean(first)
        mean_b, error_b, degrees_b = _mean(second)
        mean, error = mean_b - mean_a, math.hypot(error_a, error_b)
        degrees = _welch(error_a, degrees_a, error_b, degrees_b)
    half = _half_width(error, degrees)
    return Difference(mean, mean - half, mean + half, _p_value(mean, error, degrees))


def relative_difference(a: ArrayLike, b: ArrayLike, *, paired: bool) -> Difference:
    """Return the difference of the logarithms of times: see ``as_ratio``.

    Noise and disturbances are parts of a time, so factors are what is alike in
    all processes. Take this for times, which are above zero.
    """
    return difference(np.log(a), np.log(b), paired=paired)


def chance_of(t: float, degrees: int) -> float:
    """Return how often Student's t is as far from 0 as this, or farther.

    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
    """
    angle = math.atan(abs(t) / math.sqrt(degrees))
    cos, sin = math.cos(angle), math.sin(angle)
    odd = degrees % 2
    # 1 + cos^2 / 2 + cos^4 * (1*3) / (2*4) + ...; for odd degrees it is
    # cos + cos^3 * 2/3 + cos^5 * (2*4) / (3*5) + ...
    term = total = (cos if odd else 1.0) if degrees > 1 else 0.0
    for k in range(2 + odd, degrees - 1, 2):
        term *= cos * cos * (k - 1) / k
        total += term
    inside = 2 / math.pi * (angle + sin * total) if odd else sin * total
    return max(0.0, 1.0 - inside)


def _mean(values: Floats) -> tuple[float, float, int]:
    """Return the mean, its standard error, and the degrees of freedom."""
    mean, n = float(values.mean()), values.size
    if n < 2:
        return mean, math.inf, 0
    return mean, float(values.std(ddof=1)) / math.sqrt(n), n - 1


def _welch(error_a: float, degrees_a: int, error_b: float, degrees_b: int) -> int:
    """Return the degrees of freedom of a difference, rounded down."""
    if not (degrees_a and degrees_b):
        return 0
    total = error_a**2 + error_b**2
    if not total:
        return degrees_a + degrees_b
    parts = (error_a**2 / total) ** 2 / degrees_a + (error_b**2 / total) ** 2 / degrees_b
    return int(1 / parts + 1e-9)


def _half_width(error: float, degrees: int) -> float:
    return _T95[min(degrees, len(_T95)) - 1] * error if degrees else math.inf


def _p_value(mean: float, error: float, degrees: int) -> float:
    if not degrees:
        return 1.0
    if not error:
        return 1.0 if not mean else 0.0
    return chance_of(mean / error, min(degrees, len(_T95)))


def _exp(value: float) -> float:
    return math.exp(value) if value < 700 else math.inf
