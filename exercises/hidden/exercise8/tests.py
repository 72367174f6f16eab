"""Exercise 8, hidden tests: only their ideas are shown. Do not edit in a class."""

import numpy as np
from judge import test


@test(
    points=1,
    idea="A view such as a[::2] has gaps. Change its numbers and no others, or refuse it with an "
    "exception; as_array_mut goes by the stride, as_slice_mut refuses.",
)
def arrays_with_gaps(work):
    work.exec("import numpy as np, relax\nx = np.zeros(6)\nrefused = False")
    work.exec(
        "try:\n    relax.relax(x[::2], np.ones(3), 0.5, 1)\nexcept Exception:\n    refused = True"
    )
    changed = [0.0] * 6 if work.eval("refused") else [0.5, 0.0] * 3
    work.expect(work.eval("x"), np.array(changed))


@test(
    points=1,
    idea="Two halves of one array share an owner, and no number: they are no aliases, and must "
    "be accepted. The borrow checks of rust-numpy know that.",
)
def two_halves_are_accepted(work):
    work.exec("import numpy as np, relax\nx = np.array([0.0, 0.0, 1.0, 1.0])")
    work.eval("relax.relax(x[:2], x[2:], 0.5, 1)")
    work.expect(work.eval("x"), np.array([0.5, 0.5, 1.0, 1.0]))


@test(points=1, idea="After a call, and after one that was refused, the arrays are free again.")
def borrows_end(work):
    work.exec("import numpy as np, relax\nx = np.zeros(3)\ny = np.ones(3)")
    with work.expect_raises("ValueError"):
        work.eval("relax.relax(x, x, 0.5, 1)")
    work.eval("relax.relax(x, y, 1.0, 1)")
    work.eval("relax.relax(y, x, 1.0, 1)")
    work.expect(work.eval("x"), np.ones(3))
