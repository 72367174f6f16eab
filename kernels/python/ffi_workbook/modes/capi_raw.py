"""The raw C API: an extension module written by hand, with nothing in between.

What a call with numbers costs here is what Python's documented API asks for it.
(Cython reads the digits of a small int itself, and saves two calls.) Arrays are
checked in Python and opened through the buffer protocol, which every kind of
array has; a module that reads NumPy's own structs, as the PyO3 one does, can be
faster there.
"""

from pathlib import Path

from ..library import built
from ._compile import build_extension, link_to_kernels
from ._extension import kernels
from ._load import module_from
from ._protocol import Kernels, Mode

_NAME = "_kernels_capi"
_SOURCE = Path(__file__).with_suffix(".c")


def _build(folder: Path) -> None:
    build_extension(folder, _NAME, [str(_SOURCE)], **link_to_kernels())


def load() -> Kernels:
    folder = built("capi", [_SOURCE.read_text(encoding="utf-8")], _build)
    return kernels(module_from(folder, _NAME))


MODE = Mode(
    name="capi",
    title="raw C API",
    kind="comparison",
    order=100,
    summary="An extension module written by hand in C, with Python's documented API.",
    load=load,
)
