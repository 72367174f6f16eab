"""How fast the heat grid gets with more processes, over MPI and over Dask.

    python -m ffi_workbook.distributed.scaling --out fig/scaling.json

Three questions, with the same kernel and one thread in every process:

- **strong** scaling: one grid; how much faster do more processes step it?
- **weak** scaling: so many rows for each process; does a step take as long?
- the **halo**: a smaller grid, two processes; how does the time depend on how many
  steps there are for each exchange?

Every number of processes is a child of its own, in every round, in another order
each time. A child that fails or takes too long is killed and becomes a row that
says so; the rest goes on. All children take as many steps, and those with the
same grid must end with the same bits.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from ..race import command, machine, noise, report, tables
from . import launch
from .decompose import HALO
from .scaling_worker import Job, Plan

Json = dict[str, Any]

NAME = "scaling"

#: Rows for each process in weak scaling, and columns of all grids.
ROWS, COLUMNS = 2000, 4000
STRONG = (4000, COLUMNS)
#: Steps for each exchange, and the grid for that: smaller, so that exchanges show.
HALOS = (1, 4, 16, 32)
HALO_GRID = (2000, 2000)


@dataclass(frozen=True)
class Effort:
    """How much to measure."""

    rounds: int
    steps: int
    samples: int
    #: Twice as many processes as there are cores, too.
    oversubscribed: bool


FULL = Effort(rounds=5, steps=64, samples=3, oversubscribed=True)
QUICK = Effort(rounds=2, steps=32, samples=2, oversubscribed=False)


@dataclass(frozen=True)
class Mode:
    """A way to step the grid: one kind of process, and so many of them (or threads)."""

    kind: str  # threads, mpi or dask
    processes: int
    cores: int

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.processes}"

    @property
    def title(self) -> str:
        count = self.processes
        if self.kind == "threads":
            return f"one process, {count} thread{'s' * (count > 1)}"
        noun, plural = {"mpi": ("process", "es"), "dask": ("worker", "s")}[self.kind]
        system = {"mpi": "MPI", "dask": "Dask"}[self.kind]
        return f"{system}, {count} {noun}{plural if count > 1 else ''}"

    def jobs(self) -> list[Job]:
        jobs = [Job("strong", STRONG, HALO), Job("weak", (ROWS * self.processes, COLUMNS), HALO)]
        if self.kind == "threads":
            # One process has the same grid however many threads it has.
            jobs = jobs if self.processes == 1 else jobs[:1]
            return [*jobs, Job("halo_none", HALO_GRID, 0)]
        if self.processes == 2:
            jobs += [Job(f"halo_{halo}", HALO_GRID, halo) for halo in HALOS]
        return jobs

    def command(self, plan: Plan) -> list[str]:
        python = launch.mpiexec(self.processes) if self.kind == "mpi" else [sys.executable]
        worker = ["-m", "ffi_workbook.distributed.scaling_worker", self.kind, str(self.processes)]
        return [*python, *worker, plan.to_json()]

    def missing(self) -> str | None:
        """Return why it cannot run here, or None."""
        needed = {"threads": (), "mpi": ("mpi4py",), "dask": ("dask", "distributed")}[self.kind]
        for package in needed:
            if find_spec(package) is None:
                return f"{package} is not installed: make scaling installs it"
        if self.kind == "mpi":
            try:
                launch.mpiexec(1)
            except FileNotFoundError as error:
                return str(error)
        return None


def all_modes(cores: int, effort: Effort) -> list[Mode]:
    counts = sorted({1, 2, cores} | ({2 * cores} if effort.oversubscribed else set()))
    threads = [Mode("threads", count, cores) for count in sorted({1, 2, cores})]
    return threads + [Mode(kind, count, cores) for kind in ("mpi", "dask") for count in counts]


class Results:
    """What the children wrote, by mode and case."""

    def __init__(self) -> None:
        #: samples[case, mode] = one list a round.
        self.samples: dict[tuple[str, str], list[list[float]]] = defaultdict(list)
        self.lines: dict[tuple[str, str], list[Json]] = defaultdict(list)
        self.start_seconds: dict[str, list[float]] = defaultdict(list)
        self.messages: list[Json] = []
        self.noise: list[Json] = []
        #: Why something was not measured, by case, mode and round.
        self.failed: dict[tuple[str, str, int], str] = {}

    def take(self, mode: Mode, line: Json, launched: float) -> None:
        if "ready" in line:
            self.start_seconds[mode.name].append(line["ready"] - launched)
        elif "noise" in line:
            self.noise.append(line["noise"])
        elif "messages" in line:
            self.messages.append(line["messages"])
        else:
            self.samples[line["case"], mode.name].append(line["samples"])
            self.lines[line["case"], mode.name].append(line)


def run_child(mode: Mode, plan: Plan, seconds: float) -> str | None:
    """Run one child; return what went wrong, if something did."""
    try:
        done = launch.run(mode.command(plan), seconds=seconds)
    except (TimeoutError, OSError) as error:
        return str(error)
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        return "\n".join(lines[-15:]) or f"it ended with {done.returncode} and said nothing"
    return None


def measure(options: argparse.Namespace, console: Console) -> Json:
    effort = QUICK if options.quick else FULL
    cores = machine.machine()["cores"]
    warnings = machine.warnings()
    modes = all_modes(cores, effort)
    absent = {mode.name: reason for mode in modes if (reason := mode.missing())}
    running = [mode for mode in modes if mode.name not in absent]
    results, order = Results(), random.Random(options.seed)
    with (
        tempfile.TemporaryDirectory(prefix="heat-scaling-") as folder,
        command.progress(console) as progress,
    ):
        task = progress.add_task("scaling", total=effort.rounds * len(running))
        for number in range(effort.rounds):
            for mode in order.sample(running, len(running)):
                label = f"round {number + 1} of {effort.rounds}: {mode.title}"
                progress.update(task, description=label)
                jobs = mode.jobs()
                plan = Plan(
                    jobs=order.sample(jobs, len(jobs)),
                    warm_up_steps=max(HALOS),
                    steps=effort.steps,
                    samples=effort.samples,
                    out=str(Path(folder) / f"{number}-{mode.name}"),
                )
                launched = time.time()
                problem = run_child(mode, plan, options.deadline)
                written = {line.get("case") for line in _read(plan, mode, results, launched)}
                for job in jobs:
                    if job.case not in written:
                        reason = problem or "the child did not report it"
                        results.failed[job.case, mode.name, number] = reason
                if problem:
                    console.print(f"  {label}: failed\n{problem}", markup=False)
                elif not console.is_terminal:
                    console.print(f"  {label}: {time.time() - launched:.1f} s", markup=False)
                progress.advance(task)
    return document(results, modes, absent, effort, quick=options.quick, warnings=warnings)


def _read(plan: Plan, mode: Mode, results: Results, launched: float) -> Iterator[Json]:
    path = Path(plan.out)
    for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        line = json.loads(text)
        results.take(mode, line, launched)
        yield line


def document(
    results: Results,
    modes: list[Mode],
    absent: dict[str, str],
    effort: Effort,
    *,
    quick: bool,
    warnings: list[str],
) -> Json:
    """Return all that was measured, in the shape of the race's document."""
    differing = different_bits(results, modes)
    measured = {key: rounds for key, rounds in results.samples.items() if key not in differing}
    seconds = {key: _median(rounds) for key, rounds in measured.items()}
    skipped = [
        {"case": case, "mode": mode, "n": None, "round": number, "reason": reason}
        for (case, mode, number), reason in results.failed.items()
    ] + [{"case": c, "mode": m, "n": None, "reason": r} for (c, m), r in differing.items()]
    scaling: Json = {
        "schema": report.SCHEMA,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "machine": {
            **machine.machine(),
            "warnings": [*warnings, *noise.warnings(results.noise)],
        },
        "versions": {**machine.versions(), **_versions()},
        "modes": [_mode_row(mode, absent, results, measured) for mode in modes],
        "cases": list(_cases(modes)),
        "measurements": [
            {
                "case": case,
                "mode": mode,
                "n": None,
                **report.spread([sample for samples in rounds for sample in samples]),
                "samples": rounds,
            }
            for (case, mode), rounds in measured.items()
        ],
        "skipped": skipped,
        "noise": results.noise,
        "ratios": _ratios(seconds),
        "steps_per_sample": effort.steps,
        "details": [
            _detail(case, mode, lines)
            for (case, mode), lines in results.lines.items()
            if (case, mode) in measured
        ],
        "start_seconds": {
            mode: report.short(statistics.median(values))
            for mode, values in results.start_seconds.items()
        },
        "messages": {
            key: report.short(statistics.median(message[key] for message in results.messages))
            for key in (results.messages[0] if results.messages else ())
        },
    }
    scaling["derived"] = derived(scaling)
    return scaling


def _mode_row(
    mode: Mode, absent: dict[str, str], results: Results, measured: dict[tuple[str, str], Any]
) -> Json:
    status, reason = "ok", None
    if mode.name in absent:
        status, reason = "absent", absent[mode.name]
    elif not any(name == mode.name for _, name in measured):
        found = [why for (_, name, _), why in results.failed.items() if name == mode.name]
        status, reason = "failed", found[0] if found else "its bits differ"
    return {
        "name": mode.name,
        "title": mode.title,
        "kind": "native",
        "deprecated": False,
        "status": status,
        "reason": reason,
        "system": mode.kind,
        "processes": mode.processes,
        "oversubscribed": mode.processes > mode.cores,
    }


def _cases(modes: list[Mode]) -> Iterator[Json]:
    rows, columns = STRONG
    yield {
        "name": "strong",
        "title": f"{rows} x {columns} cells, shared",
        "group": "strong",
        "grid": STRONG,
        "halo": HALO,
    }
    yield {
        "name": "weak",
        "title": f"{ROWS} x {columns} cells each",
        "group": "weak",
        "rows_per_process": ROWS,
        "halo": HALO,
    }
    for halo in HALOS:
        steps = "step" if halo == 1 else "steps"
        yield {
            "name": f"halo_{halo}",
            "title": f"{halo} {steps} for each exchange",
            "group": "halo",
            "grid": HALO_GRID,
            "halo": halo,
        }
    yield {"name": "halo_none", "title": "no exchange", "group": "halo", "grid": HALO_GRID}


def different_bits(results: Results, modes: list[Mode]) -> dict[tuple[str, str], str]:
    """Return which measurements ended with other bits than one process, and why that is known.

    All take the same number of steps, so the grid alone says what must come out.
    """
    grids = {(job.case, mode.name): job.grid for mode in modes for job in mode.jobs()}
    wanted: dict[tuple[int, int], str] = {}
    wrong = {}
    # The modes stand in order, one process first: what it found is what is wanted.
    for mode in modes:
        for case, name in [key for key in results.lines if key[1] == mode.name]:
            for line in results.lines[case, name]:
                right = wanted.setdefault(grids[case, name], line["fingerprint"])
                if line["fingerprint"] != right:
                    wrong[case, name] = (
                        f"the field has the fingerprint {line['fingerprint']}: must be {right}"
                    )
    return wrong


def _detail(case: str, mode: str, lines: list[Json]) -> Json:
    """Return the medians of what the children told besides."""
    numbers = {
        key: report.short(statistics.median(line[key] for line in lines))
        for key, value in lines[0].items()
        if isinstance(value, float)
    }
    return {"case": case, "mode": mode, "fingerprint": lines[0]["fingerprint"], **numbers}


def _ratios(seconds: dict[tuple[str, str], float]) -> list[Json]:
    top, bottom = seconds.get(("strong", "threads-1")), seconds.get(("strong", "mpi-2"))
    if not (top and bottom):
        return []
    value = top / bottom
    name = f"one thread / MPI, 2 processes, {STRONG[0]} x {STRONG[1]}"
    return [{"name": name, "value": report.short(value), "at_least": 1.0, "holds": value >= 1.0}]


def derived(scaling: Json) -> Json:
    """Return speed-up, efficiency and what exchanges cost, of each mode: what pages show.

    The speed-up is against one thread in one process, which has no exchange at all.
    In weak scaling the efficiency is the time of the one over that of the many, each
    with as many rows for each process.
    """
    seconds = {(m["case"], m["mode"]): m["median"] for m in scaling["measurements"]}
    found: Json = {"speedup": {}, "efficiency": {}}
    for what, case in (("speedup", "strong"), ("efficiency", "weak")):
        base = seconds.get((case, "threads-1"))
        for mode in scaling["modes"]:
            time_of_mode = seconds.get((case, mode["name"]))
            if base and time_of_mode:
                found[what][mode["name"]] = float(f"{base / time_of_mode:.2g}")
    for case, keys in (("strong", _TEXTS), ("halo_1", ("exchange_share",))):
        rows = [detail for detail in scaling["details"] if detail["case"] == case]
        found[case] = {
            key: {row["mode"]: _TEXTS[key](row[key]) for row in rows if key in row} for key in keys
        }
    return found


#: How pages say what an exchange costs.
_TEXTS: dict[str, Callable[[float], str]] = {
    "exchange_share": lambda share: f"{share:.1%}",
    "bytes_per_step": lambda sent: f"{sent:,.0f}",
    "seconds_per_task": tables.seconds,
}


def _median(rounds: list[list[float]]) -> float:
    return statistics.median(sample for samples in rounds for sample in samples)


def _versions() -> dict[str, str]:
    found = {}
    for package in ("dask", "distributed", "mpi4py", "mpich", "openmpi"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def show(scaling: Json, console: Console) -> None:
    """Print the tables."""
    rows = {(m["case"], m["mode"]): m for m in scaling["measurements"]}
    details = {(d["case"], d["mode"]): d for d in scaling["details"]}

    def cell(case: str, mode: str) -> str:
        row = rows.get((case, mode))
        if row is None:
            return "[dim]-[/dim]"
        mark = f" [yellow]{tables.NOISY}[/yellow]" if noise.is_noisy(row) else ""
        return tables.seconds(row["median"]) + mark

    cases = {case["name"]: case["title"] for case in scaling["cases"]}
    table = Table(title="Time of one step", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("mode", no_wrap=True)
    for heading in (f"strong: {cases['strong']}", "speed-up", f"weak: {cases['weak']}"):
        table.add_column(heading, justify="right")
    for heading in ("efficiency", "exchanging", "bytes sent a step", "start"):
        table.add_column(heading, justify="right")
    for mode in scaling["modes"]:
        name, derived_of = mode["name"], scaling["derived"]
        detail = details.get(("strong", name), {})
        share, sent = detail.get("exchange_share"), detail.get("bytes_per_step")
        table.add_row(
            mode["title"] + (" *" if mode["oversubscribed"] else ""),
            cell("strong", name),
            f"{derived_of['speedup'].get(name, '-')}",
            cell("weak", name),
            f"{derived_of['efficiency'].get(name, '-')}",
            "-" if share is None else f"{share:.1%}",
            "-" if sent is None else f"{sent:,.0f}",
            tables.seconds(scaling["start_seconds"].get(name)),
        )
    console.print(table)

    table = Table(title="Time of one step by the halo", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("mode", no_wrap=True)
    halos = [case for case in scaling["cases"] if case["group"] == "halo"]
    for case in halos:
        table.add_column(case["title"], justify="right")
    for mode in scaling["modes"]:
        if any((case["name"], mode["name"]) in rows for case in halos):
            table.add_row(mode["title"], *(cell(case["name"], mode["name"]) for case in halos))
    console.print(table)
    if any(mode["oversubscribed"] for mode in scaling["modes"]):
        console.print("  * more processes than this machine has cores")
    for skipped in scaling["skipped"]:
        first = skipped["reason"].splitlines()[0]
        place = f"{skipped['mode']}, {skipped['case']}"
        console.print(f"  [red]failed[/red] {place}: {first}", highlight=False)
    for mode in scaling["modes"]:
        if mode["status"] == "absent":
            console.print(f"  {mode['title']}: absent ({mode['reason']})", markup=False)
    for warning in scaling["machine"]["warnings"]:
        console.print(f"  [yellow]noise:[/yellow] {warning}")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ffi_workbook.distributed.scaling",
        description="Time the heat grid on more and more processes, over MPI and over Dask.",
        epilog="Figures are drawn by `make figures` from the JSON that this writes.",
    )
    command.add_options(parser, NAME, of="children")
    parser.add_argument(
        "--deadline", type=float, default=240.0, metavar="S", help="seconds for a child (240)"
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    return command.run(NAME, parse(arguments), measure, show)


if __name__ == "__main__":
    sys.exit(main())
