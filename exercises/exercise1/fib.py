"""Fibonacci numbers, a native step at a time."""

# The compiled module: from _fib import ffi, lib


def fibonacci(n: int) -> int:
    """Return F(n), with F(0) = 0 and F(1) = 1."""
    # TODO 3: make two ints of C, call fibo as often as needed, return a Python int.
    # TODO 4: refuse a negative n (ValueError), and an n above 46 (OverflowError).
    raise NotImplementedError("TODO 3: compute F(n) with fibo")
