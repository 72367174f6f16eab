"""Exercise 6, hidden tests: only their ideas are shown. Do not edit in a class."""

from judge import test

import ffi_workbook as kernels


@test(
    points=1,
    idea="Who presses Ctrl-C means it: KeyboardInterrupt is no Exception but a BaseException, and "
    "must come out as well.",
)
def an_interrupt_comes_out(work):
    work.exec("import callback\ndef stop(x):\n    raise KeyboardInterrupt('stop')")
    with work.expect_raises("KeyboardInterrupt"):
        work.eval("callback.integrate(stop, 0.0, 1.0, 10)")


@test(points=1, idea="After an exception the next integral is as good as the first one.")
def the_next_call_is_clean(work):
    work.exec("import callback\ndef bad(x):\n    raise ValueError('bad')")
    with work.expect_raises("ValueError", says="bad"):
        work.eval("callback.integrate(bad, 0.0, 1.0, 10)")
    got = work.eval("callback.integrate(abs, -1.0, 1.0, 10)")
    work.expect_close(got, kernels.integrate(abs, -1.0, 1.0, 10))
