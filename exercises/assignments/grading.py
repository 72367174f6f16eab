"""What the graded cells call: the workbook's own judge, on the files in this folder.

The judge runs the files in a sandbox and not in this notebook, so a crash there
costs the points of its test and nothing else.
"""

import hashlib
import json
import os
import subprocess
import textwrap
from pathlib import Path

#: The outcome for each state of the folder: graded once, asked by every cell.
_outcomes: dict[str, dict] = {}


class WrongError(AssertionError):
    """A test failed. Notebooks show its words, and not the way through this file."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


def grade(exercise: int, test: str) -> None:
    """Raise WrongError, with what is wrong and the idea, if the test fails."""
    found = {result["name"]: result for result in outcome(exercise)["tests"]}
    failure = found[test]["failure"]
    if failure is None:
        print(f"passed: {test.replace('_', ' ')}")
        return
    lines = [failure["message"]]
    lines += [f"{key}: {failure[key]}" for key in ("expected", "got") if failure[key]]
    lines += [f"at {place['file']}:{place['line']}" for place in failure["where"]]
    lines += [failure["details"]] if failure["details"] else []
    lines.append(f"idea: {found[test]['idea']}")
    # nbgrader cuts long lines off.
    every = "\n".join(lines).splitlines()
    raise WrongError(
        "\n".join(textwrap.fill(each, 80) if len(each) > 80 else each for each in every)
    )


def outcome(exercise: int) -> dict:
    """Return what `workbook grade` says of this folder."""
    digest = hashlib.sha256()
    for path in sorted(Path().glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    state = digest.hexdigest()
    if state not in _outcomes:
        root = checkout()
        command = [program(root), "--root", root, "grade", "--exercise", str(exercise), "."]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if not ended.stdout:
            raise RuntimeError(f"the judge gave no answer: {ended.stderr.strip()}")
        _outcomes[state] = json.loads(ended.stdout)
    return _outcomes[state]


def checkout() -> Path:
    """Return the workbook's folder: $FFI_WORKBOOK_ROOT, or the one this folder is in."""
    named = os.environ.get("FFI_WORKBOOK_ROOT")
    candidates = [Path(named)] if named else [*Path.cwd().parents]
    for folder in candidates:
        if (folder / "exercises" / "exercises.toml").is_file():
            return folder
    raise RuntimeError("the workbook was not found: set FFI_WORKBOOK_ROOT to its folder")


def program(root: Path) -> Path:
    """Return the newest build of the program `workbook`."""
    built = [path for path in root.glob("target/*/workbook") if path.is_file()]
    if not built:
        raise RuntimeError(f"`workbook` is not built: run `make workbook` in {root}")
    return max(built, key=lambda path: path.stat().st_mtime)
