"""Build file of the extension module _fib: python fib_build.py makes it."""

import cffi

from ffi_workbook.library import INCLUDE

#: Where the header and the library are. The last line lets the module find the
#: library again when it is imported.
WHERE = {
    "include_dirs": [str(INCLUDE)],
    "library_dirs": [str(INCLUDE)],
    "libraries": ["kernels"],
    "extra_link_args": [f"-Wl,-rpath,{INCLUDE}"],
}

ffi = cffi.FFI()

# What Python may call. In API mode the compiler compares it with the header: a wrong
# type is an error here, and not a crash later.
ffi.cdef("void fibo(int *a, double *b);")

# What the compiler sees. The real declarations come from the header.
ffi.set_source("_fib", '#include "kernels.h"', **WHERE)

if __name__ == "__main__":
    ffi.compile(verbose=True)
