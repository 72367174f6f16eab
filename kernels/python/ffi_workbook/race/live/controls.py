"""The keys of the live race, the pins, and what is on the screen.

Both views hand each key to ``Controls.press`` and show ``Controls.screen()``.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .. import report
from ..tables import interval, seconds, three_digits
from . import drawing
from .drawing import Bar, Picture, Pin, Series
from .kernels import Kernel
from .lanes import Row
from .palette import DARK, LIGHT, Palette
from .source import Board, Source

#: From this ratio of the slowest to the fastest, a linear bar of the fastest is too short.
_LINEAR_UP_TO = 40.0


@dataclass(frozen=True)
class Key:
    """A key, as browsers name it, and what it does."""

    names: tuple[str, ...]
    command: str
    help: str
    #: Shown at the foot of the screen and on buttons.
    label: str = ""

    @property
    def button(self) -> str:
        """Return what stands on a button."""
        return f"{_SIGNS.get(self.names[0], self.names[0])} {self.label}" if self.label else ""


_SIGNS = {"ArrowUp": "↑", "ArrowDown": "↓", "ArrowLeft": "←", "ArrowRight": "→", " ": "space"}

KEYS = (
    Key(("ArrowUp",), "up", "the mode above", "mode"),
    Key(("ArrowDown",), "down", "the mode below", "mode"),
    Key(("ArrowLeft", "-"), "smaller", "a smaller size", "size"),
    Key(("ArrowRight", "+"), "larger", "a larger size", "size"),
    Key(("k",), "next_kernel", "the next kernel (K: the one before; 1 to 9: that one)", "kernel"),
    Key(("K",), "previous_kernel", ""),
    Key(("x", "Enter"), "switch", "this mode off, or on again (also after it failed)", "on/off"),
    Key((" ",), "freeze", "freeze: stand still, and measure nothing; again to go on", "freeze"),
    Key(("p",), "pin", "pin this mode's result, to compare with; again to let it go", "pin"),
    Key(("w",), "window", "the pinned results in a window of their own", "window"),
    Key(("v",), "layout", "bars, line, or both", "view"),
    Key(("s",), "sort", "the fastest first, or the order of the course", "sort"),
    Key(("l",), "scale", "bars linear or logarithmic", "scale"),
    Key(("r",), "restart", "start this kernel again, with new processes", "restart"),
    Key(("d",), "theme", "dark or light", "dark"),
    Key(("e",), "export_figure", "write the figure (SVG, light and dark)", "figure"),
    Key(("j",), "export_json", "write the JSON of the race", "JSON"),
    Key(("h", "?"), "help", "these keys", "help"),
)


def help_text(kernels: Iterable[Kernel]) -> str:
    """Return what every key does, and the kernels by their numbers, a line each."""
    lines = [(" ".join(_SIGNS.get(n, n) for n in key.names), key.help) for key in KEYS if key.help]
    lines += [(str(n), kernel.title) for n, kernel in enumerate(kernels, 1)]
    return "\n".join(f"{names:<9} {words}" for names, words in lines)


class Controls:
    def __init__(self, race: Source, folder: Path, *, dark: bool = True) -> None:
        self.race, self.folder, self.dark = race, folder, dark
        self.cursor = ""
        self.sorted = True
        #: None: whichever fits.
        self.logarithmic: bool | None = None
        self.layout_name = "both"
        self.shows_window = self.shows_help = False
        self.pins: list[Pin] = []
        self.message = ""
        self.held: Board | None = None
        self.commands: dict[str, Callable[[], None]] = {
            name: getattr(self, f"_{key.command}") for key in KEYS for name in key.names
        }

    @property
    def palette(self) -> Palette:
        return DARK if self.dark else LIGHT

    def press(self, key: str) -> bool:
        """Do what a key says; return whether it says anything."""
        if not self.cursor:
            self.screen()  # which chooses the first mode
        if key.isdigit() and 0 < int(key) <= len(self.race.kernels):
            self._pick(int(key) - 1)
        elif key in self.commands:
            self.message = ""
            self.commands[key]()
        else:
            return False
        return True

    # --- What is on the screen ------------------------------------------------

    def board(self) -> Board:
        return self.held or self.race.board()

    def screen(self) -> Picture:
        board = self.board()
        rows = self._in_order(board)
        if self.cursor not in [row.mode for row in rows]:
            self.cursor = rows[0].mode if rows else ""
        times = [row.median for row in rows if row.median]
        logarithmic = self.logarithmic
        if logarithmic is None:
            logarithmic = bool(times) and max(times) > _LINEAR_UP_TO * min(times)
        length = _lengths(times, logarithmic)
        pinned = {pin.mode for pin in self.pins}
        bars = tuple(self._bar(row, length, row.mode in pinned) for row in rows)
        chosen = next((bar for bar in bars if bar.mode == self.cursor), None)
        return Picture(
            kernel=board.kernel.title,
            number=self.race.kernels.index(board.kernel) + 1,
            kernels=len(self.race.kernels),
            size=board.kernel.size_text(board.size),
            bars=bars,
            chosen=chosen,
            scale="log scale" if logarithmic else "from zero",
            series=tuple(self._series(row) for row in rows if len(row.points) > 1),
            has_line=board.kernel.has_line,
            at=board.size if board.kernel.has_line else None,
            line=self._line(board)[0],
            line_range=self._line(board)[1],
            pins=tuple(self._against(pin, board) for pin in self.pins),
            status="frozen" if self.held else board.status,
            is_frozen=bool(self.held),
            layout=self.layout_name,
            shows_window=self.shows_window,
            warnings=board.warnings,
            message=self.message,
        )

    def _in_order(self, board: Board) -> list[Row]:
        if not self.sorted:
            return list(board.rows)
        places = {"racing": 0, "loading": 1, "off": 2, "absent": 3, "failed": 3}
        return sorted(
            board.rows,
            key=lambda row: (
                row.median is None or row.state != "racing",
                places[row.state],
                row.median or 0.0,
            ),
        )

    def _bar(self, row: Row, length: Callable[[float], float], pinned: bool) -> Bar:
        shown = row.median is not None and row.state == "racing"
        if shown:
            note = ""
        elif row.state in ("failed", "absent"):
            note = f"{row.state}: {row.reason.splitlines()[0] if row.reason else 'no reason given'}"
        elif row.state == "racing":
            note = row.reason or "waits for its turn"
        else:
            note = {"off": "off", "loading": "loading ..."}[row.state]
        return Bar(
            mode=row.mode,
            title=row.title,
            length=length(row.median) if shown and row.median else 0.0,
            low=length(row.q1) if shown and row.q1 else 0.0,
            high=length(row.q3) if shown and row.q3 else 0.0,
            time=seconds(row.median) if shown else "",
            ratio=f"{three_digits(row.ratio)}×" if shown and row.ratio else "",
            note=note,
            failed=row.state == "failed",
            noisy=shown and row.is_noisy,
            pinned=pinned,
            chosen=row.mode == self.cursor,
        )

    def _series(self, row: Row) -> Series:
        line = (row.overhead.value, row.slope.value) if row.overhead and row.slope else None
        loud = row.mode == self.cursor or any(pin.mode == row.mode for pin in self.pins)
        chosen = row.mode == self.cursor
        return Series(row.mode, row.title, row.points, line, self.race.fit_to, loud, chosen)

    def _line(self, board: Board) -> tuple[str, str]:
        """Return overhead and slope of the chosen mode, and their intervals."""
        row = next((row for row in board.rows if row.mode == self.cursor), None)
        if not row or not row.overhead or not row.slope:
            return "", ""
        both = (row.overhead, row.slope)
        ranges = ["?" if math.isinf(e.low) else interval(e.low, e.high) for e in both]
        words = "the intervals come with the second process"
        if "?" not in ranges:
            words = f"95 % sure: {ranges[0]}, and {ranges[1]}"
        return f"{seconds(both[0].value)} + n × {seconds(both[1].value)}", words

    def _against(self, pin: Pin, board: Board) -> Pin:
        """Return a pin with what it is to the chosen mode as it is now."""
        row = next((row for row in board.rows if row.mode == self.cursor), None)
        if not row or row.median is None or row.state != "racing":
            return pin
        words = f"{row.title} now: {seconds(row.median)}"
        size = board.kernel.size_text(board.size)
        if board.kernel.title != pin.kernel:
            words += " (another kernel)"
        elif size != pin.size:
            words += f" ({size})"
        elif f"{row.median:.3g}" == f"{pin.seconds:.3g}":
            words += ", the same"
        else:
            ratio = row.median / pin.seconds
            many, how = (ratio, "slower") if ratio > 1 else (1 / ratio, "faster")
            words += f", {three_digits(many)}× {how}"
        return Pin(**{**vars(pin), "now": words})

    # --- The commands ---------------------------------------------------------

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        names = [row.mode for row in self._in_order(self.board())]
        if names:
            here = names.index(self.cursor) if self.cursor in names else 0
            self.cursor = names[(here + step) % len(names)]

    def _smaller(self) -> None:
        self._resize(-1)

    def _larger(self) -> None:
        self._resize(1)

    def _resize(self, step: int) -> None:
        board = self.board()
        sizes = board.kernel.sizes
        if not sizes or board.size is None:
            self.message = "this kernel has one size"
            return
        place = sizes.index(board.size) + step
        if 0 <= place < len(sizes):
            self.race.pick(board.kernel, sizes[place])
            self._thaw()
        else:
            self.message = f"{board.kernel.size_text(board.size)} is the last size here"

    def _next_kernel(self) -> None:
        self._pick(self.race.kernels.index(self.board().kernel) + 1)

    def _previous_kernel(self) -> None:
        self._pick(self.race.kernels.index(self.board().kernel) - 1)

    def _pick(self, place: int) -> None:
        kernel = self.race.kernels[place % len(self.race.kernels)]
        self.race.pick(kernel, kernel.first)
        self._thaw()

    def _switch(self) -> None:
        if self.cursor:
            self.race.switch(self.cursor)
            self._thaw()

    def _freeze(self) -> None:
        if self.held:
            self._thaw()
        else:
            self.held = self.race.board()
            self.race.freeze(True)

    def _thaw(self) -> None:
        self.held = None
        self.race.freeze(False)

    def _pin(self) -> None:
        board = self.board()
        row = next((row for row in board.rows if row.mode == self.cursor), None)
        if not row or row.median is None:
            self.message = "there is no result to pin yet"
            return
        kernel, size = board.kernel.title, board.kernel.size_text(board.size)
        same = [p for p in self.pins if (p.mode, p.kernel, p.size) == (row.mode, kernel, size)]
        if same:
            self.pins.remove(same[0])
        else:
            line, _ = self._line(board)
            time = seconds(row.median)
            self.pins.append(Pin(row.mode, row.title, kernel, size, row.median, time, line))

    def _window(self) -> None:
        self.shows_window = not self.shows_window
        self.shows_help = False

    def _help(self) -> None:
        self.shows_help = not self.shows_help
        self.shows_window = False

    def _layout(self) -> None:
        names = ("both", "bars", "line")
        self.layout_name = names[(names.index(self.layout_name) + 1) % len(names)]
        self.message = {"both": "bars and line", "bars": "bars", "line": "line"}[self.layout_name]

    def _sort(self) -> None:
        self.sorted = not self.sorted
        self.message = "the fastest first" if self.sorted else "the order of the course"

    def _scale(self) -> None:
        was = self.screen().scale == "log scale"
        self.logarithmic = not was

    def _restart(self) -> None:
        self.race.restart()
        self._thaw()

    def _theme(self) -> None:
        self.dark = not self.dark

    def _export_figure(self) -> None:
        picture, name = self.screen(), self._name()
        for theme, palette in (("light", LIGHT), ("dark", DARK)):
            path = self.folder / f"{name}-{theme}.svg"
            self._write(path, drawing.svg(picture, palette))
        self._tell(f"wrote {name}-light.svg and -dark.svg in {self.folder}")

    def _export_json(self) -> None:
        path = self.folder / f"{self._name()}.json"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            report.write(path, self.race.as_json())
        except (OSError, ValueError) as error:
            self.message = f"not written: {error}"
        else:
            self.message = f"wrote {path}"

    def _write(self, path: Path, text: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            self.message = f"not written: {error}"

    def _tell(self, message: str) -> None:
        self.message = self.message or message

    def _name(self) -> str:
        return f"race-live-{self.board().kernel.name}-{datetime.now():%Y-%m-%d-%H%M%S}"


def _lengths(times: list[float], logarithmic: bool) -> Callable[[float], float]:
    """Return a function from a time to the length of its bar, 0 to 1."""
    if not times:
        return lambda time: 0.0
    slowest = max(times)
    if not logarithmic:
        return lambda time: min(1.0, time / slowest)
    # A whole decade below the fastest, so that its bar is seen as well.
    floor = 10 ** math.floor(math.log10(min(times)) - 0.3)
    whole = math.log10(slowest / floor)
    return lambda time: min(1.0, max(0.0, math.log10(time / floor) / whole))
