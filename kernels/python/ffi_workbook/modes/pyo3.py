"""PyO3: the extension module written in Rust."""

from functools import partial

from .. import _native
from . import _checks
from ._protocol import Kernels, Mode


def load() -> Kernels:
    step = _native.fibonacci_step

    def fibonacci(n: int) -> int:
        _checks.count(n, "n")
        if n == 0:
            return 0
        a, b = 0, 1
        try:
            for _ in range(n - 1):
                a, b = step(a, b)
        except OverflowError:
            _checks.fibonacci_overflow(n)
        return b

    return Kernels(
        noop=_native.noop,
        add_ints=_native.add_ints,
        add_floats=_native.add_floats,
        add=_native.add,
        fibonacci=fibonacci,
        evolve=_native.evolve,
        evolve_steps=partial(_native.evolve_steps, threads=1),
    )


MODE = Mode(
    name="pyo3",
    title="PyO3",
    kind="native",
    order=80,
    summary="An extension module in Rust: arguments are checked and converted in Rust.",
    load=load,
)
