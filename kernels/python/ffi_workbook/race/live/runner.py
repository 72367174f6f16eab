"""One process that times one mode, when it is asked.

    python -m ffi_workbook.race.live.runner MODE

A mode that crashes or hangs takes its own process with it, and no other. The
first line that it writes says whether the mode could be loaded and gives the right
answers: ``{"status": "ok", "reason": null}``. Then it reads a request a line,
``{"case": ..., "n": ..., "samples": 3, "seconds": 0.002}``, and answers each with
``{"samples": [...], "took": seconds, "noise": {...}}`` or ``{"skipped": reason}``.
"""

import json
import os
import sys
import time
from typing import Any

from ... import modes
from ...modes.__main__ import check
from .. import cases
from ..noise import Watch
from ..timing import Timed, undisturbed
from .kernels import Key, heat_case

Json = dict[str, Any]

#: A step of the heat equation that is slow is not run as often in one sample.
_ENOUGH_SECONDS = 0.25


class Runner:
    def __init__(self, mode: str) -> None:
        self.kernels = modes.load(mode)
        self.timed: dict[Key, Timed | None] = {}
        self.watch = Watch()

    def answer(self, request: Json) -> Json:
        key = (request["case"], request["n"])
        start = time.perf_counter()
        if key not in self.timed:
            self.timed[key] = self.prepared(*key)
            if timed := self.timed[key]:
                timed.calibrate(request["seconds"])
        if not (timed := self.timed[key]):
            return {"skipped": "the mode has no such call"}
        samples: list[float] = []
        with self.watch:
            self.watch.look()
            while len(samples) < request["samples"]:
                samples.append(timed.sample())
                if time.perf_counter() - start > _ENOUGH_SECONDS:
                    break
        took = time.perf_counter() - start
        return {
            "samples": [float(f"{sample:.4g}") for sample in samples],
            "took": took,
            "noise": self.watch.report(),
        }

    def prepared(self, case: str, n: int | None) -> Timed | None:
        if n is not None:
            return cases.Arrays(n).timed(self.kernels)
        if heat := heat_case(case):
            return self.heat(heat)
        (call,) = (c for c in (*cases.CALLS, cases.FIBONACCI) if c.name == case)
        return cases.timed_call(call, self.kernels)

    def heat(self, case: cases.Case) -> Timed | None:
        room = cases.Room(case)
        one_step = room.timed(self.kernels, 1)
        if not one_step or not case.steps:
            return None
        seconds = one_step.calibrate(0.0)
        return room.timed(self.kernels, max(1, min(case.steps, int(_ENOUGH_SECONDS / seconds))))


def main() -> None:
    # What a mode prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def write(message: Json) -> None:
        print(json.dumps(message), file=answers, flush=True)

    status = check(sys.argv[1])
    if status["status"] != "ok":
        write(status)
        return
    runner = Runner(sys.argv[1])
    write(status)
    with undisturbed():
        for line in sys.stdin:
            write(runner.answer(json.loads(line)))


if __name__ == "__main__":
    main()
