"""nanobind: an extension module from C++ templates."""

import sys
from pathlib import Path

from ..library import built
from ._compile import build_extension, link_to_kernels
from ._extension import kernels
from ._load import module_from
from ._protocol import Kernels, Mode

_NAME = "_kernels_nanobind"
_SOURCE = Path(__file__).with_suffix(".cpp")


def load() -> Kernels:
    import nanobind

    def build(folder: Path) -> None:
        # nanobind's runtime part is one file, compiled into each module. Its
        # own way to build is CMake; these are the options that CMake would set,
        # with -O3, as the runtime has, for both files.
        runtime = Path(nanobind.source_dir())
        options = link_to_kernels()
        options["include_dirs"] += [
            nanobind.include_dir(),
            str(runtime.parent / "ext" / "robin_map" / "include"),
        ]
        options["define_macros"] = [("NDEBUG", None), ("NB_COMPACT_ASSERTIONS", None)]
        options["extra_compile_args"] = (
            ["/std:c++17", "/EHsc"]
            if sys.platform == "win32"
            else ["-std=c++17", "-O3", "-fvisibility=hidden", "-fno-strict-aliasing"]
        )
        build_extension(folder, _NAME, [str(_SOURCE), str(runtime / "nb_combined.cpp")], **options)

    inputs = [_SOURCE.read_text(encoding="utf-8"), nanobind.__version__]
    return kernels(module_from(built("nanobind", inputs, build), _NAME))


MODE = Mode(
    name="nanobind",
    title="nanobind",
    kind="comparison",
    order=120,
    summary="C++ templates write the conversions from the signatures of the functions.",
    load=load,
)
