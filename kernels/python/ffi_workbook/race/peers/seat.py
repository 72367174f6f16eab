"""The parent's end of one peer's process: a question, a time limit, an answer."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from .peer import THREADS, Peer

Json = dict[str, Any]

#: For every peer: so many threads, which sleep while they wait. One that spins would
#: take a core from whoever has the turn.
VARIABLES = {
    "OMP_NUM_THREADS": str(THREADS),
    "OMP_WAIT_POLICY": "passive",
    "KMP_BLOCKTIME": "0",
    "GOMP_SPINCOUNT": "0",
    # NumPy's BLAS, which nothing here calls, would start threads.
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": str(THREADS),
}


class PeerError(Exception):
    """A peer dropped out; ``status`` is "absent" or "failed", the message says why."""

    def __init__(self, reason: str, status: str = "failed") -> None:
        super().__init__(reason)
        self.status = status


class Seat:
    """One peer's process."""

    def __init__(
        self, peer: Peer, python: Path | None = None, variables: dict[str, str] | None = None
    ) -> None:
        self.peer = peer
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)
        self.process = subprocess.Popen(
            [str(python or sys.executable), "-m", f"{__package__}.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            # A group of its own: a peer may start compilers, and all must end with it.
            start_new_session=True,
            env={**os.environ, **VARIABLES, **peer.variables, **(variables or {})},
        )
        assert self.process.stdout
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        self.unread = b""

    def ask(self, patience: float, **question: Any) -> Json:
        """Return the answer. Raises PeerError when there is none, or it is an error."""
        assert self.process.stdin
        try:
            self.process.stdin.write(json.dumps(question).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise PeerError(self._last_words()) from None
        answer: Json = json.loads(self._line(patience))
        if "error" in answer:
            raise PeerError(answer["error"], answer.get("status", "failed"))
        return answer

    def _line(self, patience: float) -> bytes:
        assert self.process.stdout
        end = time.monotonic() + patience
        while b"\n" not in self.unread:
            if not self.selector.select(max(0.0, end - time.monotonic())):
                raise PeerError(f"no answer within {patience:.0f} s")
            read = os.read(self.process.stdout.fileno(), 65536)
            if not read:
                raise PeerError(self._last_words())
            self.unread += read
        line, _, self.unread = self.unread.partition(b"\n")
        return line

    def _last_words(self) -> str:
        """Return how a process ended that ended too early."""
        code = self.process.wait()
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"status {code}"
        self.errors.seek(0)
        said = [line for line in self.errors.read().decode(errors="replace").splitlines() if line]
        return f"its process ended with {how}" + (f": {said[-1].strip()}" if said else "")

    def close(self) -> None:
        """End the process and all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.selector.close()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            assert stream
            with contextlib.suppress(BrokenPipeError):
                stream.close()
