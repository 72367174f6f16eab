"""The race as tables for a terminal."""

import math
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from . import noise

Json = dict[str, Any]

#: Marks a measurement with samples too far apart.
NOISY = "~"


def seconds(value: float | None) -> str:
    """Return a time with three digits and a unit."""
    if value is None:
        return "?"
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if abs(value) >= size:
            return f"{three_digits(value / size)} {unit}"
    return f"{three_digits(value / 1e-9)} ns"


def interval(low: float | None, high: float | None) -> str:
    """Return two times, the first without its unit where both have the same."""
    texts = [seconds(low), seconds(high)]
    (first, _, unit), (_, _, other) = (text.partition(" ") for text in texts)
    return f"{first} - {texts[1]}" if unit == other else " - ".join(texts)


def three_digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _half_range(row: Json) -> str:
    """Return the spread of the samples as a part of the median, marked if it is wide."""
    if not row["median"]:
        return ""
    part = (row["q3"] - row["q1"]) / 2 / row["median"]
    mark = f" [yellow]{NOISY}[/yellow]" if noise.is_noisy(row) else ""
    return f" [dim]±{100 * part:.0f}%[/dim]{mark}"


class Tables:
    def __init__(self, race: Json, console: Console) -> None:
        self.race, self.console = race, console
        self.rows = {(m["case"], m["mode"], m["n"]): m for m in race["measurements"]}
        self.skipped = {(s["case"], s["mode"], s["n"]) for s in race["skipped"]}
        self.modes = [mode for mode in race["modes"] if mode["status"] == "ok"]

    def show(self) -> None:
        machine = self.race["machine"]
        quick = ", quick run" if self.race["quick"] else ""
        self.console.print(
            f"\n[bold]The race[/bold] on {machine['cpu']}, {machine['os']}, "
            f"{self.race['versions']['python']}, one thread{quick}"
        )
        self.calls()
        self.sizes()
        self.heat()
        self.footnotes()

    def _table(self, title: str, *columns: str) -> Table:
        table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
        table.add_column("mode", no_wrap=True)
        for column in columns:
            table.add_column(column, justify="right")
        return table

    def _name(self, mode: Json) -> str:
        return f"{mode['title']}{' †' if mode['deprecated'] else ''}"

    def _cell(self, case: str, mode: str, best: float | None) -> str:
        row = self.rows.get((case, mode, None))
        if not row:
            return "[dim]-[/dim]"
        text = seconds(row["median"])
        return (
            f"[bold green]{text}[/bold green]" if row["median"] == best else text
        ) + _half_range(row)

    def _best(self, case: str) -> float | None:
        return min(
            (m["median"] for m in self.race["measurements"] if m["case"] == case), default=None
        )

    def _by_cases(self, title: str, cases: list[Json]) -> None:
        table = self._table(title, *(case["title"] for case in cases))
        for mode in self.modes:
            cells = [self._cell(c["name"], mode["name"], self._best(c["name"])) for c in cases]
            if any(cell != "[dim]-[/dim]" for cell in cells):
                table.add_row(self._name(mode), *cells)
        self.console.print(table)

    def calls(self) -> None:
        cases = [c for c in self.race["cases"] if c["group"] in ("call", "loop")]
        self._by_cases("What one call costs (median, ± half the quartile range)", cases)

    def sizes(self) -> None:
        fits = self.race["fits"]
        if not fits:
            return
        top = max(row["n_max"] for row in fits)
        table = self._table(
            f"a += b: time = overhead + n * slope, fitted for n = 1 ... {top:,}",
            "overhead",
            "95 % interval",
            "slope per element",
            "95 % interval",
            "beats pure Python from n =",
        )
        titles = {mode["name"]: self._name(mode) for mode in self.modes}
        crossings = {(c["below"], c["above"]): c["n"] for c in self.race["crossovers"]}
        for row in sorted(fits, key=lambda row: row["overhead"]):
            table.add_row(
                titles[row["mode"]],
                seconds(row["overhead"]),
                interval(*row["overhead_ci"]),
                seconds(row["slope"]),
                interval(*row["slope_ci"]),
                self._from(row, crossings),
            )
        self.console.print(table)

    def _from(self, row: Json, crossings: dict[tuple[str, str], float]) -> str:
        if row["mode"] == "python":
            return ""
        n = crossings.get(("python", row["mode"]))
        if n is not None:
            return f"{math.ceil(n):,}"
        python = next((f for f in self.race["fits"] if f["mode"] == "python"), None)
        if python and row["overhead"] < python["overhead"] and row["slope"] < python["slope"]:
            return "always"
        return "[dim]-[/dim]"

    def heat(self) -> None:
        cases = [c for c in self.race["cases"] if c["group"] == "heat"]
        self._by_cases("Heat: time of one step", cases)
        for limit in self.race["limits"]:
            rows, columns = limit["grid"]
            self.console.print(
                f"  Copying the {rows} x {columns} grid once takes {seconds(limit['median'])}."
            )

    def footnotes(self) -> None:
        self.console.print("  Pure Python adds lists; all other modes add NumPy arrays.")
        if any(mode["deprecated"] for mode in self.modes):
            self.console.print("  † its authors advise against it")
        if any(noise.is_noisy(row) for row in self.race["measurements"] if row["n"] is None):
            limit = noise.RANGE_LIMIT / 2
            self.console.print(f"  {NOISY} its samples are far apart: more than ±{limit:.0%}")
        for skipped in self.race["skipped"]:
            if "would take" in skipped["reason"]:
                self.console.print(
                    f"  - {skipped['case']}, {skipped['mode']}: not run, {skipped['reason']}"
                )
        for mode in self.race["modes"]:
            if mode["status"] != "ok":
                first = mode["reason"].splitlines()[0]
                self.console.print(f"  {mode['title']}: {mode['status']} ({first})", markup=False)
        self.noise()

    def noise(self) -> None:
        for warning in self.race["machine"]["warnings"]:
            self.console.print(f"  [yellow]noise:[/yellow] {warning}")

    def ratios(self) -> None:
        table = Table(
            title="Ratios this project promises", box=box.SIMPLE_HEAD, title_justify="left"
        )
        table.add_column("ratio")
        table.add_column("measured", justify="right")
        table.add_column("promised", justify="right")
        table.add_column("")
        for row in self.race["ratios"]:
            promise = (
                f"at least {row['at_least']:g}"
                if "at_least" in row
                else f"at most {row['at_most']:g}"
            )
            verdict = "[green]holds[/green]" if row["holds"] else "[red]does not hold[/red]"
            table.add_row(row["name"], three_digits(row["value"]), promise, verdict)
        self.console.print(table)
