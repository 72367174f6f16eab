"""What makes the build of the book red: each fault is made on purpose, and seen."""

import json
from pathlib import Path

import pytest
import small

CELL = """# Try it

```{{code-cell}} python
{code}
```
"""

#: A fault's name, the page that has it, and a part of the message that tells of it.
FAULTS = {
    "a cell raises": (
        small.PYTHON + CELL.format(code='raise OSError("on purpose")'),
        "lessons/page.md: WARNING: Executing notebook failed: CellExecutionError",
    ),
    "a dead link": ("# Try it\n\n[there](no-such-page.md)\n", "no-such-page.md"),
    "a dead anchor": ("# Try it\n\n[there](index.md#no-such-part)\n", "no-such-part"),
    "a word that the glossary has not": ("# Try it\n\n{term}`frobnicate`\n", "frobnicate"),
    "a number that is not measured": (
        "# Try it\n\n{time}`noop no-such-mode`\n",
        "has no 'noop' in mode 'no-such-mode'",
    ),
    "a typed number": ("# Try it\n\nIt takes 40 ns.\n", "'40 ns' is a number"),
    "an order that the data does not show": (
        "# Try it\n\n{order}`Slow is fast <noop: ctypes < pyo3>`\n",
        "does not show it",
    ),
    "a typed order": ("# Try it\n\nPyO3 is faster than ctypes.\n", "claims an order"),
    "a lesson without its parts": ("LESSON", "this lesson has no keypoints"),
    "a diagram without words": (
        "# Try it\n\n```{diagram} sample.svg\n```\n",
        "a diagram needs :alt:",
    ),
}


def test_a_page_in_order_is_green(small_book: Path) -> None:
    html = (small_book / "target/book/lessons/01-sample.html").read_text(encoding="utf-8")
    assert "the answer is 42.0" in html
    assert "math domain error" in html


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_red(tmp_path: Path, fault: str) -> None:
    text, message = FAULTS[fault]
    name = "lessons/page"
    if text == "LESSON":
        name, text = "lessons/01-page", small.PYTHON + "# Try it\n"
    small.make(tmp_path, {name: text})
    (tmp_path / "lessons" / "sample.svg").write_text("<svg></svg>", encoding="utf-8")
    done = small.build(tmp_path)
    assert done.returncode != 0
    assert message in done.stderr + done.stdout


def test_a_number_that_went_stale_is_red(tmp_path: Path) -> None:
    """A page that nobody touched is read anew when the race under it has changed."""
    claim = "# Try it\n\n{order}`PyO3 is first <noop: pyo3 < ctypes>` ({time}`noop pyo3`)\n"
    small.make(tmp_path, {"lessons/page": claim})
    assert small.build(tmp_path).returncode == 0
    record = max((tmp_path / "fig" / "records").glob("*/race.json"))
    data = json.loads(record.read_text(encoding="utf-8"))
    for row in data["measurements"]:
        if (row["case"], row["mode"]) == ("noop", "pyo3"):
            row["median"] *= 1000
            row["process_medians"] = [1000 * value for value in row["process_medians"]]
    (tmp_path / "fig" / "race.json").write_text(json.dumps(data), encoding="utf-8")
    done = small.build(tmp_path)
    assert done.returncode != 0
    assert "fig/race.json does not show it" in done.stderr
