"""A matplotlib figure for a notebook and for a page: light, dark, with its words.

Notebooks need matplotlib; the package does not.
"""

import base64
import html
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: What differs between a light page and a dark one.
SHADES = {
    "light": {"ink": "#1f2328", "grid": "#d0d7de"},
    "dark": {"ink": "#e6edf3", "grid": "#444c56"},
}
#: Colours that the colour-blind can tell apart, on both pages (Okabe and Ito, 2008).
COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"]


@dataclass(frozen=True, slots=True)
class Figure:
    """Two drawings of one figure, and the words for who cannot see it."""

    light: bytes
    dark: bytes
    alt: str

    def _repr_html_(self) -> str:
        def image(data: bytes, shade: str, extra: str = "") -> str:
            source = base64.b64encode(data).decode()
            return (
                f'<img class="lab-{shade} dark-light" src="data:image/svg+xml;base64,{source}"'
                f' alt="{html.escape(self.alt)}"{extra}>'
            )

        # JupyterLab has no rule for the second one, so it is hidden from the start.
        return image(self.light, "light") + image(self.dark, "dark", ' style="display:none"')


def figure(
    draw: Callable[[Any], None],
    *,
    alt: str,
    size: tuple[float, float] = (6.4, 3.6),
    **subplots: Any,
) -> Figure:
    """Call ``draw(axes)`` once for a light page and once for a dark one.

    ``size`` is width and height in inches; what else is named goes to
    matplotlib's ``subplots``. ``alt`` says in words what the figure shows.
    """
    from cycler import cycler
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Canvas

    drawings: list[bytes] = []
    for shade in SHADES.values():
        style: Any = {
            "text.color": shade["ink"],
            "axes.labelcolor": shade["ink"],
            "axes.edgecolor": shade["ink"],
            "xtick.color": shade["ink"],
            "ytick.color": shade["ink"],
            "grid.color": shade["grid"],
            "legend.frameon": False,
            "axes.prop_cycle": cycler(color=COLOURS),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "font.size": 11,
            "svg.hashsalt": "ffi-workbook",
        }
        with rc_context(style):
            canvas = Canvas(figsize=size, layout="constrained")
            draw(canvas.subplots(**subplots))
            file = io.BytesIO()
            canvas.savefig(file, format="svg", transparent=True, metadata={"Date": None})
            drawings.append(file.getvalue())
    light, dark = drawings
    return Figure(light, dark, alt)
