"""A grid cut into blocks, and why the blocks give the bits of the whole.

In one step heat moves one cell. So a block that knows the ``halo`` cells around
it can take up to ``halo`` steps alone::

    +- - - - - - - - - -+
    |  halo             |    The kernel holds the outermost cells of whatever it
    |   +-----------+   |    is given fixed. At an edge of the grid that is
    |   |   block   |   |    right. At a cut it is wrong, and the mistake walks
    |   +-----------+   |    inward one cell a step: after ``halo`` steps it has
    |                   |    filled the halo, and not one cell of the block.
    +- - - - - - - - - -+

Then the halo is thrown away and read anew from the neighbours. A wider halo
means fewer messages and more cells that are computed twice. Each cell of a block
goes through the same operations as in the whole grid, so the bits are the same.
"""

from collections.abc import Callable, Iterator
from itertools import accumulate, product
from math import isqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import evolve_steps
from ..errors import DtypeError, ShapeError, SizeError

Array = NDArray[np.float64]
Sizes = tuple[int, ...]

#: Draws a part of a starting field: ``draw(rows, columns)`` returns float64 of
#: shape (len(rows), len(columns)), the cells of these rows and columns of the grid.
Draw = Callable[[range, range], Array]

#: Cells, and so steps for one exchange, where blocks are not thinner. A narrower
#: halo costs time (`make scaling` shows how much); a wider one gains little.
HALO = 32


class Physics(NamedTuple):
    """What ``evolve_steps`` wants to know of the equation."""

    a: float  # diffusion constant, area per time
    dt: float  # time step
    dx2: float  # squared distance between rows
    dy2: float  # squared distance between columns

    def check(self) -> None:
        """Raise ParameterError or StabilityError, before any process has work."""
        nothing = np.empty((0, 0))
        evolve_steps(nothing, nothing.copy(), 0, *self)


def cut(n: int, parts: int, name: str) -> Sizes:
    """Return the sizes of ``parts`` parts of ``n`` rows or columns, as equal as they get.

    ``name`` is "rows" or "columns", for the message. Raises SizeError when there
    are not enough of them for one each.
    """
    if n < 0:
        raise SizeError(f"{n} {name}: must be 0 or more")
    if not 1 <= parts <= max(n, 1):
        raise SizeError(f"{parts} blocks of {n} {name}: must be 1 to {max(n, 1)}")
    size, larger = divmod(n, parts)
    return (size + 1,) * larger + (size,) * (parts - larger)


def parts_of(sizes: Sizes) -> list[range]:
    """Return the rows or columns of each part, in order."""
    stops = list(accumulate(sizes))
    return [range(stop - size, stop) for size, stop in zip(sizes, stops, strict=True)]


def most_square(blocks: int) -> tuple[int, int]:
    """Return two factors of ``blocks`` that are as near to each other as can be."""
    small = next(n for n in range(isqrt(blocks), 0, -1) if blocks % n == 0)
    return blocks // small, small


def chosen_halo(halo: int | None, rows: Sizes, columns: Sizes) -> int:
    """Return ``halo``, or for None the widest that the blocks allow, up to ``HALO``.

    Raises SizeError unless the direct neighbours of every block can fill it.
    """
    cuts = {"rows": rows, "columns": columns}
    smallest = {name: min(sizes) for name, sizes in cuts.items() if len(sizes) > 1}
    if halo is None:
        halo = max(1, min([HALO, *smallest.values()]))
    if halo < 1:
        raise SizeError(f"halo = {halo} must be 1 or more")
    for name, size in smallest.items():
        if size < halo:
            raise SizeError(
                f"halo = {halo} must be at most {size}, the {name} of the smallest block: "
                "take a narrower halo, or fewer blocks"
            )
    return halo


def trips(steps: int, halo: int) -> Iterator[int]:
    """Yield how many steps each exchange serves: at most ``halo``, ``steps`` in all."""
    if steps < 0:
        raise SizeError(f"steps = {steps} must be 0 or more")
    return (min(halo, steps - done) for done in range(0, steps, halo))


def with_halo(part: range, halo: int, n: int) -> tuple[slice, slice]:
    """Return where a part and its halo are in the grid, and where the part is in that.

    ``n`` is the number of rows or columns of the grid: there is no halo beyond.
    """
    start, stop = max(part.start - halo, 0), min(part.stop + halo, n)
    return slice(start, stop), slice(part.start - start, part.stop - start)


def advance(block: Array, steps: int, physics: Physics, threads: int = 1) -> Array:
    """Return a block with its halo after ``steps`` steps; the argument stays as it is.

    float64 of any two-dimensional shape. At each cut the outer ``steps`` cells of
    the result are wrong.
    """
    u = np.array(block, dtype=np.float64, order="C")
    evolve_steps(u, u.copy(), steps, *physics, threads=threads)
    return u


def evolve_steps_in_blocks(
    field: Array,
    steps: int,
    physics: Physics,
    *,
    blocks: tuple[int, int],
    halo: int | None = None,
) -> Array:
    """Return a field after ``steps`` steps, taken block by block.

    The whole idea in one process: what Dask and MPI do, without them. ``field``
    is float64 of shape (nx, ny), and ``blocks`` says how many blocks there are
    along the rows and along the columns; ``halo`` is that of ``chosen_halo``. The
    bits are those of ``evolve_steps``.

    Raises SizeError for blocks or a halo that do not fit the grid, and
    ParameterError and StabilityError as ``evolve_steps`` does.
    """
    physics.check()
    nx, ny = field.shape
    rows, columns = cut(nx, blocks[0], "rows"), cut(ny, blocks[1], "columns")
    halo = chosen_halo(halo, rows, columns)
    for trip in trips(steps, halo):
        after = np.empty_like(field)
        for part in product(parts_of(rows), parts_of(columns)):
            (outer_rows, own_rows), (outer_columns, own_columns) = (
                with_halo(lines, trip, n) for lines, n in zip(part, field.shape, strict=True)
            )
            block = advance(field[outer_rows, outer_columns], trip, physics)
            own = block[own_rows, own_columns]
            after[part[0].start : part[0].stop, part[1].start : part[1].stop] = own
        field = after
    return field.copy() if steps == 0 else field


def rough(rows: range, columns: range) -> Array:
    """Draw a part of a field in which neighbours differ: 20 to 85, in degrees Celsius.

    A cell that is missing, late or in the wrong place shows at once, which a
    smooth field would hide. (Multiples of 2**-4: exact, whoever computes them.)
    """
    i = np.arange(rows.start, rows.stop, dtype=np.int64)[:, np.newaxis]
    j = np.arange(columns.start, columns.stop, dtype=np.int64)
    return 20.0 + ((i * 7919 + j * 104_729 + i * j) % 1041) / 16.0


def drawn(draw: Draw, rows: range, columns: range) -> Array:
    """Return the part of the field that ``draw`` draws.

    Raises ShapeError or DtypeError when it draws something else: NumPy would
    stretch a single number over a whole block.
    """
    block = np.asarray(draw(rows, columns))
    if block.shape != (len(rows), len(columns)):
        raise ShapeError(
            f"the drawing of {len(rows)} rows and {len(columns)} columns has the shape "
            f"{block.shape}: must be {(len(rows), len(columns))}"
        )
    if block.dtype != np.float64:
        raise DtypeError(f"the drawing is of {block.dtype}: must be float64")
    return block


def fingerprint(part: Array, rows: range, columns: range) -> int:
    """Return a number of 64 bits that one other bit in any cell would change.

    It depends on where in the grid the part is. The fingerprints of the parts of
    a grid, added modulo 2**64, are that of the whole: so fields can be compared
    that no process could hold, and however they are cut.
    """
    mixed = np.ascontiguousarray(part).view(np.uint64)
    i = np.arange(rows.start, rows.stop, dtype=np.uint64)[:, np.newaxis]
    j = np.arange(columns.start, columns.stop, dtype=np.uint64)
    # Each of these steps can be undone, so two values of a cell never give the same
    # summand. The numbers are those of SplitMix64 (Steele, Lea and Flood, Fast
    # Splittable Pseudorandom Number Generators, OOPSLA 2014).
    for place in (i, j):
        mixed = (mixed ^ (place + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)) * np.uint64(
            0xBF58476D1CE4E5B9
        )
        mixed ^= mixed >> np.uint64(32)
    return int(mixed.sum(dtype=np.uint64))


def same_bits(found: Array, wanted: Array) -> bool:
    """Tell whether two float64 fields are equal bit for bit."""
    return found.shape == wanted.shape and found.tobytes() == wanted.tobytes()
