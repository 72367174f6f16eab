"""The modes of the race that are peers here: the same calls of the same library."""

from functools import partial

from ffi_workbook import modes

from ..peer import Peer

#: The modes that stand in every table of calls, as what others are compared with.
_BASES = ("pyo3", "capi")
_MODES = (*_BASES, "cython", "nanobind", "cffi-api", "ctypes")
#: The distributions whose versions are told.
_PACKAGES = {"cython": ("cython",), "nanobind": ("nanobind",), "cffi-api": ("cffi",)}


def load(name: str) -> modes.Kernels:
    return modes.load(name)


PEERS = [
    Peer(
        name=name,
        title=modes.get(name).title,
        group="call",
        kind="native" if name == "pyo3" else "comparison",
        order=order,
        summary=modes.get(name).summary,
        load=partial(load, name),
        packages=_PACKAGES.get(name, ()),
        is_base=name in _BASES,
    )
    for order, name in enumerate(_MODES, start=100)
]
