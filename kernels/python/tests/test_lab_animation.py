"""The animation: its image holds the fields, and its HTML can be stopped."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from ffi_workbook import lab


def test_the_image_holds_every_frame() -> None:
    fields = [np.full((3, 5), value) for value in (0.0, 50.0, 100.0, 999.0)]
    shown = lab.animation(fields, alt="four fields", low=0, high=100)
    assert (shown.frames, shown.shape) == (4, (3, 5))
    image = Image.open(io.BytesIO(shown.image))
    assert image.size == (5, 12)
    levels = np.asarray(image)[::3, 0]
    assert levels.tolist() == [0, 128, 255, 255]  # 999 is beyond the last colour


def test_the_page_has_the_words_and_a_control() -> None:
    words = 'heat "flows"'
    shown = lab.animation([np.zeros((2, 2))] * 3, alt=words, low=-1, high=1, unit=" K")
    page = shown._repr_html_()
    assert 'role="img" aria-label="heat &quot;flows&quot;"' in page
    assert "steps(3,jump-none)" in page
    assert "-1 K" in page
    assert '<input type="checkbox">' in page
    assert "prefers-reduced-motion: reduce" in page
    [source] = re.findall(r"base64,([^)]*)\)", page)
    assert base64.b64decode(source) == shown.image
    assert "<script" not in page


@pytest.mark.parametrize(
    ("shapes", "message"),
    [([], "no frames"), ([(2, 2), (2, 3)], "several shapes"), ([(2, 2), (3, 2)], "several shapes")],
)
def test_bad_frames_are_refused(shapes: list[tuple[int, int]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lab.animation([np.zeros(shape) for shape in shapes], alt="none", low=0, high=1)
