"""The command: check the modes, race them, show and write the result."""

import argparse
import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from .. import modes
from . import aa, cases, compare, machine, report
from .tables import Tables
from .worker import Plan, run_worker

Json = dict[str, Any]


@dataclass(frozen=True)
class Effort:
    """How much to measure."""

    processes: int
    sizes: tuple[int, ...]
    large_steps: int
    sample_seconds: float
    rounds: int
    enough_seconds: float
    patience_seconds: float


FULL = Effort(
    processes=8,
    sizes=(*(m * 10**e for e in range(7) for m in (1, 3)), 10**7),
    large_steps=20,
    sample_seconds=2e-3,
    rounds=12,
    enough_seconds=0.3,
    patience_seconds=20.0,
)
QUICK = Effort(
    processes=3,
    sizes=(1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000),
    large_steps=10,
    sample_seconds=5e-4,
    rounds=5,
    enough_seconds=0.1,
    patience_seconds=1.0,
)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ffi_workbook.race",
        description="Time the same Rust kernels in every mode of calling them from Python.",
        epilog="Figures are drawn by `make figures` from the JSON that this writes.",
    )
    parser.add_argument("--quick", action="store_true", help="much shorter, wider intervals")
    parser.add_argument(
        "--modes", metavar="A,B", help="only these modes (default: all that load here)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("race.json"), metavar="FILE", help="the JSON to write"
    )
    parser.add_argument(
        "--record",
        type=Path,
        metavar="DIR",
        help="also keep a record in a dated folder here, with medians in place of samples",
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the order of the modes")
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help="measure nothing; show the tables of a JSON"
    )
    parser.add_argument(
        "--aa",
        metavar="MODE",
        help="race a mode against itself, and tell how often a difference is seen",
    )
    parser.add_argument("--runs", type=int, default=20, help="how often, with --aa (20)")
    options = parser.parse_args(arguments)
    known = [mode.name for mode in modes.all_modes()]
    options.modes = options.modes.split(",") if options.modes else known
    asked = [options.aa] if options.aa else options.modes
    if unknown := [name for name in asked if name not in known]:
        parser.error(f"there is no mode {unknown[0]!r}: the modes are {', '.join(known)}")
    if options.runs < 1:
        parser.error(f"--runs is {options.runs}; it must be at least 1")
    return options


def check_modes(names: list[str], console: Console) -> Json:
    """Load each mode in a process of its own: a crash is that mode's only."""
    statuses: Json = {}
    with _progress(console) as progress:
        task = progress.add_task("loading modes", total=len(names))
        for name in names:
            progress.update(task, description=f"loading {name}")
            command = [sys.executable, "-m", "ffi_workbook.modes", "--json", name]
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            try:
                statuses[name] = json.loads(result.stdout)[name]
            except (ValueError, KeyError):
                lines = [line for line in result.stderr.splitlines() if line.strip()]
                reason = lines[-1] if lines else f"the process ended with {result.returncode}"
                statuses[name] = {"status": "failed", "reason": reason}
            if not console.is_terminal or statuses[name]["status"] != "ok":
                reason = statuses[name]["reason"] or ""
                console.print(f"  {name}: {statuses[name]['status']} {reason}", markup=False)
            progress.advance(task)
    return statuses


def race(options: argparse.Namespace, console: Console) -> Json:
    effort = QUICK if options.quick else FULL
    warnings = machine.warnings()
    statuses = check_modes(options.modes, console)
    racing = [name for name in options.modes if statuses[name]["status"] == "ok"]
    if not racing:
        raise RuntimeError("no mode could be loaded: nothing to race")
    results = report.Results()
    with _progress(console) as progress:
        task = progress.add_task("racing", total=None)
        for number in range(effort.processes):
            plan = Plan(
                modes=racing,
                seed=1000 * options.seed + number,
                sizes=list(effort.sizes),
                large_steps=effort.large_steps,
                sample_seconds=effort.sample_seconds,
                rounds=effort.rounds,
                enough_seconds=effort.enough_seconds,
                patience_seconds=effort.patience_seconds,
            )
            for message in run_worker(plan):
                if "label" not in message:
                    results.take(message)
                    continue
                which = f"process {number + 1} of {effort.processes}"
                total = effort.processes * message["total"]
                done = number * message["total"] + message["progress"]
                label = f"{which}: {message['label']}"
                progress.update(task, total=total, completed=done, description=label)
                if not console.is_terminal:
                    console.print(f"  {done:3} of {total} | {label}")
    heat = cases.heat_cases(effort.large_steps)
    return report.document(results, statuses, heat, quick=options.quick, warnings=warnings)


def against_itself(options: argparse.Namespace, console: Console) -> aa.Tally:
    status = check_modes([options.aa], console)[options.aa]
    if status["status"] != "ok":
        raise RuntimeError(f"{options.aa} cannot be raced: {status['reason']}")
    tally = aa.Tally()
    with _progress(console) as progress:
        task = progress.add_task(f"{options.aa} against itself", total=options.runs)
        for number in range(options.runs):
            seed = options.runs * options.seed + number
            tally.add(aa.one_run(options.aa, QUICK.processes, seed), options.aa)
            progress.advance(task)
    return tally


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal without the letter µ must not cost an hour of measuring.
        sys.stdout.reconfigure(errors="replace")
    # Written to a file or a pipe there is no width to fit into.
    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    try:
        if options.aa:
            against_itself(options, console).show(options.aa, console)
            return 0
        if options.show:
            result = compare.read(options.show)
        else:
            result = race(options, console)
            report.write(options.out, result)
    except (OSError, RuntimeError, ValueError) as error:
        print(f"race: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("race: stopped; nothing was written", file=sys.stderr)
        return 130
    tables = Tables(result, console)
    tables.show()
    tables.ratios()
    if not options.show:
        console.print(f"\nwrote {options.out}", markup=False)
        if options.record:
            kept = report.keep(options.record, "race", result)
            console.print(f"wrote {kept}", markup=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
