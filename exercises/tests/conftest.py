"""Grades folders made by a test, with the real program, and counts what is left running."""

import contextlib
import ctypes
import json
import os
import subprocess
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKBOOK = ROOT / "target/debug/workbook"

#: Two tests of code that is fine stand around the one under attack.
TESTS = """
from judge import build, test

{build}

@test(points=1, idea="first", needs=[])
def first(work):
    work.expect(work.call("fine.answer"), 42)


@test(points=2, idea="the idea of the attack", seconds={seconds})
def attacked(work):
    {body}


@test(points=1, idea="last", needs=[])
def last(work):
    work.expect(work.call("fine.answer"), 42)
"""


@dataclass
class Graded:
    """What the program said."""

    outcome: dict[str, Any]
    stderr: str

    def test(self, name: str) -> dict[str, Any]:
        """Return the result of one test."""
        return next(test for test in self.outcome["tests"] if test["name"] == name)

    @property
    def attacked(self) -> dict[str, Any]:
        """The failure of the test under attack."""
        failure = self.test("attacked")["failure"]
        assert failure is not None, "the attacked test passed"
        return failure

    def told(self) -> str:
        """All that the learner reads about the attacked test."""
        failure = self.attacked
        lines = [f"{line['file']}:{line['line']}" for line in failure["where"]]
        parts = [failure["message"], failure["expected"], failure["got"], failure["details"]]
        return "\n".join(str(part) for part in [*parts, *lines])


def descendants() -> list[int]:
    """Return all processes below this one. Dead ones that came to us are buried first."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(text.rpartition(")")[2].split()[1])
    found = [os.getpid()]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found[1:]


@pytest.fixture(scope="session", autouse=True)
def _orphans_come_to_us() -> None:
    """Become the parent of every orphan below, so that none can be missed."""
    set_child_subreaper = 36
    assert ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0) == 0


def grade_folder(
    folder: Path, tests: Path, *options: str, before: Sequence[str] = (), timeout: float = 300
) -> Graded:
    """Grade a folder with these tests; nothing may be left running.

    ``before`` is what stands before the command, to run it as somebody else.
    """
    others = set(descendants())
    run = subprocess.run(
        [
            *before,
            *[WORKBOOK, "--root", ROOT, *options],
            *["grade", "--exercise", "1", "--tests", tests, folder],
        ],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    left = [pid for pid in descendants() if pid not in others]
    names = [Path(f"/proc/{pid}/stat").read_text() for pid in left]
    assert not left, f"still running: {names}"
    assert run.returncode in (0, 1), run.stderr
    return Graded(json.loads(run.stdout), run.stderr)


class Attack:
    """Writes a submission and grades it."""

    def __init__(self, folder: Path, isolation: str | None) -> None:
        self.folder = folder / "submission"
        self.folder.mkdir()
        self.tests = folder / "tests.py"
        self.options = ["--isolation", isolation] if isolation else []

    def write(self, name: str, text: str) -> None:
        """Write a file of the submission."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))

    def __call__(
        self,
        python: str = "",
        *,
        body: str = 'work.expect(work.call("victim.attack"), 42)',
        build: str = "",
        seconds: float = 5,
        bystanders: bool = True,
    ) -> Graded:
        """Grade ``victim.py``; the two tests around it must be graded and pass."""
        self.write("fine.py", "def answer():\n    return 42\n")
        self.write("victim.py", python)
        body = textwrap.indent(textwrap.dedent(body).strip(), "    ").lstrip()
        build = textwrap.dedent(build)
        self.tests.write_text(TESTS.format(build=build, body=body, seconds=seconds))
        graded = grade_folder(self.folder, self.tests, *self.options)
        assert [test["name"] for test in graded.outcome["tests"]] == ["first", "attacked", "last"]
        if bystanders:
            assert graded.test("first")["failure"] is None
            assert graded.test("last")["failure"] is None
        return graded


@pytest.fixture
def attack(tmp_path: Path) -> Attack:
    """Grade hostile submissions behind the strongest walls there are."""
    return Attack(tmp_path, None)
