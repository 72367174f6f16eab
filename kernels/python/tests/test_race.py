"""The race: the statistics, the clock, the workers, the report and the tables.

Nothing here asserts how long anything takes: clocks are false or times made up.
"""

import gc
import io
import json
import math
import random
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from ffi_workbook import modes
from ffi_workbook.modes import Kernels, pure_python
from ffi_workbook.modes.__main__ import check, self_check
from ffi_workbook.modes.__main__ import main as check_main
from ffi_workbook.race import __main__ as command
from ffi_workbook.race import cases, fit, machine, report, tables, timing
from ffi_workbook.race.by_hand import BY_HAND
from ffi_workbook.race.cases import Case
from ffi_workbook.race.timing import Timed
from ffi_workbook.race.worker import Plan, Worker, run_worker

Json = dict[str, Any]

# --- Fitting ------------------------------------------------------------------

SIZES = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000]


@pytest.mark.parametrize("overhead", [50e-9, 3e-6, 0.0])
@pytest.mark.parametrize("slope", [0.1e-9, 40e-9])
def test_a_line_without_noise_is_found(overhead: float, slope: float) -> None:
    times = [overhead + n * slope for n in SIZES]
    found = fit.line(SIZES, times)
    assert found == pytest.approx((overhead, slope), rel=1e-9, abs=1e-18)


def test_a_line_with_noise_minimises_the_relative_error() -> None:
    generator = np.random.default_rng(1)
    n = np.array(SIZES, float)
    t = (2e-7 + n * 1e-9) * generator.normal(1.0, 0.1, n.size)
    # The normal equations of weighted least squares, with weights 1 / t^2.
    w = t**-2.0
    s0, s1, s2 = w.sum(), (w * n).sum(), (w * n * n).sum()
    y0, y1 = (w * t).sum(), (w * n * t).sum()
    slope = (s0 * y1 - s1 * y0) / (s0 * s2 - s1 * s1)
    assert fit.line(n, t) == pytest.approx(((y0 - s1 * slope) / s0, slope), rel=1e-9)


def students_t(degrees: int) -> float:
    """Return the quantile that an estimate of ``degrees + 1`` values uses."""
    values = np.arange(degrees + 1.0)
    found = fit.estimate(values)
    return (found.high - found.value) * math.sqrt(values.size) / float(values.std(ddof=1))


def test_the_table_of_students_t() -> None:
    found = [students_t(degrees) for degrees in range(1, 31)]
    assert all(a > b for a, b in pairwise(found))
    for degrees, t in enumerate(found, start=1):
        # The area under Student's density between -t and t.
        x = np.linspace(-t, t, 20_001)
        gammas = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)
        top = math.exp(gammas) / math.sqrt(degrees * math.pi)
        density = top * (1 + x**2 / degrees) ** (-(degrees + 1) / 2)
        assert np.trapezoid(density, x) == pytest.approx(0.95, abs=6e-5), degrees
    assert students_t(99) == pytest.approx(found[-1])  # beyond the table: a little careful


def test_an_estimate() -> None:
    found = fit.estimate([1.0, 2.0, 3.0, 6.0])
    half = 3.182 * np.std([1, 2, 3, 6], ddof=1) / 2
    assert (found.value, found.low, found.high) == pytest.approx((3.0, 3.0 - half, 3.0 + half))
    assert not found.is_nonzero
    assert fit.estimate([5.0, 5.1, 4.9]).is_nonzero
    assert fit.estimate([-5.0, -5.1, -4.9]).is_nonzero
    # Of one value nothing is known.
    assert fit.estimate([7.0]) == fit.Estimate(7.0, -np.inf, np.inf)


def made_up(generator: np.random.Generator, overhead: float, slope: float) -> fit.Fit:
    """Return the fit of 8 processes; each has its own speed, and noise besides."""
    sizes = np.array(SIZES, float)
    own = generator.normal(1.0, 0.03, (2, 8, 1))
    times = overhead * own[0] + sizes * slope * own[1]
    times *= generator.normal(1.0, 0.02, times.shape)
    return fit.Fit.of(SIZES, times.tolist())


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    # Of 400 intervals of 95 % 380 hold it, give or take 4.4: 0.91 to 0.98 is
    # three standard deviations and more.
    generator = np.random.default_rng(2)
    a, b = (1e-6, 5e-9), (1.6e-6, 1e-9)
    held: Counter[str] = Counter()
    for _ in range(400):
        fit_a, fit_b = made_up(generator, *a), made_up(generator, *b)
        for which, (overhead, slope), found in (("a", a, fit_a), ("b", b, fit_b)):
            held[f"overhead {which}"] += found.overhead.low <= overhead <= found.overhead.high
            held[f"slope {which}"] += found.slope.low <= slope <= found.slope.high
        crossing = fit.crossover(fit_a, fit_b)
        assert crossing is not None
        held["crossover"] += crossing.low <= 150.0 <= crossing.high
        assert fit.crossover(fit_b, fit_a) is None
    for name, number in held.items():
        assert 0.91 <= number / 400 <= 0.98, (name, number)


def test_parallel_lines_do_not_cross() -> None:
    generator = np.random.default_rng(3)
    found = [
        fit.crossover(made_up(generator, 1e-6, 2e-9), made_up(generator, 1.5e-6, 2e-9))
        for _ in range(200)
    ]
    # The sign of a difference of nothing is chance: 1 in 40 looks like a sure one.
    assert sum(crossing is not None for crossing in found) <= 12
    exact = fit.Fit(np.array([1.0, 1.1, 0.9]), np.full(3, 2.0))
    assert fit.crossover(exact, fit.Fit(exact.overheads + 1.0, exact.slopes)) is None
    assert fit.crossover(exact, exact) is None


def test_a_crossover_without_noise() -> None:
    a = fit.Fit(np.array([1.0, 1.0, 1.0]), np.array([0.5, 0.5, 0.5]))
    b = fit.Fit(np.array([4.0, 4.0, 4.0]), np.array([0.25, 0.25, 0.25]))
    crossing = fit.crossover(a, b)
    assert crossing is not None
    assert (crossing.value, crossing.low, crossing.high) == pytest.approx((12.0, 12.0, 12.0))
    one = fit.Fit(np.array([1.0]), np.array([0.5])), fit.Fit(np.array([4.0]), np.array([0.25]))
    assert fit.crossover(*one) is None  # one process proves nothing


# --- Timing, with a false clock -----------------------------------------------


class Clock:
    """Time passes only when something says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.events: list[str] = []

    def __call__(self) -> float:
        return self.now

    def work(self, seconds: float, name: str = "call") -> Callable[..., None]:
        def call(*args: object) -> None:
            self.now += seconds
            self.events.append(name + "".join(f" {arg}" for arg in args))

        return call


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timing, "perf_counter", clock)
    return clock


@pytest.mark.parametrize(
    ("seconds", "count", "unroll"),
    [(1e-6, 250, 8), (2e-5, 12, 8), (2e-4, 10, 1), (1e-3, 2, 1), (3e-3, 1, 1), (1.0, 1, 1)],
)
def test_a_sample_has_the_length_asked_for(
    clock: Clock, seconds: float, count: int, unroll: int
) -> None:
    timed = Timed(clock.work(seconds))
    assert timed.calibrate(2e-3) == pytest.approx(seconds)
    assert (timed.count, timed.unroll) == (count, unroll)
    clock.events.clear()
    assert timed.sample() == pytest.approx(seconds)
    assert len(clock.events) == count * unroll


def test_arguments_are_passed_and_work_divides(clock: Clock) -> None:
    timed = Timed(clock.work(1e-3), (2, "five"), work=10)
    assert timed.calibrate(1e-3) == pytest.approx(1e-3)
    assert timed.sample() == pytest.approx(1e-4)
    assert set(clock.events) == {"call 2 five"}


def test_reset_comes_before_each_sample_and_is_not_timed(clock: Clock) -> None:
    timed = Timed(clock.work(1e-6), reset=clock.work(0.5, "reset"), work=4)
    assert timed.calibrate(1.0) == pytest.approx(1e-6)
    for _ in range(3):
        assert timed.sample() == pytest.approx(0.25e-6)
    assert clock.events == ["reset", "call"] * 4


def test_calibrating_goes_on_after_a_slow_first_call(clock: Clock) -> None:
    first = [1.0]

    def call() -> None:
        clock.now += first.pop() if first else 1e-6

    timed = Timed(call)
    assert timed.calibrate(2e-3) == pytest.approx(1e-6)
    assert (timed.count, timed.unroll) == (250, 8)


def test_the_real_clock_gives_a_time() -> None:
    timed = Timed(pow, (2, 5))
    timed.calibrate(1e-5)
    assert timed.sample() > 0.0


def test_the_garbage_collector_rests() -> None:
    def fail_in_peace() -> None:
        with timing.undisturbed():
            assert not gc.isenabled()
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail_in_peace()
    assert gc.isenabled()


# --- Cases --------------------------------------------------------------------


def test_the_cases() -> None:
    heat = cases.heat_cases(7)
    assert [(case.grid, case.steps) for case in heat] == [
        ((200, 200), 200),
        ((200, 200), 200),
        ((4000, 4000), 7),
        ((4000, 4000), 7),
    ]
    names = [case.name for case in (*cases.CALLS, cases.FIBONACCI, cases.ARRAY_ADD, *heat)]
    assert len(set(names)) == len(names)
    assert json.dumps(heat[0].as_json())
    assert "grid" not in cases.ARRAY_ADD.as_json()
    with pytest.raises(ValueError, match="array_add is not a call"):
        cases.timed_call(cases.ARRAY_ADD, Kernels())
    # The longest stable step: the modes take it, and nothing longer.
    u, p = np.ones((2, 3, 3))
    pure_python.evolve(u, p, cases.A, cases.DT, cases.DX2, cases.DY2)
    with pytest.raises(ValueError, match="stability"):
        pure_python.evolve(u, p, cases.A, 1.0001 * cases.DT, cases.DX2, cases.DY2)


@pytest.mark.parametrize("variant", ["classic", "steps"])
def test_a_room_starts_from_the_mug_each_time(variant: Any) -> None:
    room = cases.Room(Case("heat", "Heat", "heat", (20, 30), 4, variant))
    timed = room.timed(modes.load("ctypes"), 3)
    assert timed is not None
    assert timed.work == 3
    timed.calibrate(1e-6)
    first = room.u.copy()
    assert not np.array_equal(first, room.start)
    timed.sample()
    assert np.array_equal(room.u, first)
    assert room.timed(Kernels(), 3) is None
    wanted = room.start.copy(), room.start.copy()
    for _ in range(3):
        pure_python.evolve(*wanted, cases.A, cases.DT, cases.DX2, cases.DY2)
    np.testing.assert_allclose(first, wanted[0], rtol=1e-12)


def test_calls_by_hand_are_the_same_calls() -> None:
    for make in BY_HAND.values():
        kernels = make()
        assert kernels.noop
        assert kernels.add_ints
        assert kernels.add_floats
        kernels.noop()
        assert kernels.add_ints(2, 5) == 7
        assert kernels.add_floats(2.0, 5.0) == 7.0
        assert kernels.add
        a = np.arange(3.0)
        kernels.add(a, np.ones(3))
        assert a.tolist() == [1.0, 2.0, 3.0]


# --- Workers ------------------------------------------------------------------


def small_heat(large_steps: int) -> tuple[Case, ...]:
    """Stand in for ``cases.heat_cases``, whose grids are large."""
    return (
        Case("heat_20_classic", "evolve, 20 x 20", "heat", (20, 20), 4, "classic"),
        Case("heat_20_steps", "evolve_steps, 20 x 20", "heat", (20, 20), 4, "steps"),
    )


#: The same for processes of their own.
SMALL_HEAT_AT_START = """
from ffi_workbook.race import cases

def small_heat(large_steps):
    return (
        cases.Case("heat_20_classic", "evolve, 20 x 20", "heat", (20, 20), 4, "classic"),
        cases.Case("heat_20_steps", "evolve_steps, 20 x 20", "heat", (20, 20), 4, "steps"),
    )

cases.heat_cases = small_heat
"""

PLAN = Plan(
    modes=["numpy", "ctypes"],
    seed=1,
    sizes=[1, 10, 100],
    large_steps=3,
    sample_seconds=1e-5,
    rounds=2,
    enough_seconds=10.0,
    patience_seconds=60.0,
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "heat_cases", small_heat)


def messages_of(plan: Plan, capsys: pytest.CaptureFixture[str]) -> list[Json]:
    Worker(plan).run()
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def assert_complete(messages: list[Json], plan: Plan) -> None:
    """Check that each case, mode and size has its line, and one only."""
    labels = [m for m in messages if "label" in m]
    assert [m["progress"] for m in labels] == list(range(4 + len(plan.sizes) + 2))
    assert {m["total"] for m in labels} == {len(labels)}
    results = [m for m in messages if "case" in m]
    assert [m.keys() for m in messages if m not in labels + results] == [{"noise"}]
    assert "noise" in messages[-1]
    hand = [f"{mode} by hand" for mode in plan.modes if mode in BY_HAND]
    wanted = [
        *((case.name, mode, None) for case in cases.CALLS for mode in (*plan.modes, *hand)),
        *((cases.FIBONACCI.name, mode, None) for mode in plan.modes),
        *((cases.ARRAY_ADD.name, mode, n) for n in plan.sizes for mode in plan.modes),
        *((cases.ARRAY_ADD.name, mode, plan.sizes[0]) for mode in hand),
        *(("heat_20_classic", mode, None) for mode in (*plan.modes, "copy")),
        *(("heat_20_steps", mode, None) for mode in plan.modes),
    ]
    found = [(m["case"], m["mode"], m["n"]) for m in results]
    assert Counter(found) == Counter(wanted)
    for message in results:
        assert ("samples" in message) != ("skipped" in message)
        if "samples" in message:
            assert len(message["samples"]) >= 1
            assert all(isinstance(s, float) and s > 0 for s in message["samples"])


def test_a_worker(small: None, capsys: pytest.CaptureFixture[str]) -> None:
    messages = messages_of(PLAN, capsys)
    assert_complete(messages, PLAN)
    skipped = [m for m in messages if "skipped" in m]
    reason = "the mode has no such call"
    assert skipped == [{"case": "noop", "mode": "numpy", "n": None, "skipped": reason}]
    assert all(len(m["samples"]) == PLAN.rounds for m in messages if "samples" in m)


def test_a_worker_without_patience(small: None, capsys: pytest.CaptureFixture[str]) -> None:
    plan = replace(PLAN, patience_seconds=0.0, enough_seconds=0.0)
    messages = messages_of(plan, capsys)
    assert_complete(messages, plan)
    # How long a step takes is known from the first case on.
    late = [m for m in messages if m.get("case") == "heat_20_steps"]
    assert len(late) == 2
    assert all(m["skipped"].startswith("it would take about ") for m in late)
    # One run was enough already.
    assert all(len(m["samples"]) == 1 for m in messages if "samples" in m)


@pytest.mark.parametrize(
    ("seconds", "samples"),
    # Short: a sample each round. Long: as many as fit into the time that is enough.
    # Longer than that: the run that told how long it takes is the sample.
    [(1e-3, 5), (0.1, 3), (1.0, 1)],
)
def test_a_worker_stops_when_it_has_enough(
    clock: Clock, seconds: float, samples: int, capsys: pytest.CaptureFixture[str]
) -> None:
    worker = Worker(replace(PLAN, modes=[], sample_seconds=1e-3, rounds=5, enough_seconds=0.35))
    timed = Timed(clock.work(seconds), reset=clock.work(0.0, "reset"), work=2)
    ((mode, found),) = worker.race("a case", 7, [("a mode", timed)])
    assert mode == "a mode"
    assert found == pytest.approx([seconds / 2] * samples)
    assert clock.events.count("call") == 1 + (samples if seconds < 1.0 else 0)
    message = json.loads(capsys.readouterr().out)
    rounded = pytest.approx(found, rel=1e-3)
    assert message == {"case": "a case", "mode": "a mode", "n": 7, "samples": rounded}


def test_the_order_of_the_modes_is_new_each_round(
    small: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = []
    real = random.Random.shuffle

    def shuffle(self: random.Random, runners: list[Any]) -> None:
        real(self, runners)
        if isinstance(runners[0], tuple):  # and not the names, before they are loaded
            orders.append([mode for mode, *_ in runners])

    monkeypatch.setattr(random.Random, "shuffle", shuffle)
    Worker(replace(PLAN, rounds=8)).run()
    first = list(orders)
    assert {tuple(order) for order in first} >= {("numpy", "ctypes"), ("ctypes", "numpy")}
    orders.clear()
    Worker(replace(PLAN, rounds=8)).run()
    assert orders == first
    orders.clear()
    Worker(replace(PLAN, rounds=8, seed=2)).run()
    assert orders != first
    capsys.readouterr()


def test_a_worker_in_a_process(at_start: Callable[[str], None]) -> None:
    at_start(SMALL_HEAT_AT_START)
    messages = list(run_worker(PLAN))
    assert_complete(messages, PLAN)


# --- Modes that break ---------------------------------------------------------

BROKEN_MODES = {
    "aborting": "import os, resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); os.abort()",
    "leaving": "import os, sys; print('before\\nnot today', file=sys.stderr); os._exit(3)",
    "raising": "raise ValueError('a bad day')",
    "lacking": "import a_package_that_nobody_has",
    "wrong": "return Kernels(add_ints=lambda a, b: a - b)",
}


@pytest.fixture
def broken_modes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at_start: Callable[[str], None],
) -> Iterator[None]:
    """Add modes that cannot be loaded, here and in new processes; make heat small."""
    folder = tmp_path / "modes"
    folder.mkdir()
    for order, (name, body) in enumerate(BROKEN_MODES.items()):
        (folder / f"{name}.py").write_text(
            "from ffi_workbook.modes._protocol import Kernels, Mode\n"
            f"def load():\n    {body}\n"
            f"MODE = Mode({name!r}, {name!r}, 'comparison', {1000 + order}, '', load)\n"
        )
    path = f"modes.__path__.append({str(folder)!r})"
    at_start(f"{SMALL_HEAT_AT_START}\nfrom ffi_workbook import modes\n{path}\n")
    monkeypatch.setattr(modes, "__path__", [*modes.__path__, str(folder)])
    modes.all_modes.cache_clear()
    yield
    modes.all_modes.cache_clear()
    for name in BROKEN_MODES:
        sys.modules.pop(f"ffi_workbook.modes.{name}", None)


def test_a_mode_that_breaks_is_reported_and_the_rest_go_on(broken_modes: None) -> None:
    console = Console(file=io.StringIO(), width=80)
    statuses = command.check_modes([*BROKEN_MODES, "python"], console)
    assert statuses == {
        "aborting": {
            "status": "failed",
            "reason": f"the process ended with {-signal.SIGABRT}",
        },
        "leaving": {"status": "failed", "reason": "not today"},
        "raising": {"status": "failed", "reason": "ValueError: a bad day"},
        "lacking": {"status": "absent", "reason": "No module named 'a_package_that_nobody_has'"},
        "wrong": {"status": "failed", "reason": "AssertionError: add_ints(2, 5) is not 7"},
        "python": {"status": "ok", "reason": None},
    }
    assert "aborting: failed" in console.file.getvalue()


def test_a_mode_that_breaks_in_the_race_ends_it(broken_modes: None) -> None:
    plan = replace(PLAN, modes=["numpy", "aborting"])
    with pytest.raises(RuntimeError, match=rf"ended with {-signal.SIGABRT}"):
        list(run_worker(plan))
    plan = replace(PLAN, modes=["raising"])
    with pytest.raises(RuntimeError, match=r"ended with 1:[^$]*ValueError: a bad day"):
        list(run_worker(plan))


class Wrong:
    """Kernels with one mistake each."""

    @staticmethod
    def add(a: Any, b: Any) -> None:
        a += 1.0000000000000002 * b

    @staticmethod
    def evolve(u: Any, p: Any, *parameters: float) -> None:
        pure_python.evolve(u, p, *parameters)
        u[-1, -1] += 1.0

    @staticmethod
    def evolve_forgets(u: Any, p: Any, *parameters: float) -> None:
        pure_python.evolve(u, p.copy(), *parameters)


@pytest.mark.parametrize(
    ("kernels", "message"),
    [
        (Kernels(add_floats=lambda a, b: 0.0), "add_floats"),
        (Kernels(fibonacci=lambda n: n), "fibonacci"),
        (Kernels(add=Wrong.add), "add is wrong"),
        (Kernels(evolve=Wrong.evolve), "evolve differs from pure Python"),
        (Kernels(evolve=Wrong.evolve_forgets), "wrong u_previous"),
    ],
)
def test_the_check_of_a_mode_finds_mistakes(kernels: Kernels, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        self_check(kernels)


def test_the_check_of_a_mode(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check("numpy") == {"status": "ok", "reason": None}
    monkeypatch.setattr(sys, "argv", ["modes", "--json", "python", "ctypes"])
    assert check_main() == 0
    ok = {"status": "ok", "reason": None}
    assert json.loads(capsys.readouterr().out) == {"python": ok, "ctypes": ok}
    monkeypatch.setattr(sys, "argv", ["modes", "cobol"])
    with pytest.raises(SystemExit):
        check_main()
    assert "there is no mode 'cobol': the modes are python," in capsys.readouterr().err


# --- The report ---------------------------------------------------------------

#: Overhead and slope of made-up modes.
LINES = {"python": (80e-9, 20e-9), "ctypes": (900e-9, 0.5e-9), "pyo3": (70e-9, 0.5e-9)}
OK = {"status": "ok", "reason": None}


def made_up_results(processes: int = 4) -> report.Results:
    results = report.Results()

    def take(case: str, mode: str, n: int | None, seconds: float) -> None:
        for k in range(processes):
            # Each process has its own speed, the same for all modes.
            samples = [seconds * (1 + 0.01 * k) * f for f in (1.0, 0.99, 1.03)]
            results.take({"case": case, "mode": mode, "n": n, "samples": samples})

    for mode, (overhead, slope) in LINES.items():
        for case in cases.CALLS:
            take(case.name, mode, None, overhead / 2)
        for n in (1, 10, 100, 1000, 10_000, 10**7):
            take("array_add", mode, n, overhead + n * slope)
        take("heat_200_classic", mode, None, 30e-6)
        take("heat_200_steps", mode, None, 12e-6 if mode == "ctypes" else 9e-6)
    take("noop", "capi", None, 33e-9)
    take("add_ints", "capi", None, 10e-9)
    take("add_ints", "ctypes by hand", None, 440e-9)
    take("heat_200_classic", "published-c", None, 33e-6)
    take("heat_200_classic", "copy", None, 5e-6)
    skipped = {"case": "heat_4000_steps", "mode": "python", "n": None}
    results.take({**skipped, "skipped": "it would take about 90 s; the limit is 20 s"})
    return results


def made_up_race(processes: int = 4) -> Json:
    statuses: Json = {name: dict(OK) for name in (*LINES, "capi", "cffi-verify", "published-c")}
    statuses["numba"] = {"status": "absent", "reason": "No module named 'numba'\nmore"}
    return report.document(
        made_up_results(processes), statuses, cases.heat_cases(10), quick=True, warnings=[]
    )


KEYS = {
    "schema", "measured_at", "quick", "machine", "versions", "modes", "cases", "measurements",
    "skipped", "fits", "crossovers", "limits", "noise", "by_hand", "ratios",
}  # fmt: skip


def test_the_document_has_all_parts() -> None:
    race = made_up_race()
    assert race.keys() >= KEYS
    assert race["schema"] == report.SCHEMA == 1
    assert [mode["name"] for mode in race["modes"]] == [
        "python", "ctypes", "cffi-verify", "pyo3", "capi", "numba", "published-c"
    ]  # fmt: skip
    assert race["modes"][0] == {
        "name": "python", "title": "pure Python", "kind": "python", "deprecated": False, **OK
    }  # fmt: skip
    names = {case["name"] for case in race["cases"]}
    assert {m["case"] for m in race["measurements"]} <= names
    assert all({"case", "mode", "n", "median", "q1", "q3", "samples"} == set(m)
               for m in race["measurements"])  # fmt: skip
    assert not any("by hand" in m["mode"] or m["mode"] == "copy" for m in race["measurements"])
    (hand,) = race["by_hand"]
    assert (hand["case"], hand["mode"], hand["n"]) == ("add_ints", "ctypes", None)
    assert race["skipped"] == [
        {
            "case": "heat_4000_steps",
            "mode": "python",
            "n": None,
            "reason": "it would take about 90 s; the limit is 20 s",
        }
    ]


def test_the_document_has_the_fits() -> None:
    race = made_up_race()
    found = {row["mode"]: row for row in race["fits"]}
    assert set(found) == set(LINES)
    for mode, (overhead, slope) in LINES.items():
        row = found[mode]
        # Four processes, each 1 % slower than the one before.
        assert row["overhead"] == pytest.approx(1.015 * overhead, rel=1e-3)
        assert row["slope"] == pytest.approx(1.015 * slope, rel=1e-3)
        assert row["overhead_ci"][0] < row["overhead"] < row["overhead_ci"][1]
        assert row["slope_ci"][0] < row["slope"] < row["slope_ci"][1]
        assert row["n_min"] == 1
        assert 1000 <= row["n_max"] < 10**7
    crossings = {(c["below"], c["above"]): c["n"] for c in race["crossovers"]}
    assert crossings == {("python", "ctypes"): pytest.approx(820 / 19.5, rel=1e-3)}


def test_sizes_beyond_the_cache_are_not_fitted() -> None:
    assert report.fit_limit(1024**2) == report.fit_limit(None) == 32_768
    lines, crossings = made_up_results().fits(100)
    assert {line["n_max"] for line in lines} == {100}
    assert len(crossings) == 1
    assert made_up_results().fits(10) == ([], [])


def test_the_document_has_the_limits_and_ratios() -> None:
    race = made_up_race()
    assert race["limits"][0]["grid"] == (200, 200)
    assert race["limits"][0]["median"] == pytest.approx(5e-6, rel=0.05)
    ratios = {row["name"]: row for row in race["ratios"]}
    assert ratios.keys() == {
        "published C / ctypes, 200 x 200, evolve",
        "published C / pyo3, 200 x 200, evolve",
        "published C / ctypes, 200 x 200, evolve_steps",
        "published C / pyo3, 200 x 200, evolve_steps",
        "PyO3 / raw C API, noop",
        "PyO3 / raw C API, add_ints",
        "ctypes / ctypes by hand, add_ints",
    }
    for name, value, target, holds in (
        ("published C / pyo3, 200 x 200, evolve_steps", 33 / 9, {"at_least": 3.0}, True),
        ("published C / ctypes, 200 x 200, evolve_steps", 33 / 12, {"at_least": 3.0}, False),
        ("PyO3 / raw C API, noop", 35 / 33, {"at_most": 1.1}, True),
        ("PyO3 / raw C API, add_ints", 35 / 10, {"at_most": 1.2}, False),
    ):
        row = ratios[name]
        assert row["value"] == pytest.approx(value, rel=2e-3)
        assert row.items() >= target.items()
        assert row["holds"] is holds
    assert ratios["ctypes / ctypes by hand, add_ints"]["holds"]


def test_numbers_are_short() -> None:
    assert report.short(1.23456e-7) == 1.235e-7
    assert report.short(-np.inf) is None
    assert report.spread([3.0]) == {"median": 3.0, "q1": 3.0, "q3": 3.0}
    assert report.spread([4.0, 1.0, 2.0, 3.0, 5.0]) == {"median": 3.0, "q1": 2.0, "q3": 4.0}


def no_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


@pytest.mark.parametrize("processes", [1, 4])
def test_a_race_is_written_and_read(tmp_path: Path, processes: int) -> None:
    race = made_up_race(processes)
    path = tmp_path / "new folder" / "race.json"
    report.write(path, race)
    text = path.read_text(encoding="utf-8")
    assert json.loads(text, parse_constant=no_constant) == json.loads(json.dumps(race))
    # A row a line, so that a change of one row is a change of one line.
    for part in ("measurements", "fits", "modes", "cases"):
        for row in race[part]:
            assert f"  {json.dumps(row)}" in text.replace(",\n", "\n").splitlines()
    report.write(path, {"schema": 1, "fits": []})
    assert json.loads(path.read_text(encoding="utf-8")) == {"schema": 1, "fits": []}
    assert [p.name for p in path.parent.iterdir()] == ["race.json"]


def test_a_record_has_no_samples() -> None:
    race = made_up_race()
    record = report.record_of(race)
    assert record.keys() == race.keys()
    assert '"samples"' not in json.dumps(record)
    for part in ("measurements", "limits"):
        for small, row in zip(record[part], race[part], strict=True):
            # One median a process is kept: uncertainty comes from these.
            medians = [sorted(samples)[1] for samples in row["samples"]]
            assert small["process_medians"] == pytest.approx(medians, rel=1e-3)
            assert small["median"] == row["median"]


def test_the_machine() -> None:
    found = machine.machine()
    assert found["cores"] >= 1
    assert found["cpu"]
    assert found["memory_bytes"] is None or found["memory_bytes"] > 2**20
    assert all(found[f"{level}_bytes"] is None or found[f"{level}_bytes"] >= 1024
               for level in ("l1d", "l2", "l3"))  # fmt: skip
    assert all(isinstance(text, str) for text in machine.warnings())
    assert json.dumps(found)
    versions = machine.versions()
    assert versions["numpy"] == np.__version__
    assert versions["python"].endswith(sys.version.split()[0])


def test_a_profiler_is_warned_of() -> None:
    before = sys.getprofile()
    sys.setprofile(lambda *_: None)
    try:
        found = machine.warnings()
    finally:
        sys.setprofile(before)
    assert "a debugger or profiler is active" in found


# --- The tables ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "?"),
        (0.0, "0 ns"),
        (12.345e-9, "12.3 ns"),
        (999e-9, "999 ns"),
        (1e-6, "1 µs"),
        (2.5e-3, "2.5 ms"),
        (-3e-6, "-3 µs"),
        (1234.5, "1,234 s"),
    ],
)
def test_a_time_as_text(value: float | None, text: str) -> None:
    assert tables.seconds(value) == text


def shown(race: Json, width: int) -> str:
    file = io.StringIO()
    view = tables.Tables(race, Console(file=file, width=width, highlight=False))
    view.show()
    view.ratios()
    return file.getvalue()


@pytest.mark.parametrize("processes", [1, 4])
@pytest.mark.parametrize("width", [80, 150])
def test_tables_that_fit(width: int, processes: int) -> None:
    text = shown(made_up_race(processes), width)
    assert all(len(line) <= width for line in text.splitlines())
    for title in ("The race", "What one call costs", "Heat: time of one step", "published C"):
        assert title in text
    assert "…" not in text  # nothing is cut off


def test_the_tables_say_what_was_measured() -> None:
    text = shown(made_up_race(), 150)
    for wanted in (
        "quick run",
        "459 ns ±1%",
        "it would take about 90 s",
        "Numba: absent (No module named 'numba')",
        "Copying the 200 x 200 grid once takes",
        "at least 3",
        "at most 1.2",
        "does not hold",
        "† its authors advise against it",
    ):
        assert wanted in text, wanted
    # From which n on it beats pure Python.
    assert re.search(r"ctypes +914 ns .* 43 *$", text, re.MULTILINE)
    assert re.search(r"PyO3 +71 ns .* always *$", text, re.MULTILINE)
    assert "more" not in text  # the first line of a reason is enough


def test_the_tables_of_nearly_nothing() -> None:
    race = report.document(report.Results(), {"python": dict(OK)}, (), quick=False, warnings=[])
    text = shown(race, 80)
    assert "one thread" in text
    assert "quick run" not in text


# --- The command --------------------------------------------------------------


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command.main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for option in ("--quick", "--modes", "--out", "--record", "--seed", "--show"):
        assert option in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--modes", "ctypes,fortran"], "there is no mode 'fortran': the modes are python,"),
        (["--seed", "many"], "invalid int value"),
        (["--fast"], "unrecognized arguments"),
    ],
)
def test_wrong_options(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        command.main(arguments)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "race.json"
    report.write(path, made_up_race())
    before = path.read_bytes()
    assert command.main(["--show", str(path)]) == 0
    captured = capsys.readouterr()
    assert "What one call costs" in captured.out
    assert "wrote" not in captured.out
    assert captured.err == ""
    assert path.read_bytes() == before


def test_show_of_no_race(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--show", str(tmp_path / "none.json")]) == 1
    assert capsys.readouterr().err.startswith("race: ")
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    assert command.main(["--show", str(broken)]) == 1
    assert capsys.readouterr().err.startswith("race: ")


TINY = command.Effort(
    processes=2,
    sizes=(1, 10, 100),
    large_steps=3,
    sample_seconds=1e-5,
    rounds=2,
    enough_seconds=0.1,
    patience_seconds=5.0,
)


def test_a_whole_race(
    broken_modes: None,
    small: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "QUICK", TINY)
    out, records = tmp_path / "race.json", tmp_path / "records"
    options = ["--quick", "--modes", "python,aborting,ctypes", "--out", str(out)]
    assert command.main([*options, "--record", str(records)]) == 0
    race = json.loads(out.read_text(encoding="utf-8"), parse_constant=no_constant)
    assert race.keys() >= KEYS
    assert [mode["status"] for mode in race["modes"]] == ["ok", "ok", "failed"]
    assert {m["mode"] for m in race["measurements"]} == {"python", "ctypes"}
    assert all(len(m["samples"]) == TINY.processes for m in race["measurements"])
    assert {row["mode"] for row in race["fits"]} == {"python", "ctypes"}
    assert [limit["grid"] for limit in race["limits"]] == [[20, 20]]
    assert race["quick"]
    (record,) = records.rglob("*.json")
    assert record == records / race["measured_at"][:10] / "race-quick.json"
    assert '"samples"' not in record.read_text(encoding="utf-8")
    captured = capsys.readouterr()
    assert f"aborting: failed (the process ended with {-signal.SIGABRT})" in captured.out
    assert "wrote" in captured.out
    assert captured.err == ""


def test_a_race_of_nobody(
    broken_modes: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "race.json"
    assert command.main(["--modes", "raising", "--out", str(out)]) == 1
    assert "race: no mode could be loaded" in capsys.readouterr().err
    assert not out.exists()


def test_a_race_that_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*args: object) -> Json:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "race", stopped)
    out = tmp_path / "race.json"
    assert command.main(["--out", str(out)]) == 130
    assert "race: stopped; nothing was written" in capsys.readouterr().err
    assert not out.exists()
