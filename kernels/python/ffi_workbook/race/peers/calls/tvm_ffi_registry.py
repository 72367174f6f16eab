"""apache-tvm-ffi: native functions that are registered under names and looked up once.

A library registers them when it is loaded; ``tvm_ffi.get_global_func`` gives a
function object, and calling that is what is timed (tvm.apache.org/ffi, "Export
Functions and Classes": Global Functions).
"""

import ctypes
from importlib import import_module
from pathlib import Path
from typing import Any

from ffi_workbook.modes import Kernels

from ..peer import Peer

_NAME = "_peer_tvm_ffi"
_SOURCE = Path(__file__).with_suffix(".cpp")


def load() -> Kernels:
    from ffi_workbook.library import built
    from ffi_workbook.modes._compile import link_to_kernels, quietly

    tvm_ffi: Any = import_module("tvm_ffi")  # in an environment of its own

    def build(folder: Path) -> None:
        import subprocess

        ours = link_to_kernels()
        library = Path(tvm_ffi.libinfo.find_libtvm_ffi())
        command = ["c++", "-std=c++17", "-O3", "-fPIC", "-shared", str(_SOURCE)]
        command += [
            f"-I{path}" for path in (*ours["include_dirs"], *tvm_ffi.libinfo.include_paths())
        ]
        command += [f"-L{path}" for path in (*ours["library_dirs"], library.parent)]
        command += ["-lkernels", "-ltvm_ffi", *ours["extra_link_args"]]
        command += [f"-Wl,-rpath,{library.parent}", "-o", str(folder / f"{_NAME}.so")]
        with quietly():
            subprocess.run(command, check=True)

    inputs = [_SOURCE.read_text(encoding="utf-8"), tvm_ffi.__version__]
    folder = built("peer-tvm-ffi", inputs, build)
    ctypes.CDLL(str(folder / f"{_NAME}.so"))  # loading it is what registers the functions
    names = ("noop", "add_ints", "add_floats")
    return Kernels(*(tvm_ffi.get_global_func(f"ffi_workbook.{name}") for name in names))


PEERS = [
    Peer(
        name="tvm-ffi",
        title="apache-tvm-ffi, registry",
        group="call",
        order=130,
        summary="Native functions registered under names, with one calling convention for all.",
        load=load,
        requirements="tvm-ffi",
        download="about 10 MB, 30 MB on disk",
        packages=("apache-tvm-ffi",),
    )
]
