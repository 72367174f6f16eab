"""Exercise 6, the tests. Do not edit: yours are graded with the original."""

from judge import test

import ffi_workbook as kernels

#: Looks at what the learner's code passes to the library.
SPY = """
import callback
seen = []
real = callback.lib.kernels_integrate

def spy(function, user_data, *rest):
    seen.append((function, user_data))
    return real(function, user_data, *rest)

callback.lib.kernels_integrate = spy
"""

#: A function that fails when it is called for the third time.
FAILING = """
import callback
calls = []

class Trouble(Exception):
    pass

def third_time_fails(x):
    calls.append(x)
    if len(calls) == 3:
        raise Trouble("at the third call")
    return x
"""


@test(
    points=2,
    idea="The library calls evaluate, evaluate calls the Python function of its Call and writes "
    "the result through the pointer: out_y[0] = ...",
)
def the_integral_of_a_parabola(work):
    work.exec("def parabola(x):\n    return x * x")
    got = work.call("callback.integrate", work.eval("parabola"), 0.0, 3.0, 100)
    expected = kernels.integrate(lambda x: x * x, 0.0, 3.0, 100)
    work.expect_close(got, expected, message="integrate(parabola, 0.0, 3.0, 100) is wrong")


@test(points=1, idea="The function may return any number of Python; an int is one.")
def a_function_that_returns_ints(work):
    work.exec("def two(x):\n    return 2")
    got = work.call("callback.integrate", work.eval("two"), 0.0, 3.0, 10)
    work.expect_close(got, kernels.integrate(lambda x: 2, 0.0, 3.0, 10))


@test(
    points=2,
    idea="One C function serves all Python functions: the user datum, here the Call, says which. "
    "A new C function for each call works too, but ctypes must make its code anew, and "
    "callbacks of C cannot do that.",
)
def the_user_datum_says_which_function(work):
    work.exec(SPY)
    work.eval("(callback.integrate(abs, 0.0, 1.0, 4), callback.integrate(float, 0.0, 1.0, 4))")
    work.expect(work.eval("len(seen)"), 2, "the number of calls of lib.kernels_integrate is wrong")
    work.expect_true(
        work.eval("seen[0][0] is seen[1][0]"),
        "two calls of integrate passed two C functions",
        expected="evaluate, both times",
        got=work.eval("f'{seen[0][0]!r} and {seen[1][0]!r}'"),
    )
    work.expect_true(
        work.eval("seen[0][1] is not None and seen[0][1] is not seen[1][1]"),
        "the user datum does not tell the two calls apart",
        expected="a Call each",
        got=work.eval("f'{seen[0][1]!r} and {seen[1][1]!r}'"),
    )


@test(
    points=1,
    idea="A function that is integrated may integrate another one. A global variable for "
    "'the function of now' is overwritten by that; a Call of its own is not.",
)
def an_integral_inside_an_integral(work):
    source = "lambda x: integrate(lambda y: x * y, 0.0, 1.0, 8) + x"
    work.exec("import callback\nintegrate = callback.integrate")
    got = work.call("callback.integrate", work.eval(source), 0.0, 2.0, 8)
    expected = kernels.integrate(eval(source, {"integrate": kernels.integrate}), 0.0, 2.0, 8)
    work.expect_close(got, expected, message=f"the integral of {source} is wrong")


@test(
    points=2,
    idea="No exception leaves a callback: it is kept there, and raised when native code is done. "
    "The caller of integrate gets the very exception of the function.",
)
def the_exception_comes_out(work):
    work.exec(FAILING)
    with work.expect_raises("Trouble", says="at the third call"):
        work.eval("callback.integrate(third_time_fails, 0.0, 1.0, 10)")


@test(points=2, idea="A callback that returns anything but 0 is the last one that is called.")
def the_library_stops_at_once(work):
    work.exec(FAILING)
    with work.expect_raises("Trouble"):
        work.eval("callback.integrate(third_time_fails, 0.0, 1.0, 10)")
    work.expect(work.eval("len(calls)"), 3, "the number of calls of the function is wrong")


@test(
    points=1,
    idea="Writing the result can fail as well: a text is no double. That belongs into the try.",
)
def a_function_that_returns_no_number(work):
    work.exec("def a_text(x):\n    return 'text'")
    with work.expect_raises("TypeError"):
        work.call("callback.integrate", work.eval("a_text"), 0.0, 1.0, 4)


@test(points=1, idea="The library has reasons of its own to refuse: look at every status.")
def the_library_refuses(work):
    with work.expect_raises("ValueError", says="interval"):
        work.call("callback.integrate", work.eval("abs"), 0.0, 1.0, 0)
