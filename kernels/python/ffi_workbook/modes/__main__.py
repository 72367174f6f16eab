"""Load modes, compile what they need, and check that they give the right answer.

python -m ffi_workbook.modes            check all modes, a line each
python -m ffi_workbook.modes ctypes     check some
python -m ffi_workbook.modes --json M   the result of one mode as JSON
"""

import argparse
import json
import sys
import traceback
from typing import Any

import numpy as np

from . import all_modes, load, pure_python
from ._protocol import Kernels


def self_check(kernels: Kernels) -> None:
    """Compare a few answers with those of pure Python. Raises AssertionError."""
    if kernels.add_ints:
        assert kernels.add_ints(2, 5) == 7, "add_ints(2, 5) is not 7"
    if kernels.add_floats:
        assert kernels.add_floats(0.5, 0.25) == 0.75, "add_floats(0.5, 0.25) is not 0.75"
    if kernels.fibonacci:
        assert kernels.fibonacci(90) == pure_python.fibonacci(90), "fibonacci(90) is wrong"
    if kernels.add:
        a = np.linspace(0.0, 1.0, 100)
        kernels.add(a, np.ones(100))
        assert np.array_equal(a, np.linspace(0.0, 1.0, 100) + 1.0), "add is wrong"
    if kernels.evolve:
        random = np.random.default_rng(0)
        u = random.random((7, 11))
        p, want_u, want_p = u.copy(), u.copy(), u.copy()
        kernels.evolve(u, p, 0.5, 0.1, 1.0, 1.0)
        pure_python.evolve(want_u, want_p, 0.5, 0.1, 1.0, 1.0)
        assert np.array_equal(u, want_u), "evolve differs from pure Python"
        assert np.array_equal(p, want_p), "evolve leaves a wrong u_previous"


def check(name: str) -> dict[str, Any]:
    """Return {"status": "ok" | "absent" | "failed", "reason": ...} for a mode."""
    try:
        self_check(load(name))
    except ModuleNotFoundError as error:
        return {"status": "absent", "reason": str(error)}
    except Exception as error:
        notes = "\n".join(getattr(error, "__notes__", []))
        lines = [*traceback.format_exception_only(error)[0].splitlines(), *notes.splitlines()]
        return {"status": "failed", "reason": "\n".join(lines[:12])}
    return {"status": "ok", "reason": None}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ffi_workbook.modes",
        description="Load modes, compile what they need, and check their answers.",
    )
    names = [mode.name for mode in all_modes()]
    parser.add_argument("modes", nargs="*", metavar="MODE", help=", ".join(names))
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    options = parser.parse_args()
    if unknown := [name for name in options.modes if name not in names]:
        parser.error(f"there is no mode {unknown[0]!r}: the modes are {', '.join(names)}")
    results = {}
    for name in options.modes or names:
        results[name] = check(name)
        if not options.json:
            result = results[name]
            print(f"{name:18} {result['status']:7} {result['reason'] or ''}")
    if options.json:
        json.dump(results, sys.stdout)
    return 1 if any(r["status"] == "failed" for r in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
