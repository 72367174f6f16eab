"""Measured documents as tables: ``{results} machine``, and the other parts of ``PARTS``.

``{results} ladder:machine`` is of ladder.json, as in the roles of ``measured``.

The page of results is made of these, so that it changes with each new race.
"""

import json
from collections.abc import Callable
from typing import Any

from docutils import nodes
from measured import CLASS, ROOT, MissingError, Race, document, duration, plain, split, table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

#: A table's head and its lines.
Table = tuple[tuple[str, ...], list[tuple[str, ...]]]

#: What stands where nothing was measured.
NOTHING = "–"


def machine(data: Race) -> Table:
    found = data.data["machine"]
    lines = [
        ("processor", str(found["cpu"])),
        ("cores for the race", str(found["cores"])),
        ("memory", f"{found['memory_bytes'] / 2**30:.0f} GiB"),
        *(
            (f"cache, {level[:2].upper()}", _cache(found[level]))
            for level in found
            if _is_cache(level)
        ),
        ("operating system", str(found["os"])),
        ("measured at", str(data.data["measured_at"])),
        ("quick race", "yes" if data.data["quick"] else "no"),
        ("source of these pages", data.source),
    ]
    return ("machine", ""), lines


def _is_cache(key: str) -> bool:
    return key[0] == "l" and key.endswith("_bytes")


def _cache(size: int | None) -> str:
    return NOTHING if size is None else f"{size / 1024:,.0f} KiB"


def versions(data: Race) -> Table:
    return ("program", "version"), [(k, str(v)) for k, v in data.data["versions"].items()]


def noise(data: Race) -> Table:
    """What the race saw going on around it; one line that says so when there was nothing."""
    warnings = data.data["machine"]["warnings"]
    return ("what disturbed the race",), [(w,) for w in warnings or ["nothing that it noticed"]]


def skipped(data: Race) -> Table:
    titles = {case["name"]: case["title"] for case in data.data["cases"]}
    lines = [
        (titles.get(s["case"], s["case"]), data.titles.get(s["mode"], s["mode"]), s["reason"])
        for s in data.data["skipped"]
    ]
    absent = [
        ("all", mode["title"], mode["reason"])
        for mode in data.data["modes"]
        if mode["status"] != "ok"
    ]
    return ("case", "mode", "why it was not measured"), absent + lines


def calls(data: Race) -> Table:
    return _by_mode(data, _places(data, "call") + _places(data, "loop"))


def heat(data: Race) -> Table:
    return _by_mode(data, _places(data, "heat"))


def sizes(data: Race) -> Table:
    """The time of a += b for each power of ten."""
    found = {n for case, _, n in data.rows if case == "array_add"}
    powers = sorted(n for n in found if set(str(n)) <= {"1", "0"})
    return _by_mode(data, [(_power(n), "array_add", n) for n in powers])


def _power(n: int) -> str:
    """A power of ten, short enough for the head of a narrow column."""
    exponent = len(str(n)) - 1
    return str(n) if exponent < 4 else "10" + str(exponent).translate(_RAISED)


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _places(data: Race, group: str) -> list[tuple[str, str, int | None]]:
    return [(c["title"], c["name"], None) for c in data.data["cases"] if c["group"] == group]


def _by_mode(data: Race, places: list[tuple[str, str, int | None]]) -> Table:
    """A line for each mode that has one of these, in the order of the course."""
    lines = []
    for mode, title in data.titles.items():
        rows = [data.rows.get((case, mode, n)) for _, case, n in places]
        if any(rows):
            times = (_time(row["median"]) if row else NOTHING for row in rows)
            lines.append((title, *times))
    return ("mode", *(title for title, _, _ in places)), lines


def _time(seconds: float, digits: int = 2) -> str:
    """A time that is not broken between its number and its unit."""
    return duration(seconds, digits).replace(" ", "\N{NO-BREAK SPACE}")


def fits(data: Race) -> Table:
    def interval(line: dict[str, Any], key: str) -> str:
        low, high = line[f"{key}_ci"]
        return f"{_time(line[key], 3)} ({_time(low, 3)} to {_time(high, 3)})"

    found = {line["mode"]: line for line in data.data["fits"]}
    lines = [
        (title, interval(found[mode], "overhead"), interval(found[mode], "slope"))
        for mode, title in data.titles.items()
        if mode in found
    ]
    return ("mode", "overhead", "slope, for each element"), lines


def crossovers(data: Race) -> Table:
    lines = [
        (
            data.titles[crossing["below"]],
            data.titles[crossing["above"]],
            plain(crossing["n"]),
            f"{plain(crossing['ci'][0])} to {plain(crossing['ci'][1])}",
        )
        for crossing in sorted(data.data["crossovers"], key=lambda crossing: crossing["n"])
    ]
    return ("faster below", "faster above", "size", "interval"), lines


def promises(data: Race) -> Table:
    lines = []
    for ratio in data.data["ratios"]:
        limits = (("at least", ratio.get("at_least")), ("at most", ratio.get("at_most")))
        wanted = ", ".join(f"{words} {x:g}" for words, x in limits if x is not None)
        holds = "yes" if ratio["holds"] else "NO"
        lines.append((ratio["name"], plain(ratio["value"], 3), wanted, holds))
    return ("ratio of times", "measured", "promised", "holds"), lines


PARTS: dict[str, Callable[[Race], Table]] = {
    part.__name__: part
    for part in (
        machine,
        versions,
        noise,
        skipped,
        calls,
        sizes,
        heat,
        fits,
        crossovers,
        promises,
    )
}


def steps(data: Race) -> Table:
    """Who else runs: a step of the heat equation, the fastest first."""
    (case,) = (c["name"] for c in data.data["cases"] if c["group"] == "heat")
    ours = data.seconds(case, "ours-2")
    measured = [mode for mode in data.data["modes"] if (case, mode["name"], None) in data.rows]
    lines = []
    for mode in sorted(measured, key=lambda mode: data.seconds(case, mode["name"])):
        seconds, ready = data.seconds(case, mode["name"]), mode["compile_seconds"]
        lines.append(
            (
                mode["title"],
                str(mode["threads"]),
                _time(seconds),
                plain(seconds / ours),
                # Below this it is the noise of one run.
                _time(ready) if ready and ready > _READY else NOTHING,
            )
        )
    return ("who", "threads", "a step", "times ours", "to get ready"), lines


#: Seconds to get ready that are worth telling.
_READY = 0.2

#: Parts that only the document of the peers has: ``{results} peers:steps``.
PARTS_OF_PEERS: dict[str, Callable[[Race], Table]] = {"steps": steps}


class Instructions(SphinxDirective):
    """What `make instructions` counted: the machine instructions of a call in each mode."""

    def run(self) -> list[nodes.Node]:
        path = ROOT / "fig" / "instructions.json"
        if not path.is_file():
            raise self.error("fig/instructions.json is missing: run `make instructions`")
        self.env.note_dependency(str(path))
        head, lines = instructions(json.loads(path.read_text(encoding="utf-8")), document().titles)
        return [table(head, lines)]


def instructions(counted: dict[str, Any], titles: dict[str, str]) -> Table:
    """A line for each mode, the fewest first; where they are is told for two ints."""
    cases = ("noop", "add_ints", "add_floats")
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in counted["instructions"]:
        found.setdefault(row["mode"], {})[row["case"]] = row
    lines = []
    for mode, rows in sorted(found.items(), key=lambda item: _ints(item[1])["instructions"]):
        counts = (f"{rows[c]['instructions']:,.0f}" if c in rows else NOTHING for c in cases)
        where = _ints(rows)["parts"].items()
        parts = ", ".join(f"{part} {count:,.0f}" for part, count in where)
        lines.append((titles[mode], *counts, parts))
    for failed in counted["failed"]:
        lines.append((titles[failed["mode"]], *3 * (NOTHING,), failed["reason"]))
    return ("mode", "noop", "two ints", "two floats", "where they are, for two ints"), lines


def _ints(rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The row of two ints, or another where the mode has not that."""
    return rows.get("add_ints") or next(iter(rows.values()))


class Results(SphinxDirective):
    """One part of the JSON as a table."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            race, name = split(self.arguments[0])
            part = (PARTS | PARTS_OF_PEERS)[name]
        except MissingError as error:
            raise self.error(str(error)) from None
        except KeyError:
            raise self.error(f"there is no part {name!r}; there are: {', '.join(PARTS)}") from None
        self.env.note_dependency(race.source)
        head, lines = part(race)
        if not lines:
            text = "There is nothing to list here."
            return [nodes.paragraph(text, text, classes=[CLASS])]
        return [table(head, lines)]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("results", Results)
    app.add_directive("instructions", Instructions)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
