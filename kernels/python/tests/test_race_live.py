"""The live race: its core, its keys, and the terminal view. Nothing is asserted about time."""

import asyncio
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import unavailable
from rich.console import Console

from ffi_workbook import modes
from ffi_workbook.race import cases, compare, report
from ffi_workbook.race.live import __main__ as command
from ffi_workbook.race.live import drawing, kernels, palette
from ffi_workbook.race.live.braille import Canvas
from ffi_workbook.race.live.controls import KEYS, Controls
from ffi_workbook.race.live.large import large
from ffi_workbook.race.live.runner import Runner
from ffi_workbook.race.live.source import LiveRace, Pace, SavedRace
from ffi_workbook.race.live.start import controls as start
from ffi_workbook.race.tables import Tables, seconds

ROOT = Path(__file__).resolve().parents[3]
RECORD = max((ROOT / "fig" / "records").glob("*/race.json"))
#: What another process may take when the machine is busy.
PATIENCE = 120.0

FAST = Pace(process=0.05, processes=2, patience=PATIENCE, load_patience=PATIENCE, grace=PATIENCE)


def stand_in(mode: str) -> list[str]:
    return [sys.executable, "-S", "-E", str(Path(__file__).with_name("live_runner.py")), mode]


@pytest.fixture
def live() -> Iterator[Callable[..., LiveRace]]:
    """Return a function that starts a race of stand-ins; end them all afterwards."""
    begun: list[LiveRace] = []

    def race(*names: str, pace: Pace = FAST) -> LiveRace:
        described = [(name, name.title(), "comparison") for name in names]
        begun.append(LiveRace(described, names, pace, stand_in))
        return begun[-1]

    yield race
    for one in begun:
        one.close()


def until(what: Callable[[], Any]) -> Any:
    """Wait until something is true, and return it."""
    end = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.02)
    return found


def pick(race: LiveRace | SavedRace, name: str, size: int | None = None) -> None:
    (kernel,) = (k for k in race.kernels if k.name == name)
    race.pick(kernel, size or kernel.first)


def row(race: LiveRace | SavedRace, mode: str) -> Any:
    return next(row for row in race.board().rows if row.mode == mode)


def done(race: LiveRace) -> bool:
    return race.board().phase == "done"


# --- What can be picked -------------------------------------------------------


def test_the_kernels_have_the_cases_of_the_race() -> None:
    keys = {k.key(size) for k in kernels.live() for size in k.sizes or (None,)}
    names = {name for name, _ in keys}
    assert {case.name for case in (*cases.CALLS, cases.FIBONACCI, cases.ARRAY_ADD)} <= names
    assert {"heat_200_classic", "heat_200_steps"} <= names
    assert ("array_add", 1000) in keys
    for kernel in kernels.live():
        assert kernel.first in (kernel.sizes or (None,))


def test_a_heat_case_by_its_name() -> None:
    case = kernels.heat_case("heat_200_steps")
    assert case
    assert (case.grid, case.variant, case.title) == ((200, 200), "steps", "evolve_steps, 200 x 200")
    for name in ("noop", "heat_200", "heat_x_steps", "heat_200_other", "cold_200_steps"):
        assert kernels.heat_case(name) is None


def test_a_record_offers_what_it_has() -> None:
    race = compare.read(RECORD)
    found = {kernel.name: kernel for kernel in kernels.saved(race)}
    assert set(found) == {kernel.name for kernel in kernels.live()}
    sizes = {m["n"] for m in race["measurements"] if m["case"] == "array_add"}
    assert set(found["array_add"].sizes) == sizes
    assert found["heat_classic"].sizes == (200, 4000)


# --- The process that measures ------------------------------------------------


@pytest.mark.parametrize(
    ("case", "n"),
    [("noop", None), ("fibonacci", None), ("array_add", 3), ("heat_100_classic", None)],
)
def test_a_runner_answers_with_samples(case: str, n: int | None) -> None:
    runner = Runner("pyo3")
    asked = {"case": case, "n": n, "samples": 2, "seconds": 1e-5}
    for _ in range(2):
        answer = json.loads(json.dumps(runner.answer(asked)))
        assert 1 <= len(answer["samples"]) <= 2
        assert all(sample > 0 for sample in answer["samples"])
        assert answer["took"] > 0
        assert "cpu_share" in answer["noise"]


def test_a_runner_says_what_its_mode_has_not() -> None:
    assert modes.load("numpy").noop is None
    answer = Runner("numpy").answer({"case": "noop", "n": None, "samples": 1, "seconds": 1e-5})
    assert answer == {"skipped": "the mode has no such call"}


def test_real_modes_are_raced() -> None:
    described = [(mode.name, mode.title, mode.kind) for mode in modes.all_modes()]
    race = LiveRace(described, ["python", "pyo3"], FAST)
    try:
        pick(race, "add_ints")
        until(lambda: done(race))
        for mode in ("python", "pyo3"):
            assert row(race, mode).processes == FAST.processes
        assert row(race, "ctypes").state == "off"
    finally:
        race.close()


# --- A race that runs ---------------------------------------------------------


def test_modes_that_break_are_shown_and_the_rest_go_on(live: Callable[..., LiveRace]) -> None:
    broken = ("crashes", "raises", "lacking", "leaves", "babbles", "has-it-not")
    race = live("quick", *broken, "slow")
    until(lambda: done(race))
    assert row(race, "crashes").reason == "it crashed: SIGABRT"
    assert row(race, "raises").reason == "ValueError: a bad day\nwith a second line"
    assert (row(race, "lacking").state, row(race, "lacking").reason) == (
        "absent",
        "No module named 'nobody'",
    )
    assert row(race, "leaves").reason == "not today"
    assert row(race, "babbles").reason == r"it answered b'hello\n', which is not an answer"
    assert row(race, "has-it-not").reason == "the mode has no such call"
    assert row(race, "has-it-not").state == "racing"
    for mode in ("crashes", "raises", "leaves", "babbles"):
        assert row(race, mode).state == "failed"
        assert row(race, mode).median is None
    for mode, ratio in (("quick", 1.0), ("slow", 4.001e-6 / 1.001e-7)):
        assert row(race, mode).processes == 2
        assert row(race, mode).ratio == pytest.approx(ratio, rel=1e-3)


def test_a_mode_that_hangs_is_stopped(live: Callable[..., LiveRace]) -> None:
    race = live("hangs", "never-loads", pace=Pace(patience=0.3, load_patience=2.0))
    until(lambda: done(race))
    assert row(race, "hangs").reason == "no answer in 0.3 s: it was stopped"
    assert row(race, "never-loads").reason == "it did not load in 2 s"
    children = [seat.child for seat in race.seats]
    assert children == [None, None]


def test_a_line_is_fitted_and_gets_its_interval(live: Callable[..., LiveRace]) -> None:
    race = live("quick", "slow")
    pick(race, "array_add")
    first = until(lambda: row(race, "slow").overhead and race.board())
    assert first.kernel.name == "array_add"
    until(lambda: done(race))
    slow = row(race, "slow")
    assert slow.overhead.value == pytest.approx(4e-6)
    assert slow.slope.value == pytest.approx(1e-9)
    assert slow.overhead.low == pytest.approx(4e-6)  # finite: there are two processes
    assert [n for n, _ in slow.points] == list(kernels.LENGTHS)
    assert race.board().warnings  # the stand-in says that it had half a processor
    # Another size of the same kernel is there already.
    pick(race, "array_add", 10)
    assert row(race, "slow").median == pytest.approx(4e-6 + 1e-8)


def test_switching_off_and_on_and_restarting(live: Callable[..., LiveRace]) -> None:
    race = live("quick", "slow", "crashes")
    until(lambda: done(race))
    race.switch("quick")
    assert row(race, "quick").state == "off"
    race.switch("quick")
    race.switch("crashes")
    assert row(race, "crashes").state == "loading"
    until(lambda: done(race))
    assert row(race, "crashes").state == "failed"
    assert row(race, "quick").processes > 2
    race.restart()
    until(lambda: done(race))
    assert row(race, "quick").processes == 2
    assert row(race, "crashes").state == "failed"


def test_a_frozen_race_measures_nothing(live: Callable[..., LiveRace]) -> None:
    race = live("quick", pace=Pace(process=1e9))
    until(lambda: row(race, "quick").samples)
    race.freeze(True)
    settled = until(lambda: _stands_still(race))
    race.freeze(False)
    until(lambda: row(race, "quick").samples > settled)


def _stands_still(race: LiveRace) -> int:
    before: int = row(race, "quick").samples
    time.sleep(0.2)
    return before if row(race, "quick").samples == before else 0


def test_closing_ends_every_process(live: Callable[..., LiveRace]) -> None:
    race = live("quick", "hangs", "never-loads", pace=Pace(grace=0.0))
    until(lambda: race.seats[1].ready)
    children = [seat.child.process for seat in race.seats if seat.child]
    assert children
    race.close()
    assert all(child.poll() is not None for child in children)


def test_the_json_is_a_race(live: Callable[..., LiveRace], tmp_path: Path) -> None:
    names = ["python", "pyo3", "capi"]
    described = [(mode.name, mode.title, mode.kind) for mode in modes.all_modes()]

    def runner(mode: str) -> list[str]:
        return stand_in({"python": "slow", "pyo3": "quick", "capi": "crashes"}[mode])

    race = LiveRace(described, names, FAST, runner)
    try:
        with pytest.raises(ValueError, match="nothing is measured yet"):
            race.as_json()
        for name in ("array_add", "noop", "heat_classic"):
            pick(race, name)
            until(lambda: done(race) and race.board())
        path = tmp_path / "race.json"
        report.write(path, race.as_json())
    finally:
        race.close()
    read = compare.read(path)
    assert {m["name"]: m["status"] for m in read["modes"]} == {
        "python": "ok",
        "pyo3": "ok",
        "capi": "failed",
    }
    fits = {fit["mode"]: fit for fit in read["fits"]}
    assert fits["python"]["overhead"] == pytest.approx(4e-6)
    assert fits["pyo3"]["slope"] == pytest.approx(1e-10)
    assert "heat_200_classic" in {case["name"] for case in read["cases"]}
    shown = io.StringIO()
    Tables(read, Console(file=shown, width=150)).show()
    assert "it crashed: SIGABRT" in shown.getvalue()
    assert compare.compare(read, read).changes
    again = SavedRace(read, seconds=0)
    assert {kernel.name for kernel in again.kernels} == {"noop", "array_add", "heat_classic"}
    assert row(again, "capi").reason == "it crashed: SIGABRT"


def test_the_json_of_a_race_on_its_way(live: Callable[..., LiveRace]) -> None:
    race = live("quick", pace=Pace(process=1e9))
    pick(race, "array_add")
    until(lambda: row(race, "quick").overhead)
    found = race.as_json()  # the stand-ins are no modes, and fits need three sizes
    assert found["fits"]
    assert found["measurements"]


# --- A saved race -------------------------------------------------------------


@pytest.fixture
def saved() -> SavedRace:
    return SavedRace(compare.read(RECORD), seconds=0)


def test_a_record_shows_its_own_numbers(saved: SavedRace) -> None:
    pick(saved, "array_add", 1000)
    race = saved.race
    for measured in race["measurements"]:
        if (measured["case"], measured["n"]) == ("array_add", 1000):
            assert row(saved, measured["mode"]).median == measured["median"]
    for fit in race["fits"]:
        line = row(saved, fit["mode"])
        assert line.overhead.value == pytest.approx(fit["overhead"], rel=1e-3)
        assert line.slope.low == pytest.approx(fit["slope_ci"][0], rel=1e-3)
    assert saved.as_json() is race
    assert saved.board().status.startswith(f"replay of {race['measured_at'][:10]}")


def test_a_replay_comes_in_little_by_little(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    race = SavedRace(compare.read(RECORD), seconds=8)
    assert race.board().phase == "racing"
    assert row(race, "pyo3").median is None
    now[0] = 4.0
    half = row(race, "pyo3").samples
    assert half == 4  # of the medians of 8 processes
    race.freeze(True)
    now[0] = 100.0
    assert row(race, "pyo3").samples == half
    race.freeze(False)
    now[0] = 104.0
    assert (row(race, "pyo3").samples, race.board().phase) == (8, "done")
    race.restart()
    assert row(race, "pyo3").samples == 0
    race.switch("pyo3")
    assert row(race, "pyo3").state == "off"


def test_a_race_without_measurements_is_refused() -> None:
    with pytest.raises(ValueError, match="no measurements"):
        SavedRace({**compare.read(RECORD), "measurements": []})


# --- Keys, pins and exports ---------------------------------------------------


@pytest.fixture
def controls(saved: SavedRace, tmp_path: Path) -> Controls:
    return Controls(saved, tmp_path / "out")


def test_every_key_does_something(controls: Controls) -> None:
    names = [name for key in KEYS for name in key.names]
    assert len(names) == len(set(names))
    for name in names:
        controls.press("5")
        assert controls.press(name), name
        controls.screen()
    assert not controls.press("y")
    assert not controls.press("9")  # there are fewer kernels


def test_kernels_sizes_and_modes_by_key(controls: Controls) -> None:
    assert (controls.screen().number, controls.screen().size) == (1, "")
    controls.press("ArrowRight")
    assert controls.screen().message == "this kernel has one size"
    controls.press("K")
    assert controls.screen().number == controls.screen().kernels
    controls.press("k")
    controls.press("5")
    assert controls.screen().size == "n = 1,000"
    controls.press("ArrowRight")
    assert controls.screen().size == "n = 3,000"
    for _ in range(20):
        controls.press("-")
    assert controls.screen().message == "n = 1 is the last size here"
    times = [bar.time for bar in controls.screen().bars]
    assert controls.screen().bars[0].ratio == "1×"
    controls.press("s")
    assert [bar.mode for bar in controls.screen().bars] == [m.name for m in controls.race.lanes]
    assert sorted(times) == sorted(bar.time for bar in controls.screen().bars)
    controls.press("s")
    names = [bar.mode for bar in controls.screen().bars]
    here = controls.cursor
    controls.press("ArrowDown")
    assert controls.cursor == names[(names.index(here) + 1) % len(names)]
    controls.press("ArrowUp")
    controls.press("x")
    off = controls.screen().bars[-1]
    assert (off.mode, off.note) == (here, "off")


def test_bars_are_as_long_as_their_times(controls: Controls) -> None:
    picture = controls.screen()
    assert picture.scale == "from zero"
    times = {row.mode: row.median for row in controls.board().rows if row.median}
    for bar in picture.bars:
        if bar.time:
            assert bar.length == pytest.approx(times[bar.mode] / max(times.values()))
            assert bar.low <= bar.length <= bar.high
    controls.press("l")
    lengths = [bar.length for bar in controls.screen().bars if bar.time]
    assert controls.screen().scale == "log scale"
    assert lengths == sorted(lengths)
    assert 0 < lengths[0] < lengths[-1] == 1


def test_a_pin_keeps_a_result(controls: Controls) -> None:
    controls.press("5")
    names = [bar.mode for bar in controls.screen().bars]
    while controls.cursor != names[0]:
        controls.press("ArrowUp")
    controls.press("p")
    (pin,) = controls.screen().pins
    assert (pin.mode, pin.size) == (names[0], "n = 1,000")
    assert " + n × " in pin.line
    assert pin.now.endswith("the same")
    controls.press("ArrowDown")
    times = {row.mode: row.median for row in controls.board().rows}
    (pin,) = controls.screen().pins
    ratio = (times[names[1]] or 0) / (times[names[0]] or 1)
    assert pin.now.endswith(f", {ratio:.3g}× slower")
    controls.press("ArrowRight")
    assert controls.screen().pins[0].now.endswith("(n = 3,000)")
    controls.press("1")
    assert controls.screen().pins[0].now.endswith("(another kernel)")
    controls.press("5")
    while controls.cursor != names[0]:
        controls.press("ArrowDown")
    controls.press("p")
    assert controls.screen().pins == ()


def test_what_has_no_result_is_not_pinned(controls: Controls) -> None:
    controls.press("ArrowUp")  # the last one: NumPy has no call that does nothing
    controls.press("p")
    assert controls.screen().message == "there is no result to pin yet"


def test_frozen_is_frozen(live: Callable[..., LiveRace], tmp_path: Path) -> None:
    controls = Controls(live("quick", pace=Pace(process=1e9)), tmp_path)
    until(lambda: controls.screen().chosen.time)
    controls.press(" ")
    one = controls.screen()
    time.sleep(0.2)
    assert controls.screen() == one
    assert one.is_frozen
    controls.press(" ")
    until(lambda: not controls.screen().is_frozen and controls.screen() != one)


def test_exports(controls: Controls, tmp_path: Path) -> None:
    controls.press("5")
    controls.press("p")
    pinned = f"⚑ {controls.screen().pins[0].title}"
    for keys, words in ((("e",), pinned), (("w", "e"), pinned), (("w", "v", "e"), "n = 1,000")):
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        for key in keys:
            controls.press(key)
        assert controls.message.startswith("wrote race-live-array_add-")
        light, dark = sorted((tmp_path / "out").iterdir(), reverse=True)
        assert (light.name[-10:], dark.name[-9:]) == ("-light.svg", "-dark.svg")
        for path, colours in ((light, palette.LIGHT), (dark, palette.DARK)):
            text = path.read_text(encoding="utf-8")
            assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
            assert colours.background in text
            assert words in text
    controls.press("j")
    (path,) = (tmp_path / "out").glob("race-live-*.json")
    assert compare.read(path) == controls.race.as_json()


def test_an_export_that_cannot_be_written_is_told(saved: SavedRace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    controls = Controls(saved, tmp_path / "file" / "folder")
    for key in ("e", "j"):
        controls.press(key)
        assert controls.message.startswith("not written: ")


def test_a_drawing_escapes_what_it_shows(controls: Controls) -> None:
    lane = controls.race.lanes[0]
    lane.title, lane.state, lane.reason = "<b>&", "failed", "a < b"
    text = drawing.svg(controls.screen(), palette.DARK)
    assert "&lt;b&gt;&amp;" in text
    assert "failed: a &lt; b" in text
    ElementTree.fromstring(text)


def test_the_colours_are_those_of_the_figures() -> None:
    source = (ROOT / "fig" / "src" / "theme.rs").read_text(encoding="utf-8")
    for name, colours in (("LIGHT", palette.LIGHT), ("DARK", palette.DARK)):
        body = source.partition(f"pub const {name}: Theme")[2].partition("};")[0]
        found = re.findall(r"(\w+): RGBColor\(0x(..), 0x(..), 0x(..)\)", body)
        assert {field: "#" + "".join(rgb) for field, *rgb in found} == {
            field.name: getattr(colours, field.name) for field in fields(colours)
        }
    assert palette.DARK.of("cffi-api") == palette.DARK.cffi
    assert palette.DARK.of("numba") == palette.DARK.comparison


def test_a_curve_in_braille() -> None:
    canvas = Canvas(2, 1)
    canvas.curve([(0, 0), (1, 1)], "red")
    assert list(canvas.rows()) == [[("⡠", "red"), ("⠊", "red")]]
    canvas.curve([(0, 0.5)], "blue")
    assert next(iter(canvas.rows()))[0][1] == "blue"
    canvas.curve([(2, 2), (-1, -1)], "red")  # what is outside is left out


def test_large_digits() -> None:
    one, *_, last = large("1.7 ns")
    assert one == "  ██        ██████"
    assert last == "██████  ██    ██  "


# --- The command --------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"modes": ["pyo4"]}, "there is no mode 'pyo4': the modes are python, "),
        ({"kernel": "nope"}, "there is no kernel 'nope': the kernels are noop, "),
        ({"kernel": "noop", "size": 3}, "noop has no size 3: its sizes are none"),
        ({"kernel": "array_add", "size": 7}, "array_add has no size 7: its sizes are 1, "),
        ({"replay": Path("nothing.json")}, "nothing.json: No such file"),
    ],
)
def test_mistakes_are_told(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        start(**{"replay": RECORD, **arguments})


def test_only_the_modes_asked_for_are_shown_again() -> None:
    asked = start(replay=RECORD, at_once=True, modes=["pyo3"], kernel="heat_classic", size=4000)
    assert [row.mode for row in asked.board().rows if row.state == "racing"] == ["pyo3"]
    assert asked.screen().size == "4,000 x 4,000"


def test_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        command.main(["--at-once"])
    assert "--at-once is for --replay FILE" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit):
        command.main(["--save-to", str(tmp_path / "file")])
    assert "which is not a folder" in capsys.readouterr().err
    assert command.main(["--replay", str(RECORD)]) == 1
    assert "this is a view for a terminal" in capsys.readouterr().err


# --- The terminal view --------------------------------------------------------


def text_of(app: Any, *keys: str, size: tuple[int, int] = (160, 50)) -> str:
    """Show a Textual app, press keys, and return the text of the screen."""

    async def run() -> str:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            for key in keys:
                await pilot.press(key)
            app.draw()
            await pilot.pause()
            lines = app.screen._compositor.render_strips()
            return "\n".join(strip.text for strip in lines)

    return asyncio.run(run())


def drive(controls: Controls, *keys: str, size: tuple[int, int] = (160, 50)) -> str:
    """Show the view, press keys, and return the text of the screen."""
    from ffi_workbook.race.live.terminal import RaceApp

    return text_of(RaceApp(controls), *keys, size=size)


@pytest.mark.parametrize("size", [(80, 24), (160, 50), (40, 12)])
def test_the_view_shows_bars_and_the_chosen_mode(controls: Controls, size: tuple[int, int]) -> None:
    text = drive(controls, "down", size=size)
    first, second = controls.screen().bars[:2]
    assert re.search(rf"▶.{second.title} .*█", text, re.S)
    assert first.time in text
    assert "A call that does nothing" in text
    assert "h help" in text


def test_the_view_has_lines_where_there_is_room(controls: Controls) -> None:
    wide = drive(controls, "5")
    assert "1M" in wide
    assert controls.screen().line in wide
    assert "10M" not in drive(controls, size=(80, 24))
    controls.layout_name = "line"
    narrow = drive(controls, size=(80, 24))
    assert controls.screen().line in narrow
    assert "█" not in narrow


def test_pins_window_help_and_theme(controls: Controls) -> None:
    text = drive(controls, "5", "p", "down")
    assert f"⚑ {controls.screen().pins[0].title}" in text
    assert controls.screen().pins[0].now in text
    window = drive(controls, "w", "right")
    assert "back to the race" in window
    assert "(n = 3,000)" in window
    assert "h help" in drive(controls, "escape")
    assert "K: the one before" in drive(controls, "h")
    assert "back to the race" in drive(controls, "w")
    assert controls.dark
    drive(controls, "escape", "d")
    assert not controls.dark


def test_another_terminal_follows_the_pins(controls: Controls, tmp_path: Path) -> None:
    from ffi_workbook.race.live.window import FILE, Shared, WindowApp

    folder = tmp_path / "made when needed"

    def follow() -> str:
        return text_of(WindowApp(folder))

    assert "No race is running" in follow()
    shared = Shared(folder)
    shared.write((), dark=True)
    assert "Nothing is pinned yet" in follow()
    for key in ("5", "p", "ArrowDown"):
        controls.press(key)
    (pin,) = controls.screen().pins
    shared.write((pin,), dark=False)
    text = follow()
    assert f"⚑ {pin.title}" in text
    assert pin.now in text
    shared.remove()
    assert not (folder / FILE).exists()


def test_a_mode_that_fails_is_shown_in_the_view(
    live: Callable[..., LiveRace], tmp_path: Path
) -> None:
    race = live("quick", "crashes", "slow")
    until(lambda: done(race))
    for size in ((80, 24), (160, 50)):
        text = drive(Controls(race, tmp_path), size=size)
        assert "✗ failed: it crashed: SIGABRT" in text
        assert "101 ns" in text.replace("100 ns", "101 ns")
        assert seconds(4.001e-6) in text


class Terminal:
    """A program in a real terminal (tmux)."""

    def __init__(self, program: str) -> None:
        self.socket = f"race-live-{os.getpid()}"
        # The size that this terminal has is no other's.
        program = f"env -u COLUMNS -u LINES {program}"
        self("new-session", "-d", "-x", "130", "-y", "40", program)

    def __call__(self, *arguments: str) -> str:
        command = ["tmux", "-L", self.socket, "-f", "/dev/null", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def shows(self, words: str) -> None:
        try:
            until(lambda: words in self("capture-pane", "-p"))
        except AssertionError:
            pytest.fail(f"{words!r} is not on the screen:\n{self('capture-pane', '-p')}")


def child_of(parent: int, words: str) -> int:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "stat").read_text().rpartition(")")[2].split()
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (OSError, UnicodeDecodeError):
                continue
            if int(status[1]) == parent and words in line:
                return int(folder.name)
    return 0


def test_in_a_real_terminal(tmp_path: Path) -> None:
    if not shutil.which("tmux"):
        unavailable("tmux is not installed: sh tools/system_packages.sh tmux")
    words = [sys.executable, "-m", "ffi_workbook.race.live", "--modes", "python,ctypes,pyo3"]
    terminal = Terminal(shlex.join([*words, "--save-to", str(tmp_path)]))
    try:
        terminal.shows("A call that does nothing")
        terminal.shows("█")
        terminal("send-keys", "5")
        terminal.shows("n = 1,000")
        terminal.shows("+ n ×")
        view = int(terminal("display-message", "-p", "#{pane_pid}"))

        def crashed() -> bool:
            # Once may hit a process that a new one already replaces.
            if child := child_of(view, "live.runner ctypes"):
                os.kill(child, signal.SIGSEGV)
            time.sleep(0.5)
            return "✗ failed: it crashed: SIGSEGV" in terminal("capture-pane", "-p")

        until(crashed)
        terminal("send-keys", "p", "Space")
        terminal.shows("FROZEN")
        terminal("send-keys", "j")
        terminal.shows("wrote ")
        (path,) = tmp_path.glob("race-live-*.json")
        assert {m["name"]: m["status"] for m in compare.read(path)["modes"]}["ctypes"] == "failed"
        terminal("send-keys", "q")
        until(lambda: not child_of(view, "live.runner"))
    finally:
        subprocess.run(["tmux", "-L", terminal.socket, "kill-server"], check=False)
