"""`workbook collect`: a class of 200, graded on; killed and resumed; on a Dask cluster.

The class has an exercise of its own, small enough to grade by the hundred, in a
checkout of its own that borrows the judge and the environment of this one.
"""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKBOOK = ROOT / "target" / "debug" / "workbook"

REGISTRY = """
[[exercise]]
number = 1
name = "double"
title = "Double a number"
lesson = "lessons/none.md"
minutes = 1
language = "python"
points = 3
edit = ["answer.py"]
hints = ["Two of them.", "x + x"]
starter = { fails = "doubles", says = "wrong" }
"""
TESTS = """
# do not edit
from judge import test

@test(points=3, idea="Twice the number.")
def doubles(work):
    work.expect(work.call("answer.double", 21), 42)
"""
RIGHT = "def double(x):\n    return x + x\n"
WRONG = "def double(x):\n    return x * x\n"
CRASH = "import ctypes\n\ndef double(x):\n    return ctypes.string_at(0)\n"
#: A crash is run again under AddressSanitizer, so there are few of them.
KINDS = (RIGHT, WRONG, CRASH, *7 * (RIGHT, WRONG))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one small exercise."""
    root = tmp_path / "checkout"
    (root / "exercises" / "exercise1").mkdir(parents=True)
    (root / "exercises" / "exercises.toml").write_text(REGISTRY)
    (root / "exercises" / "exercise1" / "tests.py").write_text(TESTS)
    for name in ("exercises/judge", "exercises/cluster.py", ".venv", "kernels"):
        (root / name).symlink_to(ROOT / name)
    return root


def make_class(folder: Path, size: int) -> None:
    for number in range(size):
        work = folder / f"learner{number:03}" / "exercise1"
        work.mkdir(parents=True)
        (work / "answer.py").write_text(KINDS[number % len(KINDS)])


def command(checkout: Path, folder: Path, into: Path, *more: str) -> list[str]:
    collect = [str(WORKBOOK), "--root", str(checkout), "collect", str(folder)]
    return [*collect, "--grade", "--into", str(into), *more]


def rows(into: Path) -> list[dict[str, str]]:
    with (into / "board.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def assert_board(into: Path, size: int) -> None:
    """Every learner once, each with the points of what they handed in."""
    found = {row["learner"]: float(row["points"]) for row in rows(into)}
    assert len(rows(into)) == len(found) == size
    for number in range(size):
        right = KINDS[number % len(KINDS)] == RIGHT
        assert found[f"learner{number:03}"] == (3.0 if right else 0.0)
    page = (into / "board.html").read_text()
    assert all(f">{learner}<" in page for learner in found)


def graded(into: Path) -> list[Path]:
    return sorted((into / "graded").glob("*/exercise1.json"))


def until(done: Callable[[], bool], process: subprocess.Popen[str], seconds: float = 300) -> None:
    """Wait for something to happen while a process runs."""
    end = time.monotonic() + seconds
    while not done():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def test_two_hundred_are_graded_killed_and_resumed(checkout: Path, tmp_path: Path) -> None:
    size = 200
    make_class(tmp_path / "class", size)
    into = tmp_path / "collected"
    line = command(checkout, tmp_path / "class", into)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    first = subprocess.Popen(line, **pipes)  # type: ignore[call-overload]
    until(lambda: len(graded(into)) >= 25, first)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    before = {path: path.stat().st_mtime_ns for path in graded(into)}
    assert 25 <= len(before) < size

    second = subprocess.run(line, capture_output=True, text=True, check=True)
    assert f"{len(before)} graded before and unchanged" in second.stdout
    assert f"{size}/{size} graded" in second.stdout
    assert_board(into, size)
    for path, written in before.items():
        assert path.stat().st_mtime_ns == written, f"{path} was graded again"

    # A learner hands in anew: that one is graded again, and no other.
    (tmp_path / "class" / "learner001" / "exercise1" / "answer.py").write_text(RIGHT)
    third = subprocess.run(line, capture_output=True, text=True, check=True)
    assert f"{size - 1} graded before" in third.stdout
    assert {row["learner"]: row["points"] for row in rows(into)}["learner001"] == "3.0"


def test_without_grading_the_learners_own_results_are_shown(checkout: Path, tmp_path: Path) -> None:
    (checkout / "exercises" / "exercise1" / "answer.py").write_text(RIGHT)
    subprocess.run([WORKBOOK, "--root", checkout, "run", "1"], check=True, capture_output=True)
    into = tmp_path / "collected"
    line = [WORKBOOK, "--root", checkout, "collect", checkout, "--into", into]
    shown = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    assert "as the learners' own programs report" in shown
    (row,) = rows(into)
    assert (row["learner"], row["points"], row["passed"]) == ("checkout", "3.0", "true")


def test_what_is_no_class_is_refused(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    line = command(checkout, tmp_path / "empty", tmp_path / "collected")
    ended = subprocess.run(line, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "holds no learner's folder" in ended.stderr


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler and two worker processes of one thread; address and workers."""
    environment = {**os.environ, "DASK_DISTRIBUTED__ADMIN__EVENT_LOOP": "tornado"}
    address = tmp_path / "scheduler.json"
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> None:
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
                env=environment,
            )
        )

    try:
        start(
            "dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            str(address),
        )
        until(address.is_file, started[0], 60)
        for name in ("one", "two"):
            start(
                "dask_worker",
                "--scheduler-file",
                str(address),
                "--nworkers",
                "1",
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
                "--name",
                name,
                "--local-directory",
                str(tmp_path / name),
            )
        yield json.loads(address.read_text())["address"], started[1:]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def test_a_dask_cluster_grades_them_and_loses_a_worker(
    checkout: Path, tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[str]]]
) -> None:
    size = 40
    make_class(tmp_path / "class", size)
    into = tmp_path / "collected"
    address, workers = cluster
    line = command(checkout, tmp_path / "class", into, "--dask", address)
    collecting = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    until(lambda: len(graded(into)) >= size // 4, collecting)
    workers[0].kill()
    workers[0].wait()
    assert len(graded(into)) < size, "it was done before the worker was lost"
    output, _ = collecting.communicate(timeout=300)
    assert collecting.returncode == 0, output
    assert_board(into, size)


def test_a_scheduler_that_is_not_there_is_said(checkout: Path, tmp_path: Path) -> None:
    make_class(tmp_path / "class", 2)
    line = command(checkout, tmp_path / "class", tmp_path / "into", "--dask", "tcp://127.0.0.1:9")
    ended = subprocess.run(line, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in ended.stderr
