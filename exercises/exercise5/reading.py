"""Structs and strings of the library, with ctypes."""

import ctypes
from ctypes import c_char_p, c_int64

from ffi_workbook.library import library_path

lib = ctypes.CDLL(str(library_path()))
lib.kernels_last_error.argtypes = (c_char_p, c_int64)
lib.kernels_last_error.restype = c_int64


class Reading(ctypes.Structure):
    """One sensor's reading, as KernelsReading of the header."""

    # TODO 1: the fields, (name, type) each, in the order of the header. Their types are
    # among those imported above.
    _fields_ = []


# TODO 3 to 5: for each function that you call, say what it takes:
# lib.kernels_reading_warmed.argtypes = (...)


def check(status: int) -> None:
    """Raise what the library says of a status that is not 0."""
    if status:
        size = lib.kernels_last_error(None, 0)
        message = ctypes.create_string_buffer(size + 1)
        lib.kernels_last_error(message, len(message))
        raise ValueError(message.value.decode())


def padding(struct: type[ctypes.Structure]) -> int:
    """Return how many bytes of a struct belong to none of its fields."""
    # TODO 2: its size, without the sizes of its fields (struct._fields_).
    raise NotImplementedError("TODO 2: count the bytes of padding")


def warmed(reading: Reading, degrees: float) -> Reading:
    """Return a reading that is some degrees warmer, and leave this one as it is."""
    # TODO 3: make a Reading for the result, and pass its address as the last argument.
    raise NotImplementedError("TODO 3: pass a struct by value")


def record(reading: Reading, celsius: float) -> None:
    """Take one more sample into the mean of this reading."""
    # TODO 4: the library changes the caller's struct.
    raise NotImplementedError("TODO 4: pass a struct by pointer")


def greet(name: str) -> str:
    """Return the library's greeting for a name."""
    # TODO 5: encode, call, copy, give back. A name with a zero character is a ValueError:
    # C would take it for the end.
    raise NotImplementedError("TODO 5: get a string, and give it back")
