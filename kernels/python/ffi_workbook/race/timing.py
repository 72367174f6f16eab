"""Time one callable well.

A sample is the time of many calls in a row, divided by their number: long
enough that the clock's own cost vanishes, short enough that most samples are
not disturbed. The loop is compiled for each callable and unrolled, so that what
the loop itself costs is spread over eight calls. Callables do not share a loop:
Python adapts the bytecode of a call to what was called there before, which made
pure Python look slower than it is.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from time import perf_counter
from typing import Any

_UNROLL = 8

#: A call that takes longer than this is timed without unrolling.
_LONG_CALL = 1e-4


def _compiled_loop(arguments: int, unroll: int) -> Callable[..., float]:
    names = ", ".join(f"a{i}" for i in range(arguments))
    calls = "\n        ".join([f"call({names})"] * unroll) or "pass"
    source = f"""
def loop(count, call, {names}):
    rounds = repeat(None, count)
    start = perf_counter()
    for _ in rounds:
        {calls}
    return perf_counter() - start
"""
    namespace: dict[str, Any] = {"repeat": repeat, "perf_counter": perf_counter}
    exec(source, namespace)  # this module's own text; nothing from outside
    loop: Callable[..., float] = namespace["loop"]
    return loop


@dataclass
class Timed:
    """A callable with its arguments, ready to be timed."""

    call: Callable[..., object]
    args: tuple[object, ...] = ()
    #: Puts the data back before each sample, outside the clock.
    reset: Callable[[], object] | None = None
    #: Units of work in one call: a sample is seconds per unit.
    work: int = 1
    count: int = 1
    unroll: int = 1
    #: The loop of this callable for each unrolling.
    loops: dict[int, Callable[..., float]] = field(default_factory=dict)

    def run(self) -> float:
        if self.reset:
            self.reset()
        if self.unroll not in self.loops:
            self.loops[self.unroll] = _compiled_loop(len(self.args), self.unroll)
        loop = self.loops[self.unroll]
        return loop(self.count, self.call, *self.args)

    def calibrate(self, sample_seconds: float) -> float:
        """Choose how often to call in one sample; return seconds for one call.

        Runs the callable, so it also warms it up.
        """
        self.count = self.unroll = 1
        seconds = self.run()
        if self.reset:  # every sample must start from the same data
            return seconds
        seconds = min(seconds, self.run())
        if seconds < _LONG_CALL:
            self.unroll = _UNROLL
        # One short run is mostly the clock's own cost: grow until a sample has
        # the length asked for.
        while (total := self.run()) < 0.5 * sample_seconds:
            self.count = max(2 * self.count, round(0.8 * self.count * sample_seconds / total))
        per_round = total / self.count
        self.count = max(1, round(sample_seconds / per_round))
        return per_round / self.unroll

    def sample(self) -> float:
        """Return seconds per unit of work."""
        return self.run() / (self.count * self.unroll * self.work)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep the garbage collector out of the samples."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
