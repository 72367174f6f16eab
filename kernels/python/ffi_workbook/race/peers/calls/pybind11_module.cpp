// The calls through pybind11: it reads the C++ types of each function and writes
// the conversions.

#include <pybind11/pybind11.h>

#include "kernels.h"

PYBIND11_MODULE(_peer_pybind11, module) {
    module.def("noop", &kernels_noop);
    module.def("add_ints", &kernels_add_ints);
    module.def("add_floats", &kernels_add_floats);
}
