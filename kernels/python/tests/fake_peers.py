"""Peers that misbehave, for test_peers: their processes import this module."""

import os
import signal
import time
from functools import partial
from typing import Any

from ffi_workbook.modes import Kernels
from ffi_workbook.race.peers.peer import Heat, Peer, Problem, in_place


def right(problem: Problem) -> Heat:
    from ffi_workbook import evolve_steps

    print("this is no answer")  # a library that chats must not be heard
    return in_place(problem, partial(evolve_steps, threads=1))


def off_by(problem: Problem, what: float) -> Heat:
    """A field of which one cell is wrong."""
    good = right(problem)

    def result() -> Any:
        field = good.result().copy()
        field[1, 1] += what
        return field

    return Heat(good.reset, good.run, result)


def crashing(problem: Problem) -> Heat:
    os.kill(os.getpid(), signal.SIGSEGV)
    return right(problem)


def crashing_later(problem: Problem) -> Heat:
    good, runs = right(problem), []

    def run() -> None:
        runs.append(1)
        if len(runs) > 3:
            os._exit(7)
        good.run()

    return Heat(good.reset, run, good.result)


def hanging(problem: Problem) -> Heat:
    time.sleep(1000)
    return right(problem)


def raising(problem: Problem) -> Heat:
    raise RuntimeError("no compiler\nin two lines")


def absent(problem: Problem) -> Heat:
    import no_such_module_at_all  # type: ignore[import-not-found]

    return no_such_module_at_all  # type: ignore[no-any-return]


def calls(wrong: bool) -> Kernels:
    return Kernels(
        noop=lambda: None,
        add_ints=lambda a, b: a + b + wrong,
        add_floats=None if wrong else lambda a, b: a + b,
    )


def _heat(name: str, load: Any, **more: Any) -> Peer:
    return Peer(name, name.title(), "heat", 1, "A fake.", load, module=__name__, **more)


PEERS = [
    _heat("right", right),
    _heat("wrong", partial(off_by, what=1.0)),
    _heat("nan", partial(off_by, what=float("nan"))),
    _heat("close", partial(off_by, what=1e-12)),
    _heat("crashing", crashing),
    _heat("crashing-later", crashing_later),
    _heat("hanging", hanging),
    _heat("raising", raising),
    _heat("absent", absent),
    _heat("uninstalled", right, requirements="nothing"),
    *(
        Peer(name, name, "call", 2, "A fake.", partial(calls, wrong), module=__name__)
        for name, wrong in (("caller", False), ("wrong-caller", True))
    ),
]
