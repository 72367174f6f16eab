"""A native module in a process of its own, which is replaced when the module is rebuilt.

``importlib.reload`` does not run the init of an extension module again, so a
process keeps the first build that it imports. A worker process can go, and take a
crash with it.
"""

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, Self

from .build import pyo3_module
from .child import Ended


class WorkerCrashError(Exception):
    """The worker process ended during a call. The next call starts a new one."""

    def __init__(self, call: str, ended: Ended) -> None:
        super().__init__(f"{call}: {ended}")
        #: How the process ended, and what it wrote.
        self.ended = ended


class WorkerError(Exception):
    """The call raised an exception whose class only the worker knows."""


class Worker:
    """A module in a worker process: ``worker.f(1, 2)`` calls its function f there.

    Arguments and results travel as copies (pickle): what a function changes in an
    array stays in the worker. ``run`` works on objects there. What the module prints
    is printed here when the call returns.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def __getattr__(self, function: str) -> Callable[..., Any]:
        if function.startswith("_"):
            raise AttributeError(function)

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._ask(function, ("call", function, args, kwargs))

        return call

    def run(self, code: str) -> Any:
        """Run Python code in the worker, where the module has its name.

        Returns the value of an expression; None for anything else. Names that the code
        assigns are there in the next one.
        """
        return self._ask("run", ("run", code))

    def rebuild(self, source: str | Path) -> None:
        """Build the module anew; the next call goes to a fresh process that imports it.

        On a CompileError the old module stays in use.
        """
        self._folder = pyo3_module(self._name, source)
        self.close()

    def close(self) -> None:
        """End the worker process. The next call starts a fresh one."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._connection.close()
            self._output.close()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        here, there = Pipe()
        # Open until close(), longer than a block here.
        self._output = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        try:
            self._process = subprocess.Popen(
                # The trace says which Python line a signal struck.
                [
                    *(sys.executable, "-X", "faulthandler", "-u", "-m", f"{__package__}._serve"),
                    *(str(there.fileno()), self._name, str(self._folder)),
                ],
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
            )
        finally:
            # Once only the worker has its end, both sides see when the other is gone.
            there.close()
        self._connection: Connection = here
        self._read = 0

    def _ask(self, call: str, question: tuple[Any, ...]) -> Any:
        data = pickle.dumps(question)  # before anything is sent: it may fail
        if self._process is None:
            self._start()
        try:
            self._connection.send_bytes(data)
            kind, answer = pickle.loads(self._connection.recv_bytes())
        except (EOFError, OSError):
            raise WorkerCrashError(f"{self._name}.{call}", self._ended()) from None
        except BaseException:
            self.close()  # an answer may be on its way, and would be taken for the next
            raise
        print(self._written(), end="")
        if kind == "raised":
            raise answer
        return answer

    def _ended(self) -> Ended:
        assert self._process is not None
        status = self._process.wait()
        ended = Ended(status, self._written())
        self.close()
        return ended

    def _written(self) -> str:
        """Return what the worker wrote since the last time."""
        self._output.seek(self._read)
        text = self._output.read()
        self._read = self._output.tell()
        return text


def worker(name: str, source: str | Path) -> Worker:
    """Build the PyO3 module ``name`` and return it, in a worker process.

    ``source`` is the Rust text of the module, or the folder of a maturin project.
    """
    return Worker(name, pyo3_module(name, source))
