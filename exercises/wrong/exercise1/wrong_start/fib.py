"""Fibonacci numbers, a native step at a time."""

from _fib import ffi, lib

#: F(46) is the last one that fits in an int of C.
LARGEST = 46


def fibonacci(n: int) -> int:
    """Return F(n), with F(0) = 0 and F(1) = 1."""
    if n < 0:
        raise ValueError(f"n must not be negative: {n}")
    if n > LARGEST:
        # fibo would leave its numbers as they are, and we would return a wrong one.
        raise OverflowError(f"n must be at most {LARGEST}, because F(n) is an int: {n}")
    if n == 0:
        return 0
    # A pointer to an int that belongs to Python: it lives as long as the name does.
    a, b = ffi.new("int *", 1), ffi.new("int *", 1)
    # b is F(1). n - 1 steps, and not n: a step beyond F(46) would not fit.
    for _ in range(n - 1):
        lib.fibo(a, b)
    return b[0]
