"""Exercise 1, hidden tests: only their ideas are shown. Do not edit in a class."""

from judge import test


@test(points=1, idea="An int of C ends at 2147483647. F(46) fits, F(47) does not: say so.")
def the_largest_and_beyond(work):
    work.expect(work.call("fib.fibonacci", 46), 1836311903)
    with work.expect_raises("OverflowError"):
        work.call("fib.fibonacci", 47)


@test(points=1, idea="There is no F(-1) here: a negative n is a ValueError, and not 0 or 1.")
def negative_is_refused(work):
    with work.expect_raises("ValueError"):
        work.call("fib.fibonacci", -1)
