"""What the ladder times: the rungs, the copy, and the roofs of this machine.

The rungs below the kernel, and the loops that do nothing but move memory or
nothing but compute, are in the crate ``kernels/ladder``; `make ladder` builds it.
The rungs above are this package's own ``evolve_steps``. All of them get the same
NumPy arrays in the same process as ``np.copyto``, so that they meet the same memory.
"""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import evolve_steps, field
from .cases import DT, DX2, DY2, A
from .timing import Timed

Floats = NDArray[np.float64]

_SIZE = ctypes.c_size_t
_POINTER = ctypes.c_void_p


@dataclass(frozen=True)
class Rung:
    """One way to step, as the tables and figures name it."""

    name: str
    title: str
    #: "comparison": no step at all.
    kind: str = "native"
    threads: int = 1
    #: Operations on one cell in one step, counted in the source; divisions too.
    flops: int = 0
    #: Bytes for one cell and step, read and written by name in main memory, when
    #: each sweep makes one trip. None: many steps share a trip, and the plan
    #: says how many.
    bytes: int | None = None
    #: Timed on a few grids only, because it is slow and tells nothing on others.
    slow: bool = False
    #: Its cells are float32.
    single: bool = False


#: 11 operations: two divisions, three multiplications, six additions and
#: subtractions. 7: three multiplications and four additions.
RUNGS = (
    Rung("copyto", "np.copyto", "comparison", bytes=16),
    Rung("published", "published loop", flops=11, bytes=32, slow=True),
    Rung("hoisted", "division hoisted", flops=7, bytes=32, slow=True),
    Rung("swapped", "swap, no copy", flops=7, bytes=16, slow=True),
    Rung("vectors", "widest vectors", flops=7, bytes=16, slow=True),
    Rung("skew-1", "skewed, 1 thread", flops=7),
    Rung("skew-2", "skewed, 2 threads", flops=7, threads=2),
    Rung("single-1", "float32, 1 thread", flops=7, single=True),
    Rung("single-2", "float32, 2 threads", flops=7, threads=2, single=True),
)
BY_NAME = {rung.name: rung for rung in RUNGS}

#: The memory loops: number in the library, and bytes an element.
STREAMS = {"scale": (0, 16), "triad": (1, 24), "sum": (2, 8)}
#: The compute loops: whether multiplication and addition are one instruction.
ARITHMETIC = {"separate": 0, "fused": 1}
#: Enough chained operations that a sample takes some milliseconds.
_ROUNDS = 400_000


class Library:
    """The compiled crate ``ladder``."""

    def __init__(self, path: Path) -> None:
        self.functions = functions = ctypes.CDLL(str(path))
        functions.ladder_rung.argtypes = [
            _SIZE, _POINTER, _POINTER, _SIZE, _SIZE, ctypes.c_uint64,
        ]  # fmt: skip
        functions.ladder_single.argtypes = [
            _POINTER, _POINTER, _SIZE, _SIZE, ctypes.c_uint64, _SIZE,
        ]  # fmt: skip
        functions.ladder_plan.argtypes = [_SIZE, _SIZE, ctypes.c_uint64, _SIZE, _POINTER]
        functions.ladder_plan.restype = None
        functions.ladder_stream.argtypes = [
            ctypes.c_uint32, _POINTER, _POINTER, _POINTER, _SIZE, _SIZE, ctypes.c_uint64,
        ]  # fmt: skip
        functions.ladder_compute.argtypes = [ctypes.c_uint32, _SIZE, ctypes.c_uint64]
        functions.ladder_compute.restype = ctypes.c_double

    def plan(self, n: int, steps: int, threads: int) -> dict[str, int]:
        """Return how the kernel cuts a square grid of float64."""
        numbers = (_SIZE * 4)()
        self.functions.ladder_plan(n, n, steps, threads, ctypes.addressof(numbers))
        return dict(zip(("depth", "height", "width", "threads"), map(int, numbers), strict=True))


class Room:
    """The two grids of one size, which all rungs share."""

    def __init__(self, library: Library, n: int) -> None:
        self.library, self.n = library, n
        self.u = field.mug(n, n)
        self.u_previous = self.u.copy()
        self.single: list[NDArray[np.float32]] = []

    def timed(self, rung: Rung, steps: int) -> Timed:
        """Return a call that takes so many steps; its samples are of one step."""
        u, p = self.u, self.u_previous
        if rung.name == "copyto":
            return Timed(np.copyto, (p, u))
        if rung.single:
            self.single = self.single or [u.astype(np.float32), p.astype(np.float32)]
            call = checked(self.library.functions.ladder_single)
            places = [array.ctypes.data for array in self.single]
            return Timed(call, (*places, self.n, self.n, steps, rung.threads), work=steps)
        if rung.bytes is not None:
            call = checked(self.library.functions.ladder_rung)
            number = RUNGS.index(rung) - 1
            arguments = (number, u.ctypes.data, p.ctypes.data, self.n, self.n, steps)
            return Timed(call, arguments, work=steps)

        def kernel() -> None:
            evolve_steps(u, p, steps, A, DT, DX2, DY2, threads=rung.threads)

        return Timed(kernel, (), work=steps)


@dataclass
class Roof:
    """One loop that nothing on this machine goes beyond."""

    #: What the JSON calls it: ``memory scale``, ``l2 sum``, ``compute separate``.
    name: str
    threads: int
    timed: Timed


def roofs(library: Library, levels: dict[str, int]) -> Iterator[Roof]:
    """Yield the memory loops at each level, then the compute loops.

    ``levels`` says how many bytes one thread moves at each level. A sample of a
    memory loop is seconds an element; of a compute loop, seconds an operation.
    """
    for level, size in levels.items():
        for threads in (1, 2):
            # Three arrays: together they fill what a thread is meant to use.
            n = size // 24 * threads
            arrays = [np.full(n, 1.0 + part) for part in range(3)]
            places = [array.ctypes.data for array in arrays]
            repeats = max(1, 20_000_000 // n)
            for kind, (number, _) in STREAMS.items():
                call = kept(checked(library.functions.ladder_stream), arrays)
                arguments = (number, *places, n, threads, repeats)
                yield Roof(f"{level} {kind}", threads, Timed(call, arguments, work=n * repeats))
    for kind, fused in ARITHMETIC.items():
        for threads in (1, 2):
            arguments = (fused, threads, _ROUNDS)
            operations = library.functions.ladder_compute(*arguments)
            call = library.functions.ladder_compute
            yield Roof(f"compute {kind}", threads, Timed(call, arguments, work=int(operations)))


def checked(function: Callable[..., int]) -> Callable[..., None]:
    """Return the function with its status turned into an exception."""

    def call(*arguments: Any) -> None:
        if status := function(*arguments):
            raise RuntimeError(f"the library of the ladder returned status {status}")

    return call


def kept(function: Callable[..., None], arrays: list[Floats]) -> Callable[..., None]:
    """Return the function, and keep alive the arrays whose addresses it is given."""

    def call(*arguments: Any) -> None:
        function(*arguments)
        assert arrays

    return call
