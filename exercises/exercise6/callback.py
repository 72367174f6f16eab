"""A Python function, called by native code."""

import ctypes
from collections.abc import Callable
from ctypes import POINTER, c_char_p, c_double, c_int32, c_int64, py_object
from dataclasses import dataclass

from ffi_workbook.library import library_path

#: The type of the callback: what it returns, and what it gets. ctypes hands a py_object to
#: C as its address, and gives the callback the object again.
Function = ctypes.CFUNCTYPE(c_int32, c_double, py_object, POINTER(c_double))

lib = ctypes.CDLL(str(library_path()))
lib.kernels_integrate.argtypes = (
    Function,
    py_object,
    c_double,
    c_double,
    c_int64,
    POINTER(c_double),
)
lib.kernels_last_error.argtypes = (c_char_p, c_int64)
lib.kernels_last_error.restype = c_int64

#: What the callback returns.
GO_ON, STOP = 0, 1


@dataclass
class Call:
    """The user datum: what one call of integrate is about."""

    function: Callable[[float], float]
    error: BaseException | None = None


@Function
def evaluate(x: float, call: Call, out_y) -> int:
    """Call the Python function of this Call, and write what it returned to out_y[0]."""
    # TODO 2: call the function, and write the result.
    # TODO 3: if it raises, whatever it is: keep the exception in the Call, and STOP.
    return STOP


def check(status: int) -> None:
    """Raise what the library says of a status that is not 0."""
    if status:
        size = lib.kernels_last_error(None, 0)
        message = ctypes.create_string_buffer(size + 1)
        lib.kernels_last_error(message, len(message))
        raise ValueError(message.value.decode())


def integrate(function: Callable[[float], float], low: float, high: float, intervals: int) -> float:
    """Return the integral of a function, by the trapezoidal rule."""
    # TODO 1: make a Call and room for the result; call
    # lib.kernels_integrate(evaluate, <the Call>, low, high, intervals, <the room>).
    # TODO 3: if the Call has an error now, raise it.
    # TODO 4: give the status to check.
    raise NotImplementedError("TODO 1: call kernels_integrate")
