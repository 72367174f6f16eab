"""Rust kernels, called from Python.

The functions here go through PyO3. ``ffi_workbook.modes`` has the same kernels
in every other mode, and ``python -m ffi_workbook.race`` times them.
"""

from importlib.metadata import version as _version

from . import errors, field
from ._native import (
    Reading,
    RunningStatistics,
    add,
    add_floats,
    add_ints,
    divide,
    evolve,
    evolve_steps,
    fibonacci,
    fibonacci_sequence,
    fibonacci_step,
    filled,
    greet,
    integrate,
    largest,
    largest_stable_dt,
    noop,
    panic,
    sum_strided,
)

__version__ = _version("ffi-workbook")

__all__ = [
    "Reading",
    "RunningStatistics",
    "add",
    "add_floats",
    "add_ints",
    "divide",
    "errors",
    "evolve",
    "evolve_steps",
    "fibonacci",
    "fibonacci_sequence",
    "fibonacci_step",
    "field",
    "filled",
    "greet",
    "integrate",
    "largest",
    "largest_stable_dt",
    "noop",
    "panic",
    "sum_strided",
]
