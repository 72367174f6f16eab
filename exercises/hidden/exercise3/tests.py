"""Exercise 3, hidden tests: only their ideas are shown. Do not edit in a class."""

import numpy as np
from judge import test

API = ["declarations_api", "compile_module"]
ABI = ["declarations_abi"]

TALL = "Rows and columns must not be swapped on a tall plate either, over several steps."
DTYPE = (
    "An address carries no dtype: a float32 array has half the bytes that the library reads. "
    "Look at array.dtype and raise TypeError before you pass it."
)


def tall(work, mode):
    """Three steps on a tall plate against the program's own evolve."""
    u = np.random.default_rng(3).uniform(0, 1, (12, 4))
    simple, simple_previous, u_previous = u.copy(), u.copy(), u.copy()
    for _ in range(3):
        work.call("heat_equation_simple.evolve", simple, simple_previous, 0.5, 0.1, 1.0, 4.0)
        work.call(f"{mode}.evolve", u, u_previous, 0.5, 0.1, 1.0, 4.0)
    work.expect_close(u, simple)


def refuses(work, mode):
    """Numbers of 4 bytes."""
    u = np.ones((6, 6), np.float32)
    with work.expect_raises("TypeError"):
        work.call(f"{mode}.evolve", u, u.copy(), 0.5, 0.1, 1.0, 1.0)
    work.expect_close(u, np.ones((6, 6), np.float32))


@test(points=1, needs=API, idea=TALL)
def api_on_a_tall_plate(work):
    tall(work, "heat_api")


@test(points=2, needs=API, idea=DTYPE)
def api_refuses_float32(work):
    refuses(work, "heat_api")


@test(points=1, needs=ABI, idea=TALL)
def abi_on_a_tall_plate(work):
    tall(work, "heat_abi")


@test(points=2, needs=ABI, idea=DTYPE)
def abi_refuses_float32(work):
    refuses(work, "heat_abi")
