"""What is on the screen, as data and as a figure (SVG)."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from ..tables import seconds
from .palette import Palette


@dataclass(frozen=True)
class Bar:
    """One mode."""

    mode: str
    title: str
    #: Parts of the longest bar: the median and the quartiles.
    length: float
    low: float
    high: float
    time: str
    ratio: str
    #: Stands in place of the bar, where there is none.
    note: str
    failed: bool
    noisy: bool
    pinned: bool
    chosen: bool


@dataclass(frozen=True)
class Series:
    """The times of one mode by size, and the line that fits them."""

    mode: str
    title: str
    points: tuple[tuple[int, float], ...]
    #: Overhead and slope, and the largest size that they were fitted to.
    line: tuple[float, float] | None
    fit_to: int
    #: The chosen mode and the pinned ones are drawn over the others.
    loud: bool
    chosen: bool

    def curve(self) -> Sequence[tuple[float, float]]:
        """Return the fitted line of a loud mode, and what was measured of the others."""
        if not self.loud or not self.line:
            return self.points
        overhead, slope = self.line
        sizes = [n for n, _ in self.points if n <= self.fit_to]
        first, last = math.log10(sizes[0]), math.log10(sizes[-1])
        # A straight line is none on two log axes: so many points that it looks smooth.
        smooth = [10 ** (first + (last - first) * i / 96) for i in range(97)]
        return [(n, time) for n in smooth if (time := overhead + n * slope) > 0]


@dataclass(frozen=True)
class Pin:
    """A result that was kept."""

    mode: str
    title: str
    kernel: str
    size: str
    seconds: float
    time: str
    line: str
    #: What the chosen mode is to it now.
    now: str = ""


@dataclass(frozen=True)
class Picture:
    """The whole screen."""

    kernel: str
    number: int
    kernels: int
    size: str
    bars: tuple[Bar, ...]
    chosen: Bar | None
    scale: str
    series: tuple[Series, ...]
    has_line: bool
    #: The picked size, on the axis of the lines.
    at: int | None
    #: "overhead + n × slope" of the chosen mode.
    line: str
    #: Their 95 % intervals.
    line_range: str
    pins: tuple[Pin, ...]
    status: str
    is_frozen: bool
    #: "both", "bars" or "line".
    layout: str
    #: Whether the pinned results have the whole screen.
    shows_window: bool
    warnings: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Axes:
    """Two logarithmic axes around all points, in whole decades."""

    left: int
    right: int
    bottom: int
    top: int

    @classmethod
    def around(cls, series: Iterable[Series]) -> "Axes | None":
        points = [point for one in series for point in one.points]
        if not points:
            return None
        xs = [math.log10(n) for n, _ in points]
        ys = [math.log10(time) for _, time in points]
        left, bottom = math.floor(min(xs)), math.floor(min(ys))
        return cls(
            left, max(left + 1, math.ceil(max(xs))), bottom, max(bottom + 1, math.ceil(max(ys)))
        )

    def place(self, n: float, time: float) -> tuple[float, float]:
        """Return where a point is: from 0 to 1, from the left and from the bottom."""
        x = (math.log10(n) - self.left) / (self.right - self.left)
        y = (math.log10(time) - self.bottom) / (self.top - self.bottom)
        return x, y


def decade(exponent: int) -> str:
    """Return a power of ten as one writes a size: 1, 10, 100, 1k, 10k, 1M."""
    unit, rest = divmod(exponent, 3)
    return f"{10**rest}{('', 'k', 'M', 'G')[unit]}" if 0 <= unit < 4 else f"1e{exponent}"


WIDTH, HEIGHT = 1600, 900
_FONT = "ui-sans-serif, system-ui, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"


def svg(picture: Picture, palette: Palette) -> str:
    """Return the screen as a figure of 1600 x 900."""
    ink = _Ink(palette)
    ink.box(0, 0, WIDTH, HEIGHT, palette.background)
    title = f"{picture.kernel}, {picture.size}" if picture.size else picture.kernel
    ink.text(40, 68, title, 48, bold=True)
    state, colour = picture.status, palette.muted
    if picture.is_frozen:
        state, colour = "❄ frozen", palette.numpy
    ink.text(40, 108, f"{state} · bars {picture.scale}", 24, colour)
    if picture.shows_window:
        _window(ink, picture)
        return ink.document(title)
    bottom = HEIGHT - (130 if picture.pins else 70)
    has_line = picture.has_line and bool(picture.series)
    split = 900 if has_line else WIDTH
    if picture.layout != "both":
        split = 60 if has_line and picture.layout == "line" else WIDTH
    if split > 60:
        _bars(ink, picture, 40, 140, split - 80, bottom - 140)
    if split < WIDTH:
        _lines(ink, picture, split + 80, 150, WIDTH - split - 120, bottom - 270)
    _foot(ink, picture, bottom)
    return ink.document(title)


class _Ink:
    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        self.parts: list[str] = []

    def text(
        self, x: float, y: float, words: str, size: float, colour: str = "", *,
        bold: bool = False, anchor: str = "start", width: float = 0,
    ) -> None:  # fmt: skip
        if width and len(words) > (most := max(1, int(width / (0.53 * size)))):
            words = words[: most - 1] + "…"
        weight = ' font-weight="700"' if bold else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" '
            f'fill="{colour or self.palette.text}"{weight}>{escape(words)}</text>'
        )

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0, width):.1f}" '
            f'height="{max(0, height):.1f}" fill="{colour}"/>'
        )

    def path(self, points: Iterable[tuple[float, float]], colour: str, width: float) -> None:
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(
            f'<polyline points="{places}" fill="none" stroke="{colour}" '
            f'stroke-width="{width:g}" stroke-linejoin="round"/>'
        )

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}"/>')

    def document(self, title: str) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'role="img" font-family="{_FONT}"><title>{escape(title)}</title>'
            + "".join(self.parts)
            + "</svg>\n"
        )


def _bars(ink: _Ink, picture: Picture, x: float, y: float, width: float, height: float) -> None:
    palette = ink.palette
    row = min(72.0, height / max(1, len(picture.bars)))
    size = min(34.0, 0.62 * row)
    name, value = 10.4 * size, 8.2 * size
    room = width - name - value
    for place, bar in enumerate(picture.bars):
        top = y + place * row
        base = top + row / 2 + 0.34 * size
        if bar.chosen:
            ink.box(x - 12, top + 1, width + 24, row - 2, palette.stripe)
            ink.box(x - 12, top + 1, 6, row - 2, palette.text)
        title = f"{bar.title} ⚑" if bar.pinned else bar.title
        faint = palette.text if bar.time else palette.muted
        ink.text(x + 4, base, title, 0.88 * size, faint, bold=bar.chosen, width=name - 4)
        if not bar.time:
            words = f"✗ {bar.note}" if bar.failed else bar.note
            colour = palette.pyo3 if bar.failed else palette.muted
            ink.text(x + name, base, words, 0.8 * size, colour, width=room + value)
            continue
        ink.box(x + name, top + 0.16 * row, room * bar.length, 0.68 * row, palette.of(bar.mode))
        middle = top + row / 2
        low, high = x + name + room * bar.low, x + name + room * bar.high
        ink.path([(low, middle), (high, middle)], palette.background, 5)
        ink.path([(low, middle), (high, middle)], palette.text, 2)
        end = x + width
        ink.text(end - 3.9 * size, base, bar.time, 0.88 * size, bold=True, anchor="end")
        ratio = f"{bar.ratio}{'~' if bar.noisy else ''}"
        ink.text(end, base, ratio, 0.88 * size, palette.muted, anchor="end")


def _lines(ink: _Ink, picture: Picture, x: float, y: float, width: float, height: float) -> None:
    palette = ink.palette
    axes = Axes.around(picture.series)
    if not axes:
        return

    def place(n: float, time: float) -> tuple[float, float]:
        across, up = axes.place(n, time)
        return x + across * width, y + height - up * height

    for exponent in range(axes.left, axes.right + 1):
        across, _ = place(10.0**exponent, 10.0**axes.bottom)
        ink.path([(across, y), (across, y + height)], palette.grid, 1.5)
        ink.text(across, y + height + 34, decade(exponent), 24, palette.muted, anchor="middle")
    for exponent in range(axes.bottom, axes.top + 1):
        _, up = place(10.0**axes.left, 10.0**exponent)
        ink.path([(x, up), (x + width, up)], palette.grid, 1.5)
        label = seconds(10.0**exponent)
        ink.text(x - 12, up + 8, label, 24, palette.muted, anchor="end")
    if picture.at:
        across, _ = place(picture.at, 10.0**axes.bottom)
        ink.path([(across, y), (across, y + height)], palette.axis, 3)
    for one in sorted(picture.series, key=lambda one: (one.loud, one.chosen)):
        colour = palette.of(one.mode) if one.loud else palette.axis
        thick = 7 if one.chosen else 4 if one.loud else 1.5
        inside = [p for p in one.curve() if p[1] <= 10.0**axes.top and p[1] >= 10.0**axes.bottom]
        if inside:
            ink.path([place(*p) for p in inside], colour, thick)
        if one.loud:
            for point in one.points:
                ink.dot(*place(*point), 9 if one.chosen else 6, colour)
    chosen = next((one for one in picture.series if one.chosen), None)
    if chosen and picture.line:
        colour = palette.of(chosen.mode)
        words = f"{chosen.title}: {picture.line}"
        ink.text(x - 90, y + height + 80, words, 30, colour, bold=True, width=width + 160)
        ink.text(x - 90, y + height + 112, picture.line_range, 22, palette.muted)


def _window(ink: _Ink, picture: Picture) -> None:
    """Draw the last three pinned results, large."""
    if not picture.pins:
        ink.text(40, 240, "Nothing is pinned yet: p pins the chosen mode.", 36)
    for place, pin in enumerate(picture.pins[-3:]):
        y, colour = 210 + 230 * place, ink.palette.of(pin.mode)
        where = f"{pin.kernel}, {pin.size}" if pin.size else pin.kernel
        ink.text(40, y, f"⚑ {pin.title}", 44, colour, bold=True, width=640)
        ink.text(700, y, pin.time, 88, colour, bold=True)
        ink.text(40, y + 46, where, 28, ink.palette.muted, width=640)
        ink.text(700, y + 52, pin.line, 30, width=860)
        ink.text(700, y + 104, pin.now, 36, bold=True, width=860)
    ink.text(40, HEIGHT - 22, picture.message or "w: back to the race", 22, ink.palette.muted)


def _foot(ink: _Ink, picture: Picture, y: float) -> None:
    palette = ink.palette
    for place, pin in enumerate(picture.pins[-2:]):
        where = f"{pin.kernel}, {pin.size}" if pin.size else pin.kernel
        words = f"⚑ {pin.title}: {pin.time} ({where})"
        ink.text(40, y + 36 + 34 * place, words, 24, palette.of(pin.mode), bold=True, width=880)
        ink.text(930, y + 36 + 34 * place, pin.now, 24, width=640)
    words, colour = picture.message, palette.text
    if not words and picture.warnings:
        words, colour = f"noise: {picture.warnings[0]}", palette.cffi
    ink.text(40, HEIGHT - 22, words, 22, colour, width=WIDTH - 80)
