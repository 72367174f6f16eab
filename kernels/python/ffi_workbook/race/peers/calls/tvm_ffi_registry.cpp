// The calls as functions of tvm-ffi's registry, which any language can look up by
// name. They are registered when this library is loaded.

#include <tvm/ffi/function.h>
#include <tvm/ffi/reflection/registry.h>

#include "kernels.h"

TVM_FFI_STATIC_INIT_BLOCK() {
    tvm::ffi::reflection::GlobalDef()
        .def("ffi_workbook.noop", kernels_noop)
        .def("ffi_workbook.add_ints", kernels_add_ints)
        .def("ffi_workbook.add_floats", kernels_add_floats);
}
