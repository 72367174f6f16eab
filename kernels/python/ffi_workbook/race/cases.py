"""What the race times."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from .. import field
from ..modes import Kernels
from .timing import Timed

#: The parameters of the published heat case: a = 0.5, dx = dy = 0.01, and the
#: longest time step that is stable.
A, DX2, DY2 = 0.5, 0.01**2, 0.01**2
DT = DX2 * DY2 / (2 * A * (DX2 + DY2))


@dataclass(frozen=True)
class Case:
    """One thing to time in every mode."""

    name: str
    title: str
    #: How it is shown: a call, a loop of calls, a time against size, a heat run.
    group: Literal["call", "loop", "size", "heat"]
    #: Rows and columns of a heat case.
    grid: tuple[int, int] | None = None
    #: Steps in one timed run of a heat case; its samples are seconds per step.
    steps: int | None = None
    #: "classic": one call of evolve a step. "steps": one call of evolve_steps.
    variant: Literal["classic", "steps"] | None = None

    def as_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value is not None}


CALLS = (
    Case("noop", "A call that does nothing", "call"),
    Case("add_ints", "add(2, 5) on ints", "call"),
    Case("add_floats", "add(2.0, 5.0) on floats", "call"),
)
FIBONACCI = Case("fibonacci", "fibonacci(90), step by step", "loop")
ARRAY_ADD = Case("array_add", "a += b on float64 arrays", "size")


def heat_cases(large_steps: int) -> tuple[Case, ...]:
    """Return the heat cases: the published one, and a grid beyond every cache."""
    cases = []
    for n, steps in ((200, 200), (4000, large_steps)):
        for variant, function in (("classic", "evolve"), ("steps", "evolve_steps")):
            name, title = f"heat_{n}_{variant}", f"{function}, {n} x {n}"
            cases.append(Case(name, title, "heat", (n, n), steps, variant))  # type: ignore[arg-type]
    return tuple(cases)


def timed_call(case: Case, kernels: Kernels) -> Timed | None:
    """Return a call or loop of calls, or None for what the mode has not."""
    args: tuple[object, ...]
    call: Callable[..., object] | None
    match case.name:
        case "noop":
            call, args = kernels.noop, ()
        case "add_ints":
            call, args = kernels.add_ints, (2, 5)
        case "add_floats":
            call, args = kernels.add_floats, (2.0, 5.0)
        case "fibonacci":
            call, args = kernels.fibonacci, (90,)
        case _:
            raise ValueError(f"{case.name} is not a call")
    return Timed(call, args) if call else None


class Arrays:
    """The two arrays of one size that every mode adds.

    All of them meet the same memory, but for pure Python, which has lists.
    """

    def __init__(self, n: int) -> None:
        self.a = np.linspace(0.0, 1.0, n)
        self.b = np.full(n, 1e-9)

    def timed(self, kernels: Kernels) -> Timed | None:
        if not kernels.add:
            return None
        if kernels.add_lists:
            return Timed(kernels.add_lists, (self.a.tolist(), self.b.tolist()))
        return Timed(kernels.add, (self.a, self.b))


class Room:
    """The grids of one heat case, shared by all modes, with the mug in it."""

    def __init__(self, case: Case) -> None:
        assert case.grid and case.steps
        self.case = case
        self.start = field.mug(*case.grid)
        self.u = self.start.copy()
        self.u_previous = self.start.copy()

    def reset(self) -> None:
        np.copyto(self.u, self.start)
        np.copyto(self.u_previous, self.start)

    def timed(self, kernels: Kernels, steps: int) -> Timed | None:
        """Return a run of ``steps`` steps from the start; its samples are per step."""
        u, p = self.u, self.u_previous
        if self.case.variant == "steps":
            if not kernels.evolve_steps:
                return None
            args = (u, p, steps, A, DT, DX2, DY2)
            return Timed(kernels.evolve_steps, args, self.reset, work=steps)
        if not kernels.evolve:
            return None
        evolve = kernels.evolve

        def run() -> None:
            for _ in range(steps):
                evolve(u, p, A, DT, DX2, DY2)

        return Timed(run, (), self.reset, work=steps)

    def copy(self) -> Timed:
        """The limit of one step for each trip: move the grid once, and compute nothing."""
        return Timed(np.copyto, (self.u, self.u_previous))
