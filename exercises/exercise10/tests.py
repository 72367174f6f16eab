"""Exercise 10, the tests. Do not edit: yours are graded with the original."""

import numpy as np
from judge import test

#: A simulated machine: a clock, and calls that move it. All its times are known.
MACHINE = """
import measure

class Machine:
    def __init__(self, look=300e-9, slow_first=0, pause_after=None):
        self.now, self.look = 1000.0, look
        self.slow_first, self.pause_after = slow_first, pause_after
        self.calls = 0

    def clock(self):
        self.now += self.look  # looking at a clock takes time too
        return self.now

    def takes(self, seconds):
        def call():
            self.calls += 1
            self.now += seconds
            if self.calls <= self.slow_first:
                self.now += 2e-3  # the first calls find nothing in the caches
            if self.calls == self.pause_after:
                self.now += 0.5  # another program has the processor for half a second
        return call

    def model(self, overhead, slope, cliff=None, slope_after=0.0):
        def for_size(n):
            over = max(n - cliff, 0) if cliff else 0
            return self.takes(overhead + n * slope + over * slope_after)
        return for_size

def simulated(seconds, **machine):
    machine = Machine(**machine)
    return measure.seconds_per_call(machine.takes(seconds), machine.clock), machine.calls
"""

SIZES = [1, 10, 100, 1_000, 10_000, 100_000]
#: An error of up to 5 % for each size.
NOISE = np.array([1.03, 0.98, 1.01, 0.96, 1.05, 0.95])


@test(
    points=2,
    idea="One look at this clock takes a tenth of the call. Let many calls share two looks: start "
    "with one call, and double until the sample takes SAMPLE_SECONDS.",
)
def the_clock_itself_costs_time(work):
    work.exec(MACHINE)
    for seconds in (3e-6, 50e-6):
        got, calls = work.eval("simulated(seconds)", seconds=seconds)
        work.expect_close(
            got, seconds, relative=0.01, message=f"a call of {seconds * 1e6:g} µs: wrong time"
        )
    work.expect_true(calls > 0, "the call was not made", expected="calls", got="none")


@test(
    points=1,
    idea="Here each of the first 3 calls takes 2 ms more. They belong to no sample: call before "
    "you look at the clock.",
)
def the_first_calls_are_slow(work):
    work.exec(MACHINE)
    got, _ = work.eval("simulated(5e-6, slow_first=3)")
    work.expect_close(got, 5e-6, relative=0.01, message="a call of 5 µs, slow at first: wrong time")


@test(
    points=2,
    idea="One sample met another program, and took half a second more. The mean moves with it; "
    "the median of several samples does not, nor does the least.",
)
def one_sample_is_disturbed(work):
    work.exec(MACHINE)
    for after in (100, 700, 1500):
        got, _ = work.eval("simulated(5e-6, pause_after=after)", after=after)
        work.expect_close(
            got,
            5e-6,
            relative=0.01,
            message=f"a call of 5 µs, with half a second of pause after {after}: wrong time",
        )


@test(points=1, idea="A call of 50 ms is a sample by itself: a fixed thousand takes a minute.")
def a_slow_call_is_not_made_often(work):
    work.exec(MACHINE)
    got, calls = work.eval("simulated(50e-3)")
    work.expect_close(got, 50e-3, relative=0.01, message="a call of 50 ms: wrong time")
    work.expect_true(
        calls <= 60, "a slow call was made too often", expected="at most 60 calls", got=f"{calls}"
    )


@test(
    points=1,
    seconds=20,
    idea="Without a clock of ours you use perf_counter, and time what really runs: the time of a "
    "call, times the calls you made, is not more than the time that passed.",
)
def a_real_call(work):
    work.exec(
        "import measure\nfrom time import perf_counter\ncalls = 0\n"
        "def real():\n    global calls\n    calls += 1\n    sum(range(50))\n"
        "start = perf_counter()"
    )
    seconds = work.eval("measure.seconds_per_call(real)")
    passed, calls = work.eval("(perf_counter() - start, calls)")
    work.expect_true(
        isinstance(seconds, float) and seconds > 0 and calls > 10,
        "a real call was not timed",
        expected="many calls, and a time above 0",
        got=f"{calls} calls, and {seconds!r} s",
    )
    # The median of samples may be above their mean, but not by much.
    work.expect_true(
        seconds * calls < 3 * passed,
        "the time of a call does not go with the time that passed",
        expected=f"at most about {passed / calls:.2e} s",
        got=f"{seconds:.2e} s",
    )


def fitted(work, sizes, seconds):
    work.exec(
        "import measure\n"
        "def line(sizes, seconds):\n"
        "    found = measure.line(sizes, seconds)\n"
        "    return found.overhead, found.slope"
    )
    names = {"sizes": list(sizes), "seconds": [float(t) for t in seconds]}
    return work.eval("line(sizes, seconds)", **names)


@test(points=1, idea="polyfit gives the slope first, and the overhead last.")
def a_line_through_exact_times(work):
    overhead, slope = 2e-7, 3e-10
    got = fitted(work, SIZES, overhead + np.array(SIZES) * slope)
    work.expect_close(
        got, (overhead, slope), relative=1e-6, message="(overhead, slope) of exact times is wrong"
    )


@test(
    points=2,
    idea="5 % of the longest time is more than the whole overhead. Without weights that error "
    "decides; with w = 1 / seconds each time counts by its own size.",
)
def a_line_through_noisy_times(work):
    overhead, slope = 2e-7, 3e-10
    got = fitted(work, SIZES, (overhead + np.array(SIZES) * slope) * NOISE)
    work.expect_close(
        got,
        (overhead, slope),
        relative=0.06,
        message="with errors of 5 %, (overhead, slope) should be right within 6 %",
    )


def crossing(work, one, other):
    work.exec("import measure")
    return work.eval(
        "measure.crossover(measure.Line(*one), measure.Line(*other))", one=one, other=other
    )


@test(points=2, idea="overhead + n * slope is the same for both: the terms with n to one side.")
def where_two_lines_cross(work):
    # The quiz of the lesson, and the other way round.
    one, other = (1000.0, 1.0), (100.0, 1.1)
    for lines in ((one, other), (other, one)):
        n = (lines[0][0] - lines[1][0]) / (lines[1][1] - lines[0][1])
        got = crossing(work, *lines)
        work.expect_close(got, n, relative=1e-9, message=f"the crossover of {lines} is wrong")


@test(
    points=1,
    idea="Parallel lines never meet (do not divide by 0), and a crossing at a size of 0 or less is "
    "none: then one of the two is better at all sizes.",
)
def where_no_lines_cross(work):
    for one, other in [
        ((100.0, 1.0), (200.0, 1.0)),
        ((100.0, 1.0), (200.0, 2.0)),
        ((200.0, 2.0), (100.0, 1.0)),
        ((100.0, 1.0), (100.0, 1.0)),
    ]:
        got = crossing(work, one, other)
        work.expect(got, None, f"the crossover of Line{one} and Line{other} is wrong")


@test(
    points=2,
    idea="Time both at a quarter of n and at four times n, and compare who is faster there. If it "
    "is the same one twice, the model was wrong.",
)
def the_prediction_is_checked(work):
    work.exec(MACHINE + "m = Machine()")
    flat, steep = "m.model(2e-6, 1e-9)", "m.model(1e-6, 2e-9)"
    full_cache = "m.model(2e-6, 1e-9, cliff=900, slope_after=5e-9)"
    for what, one, other, n, expected in [
        ("two lines that cross at 1000", steep, flat, 1000.0, True),
        ("the same two, the other way round", flat, steep, 1000.0, True),
        ("the same two, and a prediction of 100", steep, flat, 100.0, False),
        (
            "one that is slow from n = 900 on, where its cache is full",
            steep,
            full_cache,
            1e3,
            False,
        ),
    ]:
        got = work.eval(f"bool(measure.holds({one}, {other}, {n}, m.clock))")
        work.expect(got, expected, f"what holds says of {what} is wrong")


@test(
    points=1,
    seconds=30,
    idea="measure.py compares pure Python with NumPy on this machine, with what you wrote. What "
    "it finds is not graded, but it must find something.",
)
def it_runs_for_real(work):
    said = work.run_script("measure.py").stdout
    for name in ("python:", "numpy:", "crossover"):
        work.expect_true(
            name in said,
            "python measure.py says too little",
            expected=f"a line with {name}",
            got=said,
        )
