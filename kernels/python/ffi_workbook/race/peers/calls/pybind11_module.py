"""pybind11: an extension module from C++ templates, as nanobind's predecessor makes it."""

from importlib import import_module
from pathlib import Path
from typing import Any

from ffi_workbook.modes import Kernels

from ..peer import Peer

_NAME = "_peer_pybind11"
_SOURCE = Path(__file__).with_suffix(".cpp")


def load() -> Kernels:
    from ffi_workbook.library import built
    from ffi_workbook.modes._compile import build_extension, link_to_kernels
    from ffi_workbook.modes._load import module_from

    pybind11: Any = import_module("pybind11")  # in an environment of its own

    def build(folder: Path) -> None:
        options = link_to_kernels()
        options["include_dirs"].append(pybind11.get_include())
        options["extra_compile_args"] = ["-std=c++17", "-O3", "-fvisibility=hidden"]
        build_extension(folder, _NAME, [str(_SOURCE)], **options)

    inputs = [_SOURCE.read_text(encoding="utf-8"), pybind11.__version__]
    module: Any = module_from(built("peer-pybind11", inputs, build), _NAME)
    return Kernels(module.noop, module.add_ints, module.add_floats)


PEERS = [
    Peer(
        name="pybind11",
        title="pybind11",
        group="call",
        order=120,
        summary="C++ templates write the conversions from the signatures of the functions.",
        load=load,
        requirements="pybind11",
        packages=("pybind11",),
    )
]
