"""The pinned results in a second terminal, for a second screen of the room.

The race writes them to a file whenever they change. The same command with --window, in
another terminal, shows that file, large, until the race ends.
"""

import json
from dataclasses import asdict
from pathlib import Path

from rich.markup import escape
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from .drawing import Pin
from .large import large
from .palette import DARK, LIGHT, Palette

#: The file in the folder that the race saves to.
FILE = "pinned.json"

_REFRESH = 0.2


class Shared:
    """The file that the window reads. It is there as long as the race runs."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.written: object = None

    def write(self, pins: tuple[Pin, ...], *, dark: bool) -> None:
        if self.written == (pins, dark):
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps({"dark": dark, "pins": [asdict(pin) for pin in pins]}))
        new.replace(self.path)
        self.written = (pins, dark)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def markup(pins: tuple[Pin, ...], palette: Palette) -> str:
    """Return the pinned results, large, as markup."""
    if not pins:
        return "Nothing is pinned yet: p in the race pins the chosen mode."
    parts = []
    for pin in pins:
        colour = palette.of(pin.mode)
        where = f"{pin.kernel}, {pin.size}" if pin.size else pin.kernel
        digits, _, unit = pin.time.partition(" ")
        rows = "\n".join(large(digits))
        line = f"{escape(pin.line)}\n" if pin.line else ""
        parts.append(
            f"[b {colour}]⚑ {escape(pin.title)}[/]  {escape(where)}\n"
            f"[b {colour}]{rows}  {unit}[/]\n\n{line}[b]{escape(pin.now)}[/]\n"
        )
    return "\n".join(parts)


class WindowApp(App[None]):
    """The pinned results of a race that runs in another terminal."""

    CSS = "Screen { padding: 1 2; }"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [Binding("q,escape", "quit", "quit")]  # noqa: RUF012 (as Textual has it)

    def __init__(self, folder: Path, *, dark: bool = True) -> None:
        super().__init__()
        self.path = folder / FILE
        self.palette = DARK if dark else LIGHT

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(id="pins")

    def on_mount(self) -> None:
        self.draw()
        self.set_interval(_REFRESH, self.draw)

    def draw(self) -> None:
        try:
            shared = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            text = (
                f"No race is running that writes {escape(str(self.path))}.\n"
                "Start one in another terminal; this window then follows it. [b]q[/] quits."
            )
        else:
            self.palette = DARK if shared["dark"] else LIGHT
            text = markup(tuple(Pin(**pin) for pin in shared["pins"]), self.palette)
        self.screen.styles.background = self.palette.background
        self.screen.styles.color = self.palette.text
        self.query_one("#pins", Static).update(text)
