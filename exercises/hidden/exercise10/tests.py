"""Exercise 10, hidden tests: only their ideas are shown. Do not edit in a class."""

from judge import test

MACHINE = """
import measure

class Machine:
    def __init__(self):
        self.now = 5.0

    def clock(self):
        self.now += 200e-9
        return self.now

    def model(self, overhead, slope):
        def for_size(n):
            if n != int(n) or n < 1:
                raise ValueError(f"{n} is no size")
            def call():
                self.now += overhead + n * slope
            return call
        return for_size

machine = Machine()
sizes = [1, 8, 64, 512, 4096, 32768]

def predicted(one, other):
    lines = [measure.fit(machine.model(*each), sizes, machine.clock) for each in (one, other)]
    return measure.crossover(*lines)
"""


@test(
    points=1,
    seconds=20,
    idea="All parts together: time two ways on a simulated machine, fit, and predict. The "
    "crossover must come out within 5 % of the truth.",
)
def from_timings_to_a_prediction(work):
    work.exec(MACHINE)
    one, other = (4e-7, 5e-10), (1.5e-6, 2e-10)
    got = work.eval("predicted(one, other)", one=one, other=other)
    work.expect_close(got, (other[0] - one[0]) / (one[1] - other[1]), relative=0.05)


@test(points=1, idea="A crossover may be small: a quarter of 2.4 is below 1, and no size is.")
def a_small_crossover(work):
    work.exec(MACHINE)
    got = work.eval(
        "bool(measure.holds(machine.model(1e-6, 1e-6), machine.model(3.4e-6, 0.0), 2.4, "
        "machine.clock))"
    )
    work.expect(got, True)
