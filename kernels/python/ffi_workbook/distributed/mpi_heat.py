"""The heat kernel over MPI: each process holds one block, and tells its neighbours.

    mpiexec -n 4 python -m ffi_workbook.distributed.mpi_heat --nx 400 --ny 300 --steps 100 --check

The processes (*ranks*) stand in a rectangle, as their blocks do in the grid.
Before every ``halo`` steps each rank sends the outermost ``halo`` rows of its
block up and down, and then the outermost columns left and right, halo rows
included. So the corners arrive too, by way of a direct neighbour::

    rows first         a a|          then columns          a a|b b
                       ---+---                             ---+---
                       c c|                                c c|d d
"""

import argparse
import json
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from mpi4py import MPI

from .. import evolve_steps, largest_stable_dt
from ..errors import ParameterError, SizeError
from .decompose import (
    HALO,
    Array,
    Draw,
    Physics,
    chosen_halo,
    cut,
    drawn,
    fingerprint,
    parts_of,
    rough,
    same_bits,
    trips,
    with_halo,
)

#: A communicator of ranks in a rectangle (MPI.Cartcomm).
Ranks = Any


class Block:
    """The block of this rank, with its halo.

    draw: called once, for the cells of this block.
    shape: (nx, ny) of the whole grid.
    halo: steps for one exchange; as in ``decompose.chosen_halo``.
    comm: who takes part; None is all processes of the mpiexec. MPI chooses how
        they stand. All must make their blocks and call the methods together.

    Raises SizeError, on every rank alike, when there are more ranks than rows or
    columns, or when the halo is wider than the smallest block; and ShapeError or
    DtypeError for a drawing of the wrong kind.
    """

    def __init__(
        self, draw: Draw, shape: tuple[int, int], *, halo: int | None = None, comm: Any = None
    ) -> None:
        comm = comm or MPI.COMM_WORLD
        dims = MPI.Compute_dims(comm.Get_size(), 2)
        sizes = cut(shape[0], dims[0], "rows"), cut(shape[1], dims[1], "columns")
        self.shape = shape
        self.halo = chosen_halo(halo, *sizes)
        self.ranks: Ranks = comm.Create_cart(dims)
        #: The rows and the columns of the grid, of the block of each rank.
        self.parts = [
            tuple(parts_of(n)[at] for n, at in zip(sizes, self.ranks.Get_coords(rank), strict=True))
            for rank in range(comm.Get_size())
        ]
        self.rows, self.columns = self.parts[self.ranks.Get_rank()]
        outer_rows, own_rows = with_halo(self.rows, self.halo, shape[0])
        outer_columns, own_columns = with_halo(self.columns, self.halo, shape[1])
        outer = outer_rows.stop - outer_rows.start, outer_columns.stop - outer_columns.start
        #: Where the block itself is in ``u``.
        self.own = own_rows, own_columns
        self.u = np.zeros(outer)
        self.u[self.own] = drawn(draw, self.rows, self.columns)
        self.u_previous = self.u.copy()
        #: What the exchanges of this rank took, with the waiting for its neighbours,
        #: and how many bytes it sent.
        self.exchange_seconds = 0.0
        self.bytes_sent = 0

    def evolve_steps(self, steps: int, physics: Physics, threads: int = 1) -> None:
        """Take ``steps`` steps, with an exchange before every ``halo`` of them.

        Raises SizeError, ParameterError and StabilityError before anything is sent.
        """
        physics.check()
        for trip in trips(steps, self.halo):
            self.exchange()
            evolve_steps(self.u, self.u_previous, trip, *physics, threads=threads)

    def exchange(self) -> None:
        """Fill the halo from the neighbours."""
        start = MPI.Wtime()
        for axis, own in enumerate(self.own):
            before, after = self.ranks.Shift(axis, 1)
            # With the columns for rows, the second exchange is the first again.
            u, u_previous = (grid.T if axis else grid for grid in (self.u, self.u_previous))
            first, last = (
                slice(own.start, own.start + self.halo),
                slice(own.stop - self.halo, own.stop),
            )
            above, below = slice(0, own.start), slice(own.stop, len(u))
            for send, to, receive, source in (
                (first, before, below, after),
                (last, after, above, before),
            ):
                sent, arrived = np.ascontiguousarray(u[send]), np.empty(u[receive].shape)
                self.ranks.Sendrecv(sent, to, 0, arrived, source, 0)
                u[receive] = u_previous[receive] = arrived
                # At an edge of the grid there is nobody, and nothing is sent.
                self.bytes_sent += sent.nbytes if to != MPI.PROC_NULL else 0
        self.exchange_seconds += MPI.Wtime() - start

    def fingerprint(self) -> int:
        """Return the fingerprint of the whole field, on every rank."""
        mine = fingerprint(self.u[self.own], self.rows, self.columns)
        total: int = self.ranks.allreduce(mine, MPI.SUM)
        return total % 2**64

    def gather(self) -> Array | None:
        """Return the whole field on rank 0, and None on the others."""
        mine = np.ascontiguousarray(self.u[self.own])
        if self.ranks.Get_rank() != 0:
            self.ranks.Send(mine, 0)
            return None
        whole = np.empty(self.shape)
        for rank, (rows, columns) in enumerate(self.parts):
            block = mine if rank == 0 else np.empty((len(rows), len(columns)))
            if rank:
                self.ranks.Recv(block, rank)
            whole[rows.start : rows.stop, columns.start : columns.stop] = block
        return whole


@contextmanager
def all_or_none() -> Iterator[None]:
    """End all ranks when this one fails: the others may wait for it, and would for ever.

    A ParameterError or SizeError passes through: every rank was given the same and
    raises the same.
    """
    try:
        yield
    except (ParameterError, SizeError):
        raise
    except Exception:
        comm = MPI.COMM_WORLD
        print(
            f"{traceback.format_exc()}rank {comm.Get_rank()} of {comm.Get_size()} failed: "
            "all ranks end",
            file=sys.stderr,
            flush=True,
        )
        time.sleep(1.0)  # mpiexec drops what it has not passed on when a rank aborts
        comm.Abort(1)


def timed(block: Block, steps: int, physics: Physics, threads: int) -> float:
    """Return how long the steps took the slowest rank, in seconds."""
    block.ranks.Barrier()
    start = MPI.Wtime()
    block.evolve_steps(steps, physics, threads)
    seconds: float = block.ranks.allreduce(MPI.Wtime() - start, MPI.MAX)
    return seconds


def in_one_process(shape: tuple[int, int], steps: int, physics: Physics) -> Array:
    """Return what one process alone gets."""
    u = rough(range(shape[0]), range(shape[1]))
    evolve_steps(u, u.copy(), steps, *physics)
    return u


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="mpiexec -n 4 python -m ffi_workbook.distributed.mpi_heat",
        description="Step the heat equation on a grid that is spread over MPI processes.",
    )
    parser.add_argument("--nx", type=int, required=True, help="rows of the grid")
    parser.add_argument("--ny", type=int, required=True, help="columns of the grid")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument(
        "--halo",
        type=int,
        help=f"steps an exchange (default: {HALO}, or what thinner blocks allow)",
    )
    parser.add_argument("--threads", type=int, default=1, help="threads of each process (1)")
    parser.add_argument("--dt", type=float, help="time step (default: the longest stable one)")
    parser.add_argument(
        "--check", action="store_true", help="bring the field together, compare with one process"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="bring the field together, write it (.npy)"
    )
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> int:
    """Do what the command says. Returns 0, or on every rank 1 if the check fails."""
    a, dx2, dy2 = 0.5, 1.0, 1.0
    dt = largest_stable_dt(a, dx2, dy2) if options.dt is None else options.dt
    physics = Physics(a, dt, dx2, dy2)
    shape = options.nx, options.ny
    block = Block(rough, shape, halo=options.halo)
    seconds = timed(block, options.steps, physics, options.threads)
    whole_fingerprint = f"{block.fingerprint():016x}"
    bytes_sent = block.ranks.allreduce(block.bytes_sent, MPI.SUM)
    whole = block.gather() if options.check or options.out else None

    same = True
    if whole is not None:
        if options.out:
            with options.out.open("wb") as file:
                np.save(file, whole)
        if options.check:
            same = same_bits(whole, in_one_process(shape, options.steps, physics))
    same = block.ranks.bcast(same)
    if block.ranks.Get_rank() == 0:
        report = {
            "ranks": block.ranks.Get_size(),
            "blocks": block.ranks.Get_topo()[0],
            "grid": shape,
            "steps": options.steps,
            "seconds": seconds,
            "bytes_sent": bytes_sent,
            "fingerprint": whole_fingerprint,
            "same_bits": same if options.check else None,
        }
        print(json.dumps(report))
        if not same:
            print("mpi_heat: the field differs from that of one process", file=sys.stderr)
    return 0 if same else 1


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    try:
        with all_or_none():
            return run(options)
    except (ParameterError, SizeError) as error:
        # Every rank has the same arguments and finds the same: one says it.
        if MPI.COMM_WORLD.Get_rank() == 0:
            print(f"mpi_heat: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
