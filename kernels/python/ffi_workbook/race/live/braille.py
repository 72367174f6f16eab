"""Curves in a terminal: eight dots in each character (Unicode's Braille patterns)."""

from collections.abc import Iterable

#: Bits of the dots of one character, by row and column (Unicode 16, chapter 21.1).
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


class Canvas:
    """Characters with their colours. What is drawn later lies on top."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.dots = [[0] * width for _ in range(height)]
        self.colours = [[""] * width for _ in range(height)]

    def curve(self, points: Iterable[tuple[float, float]], colour: str, thick: int = 1) -> None:
        """Join points, each from 0 to 1 from the left and from the bottom."""
        before: tuple[float, float] | None = None
        for x, y in points:
            here = (x * (2 * self.width - 1), (1 - y) * (4 * self.height - 1))
            start = before or here
            steps = max(1, round(max(abs(here[0] - start[0]), abs(here[1] - start[1]))))
            for i in range(steps + 1):
                part = i / steps
                self._dot(
                    start[0] + part * (here[0] - start[0]),
                    start[1] + part * (here[1] - start[1]),
                    colour,
                    thick,
                )
            before = here

    def _dot(self, x: float, y: float, colour: str, thick: int) -> None:
        across = round(x)
        for down in range(round(y) - (thick - 1) // 2, round(y) + thick // 2 + 1):
            column, row = across // 2, down // 4
            if 0 <= column < self.width and down >= 0 and row < self.height:
                if self.colours[row][column] != colour:
                    self.dots[row][column] = 0
                    self.colours[row][column] = colour
                self.dots[row][column] |= _BITS[down % 4][across % 2]

    def rows(self) -> Iterable[list[tuple[str, str]]]:
        """Return for each row its characters with their colours; "" where nothing is drawn."""
        for dots, colours in zip(self.dots, self.colours, strict=True):
            yield [
                (chr(0x2800 + bits) if bits else " ", colour)
                for bits, colour in zip(dots, colours, strict=True)
            ]
