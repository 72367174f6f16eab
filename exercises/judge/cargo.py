"""Builds a learner's Rust crate: offline, in a sandbox, with dependencies built before.

Dependencies are compiled once for each Cargo.toml and Cargo.lock, into a template.
Each grading works on a copy of it, so that no submission can leave anything in what
the next one is built with.
"""

import functools
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .endings import Failure

#: This many errors of the compiler are shown in full.
_SHOWN = 3


@dataclass
class Built:
    """What cargo reported."""

    errors: list[str] = field(default_factory=list)
    artifacts: list[dict[str, Any]] = field(default_factory=list)

    def lines(self) -> list[dict[str, Any]]:
        """Return the place of the first error, as a list of at most one line."""
        for error in self.errors:
            if found := re.search(r"--> ([^:\n]+):(\d+):\d+", error):
                return [{"file": found[1], "line": int(found[2]), "code": ""}]
        return []


@functools.cache
def toolchain() -> tuple[Path, Path]:
    """Return the folder of the Rust toolchain and that of cargo's registry."""
    run = subprocess.run(
        ["rustc", "--print", "sysroot"], capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise Failure("rustc cannot be run: install Rust", details=run.stderr, kind="error")
    home = os.environ.get("CARGO_HOME") or Path.home() / ".cargo"
    return Path(run.stdout.strip()), Path(home)


def environment() -> dict[str, str]:
    """Return what cargo needs to know inside."""
    sysroot, home = toolchain()
    return {
        "PATH": str(sysroot / "bin"),
        "CARGO_HOME": str(home),
        "CARGO_TERM_COLOR": "never",
        "PYO3_PYTHON": sys.executable,
        # An extension module gets Python's functions from the Python that loads it.
        "PYO3_BUILD_EXTENSION_MODULE": "1",
        # maturin sets this one; with another value PyO3 would be compiled anew for it.
        "PYO3_ENVIRONMENT_SIGNATURE": _signature(),
    }


def _signature() -> str:
    """Return what maturin calls this interpreter."""
    version = ".".join(map(str, sys.version_info[:2]))
    return f"{sys.implementation.name}-{version}-{8 * struct.calcsize('P')}bit"


def readable() -> list[str]:
    """Return the folders that cargo reads."""
    sysroot, home = toolchain()
    return [str(path) for path in (sysroot, home / "registry", home / "git") if path.is_dir()]


def _manifest(crate: Path) -> str:
    """Return the Cargo.toml of an empty crate with the same dependencies and profiles."""
    path = crate / "Cargo.toml"
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Failure("Cargo.toml cannot be read", got=str(error)) from None
    parts = [
        "[package]",
        'name = "template"',
        'version = "0.0.0"',
        'edition = "2024"',
        "[workspace]",
    ]
    for name in ("dependencies", "build-dependencies", "target", "profile"):
        if name in said:
            value = _of_dependencies(said[name]) if name == "profile" else said[name]
            parts.insert(0, f"{name} = {_inline(value)}")
    return "\n".join(parts) + "\n"


def _of_dependencies(profiles: Any) -> Any:
    """Return what profiles say of dependencies.

    What ``package."*"`` sets, a profile itself says of the learner's crate alone. So a
    learner may try another ``opt-level`` there, and the dependencies stay as they are.
    """
    if not isinstance(profiles, dict):
        return profiles
    kept = {}
    for name, profile in profiles.items():
        packages = profile.get("package") if isinstance(profile, dict) else None
        every = packages.get("*") if isinstance(packages, dict) else None
        if isinstance(every, dict):
            kept[name] = {key: value for key, value in profile.items() if key not in every}
        else:
            kept[name] = profile
    return kept


def _inline(value: Any) -> str:
    """Return a value as TOML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value, default=str)


def _lock(crate: Path) -> str:
    """Return the Cargo.lock without the crate itself."""
    path = crate / "Cargo.lock"
    if not path.is_file():
        return ""
    parts = path.read_text(encoding="utf-8").split("[[package]]")
    return "[[package]]".join(part for part in parts if "source = " in part or part is parts[0])


def template(crate: Path, cache: Path, compile_in: Callable[[Path, Path], Any]) -> Path:
    """Return the folder with this crate's dependencies, built.

    ``compile_in(folder, target)`` compiles a crate in a sandbox. What it compiles here
    is an empty crate with the same dependencies: no code of the learner's is in it,
    and exercises with the same dependencies share it.
    """
    manifest, lock = _manifest(crate), _lock(crate)
    version = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    settings = json.dumps(environment(), sort_keys=True)
    inputs = "\0".join([version, sys.executable, settings, manifest, lock])
    folder = cache / hashlib.sha256(inputs.encode()).hexdigest()[:16]
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="new-") as name:
        new = Path(name)
        (new / "Cargo.toml").write_text(manifest, encoding="utf-8")
        if lock:
            (new / "Cargo.lock").write_text(lock, encoding="utf-8")
        (new / "src").mkdir()
        (new / "src/lib.rs").touch()
        fetched = subprocess.run(
            ["cargo", "fetch", "--quiet", "--manifest-path", str(new / "Cargo.toml")],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if fetched.returncode:
            raise Failure(
                "cargo cannot get the crates that Cargo.toml asks for",
                expected="dependencies as in the starter, or a network for the first build",
                got=f"cargo fetch ended with exit status {fetched.returncode}",
                details=fetched.stderr[-2000:],
                kind="error",
            )
        target = new / "target"
        target.mkdir()
        compile_in(new, target)
        try:
            target.rename(folder)
        except OSError:
            if not folder.is_dir():  # otherwise another grading was first
                raise
    return folder


def read_messages(stdout: str) -> Built:
    """Sort the lines of ``cargo build --message-format=json``."""
    built = Built()
    for line in stdout.splitlines():
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if not isinstance(message, dict):
            continue
        if message.get("reason") == "compiler-message":
            said = message.get("message") or {}
            rendered = str(said.get("rendered") or "")
            # The last ones only count the others.
            if said.get("level") == "error" and not rendered.startswith("error: aborting"):
                built.errors.append(rendered.rstrip())
        elif message.get("reason") == "compiler-artifact":
            built.artifacts.append(message)
    return built


def fold(errors: list[str]) -> str:
    """The compiler's own words, the first few errors."""
    text = "\n\n".join(errors[:_SHOWN])
    if len(errors) > _SHOWN:
        text += f"\n\n... and {len(errors) - _SHOWN} more errors: they may go with the first ones"
    return text
