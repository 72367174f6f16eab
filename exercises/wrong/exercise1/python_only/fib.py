def fibonacci(n: int) -> int:
    if n < 0:
        raise ValueError(f"n must not be negative: {n}")
    if n > 46:
        raise OverflowError(f"n must be at most 46: {n}")
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
