"""Make the controls of a view from what was asked for; say what is wrong with it."""

from collections.abc import Sequence
from pathlib import Path

from ... import modes as all_of_them
from ..compare import read
from .controls import Controls
from .source import LiveRace, SavedRace, Source

#: Not raced before someone switches them on: they take long to load, or repeat another.
OFF_AT_FIRST = ("numba", "cffi-verify")


def controls(
    *,
    kernel: str | None = None,
    size: int | None = None,
    modes: Sequence[str] | None = None,
    replay: Path | str | None = None,
    at_once: bool = False,
    dark: bool = True,
    folder: Path | str = ".",
) -> Controls:
    """Return the controls of a live race, or of a saved one.

    Raises ValueError for a kernel, mode or size that there is not, and for a file
    that is not a race.
    """
    race: Source
    if replay is not None:
        race = SavedRace(read(Path(replay)), 0.0 if at_once else 6.0)
        known = [lane.name for lane in race.lanes]
        _check_modes(modes, known)
        for lane in race.lanes:
            if modes is not None and lane.name not in modes:
                race.switch(lane.name)
    else:
        described = [(mode.name, mode.title, mode.kind) for mode in all_of_them.all_modes()]
        known = [name for name, _, _ in described]
        _check_modes(modes, known)
        on = [name for name in known if name not in OFF_AT_FIRST] if modes is None else modes
        race = LiveRace(described, on)
    try:
        _pick(race, kernel, size)
    except ValueError:
        race.close()
        raise
    return Controls(race, Path(folder), dark=dark)


def _check_modes(modes: Sequence[str] | None, known: Sequence[str]) -> None:
    if unknown := [name for name in modes or () if name not in known]:
        raise ValueError(f"there is no mode {unknown[0]!r}: the modes are {', '.join(known)}")


def _pick(race: Source, name: str | None, size: int | None) -> None:
    names = [kernel.name for kernel in race.kernels]
    if name is not None and name not in names:
        raise ValueError(f"there is no kernel {name!r}: the kernels are {', '.join(names)}")
    kernel = race.kernels[names.index(name) if name is not None else 0]
    if size is not None and size not in kernel.sizes:
        sizes = ", ".join(str(n) for n in kernel.sizes) or "none"
        raise ValueError(f"{kernel.name} has no size {size}: its sizes are {sizes}")
    race.pick(kernel, kernel.first if size is None else size)
