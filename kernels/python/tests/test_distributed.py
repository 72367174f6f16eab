"""The grid over many processes has the bits of one, whatever happens to the processes.

Real ones: worker processes of a Dask cluster on this machine, and MPI ranks under
mpiexec. The field is rough, so that one wrong cell shows.

No test waits for ever: `launch.run` ends what it started, and pytest-timeout ends
the whole run, prints what every thread does, and what the workers said.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Array, assert_same_bits, more_and_more, unavailable
from hypothesis import given
from hypothesis import strategies as st

from ffi_workbook import evolve_steps, largest_stable_dt
from ffi_workbook.distributed import decompose, launch, scaling
from ffi_workbook.distributed.decompose import HALO, Physics, evolve_steps_in_blocks, rough
from ffi_workbook.distributed.scaling_worker import Job, Plan
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

pytestmark = pytest.mark.timeout(240, method="thread")

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


@pytest.mark.parametrize(
    ("nx", "ny", "blocks", "halo"),
    [
        (1, 1, (1, 1), HALO),  # no cut: no block has to give anything
        (2 * HALO, 5, (2, 1), HALO),
        (2 * HALO - 1, 5, (2, 1), HALO - 1),
        (90, 9, (2, 3), 3),
    ],
)
def test_the_halo_is_as_wide_as_is_useful_or_possible(
    nx: int, ny: int, blocks: tuple[int, int], halo: int
) -> None:
    sizes = decompose.cut(nx, blocks[0], "rows"), decompose.cut(ny, blocks[1], "columns")
    assert decompose.chosen_halo(None, *sizes) == halo
    assert decompose.chosen_halo(halo, *sizes) == halo
    found = evolve_steps_in_blocks(whole(nx, ny), 40, PHYSICS, blocks=blocks)
    assert_same_bits(found, in_one_process(whole(nx, ny), 40))


def test_an_empty_block_has_no_halo_to_give() -> None:
    with pytest.raises(SizeError, match="at most 0, the rows"):
        decompose.chosen_halo(None, (0, 5), (5,))


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


@given(grids_in_blocks(), st.data())
def test_fingerprints_of_parts_add_up(
    grid: tuple[int, int, tuple[int, int], int, int], data: st.DataObject
) -> None:
    nx, ny, blocks, *_ = grid
    field = whole(nx, ny)
    wanted = decompose.fingerprint(field, range(nx), range(ny))
    parts = product(
        decompose.parts_of(decompose.cut(nx, blocks[0], "rows")),
        decompose.parts_of(decompose.cut(ny, blocks[1], "columns")),
    )
    found = [
        decompose.fingerprint(field[r.start : r.stop, c.start : c.stop], r, c) for r, c in parts
    ]
    assert sum(found) % 2**64 == wanted

    # One other bit anywhere, or two cells that changed places, and it is another.
    i, j = data.draw(st.integers(0, nx - 1)), data.draw(st.integers(0, ny - 1))
    changed = field.copy()
    changed.view(np.uint64)[i, j] ^= np.uint64(1 << data.draw(st.integers(0, 63)))
    assert decompose.fingerprint(changed, range(nx), range(ny)) != wanted
    if field[i, j] != field[0, 0]:
        field[i, j], field[0, 0] = field[0, 0], field[i, j]
        assert decompose.fingerprint(field, range(nx), range(ny)) != wanted


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


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    needs("dask", "distributed")
    with launch.dask_cluster(workers=2) as client:
        yield client


def dask_case(case: tuple[int, int, tuple[int, int], int, int], **more: Any) -> None:
    from ffi_workbook.distributed import dask_heat

    nx, ny, blocks, halo, steps = case
    start = dask_heat.from_function(rough, (nx, ny), blocks=blocks)
    end = dask_heat.evolve_steps_dask(start, steps, *PHYSICS, halo=halo, **more)
    assert end.numblocks == blocks
    wanted = in_one_process(whole(nx, ny), steps)
    assert_same_bits(end.compute(), wanted)
    assert dask_heat.fingerprint_of(end) == decompose.fingerprint(wanted, range(nx), range(ny))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_dask_has_the_bits_of_one_process(client: Any, case: Any) -> None:
    dask_case(case)


@pytest.mark.parametrize("workers", [1, 3])
def test_dask_with_other_numbers_of_workers(workers: int) -> None:
    needs("dask", "distributed")
    with launch.dask_cluster(workers) as client:
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


class Diary:
    """A plugin of the workers: each writes down what it computed, in a file of its own.

    The files outlive a worker that is killed.
    """

    name = "diary"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def setup(self, worker: Any) -> None: ...

    def teardown(self, worker: Any) -> None: ...

    def transition(self, key: object, start: str, finish: str, **_: object) -> None:
        if (start, finish) == ("executing", "memory"):
            with (self.folder / str(os.getpid())).open("a", encoding="utf-8") as file:
                file.write(f"{key}\n")

    def computed(self) -> dict[int, Counter[str]]:
        """Return how often each process computed each key."""
        return {
            int(path.name): Counter(path.read_text(encoding="utf-8").splitlines())
            for path in self.folder.iterdir()
        }


@pytest.fixture(scope="module")
def mortal() -> Iterator[Any]:
    """A cluster of two whose workers are killed. Its nannies start new ones."""
    needs("dask", "distributed")
    with launch.dask_cluster(workers=2) as client:
        yield client


@pytest.fixture
def both(mortal: Any) -> Any:
    """The client of the mortal cluster, when both workers are there.

    A nanny that has not yet heard from its new worker may lose it for good if it
    dies at once: so the nannies are asked too.
    """
    from distributed.core import Status

    def all_are_there() -> bool:
        processes = [nanny.process for nanny in mortal.cluster.workers.values()]
        running = [one for one in processes if one and one.status == Status.running]
        return len(running) == len(mortal.nthreads()) == 2

    wait_until(all_are_there)
    return mortal


@pytest.fixture
def diary(both: Any, tmp_path: Path) -> Iterator[Diary]:
    from distributed import WorkerPlugin

    folder = tmp_path / "diary"
    folder.mkdir()
    plugin = type("WorkerDiary", (Diary, WorkerPlugin), {})(folder)
    both.register_plugin(plugin)
    yield plugin
    both.unregister_worker_plugin(plugin.name)


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
    (folder / "victim").write_text(str(os.getpid()))
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody is left to say this")


def wait_until(what: Any, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended, and its parent knows."""
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return False
    return True


def kill_a_holder(client: Any, keys: set[Any]) -> tuple[int, set[str]]:
    """Kill the worker that holds most of these keys; return who it was and what is lost.

    SIGKILL: it has no time to hand anything over.
    """
    wait_until(lambda: keys <= {key for key, workers in client.who_has().items() if workers})
    holders = {key: set(workers) for key, workers in client.who_has().items() if key in keys}
    held = Counter(worker for workers in holders.values() for worker in workers)
    victim = held.most_common(1)[0][0]
    pid = client.run(os.getpid, workers=[victim])[victim]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: is_gone(pid))
    lost = {str(key) for key, workers in holders.items() if workers == {victim}}
    assert lost, "a block lived only on the worker that was killed"
    return pid, lost


@pytest.mark.parametrize("checkpoint", [False, True], ids=["from the start", "from a checkpoint"])
def test_dask_makes_up_for_a_killed_worker(
    both: Any, diary: Diary, tmp_path: Path, checkpoint: bool
) -> None:
    """Half-way a worker dies, with its blocks: they are computed again, from where they can be."""
    from ffi_workbook.distributed import dask_heat

    notes, files = tmp_path / "notes", tmp_path / "files"
    notes.mkdir()
    before: set[Any] = set()
    deaths: list[tuple[int, set[str]]] = []

    def progress(done: int) -> None:
        wanted = set(both.futures)
        if done == 32:
            assert len(list(notes.iterdir())) == 4, "each block was drawn once so far"
            # Not the blocks after 32 steps, which are done with as soon as this
            # function returns, but those after 36.
            deaths.append(kill_a_holder(both, wanted - before))
        before.update(wanted)

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
    assert_same_bits(end.compute(), in_one_process(whole(90, 70), 60))

    [(victim, lost)] = deaths
    computed = diary.computed()
    assert lost <= set(computed[victim]), "the dead worker had computed them"
    elsewhere = {key for pid, keys in computed.items() if pid != victim for key in keys}
    assert lost <= elsewhere, "another process computed each of them again"
    assert is_gone(victim)
    if checkpoint:
        assert len(list(notes.iterdir())) == 4, "no block was drawn again: there are files"


def test_dask_goes_back_to_the_start_if_it_must(both: Any, tmp_path: Path) -> None:
    """After the run only the result is left: what is lost of it is computed from nothing."""
    from ffi_workbook.distributed import dask_heat

    notes = tmp_path / "notes"
    notes.mkdir()
    start = dask_heat.from_function(partial(draw_and_note, notes), (90, 70), blocks=(2, 2))
    end = dask_heat.evolve_steps_dask(start, 23, *PHYSICS, halo=8)
    del start
    assert len(list(notes.iterdir())) == 4
    keys = {key for row in end.__dask_keys__() for key in row}
    wait_until(lambda: {key for held in both.has_what().values() for key in held} == keys)
    kill_a_holder(both, keys)
    assert_same_bits(end.compute(), in_one_process(whole(90, 70), 23))
    assert len(list(notes.iterdir())) > 4, "blocks were drawn again"


def test_dask_makes_up_for_a_worker_killed_in_a_task(both: Any, tmp_path: Path) -> None:
    from ffi_workbook.distributed import dask_heat

    start = dask_heat.from_function(partial(draw_or_die, tmp_path), (60, 50), blocks=(2, 2))
    end = dask_heat.evolve_steps_dask(start, 20, *PHYSICS, halo=8)
    assert_same_bits(end.compute(), in_one_process(whole(60, 50), 20))
    assert is_gone(int((tmp_path / "victim").read_text()))


def allow_deaths(number: int, dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = number


def test_dask_gives_up_on_a_task_that_kills(both: Any) -> None:
    """A task that kills every worker must not run for ever; here, after the first death."""
    from distributed import KilledWorker

    from ffi_workbook.distributed import dask_heat

    start = dask_heat.from_function(draw_and_die, (60, 50), blocks=(1, 1))
    usual = both.run_on_scheduler(lambda dask_scheduler: dask_scheduler.allowed_failures)
    both.run_on_scheduler(allow_deaths, 0)
    try:
        with pytest.raises(KilledWorker):
            dask_heat.evolve_steps_dask(start, 20, *PHYSICS, halo=8)
    finally:
        both.run_on_scheduler(allow_deaths, usual)


def draw_and_die(rows: range, columns: range) -> Array:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody is left to say this")


# --- MPI ----------------------------------------------------------------------


def mpi(ranks: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    needs("mpi4py")
    try:
        command = launch.mpiexec(ranks)
    except FileNotFoundError as error:
        unavailable(str(error))
    command += ["-m", "ffi_workbook.distributed.mpi_heat", *map(str, arguments)]
    return launch.run(command, seconds=90)


@pytest.mark.parametrize(
    ("ranks", "nx", "ny", "halo", "steps"),
    [
        (1, 40, 30, 16, 33),
        (2, 41, 30, 7, 20),
        (3, 53, 11, 17, 40),  # more ranks than this machine may have cores
        (4, 101, 67, 5, 23),
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
    wanted = in_one_process(whole(nx, ny), steps, MPI_PHYSICS)
    assert_same_bits(np.load(out), wanted)
    assert int(report["fingerprint"], 16) == decompose.fingerprint(wanted, range(nx), range(ny))


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
        (4, ("--nx=30", "--ny=40", "--steps=8", "--halo=16"), ("halo = 16", "at most 15", "rows")),
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


# What happens to rank 1, which is the one whose rows do not start at 0.
MISHAPS = {
    "an exception": ("raise OSError('the disk of rank 1 is away')", "rank 1 of 2 failed"),
    "out of memory": ("raise MemoryError", "rank 1 of 2 failed"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "BAD TERMINATION"),
}


@pytest.mark.parametrize("mishap", MISHAPS)
def test_mpi_ends_when_one_rank_does(at_start: Any, mishap: str) -> None:
    """The others wait for rank 1. They end with it, and one can read why."""
    action, words = MISHAPS[mishap]
    at_start(
        "import sys\n"
        "if 'ffi_workbook.distributed.mpi_heat' in sys.orig_argv:\n"
        "    from ffi_workbook.distributed import decompose\n"
        "    honest = decompose.rough\n"
        "    def draw(rows, columns):\n"
        "        if rows.start:\n"
        f"            {action}\n"
        "        return honest(rows, columns)\n"
        "    decompose.rough = draw\n"
    )
    result = mpi(2, "--nx=40", "--ny=40", "--steps=4")
    assert result.returncode != 0
    assert words in result.stdout + result.stderr


# --- The children of the scaling command --------------------------------------


def test_the_children_of_scaling_end_with_the_same_bits(tmp_path: Path) -> None:
    needs("mpi4py", "dask", "distributed")
    lines: dict[str, list[dict[str, Any]]] = {}
    for kind, processes in (("threads", 1), ("mpi", 2), ("dask", 2)):
        mode = scaling.Mode(kind, processes, cores=2)
        jobs = [Job("strong", (61, 40), 8), Job("halo_4", (61, 40), 4)]
        out = tmp_path / mode.name
        plan = Plan(jobs, warm_up_steps=10, steps=20, samples=2, out=str(out))
        assert scaling.run_child(mode, plan, seconds=120) is None
        lines[mode.name] = [json.loads(text) for text in out.read_text().splitlines()]

    results = {
        name: [line for line in of_mode if "case" in line] for name, of_mode in lines.items()
    }
    assert [len(found) for found in results.values()] == [2, 2, 2]
    assert len({line["fingerprint"] for found in results.values() for line in found}) == 1
    # Two ranks send 8 or 4 rows of 40 numbers, for as many steps: once each way.
    assert [line["bytes_per_step"] for line in results["mpi-2"][:1]] == [2 * 8 * 40 * 8 * 3 / 20]
    assert results["dask-2"][0]["tasks_per_step"] > 0
    assert any("messages" in line for line in lines["mpi-2"])
    assert any("noise" in line for line in lines["threads-1"])


# --- No process is left over --------------------------------------------------


def test_what_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    needs("psutil")
    child = (
        "import os, subprocess, sys, time\n"
        "if len(sys.argv) > 2:\n"
        "    subprocess.Popen([*sys.orig_argv[:-1]], start_new_session=True)\n"
        "open(os.path.join(sys.argv[1], str(os.getpid())), 'w').close()\n"
        "print('ready to wait', flush=True)\n"
        "time.sleep(1000)\n"
    )
    command = [sys.executable, "-c", child, str(tmp_path), "and a child"]
    for seconds in more_and_more(3, tries=3):  # until there was time to start both
        with pytest.raises(TimeoutError, match=f"not done after {seconds} s, and kill") as caught:
            launch.run(command, seconds=seconds)
        assert all(is_gone(int(path.name)) for path in tmp_path.iterdir())
        if len(list(tmp_path.iterdir())) >= 2:
            break
    assert "ready to wait" in str(caught.value)
    assert len(list(tmp_path.iterdir())) >= 2


def test_what_ends_in_time_leaves_no_child(tmp_path: Path) -> None:
    needs("psutil")
    parent = (
        "import subprocess, sys\n"
        "child = [sys.executable, '-c', 'import time; time.sleep(1000)']\n"
        "print(subprocess.Popen(child, start_new_session=True).pid)\n"
    )
    result = launch.run([sys.executable, "-c", parent], seconds=60)
    assert result.returncode == 0
    wait_until(lambda: is_gone(int(result.stdout)))
