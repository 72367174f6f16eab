"""The C that the course starts from: compiled as published, called with ctypes."""

import ctypes
import os
import platform
import shlex
import shutil
import subprocess
from pathlib import Path

from ..errors import SizeError
from ..library import built
from . import _checks
from ._compile import quietly
from ._protocol import Array, Kernels, Mode
from .ctypes_dynamic import pointer

_SOURCE = Path(__file__).with_suffix(".c")
_INT_MAX = 2**31 - 1

# The published flags, and no others: on x86-64 they make code for the first
# processors of the kind, which had no fused multiply-add. Elsewhere compilers
# fuse by default, and a fused multiply-add rounds once instead of twice.
_FLAGS = ["-O3", "-fPIC", "-shared"]
if platform.machine().lower() not in ("x86_64", "amd64"):
    _FLAGS.append("-ffp-contract=off")


def _compiler() -> list[str]:
    """Return the command of the C compiler."""
    wanted = [os.environ["CC"]] if os.environ.get("CC") else ["cc", "gcc"]
    for command in map(shlex.split, wanted):
        if shutil.which(command[0]):
            return command
    raise FileNotFoundError(f"no C compiler: looked for {' and '.join(wanted)}; set CC to name one")


def load(more_flags: tuple[str, ...] = ()) -> Kernels:
    """Return the kernels, compiled as published and with ``more_flags``."""
    compiler, flags = _compiler(), [*_FLAGS, *more_flags]

    def build(folder: Path) -> None:
        library = str(folder / "published.so")
        with quietly():
            subprocess.run([*compiler, *flags, str(_SOURCE), "-o", library], check=True)

    version = subprocess.check_output([*compiler, "--version"], text=True)
    folder = built("published-c", [_SOURCE.read_text(encoding="utf-8"), version, *flags], build)
    lib = ctypes.CDLL(str(folder / "published.so"))
    doubles, integer, double = ctypes.POINTER(ctypes.c_double), ctypes.c_int, ctypes.c_double
    c_add, c_evolve = lib.add, lib.evolve
    c_add.argtypes = (doubles, doubles, integer)
    c_evolve.argtypes = (doubles, doubles, integer, integer, double, double, double, double)
    c_add.restype = c_evolve.restype = None

    def small(array: Array, name: str) -> None:
        # The published sizes are ints, and ctypes would cut a larger one off.
        if array.size > _INT_MAX:
            raise SizeError(f"{name} has {array.size} elements: an int counts to {_INT_MAX}")

    def add(a: Array, b: Array) -> None:
        a, b = _checks.pair(a, b)
        _checks.apart(a, "a", b, "b")
        small(a, "a")
        c_add(pointer(a), pointer(b), a.size)

    def evolve(u: Array, u_previous: Array, a: float, dt: float, dx2: float, dy2: float) -> None:
        u, u_previous = _checks.grids(u, u_previous)
        _checks.apart(u, "u", u_previous, "u_previous")
        _checks.diffusion(a, dt, dx2, dy2)
        small(u, "u")
        if u.size:  # an empty grid has no address, and memcpy wants one
            nx, ny = u.shape
            c_evolve(pointer(u), pointer(u_previous), nx, ny, a, dt, dx2, dy2)

    return Kernels(add=add, evolve=evolve)


MODE = Mode(
    name="published-c",
    title="published C",
    kind="comparison",
    order=140,
    summary="The C that the course starts from, with its own compiler flags, through ctypes.",
    load=load,
)
