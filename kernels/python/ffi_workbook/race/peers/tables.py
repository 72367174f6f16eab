"""The race of peers as tables for a terminal."""

from typing import Any

from .. import tables
from ..tables import seconds, three_digits
from .document import NOT_CHOSEN

Json = dict[str, Any]


#: Seconds to get ready that are worth telling.
READY = 0.2


class Tables(tables.Tables):
    def show(self) -> None:
        machine = self.race["machine"]
        quick = ", quick run" if self.race["quick"] else ""
        self.console.print(
            f"\n[bold]Who else runs[/bold], on {machine['cpu']}, {machine['os']}, "
            f"{self.race['versions']['python']}{quick}"
        )
        self.heat()
        self.calls()
        self.footnotes()

    def heat(self) -> None:
        (case,) = (case for case in self.race["cases"] if case["group"] == "heat")
        ours = self.rows.get((case["name"], "ours-2", None))
        modes = [mode for mode in self.modes if (case["name"], mode["name"], None) in self.rows]
        if not modes:
            return
        table = self._table(
            f"{case['title']} ({case['steps']} steps a sample)",
            "threads",
            "time",
            "times ours",
            "to get ready",
        )
        best = self._best(case["name"])
        for mode in sorted(modes, key=lambda m: self.rows[case["name"], m["name"], None]["median"]):
            median = self.rows[case["name"], mode["name"], None]["median"]
            table.add_row(
                mode["title"],
                str(mode["threads"]),
                self._cell(case["name"], mode["name"], best),
                three_digits(median / ours["median"]) if ours else "",
                # Below this it is the noise of one run.
                seconds(ready) if (ready := mode["compile_seconds"]) > READY else "[dim]-[/dim]",
            )
        self.console.print(table)

    def footnotes(self) -> None:
        self.console.print(
            '  "To get ready" is importing and compiling, up to the first result; the times '
            "are without it."
        )
        away = [mode for mode in self.race["modes"] if mode["status"] != "ok"]
        for mode in away:
            if mode["reason"] != NOT_CHOSEN:
                self.console.print(
                    f"  {mode['title']}: {mode['status']} ({mode['reason']})", markup=False
                )
        if names := [mode["name"] for mode in away if mode["reason"] == NOT_CHOSEN]:
            self.console.print(f"  {NOT_CHOSEN}: {', '.join(names)}", markup=False)
        self.noise()
