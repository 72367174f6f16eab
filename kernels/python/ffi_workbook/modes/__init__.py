"""The same kernels in every mode of calling native code.

A mode is one module in this package. It has two names: ``MODE``, which says
what it is, and ``load()``, which returns its kernels. Nothing else needs to
know of it: the race, the parity tests and the lessons walk over ``all_modes``.

>>> from ffi_workbook import modes
>>> modes.load("ctypes").add_ints(2, 5)
7
"""

import importlib
import pkgutil
from functools import cache

from ._protocol import Kernels, Mode

__all__ = ["Kernels", "Mode", "all_modes", "get", "load"]


@cache
def all_modes() -> tuple[Mode, ...]:
    """Return every mode, whether it can be loaded here or not, in course order."""
    found = []
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            mode: Mode = importlib.import_module(f"{__name__}.{module.name}").MODE
            found.append((mode.order, mode))
    return tuple(mode for _, mode in sorted(found, key=lambda pair: pair[0]))


def get(name: str) -> Mode:
    """Return the mode of that name."""
    for mode in all_modes():
        if mode.name == name:
            return mode
    names = ", ".join(mode.name for mode in all_modes())
    raise KeyError(f"there is no mode {name!r}: the modes are {names}")


@cache
def load(name: str) -> Kernels:
    """Return the kernels of a mode; compile what the mode needs on first use.

    Raises ModuleNotFoundError when the mode needs a package that is not
    installed, and whatever its compiler or loader raises.
    """
    return get(name).load()
