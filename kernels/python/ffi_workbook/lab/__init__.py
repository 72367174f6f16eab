"""What the lessons and notebooks use besides the kernels.

- ``child`` runs a piece of Python in a process of its own and tells how it ended,
  so that a page can show a crash and go on.
- ``figure`` draws with matplotlib, for a light page and for a dark one.
- ``animation`` shows fields one after the other, with a control to stop it.
- ``c_library`` and ``rust_library`` compile a text to a library that can be opened at
  once, as often as it is changed; ``worker`` does the same for a PyO3 module, in a
  process of its own.
"""

from .animation import Animation, animation
from .build import CompileError, c_library, pyo3_module, rust_library
from .child import Ended, child
from .figure import Figure, figure
from .worker import Worker, WorkerCrashError, WorkerError, worker

__all__ = [
    "Animation",
    "CompileError",
    "Ended",
    "Figure",
    "Worker",
    "WorkerCrashError",
    "WorkerError",
    "animation",
    "c_library",
    "child",
    "figure",
    "pyo3_module",
    "rust_library",
    "worker",
]
