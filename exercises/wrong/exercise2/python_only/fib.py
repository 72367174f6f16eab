"""Fibonacci numbers, a native step at a time, from a library opened at run time."""

from pathlib import Path

import cffi

#: F(46) is the last one that fits in an int of C.
LARGEST = 46

ffi = cffi.FFI()

# Nobody compares this with the library. An int for a pointer here would be a crash.
ffi.cdef("void fibo(int *a, int *b);")

# A path with a folder in it, because a bare name is searched where the system keeps
# its libraries; and one that starts at this file, because a relative path starts at
# the folder in which the program was started.
lib = ffi.dlopen(str(Path(__file__).resolve().parent / "libfibo.so"))


def fibonacci(n: int) -> int:
    """Return F(n), with F(0) = 0 and F(1) = 1."""
    if n < 0:
        raise ValueError(f"n must not be negative: {n}")
    if n > LARGEST:
        # fibo would leave its numbers as they are, and we would return a wrong one.
        raise OverflowError(f"n must be at most {LARGEST}, because F(n) is an int: {n}")
    if n == 0:
        return 0
    a, b = 0, 1
    for _ in range(n - 1):
        a, b = b, a + b
    return b
