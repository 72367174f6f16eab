"""A Python environment of its own for a peer whose packages are not ours.

It lies in target/peers/NAME, with the packages of requirements/peers/NAME.txt, whose
hashes are checked. What it lacks (this package, NumPy if the peer has none) is found
in the environment of the race, which comes after it on the search path.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

#: Seconds for one installation: some are gigabytes.
PATIENCE = 3600.0


class InstallError(Exception):
    """A peer's packages could not be installed; the message says why."""


def python_of(folder: Path) -> Path:
    return folder / "bin" / "python"


def is_ready(name: str, root: Path) -> bool:
    """Tell whether the environment of these requirements is there, and complete."""
    stamp = _folder(name, root) / "installed"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _stamp(name, root)


def prepare(name: str, root: Path, patience: float = PATIENCE) -> Path:
    """Return the Python of a peer's environment; make the environment if need be.

    ``root`` is the top of the checkout. Raises InstallError.
    """
    folder = _folder(name, root)
    stamp = _stamp(name, root)
    if is_ready(name, root):
        return python_of(folder)
    if folder.exists():
        shutil.rmtree(folder)  # of other requirements, another Python, or half done
    script = root / "tools" / "environment.sh"
    if not script.is_file():
        raise InstallError(f"{script} is missing: run this in the checkout")
    # Every package that it needs is in the file; what is left out was left out.
    variables = {**os.environ, "PYTHON": sys.executable, "INSTALL_OPTIONS": "--no-deps"}
    try:
        done = subprocess.run(
            ["sh", str(script), str(folder), f"peers/{name}"],
            cwd=root,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InstallError(f"the installation took longer than {patience:.0f} s") from None
    if done.returncode:
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        raise InstallError("; ".join(lines[-3:]) or f"installation ended with {done.returncode}")
    _add_ours(folder)
    (folder / "installed").write_text(stamp, encoding="utf-8")
    return python_of(folder)


def _folder(name: str, root: Path) -> Path:
    return root / "target" / "peers" / name


def _stamp(name: str, root: Path) -> str:
    """Return what an environment must have been made from to be as good as a new one."""
    path = root / "requirements" / "peers" / f"{name}.txt"
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise InstallError(f"{path} is missing: run this in the checkout") from None
    return f"{hashlib.sha256(text).hexdigest()} {sys.prefix} {sys.version}\n"


def _add_ours(folder: Path) -> None:
    """Put the race's own packages behind those of the environment."""
    base = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", vars=base))
    ours = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    # addsitedir also reads the .pth files there: ours may be an editable install.
    lines = [f"import site; site.addsitedir({path!r})\n" for path in ours]
    (packages / "race.pth").write_text("".join(lines), encoding="utf-8")
