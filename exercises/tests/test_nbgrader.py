"""The assignment notebooks, through all of nbgrader: a full, an empty, a crashing submission.

Every command is the real one, in a course folder made anew from the exercises.
"""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).resolve().parents[2]
WORKBOOK = ROOT / "target" / "debug" / "workbook"
NAMES = ("exercise1", "exercise2", "exercise3")

Nbgrader = Callable[..., str]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    make = ROOT / "exercises" / "assignments" / "make.py"
    subprocess.run([sys.executable, make, "--workbook", WORKBOOK, folder], check=True)
    return folder


@pytest.fixture(scope="module")
def nbgrader(course: Path) -> Nbgrader:
    def run(*words: str, status: int = 0) -> str:
        environment = {**os.environ, "FFI_WORKBOOK_ROOT": str(ROOT)}
        # nbgrader starts other programs of its environment by name.
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
        # The course's settings, and none of the person who runs this.
        environment["JUPYTER_CONFIG_DIR"] = str(course / "no-settings")
        ended = subprocess.run(
            [sys.executable, "-m", "nbgrader", *words],
            cwd=course,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert ended.returncode == status, ended.stdout
        return ended.stdout

    return run


@pytest.fixture(scope="module")
def generated(course: Path, nbgrader: Nbgrader) -> Path:
    for name in NAMES:
        nbgrader("generate_assignment", name)
    return course


def notebook(folder: Path, name: str) -> nbformat.NotebookNode:
    return nbformat.read(folder / name / f"{name}.ipynb", as_version=4)


@pytest.mark.parametrize("name", NAMES)
def test_the_learners_version_has_the_starter_and_no_hidden_test(
    generated: Path, name: str
) -> None:
    cells = notebook(generated / "release", name).cells
    text = "\n".join(cell.source for cell in cells)
    hidden = (ROOT / "exercises" / "hidden" / name / "tests.py").read_text()
    assert "HIDDEN" not in text
    for line in hidden.splitlines():
        if line.startswith("def "):
            assert line.split("(")[0].removeprefix("def ") not in text
    written = [cell for cell in cells if cell.source.startswith("%%writefile")]
    assert written
    for cell in written:
        first, _, body = cell.source.partition("\n")
        starter = ROOT / "exercises" / name / first.removeprefix("%%writefile ")
        assert body == starter.read_text().rstrip()
    assert not any("starter" in cell.metadata for cell in cells)


def test_validate_tells_a_solution_from_a_starter(generated: Path, nbgrader: Nbgrader) -> None:
    for name in NAMES:
        solution = nbgrader("validate", f"source/{name}/{name}.ipynb")
        assert "Success! Your notebook passes all the tests." in solution
    starter = nbgrader("validate", "release/exercise1/exercise1.ipynb")
    assert "VALIDATION FAILED" in starter
    assert "TODO" in starter


def test_autograde_feedback_and_export(generated: Path, nbgrader: Nbgrader) -> None:
    hand_in(generated)
    for name in NAMES:
        nbgrader("autograde", name, "--create")
        nbgrader("generate_feedback", name)
    nbgrader("export", "--to", "grades.csv")
    with (generated / "grades.csv").open(newline="") as file:
        rows = {(row["student_id"], row["assignment"]): row for row in csv.DictReader(file)}
    assert len(rows) == 5 * len(NAMES)
    for name in NAMES:
        most = float(rows["full", name]["max_score"])
        score = {
            student: float(rows[student, name]["score"]) for student, each in rows if each == name
        }
        assert most > 0
        # A stray line on standard error costs nothing, nor does a cell of the
        # learner's own that ends the kernel.
        assert score["full"] == score["stray"] == score["kernel"] == most
        # The starter has no points; code that crashes has none for what it crashes.
        assert score["empty"] == 0
        assert score["crash"] < most

    page = (generated / "feedback" / "kernel" / "exercise1" / "exercise1.html").read_text()
    assert "this cell ended the kernel" in page
    page = (generated / "feedback" / "crash" / "exercise1" / "exercise1.html").read_text()
    assert "SIGSEGV" in page
    page = (generated / "feedback" / "empty" / "exercise1" / "exercise1.html").read_text()
    assert "TODO" in page


def hand_in(course: Path) -> None:
    """Five learners hand in all assignments."""
    for name in NAMES:
        for student in ("full", "stray", "kernel", "crash"):
            shutil.copytree(course / "source" / name, course / "submitted" / student / name)
        shutil.copytree(course / "release" / name, course / "submitted" / "empty" / name)

        change(course, "stray", name, graded_cell_warns)
        change(course, "kernel", name, cell_ends_the_kernel)
        change(course, "crash", name, files_crash)


def change(
    course: Path, student: str, name: str, how: Callable[[nbformat.NotebookNode], None]
) -> None:
    folder = course / "submitted" / student
    changed = notebook(folder, name)
    how(changed)
    nbformat.write(changed, folder / name / f"{name}.ipynb")


def graded_cell_warns(changed: nbformat.NotebookNode) -> None:
    """A thread writes to standard error for as long as the notebook runs."""
    noise = (
        "import sys, threading, time\n"
        "def talk():\n"
        "    while True:\n"
        "        print('a stray line', file=sys.stderr, flush=True)\n"
        "        time.sleep(0.2)\n"
        "threading.Thread(target=talk, daemon=True).start()"
    )
    changed.cells.insert(1, new_code_cell(noise))


def cell_ends_the_kernel(changed: nbformat.NotebookNode) -> None:
    changed.cells.insert(1, new_code_cell("import ctypes\nctypes.string_at(0)"))


def files_crash(changed: nbformat.NotebookNode) -> None:
    """The learner's own files read address 0 when they are used."""
    for cell in changed.cells:
        if cell.source.startswith("%%writefile"):
            cell.source += "\n\nimport ctypes\n\nctypes.string_at(0)\n"
