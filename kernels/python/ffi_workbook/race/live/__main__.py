"""The command: the live race in a terminal."""

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ffi_workbook.race.live",
        description="Race the modes live: bars and lines that move while it measures.",
        epilog="In the view, h shows the keys. Exported JSON can be read by "
        "`python -m ffi_workbook.race --show FILE` and by `make race-compare`.",
    )
    parser.add_argument("--kernel", metavar="NAME", help="begin with this kernel (noop)")
    parser.add_argument("--size", type=int, metavar="N", help="begin with this size")
    parser.add_argument(
        "--modes", metavar="A,B", help="begin with these modes on (default: all but few)"
    )
    parser.add_argument(
        "--replay", type=Path, metavar="FILE", help="measure nothing; show a saved race again"
    )
    parser.add_argument(
        "--at-once", action="store_true", help="with --replay: do not move, show its end"
    )
    parser.add_argument("--light", action="store_true", help="dark on light, for a bright room")
    parser.add_argument(
        "--save-to",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="where e and j write the figure and the JSON (here)",
    )
    parser.add_argument(
        "--window",
        action="store_true",
        help="measure nothing; show what is pinned in the race of another terminal, large",
    )
    options = parser.parse_args(arguments)
    if options.at_once and not options.replay:
        parser.error("--at-once is for --replay FILE")
    if options.save_to.exists() and not options.save_to.is_dir():
        parser.error(f"--save-to is {options.save_to}, which is not a folder")
    return options


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    if not find_spec("textual"):
        print("race-live: it needs the package textual: `make race-live` installs it",
              file=sys.stderr)  # fmt: skip
        return 1
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("race-live: this is a view for a terminal, and here is none", file=sys.stderr)
        return 1
    if options.window:
        from .window import WindowApp

        WindowApp(options.save_to, dark=not options.light).run()
        return 0
    # Loaded only now, so that --help and mistakes are answered at once.
    from .start import controls

    try:
        shown = controls(
            kernel=options.kernel,
            size=options.size,
            modes=options.modes.split(",") if options.modes else None,
            replay=options.replay,
            at_once=options.at_once,
            dark=not options.light,
            folder=options.save_to,
        )
    except (OSError, ValueError) as error:
        print(f"race-live: {error}", file=sys.stderr)
        return 1
    from .terminal import RaceApp
    from .window import Shared

    shared = Shared(options.save_to)
    try:
        RaceApp(shown, shared).run()
    finally:
        shared.remove()
        shown.race.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
