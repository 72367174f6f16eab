"""The same attacks behind each kind of walls, as root and as an ordinary user."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Attack, grade_folder

ATTACKS = """
import os, socket, time

def fine():
    return 42

def writes(path):
    open(path, "w").write("x")

def reads(path):
    return open(path).read(1)

def connects(port):
    socket.create_connection(("127.0.0.1", port), timeout=2)

def forks():
    while True:
        try:
            os.fork()
        except OSError:
            pass

def hides():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            time.sleep(10**6)
        os._exit(0)
    time.sleep(0.2)
    return 42

def loops():
    while True:
        pass

def eats():
    kept = []
    while True:
        kept.append(bytearray(b"x") * 10_000_000)
"""

TESTS = """
from judge import test

def declare(name, *args, expected=42):
    def run(work):
        work.expect(work.call(f"victim.{{name}}", *args), expected)
    run.__name__ = name
    test(points=1, idea=name, seconds=2)(run)

declare("writes", {outside!r})
declare("reads", {secret!r})
declare("connects", {port})
declare("forks")
declare("hides")
declare("loops")
declare("eats")
declare("fine")
"""


def as_ordinary_user() -> list[str]:
    """Return the start of a command that runs as a user without rights.

    What this user needs may lie in root's home, where it may not look: so it gets a
    home of root's with nothing in it but that.
    """
    if os.getuid() != 0:
        return []
    if not shutil.which("bwrap") or not shutil.which("setpriv"):
        pytest.skip("bwrap or setpriv is missing, so there is no way to be an ordinary user here")
    home = Path.home()
    needed = {Path(sys.base_prefix)}
    for name in (".cargo", ".rustup"):
        needed.add(home / name)
    mounts: list[str] = []
    for path in sorted(needed):
        if path.is_relative_to(home) and path.is_dir():
            for above in [*reversed(path.parents)][len(home.parents) + 1 :]:
                mounts += ["--perms", "0755", "--dir", str(above)]
            mounts += ["--ro-bind", str(path), str(path)]
    command = ["bwrap", "--dev-bind", "/", "/", "--tmpfs", str(home), *mounts]
    command += ["--chmod", "0755", str(home)]
    return [*command, "setpriv", "--reuid=1234", "--regid=1234", "--clear-groups"]


@pytest.mark.parametrize("user", ["as we are", "ordinary"])
@pytest.mark.parametrize("isolation", ["bubblewrap", "landlock", "none"])
def test_attacks(attack: Attack, tmp_path: Path, isolation: str, user: str) -> None:
    if isolation == "bubblewrap" and not shutil.which("bwrap"):
        pytest.skip("bwrap is not installed")
    before = as_ordinary_user() if user == "ordinary" else []
    for folder in [tmp_path, *tmp_path.parents]:
        if folder != Path("/") and folder.stat().st_uid == os.getuid():
            folder.chmod(folder.stat().st_mode | 0o055)
    outside = tmp_path / "outside"
    secret = ROOT / "solutions/exercise1/fib.py"
    attack.write("victim.py", ATTACKS)
    text = TESTS.format(outside=str(outside), secret=str(secret), port=9)
    attack.tests.write_text(text)
    graded = grade_folder(attack.folder, attack.tests, "--isolation", isolation, before=before)
    told = {
        test["name"]: (test["failure"] or {}).get("message", "") for test in graded.outcome["tests"]
    }
    assert told["fine"] == ""
    assert "Error: " in told["writes"]
    assert not outside.exists()
    if isolation != "none":
        assert "Error: " in told["reads"]
    else:
        assert graded.outcome["isolation"].startswith("none")
    assert "Error: " in told["connects"]
    assert "processes or threads" in told["forks"]
    assert told["hides"] == ""
    assert "was stopped" in told["loops"]
    assert "MiB of memory" in told["eats"] or "MemoryError" in told["eats"]


def test_the_strongest_walls_are_taken() -> None:
    said = subprocess.run(
        [ROOT / "target/debug/workbook", "--root", ROOT, "walls"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if shutil.which("bwrap"):
        assert said.startswith("bubblewrap")
    else:
        assert said.startswith(("Landlock", "none"))
