"""Make nbgrader's course folder: exercises 1 to 3 as assignment notebooks.

Nothing is written twice: the text is the exercise's README, the cells are its
files (the solution's in the instructor's version, the starter's in the learner's),
and each graded cell is one of its tests, run by the same judge with the same points.

    python exercises/assignments/make.py --workbook target/debug/workbook target/nbgrader
"""

import argparse
import json
import re
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

#: The exercises that instructors use with nbgrader: the course's classics.
NUMBERS = (1, 2, 3)


def notebook(exercise: dict[str, Any], tests: list[dict[str, Any]]) -> nbformat.NotebookNode:
    """Return the instructor's notebook of an exercise: solution and all tests."""
    number = exercise["number"]
    folder = ROOT / "exercises" / f"exercise{number}"
    cells = [
        new_markdown_cell(
            readme(folder / "README.md"), id="readme", metadata=read_only("readme", "markdown")
        )
    ]
    cells.append(new_code_cell("from grading import grade", id="tools"))
    cells[-1].metadata = read_only("tools", "code")
    for name in exercise["edit"]:
        solved = ROOT / "solutions" / folder.name / name
        starter = folder / name
        identity = re.sub(r"\W", "-", name)
        cell = new_code_cell(writefile(name, solved), id=identity)
        cell.metadata = {
            "nbgrader": {**plain(identity, "code"), "solution": True},
            "starter": writefile(name, starter),
        }
        cells.append(cell)
    for test in tests:
        call = f"grade({number}, {test['name']!r})"
        if test["hidden"]:
            call = f"### BEGIN HIDDEN TESTS\n{call}\n### END HIDDEN TESTS"
        else:
            call = f"# {test['idea']}\n{call}"
        identity = test["name"].replace("_", "-")
        cell = new_code_cell(call, id=identity)
        cell.metadata = {
            "nbgrader": {
                **plain(identity, "code"),
                "grade": True,
                "locked": True,
                "points": test["points"],
            }
        }
        cells.append(cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def plain(identity: str, cell_type: str) -> dict[str, Any]:
    return {
        "schema_version": 3,
        "grade_id": identity,
        "cell_type": cell_type,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
    }


def read_only(identity: str, cell_type: str) -> dict[str, Any]:
    return {"nbgrader": {**plain(identity, cell_type), "locked": True}}


def readme(path: Path) -> str:
    """Return the README; its links to other files become plain words."""
    return re.sub(r"\[([^\]]+)\]\((?!http)[^)]+\)", r"\1", path.read_text(encoding="utf-8"))


def writefile(name: str, path: Path) -> str:
    return f"%%writefile {name}\n{path.read_text(encoding='utf-8').rstrip()}"


def tests_of(workbook: Path, number: int) -> list[dict[str, Any]]:
    """Return the tests of an exercise as the judge names them, by grading its solution."""
    name = f"exercise{number}"
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "exercises" / name, folder, dirs_exist_ok=True)
        shutil.copytree(ROOT / "solutions" / name, folder, dirs_exist_ok=True)
        command = [workbook, "--root", ROOT, "grade", "--exercise", str(number), folder]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SystemExit(f"the solution of {name} does not pass:\n{ended.stdout}\n{ended.stderr}")
    tests: list[dict[str, Any]] = json.loads(ended.stdout)["tests"]
    return tests


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("course", type=Path, help="the folder to make")
    parser.add_argument("--workbook", type=Path, required=True, help="the program workbook")
    options = parser.parse_args()
    workbook = options.workbook.resolve()
    with (ROOT / "exercises" / "exercises.toml").open("rb") as file:
        exercises = {each["number"]: each for each in tomllib.load(file)["exercise"]}
    for number in NUMBERS:
        name = f"exercise{number}"
        source = options.course / "source" / name
        shutil.rmtree(source, ignore_errors=True)
        # The files that a learner does not edit lie beside the notebook as they are.
        edited = {*exercises[number]["edit"], "README.md", "tests.py"}
        shutil.copytree(ROOT / "exercises" / name, source, ignore=shutil.ignore_patterns(*edited))
        shutil.copy(HERE / "grading.py", source)
        made = notebook(exercises[number], tests_of(workbook, number))
        nbformat.validate(made)
        nbformat.write(made, source / f"{name}.ipynb")
        print(f"{source / name}.ipynb")
    for name in ("nbgrader_config.py", "preprocessors.py"):
        shutil.copy(HERE / name, options.course)


if __name__ == "__main__":
    main()
