"""An animation of fields for a notebook and for a page: one image, and CSS.

No script runs, so it moves in every viewer that shows HTML. The reader can stop
it, and it waits for the reader whose system asks for less motion (WCAG 2.1,
success criterion 2.2.2).

Notebooks need matplotlib (and Pillow, which comes with it); the package does not.
"""

import base64
import html
import io
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: One keyframe rule serves every animation: the image is moved from the first
#: frame to the last, in as many jumps as there are frames.
_STYLE = """\
@keyframes lab-film { from { background-position-y: 0% } to { background-position-y: 100% } }
.text_html:has(.lab-animation) { background: none !important; color: inherit !important }
.lab-animation { margin: 0; width: max-content; max-width: 100% }
.lab-film { max-width: 100%; background-repeat: no-repeat; animation: lab-film infinite }
.lab-scale { display: flex; align-items: center; gap: .6em; margin: .4em 0 }
.lab-scale i { flex: 1; height: .8em; border: 1px solid currentColor }
.lab-animation:has(:checked) .lab-film { animation-play-state: paused }
.lab-play { display: none }
@media (prefers-reduced-motion: reduce) {
  .lab-film { animation-play-state: paused }
  .lab-animation:has(:checked) .lab-film { animation-play-state: running }
  .lab-pause { display: none } .lab-play { display: inline }
}
@media print { .lab-animation label { display: none } .lab-film { animation: none } }"""


@dataclass(frozen=True, slots=True)
class Animation:
    """Frames in one image, from the top to the bottom, and how to show them."""

    #: A PNG of all frames.
    image: bytes
    frames: int
    #: Rows and columns of a frame.
    shape: tuple[int, int]
    #: Width on the page, in pixels.
    width: int
    #: How long all frames take.
    seconds: float
    alt: str
    #: What the coldest and the warmest colour stand for.
    low: str
    high: str
    #: The colours between them, for the scale.
    colours: tuple[str, ...]

    def _repr_html_(self) -> str:
        rows, columns = self.shape
        source = base64.b64encode(self.image).decode()
        film = (
            f"width:{self.width}px;aspect-ratio:{columns}/{rows};"
            f"background-image:url(data:image/png;base64,{source});"
            f"background-size:100% {100 * self.frames}%;"
            f"animation-duration:{self.seconds}s;"
            f"animation-timing-function:steps({self.frames},jump-none)"
        )
        low, high, alt = (html.escape(text) for text in (self.low, self.high, self.alt))
        return (
            f'<figure class="lab-animation"><style>{_STYLE}</style>'
            f'<div class="lab-film" role="img" aria-label="{alt}" style="{film}"></div>'
            f'<div class="lab-scale">{low}'
            f'<i style="background:linear-gradient(to right,{",".join(self.colours)})"></i>'
            f'{high}</div><label><input type="checkbox"> <span class="lab-pause">Pause</span>'
            '<span class="lab-play">Play</span></label></figure>'
        )


def animation(
    frames: Iterable[NDArray[np.float64]],
    *,
    alt: str,
    low: float,
    high: float,
    unit: str = "",
    seconds: float = 6.0,
    width: int = 320,
) -> Animation:
    """Return an animation of arrays of one shape, whose values are colours.

    ``low`` and ``high`` are the values of the first and the last colour; what is
    beyond them gets these. ``alt`` says in words what there is to see.
    """
    from matplotlib import colormaps
    from PIL import Image

    fields = list(frames)
    if not fields:
        raise ValueError("there are no frames to show")
    if len({field.shape for field in fields}) > 1:
        raise ValueError("the frames have several shapes: they must have one")
    rows, columns = fields[0].shape
    part = (np.concatenate(fields) - low) / (high - low)
    colours = colormaps["inferno"](range(256), bytes=True)[:, :3]
    image = Image.fromarray((255 * part.clip(0, 1)).round().astype(np.uint8))
    # 256 colours are a byte a cell, and a field is smooth: the file stays small.
    image.putpalette(colours.tobytes())
    file = io.BytesIO()
    image.save(file, format="png", optimize=True)
    return Animation(
        image=file.getvalue(),
        frames=len(fields),
        shape=(rows, columns),
        width=width,
        seconds=seconds,
        alt=alt,
        low=f"{low:g}{unit}",
        high=f"{high:g}{unit}",
        colours=tuple("#{:02x}{:02x}{:02x}".format(*colour) for colour in colours[::51]),
    )
