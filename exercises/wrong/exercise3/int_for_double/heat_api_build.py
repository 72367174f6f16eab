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

# The declaration of the header, word for word: where it differs, the compiler converts
# numbers without a word, or warns where nobody looks.
ffi.cdef("""
    void evolve(double *u, double *u_previous, int nx, int ny,
                double a, int dt, double dx2, double dy2);
""")
ffi.set_source("_heat", '#include "kernels.h"', **WHERE)

if __name__ == "__main__":
    ffi.compile()
