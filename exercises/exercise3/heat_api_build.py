"""Build file of the extension module _heat: python heat_api_build.py makes it."""

import cffi

from ffi_workbook.library import INCLUDE

#: Where the header and the library are, now and when the module is imported.
WHERE = {
    "include_dirs": [str(INCLUDE)],
    "library_dirs": [str(INCLUDE)],
    "libraries": ["kernels"],
    "extra_link_args": [f"-Wl,-rpath,{INCLUDE}"],
}

ffi = cffi.FFI()

# TODO 1: declare evolve with cdef, say with set_source what "_heat" is made of, and
# remove the next line.
raise NotImplementedError("TODO 1: declare evolve, and say what _heat is made of")

if __name__ == "__main__":
    ffi.compile()
