"""What the commands that measure have in common: options, progress, and how they end."""

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from . import compare, report
from .worker import AnyPlan, run_worker

Json = dict[str, Any]


def add_options(parser: argparse.ArgumentParser, name: str, *, of: str) -> None:
    """Add what every such command can be told; ``of`` is what takes turns in it."""
    parser.add_argument("--quick", action="store_true", help="much shorter, wider intervals")
    parser.add_argument(
        "--out", type=Path, default=Path(f"{name}.json"), metavar="FILE", help="the JSON to write"
    )
    parser.add_argument(
        "--record",
        type=Path,
        metavar="DIR",
        help="also keep a record in a dated folder here, with medians in place of samples",
    )
    parser.add_argument("--seed", type=int, default=0, help=f"seed of the order of the {of}")
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help="measure nothing; show the tables of a JSON"
    )


def progress(console: Console) -> Progress:
    """Return a bar for a terminal; elsewhere it shows nothing."""
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


def run_processes(
    plans: Sequence[AnyPlan], module: str, results: report.Results, console: Console
) -> None:
    """Run a process for each plan, one after the other; tell how far it is."""
    with progress(console) as bar:
        task = bar.add_task("starting", total=None)
        for number, plan in enumerate(plans):
            for message in run_worker(plan, module):
                if "label" not in message:
                    results.take(message)
                    continue
                total = len(plans) * message["total"]
                done = number * message["total"] + message["progress"]
                label = f"process {number + 1} of {len(plans)}: {message['label']}"
                bar.update(task, total=total, completed=done, description=label)
                if not console.is_terminal:
                    console.print(f"  {done:3} of {total} | {label}", markup=False)


def run(
    name: str,
    options: argparse.Namespace,
    measure: Callable[[argparse.Namespace, Console], Json],
    show: Callable[[Json, Console], None],
) -> int:
    """Measure and write, or read what ``--show`` names; show it; return the exit status.

    ``name`` is the document's, and begins the line that says what went wrong. The file
    is written before anything is shown, so that nothing is lost by the showing.
    """
    console = console_of()

    def work() -> Json:
        if options.show:
            return compare.read(options.show)
        measured: Json = measure(options, console)
        report.write(options.out, measured)
        return measured

    result, status = attempt(name, work)
    if status:
        return status
    try:
        show(result, console)
    except KeyError as error:
        if not options.show:
            raise
        print(f"{name}: {options.show}: {error} is missing: not a {name} file?", file=sys.stderr)
        return 1
    if not options.show:
        console.print(f"\nwrote {options.out}", markup=False)
        if options.record:
            kept = report.keep(options.record, name, result)
            console.print(f"wrote {kept}", markup=False)
    return 0 if result["measurements"] else 1


def attempt(name: str, work: Callable[[], Any]) -> tuple[Any, int]:
    """Return what the work gives, and 0; or nothing, and the status to end with."""
    try:
        return work(), 0
    except (OSError, RuntimeError, ValueError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return None, 1
    except KeyboardInterrupt:
        print(f"{name}: stopped; nothing was written", file=sys.stderr)
        return None, 130


def console_of() -> Console:
    """Return where a command shows what it measured."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal without the letter µ must not cost an hour of measuring.
        sys.stdout.reconfigure(errors="replace")
    # Written to a file or a pipe there is no width to fit into.
    return Console(width=None if sys.stdout.isatty() else 150, highlight=False)
