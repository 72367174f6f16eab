"""Time the calls of several builds of one extension module, in one process.

    python tools/compare_builds.py LABEL=PATH [LABEL=PATH ...]

The builds take turns in random order, so that what disturbs the machine
disturbs all of them; the medians of many short samples are compared with the
first build's. `make compare-builds` calls this.
"""

import argparse
import importlib.util
import random
import statistics
from pathlib import Path
from types import ModuleType

from ffi_workbook.race.timing import Timed, undisturbed

CALLS = {
    "noop": (),
    "add_ints": (2, 5),
    "add_floats": (2.0, 5.0),
    "fibonacci_step": (5, 8),
}
ROUNDS = 100
SAMPLE_SECONDS = 1e-3


def load(label: str, path: str) -> ModuleType:
    """Import an extension module; its name is what its file's name starts with."""
    name = Path(path).name.partition(".")[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if not (spec and spec.loader):
        raise SystemExit(f"{label}: {path} is not an extension module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("builds", nargs="+", metavar="LABEL=PATH")
    builds = dict(build.split("=", 1) for build in parser.parse_args().builds)
    modules = {label: load(label, path) for label, path in builds.items()}
    first = next(iter(modules))
    for name, args in CALLS.items():
        timed = {label: Timed(getattr(module, name), args) for label, module in modules.items()}
        samples: dict[str, list[float]] = {label: [] for label in modules}
        with undisturbed():
            for competitor in timed.values():
                competitor.calibrate(SAMPLE_SECONDS)
            for _ in range(ROUNDS):
                for label in random.sample(list(timed), len(timed)):
                    samples[label].append(timed[label].sample())
        median = {label: statistics.median(values) for label, values in samples.items()}
        cells = [
            f"{label} {1e9 * value:5.1f} ns ({value / median[first]:.2f}x)"
            for label, value in median.items()
        ]
        print(f"{name:15} " + "   ".join(cells))


if __name__ == "__main__":
    main()
