"""One process of the race: every mode, interleaved.

Reads a plan as JSON from standard input and writes a JSON object a line:
``{"progress": ..., "total": ..., "label": ...}`` now and then, and for each
case, mode and size ``{"case": ..., "mode": ..., "n": ..., "samples": [...]}`` or
``{"case": ..., "mode": ..., "n": ..., "skipped": reason}``. Its last line is
``{"noise": {...}}``: what disturbed it.

A process has one layout of memory and one hash seed, which make some modes
faster and some slower by chance. That is why the race runs several of these.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from .. import modes
from . import cases
from .by_hand import BY_HAND
from .noise import Watch
from .timing import Timed, undisturbed

Json = dict[str, Any]

#: What a mode is called that races against itself.
AGAIN = " again"


@dataclass(frozen=True)
class Plan:
    """What one worker does."""

    modes: list[str]
    seed: int
    sizes: list[int]
    large_steps: int
    #: Length of a sample of a short call, in seconds.
    sample_seconds: float
    #: Samples of each case, mode and size.
    rounds: int
    #: Stop taking samples of one case, mode and size after this many seconds.
    enough_seconds: float
    #: A call that would take longer than this is not made.
    patience_seconds: float
    #: Race each mode against itself: load it twice, and time only short things.
    again: bool = False

    def to_json(self) -> str:
        return json.dumps(asdict(self))


Competitor = tuple[str, Timed | None]
#: Mode, what is timed, its samples, and about how many seconds one of them takes.
Runner = tuple[str, Timed, list[float], float]


class Worker:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.random = random.Random(plan.seed)
        # The order of loading decides where in memory a mode lies, so it is
        # another one in each process.
        labels = [*plan.modes, *(name + AGAIN for name in plan.modes if plan.again)]
        self.random.shuffle(labels)
        self.kernels = {m: modes.get(m.removesuffix(AGAIN)).load() for m in labels}
        by_hand = [] if plan.again else [m for m in plan.modes if m in BY_HAND]
        self.by_hand = {f"{m} by hand": BY_HAND[m]() for m in by_hand}
        #: Seconds per cell and step, where a heat case has shown it.
        self.seconds_per_cell: dict[str, float] = {}
        self.progress = 0
        self.calls = cases.CALLS if plan.again else (*cases.CALLS, cases.FIBONACCI)
        self.heats = () if plan.again else cases.heat_cases(plan.large_steps)
        self.total = len(self.calls) + len(plan.sizes) + len(self.heats)
        self.watch = Watch()

    def run(self) -> None:
        with undisturbed():
            for case in self.calls:
                self.announce(case.title)
                callers = self.kernels | (self.by_hand if case in cases.CALLS else {})
                timed = [(m, cases.timed_call(case, k)) for m, k in callers.items()]
                self.race(case.name, None, timed)
            for n in self.plan.sizes:
                self.announce(f"{cases.ARRAY_ADD.title}, n = {n:,}")
                arrays = cases.Arrays(n)
                callers = self.kernels | (self.by_hand if n == self.plan.sizes[0] else {})
                timed = [(m, arrays.timed(k)) for m, k in callers.items()]
                self.race(cases.ARRAY_ADD.name, n, timed)
            for case in self.heats:
                self.announce(case.title)
                self.heat(case)
        emit(noise=self.watch.report())

    def heat(self, case: cases.Case) -> None:
        room = cases.Room(case)
        assert case.grid and case.steps
        cells = case.grid[0] * case.grid[1]
        timed: list[Competitor] = []
        for mode, kernels in self.kernels.items():
            seconds = self.seconds_per_cell.get(mode, 0.0) * cells
            steps = case.steps
            if case.variant == "classic" and seconds:
                # Each step is a call of its own: fewer of them show the same.
                steps = min(steps, max(1, int(self.plan.enough_seconds / seconds)))
            if seconds * steps > self.plan.patience_seconds:
                limit = self.plan.patience_seconds
                reason = f"it would take about {seconds * steps:.0f} s; the limit is {limit:g} s"
                emit(case=case.name, mode=mode, n=None, skipped=reason)
            else:
                timed.append((mode, room.timed(kernels, steps)))
        if case.variant == "classic":
            timed.append(("copy", room.copy()))
        for mode, samples in self.race(case.name, None, timed):
            self.seconds_per_cell.setdefault(mode, min(samples) / cells)

    def race(
        self, case: str, n: int | None, timed: list[Competitor]
    ) -> list[tuple[str, list[float]]]:
        """Time the competitors in turn, in a new order each round."""
        enough = self.plan.enough_seconds
        runners: list[Runner] = []
        for mode, competitor in timed:
            if competitor is None:
                emit(case=case, mode=mode, n=n, skipped="the mode has no such call")
            else:
                seconds = competitor.calibrate(self.plan.sample_seconds)
                per_sample = seconds * competitor.count * competitor.unroll
                # A run this long needs no other one to warm up for it.
                samples = [seconds / competitor.work] if per_sample > enough else []
                runners.append((mode, competitor, samples, per_sample))
        with self.watch:
            self.take_samples(runners)
        for mode, _, samples, _ in runners:
            emit(case=case, mode=mode, n=n, samples=[float(f"{s:.4g}") for s in samples])
        return [(mode, samples) for mode, _, samples, _ in runners]

    def take_samples(self, runners: list[Runner]) -> None:
        for _ in range(self.plan.rounds):
            self.watch.look()
            self.random.shuffle(runners)
            for _, competitor, samples, per_sample in runners:
                if not samples or per_sample * (len(samples) + 1) <= self.plan.enough_seconds:
                    samples.append(competitor.sample())

    def announce(self, label: str) -> None:
        emit(progress=self.progress, total=self.total, label=label)
        self.progress += 1


def emit(**message: Any) -> None:
    print(json.dumps(message), flush=True)


class AnyPlan(Protocol):
    """What a process is told to do."""

    def to_json(self) -> str: ...


def run_worker(plan: AnyPlan, module: str = "ffi_workbook.race.worker") -> Iterator[Json]:
    """Run one process of the race, or of another module like this; yield its messages."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            # NumPy's BLAS, which nothing here calls, would start threads.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        assert process.stdin and process.stdout
        try:
            process.stdin.write(plan.to_json())
            process.stdin.close()
            for text in process.stdout:
                yield json.loads(text)
            process.wait()
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        if process.returncode:
            errors.seek(0)
            tail = errors.read().decode(errors="replace").splitlines()[-12:]
            raise RuntimeError(
                f"a process of the race ended with {process.returncode}:\n" + "\n".join(tail)
            )


def main() -> None:
    Worker(Plan(**json.load(sys.stdin))).run()


if __name__ == "__main__":
    main()
