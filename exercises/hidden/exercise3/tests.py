"""Exercise 3, hidden tests: only their ideas are shown. Do not edit in a class."""

import numpy as np
from judge import test

API = ["declarations_api", "compile_module"]
ABI = ["declarations_abi"]

OTHERS = (
    "Tall plates and several steps count too. And an address carries no dtype: a float32 array "
    "has half the bytes that the library reads, so look at array.dtype and raise TypeError "
    "before you pass it."
)


def other_arrays(work, mode):
    """Three steps on a tall plate against the program's own evolve; then numbers of 4 bytes."""
    u = np.random.default_rng(3).uniform(0, 1, (12, 4))
    simple, simple_previous, u_previous = u.copy(), u.copy(), u.copy()
    for _ in range(3):
        work.call("heat_equation_simple.evolve", simple, simple_previous, 0.5, 0.1, 1.0, 4.0)
        work.call(f"{mode}.evolve", u, u_previous, 0.5, 0.1, 1.0, 4.0)
    work.expect_close(u, simple)
    small = np.ones((6, 6), np.float32)
    with work.expect_raises("TypeError"):
        work.call(f"{mode}.evolve", small, small.copy(), 0.5, 0.1, 1.0, 1.0)
    work.expect_close(small, np.ones((6, 6), np.float32))


@test(points=3, needs=API, idea=OTHERS)
def api_on_other_arrays(work):
    other_arrays(work, "heat_api")


@test(points=3, needs=ABI, idea=OTHERS)
def abi_on_other_arrays(work):
    other_arrays(work, "heat_abi")
