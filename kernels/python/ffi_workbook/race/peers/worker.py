"""The process of one peer: reads a question a line, and answers each with a line.

Questions and answers are JSON objects. The first is ``{"do": "load", ...}`` and says
who this is and what the problem is; then ``{"do": "sample"}`` as often as the parent
likes, and for calls ``{"do": "sample", "case": ...}``. The end of the questions ends
the process. Between two questions it waits, and takes nothing from the others.

An answer of ``{"error": ...}`` is the last one. What a peer prints goes to standard
error, so that it cannot be taken for an answer.
"""

import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter
from typing import Any, TextIO

import numpy as np

from .. import cases
from ..noise import Watch
from ..timing import Timed, undisturbed
from .peer import Heat, Peer, Problem

Json = dict[str, Any]


def find(module: str, name: str) -> Peer:
    """Return a peer by the module whose ``PEERS`` has it, and its name."""
    for peer in importlib.import_module(module).PEERS:
        if peer.name == name:
            return peer  # type: ignore[no-any-return]
    raise LookupError(f"{module} has no peer {name!r}")


def versions(peer: Peer) -> dict[str, str]:
    found = {}
    for package in peer.packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


class HeatRunner:
    """Runs one peer's heat equation."""

    def __init__(self, peer: Peer, question: Json) -> None:
        start = np.load(question["start"], mmap_mode="r")
        parameters = (cases.A, cases.DT, cases.DX2, cases.DY2)
        self.problem = Problem(start, question["steps"], *parameters)
        began = perf_counter()
        self.heat: Heat = peer.load(self.problem)
        self.heat.reset()
        self.heat.run()
        first = perf_counter() - began
        # A copy: some of these arrays belong to the peer, and the next run writes there.
        np.save(question["result"], np.array(self.heat.result(), dtype=np.float64, order="C"))
        again = self.sample({})["seconds"] * self.problem.steps
        self.loaded: Json = {"first_seconds": first, "compile_seconds": max(0.0, first - again)}

    def sample(self, _question: Json) -> Json:
        self.heat.reset()
        began = perf_counter()
        self.heat.run()
        return {"seconds": (perf_counter() - began) / self.problem.steps}


class CallRunner:
    """Makes one peer's calls."""

    def __init__(self, peer: Peer, question: Json) -> None:
        began = perf_counter()
        kernels = peer.load()
        if kernels.noop:
            kernels.noop()
        self.loaded: Json = {"first_seconds": perf_counter() - began, "wrong": wrong(kernels)}
        if self.loaded["wrong"]:
            return
        self.watch = Watch()
        self.timed: dict[str, Timed] = {}
        for case in cases.CALLS:
            if timed := cases.timed_call(case, kernels):
                timed.calibrate(question["sample_seconds"])
                self.timed[case.name] = timed
        self.loaded["cases"] = list(self.timed)

    def sample(self, question: Json) -> Json:
        timed = self.timed[question["case"]]
        # The process has waited: what it needs must come back into the caches.
        timed.sample()
        with self.watch:
            seconds = timed.sample()
        self.watch.look()
        return {"seconds": seconds}


def wrong(kernels: Any) -> str | None:
    """Return what is wrong with the answers of a peer's calls, if anything is."""
    for name, arguments, wanted in (
        ("add_ints", (2, 5), 7),
        ("add_ints", (-3, 1), -2),
        ("add_floats", (2.0, 5.0), 7.0),
        ("add_floats", (0.5, 0.25), 0.75),
    ):
        call: Callable[..., object] | None = getattr(kernels, name)
        if call and (found := call(*arguments)) != wanted:
            return f"{name}{arguments} is {found!r} and must be {wanted!r}"
    return None


def answer_all(questions: TextIO, answers: TextIO) -> None:
    def answer(**message: Any) -> None:
        print(json.dumps(message), file=answers, flush=True)

    try:
        question = json.loads(questions.readline())
        peer = find(question["module"], question["name"])
        runner = (HeatRunner if peer.group == "heat" else CallRunner)(peer, question)
        answer(**runner.loaded, versions=versions(peer))
        with undisturbed():
            for line in questions:
                question = json.loads(line)
                if question["do"] == "noise":
                    answer(noise=runner.watch.report())  # type: ignore[union-attr]
                else:
                    answer(**runner.sample(question))
    except ModuleNotFoundError as error:
        answer(error=str(error), status="absent")
    except Exception as error:
        traceback.print_exc()
        answer(error="".join(traceback.format_exception_only(error)).strip(), status="failed")


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    answer_all(sys.stdin, answers)


if __name__ == "__main__":
    main()
