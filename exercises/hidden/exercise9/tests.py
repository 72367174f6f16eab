"""Exercise 9, hidden tests: only their ideas are shown. Do not edit in a class."""

import numpy as np
from judge import test

#: So large that its memory goes back to the system when it is freed: 35 MB.
LARGE = 4_400_000

#: Lets the process have 250 MB more than it has now.
LITTLE_MEMORY = """
import resource
pages = int(open("/proc/self/statm").read().split()[0])
most = pages * resource.getpagesize() + 250_000_000
resource.setrlimit(resource.RLIMIT_AS, (most, most))
"""


@test(
    points=1,
    needs=["declarations_of_spread"],
    idea="Wide or tall, one step or several: rows and columns are not to be confused.",
)
def spread_on_a_tall_plate(work):
    plate = np.zeros((9, 4))
    plate[4, 1] = 1.0
    got = work.call("spread.spread", plate, 1)
    work.expect_close(float(got[5, 1]), 0.05)
    work.expect_close(float(got[4, 2]), 0.0125)
    work.expect_close(float(plate[4, 1]), 1.0)


@test(
    points=2,
    needs=["declarations_of_buffer"],
    idea="A large buffer goes back to the system when it is freed: who still looks at it dies.",
)
def a_large_buffer(work):
    work.exec(f"from buffer import filled\narray = filled({LARGE}, 0.5)")
    work.expect(work.eval("float(array.sum())"), LARGE * 0.5)


@test(
    points=1,
    needs=["declarations_of_buffer"],
    idea="What the library hands out must be given back, or memory runs out: once, and not before "
    "the numbers are yours.",
)
def buffers_are_given_back(work):
    work.exec("from buffer import filled\n" + LITTLE_MEMORY)
    work.exec(f"for _ in range(10):\n    assert filled({LARGE}, 0.5)[-1] == 0.5")


@test(
    points=1,
    needs=["declarations_of_reading"],
    idea="Two readings do not know of each other, and one without samples has a count of 0.",
)
def readings_are_apart(work):
    work.expect(work.call("reading.record", [1.5]), (1.5, 1))
    work.expect(work.call("reading.record", []), (0.0, 0))
