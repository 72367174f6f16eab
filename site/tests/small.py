"""A small book in a folder of its own: the real site/ with a few pages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FRONT = """\
---
file_format: mystnb
kernelspec:
  name: {name}
  display_name: {display}
teaching: 5
exercises: 5
---

"""
PYTHON = FRONT.format(name="python3", display="Python 3")
RUST = FRONT.format(name="rust", display="Rust")

#: A page whose every part is in order.
INDEX = "# A small book\n\nIt has a few pages.\n"


def make(root: Path, pages: dict[str, str]) -> Path:
    """Write the book's sources into ``root``. Names of pages have no suffix."""
    shutil.copytree(ROOT / "site", root / "site", ignore=shutil.ignore_patterns("tests", "__*"))
    shutil.copy(ROOT / "_config.yml", root)
    shutil.copytree(ROOT / "fig" / "records", root / "fig" / "records")
    (root / "target").mkdir()
    (root / "target" / "bundles").symlink_to(ROOT / "target" / "bundles")
    (root / "kernels").symlink_to(ROOT / "kernels")
    pages = {"lessons/index": INDEX, **pages}
    for name, text in pages.items():
        path = root / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "notebooks").mkdir(exist_ok=True)
    files = "".join(f"  - file: {name}\n" for name in pages if name != "lessons/index")
    contents = "root: lessons/index\n" + (f"entries:\n{files}" if files else "")
    (root / "_toc.yml").write_text(contents, encoding="utf-8")
    return root


def build(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Build the book as `make book` does, into ``root/target/book``."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", "site"]
    return subprocess.run(
        [*command, *options, ".", "target/book"],
        cwd=root,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
