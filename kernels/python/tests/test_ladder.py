"""The ladder: its document from made-up samples, and a short run on tiny grids.

Nothing here asserts how long anything takes.
"""

import io
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from ffi_workbook import field, modes
from ffi_workbook.race import ladder, machine, report
from ffi_workbook.race.cases import DT, DX2, DY2, A
from ffi_workbook.race.ladder_worker import DEPTH, Plan, steps_of, too_large
from ffi_workbook.race.rungs import ARITHMETIC, BY_NAME, RUNGS, STREAMS, Library, Room, roofs

Json = dict[str, Any]

ENDING = "dylib" if sys.platform == "darwin" else "so"
LIBRARY = Path(__file__).resolve().parents[3] / "target" / "release" / f"libladder.{ENDING}"
LEVELS = {"l1": 24_000, "l2": 48_000, "memory": 96_000}


@pytest.fixture(scope="module")
def library() -> Library:
    assert LIBRARY.is_file(), f"{LIBRARY} is missing: `make test-python` builds it"
    return Library(LIBRARY)


def plan(sizes: list[int], **changes: Any) -> Plan:
    values: Json = {
        "library": str(LIBRARY),
        "seed": 1,
        "sizes": sizes,
        "all_rungs": sizes,
        "updates": 1e4,
        "rounds": 2,
        "large_rounds": 1,
        "large": 5000**2,
        "levels": LEVELS,
    }
    return Plan(**{**values, **changes})


# --- What is timed ------------------------------------------------------------


@pytest.mark.parametrize("name", [rung.name for rung in RUNGS if rung.flops and not rung.single])
def test_a_rung_has_the_bits_of_the_package(library: Library, name: str) -> None:
    room = Room(library, 70)
    room.timed(BY_NAME[name], 13).run()
    want = field.mug(70, 70)
    partner = want.copy()
    kernels = modes.load("numpy")
    assert kernels.evolve and kernels.evolve_steps
    if name == "published":
        for _ in range(13):
            kernels.evolve(want, partner, A, DT, DX2, DY2)
    else:
        kernels.evolve_steps(want, partner, 13, A, DT, DX2, DY2)
    np.testing.assert_array_equal(room.u, want)
    np.testing.assert_array_equal(room.u_previous, want)


@pytest.mark.parametrize("name", ["single-1", "single-2"])
def test_float32_is_the_same_field(library: Library, name: str) -> None:
    room = Room(library, 70)
    room.timed(BY_NAME[name], 13).run()
    room.timed(BY_NAME["skew-1"], 13).run()
    np.testing.assert_allclose(room.single[0], room.u, rtol=1e-6)


def test_the_copy_copies(library: Library) -> None:
    room = Room(library, 40)
    room.u += 1.0
    room.timed(BY_NAME["copyto"], 1).run()
    np.testing.assert_array_equal(room.u_previous, room.u)


def test_the_roofs_cover_both_numbers_of_threads(library: Library) -> None:
    found = [(roof.name, roof.threads) for roof in roofs(library, LEVELS)]
    names = [f"{level} {kind}" for level in LEVELS for kind in STREAMS]
    names += [f"compute {kind}" for kind in ARITHMETIC]
    assert sorted(found) == sorted((name, threads) for name in names for threads in (1, 2))


def test_an_error_of_the_library_is_an_exception(library: Library) -> None:
    room = Room(library, 5)
    timed = room.timed(BY_NAME["published"], 1)
    timed.args = (99, *timed.args[1:])
    with pytest.raises(RuntimeError, match="status 1"):
        timed.run()


def test_each_size_goes_several_times_through_its_depth() -> None:
    full = plan([], updates=ladder.FULL.updates)
    for n in ladder.FULL.sizes:
        steps = steps_of(full, BY_NAME["skew-2"], n)
        assert steps % DEPTH == 0
        assert steps >= 3 * DEPTH


def test_a_grid_that_memory_has_no_room_for_is_left_out() -> None:
    reason = too_large(16_000, 4 * 2**30)
    assert reason == "two grids of 16000 x 16000 need 3.8 GiB; 4.0 GiB are free"
    assert too_large(16_000, 8 * 2**30) is None
    assert too_large(16_000, None) is None


# --- The document, from made-up samples ---------------------------------------


def made_up(sizes: list[int], seconds_per_cell: dict[str, float]) -> Json:
    results = report.Results()
    for n in sizes:
        for mode, seconds in seconds_per_cell.items():
            for factor in (1.0, 1.1, 0.9):  # three processes, each at its own speed
                message = {"case": f"heat_{n}", "mode": mode, "n": None}
                results.take({**message, "samples": [factor * seconds * n**2] * 2})
    for kind, (_, moved) in STREAMS.items():
        for threads in (1, 2):
            message = {"case": f"roof_memory_{kind}", "mode": f"threads-{threads}", "n": None}
            results.take({**message, "samples": [moved / threads / 20e9]})  # 20 GB/s a thread
    message = {"case": "roof_compute_fused", "mode": "threads-1", "n": None}
    results.take({**message, "samples": [1 / 50e9]})
    cut = {("skew-1", 4000): {"depth": 32, "height": 3998, "width": 500, "threads": 1}}
    described = {**machine.machine(), "cpu": "made up"}
    return ladder.document(
        results,
        described,
        sizes,
        cut,
        quick=True,
        warnings=[],
        plan=plan(sizes, all_rungs=[4000]),
    )


SPEEDS = {"copyto": 1e-9, "published": 4e-9, "vectors": 1e-9, "skew-1": 5e-10}


def test_the_roofline_counts_what_is_named() -> None:
    found = made_up([4000], SPEEDS)["roofline"]
    assert found["bandwidth"]["memory"]["scale"] == {"1": 20.0, "2": 40.0}
    assert found["bandwidth"]["l1"]["sum"] == {}
    assert found["flops"]["fused"] == {"1": 50.0}
    points = {point["mode"]: point for point in found["rungs"]}
    assert set(points) == {"published", "vectors", "skew-1"}
    assert points["vectors"]["intensity"] == pytest.approx(7 / 16, rel=5e-3)
    assert points["vectors"]["gflops"] == 7.0
    # 32 steps for one trip: the tile and 32 columns on each side are read, it is written.
    moved = 8 * (4000 / 3998 * 564 / 500 + 1) / 32
    assert points["skew-1"]["bytes_per_cell"] == pytest.approx(moved, rel=5e-3)


def test_the_promised_ratios() -> None:
    found = {row["name"]: row for row in made_up([200, 1000, 4000, 8000], SPEEDS)["ratios"]}
    one = found["one thread / np.copyto, 4000 x 4000"]
    assert (one["value"], one["at_most"], one["holds"]) == (0.5, 0.7, True)
    assert found["a cell of 200 x 200 / of 4000 x 4000, one thread"]["value"] == 1.0
    assert found["dearest / cheapest cell, 1000 x 1000 to 8000 x 8000, one thread"]["holds"]
    assert not any("two threads" in name for name in found)  # not measured here
    slow = made_up([4000], {**SPEEDS, "skew-1": 8e-10})["ratios"]
    assert [(row["value"], row["holds"]) for row in slow] == [(0.8, False)]


def test_the_document_has_the_shape_of_the_race(tmp_path: Path) -> None:
    found = made_up([4000], SPEEDS)
    cases = {case["name"] for case in found["cases"]}
    known = {mode["name"] for mode in found["modes"]}
    for row in found["measurements"]:
        assert row["case"] in cases
        assert row["mode"] in known
    kept = report.keep(tmp_path, "ladder", found)
    assert kept.name == "ladder-quick.json"
    small = json.loads(kept.read_text(encoding="utf-8"))
    assert "samples" not in small["measurements"][0]
    assert len(small["measurements"][0]["process_medians"]) == 3


# --- The command --------------------------------------------------------------


def test_a_quick_run_on_tiny_grids(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert library
    monkeypatch.setattr(ladder, "levels", lambda _: LEVELS)
    out = tmp_path / "ladder.json"
    arguments = ["--library", str(LIBRARY), "--quick", "--sizes", "40,60", "--out", str(out)]
    assert ladder.main([*arguments, "--record", str(tmp_path)]) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    measured = {(row["case"], row["mode"]) for row in found["measurements"]}
    assert {("heat_40", rung.name) for rung in RUNGS} <= measured
    assert ("heat_60", "skew-2") in measured
    assert ("heat_60", "published") not in measured  # slow rungs on some grids only
    assert all(row["median"] > 0 for row in found["measurements"])
    assert found["roofline"]["bandwidth"]["memory"]["sum"]["2"] > 0
    assert found["roofline"]["grid"] == [40, 40]  # the largest with all rungs
    assert len(found["roofline"]["rungs"]) == 6
    assert len(found["noise"]) == ladder.QUICK.processes
    assert list(tmp_path.glob("*/ladder-quick.json"))
    buffer = io.StringIO()
    tables = ladder.LadderTables(found, Console(file=buffer, width=150))
    tables.show()
    assert "compute, fused" in buffer.getvalue()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--library", "nowhere.so"], "there is no library nowhere.so"),
        (["--library", str(LIBRARY), "--sizes", "40,x"], "it must be whole numbers"),
        (["--library", str(LIBRARY), "--sizes", "2"], "at least 3 rows"),
    ],
)
def test_a_wrong_argument_is_named(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        ladder.main(arguments)
    assert message in capsys.readouterr().err
