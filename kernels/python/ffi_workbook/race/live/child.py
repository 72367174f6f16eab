"""A process of ``runner`` as its parent sees it, however it ends."""

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import Any

Json = dict[str, Any]

#: Returns the command that runs a mode.
Command = Callable[[str], Sequence[str]]


def runner_command(mode: str) -> Sequence[str]:
    return [sys.executable, "-m", "ffi_workbook.race.live.runner", mode]


class Ended(Exception):  # noqa: N818  # it is news, not always an error
    """The process is gone; the words say why."""


class Child:
    """Never raises for what the process does, but for ``Ended``."""

    def __init__(self, command: Sequence[str]) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `close`
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            # Ctrl-C in the terminal is for the view.
            start_new_session=True,
            # NumPy's BLAS, which nothing here calls, would start threads.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        self.lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        """Pass the lines on: a pipe cannot be waited for with a limit everywhere."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(b"")

    def ask(self, request: Json) -> None:
        assert self.process.stdin
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            pass  # it is gone: the answer will say so

    def answer(self, seconds: float) -> Json | None:
        """Return the next answer, or None when there is none yet."""
        try:
            line = self.lines.get(timeout=seconds) if seconds else self.lines.get_nowait()
        except queue.Empty:
            return None
        if not line:
            raise Ended(self._last_words())
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            self.close()
            raise Ended(f"it answered {line[:60]!r}, which is not an answer")
        return answer

    def _last_words(self) -> str:
        code = self.process.wait()
        if code < 0:
            try:
                return f"it crashed: {signal.Signals(-code).name}"
            except ValueError:
                return f"it crashed: signal {-code}"
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return said[-1] if said else f"its process ended with {code}"

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            try:
                if stream:
                    stream.close()
            except OSError:
                pass  # what was still to be written has no reader any more
