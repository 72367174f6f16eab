"""What can go wrong in a call, as exceptions.

Every mode raises the same class for the same mistake. Each class is also a
built-in one, so ``except ValueError`` catches a ``ShapeError``, and all are
``KernelError``.
"""


class KernelError(Exception):
    """Base class of everything this package raises for a bad call."""


class ArrayTypeError(KernelError, TypeError):
    """An argument must be a NumPy array and is not."""


class DtypeError(KernelError, TypeError):
    """An array has the wrong dtype; kernels take float64."""


class ShapeError(KernelError, ValueError):
    """An array has the wrong number of dimensions, or two shapes differ."""


class LayoutError(KernelError, ValueError):
    """An array is not C-ordered, has gaps, or is not aligned."""


class ReadOnlyError(KernelError, ValueError):
    """An array that is written to is read-only."""


class OverlapError(KernelError, ValueError):
    """Two arrays of one call share memory."""


class SizeError(KernelError, ValueError):
    """A size is negative, zero where it must not be, or too large."""


class ParameterError(KernelError, ValueError):
    """A number is not one the kernel allows."""


class StabilityError(ParameterError):
    """The time step is beyond the stability limit."""


class FieldFormatError(KernelError, ValueError):
    """A text is not a field; the message names the line and the column."""


class EncodingError(KernelError, ValueError):
    """A string is not UTF-8."""


class NullPointerError(KernelError, ValueError):
    """A pointer is null that must not be."""


class HandleError(KernelError, ValueError):
    """A handle, string or buffer is not the library's, or was freed before."""


class KernelOverflowError(KernelError, OverflowError):
    """A result does not fit in its type."""


class KernelDivisionError(KernelError, ZeroDivisionError):
    """A division by zero."""


class KernelMemoryError(KernelError, MemoryError):
    """There is not enough memory."""


class CallbackError(KernelError, RuntimeError):
    """A callback asked the kernel to stop."""


class PanicError(KernelError, RuntimeError):
    """A kernel panicked: a bug in the library."""


#: The class for each status of the C library, by the name that kernels.h gives
#: the status. The numbers are read from the header, not written here.
BY_STATUS: dict[str, type[KernelError]] = {
    "KERNELS_ERROR_NULL": NullPointerError,
    "KERNELS_ERROR_ALIGNMENT": LayoutError,
    "KERNELS_ERROR_SIZE": SizeError,
    "KERNELS_ERROR_OVERLAP": OverlapError,
    "KERNELS_ERROR_SHAPE": ShapeError,
    "KERNELS_ERROR_PARAMETER": ParameterError,
    "KERNELS_ERROR_UNSTABLE": StabilityError,
    "KERNELS_ERROR_OVERFLOW": KernelOverflowError,
    "KERNELS_ERROR_DIVISION_BY_ZERO": KernelDivisionError,
    "KERNELS_ERROR_ENCODING": EncodingError,
    "KERNELS_ERROR_CALLBACK": CallbackError,
    "KERNELS_ERROR_HANDLE": HandleError,
    "KERNELS_ERROR_MEMORY": KernelMemoryError,
    "KERNELS_ERROR_PANIC": PanicError,
}
