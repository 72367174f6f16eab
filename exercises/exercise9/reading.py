"""Mean and number of temperatures, kept in a struct of the library's (ctypes)."""

import ctypes

from ffi_workbook.library import library_path


class Reading(ctypes.Structure):
    """KernelsReading of the header."""

    _fields_ = [
        ("sensor", ctypes.c_uint8),
        ("samples", ctypes.c_int32),
        ("celsius", ctypes.c_double),
    ]


lib = ctypes.CDLL(str(library_path()))
lib.kernels_reading_record.argtypes = [ctypes.POINTER(Reading), ctypes.c_double]


def record(temperatures):
    """Return the mean, and how many there were."""
    reading = Reading(sensor=1)
    for celsius in temperatures:
        if status := lib.kernels_reading_record(ctypes.byref(reading), celsius):
            raise ValueError(f"{celsius} was refused: status {status}")
    return reading.celsius, reading.samples
