"""Fibonacci numbers, a native step at a time, from a library opened at run time."""

import cffi

#: F(46) is the last one that fits in an int of C.
LARGEST = 46

ffi = cffi.FFI()

# TODO 2: declare the C function fibo.
ffi.cdef("")

# TODO 3: open libfibo.so, which lies beside this file: lib = ffi.dlopen(...)


def fibonacci(n: int) -> int:
    """Return F(n), with F(0) = 0 and F(1) = 1."""
    if n < 0:
        raise ValueError(f"n must not be negative: {n}")
    if n > LARGEST:
        raise OverflowError(f"n must be at most {LARGEST}, because F(n) is an int: {n}")
    # TODO 4: make two ints of C, call fibo as often as needed, return a Python int.
    raise NotImplementedError("TODO 4: compute F(n) with fibo")
