"""Run a piece of Python in a process of its own, and tell how it ended."""

import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child process ended, and what it wrote."""

    #: The exit status; minus the number of the signal that ended it.
    status: int
    #: What it wrote to standard output and standard error, in order.
    output: str

    @property
    def signal(self) -> str | None:
        """The name of the signal that ended it, such as "SIGSEGV", or None."""
        return signal.Signals(-self.status).name if self.status < 0 else None

    def __str__(self) -> str:
        how = f"signal {self.signal}" if self.signal else f"exit status {self.status}"
        return f"{self.output}[the child process ended with {how}]"


def child(code: str, *, seconds: float = 60, trace: bool = False) -> Ended:
    """Run Python code in a child process and return how it ended.

    The child is this Python, so it sees the same packages. With ``trace``,
    faulthandler writes the Python line at which a signal struck. Raises
    subprocess.TimeoutExpired, with the child gone, after so many seconds.
    """
    options = ["-X", "faulthandler"] if trace else []
    finished = subprocess.run(
        [sys.executable, *options, "-u", "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
    )
    return Ended(finished.returncode, finished.stdout)
