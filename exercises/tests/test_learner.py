"""What a learner and an instructor do with the program, from the outside.

In a small checkout of its own, which borrows the judge and the environment of this one.
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import ROOT, WORKBOOK, descendants

REGISTRY = """
[[exercise]]
number = 1
name = "double"
title = "Double a number"
lesson = "lessons/double.md"
minutes = 1
language = "python"
points = 4
edit = ["answer.py"]
hints = ["Two of them.", "Write x + x."]
starter = { fails = "doubles", says = "TODO" }

[[exercise]]
number = 2
name = "triple"
title = "Triple a number"
lesson = "lessons/triple.md"
minutes = 1
language = "python"
points = 1
edit = ["answer.py"]
hints = ["Three of them.", "Write 3 * x."]
starter = { fails = "triples", says = "TODO" }
"""
DOUBLE_TESTS = '''"""Do not edit."""
from judge import test

@test(points=3, idea="Twice the number, <and> no more.")
def doubles(work):
    work.expect(work.call("answer.double", 21), 42)
'''
DOUBLE_HIDDEN = """from judge import test

@test(points=1, idea="Negative numbers have a double, too.")
def negative(work):
    work.expect(work.call("answer.double", -1234567), -2469134)
"""
TRIPLE_TESTS = '''"""Do not edit."""
from judge import test

@test(points=1, idea="Three times the number.")
def triples(work):
    work.expect(work.call("answer.triple", 2), 6)
'''
STARTER = "def double(x):\n    raise NotImplementedError('TODO')\n"
RIGHT = "def double(x):\n    return x + x\n"
#: Right for the open test, wrong for the hidden one, and it prints what it gets.
HALF = "def double(x):\n    print(x)\n    return 42\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A git checkout with two small exercises."""
    root = tmp_path / "checkout"
    files = {
        ".gitignore": ".workbook/\n/.venv\n/kernels\n/target\njudge\n",
        "exercises/exercises.toml": REGISTRY,
        "exercises/exercise1/README.md": "Double.\n",
        "exercises/exercise1/answer.py": STARTER,
        "exercises/exercise1/tests.py": DOUBLE_TESTS,
        "exercises/hidden/exercise1/tests.py": DOUBLE_HIDDEN,
        "exercises/wrong/exercise1/half/answer.py": HALF,
        "exercises/wrong/exercise1/half/expect.toml": (
            'base = "starter"\nfails = "negative"\nsays = "have a double, too"\n'
        ),
        "solutions/exercise1/answer.py": RIGHT,
        "exercises/exercise2/README.md": "Triple.\n",
        "exercises/exercise2/answer.py": STARTER.replace("double", "triple"),
        "exercises/exercise2/tests.py": TRIPLE_TESTS,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name in ("exercises/judge", ".venv", "kernels"):
        (root / name).symlink_to(ROOT / name)
    git = ["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "start"]):
        subprocess.run([*git, *command], check=True)
    return root


def workbook(checkout: Path, *arguments: str, code: int = 0) -> str:
    """Run the program; return all that it said."""
    run = subprocess.run(
        [WORKBOOK, "--root", checkout, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    said = run.stdout + run.stderr
    assert run.returncode == code, said
    return said


def answer(checkout: Path, text: str) -> None:
    """Save the learner's file of exercise 1."""
    (checkout / "exercises/exercise1/answer.py").write_text(text)


def test_a_learners_way(checkout: Path) -> None:
    said = workbook(checkout, "run", "1", code=1)
    assert "answer.double(21) raised NotImplementedError: TODO" in said
    assert "answer.py:2" in said
    assert "Twice the number" in said
    assert "0 of 4 points, 0 of 2 tests" in said

    said = workbook(checkout, "hint", "1")
    assert "Two of them" in said
    assert "x + x" not in said
    assert "x + x" in workbook(checkout, "hint", "1")

    assert "not passed yet" in workbook(checkout, "solution", "1", code=2)
    assert "return x + x" in workbook(checkout, "solution", "1", "--anyway")

    answer(checkout, HALF)
    said = workbook(checkout, "run", "1", code=1)
    assert "3 of 4 points, 1 of 2 tests" in said
    assert "a hidden test failed" in said
    assert "Negative numbers have a double, too." in said
    # What the hidden test passed, expected and got, and what was printed in it.
    assert "1234567" not in said
    assert "2469134" not in said

    answer(checkout, RIGHT)
    assert "4 of 4 points" in workbook(checkout, "run", "1")
    assert "return x + x" in workbook(checkout, "solution", "1")
    listed = workbook(checkout, "list").splitlines()
    assert listed[0].startswith("✓  1  Double a number")
    assert "4/4" in listed[0]

    answer(checkout, STARTER)
    workbook(checkout, "run", "1", code=1)
    assert "4/4" in workbook(checkout, "list"), "what was reached is kept"


def test_reset_keeps_what_it_replaces(checkout: Path) -> None:
    assert "already" in workbook(checkout, "reset", "1")
    answer(checkout, "mine = 1\n")
    said = workbook(checkout, "reset", "1")
    assert (checkout / "exercises/exercise1/answer.py").read_text() == STARTER
    kept = re.search(r"kept in (\S+)", said)
    assert kept
    assert (checkout / kept[1] / "answer.py").read_text() == "mine = 1\n"
    answer(checkout, "again = 1\n")
    workbook(checkout, "reset", "1")
    folders = list((checkout / "exercises/.workbook/kept").iterdir())
    assert {(folder / "answer.py").read_text() for folder in folders} == {
        "mine = 1\n",
        "again = 1\n",
    }


def test_damaged_progress_is_set_aside(checkout: Path) -> None:
    workbook(checkout, "hint", "1")
    state = checkout / "exercises/.workbook"
    (state / "progress.json").write_text("{ not json")
    assert "is damaged" in workbook(checkout, "list")
    assert (state / "progress.damaged.json").read_text() == "{ not json"


def test_bad_numbers_are_named(checkout: Path) -> None:
    assert "there is no exercise 7; there are 1, 2" in workbook(checkout, "run", "7", code=2)
    assert "is not in a checkout" in workbook(checkout.parent, "list", code=2)


def test_changed_tests_are_named(checkout: Path) -> None:
    answer(checkout, RIGHT)
    assert "tests.py is not as it was" not in workbook(checkout, "run", "1")
    tests = checkout / "exercises/exercise1/tests.py"
    tests.write_text(DOUBLE_TESTS.replace("42", "40 + 2"))
    assert "tests.py is not as it was" in workbook(checkout, "run", "1")


def test_output_into_a_pipe_that_closes(checkout: Path) -> None:
    run = subprocess.run(
        f"{WORKBOOK} --root {checkout} list | true; test ${{PIPESTATUS[0]}} -ne 101",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0
    assert "panicked" not in run.stderr


def test_reports(checkout: Path, tmp_path: Path) -> None:
    assert "nothing was graded yet" in workbook(checkout, "report", code=2)
    answer(checkout, HALF.replace("42", "41 # \\x00 & <b>"))
    workbook(checkout, "run", code=1)
    into = tmp_path / "report"
    workbook(checkout, "report", "--into", str(into))

    results = json.loads((into / "exercise1.json").read_text())
    assert (results["version"], results["status"], results["message"]) == (3, "fail", None)
    first, hidden = results["tests"]
    assert first["status"] == "fail"
    assert "expected: 42" in first["message"]
    assert "def doubles(work)" in first["test_code"]
    assert first["output"] == "21\n"
    assert first["points"] == {"earned": 0.0, "possible": 3.0}
    assert (hidden["test_code"], hidden["output"]) == (None, None)
    assert "1234567" not in json.dumps(results)

    suites = ElementTree.parse(into / "junit.xml").getroot()
    assert [suite.get("tests") for suite in suites] == ["2", "1"]
    assert [suite.get("failures") for suite in suites] == ["2", "1"]
    failure = suites[0][0][0]
    assert "idea: Twice the number, <and> no more." in str(failure.text)

    page = (into / "report.html").read_text()
    assert "Twice the number, &#60;and&#62; no more." in page
    assert "prefers-color-scheme: dark" in page
    assert "1234567" not in page


def test_verify_finds_what_is_wrong_with_an_exercise(checkout: Path) -> None:
    exercises = checkout / "exercises"
    assert "all claims hold" in workbook(checkout, "verify", "1")

    assert "exercises/hidden/exercise2/tests.py" in workbook(checkout, "verify", "2", code=2)

    (exercises / "wrong/exercise1/half/answer.py").write_text(RIGHT)
    said = workbook(checkout, "verify", "1", code=1)
    assert "✗ wrong answer half is caught" in said
    assert "negative passes" in said
    (exercises / "wrong/exercise1/half/answer.py").write_text(HALF)

    (checkout / "solutions/exercise1/answer.py").write_text(HALF)
    assert "✗ the solution passes in full" in workbook(checkout, "verify", "1", code=1)
    (checkout / "solutions/exercise1/answer.py").write_text(RIGHT)

    text = (exercises / "exercises.toml").read_text()
    (exercises / "exercises.toml").write_text(text.replace("points = 4", "points = 5"))
    assert "exercises.toml: 5; the tests: 4" in workbook(checkout, "verify", "1", code=1)
    (exercises / "exercises.toml").write_text(text.replace('says = "TODO"', 'says = "other"'))
    assert "does not say" in workbook(checkout, "verify", "1", code=1)


def test_the_learners_tree(checkout: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    answer(checkout, "not committed = 1\n")
    subprocess.run(["git", "-C", checkout, "checkout", "-q", "."], check=True)
    workbook(checkout, "release", str(tree))
    names = {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()}
    assert names == {
        ".gitignore",
        ".learners-tree",
        "exercises/exercises.toml",
        "exercises/exercise1/README.md",
        "exercises/exercise1/answer.py",
        "exercises/exercise1/tests.py",
        "exercises/exercise2/README.md",
        "exercises/exercise2/answer.py",
        "exercises/exercise2/tests.py",
        "exercises/.starters/exercise1/answer.py",
        "exercises/.starters/exercise2/answer.py",
        "exercises/.starters/exercise1/tests.py",
        "exercises/.starters/exercise2/tests.py",
    }
    for name in ("exercises/judge", ".venv", "kernels"):
        (tree / name).symlink_to(ROOT / name)
    answer(tree, RIGHT)
    said = workbook(tree, "run", "1")
    assert "3 of 3 points" in said
    assert "1 of the exercise's 4 points are for tests that your instructor has" in said
    assert "the solutions are not in this tree" in workbook(tree, "solution", "1", code=2)
    workbook(tree, "reset", "1")
    assert (tree / "exercises/exercise1/answer.py").read_text() == STARTER
    # Again into the same place, and never over a folder of somebody else's.
    workbook(checkout, "release", str(tree))
    other = tmp_path / "other"
    other.mkdir()
    assert "no learner's tree" in workbook(checkout, "release", str(other), code=2)


def test_the_tree_of_this_checkout_gives_no_answer_away(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so there is nothing to make a tree of")
    tree = tmp_path / "tree"
    workbook(ROOT, "release", str(tree))
    given = {path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    back: list[Path] = []
    for folder in ("solutions", "exercises/hidden", "exercises/wrong"):
        back += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        assert not (tree / folder).exists()
    # Cargo.toml and the like are the same in starter and solution: that is no answer.
    sources = [path for path in back if path.suffix in (".py", ".rs", ".c") and path.stat().st_size]
    starters = {path.read_bytes() for path in (tree / "exercises").glob("exercise*/**/*.*")}
    told = [path for path in sources if path.read_bytes() in given - starters]
    assert sources
    assert told == []


# ----------------------------------------------------------------- watch


class Terminal:
    """A terminal of 100 by 30, as far as the program uses one."""

    WIDTH, HEIGHT = 100, 30

    def __init__(self, checkout: Path, *arguments: str) -> None:
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(WORKBOOK, [str(WORKBOOK), "--root", str(checkout), "watch", *arguments])
        size = struct.pack("HHHH", self.HEIGHT, self.WIDTH, 0, 0)
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, size)
        self._cells = [[" "] * self.WIDTH for _ in range(self.HEIGHT)]
        self._row = self._column = 0
        self._rest = b""

    def keys(self, keys: str) -> None:
        """Press keys."""
        os.write(self._file, keys.encode())

    def until(self, text: str) -> str:
        """Read until this is on the screen; return the screen."""
        # Not a claim about time: a program that hangs must not hang the tests.
        for _ in range(1200):
            if text in self.screen():
                return self.screen()
            self._read()
        raise AssertionError(f"{text!r} is not on the screen:\n{self.screen()}")

    def screen(self) -> str:
        """What there is to see."""
        return "\n".join("".join(row).rstrip() for row in self._cells)

    def end(self) -> int:
        """Read to the end; return the exit status."""
        for _ in range(1200):
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self._file)
                return os.waitstatus_to_exitcode(status)
            self._read()
        raise AssertionError("the program does not end")

    def _read(self) -> None:
        if select.select([self._file], [], [], 0.1)[0]:
            try:
                self._rest += os.read(self._file, 65536)
            except OSError:  # the other side is closed
                time.sleep(0.1)
                return
            self._draw()

    def _draw(self) -> None:
        pattern = rb"\x1b\[([?0-9;]*)([A-Za-z])|\x1b[^\[]|[^\x1b]"
        text = self._rest.decode("utf-8", "surrogateescape")
        keep = re.search(r"\x1b(\[[?0-9;]*)?$|[\udc80-\udcff]+$", text)
        self._rest = text[keep.start() :].encode("utf-8", "surrogateescape") if keep else b""
        whole = text[: keep.start()] if keep else text
        for part in re.finditer(pattern.decode(), whole):
            if part[2] == "H":
                row, _, column = part[1].partition(";")
                self._row, self._column = int(row or 1) - 1, int(column or 1) - 1
            elif part[2] == "J":
                self._cells = [[" "] * self.WIDTH for _ in range(self.HEIGHT)]
            elif not part[0].startswith("\x1b") and part[0].isprintable():
                if self._row < self.HEIGHT and self._column < self.WIDTH:
                    self._cells[self._row][self._column] = part[0]
                self._column += 1


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    """Terminals of a test; what is left of them is ended."""
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        try:
            os.kill(terminal.pid, 9)
            os.waitpid(terminal.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


@pytest.mark.parametrize("poll", [False, True])
def test_watch(checkout: Path, terminals: list[Terminal], poll: bool) -> None:
    terminal = Terminal(checkout, *(["--poll"] if poll else []))
    terminals.append(terminal)
    screen = terminal.until("raised NotImplementedError: TODO")
    assert "1. Double a number" in screen
    assert "0 of 2 exercises" in screen
    assert ("you asked for it (--poll)" in screen) == poll

    terminal.keys("h")
    terminal.until("Hint 1 of 2: Two of them.")

    answer(checkout, "def double(x):\n    return x * x\n")
    screen = terminal.until("got       441")
    assert "expected  42" in screen
    assert "Twice the number" in screen

    answer(checkout, RIGHT)
    screen = terminal.until("passed: press n")
    assert "1 of 2 exercises" in screen

    terminal.keys("n")
    terminal.until("2. Triple a number")
    terminal.until("answer.triple(2) raised")
    terminal.keys("l")
    screen = terminal.until("All exercises")
    assert "✓  1. Double a number" in screen
    terminal.keys("kl")
    terminal.until("2. Triple a number")
    terminal.keys("r")
    terminal.until("answer.triple(2) raised")
    terminal.keys("q")
    assert terminal.end() == 0


def test_watch_ends_what_it_began(checkout: Path, terminals: list[Terminal]) -> None:
    answer(checkout, "while True:\n    pass\n")
    terminal = Terminal(checkout)
    terminals.append(terminal)
    terminal.until("grading")
    while len(descendants()) < 4:
        terminal.until("grading")
    terminal.keys("q")
    assert terminal.end() == 0
    assert descendants() == []


def test_watch_needs_a_terminal(checkout: Path) -> None:
    assert "watch needs a terminal" in workbook(checkout, "watch", code=2)
