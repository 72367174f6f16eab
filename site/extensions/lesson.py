"""The parts that every lesson has, as directives, and the check that it has them.

A lesson's front matter says ``teaching`` and ``exercises``, both in minutes. Its
page uses:

- ``{minutes}``: shows the two.
- ``{questions}``, ``{objectives}``, ``{keypoints}``, ``{in-practice}``: boxes.
- ``{goes-wrong} title``: a mistake, its real message, and what it means.
- ``{quiz} title``: a question with its answer in a ``{answer}`` inside it.
- ``{answer}``, ``{instructor} [title]``: folded boxes.
- ``{diagram} path.svg`` with ``:alt:``: a drawing that takes the page's colours.
- ``{race-figure} [document:]name`` with ``:alt:``: a figure of what was measured.
"""

import html
import re
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from measured import ROOT, MissingError, split
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

LESSON = re.compile(r"lessons/\d\d-")

#: Title and CSS classes of each box; "dropdown" folds it.
BOXES = {
    "questions": ("Questions", ["note"]),
    "objectives": ("You will do, learn and need", ["note"]),
    "keypoints": ("Key points", ["important"]),
    "in-practice": ("In practice", ["seealso"]),
    "goes-wrong": ("What goes wrong", ["warning"]),
    "quiz": ("Quiz", ["tip"]),
    "answer": ("Answer", ["dropdown"]),
    "instructor": ("For instructors", ["note", "dropdown"]),
}


class Box(SphinxDirective):
    """A box with a title: its own, or its own and the argument."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        text, classes = BOXES[self.name]
        if self.arguments:
            text = f"{text}: {self.arguments[0]}"
        box = nodes.admonition("", classes=["lesson-" + self.name, *classes])
        title, messages = self.parse_inline(text)
        box += nodes.title(text, "", *title)
        box += messages
        box += self.parse_content_to_nodes()
        self.env.metadata[self.env.docname].setdefault("boxes", "")
        self.env.metadata[self.env.docname]["boxes"] += f" {self.name}"
        return [box]


class Minutes(SphinxDirective):
    """The minutes of the front matter, as a line."""

    def run(self) -> list[nodes.Node]:
        teaching, exercises = minutes(self.env.metadata[self.env.docname])
        text = f"Teaching: {teaching} minutes. Exercises: {exercises} minutes."
        return [nodes.paragraph(text, text, classes=["lesson-minutes", "measured"])]


def minutes(metadata: dict[str, Any]) -> tuple[int, int]:
    """Return the minutes for teaching and for exercises that a page's front matter says."""
    return int(metadata.get("teaching", 0)), int(metadata.get("exercises", 0))


class Diagram(SphinxDirective):
    """An SVG file put into the page itself, so that it has the page's colours."""

    required_arguments = 1
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        _, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(path)
        alt = self.options.get("alt")
        if not alt:
            raise self.error("a diagram needs :alt:, the words for who cannot see it")
        svg = Path(path).read_text(encoding="utf-8")
        svg = svg[svg.index("<svg") :].replace(
            "<svg", f'<svg role="img" aria-label="{html.escape(alt)}"', 1
        )
        return [nodes.raw("", f'<figure class="diagram">{svg}</figure>', format="html")]


class RaceFigure(SphinxDirective):
    """A figure of what was measured, light and dark; ``ladder:roofline`` is of ladder.json.

    It is of the same numbers as the pages show. The figures of the newest records
    are kept beside them.
    """

    required_arguments = 1
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        if not self.options.get("alt"):
            raise self.error("a figure needs :alt:, the words for who cannot see it")
        try:
            race, name = split(self.arguments[0])
        except MissingError as error:
            raise self.error(str(error)) from None
        of_a_record = race.source.startswith("fig/records/")
        folder = Path("fig/records" if of_a_record else "fig")
        images = []
        for shade in ("light", "dark"):
            path = folder / f"{name}-{shade}.svg"
            if not (ROOT / path).is_file():
                raise self.error(f"{path} is missing: run `make figures`")
            image = nodes.image(uri=f"/{path.as_posix()}", alt=self.options["alt"])
            image["classes"] = [f"only-{shade}", "race-figure"]
            images.append(image)
        return images


def check_lesson(app: Sphinx, doctree: nodes.document) -> None:
    """Warn when a lesson lacks one of its parts."""
    name = app.env.docname
    if not LESSON.match(name):
        return
    metadata = app.env.metadata[name]
    boxes = metadata.get("boxes", "").split()
    missing = [
        part
        for part in ("questions", "objectives", "goes-wrong", "keypoints", "instructor")
        if part not in boxes
    ]
    if not all(minutes(metadata)):
        missing.append("teaching and exercises (minutes) in the front matter")
    if "quiz" not in boxes and not any(
        "exercise" in node.get("classes", ()) for node in doctree.findall(nodes.Element)
    ):
        missing.append("exercise or quiz")
    pictures = [*doctree.findall(nodes.image)] + [
        raw for raw in doctree.findall(nodes.raw) if "<figure" in raw.astext()
    ]
    if not pictures and "lab.figure" not in Path(str(app.env.doc2path(name))).read_text("utf-8"):
        missing.append("figure or diagram")
    for part in missing:
        logger.warning("this lesson has no %s", part, location=name)


def setup(app: Sphinx) -> dict[str, Any]:
    for name in BOXES:
        app.add_directive(name, Box)
    app.add_directive("minutes", Minutes)
    app.add_directive("diagram", Diagram)
    app.add_directive("race-figure", RaceFigure)
    app.connect("doctree-read", check_lesson)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
