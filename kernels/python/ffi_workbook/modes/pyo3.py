"""PyO3: the extension module written in Rust."""

from functools import partial

from .. import _native
from ._fibonacci import fibonacci_by
from ._protocol import Kernels, Mode


def load() -> Kernels:
    return Kernels(
        noop=_native.noop,
        add_ints=_native.add_ints,
        add_floats=_native.add_floats,
        add=_native.add,
        fibonacci=fibonacci_by(_native.fibonacci_step),
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
