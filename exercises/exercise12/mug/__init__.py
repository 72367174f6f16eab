"""Coffee and milk."""

from ._native import mix, warmest

__all__ = ["include", "library", "mix", "warmest"]


def include() -> str:
    """Return the folder of mug.h, for a C compiler's -I."""
    # TODO 4: the folder of this file is known when the module is imported. Start from it.
    raise NotImplementedError("TODO 4: where is mug.h?")


def library() -> str:
    """Return the folder of libmug.so, for a C compiler's -L."""
    raise NotImplementedError("TODO 4: where is libmug.so?")
