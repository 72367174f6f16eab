"""The command: check the modes, race them, show and write the result."""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from .. import modes
from . import aa, cases, command, machine, report
from .tables import Tables
from .worker import Plan

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
    command.add_options(parser, "race", of="modes")
    parser.add_argument(
        "--modes", metavar="A,B", help="only these modes (default: all that load here)"
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
    with command.progress(console) as progress:
        task = progress.add_task("loading modes", total=len(names))
        for name in names:
            progress.update(task, description=f"loading {name}")
            loading = [sys.executable, "-m", "ffi_workbook.modes", "--json", name]
            result = subprocess.run(loading, capture_output=True, text=True, check=False)
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
    plans = [
        Plan(
            modes=racing,
            seed=1000 * options.seed + number,
            sizes=list(effort.sizes),
            large_steps=effort.large_steps,
            sample_seconds=effort.sample_seconds,
            rounds=effort.rounds,
            enough_seconds=effort.enough_seconds,
            patience_seconds=effort.patience_seconds,
        )
        for number in range(effort.processes)
    ]
    command.run_processes(plans, "ffi_workbook.race.worker", results, console)
    heat = cases.heat_cases(effort.large_steps)
    return report.document(results, statuses, heat, quick=options.quick, warnings=warnings)


def against_itself(options: argparse.Namespace, console: Console) -> aa.Tally:
    status = check_modes([options.aa], console)[options.aa]
    if status["status"] != "ok":
        raise RuntimeError(f"{options.aa} cannot be raced: {status['reason']}")
    tally = aa.Tally()
    with command.progress(console) as progress:
        task = progress.add_task(f"{options.aa} against itself", total=options.runs)
        for number in range(options.runs):
            seed = options.runs * options.seed + number
            tally.add(aa.one_run(options.aa, QUICK.processes, seed), options.aa)
            progress.advance(task)
    return tally


def show(race: Json, console: Console) -> None:
    tables = Tables(race, console)
    tables.show()
    tables.ratios()


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    if not options.aa:
        return command.run("race", options, race, show)
    console = command.console_of()
    tally, status = command.attempt("race", lambda: against_itself(options, console))
    if tally:
        tally.show(options.aa, console)
    return status


if __name__ == "__main__":
    sys.exit(main())
