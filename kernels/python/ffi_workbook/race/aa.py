"""A mode against itself: how often is a difference seen that is not there.

Each process loads the mode twice, under two names, and times both in turn like
any two modes. Then the race's own statistics are asked for differences. An honest
race sees one, in all that it compares, in at most 5 of 100 runs.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from . import noise, report
from .stats import Difference, relative_difference
from .worker import AGAIN, Plan, run_worker

Json = dict[str, Any]

#: Sizes of a += b: few, and none that takes long.
SIZES = (1, 10, 100, 1_000)


def differences(results: report.Results, mode: str) -> dict[str, Difference]:
    """Return what the race says of the mode against itself, by what was compared."""
    found = {}
    for (case, name, n), processes in results.samples.items():
        if name == mode:
            title = case if n is None else f"{case}, n = {n:,}"
            again = results.samples[case, mode + AGAIN, n]
            found[title] = relative_difference(
                report.medians(processes), report.medians(again), paired=True
            )
    fitted = results.fitted(max(SIZES))
    if mode in fitted:
        one, other = fitted[mode], fitted[mode + AGAIN]
        found["fitted overhead"] = other.overhead_minus(one)
        found["fitted slope"] = other.slope_minus(one)
    return found


@dataclass
class Tally:
    """What some runs of a mode against itself have shown."""

    runs: int = 0
    #: Runs with a difference too clear for chance in all that they compared.
    runs_with_difference: int = 0
    #: By what was compared: in how many runs it showed a difference, each alone.
    seen: Counter[str] = field(default_factory=Counter)
    noise: list[Json] = field(default_factory=list)

    def add(self, results: report.Results, mode: str) -> None:
        found = differences(results, mode)
        self.runs += 1
        self.noise += results.noise
        self.runs_with_difference += any(d.stands_among(len(found)) for d in found.values())
        self.seen.update({name: int(d.is_seen) for name, d in found.items()})

    def show(self, mode: str, console: Console) -> None:
        table = Table(
            title=f"{mode} against itself, {self.runs} runs",
            box=box.SIMPLE_HEAD,
            title_justify="left",
        )
        table.add_column("compared")
        table.add_column("runs that saw a difference (chance: 5 %)", justify="right")
        for name, count in self.seen.items():
            table.add_row(name, f"{count} of {self.runs}")
        console.print(table)
        console.print(
            f"  {self.runs - self.runs_with_difference} of {self.runs} runs show no difference "
            f"in all {len(self.seen)} comparisons together; at least 95 of 100 should."
        )
        for warning in noise.warnings(self.noise):
            console.print(f"  [yellow]noise:[/yellow] {warning}")


def one_run(mode: str, processes: int, seed: int, sizes: tuple[int, ...] = SIZES) -> report.Results:
    """Race a mode against itself once."""
    results = report.Results()
    for number in range(processes):
        plan = Plan(
            modes=[mode],
            seed=1000 * seed + number,
            sizes=list(sizes),
            large_steps=0,
            sample_seconds=5e-4,
            rounds=8,
            enough_seconds=0.1,
            patience_seconds=1.0,
            again=True,
        )
        for message in run_worker(plan):
            if "label" not in message:
                results.take(message)
    return results
