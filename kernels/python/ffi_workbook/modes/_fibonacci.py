"""The Fibonacci loop for modes whose step returns the next pair."""

from collections.abc import Callable

from . import _checks
from ._protocol import Fibonacci


def fibonacci_by(step: Callable[[int, int], tuple[int, int]]) -> Fibonacci:
    """Return fibonacci(n), which crosses the border once for each step.

    ``step(a, b)`` returns ``(b, a + b)`` or raises OverflowError.
    """

    def fibonacci(n: int) -> int:
        _checks.count(n, "n")
        if n == 0:
            return 0
        a, b = 0, 1
        try:
            for _ in range(n - 1):
                a, b = step(a, b)
        except OverflowError:
            _checks.fibonacci_overflow(n)
        return b

    return fibonacci
