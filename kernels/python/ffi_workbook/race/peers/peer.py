"""What a peer is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Threads of the peers that can use more than one. The same on every machine,
#: so that records can be compared.
THREADS = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """A run of the heat equation: ``steps`` steps from ``start``, its boundary fixed.

    ``start`` is read-only. The other numbers are those of ``evolve_steps``.
    """

    start: Array
    steps: int
    a: float
    dt: float
    dx2: float
    dy2: float

    @property
    def weights(self) -> tuple[float, float, float]:
        """The weights of the cell itself, of those above and below, and of those beside it."""
        cx, cy = self.a * self.dt / self.dx2, self.a * self.dt / self.dy2
        return 1.0 - 2.0 * cx - 2.0 * cy, cx, cy


@dataclass(frozen=True, slots=True)
class Heat:
    """A problem, ready to be run again and again; only ``run`` is timed."""

    #: Puts the start field back.
    reset: Callable[[], object]
    #: Takes all steps, and returns when they are done.
    run: Callable[[], object]
    #: Returns the field as it is after a run.
    result: Callable[[], Array]


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody in the race.

    ``load`` is called in a process of its own. It imports what the peer needs, and
    compiles it. For the heat equation it takes the problem and returns a ``Heat``;
    for calls it takes nothing and returns ``Kernels``, of which noop, add_ints and
    add_floats are timed.
    """

    #: Short name, as in ``PEERS=``.
    name: str
    #: Name for tables and figures, with its threads.
    title: str
    group: Literal["heat", "call"]
    #: Place in tables.
    order: int
    #: One sentence on what it is.
    summary: str
    load: Callable[..., Any]
    #: The name that stands for all entries of one project, as in ``PEERS=``.
    family: str = ""
    kind: Literal["python", "native", "comparison"] = "comparison"
    threads: int = 1
    #: The name of its file in requirements/peers, or None where the environment of
    #: the race has all it needs.
    requirements: str | None = None
    #: What is told before its requirements are downloaded, if they are large.
    download: str = ""
    #: Distributions whose versions are told.
    packages: tuple[str, ...] = ()
    #: Variables of its process besides those of ``seat``.
    variables: dict[str, str] = field(default_factory=dict)
    #: The module whose ``PEERS`` has it: the worker looks there.
    module: str = ""
    #: Whether others are compared with it, so that it always runs.
    is_base: bool = False
    #: Whether it computes nothing, and leaves the start field as it is.
    is_limit: bool = False

    def __post_init__(self) -> None:
        if not self.family:
            object.__setattr__(self, "family", self.name)


def in_place(problem: Problem, evolve_steps: Callable[..., object]) -> Heat:
    """Return the run of a function that is called as the kernels' ``evolve_steps``."""
    u, u_previous = problem.start.copy(), problem.start.copy()

    def reset() -> None:
        np.copyto(u, problem.start)
        np.copyto(u_previous, problem.start)

    def run() -> None:
        evolve_steps(u, u_previous, problem.steps, problem.a, problem.dt, problem.dx2, problem.dy2)

    return Heat(reset, run, lambda: u)


def every_step(problem: Problem, evolve: Callable[..., object]) -> Heat:
    """Return the run of a function that is called as ``evolve``, once a step."""

    def evolve_steps(u: Array, u_previous: Array, steps: int, *parameters: float) -> None:
        for _ in range(steps):
            evolve(u, u_previous, *parameters)

    return in_place(problem, evolve_steps)


def two_grids(problem: Problem, take_steps: Callable[..., object]) -> Heat:
    """Return the run of ``take_steps(old, new, steps, centre, cx, cy)``.

    It writes each step into the other grid: after an odd number of steps the field
    is in ``new``, after an even one in ``old``.
    """
    grids = problem.start.copy(), problem.start.copy()

    def reset() -> None:
        for grid in grids:
            np.copyto(grid, problem.start)

    def run() -> None:
        take_steps(*grids, problem.steps, *problem.weights)

    return Heat(reset, run, lambda: grids[problem.steps % 2])
