"""What lessons and notebooks use: children, workers, libraries built again, figures."""

import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cffi import FFI
from conftest import unavailable

from ffi_workbook import lab
from ffi_workbook.lab.build import PYO3_CRATES
from ffi_workbook.lab.worker import Worker

ROOT = Path(__file__).resolve().parents[3]

# --- child --------------------------------------------------------------------


def test_child_gives_output_and_status() -> None:
    ended = lab.child("""
        import sys
        print("out")
        print("err", file=sys.stderr)
        sys.exit(3)
    """)
    assert (ended.status, ended.output, ended.signal) == (3, "out\nerr\n", None)
    assert str(ended) == "out\nerr\n[the child process ended with exit status 3]"


def test_child_names_the_signal() -> None:
    ended = lab.child("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert ended.signal == "SIGSEGV"
    assert "signal SIGSEGV" in str(ended)
    assert "Fatal Python error" not in ended.output


def test_child_tells_the_line_of_a_crash() -> None:
    code = "import ctypes\n\nctypes.string_at(1)\n"
    ended = lab.child(code, trace=True)
    assert ended.signal == "SIGSEGV"
    assert 'File "<string>", line 3 in <module>' in ended.output


def test_child_that_does_not_end_is_ended() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        lab.child("while True: pass", seconds=0.5)


# --- Libraries that are built again ---------------------------------------------

ANSWERS: dict[str, tuple[Callable[..., Path], str]] = {
    "c": (lab.c_library, "int answer(void) {{ return {}; }}"),
    "rust": (
        lab.rust_library,
        '#[unsafe(no_mangle)] pub extern "C" fn answer() -> i32 {{ {} }}',
    ),
}


@pytest.mark.parametrize("language", ANSWERS)
def test_a_changed_library_is_seen_and_the_old_one_stays(language: str) -> None:
    build, source = ANSWERS[language]
    first = build(source.format(1))
    old = ctypes.CDLL(str(first))
    assert old.answer() == 1
    second = build(source.format(2))
    assert first != second
    assert ctypes.CDLL(str(second)).answer() == 2
    assert old.answer() == 1
    ffi = FFI()
    ffi.cdef("int answer(void);")
    assert ffi.dlopen(str(build(source.format(3)))).answer() == 3


@pytest.mark.parametrize(
    ("language", "broken", "words"),
    [
        ("c", "int f(void) { return lost; }", ["source.c:1", "lost"]),
        ("rust", "fn f() -> i32 { lost }", ["source.rs:1", "E0425", "lost"]),
    ],
)
def test_a_compile_error_has_the_words_of_the_compiler(
    language: str, broken: str, words: list[str]
) -> None:
    build, _ = ANSWERS[language]
    with pytest.raises(lab.CompileError) as caught:
        build(broken)
    for word in words:
        assert word in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_a_warning_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    lab.c_library("int f(void) { int unused = 1; return 0; }")
    assert "unused" in capsys.readouterr().err
    lab.c_library("int f(void) { return 0; }")
    assert capsys.readouterr() == ("", "")


def test_flags_reach_the_compiler() -> None:
    library = ctypes.CDLL(str(lab.c_library("int f(void) { return ANSWER; }", "-DANSWER=7")))
    assert library.f() == 7


def test_a_compiler_that_is_absent_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(lab.CompileError, match="no-such-compiler"):
        lab.c_library("")


def test_builds_are_removed_when_python_ends() -> None:
    ended = lab.child("""
        from ffi_workbook import lab
        print(lab.c_library("int f(void) { return 0; }"))
    """)
    assert ended.status == 0, ended
    path = Path(ended.output.strip())
    assert path.name.startswith("libsource")
    assert not path.parent.parent.exists()


# --- The worker -----------------------------------------------------------------

#: A Python module stands in for a native one: the process is the same.
MODULE = """
import os, sys

class Own(Exception):
    pass

class Thing:
    def __reduce__(self):
        raise TypeError("cannot pickle 'Thing' object")

def double(x):
    print("doubling", x)
    return 2 * x

def pid(): return os.getpid()
def thing(): return Thing()
def fill(a): a[:] = 1.0; return a
def wrong(): raise ValueError("no such value", 7)
def own(): raise Own("mine")
def leave(): sys.exit(3)
def crash():
    os.write(1, b"last words\\n")
    os.abort()
"""


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Worker]:
    (tmp_path / "toy.py").write_text(textwrap.dedent(MODULE), encoding="utf-8")
    with Worker("toy", tmp_path) as worker:
        yield worker


def test_calls_go_to_one_other_process(toy: Worker, capsys: pytest.CaptureFixture[str]) -> None:
    assert toy.double(x=21) == 42
    assert capsys.readouterr().out == "doubling 21\n"
    assert toy.pid() == toy.pid() != os.getpid()
    toy.close()
    assert toy.double(1) == 2
    assert capsys.readouterr().out == "doubling 1\n"


def test_arrays_travel_as_copies(toy: Worker) -> None:
    a = np.zeros(3)
    assert toy.fill(a).tolist() == [1.0, 1.0, 1.0]
    assert a.tolist() == [0.0, 0.0, 0.0]


def test_exceptions_of_python_come_as_they_are(toy: Worker) -> None:
    with pytest.raises(ValueError, match="no such value") as caught:
        toy.wrong()
    assert caught.value.args == ("no such value", 7)
    with pytest.raises(AttributeError, match="missing"):
        toy.missing()


@pytest.mark.parametrize(("call", "message"), [("own", "Own: mine"), ("leave", "SystemExit: 3")])
def test_other_exceptions_come_by_name(toy: Worker, call: str, message: str) -> None:
    before = toy.pid()
    with pytest.raises(lab.WorkerError) as caught:
        getattr(toy, call)()
    assert str(caught.value) == message
    assert toy.pid() == before


def test_an_object_stays_in_the_worker_and_run_uses_it(toy: Worker) -> None:
    with pytest.raises(TypeError, match=r"of type Thing, cannot leave the worker.*run\(\)"):
        toy.thing()
    assert toy.run("kept = toy.thing()") is None
    assert toy.run("type(kept).__name__") == "Thing"
    with pytest.raises(SyntaxError):
        toy.run("1 +")


def test_a_crash_is_an_exception_and_the_next_call_works(toy: Worker) -> None:
    before = toy.pid()
    with pytest.raises(lab.WorkerCrashError) as caught:
        toy.crash()
    ended = caught.value.ended
    assert ended.signal == signal.SIGABRT.name
    assert ended.output.startswith("last words\n")
    # faulthandler's trace, with the line of the module
    assert "toy.py" in ended.output
    assert str(caught.value).startswith("toy.crash: last words")
    assert toy.pid() != before


def test_an_argument_that_cannot_travel_changes_nothing(toy: Worker) -> None:
    before = toy.pid()
    with pytest.raises(Exception, match="pickle"):
        toy.double(lambda: None)
    assert toy.pid() == before


def test_a_call_that_is_interrupted_leaves_no_answer_behind(
    toy: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.pid()

    def interrupted() -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(toy._connection, "recv_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        toy.double(1)
    assert toy.double(2) == 4


# --- PyO3 modules -----------------------------------------------------------------

PYO3_SOURCE = """
use pyo3::prelude::*;

#[pymodule]
mod scratch {
    use pyo3::prelude::*;

    #[pyfunction]
    fn times(x: i64) -> i64 {
        FACTOR * x
    }

    #[pyfunction]
    fn give_up() {
        std::process::abort();
    }

    const FACTOR: i64 = 2;
}
"""


def test_a_pyo3_module_is_rebuilt_without_a_restart() -> None:
    if shutil.which("cargo") is None or importlib.util.find_spec("maturin") is None:
        unavailable("there is no cargo or no maturin to build a module with")
    with lab.worker("scratch", PYO3_SOURCE) as scratch:
        assert scratch.times(7) == 14
        with pytest.raises(lab.CompileError) as caught:
            scratch.rebuild(PYO3_SOURCE.replace("FACTOR * x", "FACTOR * lost"))
        assert "E0425" in str(caught.value)
        assert "lost" in str(caught.value)
        assert "maturin" not in str(caught.value)
        assert scratch.times(7) == 14
        scratch.rebuild(PYO3_SOURCE.replace("= 2", "= 3"))
        assert scratch.times(7) == 21
        with pytest.raises(lab.WorkerCrashError, match="SIGABRT"):
            scratch.give_up()
        assert scratch.times(1) == 3


def test_a_module_name_is_an_identifier() -> None:
    with pytest.raises(ValueError, match="'not a name'"):
        lab.worker("not a name", "")


def test_the_crates_are_those_of_this_checkout() -> None:
    manifest = tomllib.loads((ROOT / "kernels/python/Cargo.toml").read_text("utf-8"))
    assert {name: manifest["dependencies"][name] for name in PYO3_CRATES} == PYO3_CRATES


# --- figure -----------------------------------------------------------------------


def needs_matplotlib() -> None:
    if importlib.util.find_spec("matplotlib") is None:
        unavailable("there is no matplotlib to draw with")


def test_a_figure_is_drawn_light_and_dark_with_its_words() -> None:
    needs_matplotlib()
    calls = []

    def draw(axes: Any) -> None:
        calls.append(axes)
        axes.plot([0, 1], [0, 1])
        axes.set_title("title")

    figure = lab.figure(draw, alt='a "line" <rising>')
    assert len(calls) == 2
    for drawing in (figure.light, figure.dark):
        assert b"<svg" in drawing
    assert b"#1f2328" in figure.light
    assert b"#e6edf3" in figure.dark
    html = figure._repr_html_()
    assert html.count('alt="a &quot;line&quot; &lt;rising&gt;"') == 2
    assert html.count("data:image/svg+xml;base64,") == 2
    # The same call draws the same bytes, so that a page changes only with its content.
    again = lab.figure(draw, alt="")
    assert (again.light, again.dark) == (figure.light, figure.dark)


def test_a_figure_can_have_more_than_one_plot() -> None:
    needs_matplotlib()
    shapes = []
    lab.figure(lambda axes: shapes.append(axes.shape), alt="", nrows=2, ncols=3)
    assert shapes == [(2, 3), (2, 3)]
