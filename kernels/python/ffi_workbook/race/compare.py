"""What changed between two races.

    python -m ffi_workbook.race.compare OLD.json NEW.json

compares the time of each case, mode and size. The uncertainty comes from the
processes of each race, one median each: a full race keeps all samples, a record
keeps these medians. It holds what differs between the processes of one race, and
not what changed on the machine from one race to the other: the reference loop of
``noise`` and the copy of a grid, which no code of ours changes, tell of that.
"""

import argparse
import json
import math
import statistics
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from . import noise, report
from .stats import LEVEL, Difference, relative_difference
from .tables import seconds, three_digits

Json = dict[str, Any]
Key = tuple[str, str, int | None]

#: Rows of the table, where not all are asked for.
ROWS = 40


@dataclass(frozen=True)
class Change:
    """One case, mode and size in both races. Times are in seconds."""

    case: str
    mode: str
    n: int | None
    old: float
    new: float
    #: new / old with its 95 % interval; None where a race does not tell.
    ratio: float
    low: float | None
    high: float | None
    #: How often chance alone would show such a ratio, or one farther from 1.
    p_value: float | None
    #: "faster", "slower", "no difference seen" or "unknown".
    verdict: str
    #: Whether it is too clear for chance even among all the comparisons.
    stands: bool = False


@dataclass(frozen=True)
class Comparison:
    old: Json
    new: Json
    changes: list[Change]
    warnings: list[str]

    @property
    def tested(self) -> int:
        """How many comparisons have an uncertainty."""
        return sum(change.verdict != "unknown" for change in self.changes)

    @property
    def by_chance(self) -> float:
        """How many differences chance alone would show."""
        return LEVEL * self.tested

    @property
    def seen(self) -> list[Change]:
        return [change for change in self.changes if change.verdict in ("faster", "slower")]

    def as_json(self) -> Json:
        return {
            "old": self.old["measured_at"],
            "new": self.new["measured_at"],
            "warnings": self.warnings,
            "comparisons": self.tested,
            "differences": len(self.seen),
            "differences_by_chance": report.short(self.by_chance),
            "changes": [asdict(change) for change in self.changes],
        }


def read(path: Path) -> Json:
    """Return a race; ValueError says what is wrong with the file."""
    try:
        race = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise ValueError(f"{path}: not JSON: {error}") from error
    if not isinstance(race, dict) or "schema" not in race:
        raise ValueError(f"{path}: not a race: it has no schema")
    if race["schema"] != report.SCHEMA:
        raise ValueError(f"{path}: schema {race['schema']!r}; this reads {report.SCHEMA}")
    try:
        _check(race)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else error
        raise ValueError(f"{path}: not a whole race: {reason}") from error
    return race


def _check(race: Json) -> None:
    """Look at all that is read later, so that nothing is missing then."""
    for name in ("measured_at", "quick"):
        race[name]
    for part in (race["machine"], race["versions"], *race["cases"], *race.get("noise", [])):
        part.items()
    for described in race["cases"]:
        described["name"]
    for key, row in rows(race).items():
        for time in (row["median"], *(report.process_medians(row) or [])):
            if not isinstance(time, int | float) or not 0 < time < math.inf:
                raise ValueError(f"{label(*key)} has a time of {time!r}")


def rows(race: Json) -> dict[Key, Json]:
    """Return the measurements, and the copies of the grids as the mode "copy"."""
    found: dict[Key, Json] = {}
    for row in race["measurements"]:
        found[row["case"], row["mode"], row["n"]] = row
    for limit in race.get("limits", []):
        found[f"grid {limit['grid'][0]} x {limit['grid'][1]}", "copy", None] = limit
    return found


def label(case: str, mode: str, n: int | None) -> str:
    return f"{case}, {mode}" if n is None else f"{case}, {mode}, n = {n:,}"


def compare(old: Json, new: Json) -> Comparison:
    """Compare two races; what has the clearest evidence comes first."""
    before, after = rows(old), rows(new)
    other_work = _other_work(old, new)
    times = {
        key: _times(row, after[key])
        for key, row in before.items()
        if key in after and key[0] not in other_work
    }
    found = {key: relative_difference(*pair, paired=False) for key, pair in times.items()}
    tested = sum(math.isfinite(one.high) for one in found.values())
    changes = [_change(key, *times[key], one, tested) for key, one in found.items()]
    warnings = _warnings(old, new)
    if other_work:
        warnings.append(f"not compared, as it is other work now: {', '.join(sorted(other_work))}")
    for name, these, others in (("OLD", before, after), ("NEW", after, before)):
        if only := sum(key not in others for key in these):
            warnings.append(f"{only} of {len(these)} measurements are only in {name}")
    return Comparison(old, new, sorted(changes, key=_evidence), warnings)


def _times(old: Json, new: Json) -> tuple[list[float], list[float]]:
    """Return one time a process where both have them, and else the two medians."""
    before, after = report.process_medians(old), report.process_medians(new)
    return (before, after) if before and after else ([old["median"]], [new["median"]])


def _change(key: Key, old: list[float], new: list[float], found: Difference, tested: int) -> Change:
    known = math.isfinite(found.high)
    ratio = found.as_ratio()
    return Change(
        *key,
        old=statistics.geometric_mean(old),
        new=statistics.geometric_mean(new),
        ratio=ratio.value,
        low=ratio.low if known else None,
        high=ratio.high if known else None,
        p_value=found.p_value if known else None,
        verdict=_verdict(found) if known else "unknown",
        stands=known and found.stands_among(tested),
    )


def _verdict(found: Difference) -> str:
    if not found.is_seen:
        return "no difference seen"
    return "slower" if found.value > 0 else "faster"


def _evidence(change: Change) -> tuple[float, float]:
    """Sort by how likely chance is, and the unknown by their ratio, after the rest."""
    p_value = 2.0 if change.p_value is None else change.p_value
    return p_value, -abs(math.log(change.ratio))


def _other_work(old: Json, new: Json) -> set[str]:
    """Return the cases of one name that are not the same work in both races.

    Titles may change, and the steps of a heat run too: its times are per step.
    """

    def work(race: Json) -> Json:
        loose = ("title", "steps")
        return {
            case["name"]: {key: value for key, value in case.items() if key not in loose}
            for case in race["cases"]
        }

    before, after = work(old), work(new)
    return {name for name in before if name in after and before[name] != after[name]}


def _warnings(old: Json, new: Json) -> list[str]:
    """Return what speaks against comparing these two races."""
    found = []
    if old["measured_at"] == new["measured_at"]:
        found.append("both were measured at the same time: is it the same race?")
    if old["quick"] != new["quick"]:
        found.append(f"only {'OLD' if old['quick'] else 'NEW'} is a quick run")
    for what, key in (("machines", "machine"), ("versions", "versions")):
        for part in sorted({*old[key], *new[key]} - {"warnings"}):
            before, after = old[key].get(part, "none"), new[key].get(part, "none")
            if before != after:
                found.append(f"the {what} differ, {part}: {before} -> {after}")
    for name, race in (("OLD", old), ("NEW", new)):
        found += [f"{name} was noisy: {text}" for text in race["machine"].get("warnings", [])]
    return found + _speed(old, new)


def _speed(old: Json, new: Json) -> list[str]:
    """Warn where the reference loop, which is always the same, took another time."""
    before, after = ([p.get("reference") for p in race.get("noise", [])] for race in (old, new))
    if not (before and after and all(before) and all(after)):
        return []
    ratio = statistics.geometric_mean(after) / statistics.geometric_mean(before)
    if abs(ratio - 1) <= noise.DRIFT_LIMIT:
        return []
    return [
        f"the machine itself was another: what never changes took {ratio:.2f} times as long "
        "in NEW, so ratios near this say nothing of the code"
    ]


def show(comparison: Comparison, console: Console, rows_shown: int | None) -> None:
    old, new = comparison.old, comparison.new
    console.print(f"OLD: {_describe(old)}\nNEW: {_describe(new)}", markup=False)
    for warning in comparison.warnings:
        console.print(f"  warning: {warning}", markup=False, style="yellow")
    table = Table(title="What changed, clearest first", box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("what")
    for column in ("old", "new", "new / old", "95 % interval"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("verdict")
    for change in comparison.changes[:rows_shown]:
        table.add_row(*_cells(change))
    console.print(table)
    if rows_shown is not None and (more := len(comparison.changes) - rows_shown) > 0:
        console.print(f"  {more} more rows with less evidence: --all shows them.")
    console.print(_summary(comparison), markup=False)


def _describe(race: Json) -> str:
    quick = ", quick run" if race["quick"] else ""
    return f"{race['measured_at']} on {race['machine'].get('cpu', 'an unknown machine')}{quick}"


def _cells(change: Change) -> tuple[str, ...]:
    colour = {"slower": "red", "faster": "green"}.get(change.verdict, "dim")
    interval = "?"
    if change.low is not None and change.high is not None:
        interval = f"{three_digits(change.low)} ... {three_digits(change.high)}"
    return (
        label(change.case, change.mode, change.n),
        seconds(change.old),
        seconds(change.new),
        three_digits(change.ratio),
        interval,
        f"[{colour}]{change.verdict}{' *' if change.stands else ''}[/{colour}]",
    )


def _summary(comparison: Comparison) -> str:
    seen = comparison.seen
    lines = []
    if comparison.tested:
        slower = sum(change.verdict == "slower" for change in seen)
        lines.append(
            f"  {comparison.tested} comparisons: {slower} slower, {len(seen) - slower} faster. "
            f"Chance alone would show about {three_digits(comparison.by_chance)}."
        )
        stands = sum(change.stands for change in seen)
        lines.append(f"  * too clear for chance even among so many: {stands}.")
    if unknown := len(comparison.changes) - comparison.tested:
        lines.append(
            f"  {unknown} unknown: an older record, or a single process, has no uncertainty."
        )
    return "\n".join(lines) or "  The two races have no measurement in common."


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ffi_workbook.race.compare",
        description="Tell what changed between two races or records, and how sure that is.",
        epilog="The exit status is 0, or 2 when a file cannot be compared.",
    )
    parser.add_argument("old", type=Path, metavar="OLD", help="the JSON of the earlier race")
    parser.add_argument("new", type=Path, metavar="NEW", help="the JSON of the later race")
    parser.add_argument("--all", action="store_true", help=f"show all rows, not only {ROWS}")
    parser.add_argument("--json", action="store_true", help="write all of it as JSON instead")
    parser.add_argument(
        "--fail-on-slower",
        action="store_true",
        help="exit with 1 when something is slower too clearly for chance (marked *)",
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    try:
        comparison = compare(read(options.old), read(options.new))
    except ValueError as error:
        print(f"race-compare: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(comparison.as_json(), indent=1))
    else:
        console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
        show(comparison, console, None if options.all else ROWS)
    slower = any(change.stands and change.verdict == "slower" for change in comparison.changes)
    return 1 if options.fail_on_slower and slower else 0


if __name__ == "__main__":
    sys.exit(main())
