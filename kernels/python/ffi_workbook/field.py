"""A field to start from, and the text files the course keeps fields in.

A file has a header line ``# nx ny`` and then nx lines of ny numbers; row 0 is
the first line after the header. ``numpy.loadtxt`` reads it too.
"""

from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ._native import field_from_text, field_to_text, mug
from .errors import FieldFormatError

__all__ = ["mug", "read", "write"]


def read(path: str | PathLike[str]) -> NDArray[np.float64]:
    """Return the field in a file, as an array of nx rows and ny columns.

    Raises FieldFormatError, which names the file, the line and the column.
    """
    data = Path(path).read_bytes()
    try:
        return field_from_text(data.decode())
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode()) + 1
        message = f"line {line}, column {column}: byte {data[error.start]:#04x} is not UTF-8 text"
    except FieldFormatError as error:
        message = str(error)
    raise FieldFormatError(f"{path}: {message}")


def write(path: str | PathLike[str], field: NDArray[np.float64]) -> None:
    """Write a field so that reading it gives the same numbers, bit for bit.

    An existing file is replaced only once the new one is written in full.
    """
    path = Path(path)
    text = field_to_text(field)
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8", newline="\n")
    new.replace(path)
