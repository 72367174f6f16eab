"""Exercise 8, the tests. Do not edit: yours are graded with the original."""

import numpy as np
from judge import build, test

START = np.array([4.0, -2.0, 0.0, 8.0])
TARGET = np.array([0.0, 0.0, 1.0, 8.0])

#: Runs relax in a thread and looks at the array meanwhile.
WATCH = """
import threading
import numpy as np
import relax

def seen_halfway(n, steps):
    a, target, done = np.zeros(n), np.ones(n), threading.Event()

    def run():
        try:
            relax.relax(a, target, 1e-3, steps)
        finally:
            done.set()

    thread = threading.Thread(target=run)
    looks = set()
    thread.start()
    while not done.is_set():
        looks.add((a[0].item(), a[-1].item(), a[0].item()))
    thread.join()
    first, last = a[0].item(), a[-1].item()
    if not first:
        raise RuntimeError("relax changed nothing")
    # In each look the three reads are one after the other. Halfway is: a number that is
    # neither what it was nor what it becomes; or one end done *before* a read of the other
    # end, which was not done yet.
    return any(
        not {f, f2} <= {0.0, first} or l not in (0.0, last)
        or (f == first and l == 0.0) or (l == last and f2 == 0.0)
        for f, l, f2 in looks
    )
"""


def relaxed(a, target, rate, steps):
    """Compute what relax should make of a, with NumPy."""
    a = a.copy()
    for _ in range(steps):
        a += rate * (target - a)
    return a


@build
def compile_the_module(work):
    work.cargo_build(module="relax")


@test(
    points=2,
    idea="A Vec is a copy. Borrow the array itself: take &Bound<PyArray1<f64>>, and get a view "
    "with try_readwrite()?.as_array_mut().",
)
def the_callers_array_changes(work):
    a = START.copy()
    work.call("relax.relax", a, TARGET, 0.5, 1)
    work.expect_true(
        not np.array_equal(a, START),
        "relax did not change the caller's array",
        expected=f"{relaxed(START, TARGET, 0.5, 1).tolist()}",
        got=f"{a.tolist()}, as before the call: a copy was changed",
    )
    work.expect_close(a, relaxed(START, TARGET, 0.5, 1), message="a is wrong after one step")


@test(points=1, idea="`steps` repeats the whole step; 0 steps change nothing.")
def many_steps(work):
    for steps in (0, 3, 50):
        a = START.copy()
        work.call("relax.relax", a, TARGET, 0.25, steps)
        work.expect_close(
            a, relaxed(START, TARGET, 0.25, steps), message=f"a is wrong after {steps} steps"
        )


@test(
    points=2,
    idea="zip stops at the shorter one without a word. Compare the lengths first; the message "
    "names both.",
)
def different_lengths_are_refused(work):
    a = np.arange(5.0)
    for target in (np.zeros(3), np.zeros(7)):
        with work.expect_raises("ValueError", says=str(target.size)):
            work.call("relax.relax", a, target, 0.5, 1)
        work.expect(a, np.arange(5.0), "a changed, although the call was refused")


@test(
    points=2,
    idea="Two views of one memory, one of them for writing: Rust forbids it, and rust-numpy looks "
    "for it when it borrows. try_readwrite and try_readonly return an Err that you can turn "
    "into a ValueError; readwrite and the argument types PyReadwriteArray panic.",
)
def shared_memory_is_refused(work):
    work.exec("import numpy as np, relax\nx = np.arange(6.0)")
    for call in ("relax.relax(x, x, 0.5, 1)", "relax.relax(x[1:], x[:-1], 0.5, 1)"):
        with work.expect_raises("ValueError"):
            work.eval(call)
        work.expect(work.eval("x"), np.arange(6.0), "x changed, although the call was refused")


@test(
    points=1,
    idea="What is only read is borrowed for reading: the target may be read-only. What is "
    "written may not be: that is a ValueError too.",
)
def read_only_arrays(work):
    work.exec(
        "import numpy as np, relax\n"
        "a, frozen = np.array([4.0, 2.0]), np.array([0.0, 1.0])\n"
        "frozen.flags.writeable = False"
    )
    work.eval("relax.relax(a, frozen, 0.5, 1)")
    work.expect_close(
        work.eval("a"), np.array([2.0, 1.5]), message="a is wrong, with a read-only target"
    )
    with work.expect_raises("ValueError"):
        work.eval("relax.relax(frozen, a, 0.5, 1)")
    work.expect(work.eval("frozen"), np.array([0.0, 1.0]), "a read-only array was changed")


@test(
    points=2,
    seconds=40,
    idea="py.detach(|| ...) runs the loop without the GIL. Here a second thread reads the array "
    "while relax runs: it must be able to see it half done.",
)
def other_threads_run_meanwhile(work):
    work.exec(WATCH)
    for steps in (50, 200, 800):
        if work.eval("seen_halfway(100_000, steps)", steps=steps):
            return
    work.fail(
        "while relax ran, no other thread of Python did",
        expected="a second thread that sees the array half done",
        got="only the array before the call and after it, in three tries",
    )


@test(points=1, idea="An array of float32 is no PyArray1<f64>: a copy would lose the result.")
def other_dtypes_are_refused(work):
    for dtype in (np.float32, np.int64):
        a = np.arange(3).astype(dtype)
        with work.expect_raises("TypeError", "ValueError"):
            work.call("relax.relax", a, np.zeros(3), 0.5, 1)
