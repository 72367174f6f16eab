"""A timetable computed from the minutes that the pages say.

```{schedule}
:start: "09:00"
:hours: 4

01-first-race
02-why teaching
```

Each line names a lesson; ``teaching`` behind it leaves its exercises for later. A
break comes before a page that would make more than ``LONGEST`` minutes without
one, and lunch takes the place of the break that is next after ``MORNING`` minutes of
work, where more than a short rest of the day is left. A day that does not fit into
its ``hours`` is a warning, and so is a lesson that is not there.
"""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from lesson import minutes
from measured import CLASS, ROOT
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

#: Minutes of work without a break.
LONGEST = 100
#: Minutes of work before lunch, and those that must be left after it.
MORNING, AFTERNOON = 170, 120
BREAK, LUNCH = 15, 60


@dataclass(frozen=True)
class Part:
    """A part of the day: a page, or a break."""

    name: str
    teaching: int
    exercises: int = 0

    @property
    def minutes(self) -> int:
        return self.teaching + self.exercises


def plan(pages: list[Part]) -> list[Part]:
    """Return the pages in their order, with breaks and lunch between them."""
    day: list[Part] = []
    worked = since = 0
    left = sum(page.minutes for page in pages)
    eaten = False
    for page in pages:
        if since and since + page.minutes > LONGEST:
            if not eaten and worked >= MORNING and left >= AFTERNOON:
                day.append(Part("Lunch", LUNCH))
                eaten = True
            else:
                day.append(Part("Break", BREAK))
            since = 0
        day.append(page)
        worked += page.minutes
        since += page.minutes
        left -= page.minutes
    return day


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


class Schedule(SphinxDirective):
    """The table of one course day."""

    has_content = True
    option_spec: ClassVar = {"start": directives.unchanged, "hours": float}

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        hour, minute = self.options.get("start", "09:00").strip('"').split(":")
        now = begin = 60 * int(hour) + int(minute)
        day = plan([page for line in self.content if (page := self._page(line))])
        body = []
        for part in day:
            link = part.name not in ("Lunch", "Break")
            body.append(self._row(clock(now), part, link))
            now += part.minutes
        if (hours := self.options.get("hours")) and now - begin > 60 * hours:
            logger.warning(
                "this day takes %d minutes, and has %g hours: leave out a page",
                now - begin,
                hours,
                location=self.get_location(),
            )
        group = nodes.tgroup(cols=4)
        group.extend(nodes.colspec(colwidth=width) for width in (12, 58, 15, 15))
        titles = ("Start", "What", "Teaching", "Exercises")
        head = (nodes.entry("", nodes.paragraph("", title)) for title in titles)
        group += nodes.thead("", nodes.row("", *head))
        group += nodes.tbody("", *body)
        work = sum(part.minutes for part in day if part.name not in ("Lunch", "Break"))
        rest = now - begin - work
        end = f"The day ends at {clock(now)}: {work} minutes of work and {rest} of rest."
        return [
            nodes.table("", group, classes=[CLASS]),
            nodes.paragraph(end, end, classes=[CLASS]),
        ]

    def _page(self, line: str) -> Part | None:
        name, _, what = line.strip().partition(" ")
        if not name:
            return None
        path = ROOT / "lessons" / f"{name}.md"
        if not path.is_file() or what not in ("", "teaching"):
            logger.warning(
                "{schedule}: %r is not a lesson of this site (write: NAME or NAME teaching)",
                line,
                location=self.get_location(),
            )
            return None
        self.env.note_dependency(str(path))
        front = re.match(r"---\n(.*?)\n---\n", path.read_text(encoding="utf-8"), re.DOTALL)
        teaching, exercises = minutes(yaml.safe_load(front.group(1)) if front else {})
        return Part(name, teaching, 0 if what else exercises)

    def _row(self, start: str, part: Part, link: bool) -> nodes.row:
        if link:
            texts, messages = self.parse_inline(f"{{doc}}`/lessons/{part.name}`")
            what = nodes.paragraph("", "", *texts, *messages)
        else:
            what = nodes.paragraph("", "", nodes.strong("", part.name))
        cells = [
            nodes.paragraph("", start),
            what,
            nodes.paragraph("", str(part.teaching)),
            nodes.paragraph("", str(part.exercises) if part.exercises else ""),
        ]
        return nodes.row("", *(nodes.entry("", cell) for cell in cells))


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("schedule", Schedule)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
