"""Where the C library is, and a cache for what is compiled against it."""

import hashlib
import os
import re
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import platformdirs

#: The folder of the library and its headers, as installed with this package.
INCLUDE = Path(__file__).parent / "_capi"

_NAMES = {"win32": "kernels.dll", "darwin": "libkernels.dylib"}


def library_path() -> Path:
    """Return the path of libkernels for this operating system."""
    path = INCLUDE / _NAMES.get(sys.platform, "libkernels.so")
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: run `make build` in the checkout")
    return path


@cache
def cdef() -> str:
    """Return the declarations of kernels.h in the form that cffi reads."""
    return (INCLUDE / "kernels.cdef.h").read_text(encoding="utf-8")


@cache
def statuses() -> dict[int, str]:
    """Return the name of each status number, read from the header."""
    found = re.findall(r"#define (KERNELS_\w+) (\d+)", cdef())
    return {int(number): name for name, number in found}


def cache_dir() -> Path:
    """Return the folder for compiled modes: $FFI_WORKBOOK_CACHE or the user's cache."""
    folder = os.environ.get("FFI_WORKBOOK_CACHE") or platformdirs.user_cache_dir("ffi-workbook")
    return Path(folder)


def built(name: str, inputs: list[str], build: Callable[[Path], None]) -> Path:
    """Return the folder that ``build`` filled for these inputs, building it once.

    The folder's name holds a hash of the inputs, the library, its header and
    this Python, so a change of any of them builds anew. Building happens in a
    folder of its own that gets its name only when it is complete: a build that
    is cut off leaves nothing half done, and two at once do not meet.
    """
    hasher = hashlib.sha256()
    python = [sys.implementation.cache_tag, sysconfig.get_platform(), str(INCLUDE)]
    for part in [*inputs, cdef(), *python]:
        hasher.update(part.encode() + b"\0")
    hasher.update(library_path().read_bytes())
    folder = cache_dir() / f"{name}-{hasher.hexdigest()[:16]}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{name}-") as temporary:
            work = Path(temporary) / "build"
            work.mkdir()
            build(work)
            try:
                work.rename(folder)
            except OSError:
                if not folder.is_dir():  # otherwise somebody else was first
                    raise
    return folder
