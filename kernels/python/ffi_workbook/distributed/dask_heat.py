"""The heat kernel over Dask: a grid whose blocks live in the workers of a cluster.

    from ffi_workbook.distributed import dask_heat, launch

    with launch.dask_cluster(workers=2):  # or Client("tcp://scheduler:8786")
        start = dask_heat.from_function(draw, (20_000, 20_000), blocks=(4, 4))
        end = dask_heat.evolve_steps_dask(start, 1_000, a, dt, dx2, dy2)
        print(end.max().compute())

A worker may die at any time. Dask remembers how each block came to be, and the
other workers compute what was lost, from the start of the run or, with
``checkpoint``, from the last files.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask.array as da
import numpy as np
from distributed import Client, futures_of, get_client, wait

from ..errors import DtypeError, ShapeError, SizeError
from .decompose import (
    Array,
    Draw,
    Physics,
    advance,
    chosen_halo,
    cut,
    drawn,
    fingerprint,
    most_square,
    trips,
)

#: A field in blocks: dask.array has types of its own only in part.
Blocks = Any

#: One block that tells Dask what all are: float64 of two dimensions.
META = np.empty((0, 0))


def from_function(draw: Draw, shape: tuple[int, int], *, blocks: tuple[int, int]) -> Blocks:
    """Return a field that is drawn block by block, each in the worker that needs it.

    ``shape`` is (nx, ny), and ``blocks`` how many blocks there are along the rows
    and along the columns. ``draw(rows, columns)`` returns float64 of shape
    (len(rows), len(columns)). It may be called again for the same block, when a
    worker was lost, and must then draw the same. Raises SizeError for blocks
    that do not fit the shape.
    """
    chunks = cut(shape[0], blocks[0], "rows"), cut(shape[1], blocks[1], "columns")
    return da.map_blocks(_draw, chunks=chunks, meta=META, draw=draw)


def _draw(draw: Draw, block_info: Any = None) -> Array:
    rows, columns = (range(*limits) for limits in block_info[None]["array-location"])
    return drawn(draw, rows, columns)


def evolve_steps_dask(
    field: Blocks,
    steps: int,
    a: float,
    dt: float,
    dx2: float,
    dy2: float,
    *,
    client: Client | None = None,
    blocks: tuple[int, int] | None = None,
    halo: int | None = None,
    threads: int = 1,
    checkpoint: str | os.PathLike[str] | None = None,
    checkpoint_every: int = 10,
    progress: Callable[[int], None] | None = None,
) -> Blocks:
    """Return a field after ``steps`` steps, as a Dask array whose blocks are computed.

    The blocks stay in the workers: ``.compute()`` brings them together, where
    they fit. The bits are those of ``evolve_steps``.

    field: float64, two-dimensional: a NumPy array, or a Dask array, which no
        process need hold (see ``from_function``).
    client: the cluster to work on; None is the current one.
    blocks: how many blocks along the rows and along the columns; None keeps the
        blocks of a Dask array, and cuts a NumPy array into one for each thread
        of the cluster.
    halo: cells that blocks tell each other at a time, and so steps for one
        exchange; as in ``decompose.chosen_halo``. A block must have as many rows
        and columns.
    threads: threads of the kernel in each task.
    checkpoint: a folder that all workers and the client see. Every
        ``checkpoint_every`` exchanges all blocks are written there, in a folder
        for each run, and Dask forgets what was before. After a loss, only what
        came since is computed again. The last files stay: the result may still
        need them.
    progress: called after each exchange with the number of steps done.

    Raises ShapeError, DtypeError, SizeError, ParameterError and StabilityError
    before any work begins, ValueError when there is no client, and what a task
    raised, if one failed.
    """
    physics = Physics(a, dt, dx2, dy2)
    physics.check()
    if checkpoint_every < 1:
        raise SizeError(f"checkpoint_every = {checkpoint_every} must be 1 or more")
    if threads < 1:
        raise SizeError(f"threads = {threads} must be 1 or more")
    client = client or get_client()
    field = _in_blocks(field, blocks, client)
    halo = chosen_halo(halo, *field.chunks)
    files = Checkpoints(Path(checkpoint)) if checkpoint is not None else None

    done = 0
    field = client.persist(field)
    for number, trip in enumerate(trips(steps, halo), start=1):
        # The next trip waits in the cluster while this one ends: no worker is
        # idle for want of orders, and no more than two are in memory.
        following = client.persist(_one_trip(field, trip, physics, threads))
        _settle(field)
        if progress and done:
            progress(done)
        field, done = following, done + trip
        if files and number % checkpoint_every == 0:
            field = files.save(field, done, client)
    _settle(field)
    if progress and done:
        progress(done)
    return field


def fingerprint_of(field: Blocks) -> int:
    """Return the fingerprint of a field: see ``decompose.fingerprint``.

    Each worker computes that of its blocks, and only these numbers travel.
    """
    meta = np.empty((0, 0), dtype=np.uint64)
    ones = tuple((1,) * n for n in field.numblocks)
    parts = da.map_blocks(_fingerprint, field, chunks=ones, dtype=np.uint64, meta=meta)
    return sum(map(int, parts.compute().flat)) % 2**64


def _fingerprint(block: Array, block_info: Any = None) -> Any:
    rows, columns = (range(*limits) for limits in block_info[0]["array-location"])
    return np.array([[fingerprint(block, rows, columns)]], dtype=np.uint64)


def _in_blocks(field: Blocks, blocks: tuple[int, int] | None, client: Client) -> Blocks:
    """Return the field as a Dask array with the blocks asked for, or say what is wrong."""
    if not hasattr(field, "ndim") or field.ndim != 2:
        raise ShapeError(f"field has {np.ndim(field)} dimensions: must be 2")
    if field.dtype != np.float64:
        raise DtypeError(f"field is of {field.dtype}: must be float64")
    is_dask = isinstance(field, da.Array)
    if any(np.isnan(n) for n in field.shape):
        raise ShapeError("field has blocks of unknown size: call its compute_chunk_sizes() first")
    if blocks is None and is_dask:
        return field
    blocks = blocks or most_square(max(1, sum(client.nthreads().values())))
    chunks = cut(field.shape[0], blocks[0], "rows"), cut(field.shape[1], blocks[1], "columns")
    return field.rechunk(chunks) if is_dask else da.from_array(field, chunks=chunks)


def _one_trip(field: Blocks, trip: int, physics: Physics, threads: int) -> Blocks:
    """Return the field ``trip`` steps later, not yet computed.

    Dask brings each block together with ``trip`` cells of its neighbours, and
    cuts as many off the result, but none at an edge of the grid ("none").
    """
    depth = {axis: trip if len(sizes) > 1 else 0 for axis, sizes in enumerate(field.chunks)}
    return da.map_overlap(
        advance,
        field,
        depth=depth,
        boundary="none",
        allow_rechunk=False,
        meta=META,
        steps=trip,
        physics=physics,
        threads=threads,
    )


def _settle(field: Blocks) -> None:
    """Wait for all blocks; raise what went wrong in one, if something did."""
    futures = futures_of(field)
    wait(futures)
    for future in futures:
        if future.status == "error":
            future.result()


class Checkpoints:
    """Files with the blocks of a field: where to go on from after a loss."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # A folder of its own for each run. Dask knows a block by the place it is
        # read from, and would take that of an earlier run for this one's.
        self.folder = Path(tempfile.mkdtemp(prefix="heat-", dir=folder)).resolve()
        self.last: Path | None = None

    def save(self, field: Blocks, done: int, client: Client) -> Blocks:
        """Write all blocks; return the field as read from the files."""
        place = self.folder / f"after-{done}-steps"
        place.mkdir()
        _settle(client.persist(da.map_blocks(_save, field, meta=META, place=place)))
        read = da.map_blocks(_load, chunks=field.chunks, meta=META, place=place)
        if self.last:
            shutil.rmtree(self.last)  # all later blocks come from the new files
        self.last = place
        return client.persist(read)


def _save(block: Array, place: Path, block_id: tuple[int, int] | None = None) -> Array:
    """Write a block: the whole file or none, also when the worker dies meanwhile."""
    path = _path(place, block_id)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    with new.open("wb") as file:
        np.save(file, block)
    new.replace(path)
    return block


def _load(place: Path, block_id: tuple[int, int] | None = None) -> Array:
    block: Array = np.load(_path(place, block_id), allow_pickle=False)
    return block


def _path(place: Path, block_id: tuple[int, int] | None) -> Path:
    assert block_id is not None, "Dask says which block it is"
    return place / f"{block_id[0]}-{block_id[1]}.npy"
