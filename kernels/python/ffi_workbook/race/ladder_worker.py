"""One process of the ladder: every rung on every grid, in turns.

Reads a plan as JSON from standard input and writes a JSON object a line, as the
race's worker does.
"""

import json
import random
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import machine
from .noise import Watch
from .rungs import RUNGS, Library, Room, Rung, roofs
from .timing import Timed, undisturbed
from .worker import emit

Json = dict[str, Any]

#: Steps are whole trips of the deepest plan, and at least so many of them.
DEPTH, TRIPS = 64, 3
#: The slow rungs take their full time a step from the first one on: what the
#: last copy adds is divided by this.
SLOW_STEPS = 16


@dataclass(frozen=True)
class Plan:
    """What one worker does."""

    library: str
    seed: int
    #: Sides of the grids.
    sizes: list[int]
    #: Sides of the grids on which the slow rungs and float32 run too.
    all_rungs: list[int]
    #: Cells to update in one sample, where steps allow it.
    updates: float
    #: Samples of each rung on a grid.
    rounds: int
    #: The same on grids beyond ``large`` cells.
    large_rounds: int
    large: int
    #: Bytes that one thread moves at each level of the memory.
    levels: dict[str, int]

    def to_json(self) -> str:
        return json.dumps(asdict(self))


@dataclass
class Runner:
    """One thing to time, with the samples so far."""

    case: str
    mode: str
    timed: Timed
    threads: int
    samples: list[float]


def steps_of(plan: Plan, rung: Rung, n: int) -> int:
    """Return how many steps one sample takes."""
    if rung.slow:
        return max(SLOW_STEPS, round(plan.updates / 4 / n**2))
    return DEPTH * max(TRIPS, round(plan.updates / n**2 / DEPTH))


def too_large(n: int, free: int | None) -> str | None:
    """Return why a grid is left out, or None."""
    needed = 2 * 8 * n**2
    if free is None or needed < 0.8 * free:
        return None
    return f"two grids of {n} x {n} need {needed / 2**30:.1f} GiB; {free / 2**30:.1f} GiB are free"


class Worker:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.library = Library(Path(plan.library))
        self.random = random.Random(plan.seed)
        self.watch = Watch()
        self.progress = 0

    def run(self) -> None:
        with undisturbed():
            for n in self.plan.sizes:
                self.announce(f"{n} x {n}")
                self.grid(n)
            self.announce("the roofs")
            self.take(
                (
                    Runner(
                        f"roof_{roof.name.replace(' ', '_')}", mode, roof.timed, roof.threads, []
                    )
                    for roof in roofs(self.library, self.plan.levels)
                    for mode in [f"threads-{roof.threads}"]
                ),
                self.plan.rounds,
            )
        emit(noise=self.watch.report())

    def grid(self, n: int) -> None:
        case = f"heat_{n}"
        chosen = [
            rung for rung in RUNGS if n in self.plan.all_rungs or not (rung.slow or rung.single)
        ]
        if reason := too_large(n, machine.free_memory()):
            for rung in chosen:
                emit(case=case, mode=rung.name, n=None, skipped=reason)
            return
        room = Room(self.library, n)
        rounds = self.plan.large_rounds if n**2 > self.plan.large else self.plan.rounds
        self.take(
            (
                Runner(
                    case,
                    rung.name,
                    room.timed(rung, steps_of(self.plan, rung, n)),
                    rung.threads,
                    [],
                )
                for rung in chosen
            ),
            rounds,
        )

    def take(self, runners: Iterable[Runner], rounds: int) -> None:
        """Time all in turn, in a new order each round."""
        racing = list(runners)
        for runner in racing:
            if runner.mode == "copyto":
                runner.timed.calibrate(5e-3)  # one is too short for the clock
            elif rounds > 1:  # a sample of one round takes seconds: it warms itself up
                runner.timed.run()
        for _ in range(rounds):
            self.watch.look()
            self.random.shuffle(racing)
            for runner in racing:
                if runner.threads == 1:
                    with self.watch:
                        runner.samples.append(runner.timed.sample())
                else:
                    # It waits for its other threads, which is no disturbance.
                    runner.samples.append(runner.timed.sample())
        for runner in racing:
            samples = [float(f"{sample:.4g}") for sample in runner.samples]
            emit(case=runner.case, mode=runner.mode, n=None, samples=samples)

    def announce(self, label: str) -> None:
        emit(progress=self.progress, total=len(self.plan.sizes) + 1, label=label)
        self.progress += 1


def main() -> None:
    Worker(Plan(**json.load(sys.stdin))).run()


if __name__ == "__main__":
    main()
