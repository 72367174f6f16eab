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

# TODO 1: declare the C function fibo, as the header does.
ffi.cdef("")

# TODO 2: remove the next line; call ffi.set_source with the module's name "_fib", a C
# text that includes "kernels.h", and **WHERE.
raise NotImplementedError("TODO 2: say what _fib is made of")

if __name__ == "__main__":
    ffi.compile(verbose=True)
