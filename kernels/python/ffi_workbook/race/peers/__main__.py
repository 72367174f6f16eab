"""The command: install the peers, check them, race them, show and write the result."""

import argparse
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from .. import command, machine
from . import all_peers, chosen, environment
from .document import document
from .peer import Peer
from .referee import FULL, QUICK, Referee
from .tables import Tables

Json = dict[str, Any]


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ffi_workbook.race.peers",
        description="Race what else people use on the same work: each peer in a process of its "
        "own, checked against ours, and asked in turn.",
        epilog="Some peers are installed into target/peers first; `make clean` removes them.",
    )
    families = ", ".join(dict.fromkeys(peer.family for peer in all_peers()))
    command.add_options(parser, "peers", of="peers")
    parser.add_argument(
        "--peers", metavar="A,B", default="", help=f"only these (default: all), of {families}"
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
    with command.progress(console) as progress:
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


def show(result: Json, console: Console) -> None:
    tables = Tables(result, console)
    tables.show()
    tables.ratios()


def main(arguments: list[str] | None = None) -> int:
    return command.run("peers", parse(arguments), race, show)


if __name__ == "__main__":
    sys.exit(main())
