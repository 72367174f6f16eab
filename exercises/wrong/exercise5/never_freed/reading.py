"""Structs and strings of the library, with ctypes."""

import ctypes
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_uint8, c_void_p

from ffi_workbook.library import library_path

lib = ctypes.CDLL(str(library_path()))
lib.kernels_last_error.argtypes = (c_char_p, c_int64)
lib.kernels_last_error.restype = c_int64


class Reading(ctypes.Structure):
    """One sensor's reading, as KernelsReading of the header."""

    # Types and order decide where each field is. ctypes adds the same padding as C does.
    _fields_ = (("sensor", c_uint8), ("celsius", c_double), ("samples", c_int32))


# Reading is the struct itself, POINTER(Reading) its address. With this said, ctypes takes
# care of the registers and refuses anything else.
lib.kernels_reading_warmed.argtypes = (Reading, c_double, POINTER(Reading))
lib.kernels_reading_record.argtypes = (POINTER(Reading), c_double)
# Not POINTER(c_char_p): reading a c_char_p makes bytes of it, and the address, which we
# must give back, is gone.
lib.kernels_greet.argtypes = (c_char_p, POINTER(c_void_p))
lib.kernels_string_free.argtypes = (c_void_p,)


def check(status: int) -> None:
    """Raise what the library says of a status that is not 0."""
    if status:
        size = lib.kernels_last_error(None, 0)
        message = ctypes.create_string_buffer(size + 1)
        lib.kernels_last_error(message, len(message))
        raise ValueError(message.value.decode())


def padding(struct: type[ctypes.Structure]) -> int:
    """Return how many bytes of a struct belong to none of its fields."""
    return ctypes.sizeof(struct) - sum(ctypes.sizeof(kind) for _, kind in struct._fields_)


def warmed(reading: Reading, degrees: float) -> Reading:
    """Return a reading that is some degrees warmer, and leave this one as it is."""
    # `reading` is copied into the call. The result is a struct of ours, which the library
    # fills through its address.
    result = Reading()
    check(lib.kernels_reading_warmed(reading, degrees, byref(result)))
    return result


def record(reading: Reading, celsius: float) -> None:
    """Take one more sample into the mean of this reading."""
    # The address of the caller's own struct: nothing is copied.
    check(lib.kernels_reading_record(byref(reading), celsius))


def greet(name: str) -> str:
    """Return the library's greeting for a name."""
    encoded = name.encode()
    if b"\0" in encoded:
        raise ValueError(f"a name must not hold a zero character: {name!r}")
    out = c_void_p()
    # On an error nothing came out, so there is nothing to give back.
    check(lib.kernels_greet(encoded, byref(out)))
    return ctypes.string_at(out).decode()
