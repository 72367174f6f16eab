"""Exercise 2, hidden tests: only their ideas are shown. Do not edit in a class."""

from judge import test


@test(points=1, idea="F(46) is the largest that fits; each number is the sum of the two before.")
def all_that_fit(work):
    numbers = [0, 1]
    while len(numbers) < 47:
        numbers.append(numbers[-2] + numbers[-1])
    work.exec("from fib import fibonacci")
    work.expect(work.eval("[fibonacci(n) for n in range(47)]"), numbers)
    with work.expect_raises("OverflowError"):
        work.call("fib.fibonacci", 47)
