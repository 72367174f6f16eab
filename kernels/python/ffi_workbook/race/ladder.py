"""What each idea of the fast heat kernel gains, and how far from this machine's roofs it is.

``python -m ffi_workbook.race.ladder`` times the rungs of ``rungs.py`` in turns, on
the same arrays as ``np.copyto``, in several processes; then the same machine's
memory and arithmetic. It writes a document of the race's shape.
"""

import argparse
import statistics
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from . import command, machine, noise, report
from .ladder_worker import Plan, steps_of
from .rungs import ARITHMETIC, BY_NAME, RUNGS, STREAMS, Library, Rung
from .tables import Tables, three_digits

Json = dict[str, Any]

#: The grid that the promises speak of.
MAIN = 4000


@dataclass(frozen=True)
class Effort:
    """How much to measure."""

    processes: int
    rounds: int
    large_rounds: int
    updates: float
    sizes: tuple[int, ...]


FULL = Effort(5, 5, 1, 4e8, (200, 500, 1000, 2000, 4000, 8000, 16000))
QUICK = Effort(2, 2, 1, 1e8, (200, 1000, 4000))
#: Where the arrays of a memory loop fit.
LEVELS = ("l1", "l2", "memory")
#: What the roofs are measured on.
THREADS = (Rung("threads-1", "one thread"), Rung("threads-2", "two threads"))
#: A thread's share of memory that no cache holds, where the caches are unknown.
BEYOND_CACHES = 256 * 2**20


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ffi_workbook.race.ladder",
        description="Time the steps from the published heat loop to the fast kernel.",
        epilog="`make ladder` builds the library that this needs, and draws the figures.",
    )
    command.add_options(parser, "ladder", of="rungs")
    parser.add_argument(
        "--library",
        type=Path,
        metavar="FILE",
        help="the compiled crate `ladder`: target/release/libladder.so or its like",
    )
    parser.add_argument(
        "--sizes", metavar="N,N", help="sides of the grids (default: up to 16000, which needs 4 GB)"
    )
    options = parser.parse_args(arguments)
    if not options.show and not (options.library and options.library.is_file()):
        parser.error(f"there is no library {options.library or ''}: run `make ladder`")
    try:
        options.sizes = [int(word) for word in options.sizes.split(",")] if options.sizes else None
    except ValueError:
        parser.error(f"--sizes is {options.sizes!r}; it must be whole numbers: 200,4000")
    if options.sizes and min(options.sizes) < 3:
        parser.error(f"--sizes has {min(options.sizes)}; a grid has at least 3 rows")
    return options


def levels(described: Json) -> dict[str, int]:
    """Return how many bytes a thread moves at each level of this machine's memory."""
    l1, l2 = described["l1d_bytes"] or 32 * 2**10, described["l2_bytes"] or 512 * 2**10
    beyond = max(BEYOND_CACHES, 8 * (described["l3_bytes"] or 0))
    return dict(zip(LEVELS, (l1 * 3 // 4, l2 // 2, beyond), strict=True))


def ladder(options: argparse.Namespace, console: Console) -> Json:
    effort = QUICK if options.quick else FULL
    sizes = options.sizes or [*effort.sizes]
    warnings = machine.warnings()
    described = machine.machine()
    results = report.Results()
    plans = [
        Plan(
            library=str(options.library.resolve()),
            seed=1000 * options.seed + number,
            sizes=sizes,
            all_rungs=[n for n in sizes if n in (200, 1000, MAIN)] or sizes[:1],
            updates=effort.updates,
            rounds=effort.rounds,
            large_rounds=effort.large_rounds,
            large=5000**2,
            levels=levels(described),
        )
        for number in range(effort.processes)
    ]
    command.run_processes(plans, "ffi_workbook.race.ladder_worker", results, console)
    plan = plans[0]  # they differ in the seed alone
    library = Library(options.library)
    cut = {
        (rung.name, n): library.plan(n, steps_of(plan, rung, n), rung.threads)
        for rung in RUNGS
        for n in sizes
        if rung.bytes is None and not rung.single
    }
    return document(
        results, described, sizes, cut, quick=options.quick, warnings=warnings, plan=plan
    )


def document(
    results: report.Results,
    described: Json,
    sizes: list[int],
    cut: dict[tuple[str, int], dict[str, int]],
    *,
    quick: bool,
    warnings: list[str],
    plan: Plan,
) -> Json:
    """Return all that was measured as one JSON document."""
    measurements = results.measurements()
    roofs = [row for row in measurements if row["case"].startswith("roof_")]
    found: Json = {
        "schema": report.SCHEMA,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "machine": {**described, "warnings": [*warnings, *noise.warnings(results.noise)]},
        "versions": machine.versions(),
        "modes": [
            {
                "name": rung.name,
                "title": rung.title,
                "kind": rung.kind,
                "deprecated": False,
                "status": "ok",
                "reason": None,
            }
            for rung in (*RUNGS, *THREADS)
        ],
        "cases": [
            *(
                {
                    "name": f"heat_{n}",
                    "title": f"{n} x {n}",
                    "group": "ladder",
                    "grid": [n, n],
                    "steps": steps_of(plan, BY_NAME["skew-1"], n),
                }
                for n in sizes
            ),
            *(
                {"name": case, "title": case.replace("_", " "), "group": "roof"}
                for case in dict.fromkeys(row["case"] for row in roofs)
            ),
        ],
        "measurements": measurements,
        "skipped": [
            {"case": case, "mode": mode, "n": n, "reason": reason}
            for (case, mode, n), reason in results.skipped.items()
        ],
        "noise": results.noise,
        "roofline": roofline(measurements, cut, max(plan.all_rungs)),
    }
    found["ratios"] = ratios(measurements, sizes)
    return found


def roofline(
    measurements: Iterable[Json], cut: dict[tuple[str, int], dict[str, int]], side: int
) -> Json:
    """Return the roofs in GB/s and Gflop/s, and where each rung stands below them.

    The rungs are those of the grid with ``side`` rows. G is 10^9. Bytes are those
    that a loop reads and writes by name. A roof is what is possible: the shortest
    sample. A rung is what is usual: the median.
    """
    rows = {(row["case"], row["mode"]): row for row in measurements}

    def rate(case: str, amount: float) -> Json:
        """Return ``amount`` units a sample, by the number of threads."""
        shortest = {
            threads: min(chain(*rows[case, f"threads-{threads}"]["samples"]))
            for threads in (1, 2)
            if (case, f"threads-{threads}") in rows
        }
        return {str(threads): _rounded(amount / x / 1e9) for threads, x in shortest.items()}

    return {
        "bandwidth": {
            level: {
                kind: rate(f"roof_{level}_{kind}", moved) for kind, (_, moved) in STREAMS.items()
            }
            for level in LEVELS
        },
        "flops": {kind: rate(f"roof_compute_{kind}", 1) for kind in ARITHMETIC},
        "grid": [side, side],
        "rungs": [
            point
            for rung in RUNGS
            if (row := rows.get((f"heat_{side}", rung.name))) and rung.flops and not rung.single
            for point in [place(rung, row["median"], cut.get((rung.name, side)), side)]
        ],
        "plan": {name: plan for (name, n), plan in cut.items() if n == side},
    }


def place(rung: Rung, seconds: float, plan: dict[str, int] | None, side: int) -> Json:
    """Return where a rung stands that takes so many seconds for a step of ``side**2`` cells."""
    moved = rung.bytes if rung.bytes is not None else bytes_of(plan or {}, side)
    return {
        "mode": rung.name,
        "threads": rung.threads,
        "flops_per_cell": rung.flops,
        "bytes_per_cell": _rounded(moved),
        "intensity": _rounded(rung.flops / moved),
        "gflops": _rounded(rung.flops * side**2 / seconds / 1e9),
    }


def _rounded(value: float) -> float:
    """Return a number with three digits: pages show it as it is."""
    rounded = float(f"{value:.3g}")
    return int(rounded) if rounded.is_integer() else rounded


def bytes_of(plan: dict[str, int], side: int) -> float:
    """Return the bytes a cell and step of a plan.

    Each trip reads the tile and ``depth`` cells around it, and writes the tile.
    """
    depth, height, width = plan["depth"], plan["height"], plan["width"]
    around = min(height + 2 * depth, side) * min(width + 2 * depth, side) / (height * width)
    return 8 * (around + 1) / depth


def ratios(measurements: Iterable[Json], sizes: list[int]) -> list[Json]:
    """Return the ratios this project promises for the kernel, as this run has them.

    Each is the median over the processes of the ratio in one process, where what
    disturbs the one disturbs the other.
    """
    by_process = {
        (row["case"], row["mode"]): report.medians(row["samples"]) for row in measurements
    }
    rows: list[Json] = []

    def ratio(
        name: str, top: list[float] | None, bottom: list[float] | None, **limit: float
    ) -> None:
        if not (top and bottom):
            return
        value = statistics.median(a / b for a, b in zip(top, bottom, strict=False))
        rows.append(
            {
                "name": name,
                "value": report.short(value),
                **limit,
                "holds": value <= limit["at_most"],
            }
        )

    def cell(n: int, mode: str) -> list[float] | None:
        found = by_process.get((f"heat_{n}", mode))
        return [seconds / n**2 for seconds in found] if found else None

    copy = cell(MAIN, "copyto")
    ratio(f"two threads / np.copyto, {MAIN} x {MAIN}", cell(MAIN, "skew-2"), copy, at_most=0.35)
    ratio(f"one thread / np.copyto, {MAIN} x {MAIN}", cell(MAIN, "skew-1"), copy, at_most=0.7)
    for mode, words in (("skew-1", "one thread"), ("skew-2", "two threads")):
        for n in (200, 1000):
            name = f"a cell of {n} x {n} / of {MAIN} x {MAIN}, {words}"
            ratio(name, cell(n, mode), cell(MAIN, mode), at_most=1.05)
    for mode, words in (("skew-1", "one thread"), ("skew-2", "two threads")):
        flat = [found for n in sizes if n >= 1000 and (found := cell(n, mode))]
        if len(flat) > 1:
            middle = sorted(flat, key=statistics.median)
            largest = max(n for n in sizes if cell(n, mode))
            name = f"dearest / cheapest cell, 1000 x 1000 to {largest} x {largest}, {words}"
            ratio(name, middle[-1], middle[0], at_most=1.25)
    return rows


class LadderTables(Tables):
    """The ladder for a terminal."""

    def show(self) -> None:
        described = self.race["machine"]
        quick = ", quick run" if self.race["quick"] else ""
        self.console.print(f"\n[bold]The ladder[/bold] on {described['cpu']}{quick}")
        cases = [case for case in self.race["cases"] if case["group"] == "ladder"]
        self._by_cases("Time of one step", cases)
        self.cells(cases)
        self.roofs()
        self.footnotes()

    def cells(self, cases: list[Json]) -> None:
        table = self._table("Nanoseconds a cell and step", *(case["title"] for case in cases))
        for mode in self.modes:
            rows = [self.rows.get((case["name"], mode["name"], None)) for case in cases]
            if any(rows):
                table.add_row(
                    mode["title"],
                    *(
                        three_digits(1e9 * row["median"] / case["grid"][0] ** 2) if row else "-"
                        for case, row in zip(cases, rows, strict=True)
                    ),
                )
        self.console.print(table)

    def roofs(self) -> None:
        found = self.race["roofline"]
        table = Table(title="What this machine allows", title_justify="left")
        for column in ("loop", "1 thread", "2 threads", "unit"):
            table.add_column(column)
        for level, kinds in found["bandwidth"].items():
            for kind, rates in kinds.items():
                table.add_row(f"{level}, {kind}", *map(str, rates.values()), "GB/s")
        for kind, rates in found["flops"].items():
            table.add_row(f"compute, {kind}", *map(str, rates.values()), "Gflop/s")
        self.console.print(table)

    def footnotes(self) -> None:
        for skipped in self.race["skipped"]:
            self.console.print(f"  - {skipped['case']}, {skipped['mode']}: {skipped['reason']}")
        self.noise()


def show(found: Json, console: Console) -> None:
    tables = LadderTables(found, console)
    tables.show()
    tables.ratios()


def main(arguments: list[str] | None = None) -> int:
    return command.run("ladder", parse(arguments), ladder, show)


if __name__ == "__main__":
    sys.exit(main())
