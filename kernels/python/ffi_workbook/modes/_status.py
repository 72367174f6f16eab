"""Statuses of the C library as exceptions."""

import ctypes
from functools import cache
from typing import NoReturn

from ..errors import BY_STATUS
from ..library import library_path, statuses
from ._signatures import declared


@cache
def _last_error() -> "ctypes._NamedFuncPointer":
    # Every mode that opens the library gets the same copy of it, so the
    # message of this thread's last call is there whoever made the call.
    return declared(ctypes.CDLL(str(library_path()))).kernels_last_error


def last_error() -> str:
    """Return the message of this thread's last failed call."""
    function = _last_error()
    length = function(None, 0)
    buffer = ctypes.create_string_buffer(length + 1)
    function(buffer, length + 1)
    return buffer.value.decode()


def raise_status(status: int) -> NoReturn:
    """Raise the exception that stands for a status that is not KERNELS_OK."""
    raise BY_STATUS[statuses()[status]](last_error())
