"""The samples of the modes, and what they say."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from .. import fit, noise, report
from ..stats import Estimate, estimate
from .kernels import Kernel, Key

Json = dict[str, Any]

State = Literal["off", "loading", "racing", "absent", "failed"]


@dataclass
class Lane:
    """One mode in the race."""

    name: str
    title: str
    kind: str
    state: State = "off"
    reason: str = ""
    #: samples[case, n][number of the process] = the samples, in seconds.
    samples: dict[Key, dict[int, list[float]]] = field(default_factory=dict)
    #: What the mode has not.
    skipped: dict[Key, str] = field(default_factory=dict)
    #: What disturbed each process.
    noise: dict[int, Json] = field(default_factory=dict)
    #: Median and quartiles that a record has in place of its samples.
    recorded: dict[Key, Json] = field(default_factory=dict)

    def add(self, key: Key, process: int, samples: list[float]) -> None:
        self.samples.setdefault(key, {}).setdefault(process, []).extend(samples)


@dataclass(frozen=True)
class Row:
    """What one lane shows."""

    mode: str
    title: str
    kind: str
    state: State
    #: Why there is no time.
    reason: str = ""
    #: Seconds; None while there are none.
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    #: How many times as long as the fastest.
    ratio: float | None = None
    samples: int = 0
    processes: int = 0
    #: The line of this mode. Its interval is finite from the second process on.
    overhead: Estimate | None = None
    slope: Estimate | None = None
    #: The medians by size.
    points: tuple[tuple[int, float], ...] = ()

    @property
    def is_noisy(self) -> bool:
        if self.median is None or self.q1 is None or self.q3 is None:
            return False
        return noise.is_noisy({"median": self.median, "q1": self.q1, "q3": self.q3})


def rows(lanes: Iterable[Lane], kernel: Kernel, size: int | None, fit_to: int) -> list[Row]:
    """Return what the lanes show of one kernel and size, in their order."""
    found = [_row(lane, kernel, kernel.key(size), fit_to) for lane in lanes]
    times = [row.median for row in found if row.median is not None and row.state == "racing"]
    fastest = min(times, default=None)
    return [
        Row(**{**vars(row), "ratio": row.median / fastest}) if fastest and row.median else row
        for row in found
    ]


def _row(lane: Lane, kernel: Kernel, key: Key, fit_to: int) -> Row:
    processes = lane.samples.get(key, {})
    every = [sample for samples in processes.values() for sample in samples]
    spread = lane.recorded.get(key) or (report.spread(every) if every else {})
    overhead = slope = None
    points: tuple[tuple[int, float], ...] = ()
    if kernel.has_line:
        overhead, slope = _line(lane, kernel, fit_to)
        points = tuple(
            (n, value)
            for n in kernel.sizes
            if (value := _median(lane.samples.get(kernel.key(n), {}))) is not None
        )
    return Row(
        mode=lane.name,
        title=lane.title,
        kind=lane.kind,
        state=lane.state,
        reason=lane.reason or lane.skipped.get(key, ""),
        median=spread.get("median"),
        q1=spread.get("q1"),
        q3=spread.get("q3"),
        samples=len(every),
        processes=len(processes),
        overhead=overhead,
        slope=slope,
        points=points,
    )


def _median(processes: dict[int, list[float]]) -> float | None:
    every = [sample for samples in processes.values() for sample in samples]
    return report.spread(every)["median"] if every else None


def _line(lane: Lane, kernel: Kernel, fit_to: int) -> tuple[Estimate | None, Estimate | None]:
    """Fit each whole process by itself, or the first one while it has begun."""
    sizes = [n for n in kernel.sizes if n <= fit_to]
    by_size = {n: lane.samples.get(kernel.key(n), {}) for n in sizes}
    whole = _processes_with(by_size.values())
    if not whole:
        begun = [n for n in sizes if by_size[n]]
        if len(begun) < 3:
            return None, None
        by_size = {n: by_size[n] for n in begun}
        whole = _processes_with(by_size.values())
    if not whole or len(by_size) < 3:
        return None, None
    lines = [
        fit.line(list(by_size), [report.medians([samples[p]])[0] for samples in by_size.values()])
        for p in sorted(whole)
    ]
    overheads, slopes = zip(*lines, strict=True)
    return estimate(overheads), estimate(slopes)


def _processes_with(sizes: Collection[dict[int, list[float]]]) -> set[int]:
    """Return the processes that have samples of every size."""
    return set.intersection(*(set(processes) for processes in sizes)) if sizes else set()


def results(lanes: Iterable[Lane], kernels: Iterable[Kernel]) -> report.Results:
    """Return the samples as the race keeps them, for its JSON.

    The fits of the race want every process to have every size, and every mode as
    many processes; what is beyond that in a race still on its way is left out.
    """
    good = [lane for lane in lanes if lane.state == "racing"]
    found = report.Results()
    for kernel in kernels:
        kept: dict[tuple[str, int | None, str], list[list[float]]] = {}
        for lane in good:
            keys = [kernel.key(size) for size in kernel.sizes or (None,)]
            measured = {key: lane.samples[key] for key in keys if lane.samples.get(key)}
            if kernel.has_line:
                whole = _processes_with(list(measured.values()))
                if measured and not whole:
                    first = min(p for processes in measured.values() for p in processes)
                    measured = {key: by for key, by in measured.items() if first in by}
                    whole = {first}
                measured = {key: {p: by[p] for p in sorted(whole)} for key, by in measured.items()}
            for key, by in measured.items():
                kept[*key, lane.name] = [by[p] for p in sorted(by)]
            for key in keys:
                if key in lane.skipped:
                    found.skipped[key[0], lane.name, key[1]] = lane.skipped[key]
        count = min((len(processes) for processes in kept.values()), default=0)
        for (case, n, mode), processes in kept.items():
            found.samples[case, mode, n] = processes[:count] if kernel.has_line else processes
    found.noise = [report for lane in good for report in lane.noise.values()]
    return found
