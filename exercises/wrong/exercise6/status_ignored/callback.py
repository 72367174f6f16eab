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


# Made once, and kept by its name in the module as long as the library may call it.
@Function
def evaluate(x: float, call: Call, out_y) -> int:
    """Call the Python function of this Call, and write what it returned to out_y[0]."""
    try:
        # Inside the try as well: the write fails when the function returned no number.
        out_y[0] = call.function(x)
    except BaseException as error:
        # Not only Exception: Ctrl-C must not be lost in native code either. ctypes would
        # print what leaves this function, and return a number that nobody chose.
        call.error = error
        return STOP
    return GO_ON


def check(status: int) -> None:
    """Raise what the library says of a status that is not 0."""
    if status:
        size = lib.kernels_last_error(None, 0)
        message = ctypes.create_string_buffer(size + 1)
        lib.kernels_last_error(message, len(message))
        raise ValueError(message.value.decode())


def integrate(function: Callable[[float], float], low: float, high: float, intervals: int) -> float:
    """Return the integral of a function, by the trapezoidal rule."""
    # The name `call` keeps the object alive for the whole call: native code only has its
    # address, and an address does not count.
    call = Call(function)
    integral = c_double()
    lib.kernels_integrate(evaluate, call, low, high, intervals, integral)
    # First our own error: it is the reason for the status that came back.
    if call.error is not None:
        raise call.error
    return integral.value
