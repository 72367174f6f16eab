"""The live race in a notebook (anywidget): what the terminal shows, drawn as SVG.

>>> from ffi_workbook.race.live.notebook import LiveRace  # doctest: +SKIP
>>> LiveRace(kernel="array_add", modes=["python", "ctypes", "pyo3"])  # doctest: +SKIP
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from . import drawing
from .controls import KEYS, Controls, help_text
from .start import controls

#: How often the picture is drawn, in seconds.
_REFRESH = 0.25
_HERE = Path(__file__).parent


class LiveRace(anywidget.AnyWidget):
    """A race that runs, or a saved one; click it, and use the keys (h shows them).

    The arguments are those of ``make race-live``. ``stop()`` ends its processes; so
    do another race that runs and the end of the notebook's kernel.
    """

    _esm = _HERE / "widget.js"
    _css = _HERE / "widget.css"

    picture = traitlets.Unicode().tag(sync=True)
    help = traitlets.Unicode().tag(sync=True)
    dark = traitlets.Bool(False).tag(sync=True)
    key_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    buttons: Any = traitlets.List().tag(sync=True)

    #: None until there is a race: what is not yet made is closed as well.
    controls: Controls | None = None
    #: The one that measures.
    _running: ClassVar["LiveRace | None"] = None
    _task: asyncio.Task[None] | None = None

    def __init__(
        self,
        *,
        kernel: str | None = None,
        size: int | None = None,
        modes: Sequence[str] | None = None,
        replay: Path | str | None = None,
        at_once: bool = False,
        folder: Path | str = ".",
    ) -> None:
        self.controls = made = controls(
            kernel=kernel,
            size=size,
            modes=modes,
            replay=replay,
            at_once=at_once,
            dark=False,
            folder=folder,
        )
        if made.race.is_live:
            # Two at once would disturb each other, as when a cell is run again.
            if LiveRace._running:
                LiveRace._running.stop()
            LiveRace._running = self
        numbers = [str(n) for n in range(1, len(made.race.kernels) + 1)]
        super().__init__(
            key_names=[*(name for key in KEYS for name in key.names), *numbers],
            buttons=[[key.names[0], key.button] for key in KEYS if key.button],
        )
        self.on_msg(self._message)
        self.draw()
        with suppress(RuntimeError):  # where no loop runs, `draw` has to be called
            self._task = asyncio.get_running_loop().create_task(self._go_on())

    def draw(self) -> None:
        if not self.controls:
            return
        self.dark = self.controls.dark
        self.help = help_text(self.controls.race.kernels) if self.controls.shows_help else ""
        self.picture = drawing.svg(self.controls.screen(), self.controls.palette)

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(_REFRESH)
            self.draw()

    def _message(self, _widget: object, content: Any, _buffers: object) -> None:
        if self.controls and "dark" in content:
            self.controls.dark = bool(content["dark"])
        elif self.controls:
            self.controls.press(str(content.get("key", "")))
        self.draw()

    def stop(self) -> None:
        """End the processes; the picture stays as it is."""
        if self._task:
            self._task.cancel()
            self._task = None
        if self.controls:
            self.controls.race.close()

    def close(self) -> None:
        self.stop()
        super().close()
