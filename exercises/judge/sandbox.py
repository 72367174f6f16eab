"""Starts a command in a sandbox and says how it ended.

The walls themselves are ``workbook sandbox``; here is which of the machine's folders
a submission may read, and the capture of what it prints.
"""

import contextlib
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: Where the learner's files are inside, when the sandbox can choose.
INSIDE = Path("/exercise")

MEBI = 2**20


@dataclass(frozen=True)
class Limits:
    """What one sandbox may use."""

    cpu_s: float
    wall_s: float
    memory: int = 1024 * MEBI
    address_space: int | None = 4096 * MEBI
    file_size: int = 64 * MEBI
    disk: int = 256 * MEBI
    processes: int = 32
    open_files: int = 256
    output: int = 256 * 1024


@dataclass
class Ending:
    """How a sandbox ended, as its keeper reports it."""

    code: int | None = None
    signal: int | None = None
    why: str | None = None
    usage: dict[str, float] = field(default_factory=dict)

    @property
    def signal_name(self) -> str:
        """SIGSEGV and the like."""
        try:
            return signal.Signals(self.signal or 0).name
        except ValueError:
            return f"signal {self.signal}"


@dataclass(frozen=True)
class Settings:
    """What the workbook told the judge about this machine."""

    workbook: Path
    isolation: str
    checkout: Path


_stopping = threading.Event()
_running: "weakref.WeakSet[Sandbox]" = weakref.WeakSet()


@functools.cache
def readable() -> list[str]:
    """Return the folders that a submission may read besides the system's own."""
    folders = [Path(sys.prefix), Path(sys.base_prefix)]
    folders.append(Path(__file__).parent / "inside")
    # Packages installed in place, as the workbook's own is.
    for entry in sys.path:
        path = Path(entry)
        if path.name == "python" and (path / "ffi_workbook").is_dir():
            folders.append(path / "ffi_workbook")
    return [str(path) for path in folders]


def stop_all() -> None:
    """End every sandbox that runs now, and let none begin any more."""
    _stopping.set()
    for sandbox in list(_running):
        sandbox.stop()


class Sandbox:
    """One command in a sandbox, running."""

    def __init__(
        self,
        settings: Settings,
        command: list[str],
        folder: Path,
        limits: Limits,
        *,
        channel: socket.socket | None = None,
        stdin: str | None = None,
        environment: dict[str, str] | None = None,
        read: list[str] | None = None,
        write: list[str] | None = None,
    ) -> None:
        if _stopping.is_set():
            raise RuntimeError("grading was stopped")
        self.limits = limits
        self.inside = INSIDE if settings.isolation == "bubblewrap" else folder
        self.ending: Ending | None = None
        self._flooded: str | None = None
        self._kept = {"stdout": bytearray(), "stderr": bytearray()}
        keeper, ours = socket.socketpair()
        self._keeper = ours
        python = Path(sys.executable).parent
        env = {
            "PATH": f"{python}:/usr/local/bin:/usr/bin:/bin",
            "HOME": "/tmp",
            "LANG": "C.UTF-8",
            # One thread each: a class of learners is graded on few cores.
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        extra = dict(environment or {})
        if "PATH" in extra:
            extra["PATH"] = f"{extra['PATH']}:{env['PATH']}"
        env |= extra
        specification = {
            "isolation": settings.isolation,
            "command": command,
            "folder": str(folder),
            "inside": str(self.inside),
            "read": [*readable(), *(read or [])],
            "write": write or [],
            "environment": env,
            "limits": {
                "wall_s": limits.wall_s,
                "cpu_s": limits.cpu_s,
                "memory": limits.memory,
                "address_space": limits.address_space,
                "file_size": limits.file_size,
                "disk": limits.disk,
                "processes": limits.processes,
                "open_files": limits.open_files,
            },
            "keeper_fd": keeper.fileno(),
        }
        fds = [keeper.fileno()] + ([channel.fileno()] if channel else [])
        self._process = subprocess.Popen(
            [str(settings.workbook), "sandbox", json.dumps(specification)],
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=fds,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin")},
        )
        keeper.close()
        _running.add(self)
        if _stopping.is_set():  # since we looked
            self.stop()
        self._threads = [
            threading.Thread(target=self._drain, args=(name, pipe), daemon=True)
            for name, pipe in (("stdout", self._process.stdout), ("stderr", self._process.stderr))
        ]
        if stdin is not None:
            self._threads.append(threading.Thread(target=self._feed, args=(stdin,), daemon=True))
        for thread in self._threads:
            thread.start()

    def _drain(self, name: str, pipe: Any) -> None:
        kept = self._kept[name]
        while part := pipe.read1(65536):
            room = self.limits.output - len(kept)
            kept += part[: max(room, 0)]
            if len(part) > room and self._flooded is None:
                self._flooded = name
                self.stop()

    def _feed(self, text: str) -> None:
        assert self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.write(text.encode())
            self._process.stdin.close()

    def stop(self) -> None:
        """Ask the keeper to end everything inside, now."""
        with contextlib.suppress(OSError):
            self._keeper.shutdown(socket.SHUT_WR)

    def wait(self, grace: float | None = None) -> Ending:
        """Wait until nothing of it is left, and return how it ended.

        With ``grace``, it is ended after so many seconds.
        """
        if self.ending is not None:
            return self.ending
        report = bytearray()
        # The keeper ends by itself at the wall limit, which is later on a busy machine;
        # ten times that means that it is stuck.
        patience = self.limits.wall_s * 10 + 60
        self._keeper.settimeout(patience if grace is None else grace)
        while True:
            try:
                part = self._keeper.recv(65536)
            except TimeoutError:
                if grace is None:
                    self._process.kill()
                    break
                grace = None
                self.stop()
                self._keeper.settimeout(patience)
                continue
            if not part:
                break
            report += part
        self._process.wait()
        for thread in self._threads:
            thread.join(timeout=5)
        self._keeper.close()
        try:
            said = json.loads(report)
            self.ending = Ending(said["code"], said["signal"], said["why"], said["usage"])
        except (ValueError, KeyError):
            self.ending = Ending(code=self._process.returncode, why="keeper")
        if self._flooded:
            self.ending.why = "output"
        return self.ending

    def text(self, name: str) -> str:
        """Return what was printed so far, cut at the limit."""
        return bytes(self._kept[name]).decode("utf-8", "replace")
