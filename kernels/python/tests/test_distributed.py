"""The grid over many processes has the bits of one, whatever happens to the processes.

Real ones: worker processes of a Dask cluster on this machine, and MPI ranks under
mpiexec. The field is rough, so that one wrong cell shows.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Array, assert_same_bits, unavailable
from hypothesis import given
from hypothesis import strategies as st

from ffi_workbook import evolve_steps, largest_stable_dt
from ffi_workbook.distributed import decompose, launch
from ffi_workbook.distributed.decompose import Physics, evolve_steps_in_blocks, rough
from ffi_workbook.errors import (
    DtypeError,
    KernelError,
    ParameterError,
    ShapeError,
    SizeError,
    StabilityError,
)

PHYSICS = Physics(0.5, largest_stable_dt(0.5, 1.0, 2.0), 1.0, 2.0)
#: What mpi_heat steps with when it is not told otherwise.
MPI_PHYSICS = Physics(0.5, largest_stable_dt(0.5, 1.0, 1.0), 1.0, 1.0)
UNSTABLE = PHYSICS._replace(dt=2 * PHYSICS.dt)

# nx, ny, blocks along the rows and columns, halo, steps. Blocks of different
# sizes, halos as wide as the smallest block, last trips that are shorter, grids
# that are all boundary.
CASES = [
    (101, 67, (3, 2), 5, 23),
    (40, 90, (1, 4), 8, 40),
    (33, 33, (4, 4), 8, 9),
    (64, 5, (2, 1), 32, 64),
    (7, 3, (7, 3), 1, 6),
    (2, 9, (2, 2), 1, 3),
    (1, 1, (1, 1), 4, 5),
    (0, 6, (1, 2), 3, 4),
    (30, 20, (2, 2), 10, 0),
]


def whole(nx: int, ny: int) -> Array:
    return rough(range(nx), range(ny))


def in_one_process(field: Array, steps: int, physics: Physics = PHYSICS) -> Array:
    u = field.copy()
    evolve_steps(u, field.copy(), steps, *physics)
    return u


# --- Blocks, in one process ---------------------------------------------------


@st.composite
def grids_in_blocks(draw: st.DrawFn) -> tuple[int, int, tuple[int, int], int, int]:
    halo = draw(st.integers(1, 9))
    blocks = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    nx, ny = (draw(st.integers(halo * n, halo * n + 30)) for n in blocks)
    return nx, ny, blocks, halo, draw(st.integers(0, 3 * halo))


@given(grids_in_blocks())
def test_blocks_have_the_bits_of_the_whole(
    grid: tuple[int, int, tuple[int, int], int, int],
) -> None:
    nx, ny, blocks, halo, steps = grid
    found = evolve_steps_in_blocks(whole(nx, ny), steps, PHYSICS, blocks=blocks, halo=halo)
    assert_same_bits(found, in_one_process(whole(nx, ny), steps))


def test_a_halo_one_cell_too_narrow_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison above can fail: steps beyond the halo bring the cut's mistakes in."""
    honest = decompose.with_halo
    monkeypatch.setattr(decompose, "with_halo", lambda part, halo, n: honest(part, halo - 1, n))
    found = evolve_steps_in_blocks(whole(40, 40), 5, PHYSICS, blocks=(2, 2), halo=5)
    assert np.any(found != in_one_process(whole(40, 40), 5))


@pytest.mark.parametrize("at", [(0, 0, 9, 9), (4, 7, 11, 8), (5_000, 3, 5_020, 4)])
def test_the_rough_field_is_drawn_alike_in_parts(at: tuple[int, int, int, int]) -> None:
    top, left, bottom, right = at
    part = rough(range(top, bottom), range(left, right))
    assert_same_bits(part, whole(bottom, right)[top:, left:])
    assert part.min() >= 20.0 and part.max() <= 85.0
    flat = part.ravel()
    assert np.all(flat[1:] != flat[:-1])


def test_blocks_are_as_equal_as_they_get() -> None:
    assert decompose.cut(10, 4, "rows") == (3, 3, 2, 2)
    assert decompose.cut(0, 1, "rows") == (0,)
    assert decompose.parts_of((3, 2)) == [range(3), range(3, 5)]
    assert [decompose.most_square(n) for n in (1, 2, 4, 6, 7)] == [
        (1, 1), (2, 1), (2, 2), (3, 2), (7, 1)
    ]  # fmt: skip
    assert list(decompose.trips(10, 4)) == [4, 4, 2]
    assert list(decompose.trips(0, 4)) == []


# What is asked, the error, and the words of its message. The same for Dask.
REFUSED: list[tuple[dict[str, Any], type[KernelError], tuple[str, ...]]] = [
    ({"halo": 6}, SizeError, ("halo = 6", "at most 5", "rows")),
    ({"halo": 5, "blocks": (1, 9)}, SizeError, ("halo = 5", "at most 2", "columns")),
    ({"halo": 0}, SizeError, ("halo = 0", "1 or more")),
    ({"blocks": (21, 1)}, SizeError, ("21 blocks", "20 rows")),
    ({"blocks": (0, 1)}, SizeError, ("0 blocks", "20 rows")),
    ({"steps": -1}, SizeError, ("steps = -1", "0 or more")),
    ({"physics": UNSTABLE}, StabilityError, ("stability",)),
    ({"physics": PHYSICS._replace(dx2=0.0)}, ParameterError, ("dx2",)),
]


@pytest.mark.parametrize(("change", "error", "words"), REFUSED)
def test_blocks_refused(
    change: dict[str, Any], error: type[KernelError], words: tuple[str, ...]
) -> None:
    call: dict[str, Any] = {"steps": 8, "physics": PHYSICS, "blocks": (4, 4), "halo": 2, **change}
    with pytest.raises(error) as caught:
        evolve_steps_in_blocks(whole(20, 24), **call)
    assert caught.type is error
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize(
    ("draw", "error"),
    [
        (lambda rows, columns: np.zeros(1), ShapeError),
        (lambda rows, columns: np.zeros((len(rows), len(columns)), dtype=np.float32), DtypeError),
    ],
)
def test_a_drawing_of_the_wrong_kind_is_refused(draw: Any, error: type[KernelError]) -> None:
    with pytest.raises(error, match="drawing"):
        decompose.drawn(draw, range(3), range(4))


# --- Dask ---------------------------------------------------------------------


def needs(*packages: str) -> None:
    for package in packages:
        if find_spec(package) is None:
            unavailable(f"{package} is not installed: make test-distributed installs it")


@contextmanager
def cluster_of(workers: int) -> Iterator[Any]:
    """Give the client of a cluster of worker processes."""
    needs("dask", "distributed")
    from distributed import Client

    with launch.local_cluster(workers) as cluster, Client(cluster, set_as_default=True) as client:
        yield client


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with cluster_of(2) as client:
        yield client


def dask_case(case: tuple[int, int, tuple[int, int], int, int], **more: Any) -> None:
    from ffi_workbook.distributed import dask_heat

    nx, ny, blocks, halo, steps = case
    start = dask_heat.from_function(rough, (nx, ny), blocks=blocks)
    end = dask_heat.evolve_steps_dask(start, steps, *PHYSICS, halo=halo, **more)
    assert end.numblocks == blocks
    assert_same_bits(end.compute(), in_one_process(whole(nx, ny), steps))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_dask_has_the_bits_of_one_process(client: Any, case: Any) -> None:
    dask_case(case)


@pytest.mark.parametrize("workers", [1, 3, 4])
def test_dask_with_other_numbers_of_workers(workers: int) -> None:
    with cluster_of(workers) as client:
        assert len(client.nthreads()) == workers
        dask_case(CASES[0])


def test_dask_from_checkpoints(client: Any, tmp_path: Path) -> None:
    """Two runs share a folder, and neither takes the blocks of the other."""
    nx, ny, blocks, halo, steps = CASES[0]
    dask_case(CASES[0], checkpoint=tmp_path, checkpoint_every=2)
    dask_case(CASES[0], checkpoint=tmp_path, checkpoint_every=1)

    from ffi_workbook.distributed import dask_heat

    keep = []
    for factor in (1.0, -2.0):
        field = factor * whole(nx, ny)
        end = dask_heat.evolve_steps_dask(
            field, steps, *PHYSICS, blocks=blocks, halo=halo, checkpoint=tmp_path
        )
        keep.append(end)
        assert_same_bits(end.compute(), in_one_process(field, steps))
    left = sorted(path.name for path in tmp_path.rglob("after-*"))
    assert left == ["after-20-steps", "after-23-steps"], "older files are removed"


def test_dask_takes_an_array_and_leaves_it(client: Any) -> None:
    from ffi_workbook.distributed import dask_heat

    field = whole(50, 41)
    before = field.copy()
    seen: list[int] = []
    end = dask_heat.evolve_steps_dask(field, 20, *PHYSICS, halo=8, progress=seen.append)
    assert end.numblocks == (2, 1), "one block for each thread of the cluster"
    assert seen == [8, 16, 20]
    assert_same_bits(end.compute(), in_one_process(before, 20))
    assert_same_bits(field, before)


@pytest.mark.parametrize(("change", "error", "words"), REFUSED)
def test_dask_refused(
    client: Any, change: dict[str, Any], error: type[KernelError], words: tuple[str, ...]
) -> None:
    from ffi_workbook.distributed import dask_heat

    call: dict[str, Any] = {"steps": 8, "physics": PHYSICS, "blocks": (4, 4), "halo": 2, **change}
    steps, physics = call.pop("steps"), call.pop("physics")
    with pytest.raises(error) as caught:
        dask_heat.evolve_steps_dask(whole(20, 24), steps, *physics, **call)
    assert caught.type is error
    assert all(word in str(caught.value) for word in words)


def test_dask_refuses_what_is_no_field(client: Any) -> None:
    from ffi_workbook.distributed import dask_heat

    with pytest.raises(ShapeError, match="1 dimensions"):
        dask_heat.evolve_steps_dask(np.zeros(4), 1, *PHYSICS)
    with pytest.raises(DtypeError, match="float32"):
        dask_heat.evolve_steps_dask(np.zeros((4, 4), dtype=np.float32), 1, *PHYSICS)
    with pytest.raises(SizeError, match="threads = 0"):
        dask_heat.evolve_steps_dask(whole(4, 4), 1, *PHYSICS, threads=0)
    with pytest.raises(SizeError, match="checkpoint_every = 0"):
        dask_heat.evolve_steps_dask(whole(4, 4), 1, *PHYSICS, checkpoint_every=0)


def draw_nothing_good(rows: range, columns: range) -> Array:
    raise OSError("the disk with the start is away")


def test_dask_says_what_a_task_raised(client: Any) -> None:
    from ffi_workbook.distributed import dask_heat

    start = dask_heat.from_function(draw_nothing_good, (20, 20), blocks=(2, 2))
    with pytest.raises(OSError, match="the disk with the start is away"):
        dask_heat.evolve_steps_dask(start, 40, *PHYSICS, halo=4)


# --- A worker is killed -------------------------------------------------------


def draw_and_note(folder: Path, rows: range, columns: range) -> Array:
    """Draw a block, and leave a file that says so."""
    (folder / f"{rows.start}-{columns.start}-{time.monotonic_ns()}-{os.getpid()}").touch()
    return rough(rows, columns)


def draw_or_die(folder: Path, rows: range, columns: range) -> Array:
    """Draw a block; the first process of all that tries is killed over it."""
    try:
        (folder / "victim").touch(exist_ok=False)
    except FileExistsError:
        return rough(rows, columns)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody is left to say this")


def kill_one_with_blocks(client: Any) -> None:
    """Kill the worker that holds most, by SIGKILL: it has no time to hand anything over."""
    held = {worker: len(keys) for worker, keys in client.has_what().items()}
    victim = max(held, key=held.__getitem__)
    assert held[victim] > 0
    os.kill(client.run(os.getpid, workers=[victim])[victim], signal.SIGKILL)


@pytest.mark.parametrize("checkpoint", [False, True], ids=["from the start", "from a checkpoint"])
def test_dask_makes_up_for_a_killed_worker(tmp_path: Path, checkpoint: bool) -> None:
    """Half-way a worker dies, with its blocks: they are computed again, from where they can be."""
    notes, files = tmp_path / "notes", tmp_path / "files"
    notes.mkdir()
    killed: list[int] = []

    with cluster_of(2) as client:
        from ffi_workbook.distributed import dask_heat

        pids = set(client.run(os.getpid).values())

        def progress(done: int) -> None:
            if done == 32:
                assert len(list(notes.iterdir())) == 4, "each block was drawn once so far"
                kill_one_with_blocks(client)
                killed.append(done)

        start = dask_heat.from_function(partial(draw_and_note, notes), (90, 70), blocks=(2, 2))
        end = dask_heat.evolve_steps_dask(
            start,
            60,
            *PHYSICS,
            halo=4,
            checkpoint=files if checkpoint else None,
            checkpoint_every=3,
            progress=progress,
        )
        found = end.compute()
        survivors = pids & set(client.run(os.getpid).values())
    assert_same_bits(found, in_one_process(whole(90, 70), 60))
    assert killed == [32]
    assert len(survivors) == 1
    drawn = len(list(notes.iterdir()))
    # More than 4 only when no survivor holds what the lost blocks are needed for.
    assert drawn == 4 if checkpoint else drawn >= 4


def test_dask_makes_up_for_a_worker_killed_in_a_task(tmp_path: Path) -> None:
    with cluster_of(2):
        from ffi_workbook.distributed import dask_heat

        start = dask_heat.from_function(partial(draw_or_die, tmp_path), (60, 50), blocks=(2, 2))
        end = dask_heat.evolve_steps_dask(start, 20, *PHYSICS, halo=8)
        assert_same_bits(end.compute(), in_one_process(whole(60, 50), 20))
    assert (tmp_path / "victim").exists()


# --- MPI ----------------------------------------------------------------------


def mpi(ranks: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    needs("mpi4py")
    try:
        command = [launch.mpiexec(), "-n", str(ranks), sys.executable]
    except FileNotFoundError as error:
        unavailable(str(error))
    command += ["-m", "ffi_workbook.distributed.mpi_heat", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("ranks", "nx", "ny", "halo", "steps"),
    [
        (1, 40, 30, 16, 33),
        (2, 41, 30, 7, 20),
        (3, 53, 11, 17, 40),
        (4, 101, 67, 5, 23),
        (4, 20, 33, 10, 30),
        (4, 2, 2, 1, 3),
        (4, 9, 8, 1, 0),
    ],
)
def test_mpi_has_the_bits_of_one_process(
    tmp_path: Path, ranks: int, nx: int, ny: int, halo: int, steps: int
) -> None:
    out = tmp_path / "end.npy"
    size = (f"--nx={nx}", f"--ny={ny}", f"--steps={steps}", f"--halo={halo}")
    result = mpi(ranks, *size, "--check", f"--out={out}")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["ranks"] == ranks
    assert report["same_bits"] is True
    assert_same_bits(np.load(out), in_one_process(whole(nx, ny), steps, MPI_PHYSICS))


def test_mpi_check_can_fail(at_start: Any) -> None:
    """With a rank that starts from other cells, the command says no and ends with 1."""
    at_start(
        "import sys\n"
        "if 'ffi_workbook.distributed.mpi_heat' in sys.orig_argv:\n"
        "    from ffi_workbook.distributed import decompose\n"
        "    honest = decompose.rough\n"
        "    def draw(rows, columns):\n"
        "        return honest(rows, columns) + (rows.start > 0)\n"
        "    decompose.rough = draw\n"
    )
    result = mpi(2, "--nx=40", "--ny=40", "--steps=8", "--halo=4", "--check")
    assert result.returncode == 1, result.stderr
    assert "differs" in result.stderr
    assert json.loads(result.stdout)["same_bits"] is False


@pytest.mark.parametrize(
    ("ranks", "arguments", "words"),
    [
        (4, ("--nx=30", "--ny=40", "--steps=8"), ("halo = 16", "at most 15", "rows")),
        (4, ("--nx=1", "--ny=40", "--steps=8"), ("2 blocks of 1 rows",)),
        (2, ("--nx=40", "--ny=40", "--steps=-1"), ("steps = -1",)),
        (2, ("--nx=40", "--ny=40", "--steps=8", "--dt=9"), ("stability limit", "dt = 9")),
        (2, ("--nx=40", "--ny=40", "--steps=8", "--threads=0"), ("threads = 0",)),
    ],
)
def test_mpi_refused(ranks: int, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    result = mpi(ranks, *arguments)
    assert result.returncode == 2
    assert result.stderr.count("mpi_heat: ") == 1, "one rank speaks for all"
    assert all(word in result.stderr for word in words)


def test_mpi_ends_when_one_rank_fails(tmp_path: Path) -> None:
    """Rank 0 cannot write; the others, which wait for it, end too."""
    out = tmp_path / "no such folder" / "end.npy"
    result = mpi(2, "--nx=40", "--ny=40", "--steps=4", f"--out={out}")
    assert result.returncode != 0
    assert "FileNotFoundError" in result.stderr
