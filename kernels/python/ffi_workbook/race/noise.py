"""What disturbed the race.

While a process of the race measures, it also watches itself in three ways:

- a **reference loop**, the same short work again and again, between the rounds.
  Its time should never change. When it does, the processor changed its speed, or
  shares a core with something else;
- its **share of the processor**: seconds it computed for each second that passed.
  It never waits for anything, so less than all of it means that others ran;
- **preemptions**: how often the system took the processor away from it.

What is beyond a limit becomes a warning, which the tables and figures show. A
single measurement that is spread too widely is marked as well.
"""

import statistics
import time
from contextlib import suppress
from itertools import repeat
from typing import Any

Json = dict[str, Any]

#: Turns of the reference loop: a fraction of a millisecond.
_TURNS = 20_000

#: The least share of the processor.
SHARE_LIMIT = 0.95
#: The most preemptions in a second.
PREEMPTIONS_LIMIT = 50.0
#: The widest quartile range of the reference loop, as a part of its median.
SPREAD_LIMIT = 0.10
#: The most that the reference loop may drift from the first third of a process
#: to the last, and its medians may differ between processes.
DRIFT_LIMIT = 0.05
#: The widest quartile range of a measurement, as a part of its median.
RANGE_LIMIT = 0.20


def reference() -> float:
    """Run the reference loop; return its seconds."""
    turns = repeat(None, _TURNS)
    start = time.perf_counter()
    for _ in turns:
        pass
    return time.perf_counter() - start


class Watch:
    """What disturbs this process while it measures: ``with watch: ...``.

    Between the measurements the process writes its results, and is interrupted
    for that by who reads them: this does not count.
    """

    def __init__(self) -> None:
        self.references: list[float] = []
        #: Seconds that passed, seconds computed, and preemptions.
        self.seen = (0.0, 0.0, 0)
        self.start = self.seen

    def __enter__(self) -> None:
        self.start = _counters()

    def __exit__(self, *_: object) -> None:
        wall, cpu, preemptions = (
            seen + now - before
            for seen, now, before in zip(self.seen, _counters(), self.start, strict=True)
        )
        self.seen = (wall, cpu, int(preemptions))

    def look(self) -> None:
        """Time the reference loop; to be called between the samples."""
        self.references.append(reference())

    def report(self) -> Json:
        """Return what was seen; None where too few looks do not tell."""
        wall, cpu, preemptions = self.seen
        return {
            "seconds": _short(wall),
            "cpu_share": _short(cpu / wall) if wall else None,
            "preemptions_per_second": _short(preemptions / wall) if wall else None,
            **describe(self.references),
        }


def describe(references: list[float]) -> Json:
    """Return median, spread and drift of the reference loop's times."""
    if len(references) < 6:
        return {"reference": None, "reference_spread": None, "reference_drift": None}
    q1, median, q3 = statistics.quantiles(references, n=4, method="inclusive")
    third = len(references) // 3
    first, last = statistics.median(references[:third]), statistics.median(references[-third:])
    return {
        "reference": _short(median),
        "reference_spread": _short((q3 - q1) / median),
        "reference_drift": _short(last / first - 1),
    }


def warnings(processes: list[Json]) -> list[str]:
    """Return a sentence for each thing that disturbed the processes of a race."""
    found = []

    def values(key: str) -> list[float]:
        return [process[key] for process in processes if process.get(key) is not None]

    def beyond(count: int) -> str:
        return f"in {count} of {len(processes)} processes"

    if low := [share for share in values("cpu_share") if share < SHARE_LIMIT]:
        found.append(
            f"other work took the processor {beyond(len(low))}: "
            f"{min(low):.0%} of it was left at worst, the limit is {SHARE_LIMIT:.0%}"
        )
    if high := [rate for rate in values("preemptions_per_second") if rate > PREEMPTIONS_LIMIT]:
        found.append(
            f"the system interrupted the measuring {beyond(len(high))}: "
            f"up to {max(high):.0f} times a second, the limit is {PREEMPTIONS_LIMIT:.0f}"
        )
    if wide := [part for part in values("reference_spread") if part > SPREAD_LIMIT]:
        found.append(
            f"the same work took unequal times {beyond(len(wide))}: "
            f"a quartile range of up to {max(wide):.0%}, the limit is {SPREAD_LIMIT:.0%}"
        )
    if drifts := [drift for drift in values("reference_drift") if abs(drift) > DRIFT_LIMIT]:
        found.append(
            f"the processor's speed drifted {beyond(len(drifts))}: the same work took "
            f"{max(drifts, key=abs):+.0%} at worst, the limit is {DRIFT_LIMIT:.0%}"
        )
    medians = values("reference")
    if medians and (apart := max(medians) / min(medians) - 1) > DRIFT_LIMIT:
        found.append(
            "the processes did not run at one speed: the same work took "
            f"{apart:.0%} longer in the slowest, the limit is {DRIFT_LIMIT:.0%}"
        )
    return found


def is_noisy(row: Json) -> bool:
    """Tell whether the samples of a measurement are spread beyond the limit."""
    return bool(row["median"]) and row["q3"] - row["q1"] > RANGE_LIMIT * row["median"]


def _counters() -> tuple[float, float, int]:
    """Return the time, the processor time and the preemptions of this thread.

    macOS counts preemptions only for the whole process, which here is as good.
    Where there is no such count it stays 0, and the other two have to do.
    """
    preemptions = 0
    with suppress(ImportError):
        import resource  # Unix only

        whose = getattr(resource, "RUSAGE_THREAD", resource.RUSAGE_SELF)
        preemptions = resource.getrusage(whose).ru_nivcsw
    return time.perf_counter(), time.thread_time(), preemptions


def _short(value: float) -> float:
    return float(f"{value:.4g}")
