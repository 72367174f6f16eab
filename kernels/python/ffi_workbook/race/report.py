"""From the workers' lines to the JSON, and from the JSON to tables.

All times are in seconds. A heat sample is seconds per step.
"""

import json
import statistics
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain, permutations
from pathlib import Path
from typing import Any

from .. import modes
from . import cases, fit, machine, noise

SCHEMA = 1

#: How many times a raw C API call one through PyO3 may take, at most. PyO3 checks the
#: arguments, counts who has the interpreter, and can catch a panic.
PYO3_CALLS = {"noop": 1.1, "add_ints": 1.2, "add_floats": 1.4}

Json = dict[str, Any]


def fit_limit(l2_bytes: int | None) -> int:
    """Return the largest size to fit: both arrays fill half of the L2 cache.

    Beyond it an element costs more, because it comes from farther away, and a
    straight line no longer describes the times.
    """
    return (l2_bytes or 1024**2) // 2 // 16


class Results:
    """The samples of all workers, by case, mode and size."""

    def __init__(self) -> None:
        #: samples[case, mode, n] = one list a process.
        self.samples: dict[tuple[str, str, int | None], list[list[float]]] = defaultdict(list)
        self.skipped: dict[tuple[str, str, int | None], str] = {}
        #: What disturbed the processes, one entry for each.
        self.noise: list[Json] = []

    def take(self, message: Json) -> None:
        if "noise" in message:
            self.noise.append(message["noise"])
            return
        key = (message["case"], message["mode"], message["n"])
        if "skipped" in message:
            self.skipped[key] = message["skipped"]
        else:
            self.samples[key].append(message["samples"])

    def measurements(self) -> list[Json]:
        rows = []
        for (case, mode, n), processes in self.samples.items():
            if mode == "copy" or mode.endswith(" by hand"):
                continue
            every = [sample for process in processes for sample in process]
            rows.append({"case": case, "mode": mode, "n": n, **spread(every), "samples": processes})
        return rows

    def by_hand(self) -> list[Json]:
        """Return the calls made without our modes, for comparison with them."""
        return [
            {
                "case": case,
                "mode": mode.removesuffix(" by hand"),
                "n": n,
                **spread([*chain(*processes)]),
            }
            for (case, mode, n), processes in self.samples.items()
            if mode.endswith(" by hand")
        ]

    def limits(self, heat: Iterable[cases.Case]) -> list[Json]:
        rows = []
        for case in heat:
            if processes := self.samples.get((case.name, "copy", None)):
                every = [*chain(*processes)]
                rows.append({"grid": case.grid, **spread(every), "samples": processes})
        return rows

    def fitted(self, n_max: int) -> dict[str, fit.Fit]:
        """Return the fitted lines of ``a += b``, by mode."""
        times: dict[str, dict[int, list[float]]] = defaultdict(dict)
        for (case, mode, n), processes in self.samples.items():
            if case == cases.ARRAY_ADD.name and n is not None and n <= n_max:
                times[mode][n] = medians(processes)
        fitted = {}
        for mode, by_size in times.items():
            sizes = sorted(by_size)
            if len(sizes) >= 3:
                columns = (by_size[n] for n in sizes)
                by_process = [list(process) for process in zip(*columns, strict=True)]
                fitted[mode] = fit.Fit.of(sizes, by_process)
        return fitted

    def fits(self, n_max: int) -> tuple[list[Json], list[Json]]:
        """Return the fitted lines, and where they cross."""
        fitted = self.fitted(n_max)
        lines = []
        for mode, mode_fit in fitted.items():
            overhead, slope = mode_fit.overhead, mode_fit.slope
            lines.append(
                {
                    "case": cases.ARRAY_ADD.name,
                    "mode": mode,
                    "overhead": short(overhead.value),
                    "overhead_ci": [short(overhead.low), short(overhead.high)],
                    "slope": short(slope.value),
                    "slope_ci": [short(slope.low), short(slope.high)],
                    "n_min": mode_fit.n_min,
                    "n_max": mode_fit.n_max,
                }
            )
        crossings = []
        for below, above in permutations(fitted, 2):
            found = fit.crossover(fitted[below], fitted[above])
            if found and 1 <= found.value <= n_max:
                crossings.append(
                    {
                        "case": cases.ARRAY_ADD.name,
                        "below": below,
                        "above": above,
                        "n": short(found.value),
                        "ci": [short(found.low), short(found.high)],
                    }
                )
        return lines, crossings


def short(value: float) -> float | None:
    """Return a number with four digits, or None for one that JSON has no word for."""
    rounded = float(f"{value:.4g}")
    return rounded if abs(rounded) != float("inf") else None


def spread(samples: list[float]) -> dict[str, float | None]:
    """Return median and quartiles."""
    if len(samples) == 1:
        q1 = median = q3 = samples[0]
    else:
        q1, median, q3 = statistics.quantiles(samples, n=4, method="inclusive")
    return {"median": short(median), "q1": short(q1), "q3": short(q3)}


def document(
    results: Results,
    statuses: Json,
    heat: tuple[cases.Case, ...],
    *,
    quick: bool,
    warnings: list[str],
) -> Json:
    """Return the whole race as one JSON document."""
    described = {**machine.machine(), "warnings": [*warnings, *noise.warnings(results.noise)]}
    lines, crossings = results.fits(fit_limit(described["l2_bytes"]))
    race: Json = {
        "schema": SCHEMA,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "machine": described,
        "versions": machine.versions(),
        "modes": [
            {
                "name": mode.name,
                "title": mode.title,
                "kind": mode.kind,
                "deprecated": mode.deprecated,
                **statuses[mode.name],
            }
            for mode in modes.all_modes()
            if mode.name in statuses
        ],
        "cases": [
            case.as_json() for case in (*cases.CALLS, cases.FIBONACCI, cases.ARRAY_ADD, *heat)
        ],
        "measurements": results.measurements(),
        "skipped": [
            {"case": case, "mode": mode, "n": n, "reason": reason}
            for (case, mode, n), reason in results.skipped.items()
        ],
        "fits": lines,
        "crossovers": crossings,
        "limits": results.limits(heat),
        "noise": results.noise,
    }
    race["by_hand"] = results.by_hand()
    race["ratios"] = ratios(race)
    return race


def ratios(race: Json) -> list[Json]:
    """Return the ratios this project promises, as this run has them."""
    median = {(m["case"], m["mode"], m["n"]): m["median"] for m in race["measurements"]}
    native = [mode["name"] for mode in race["modes"] if mode["kind"] == "native"]
    rows: list[Json] = []

    def ratio(name: str, top: float | None, bottom: float | None, target: Json) -> None:
        if top and bottom:
            value = top / bottom
            holds = value >= target.get("at_least", 0) and value <= target.get("at_most", value)
            rows.append({"name": name, "value": short(value), **target, "holds": holds})

    for grid, at_least in ((200, 3.0), (4000, 1.5)):
        classic, steps = f"heat_{grid}_classic", f"heat_{grid}_steps"
        published = median.get((classic, "published-c", None))
        for mode in native:
            name = f"published C / {mode}, {grid} x {grid}, evolve"
            ratio(name, published, median.get((classic, mode, None)), {"at_least": 1.0})
        for mode in native:
            name = f"published C / {mode}, {grid} x {grid}, evolve_steps"
            ratio(name, published, median.get((steps, mode, None)), {"at_least": at_least})
    for case in cases.CALLS:
        pyo3, capi = median.get((case.name, "pyo3", None)), median.get((case.name, "capi", None))
        limit = {"at_most": PYO3_CALLS[case.name]}
        ratio(f"PyO3 / raw C API, {case.name}", pyo3, capi, limit)
    for hand in race["by_hand"]:
        mode, key = hand["mode"], (hand["case"], hand["mode"], hand.get("n"))
        name = f"{mode} / {mode} by hand, {hand['case']}"
        ratio(name, median.get(key), hand["median"], {"at_most": 1.1})
    return rows


def medians(processes: list[list[float]]) -> list[float]:
    """Return the typical time of each process."""
    return [statistics.median(process) for process in processes]


def process_medians(row: Json) -> list[float] | None:
    """Return the median of each process, which is what uncertainty comes from.

    None for a row of a record that was written before records kept them.
    """
    if "samples" in row:
        return medians(row["samples"])
    found: list[float] | None = row.get("process_medians")
    return found


def record_of(race: Json) -> Json:
    """Return the race with one median a process in place of its samples.

    That is small enough to keep in the repository.
    """
    small = dict(race)
    for part in ("measurements", "limits"):
        if part in race:
            small[part] = [_without_samples(row) for row in race[part]]
    return small


def keep(records: Path, name: str, race: Json) -> Path:
    """Write a record to ``records/DATE/NAME.json``; return its path.

    A quick one is named so, and nothing takes it for the newest record.
    """
    quick = "-quick" if race["quick"] else ""
    path: Path = records / race["measured_at"][:10] / f"{name}{quick}.json"
    write(path, record_of(race))
    return path


def _without_samples(row: Json) -> Json:
    small = {key: value for key, value in row.items() if key != "samples"}
    if (found := process_medians(row)) is not None:
        small["process_medians"] = [short(median) for median in found]
    return small


def write(path: Path, race: Json) -> None:
    """Write the race, a row a line; an existing file is replaced by a whole one."""
    parts = []
    for key, value in race.items():
        if isinstance(value, list) and value:
            text = "[\n" + ",\n".join(f"  {json.dumps(row)}" for row in value) + "\n ]"
        else:
            text = json.dumps(value)
        parts.append(f" {json.dumps(key)}: {text}")
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    new.replace(path)
