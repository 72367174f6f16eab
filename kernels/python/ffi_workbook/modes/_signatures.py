"""ctypes signatures, made from the C header, so that nothing is typed twice."""

import ctypes
from typing import Any

import cffi

from ..library import cdef, library_path

_PRIMITIVES: dict[str, Any] = {
    "int": ctypes.c_int,
    "double": ctypes.c_double,
    "uint8_t": ctypes.c_uint8,
    "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "uint64_t": ctypes.c_uint64,
}


class _Converter:
    """Turns cffi's description of a C type into a ctypes type."""

    def __init__(self) -> None:
        self.structs: dict[str, Any] = {}

    def type(self, c: Any) -> Any:
        if c.kind == "primitive":
            return _PRIMITIVES[c.cname]
        if c.kind == "void":
            return None
        if c.kind == "function":
            return ctypes.CFUNCTYPE(self.type(c.result), *map(self.type, c.args))
        if c.kind == "struct":
            return self.struct(c)
        # What remains is a pointer.
        target = c.item if c.kind == "pointer" else None
        if target is None or target.kind == "void":
            return ctypes.c_void_p
        if target.kind == "function":
            return self.type(target)
        if target.cname == "char":
            return ctypes.c_char_p
        if target.kind == "struct" and target.fields is None:
            return ctypes.c_void_p  # an opaque handle
        return ctypes.POINTER(self.type(target))

    def struct(self, c: Any) -> Any:
        if c.cname not in self.structs:
            fields = [(name, self.type(field.type)) for name, field in c.fields]
            self.structs[c.cname] = type(c.cname, (ctypes.Structure,), {"_fields_": fields})
        return self.structs[c.cname]


def declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """Give every function of the library its argtypes and restype."""
    ffi = cffi.FFI()
    ffi.cdef(cdef())
    described = ffi.dlopen(str(library_path()))
    converter = _Converter()
    for name in dir(described):
        value = getattr(described, name)
        if isinstance(value, int):  # a status, not a function
            continue
        signature = ffi.typeof(value)
        function = getattr(library, name)
        function.argtypes = tuple(map(converter.type, signature.args))
        function.restype = converter.type(signature.result)
    return library
