"""The command: install the peers, check them, race them, show and write the result."""

import argparse
import io
import sys
from pathlib import Path

from rich.console import Console

from .. import compare, machine, report
from ..__main__ import _progress
from . import all_peers, chosen, environment
from .document import document
from .peer import Peer
from .referee import FULL, QUICK, Referee
from .tables import Tables

Json = dict[str, object]


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ffi_workbook.race.peers",
        description="Race what else people use on the same work: each peer in a process of its "
        "own, checked against ours, and asked in turn.",
        epilog="Some peers are installed into target/peers first; `make clean` removes them.",
    )
    families = ", ".join(dict.fromkeys(peer.family for peer in all_peers()))
    parser.add_argument("--quick", action="store_true", help="much shorter, wider intervals")
    parser.add_argument(
        "--peers", metavar="A,B", default="", help=f"only these (default: all), of {families}"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("peers.json"), metavar="FILE", help="the JSON to write"
    )
    parser.add_argument(
        "--record",
        type=Path,
        metavar="DIR",
        help="also keep a record in a dated folder here, with medians in place of samples",
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the order of the peers")
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help="measure nothing; show the tables of a JSON"
    )
    parser.add_argument(
        "--root",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="top of the checkout, with requirements/peers (default: the current folder)",
    )
    options = parser.parse_args(arguments)
    names = [name.strip() for name in options.peers.split(",") if name.strip()]
    try:
        options.peers = chosen(names, all_peers())
    except KeyError as error:
        parser.error(error.args[0])
    return options


def announce(peers: list[Peer], root: Path, console: Console) -> None:
    """Say what will be downloaded, before it is."""
    told = False
    for peer in peers:
        if not peer.requirements or not peer.download:
            continue
        try:
            ready = environment.is_ready(peer.requirements, root)
        except environment.InstallError:
            ready = True  # there is nothing to download; the referee tells why
        if not ready:
            console.print(f"  {peer.family} will be installed: {peer.download}", markup=False)
            told = True
    if told:
        console.print(
            "  It goes into target/peers, once. PEERS=numba,devito races only some.", markup=False
        )


def race(options: argparse.Namespace, console: Console) -> Json:
    warnings = machine.warnings()
    root = options.root.resolve()
    announce(options.peers, root, console)
    with _progress(console) as progress:
        task = progress.add_task("starting", total=1.0)
        last = ""

        def tell(text: str, part: float) -> None:
            nonlocal last
            if part < 0:
                console.print(f"  {text}", markup=False)
                return
            progress.update(task, description=text, completed=part)
            if not console.is_terminal and text != last:
                console.print(f"  {100 * part:3.0f} % | {text}", markup=False)
            last = text

        effort = QUICK if options.quick else FULL
        referee = Referee(options.peers, effort, root, options.seed, tell)
        referee.run()
    others = [peer for peer in all_peers() if peer not in options.peers]
    return document(referee, quick=options.quick, warnings=warnings, not_chosen=others)


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    try:
        if options.show:
            result = compare.read(options.show)
        else:
            result = race(options, console)
            report.write(options.out, result)
    except (OSError, RuntimeError, ValueError) as error:
        print(f"peers: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("peers: stopped; nothing was written", file=sys.stderr)
        return 130
    tables = Tables(result, console)
    tables.show()
    tables.ratios()
    if not options.show:
        console.print(f"\nwrote {options.out}", markup=False)
        if options.record:
            kept = report.keep(options.record, "peers", result)
            console.print(f"wrote {kept}", markup=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
