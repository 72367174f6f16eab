"""Coffee and milk."""

from pathlib import Path

from ._native import mix, warmest

__all__ = ["include", "library", "mix", "warmest"]

# Where pip has put this file, the others lie beside it. A path of the machine that made the
# wheel, or one from the working folder, would lead nowhere.
_HERE = Path("mug").resolve()


def include() -> str:
    """Return the folder of mug.h, for a C compiler's -I."""
    return str(_HERE / "include")


def library() -> str:
    """Return the folder of libmug.so, for a C compiler's -L."""
    return str(_HERE / "lib")
