"""Compile a text into a library or a module under a name that was never used before.

A process that has opened a library keeps it: opening the same file again gives the
same, old one. So each build gets a file of its own, and what was opened before stays
good. All of them are removed when this Python ends.
"""

import atexit
import itertools
import os
import shlex
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from ..library import cache_dir

#: The crates of a module that is built from a text, as in kernels/python/Cargo.toml.
PYO3_CRATES = {"numpy": "0.30.0", "pyo3": "0.30.1"}
#: Beside it, Cargo takes the versions that this checkout pins.
_LOCK = Path(__file__).parents[4] / "Cargo.lock"

_numbers = itertools.count(1)


class CompileError(Exception):
    """The compiler refused a source; the message is the compiler's own words."""


def c_library(source: str, *flags: str) -> Path:
    """Compile C source into a shared library with a fresh name, and return its path.

    The compiler is $CC or cc; ``flags`` are added to its command, after the
    source, so ``"-lm"`` works. Warnings are printed. Raises CompileError.
    """
    compiler = shlex.split(os.environ.get("CC", "cc"))
    options = ["-shared", "-fPIC", "-O2", "-Wall", "-fdiagnostics-color=never"]
    folder = _fresh_folder()
    (folder / "source.c").write_text(source, encoding="utf-8")
    output = f"libsource{_suffix()}"
    _show(_compile([*compiler, *options, "source.c", "-o", output, *flags], folder))
    return folder / output


def rust_library(source: str, *flags: str) -> Path:
    """Compile Rust source into a shared library with a fresh name, and return its path.

    The source is one crate of the edition 2024 that uses nothing but the standard
    library; ``flags`` are added to the command of rustc. Warnings are printed.
    Raises CompileError.
    """
    options = ["--crate-type=cdylib", "--edition=2024", "-Copt-level=2", "--color=never"]
    folder = _fresh_folder()
    (folder / "source.rs").write_text(source, encoding="utf-8")
    output = f"libsource{_suffix()}"
    _show(_compile(["rustc", *options, "source.rs", "-o", output, *flags], folder))
    return folder / output


def pyo3_module(name: str, source: str | Path) -> Path:
    """Build the PyO3 module ``name`` with maturin, and return a fresh folder that holds it.

    ``source`` is the Rust text of the whole module, or the folder of a project that
    maturin builds. A text may use pyo3 and numpy. The crates are compiled once and kept
    in the cache of this package. Raises CompileError.
    """
    if not name.isidentifier():
        raise ValueError(f"the name {name!r} must be a Python identifier")
    project = source if isinstance(source, Path) else _project(name, source)
    folder = _fresh_folder()
    command = [sys.executable, "-m", "maturin", "build", "--quiet", "--release"]
    environment = {
        "CARGO_TARGET_DIR": str(cache_dir() / "lab-target"),
        "CARGO_TERM_COLOR": "never",
        # maturin finds the interpreter by this.
        "VIRTUAL_ENV": sys.prefix,
    }
    python = ["--interpreter", sys.executable]
    try:
        words = _compile([*command, *python, "--out", str(folder)], project.resolve(), environment)
    except CompileError as error:
        # What the compiler said, when it said something, and not how it was called.
        words, _, _ = str(error).partition("\N{COLLISION SYMBOL}")
        raise CompileError(_of_rustc(words) or str(error)) from None
    _show(_of_rustc(words))
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(folder)
        wheel.unlink()
    return folder


def _project(name: str, source: str) -> Path:
    """Write the Cargo project of a one-file module, and return its folder."""
    folder = _fresh_folder()
    dependencies = "".join(
        f'{crate} = "{version}"\n' for crate, version in PYO3_CRATES.items() if crate in source
    )
    texts = {
        "Cargo.toml": f"""\
[package]
name = "{name}"
version = "0.0.0"
edition = "2024"

[lib]
name = "{name}"
crate-type = ["cdylib"]
path = "source.rs"

[dependencies]
{dependencies}
[workspace]
""",
        "pyproject.toml": f"""\
[build-system]
requires = ["maturin>=1,<2"]
build-backend = "maturin"

[project]
name = "{name}"
version = "0.0.0"
""",
        "source.rs": source,
    }
    if _LOCK.is_file():  # it is not, where the package came as a wheel
        texts["Cargo.lock"] = _LOCK.read_text(encoding="utf-8")
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


@cache
def _builds() -> Path:
    """Return the folder of all builds of this process."""
    folder = tempfile.TemporaryDirectory(prefix="ffi-workbook-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _fresh_folder() -> Path:
    folder = _builds() / str(next(_numbers))
    folder.mkdir()
    return folder


def _suffix() -> str:
    return ".dylib" if sys.platform == "darwin" else sysconfig.get_config_var("SHLIB_SUFFIX") or ""


def _compile(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> str:
    """Run a compiler in ``folder`` and return what it wrote. Raises CompileError with that."""
    try:
        finished = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        raise CompileError(f"there is no {command[0]} on the PATH: is it installed?") from None
    if finished.returncode != 0:
        raise CompileError(finished.stdout.strip() or f"{command[0]} failed without a word")
    return finished.stdout


def _of_rustc(words: str) -> str:
    """Leave out maturin's own lines, which start with a picture."""
    lines = words.splitlines()
    return "\n".join(line for line in lines if not line or line[0].isascii()).strip()


def _show(warnings: str) -> None:
    if warnings.strip():
        print(warnings.strip(), file=sys.stderr)
