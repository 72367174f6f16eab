"""An array of equal temperatures, filled by the library (cffi, ABI mode)."""

import cffi
import numpy as np

from ffi_workbook.library import library_path

ffi = cffi.FFI()
ffi.cdef("""
    int32_t kernels_buffer_new(int64_t n, double value, double **out_buffer);
    int32_t kernels_buffer_free(double *buffer);
""")
lib = ffi.dlopen(str(library_path()))


def filled(n, celsius):
    """Return an array of n temperatures. n is at least 1."""
    out_buffer = ffi.new("double **")
    if status := lib.kernels_buffer_new(n, celsius, out_buffer):
        raise RuntimeError(f"no buffer of {n} numbers: status {status}")
    buffer = out_buffer[0]
    array = np.frombuffer(ffi.buffer(buffer, n * ffi.sizeof("double")), np.float64)
    lib.kernels_buffer_free(buffer)
    return array
