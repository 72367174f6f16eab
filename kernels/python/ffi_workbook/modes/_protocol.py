"""What a mode is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Add = Callable[[Array, Array], None]
Fibonacci = Callable[[int], int]
Evolve = Callable[[Array, Array, float, float, float, float], None]
EvolveSteps = Callable[[Array, Array, int, float, float, float, float], None]


@dataclass(frozen=True, slots=True)
class Kernels:
    """The kernels, called in one mode. None stands for what a mode has not.

    The first three are the mode's own call with nothing of ours around it:
    what they do with a wrong argument is the mode's doing, and a lesson. The
    rest check their arguments and raise the classes of ``ffi_workbook.errors``.
    """

    #: Do nothing.
    noop: Callable[[], object] | None = None
    #: a + b for two ints of 32 bits.
    add_ints: Callable[[int, int], int] | None = None
    #: a + b for two floats.
    add_floats: Callable[[float, float], float] | None = None
    #: add(a, b): a += b for two float64 arrays of one dimension.
    add: Add | None = None
    #: fibonacci(n): F(n) by one call of the mode for each step.
    fibonacci: Fibonacci | None = None
    #: evolve(u, u_previous, a, dt, dx2, dy2): one classic step.
    evolve: Evolve | None = None
    #: evolve_steps(u, u_previous, steps, a, dt, dx2, dy2): steps in one call, on
    #: one thread, for that is what the other modes have.
    evolve_steps: EvolveSteps | None = None
    #: add for two lists of floats, where that is what the mode would rather have.
    add_lists: Callable[[list[float], list[float]], None] | None = None


@dataclass(frozen=True, slots=True)
class Mode:
    """A way to call native code, or something to compare it with."""

    #: Short name, as in ``--modes``.
    name: str
    #: Name for tables and figures.
    title: str
    #: "python": no native code of ours. "native": the Rust kernels, called.
    #: "comparison": what else people use; raced when installed.
    kind: Literal["python", "native", "comparison"]
    #: Place in the course and in tables.
    order: int
    #: One sentence on how it works.
    summary: str
    #: Returns the kernels; compiles what is needed on first use.
    load: Callable[[], Kernels]
    #: Whether its authors advise against it.
    deprecated: bool = False
