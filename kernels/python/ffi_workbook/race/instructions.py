"""Count the machine instructions of one call, in every mode: no clock, no noise.

Each mode runs in a process of its own under callgrind, which counts only between
two marks. A call is made n times and 2n times; the difference, over n, is what one
call takes, and an empty loop is taken off. The same machine code gives the same
count, whatever else the machine does. What each part of the process (the
interpreter, libffi, our library) takes of it is told too.

    python -m ffi_workbook.race.instructions --out instructions.json
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from .. import modes
from ..library import built
from ..modes._compile import build_extension
from ..modes._load import module_from
from . import machine
from .cases import CALLS, timed_call
from .timing import Timed, undisturbed

Json = dict[str, Any]

_SOURCE = Path(__file__).parent / "callgrind_mark.c"
_NAME = "_callgrind_mark"

#: Runs before counting: Python adapts the bytecode to what it calls.
_WARM_UP = 200

#: Seconds for one mode. Under valgrind everything is some fifty times as slow, and
#: what is large (Numba) takes minutes to load.
_PATIENCE = 600

#: What a reader calls the files that the instructions are in, by their names.
PARTS = (
    (r"python[\d.]*$|libpython", "interpreter"),
    (r"_ctypes", "_ctypes"),
    (r"_cffi_backend", "cffi backend"),
    (r"libffi", "libffi"),
    (r"libkernels", "libkernels"),
    (r"libc[.-]|ld-linux|libpthread|libm[.-]", "C library"),
    (r"", "extension module"),
)


class CountingError(RuntimeError):
    """Instructions cannot be counted here; the message says what is missing."""


def mark() -> Any:
    """Return the module with the marks, compiled on first use."""

    def build(folder: Path) -> None:
        build_extension(folder, _NAME, [str(_SOURCE)])

    source = _SOURCE.read_text(encoding="utf-8")
    return module_from(built("callgrind-mark", [source], build), _NAME)


# ---------------------------------------------------------------- in the child


def count_mode(name: str, calls: int) -> None:
    """Make the calls of one mode between marks; write the cases to standard output.

    Callgrind writes a file for each mark: for every case, an empty loop and a loop
    of calls, each of n and of 2n rounds.
    """
    marks = mark()
    kernels = modes.load(name)
    with undisturbed():
        for case in CALLS:
            timed = timed_call(case, kernels)
            if timed is None:
                continue
            for loop in (_empty(timed), timed):
                loop.count = _WARM_UP
                loop.run()
                for loop.count in (calls, 2 * calls):
                    marks.toggle()
                    loop.run()
                    marks.toggle()
                    marks.dump()
            print(case.name, flush=True)


def _empty(timed: Timed) -> Timed:
    """Return the same loop without the call."""
    return Timed(timed.call, timed.args, unroll=0)


# ---------------------------------------------------------------- in the parent


def count(name: str, calls: int) -> list[Json]:
    """Return a row for each case of a mode. Raises CountingError."""
    valgrind = shutil.which("valgrind")
    if not valgrind:
        raise CountingError("valgrind is not installed: on Debian and Ubuntu, apt install valgrind")
    child = [sys.executable, "-m", __spec__.name, "--child", name, "--calls", str(calls)]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        options = ["--tool=callgrind", "--collect-atstart=no", f"--callgrind-out-file={out}"]
        # Once without valgrind: what compiles itself then finds it done.
        _run(name, child)
        ended = _run(name, [valgrind, *options, *child])
        rows = []
        for index, case in enumerate(ended.stdout.split()):
            files = [out.with_name(f"{out.name}.{4 * index + i}") for i in (1, 2, 3, 4)]
            empty, empty_twice, loop, loop_twice = (by_part(f.read_text("utf-8")) for f in files)
            parts = Counter(loop_twice)
            parts.subtract(loop)
            parts.subtract(empty_twice)
            parts.update(empty)
            each = {part: round(n / calls, 1) for part, n in parts.most_common() if n > calls / 20}
            rows.append(
                {
                    "case": case,
                    "mode": name,
                    "instructions": round(sum(parts.values()) / calls, 1),
                    "parts": each,
                }
            )
        return rows


def _run(name: str, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a child to its end. Raises CountingError."""
    environment = {
        **os.environ,
        # Dictionaries are laid out the same in every run.
        "PYTHONHASHSEED": "0",
        # Numba keeps what it compiles by processor, and valgrind's is another one.
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
    }
    try:
        ended = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CountingError(f"mode {name}: not done after {_PATIENCE} s") from None
    if ended.returncode:
        raise CountingError(f"mode {name}: {_last_line(ended.stderr)}")
    return ended


def by_part(text: str) -> Counter[str]:
    """Return the instructions in each part, from a file of callgrind.

    A line of costs belongs to the object file named last. The line after "calls="
    repeats what the called function takes, which stands at that function too.
    """
    names: dict[str, str] = {}
    found: Counter[str] = Counter()
    current, skip = "", False
    for line in text.splitlines():
        if match := re.match(r"ob=(\(\d+\))(?: (.*))?", line):
            names.setdefault(match[1], match[2] or "")
            current = _part(names[match[1]])
        elif match := re.match(r"cob=(\(\d+\)) (.*)", line):
            names.setdefault(match[1], match[2])
        elif line.startswith("calls="):
            skip = True
        elif re.match(r"[+\-*\d]", line):
            if not skip:
                found[current] += int(line.split()[1])
            skip = False
    return found


def _part(path: str) -> str:
    name = Path(path).name
    return next(part for pattern, part in PARTS if re.search(pattern, name))


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line and not line.startswith("==")]
    return lines[-1] if lines else "no message"


def table(rows: list[Json]) -> Table:
    """Return the counts, a line for each mode."""
    shown = Table(title="Machine instructions of one call")
    shown.add_column("mode")
    for case in CALLS:
        shown.add_column(case.title, justify="right")
    shown.add_column(f"where they are, for {CALLS[1].title}")
    by_mode: dict[str, dict[str, Json]] = {}
    for row in rows:
        by_mode.setdefault(row["mode"], {})[row["case"]] = row
    for mode, found in by_mode.items():
        counts = [f"{found[c.name]['instructions']:,.0f}" if c.name in found else "" for c in CALLS]
        parts = found.get(CALLS[1].name, {}).get("parts", {})
        where = ", ".join(f"{part} {n:,.0f}" for part, n in parts.items())
        shown.add_row(modes.get(mode).title, *counts, where)
    return shown


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ffi_workbook.race.instructions",
        description="Count the machine instructions of one call in every mode, with callgrind.",
    )
    parser.add_argument("--modes", metavar="A,B", help="only these (default: all that load here)")
    parser.add_argument("--calls", type=int, default=1000, help="calls to count (default: 1000)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the JSON to write")
    parser.add_argument("--child", metavar="MODE", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.calls < 1:
        parser.error(f"--calls {options.calls}: it must be 1 or more")
    if options.child:
        count_mode(options.child, options.calls)
        return 0

    console = Console(stderr=True)
    names = options.modes.split(",") if options.modes else [m.name for m in modes.all_modes()]
    rows: list[Json] = []
    failed: list[Json] = []
    for name in names:
        try:
            modes.get(name)
        except KeyError as error:
            parser.error(error.args[0])
        console.print(f"counting {name} ...")
        try:
            rows += count(name, options.calls)
        except (CountingError, ImportError, OSError) as error:
            failed.append({"mode": name, "reason": str(error)})
            console.print(f"  not counted: {error}")
    Console().print(table(rows))
    if options.out:
        result = {
            "counted_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "calls": options.calls,
            "machine": machine.machine(),
            "versions": machine.versions(),
            "instructions": rows,
            "failed": failed,
        }
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0 if rows else 1


if __name__ == "__main__":
    raise SystemExit(main())
