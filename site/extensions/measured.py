"""Numbers and orderings in pages, read from measured JSON when the site is built.

The JSON is fig/race.json, or the newest fig/records/DATE/race.json where there is
none. Other commands measure too and write documents of the same shape: a role that
begins with ``ladder:`` reads ladder.json in the same way. A role names what it
wants, so that no page holds a number that a new measurement could contradict:

- ``{time}`noop pyo3` `` is the median time; ``{time}`array_add numpy 1000` `` has
  a size. Per call; per step for the heat equation.
- ``{ratio}`noop ctypes / pyo3` `` is how many times longer the first takes.
  ``{ratio}`ladder:heat copy / skew` `` is the same in ladder.json.
- ``{overhead}`ctypes` `` and ``{slope}`ctypes` `` are of the fitted line of
  ``a += b``: time of a call of size 0, and time for each element more.
- ``{crossover}`python numpy` `` is the size from which the second is faster.
- ``{fact}`machine.cpu` `` is any single value of the JSON, by its path.
- ``{order}`PyO3 is faster than cffi API <noop: pyo3 < cffi-api>` `` shows its
  text and checks the claim: each mode is faster than the next, in the median of
  all and in three of four processes.

A claim that the data does not show, and a sentence that says such a thing (or a
time) without a role, is a warning, and the site is built with warnings as errors.
"""

import json
import re
import statistics
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

ROOT = Path(__file__).resolve().parents[2]
logger = logging.getLogger(__name__)

#: Text that a role of this module wrote: the reading of prose leaves it alone.
CLASS = "measured"


class MissingError(LookupError):
    """The JSON has no such thing; the message names it."""


class AwayError(MissingError):
    """The JSON says that this mode could not run, or was not asked to."""


class Race:
    """One measured document, with the questions that pages ask."""

    def __init__(self, data: dict[str, Any], source: str) -> None:
        self.data = data
        #: Path of the file, from the top of the repository.
        self.source = source
        self.rows = {(row["case"], row["mode"], row["n"]): row for row in data["measurements"]}
        self.titles = {mode["name"]: mode["title"] for mode in data["modes"]}
        self.away = {m["name"] for m in data["modes"] if m.get("status", "ok") != "ok"}

    def row(self, case: str, mode: str, n: int | None = None) -> dict[str, Any]:
        try:
            return self.rows[case, mode, n]
        except KeyError:
            size = "" if n is None else f" of size {n}"
            error = AwayError if mode in self.away else MissingError
            raise error(f"{self.source} has no {case!r}{size} in mode {mode!r}") from None

    def seconds(self, case: str, mode: str, n: int | None = None) -> float:
        return float(self.row(case, mode, n)["median"])

    def fit(self, mode: str) -> dict[str, Any]:
        for line in self.data["fits"]:
            if line["mode"] == mode:
                return dict(line)
        raise MissingError(f"{self.source} has no fitted line for mode {mode!r}")

    def crossover(self, below: str, above: str) -> float:
        for crossing in self.data["crossovers"]:
            if (crossing["below"], crossing["above"]) == (below, above):
                return float(crossing["n"])
        raise MissingError(f"{self.source} has no size from which {above!r} beats {below!r}")

    def is_faster(self, case: str, first: str, second: str, n: int | None = None) -> bool:
        """Tell whether the data shows that the first mode is faster than the second."""
        a, b = self.row(case, first, n), self.row(case, second, n)
        pairs = list(zip(_process_medians(a), _process_medians(b), strict=False))
        wins = sum(x < y for x, y in pairs)
        return bool(a["median"] < b["median"] and 4 * wins >= 3 * len(pairs))


def _process_medians(row: dict[str, Any]) -> list[float]:
    """Return one time for each process: a record keeps those, a race all samples."""
    found: list[float] | None = row.get("process_medians")
    return found or [statistics.median(samples) for samples in row["samples"]]


@cache
def document(name: str = "race", root: Path = ROOT) -> Race:
    """Return what was measured on this machine, or the newest record of it."""
    path = root / "fig" / f"{name}.json"
    if not path.is_file():
        records = [*(root / "fig" / "records").glob(f"*/{name}.json")]
        if not records:
            raise MissingError(f"there is no {path.relative_to(root)}, and no record of it")
        path = max(records)
    data = json.loads(path.read_text(encoding="utf-8"))
    return Race(data, path.relative_to(root).as_posix())


def documents(root: Path = ROOT) -> list[Race]:
    """Return all that pages may read."""
    names = {path.stem for path in (root / "fig" / "records").glob("*/*.json")}
    return [document(name, root) for name in sorted(names)]


def split(text: str) -> tuple[Race, str]:
    """Return the document that a role's text names, and the rest of the text.

    Raises MissingError.
    """
    found = re.match(r"\s*([a-z]+):\s*", text)
    return (document(found[1]), text[found.end() :]) if found else (document(), text)


def duration(seconds: float, digits: int = 2) -> str:
    """Return a time with two significant digits (or so many) and its unit."""
    units = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9, "ps": 1e-12}
    unit = next((unit for unit, scale in units.items() if seconds >= 0.9995 * scale), "ps")
    return f"{plain(seconds / units[unit], digits)} {unit}"


def plain(value: float, digits: int = 2) -> str:
    """Return a number with at least so many significant digits, without an exponent."""
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,.0f}" if rounded >= 10 ** (digits - 1) else f"{rounded:g}"


def _place(words: list[str]) -> tuple[str, str, int | None]:
    if len(words) not in (2, 3):
        raise MissingError("expected: case mode [size]")
    return words[0], words[1], int(words[2]) if len(words) == 3 else None


def _time(race: Race, text: str) -> str:
    return duration(race.seconds(*_place(text.split())))


def _ratio(race: Race, text: str) -> str:
    first, _, below = text.partition("/")
    case, mode, n = _place(first.split())
    return plain(race.seconds(case, mode, n) / race.seconds(case, below.strip(), n))


def _fact(race: Race, text: str) -> str:
    value: Any = race.data
    for key in text.split("."):
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (KeyError, IndexError, TypeError, ValueError):
            raise MissingError(f"{race.source} has no {text!r}") from None
    return f"{value:,}" if isinstance(value, int) else str(value)


VALUES: dict[str, Callable[[Race, str], str]] = {
    "time": _time,
    "ratio": _ratio,
    "overhead": lambda race, mode: duration(race.fit(mode.strip())["overhead"]),
    "slope": lambda race, mode: duration(race.fit(mode.strip())["slope"]),
    "crossover": lambda race, text: plain(race.crossover(*text.split())),
    "fact": _fact,
}


def value(role: str, text: str) -> tuple[str, str]:
    """Return what a role shows, and the file it is from. Raises MissingError."""
    race, rest = split(text)
    return VALUES[role](race, rest), race.source


class ValueRole(SphinxRole):
    """A number from the JSON."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            text, source = value(self.name, self.text)
        except AwayError as error:
            # No mistake of the page: that mode did not run on this machine.
            text, source = "(not run)", str(error)
        except (MissingError, TypeError, ValueError) as error:
            logger.warning(
                "{%s}`%s`: %s", self.name, self.text, error, location=self.get_location()
            )
            text, source = "?", "nothing"
        title = f"{self.name}: {self.text} ({source})"
        return [nodes.inline(text, text, classes=[CLASS], title=title)], []


class OrderRole(SphinxRole):
    """Words that claim an order of modes, and the claim itself."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        found = re.fullmatch(r"(.*?)\s*<((?:[a-z]+:)?[^<:]+):(.+)>", self.text, re.DOTALL)
        if not found:
            logger.warning(
                "{order}`%s`: write {order}`words <case [size]: mode < mode>`",
                self.text,
                location=self.get_location(),
            )
            return [], []
        words, place, chain = found.groups()
        order = [mode.strip() for mode in chain.split("<")]
        for first, second in pairwise(order):
            try:
                race, rest = split(place)
                case, _, size = rest.strip().partition(" ")
                holds = race.is_faster(case, first, second, int(size) if size else None)
            except AwayError:
                continue
            except MissingError as error:
                logger.warning("{order}`%s`: %s", self.text, error, location=self.get_location())
                continue
            if not holds:
                logger.warning(
                    "%r claims that in %s %s is faster than %s, and %s does not show it",
                    words,
                    case,
                    first,
                    second,
                    race.source,
                    location=self.get_location(),
                )
        return [nodes.inline(words, words, classes=[CLASS])], []


class MeasuredTable(SphinxDirective):
    """A table of times: ``{measured-table} case [size]``, and in its text a mode a line.

    Without text it has every mode that was measured, the fastest first.
    """

    required_arguments = 1
    optional_arguments = 1
    has_content = True
    option_spec: ClassVar = {"base": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        n = int(self.arguments[1]) if len(self.arguments) > 1 else None
        names = [line.strip() for line in self.content if line.strip()]
        try:
            race, case = split(self.arguments[0])
            if not names:
                rows = [
                    (row["median"], mode)
                    for (c, mode, m), row in race.rows.items()
                    if (c, m) == (case, n)
                ]
                names = [mode for _, mode in sorted(rows)]
            base = self.options.get("base", names[0] if names else "")
            unit = race.seconds(case, base, n)
            lines = [
                (
                    race.titles[mode],
                    duration(race.seconds(case, mode, n)),
                    plain(race.seconds(case, mode, n) / unit),
                )
                for mode in names
            ]
        except MissingError as error:
            logger.warning("{measured-table}: %s", error, location=self.get_location())
            return []
        head = ("mode", "time", f"times that of {race.titles[base]}")
        return [table(head, lines)]


def table(head: tuple[str, ...], lines: list[tuple[str, ...]]) -> nodes.table:
    """Return a table node of plain texts; its texts count as measured."""
    group = nodes.tgroup(cols=len(head))
    group.extend(nodes.colspec(colwidth=1) for _ in head)
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *(_row(line) for line in lines))
    return nodes.table("", group, classes=[CLASS])


def _row(texts: tuple[str, ...]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))


# ---------------------------------------------------------------- prose

#: What pages call the modes, and the name each has in the JSON.
SPOKEN = {
    "pure python": "python",
    "numpy": "numpy",
    "ctypes": "ctypes",
    "pyo3": "pyo3",
    "cffi api": "cffi-api",
    "api mode": "cffi-api",
    "api": "cffi-api",
    "cffi abi": "cffi-abi-inline",
    "abi mode": "cffi-abi-inline",
    "abi": "cffi-abi-inline",
    "cython": "cython",
    "numba": "numba",
    "nanobind": "nanobind",
}
_MODE = "|".join(re.escape(name) for name in SPOKEN)
_ORDERING = re.compile(
    rf"\b(?P<first>{_MODE})\b[^.;:]{{0,40}}?\b(?P<how>faster|slower|quicker)\s+than\s+(?:the\s+)?"
    rf"(?P<second>{_MODE})\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\w.])\d[\d.,]*\s?(?:ns|µs|us|ms|nanoseconds?|microseconds?|milliseconds?)\b"
)
_TIMES_FASTER = re.compile(r"\b\d[\d.,]*\s?(?:x|times|×)\s+(?:faster|slower)", re.IGNORECASE)


def claims_in(text: str) -> Iterator[str]:
    """Yield what is wrong with a piece of prose that no role stands behind."""
    for found in _ORDERING.finditer(text):
        yield f"{found.group()!r} claims an order: say it with the role {{order}}"
    for pattern in (_TIME, _TIMES_FASTER):
        for found in pattern.finditer(text):
            yield f"{found.group()!r} is a number that a measurement can contradict: use a role"


def read_prose(_app: Sphinx, doctree: nodes.document) -> None:
    """Warn of measured-looking numbers and orderings that are plain text."""
    for block in doctree.findall(lambda node: isinstance(node, nodes.TextElement)):
        if isinstance(block, nodes.literal_block | nodes.comment | nodes.raw | nodes.Inline):
            continue
        if any(CLASS in parent.get("classes", ()) for parent in _line(block)):
            continue
        for problem in claims_in(_plain_text(block)):
            logger.warning("%s", problem, location=block, type="measured")


def _line(node: nodes.Node | None) -> Iterator[nodes.Element]:
    while isinstance(node, nodes.Element):
        yield node
        node = node.parent


def _plain_text(node: nodes.Node) -> str:
    """Return the text outside code and roles; what they hold is left as a mark."""
    if isinstance(node, nodes.Text):
        return str(node)
    if isinstance(node, nodes.literal | nodes.math):
        return "\N{OBJECT REPLACEMENT CHARACTER}"
    if isinstance(node, nodes.Element) and CLASS in node.get("classes", ()):
        return "\N{OBJECT REPLACEMENT CHARACTER}"
    return "".join(_plain_text(child) for child in node.children)


def setup(app: Sphinx) -> dict[str, Any]:
    for name in VALUES:
        app.add_role(name, ValueRole())
    app.add_role("order", OrderRole())
    app.add_directive("measured-table", MeasuredTable)
    app.connect("doctree-read", read_prose)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
