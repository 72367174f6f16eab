"""Can the race be trusted: its statistics, a mode against itself, and interference.

The clock is never asked how fast something is. What is tested with times is made
up from seeds, or is only whether a disturbed process says that it was.
"""

import io
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

from ffi_workbook import modes
from ffi_workbook.race import __main__ as command
from ffi_workbook.race import aa, noise, report, stats
from ffi_workbook.race.fit import Fit
from ffi_workbook.race.tables import Tables
from ffi_workbook.race.worker import AGAIN, Plan, Worker, run_worker

Floats = NDArray[np.float64]

# --- Made-up timings ----------------------------------------------------------


def bumps(random: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Return the noise of samples: a few per cent, and now and then far more.

    The tail is a Pareto distribution with neither variance nor, nearly, a mean.
    """
    noise = np.exp(random.normal(0.0, 0.03, shape))
    disturbed = random.random(shape) < 0.1
    return noise + disturbed * random.pareto(1.2, shape)


def race_of(
    random: np.random.Generator, truth: Floats, processes: int = 8, rounds: int = 12
) -> Floats:
    """Return samples[process, what, round] of things that truly take these times.

    A process has its own speed, which all share, and its own layout of memory,
    which is another one for each: some fall into a slow one.
    """
    speed = np.exp(random.normal(0.0, 0.05, (processes, 1, 1)))
    slow = 0.04 * (random.random((processes, truth.size, 1)) < 0.3)
    layout = np.exp(random.normal(0.0, 0.01, (processes, truth.size, 1))) + slow
    return truth[:, None] * speed * layout * bumps(random, (processes, truth.size, rounds))


# --- The statistics -----------------------------------------------------------


@pytest.mark.parametrize("degrees", range(1, 31))
def test_the_chance_and_the_table_of_quantiles_agree(degrees: int) -> None:
    # Two sources: the formula of one handbook and the table of another.
    assert stats.chance_of(stats._T95[degrees - 1], degrees) == pytest.approx(0.05, abs=1e-4)


def test_the_chance_of_a_difference_in_closed_form() -> None:
    assert stats.chance_of(0.0, 5) == 1.0
    assert stats.chance_of(1.0, 1) == pytest.approx(0.5)
    assert stats.chance_of(-1.0, 2) == pytest.approx(1 - 1 / 3**0.5)
    assert stats.chance_of(1e9, 7) == 0.0


@pytest.mark.parametrize("processes", [3, 8])
@pytest.mark.parametrize("paired", [True, False])
def test_no_difference_is_seen_as_often_as_promised(paired: bool, processes: int) -> None:
    random = np.random.default_rng(1)
    seen = 0
    for _ in range(1500):
        a = np.median(race_of(random, np.ones(2), processes), axis=2)
        b = a if paired else np.median(race_of(random, np.ones(2), processes), axis=2)
        seen += stats.relative_difference(a[:, 0], b[:, 1], paired=paired).is_seen
    assert 0.02 <= seen / 1500 <= 0.08


def test_pairs_see_what_the_speed_of_the_processes_hides() -> None:
    random = np.random.default_rng(2)
    seen = Counter[str]()
    for _ in range(200):
        a, b = np.median(race_of(random, np.array([1.0, 1.05])), axis=2).T
        found = stats.relative_difference(a, b, paired=True)
        seen["pairs"] += found.is_seen and found.value > 0
        seen["no pairs"] += stats.relative_difference(a, b, paired=False).is_seen
    assert seen["pairs"] > 150
    assert seen["no pairs"] < 100


def test_the_interval_of_a_ratio_holds_it_as_often_as_it_says() -> None:
    random = np.random.default_rng(3)
    held = 0
    for _ in range(1000):
        a, b = np.median(race_of(random, np.array([1.0, 1.3])), axis=2).T
        ratio = stats.relative_difference(a, b, paired=True).as_ratio()
        held += ratio.low <= 1.3 <= ratio.high
    assert 0.92 <= held / 1000 <= 0.98


def test_intervals_of_overhead_and_slope_hold_the_truth_as_often_as_they_say() -> None:
    random = np.random.default_rng(4)
    sizes = [1, 10, 100, 1_000, 10_000]
    overhead, slope = 3e-7, 2e-10
    truth = overhead + slope * np.array(sizes)
    # What is typical of a process is part of the truth that its samples show.
    centre = float(np.mean(np.median(race_of(random, np.ones(1), 20_000), axis=2)))
    held = Counter[str]()
    for _ in range(400):
        fitted = Fit.of(sizes, np.median(race_of(random, truth), axis=2).tolist())
        held["overhead"] += fitted.overhead.low <= overhead * centre <= fitted.overhead.high
        held["slope"] += fitted.slope.low <= slope * centre <= fitted.slope.high
    assert 0.92 <= held["overhead"] / 400 <= 0.98
    assert 0.92 <= held["slope"] / 400 <= 0.98


def test_few_values_say_little() -> None:
    alone = stats.difference([1.0], [2.0], paired=False)
    assert not alone.is_seen and alone.p_value == 1.0 and alone.high == np.inf
    assert not stats.difference([1.0], [2.0], paired=True).is_seen
    assert not stats.difference([1.0, 2.0], [1.0, 2.0], paired=True).is_seen
    sure = stats.difference([1.0, 2.0], [2.0, 3.0], paired=True)
    assert (sure.value, sure.low, sure.high, sure.p_value) == (1.0, 1.0, 1.0, 0.0)
    assert stats.relative_difference([1.0], [2.0], paired=False).as_ratio().high == np.inf


def test_more_comparisons_ask_for_more_evidence() -> None:
    found = stats.difference([1.0, 1.1, 0.9, 1.0], [1.4, 1.3, 1.5, 1.2], paired=False)
    assert 0.0001 < found.p_value < 0.01
    assert found.is_seen and found.stands_among(1) and not found.stands_among(1000)


# --- A mode against itself ----------------------------------------------------


def results_of(
    random: np.random.Generator, factor: float = 1.0, name: str = "ours"
) -> report.Results:
    """Return made-up results of a mode against itself, slower by a factor or not."""
    results = report.Results()
    sizes = (1, 10, 100, 1_000)
    keys = [("noop", None), ("add_ints", None), *(("array_add", n) for n in sizes)]
    truth = np.array([5e-8, 6e-8, *(1e-7 + 2e-10 * n for n in sizes)])
    samples = race_of(random, np.concatenate([truth, factor * truth]), rounds=8)
    for process in samples:
        for index, (case, n) in enumerate(keys):
            for mode, at in ((name, index), (name + AGAIN, index + len(keys))):
                results.take({"case": case, "mode": mode, "n": n, "samples": [*process[at]]})
    return results


def test_a_mode_against_itself_shows_no_difference_in_95_of_100_runs() -> None:
    random = np.random.default_rng(5)
    tally = aa.Tally()
    for _ in range(1500):
        tally.add(results_of(random), "ours")
    assert len(tally.seen) == 8
    for what, seen in tally.seen.items():
        assert 0.03 <= seen / 1500 <= 0.07, what
    # 5 of 100, give or take two standard deviations of 1500 runs; and not far
    # less, or a real difference would need too much evidence.
    assert 0.025 <= tally.runs_with_difference / 1500 <= 0.061


def test_a_mode_against_a_slower_one_shows_a_difference() -> None:
    random = np.random.default_rng(6)
    tally = aa.Tally()
    for _ in range(10):
        tally.add(results_of(random, factor=1.2), "ours")
    assert tally.runs_with_difference >= 9
    for what in ("noop", "array_add, n = 1,000", "fitted overhead"):
        assert tally.seen[what] >= 8


@pytest.mark.parametrize("name", ["pyo3", "ctypes", "cffi-api", "python"])
def test_a_mode_can_really_race_against_itself(name: str) -> None:
    results = aa.one_run(name, processes=2, seed=0, sizes=(1, 10, 100))
    found = aa.differences(results, name)
    assert len(found) == 3 + 3 + 2
    assert {"noop", "array_add, n = 10", "fitted slope"} <= {*found}
    assert len(results.noise) == 2
    assert all(len(processes) == 2 for processes in results.samples.values())
    assert {mode for _, mode, _ in results.samples} == {name, name + AGAIN}


def test_the_command_races_a_mode_against_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "check_modes", lambda *_: {"numpy": {"status": "ok"}})
    random = np.random.default_rng(7)
    monkeypatch.setattr(aa, "one_run", lambda *_: results_of(random, name="numpy"))
    assert command.main(["--aa", "numpy", "--runs", "2"]) == 0
    out = capsys.readouterr().out
    assert "numpy against itself, 2 runs" in out
    assert "2 of 2 runs show no difference in all 8 comparisons together" in out
    with pytest.raises(SystemExit):
        command.main(["--aa", "fortran"])
    assert "there is no mode 'fortran'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        command.main(["--aa", "numpy", "--runs", "0"])
    assert "--runs is 0" in capsys.readouterr().err


def test_a_mode_that_cannot_be_loaded_is_not_raced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status = {"status": "absent", "reason": "no numba here"}
    monkeypatch.setattr(command, "check_modes", lambda *_: {"numba": status})
    assert command.main(["--aa", "numba"]) == 1
    assert "numba cannot be raced: no numba here" in capsys.readouterr().err


def test_processes_load_the_modes_in_different_orders() -> None:
    names = [mode.name for mode in modes.all_modes() if mode.kind == "python"]
    plan = Plan(names, 0, [], 1, 1e-4, 1, 0.1, 1.0, again=True)
    orders = {tuple(Worker(Plan(**{**vars(plan), "seed": seed})).kernels) for seed in range(8)}
    assert len(orders) > 1


# --- Interference -------------------------------------------------------------

QUIET = {
    "seconds": 1.0,
    "cpu_share": 0.999,
    "preemptions_per_second": 3.0,
    "reference": 1e-4,
    "reference_spread": 0.01,
    "reference_drift": -0.01,
}


def test_a_quiet_race_has_no_warning() -> None:
    assert noise.warnings([]) == []
    assert noise.warnings([QUIET, {**QUIET, "reference": 1.02e-4}]) == []


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("cpu_share", 0.9, "other work took the processor in 1 of 3 processes: 90%"),
        ("preemptions_per_second", 90.0, "interrupted the measuring in 1 of 3 processes: up to 90"),
        (
            "reference_spread",
            0.2,
            "unequal times in 1 of 3 processes: a quartile range of up to 20",
        ),
        ("reference_drift", 0.08, "drifted in 1 of 3 processes: the same work took +8%"),
        ("reference_drift", -0.08, "drifted in 1 of 3 processes: the same work took -8%"),
        ("reference", 1.1e-4, "the same work took 10% longer in the slowest"),
    ],
)
def test_each_disturbance_has_its_warning(key: str, value: float, words: str) -> None:
    (found,) = noise.warnings([QUIET, {**QUIET, key: value}, QUIET])
    assert words in found
    assert "limit is" in found


def test_what_is_not_known_gives_no_warning() -> None:
    unknown = dict.fromkeys(QUIET)
    assert noise.warnings([unknown, unknown]) == []
    watch = noise.Watch()
    watch.look()
    told = watch.report()
    assert told.keys() == QUIET.keys()
    assert told["cpu_share"] is told["reference"] is told["preemptions_per_second"] is None


def test_spread_and_drift_of_the_reference_loop() -> None:
    assert noise.describe([1.0] * 9) == {
        "reference": 1.0,
        "reference_spread": 0.0,
        "reference_drift": 0.0,
    }
    rising = noise.describe([1.0, 1.0, 1.0, 1.1, 1.1, 1.1, 1.2, 1.2, 1.2])
    assert rising["reference"] == 1.1
    assert rising["reference_drift"] == pytest.approx(0.2)
    assert rising["reference_spread"] == pytest.approx(0.2 / 1.1, abs=1e-4)
    # A single disturbed look is no drift.
    assert noise.describe([1.0] * 8 + [50.0])["reference_drift"] == 0.0


def test_only_what_is_watched_counts() -> None:
    watch = noise.Watch()
    with watch:
        noise.reference()
    seen = watch.seen
    for _ in range(20):
        noise.reference()
    assert watch.seen == seen
    with watch:
        noise.reference()
    assert watch.seen[0] > seen[0]


PLAN = Plan(
    modes=["python"],
    seed=1,
    sizes=[1, 100],
    large_steps=0,
    sample_seconds=2e-3,
    rounds=30,
    enough_seconds=0.2,
    patience_seconds=1.0,
    again=True,
)


def noise_of_a_worker() -> dict[str, Any]:
    (found,) = [message["noise"] for message in run_worker(PLAN) if "noise" in message]
    return found  # type: ignore[no-any-return]


@contextmanager
def burners(number: int) -> Iterator[None]:
    """Keep the processors busy with other work."""
    endless = [sys.executable, "-c", "print(flush=True)\nwhile True: pass"]
    running = [subprocess.Popen(endless, stdout=subprocess.PIPE) for _ in range(number)]
    try:
        for burner in running:
            assert burner.stdout
            burner.stdout.readline()  # it has started
        yield
    finally:
        for burner in running:
            burner.kill()
            burner.communicate()


def test_a_worker_says_how_it_went() -> None:
    found = noise_of_a_worker()
    assert found.keys() == QUIET.keys()
    assert 0 < found["cpu_share"] < 1.05
    assert found["reference"] > 0
    assert found["preemptions_per_second"] >= 0


def test_a_disturbed_worker_says_so() -> None:
    # With two more processes than this one for each core, it gets about a third.
    with burners(2 * (os.cpu_count() or 1)):
        found = noise_of_a_worker()
    assert found["cpu_share"] < noise.SHARE_LIMIT
    assert any("other work took the processor" in text for text in noise.warnings([found]))


def test_the_race_keeps_the_noise_and_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    results = results_of(np.random.default_rng(8))
    results.take({"noise": {**QUIET, "cpu_share": 0.5}})
    race = report.document(results, {}, (), quick=True, warnings=["asked before"])
    assert race["noise"] == [{**QUIET, "cpu_share": 0.5}]
    first, second = race["machine"]["warnings"]
    assert first == "asked before"
    assert second.startswith("other work took the processor in 1 of 1 processes")
    assert report.record_of(race)["noise"] == race["noise"]
    text = shown({**race, "fits": []})
    assert text.count("noise:") == 2
    assert "50% of it was left" in text


# --- Measurements that are spread too widely ----------------------------------


def shown(race: dict[str, Any]) -> str:
    console = Console(width=150, file=io.StringIO())
    Tables(race, console).show()
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def race_with(samples: list[float]) -> dict[str, Any]:
    results = report.Results()
    results.take({"case": "noop", "mode": "numpy", "n": None, "samples": samples})
    results.take({"case": "noop", "mode": "pyo3", "n": None, "samples": [1e-8, 1e-8, 1e-8]})
    ok = {"status": "ok", "reason": None}
    return report.document(results, {"numpy": ok, "pyo3": ok}, (), quick=True, warnings=[])


def test_a_wide_measurement_is_marked_and_explained() -> None:
    text = shown(race_with([1e-8, 2e-8, 3e-8]))
    assert "20 ns ±25% ~" in text
    assert "10 ns ±0%" in text
    assert text.count("~") == 2
    assert "~ its samples are far apart: more than ±10%" in text


def test_a_steady_measurement_is_not_marked() -> None:
    assert "~" not in shown(race_with([1.0e-8, 1.05e-8, 1.1e-8]))


def test_the_limit_of_the_mark() -> None:
    assert not noise.is_noisy({"median": 1.0, "q1": 0.9, "q3": 1.09})
    assert noise.is_noisy({"median": 1.0, "q1": 0.9, "q3": 1.11})
    assert not noise.is_noisy({"median": None, "q1": None, "q3": None})
