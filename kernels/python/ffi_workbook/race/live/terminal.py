"""The live race in a terminal (Textual)."""

import re
from typing import ClassVar

from rich.markup import escape
from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.events import Key as KeyPress
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Digits, Static

from ..tables import seconds
from .braille import Canvas
from .controls import KEYS, Controls, help_text
from .drawing import Axes, Bar, Picture, decade
from .large import ROWS, large
from .palette import DARK, LIGHT, Palette
from .window import Shared, markup

#: How often the screen is drawn, in seconds.
_REFRESH = 0.2

#: What Textual calls the keys that browsers call otherwise.
_KEY_NAMES = {
    "up": "ArrowUp",
    "down": "ArrowDown",
    "left": "ArrowLeft",
    "right": "ArrowRight",
    "enter": "Enter",
    "tab": "k",
}

#: The narrowest screen that has bars and lines side by side.
_WIDE = 110
#: On a narrower one the title needs the room of the large digits.
_NARROW = 60
#: From so many rows on, the large digits are five rows high.
_TALL = 40
_EIGHTHS = " ▏▎▍▌▋▊▉█"


#: The foot of the screen: what is most wanted first, because a narrow one has not all.
_FOOT = (
    ("h", "help"),
    ("q", "quit"),
    ("↑↓", "mode"),
    ("←→", "size"),
    *(
        (key.button.split()[0], key.label)
        for key in KEYS
        if key.label and key.command not in ("up", "down", "smaller", "larger", "help")
    ),
)


def _theme(name: str, palette: Palette) -> Theme:
    return Theme(
        name=f"race-{name}",
        primary=palette.numpy,
        foreground=palette.text,
        background=palette.background,
        surface=palette.background,
        panel=palette.stripe,
        dark=name == "dark",
    )


class Panel(Static):
    """A part of the screen that draws the whole picture's part of it."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.picture: Picture | None = None
        self.palette = DARK

    def show(self, picture: Picture, palette: Palette) -> None:
        if (picture, palette) != (self.picture, self.palette):
            self.picture, self.palette = picture, palette
            self.refresh()

    def render(self) -> Text:
        width, height = self.size
        if not self.picture or width < 1 or height < 1:
            return Text()
        text = self.draw(self.picture, width, height)
        text.no_wrap, text.overflow = True, "crop"
        return text

    def draw(self, picture: Picture, width: int, height: int) -> Text:
        """Return the panel's part of the picture. Each kind of panel has its own."""
        raise NotImplementedError

    def pen(self, colour: str, *, bold: bool = False, on: str | None = None) -> Style:
        return Style(color=colour, bold=bold, bgcolor=on)


class Bars(Panel):
    def draw(self, picture: Picture, width: int, height: int) -> Text:
        bars = picture.bars
        per_bar = max(1, min(3, height // max(1, len(bars))))
        # Where not all have room, those around the chosen one are shown.
        most = max(1, height // per_bar)
        here = next((place for place, bar in enumerate(bars) if bar.chosen), 0)
        first = max(0, min(here - most // 2, len(bars) - most))
        text = Text()
        for bar in bars[first : first + most]:
            if per_bar == 1:
                self.one_line(text, bar, width)
            else:
                self.tall(text, bar, width, per_bar)
        return text

    def label(self, bar: Bar, width: int) -> Text:
        on = self.palette.stripe if bar.chosen else None
        title = f"{'▶' if bar.chosen else ' '}{'⚑' if bar.pinned else ' '}{bar.title}"
        colour = self.palette.text if bar.time else self.palette.muted
        return Text(_fitted(title, width), self.pen(colour, bold=bar.chosen, on=on))

    def value(self, bar: Bar, width: int) -> Text:
        on = self.palette.stripe if bar.chosen else None
        text = Text()
        text.append(f"{bar.time:>9} ", self.pen(self.palette.text, bold=True, on=on))
        if width > 10:
            ratio = f"{bar.ratio}{'~' if bar.noisy else ''}"
            text.append(f"{ratio:>{width - 10}}", self.pen(self.palette.muted, on=on))
        return text

    def note(self, bar: Bar, width: int) -> Text:
        words = f"✗ {bar.note}" if bar.failed else bar.note
        colour = self.palette.pyo3 if bar.failed else self.palette.muted
        on = self.palette.stripe if bar.chosen else None
        return Text(_fitted(words, width), self.pen(colour, bold=bar.failed, on=on))

    def bar(self, bar: Bar, width: int, *, half: bool = False) -> Text:
        """Draw a bar in steps of an eighth; or the upper half of a row, to make it higher."""
        width = max(1, width)
        eighths = max(1, round(8 * width * bar.length))
        whole, rest = divmod(eighths, 8)
        blocks = "█" * whole + (_EIGHTHS[rest] if rest else "")
        if half:
            blocks = "▀" * max(1, round(eighths / 8))
        on = self.palette.stripe if bar.chosen else None
        return Text(f"{blocks:<{width}}"[:width], self.pen(self.palette.of(bar.mode), on=on))

    def one_line(self, text: Text, bar: Bar, width: int) -> None:
        name, value = (23, 19) if width >= _NARROW else (max(1, width - 20), 10)
        text.append_text(self.label(bar, name))
        if bar.time:
            text.append_text(self.bar(bar, width - name - value))
            text.append_text(self.value(bar, value))
        else:
            text.append_text(self.note(bar, width - name))
        text.append("\n")

    def tall(self, text: Text, bar: Bar, width: int, rows: int) -> None:
        if bar.time:
            text.append_text(self.label(bar, width - 19))
            text.append_text(self.value(bar, 19))
            text.append("\n")
            text.append_text(self.bar(bar, width))
            if rows > 2:
                text.append("\n")
                text.append_text(self.bar(bar, width, half=True))
        else:
            text.append_text(self.label(bar, width))
            text.append("\n")
            text.append_text(self.note(bar, width))
            text.append("\n" * (rows - 2))
        text.append("\n")


class Lines(Panel):
    def draw(self, picture: Picture, width: int, height: int) -> Text:
        axes = Axes.around(picture.series)
        if not axes:
            return Text("\n  the lines come with the first samples", self.pen(self.palette.muted))
        left, under = 8, 4
        across, up = max(4, width - left - 1), max(2, height - under)
        canvas = Canvas(across, up)
        self.grid(canvas, picture, axes)
        for one in sorted(picture.series, key=lambda one: (one.loud, one.chosen)):
            colour = self.palette.of(one.mode) if one.loud else self.palette.axis
            places = [axes.place(*point) for point in one.curve()]
            canvas.curve([(x, y) for x, y in places if 0 <= y <= 1], colour, 3 if one.chosen else 1)
        rows = [[*row] for row in canvas.rows()]
        for one in sorted(picture.series, key=lambda one: one.chosen):
            if one.loud:
                for point in one.points:
                    x, y = axes.place(*point)
                    down, right = round((1 - y) * (up - 1)), round(x * (across - 1))
                    rows[down][right] = ("●", self.palette.of(one.mode))
        labels = {
            round((1 - axes.place(1, 10.0**e)[1]) * (up - 1)): seconds(10.0**e)
            for e in range(axes.bottom, axes.top + 1)
        }
        text = Text()
        for place, row in enumerate(rows):
            label = f"{labels.get(place, ''):>{left - 1}} "
            text.append(label, self.pen(self.palette.muted))
            for character, colour in row:
                text.append(character, self.pen(colour) if colour else "")
            text.append("\n")
        text.append(self.sizes(axes, across, left) + "\n", self.pen(self.palette.muted))
        chosen = next((one for one in picture.series if one.chosen), None)
        if chosen and picture.line:
            words = f"{chosen.title}: {picture.line}"
            text.append(_fitted(words, width), self.pen(self.palette.of(chosen.mode), bold=True))
            text.append("\n" + _fitted(picture.line_range, width), self.pen(self.palette.muted))
        return text

    def grid(self, canvas: Canvas, picture: Picture, axes: Axes) -> None:
        for exponent in range(axes.bottom, axes.top + 1):
            _, y = axes.place(1, 10.0**exponent)
            canvas.curve([(0, y), (1, y)], self.palette.grid)
        if picture.at:
            x, _ = axes.place(picture.at, 10.0**axes.bottom)
            canvas.curve([(x, 0), (x, 1)], self.palette.muted)

    def sizes(self, axes: Axes, across: int, left: int) -> str:
        row = [" "] * (left + across + 2)
        for exponent in range(axes.left, axes.right + 1):
            x, _ = axes.place(10.0**exponent, 10.0**axes.bottom)
            label = decade(exponent)
            start = min(left + round(x * (across - 1)), left + across + 1 - len(label))
            row[start : start + len(label)] = label
        return "".join(row)


class Pins(Panel):
    """The pinned results: as a panel, and as a window of their own."""

    def draw(self, picture: Picture, width: int, height: int) -> Text:
        text = Text()
        for pin in picture.pins[-max(1, height // 2) :]:
            where = f"{pin.kernel}, {pin.size}" if pin.size else pin.kernel
            words = f"⚑ {pin.title}  {pin.time}  ({where})"
            text.append(_fitted(words, width), self.pen(self.palette.of(pin.mode), bold=True))
            text.append("\n")
            text.append(_fitted(f"  {pin.now}", width), self.pen(self.palette.text))
            text.append("\n")
        return text


class Foot(Panel):
    def draw(self, picture: Picture, width: int, height: int) -> Text:
        text = Text()
        if picture.message:
            text.append(_fitted(picture.message, width), self.pen(self.palette.text, bold=True))
        elif picture.warnings:
            words = f"noise: {picture.warnings[0]}"
            if len(picture.warnings) > 1:
                words = _fitted(words, width - 12) + f" (+{len(picture.warnings) - 1} more)"
            text.append(_fitted(words, width), self.pen(self.palette.cffi))
        text.append("\n")
        left = width
        for name, words in _FOOT:
            left -= len(name) + len(words) + 3
            if left >= 0:
                text.append(name, self.pen(self.palette.text, bold=True))
                text.append(f" {words}  ", self.pen(self.palette.muted))
        return text


class WindowScreen(Screen[None]):
    """The pinned results, large, and what the chosen mode is to them."""

    CSS = "WindowScreen { padding: 1 2; }"

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(id="pinned")
            yield Static("\n[b]w[/] or Escape: back to the race")

    def show(self, picture: Picture, palette: Palette) -> None:
        for found in self.query("#pinned").results(Static):
            found.update(markup(picture.pins, palette))


class HelpScreen(Screen[None]):
    CSS = "HelpScreen { padding: 1 2; }"

    def __init__(self, controls: Controls) -> None:
        super().__init__()
        self.controls = controls

    def compose(self) -> ComposeResult:
        words = f"{help_text(self.controls.race.kernels)}\nq         quit"
        with VerticalScroll():
            yield Static(f"{escape(words)}\n[b]h[/] or Escape: back")


class RaceApp(App[None]):
    """The whole screen."""

    CSS = """
    Screen { layout: vertical; padding: 0 1; }
    #head { height: 3; }
    #title { width: 1fr; }
    #value { width: auto; text-style: bold; }
    #big { width: auto; }
    #unit { width: auto; min-width: 10; padding: 0 1; }
    #middle { height: 1fr; }
    #bars { width: 1fr; height: 100%; }
    #lines { width: 1fr; height: 100%; margin-left: 2; }
    #pins { height: auto; max-height: 6; }
    #foot { height: 2; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "quit", "quit", priority=True)]

    def __init__(self, controls: Controls, shared: Shared | None = None) -> None:
        super().__init__()
        self.controls, self.shared = controls, shared
        for name, palette in (("light", LIGHT), ("dark", DARK)):
            self.register_theme(_theme(name, palette))

    def compose(self) -> ComposeResult:
        with Horizontal(id="head"):
            yield Static(id="title")
            yield Digits("", id="value")
            yield Static(id="big")
            yield Static(id="unit")
        with Horizontal(id="middle"):
            yield Bars(id="bars")
            yield Lines(id="lines")
        yield Pins(id="pins")
        yield Foot(id="foot")

    def on_mount(self) -> None:
        self.draw()
        self.set_interval(_REFRESH, self.draw)

    def on_resize(self) -> None:
        self.draw()

    def on_key(self, event: KeyPress) -> None:
        name = event.character if event.is_printable and event.character else event.key
        name = _KEY_NAMES.get(event.key, name)
        if event.key == "escape":
            self.controls.shows_window = self.controls.shows_help = False
            name = ""
        if not name or self.controls.press(name):
            event.prevent_default()
            event.stop()
            self.switch_screens()
            self.draw()

    def switch_screens(self) -> None:
        top = self.screen
        wanted: type[Screen[None]] | None = None
        if self.controls.shows_window:
            wanted = WindowScreen
        elif self.controls.shows_help:
            wanted = HelpScreen
        if isinstance(top, WindowScreen | HelpScreen) and (
            wanted is None or not isinstance(top, wanted)
        ):
            self.pop_screen()
        if wanted is WindowScreen and not isinstance(top, WindowScreen):
            self.push_screen(WindowScreen())
        elif wanted is HelpScreen and not isinstance(top, HelpScreen):
            self.push_screen(HelpScreen(self.controls))

    def draw(self) -> None:
        palette = self.controls.palette
        self.theme = "race-dark" if palette is DARK else "race-light"
        picture = self.controls.screen()
        if self.shared:
            self.shared.write(picture.pins, dark=palette is DARK)
        if isinstance(self.screen, WindowScreen):
            self.screen.show(picture, palette)
        main = self.screen_stack[0]
        if not main.query("#foot"):
            return  # it is still being put together
        self.head(main, picture, palette)
        wide = self.size.width >= _WIDE
        layout = self.controls.layout_name
        lines = picture.has_line and (layout == "line" or (layout == "both" and wide))
        main.query_one("#lines").display = lines
        main.query_one("#bars").display = not (lines and layout == "line")
        pins = main.query_one("#pins", Pins)
        pins.display = bool(picture.pins)
        pins.styles.height = min(6, 2 * len(picture.pins)) or 1
        for panel in main.query(Panel):
            panel.show(picture, palette)

    def head(self, main: Screen[None], picture: Picture, palette: Palette) -> None:
        state = "❄ FROZEN" if picture.is_frozen else picture.status
        size = f"  [b]{escape(picture.size)}[/]" if picture.size else ""
        main.query_one("#title", Static).update(
            f"[b]{escape(picture.kernel)}[/]{size}\n"
            f"[{palette.muted}]kernel {picture.number} of {picture.kernels} · "
            f"bars: {picture.scale}[/]\n"
            f"[{palette.numpy if picture.is_frozen else palette.muted}]{escape(state)}[/]"
        )
        digits, unit, title = "", "", ""
        if picture.chosen:
            digits, _, unit = picture.chosen.time.partition(" ")
            title = picture.chosen.title
        value = main.query_one("#value", Digits)
        value.update(digits)
        tall = self.size.height >= _TALL
        big = main.query_one("#big", Static)
        big.update("\n".join(large(digits)))
        main.query_one("#head").styles.height = ROWS if tall else 3
        value.display = main.query_one("#unit").display = self.size.width >= _NARROW
        big.display = tall and value.display
        value.display = value.display and not tall
        colour = palette.of(picture.chosen.mode) if picture.chosen else palette.text
        value.styles.color = big.styles.color = colour
        ratio = picture.chosen.ratio if picture.chosen else ""
        main.query_one("#unit", Static).update(f"[b {colour}]{escape(title)}[/]\n{unit}\n{ratio}")


async def screenshot(controls: Controls, *keys: str, size: tuple[int, int] = (120, 34)) -> str:
    """Press keys in a view of so many columns and rows; return it as SVG.

    The drawing asks for no font from elsewhere.
    """
    app = RaceApp(controls)
    app.title = "make race-live"
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        app.draw()
        await pilot.pause()
        picture = app.export_screenshot(simplify=True)
    return re.sub(r"@font-face\s*{.*?}", "", picture, flags=re.DOTALL)


def _fitted(words: str, width: int) -> str:
    """Return words in exactly this width."""
    if len(words) > width:
        return words[: max(0, width - 1)] + "…"
    return f"{words:<{width}}"
