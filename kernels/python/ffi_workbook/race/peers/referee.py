"""The referee: installs, checks every answer, and asks all peers in turn.

In each round every peer is asked for one sample, in a new order, while the others
wait: so all meet the same weather. The heat equation has one process a peer. Calls
have several, one after the other: a process has one layout of memory, which makes
some calls faster by chance.
"""

import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .. import cases
from ..noise import describe, reference
from . import environment
from .peer import THREADS, Array, Peer
from .seat import PeerError, Seat

Json = dict[str, Any]

#: How far a field may be from ours, as a part of the largest value in it. What the
#: order of operations changes is far below it, and single precision far above.
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Effort:
    """How much to measure, and how long to wait for it."""

    grid: tuple[int, int]
    steps: int
    #: Samples of each heat peer, and of each call in each process.
    heat_rounds: int
    call_rounds: int
    #: Processes of each call peer.
    processes: int
    #: A heat peer gets no more samples after so many seconds, but at least three.
    enough_seconds: float
    #: Length of a sample of calls, in seconds.
    sample_seconds: float = 2e-3
    #: Seconds for a peer to get ready, which may mean to compile, and for a sample.
    load_patience: float = 600.0
    sample_patience: float = 300.0


FULL = Effort((4000, 4000), 100, heat_rounds=9, call_rounds=12, processes=8, enough_seconds=120.0)
QUICK = Effort((4000, 4000), 40, heat_rounds=3, call_rounds=5, processes=3, enough_seconds=20.0)


def heat_case(effort: Effort) -> cases.Case:
    rows, columns = effort.grid
    name = f"heat_{rows}" if rows == columns else f"heat_{rows}_{columns}"
    title = f"Heat equation, {rows} x {columns}, a step"
    return cases.Case(name, title, "heat", effort.grid, effort.steps, "steps")


@dataclass
class Referee:
    """One race of peers, and what came of it."""

    peers: list[Peer]
    effort: Effort
    #: The top of the checkout: where requirements are, and environments go.
    root: Path
    seed: int = 0
    #: Told what happens now: a sentence, and what part of the whole is done.
    tell: Callable[[str, float], object] = lambda text, part: None
    #: What is known of each peer: status, reason, versions, seconds to get ready.
    results: dict[str, Json] = field(default_factory=dict)
    #: samples[case, peer] = one list a process; a heat round counts as one.
    samples: dict[tuple[str, str], list[list[float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    noise: list[Json] = field(default_factory=list)

    def run(self) -> None:
        self.results = {peer.name: {"status": "ok", "reason": None} for peer in self.peers}
        self.random = random.Random(self.seed)
        self.pythons = self._install()
        self._heat()
        self._calls()

    # ------------------------------------------------------------ who is here

    def _install(self) -> dict[str, Path]:
        """Return the Python of each peer that has an environment of its own."""
        found = {}
        apart = [peer for peer in self.peers if peer.requirements]
        for number, peer in enumerate(apart):
            assert peer.requirements
            self.tell(f"installing {peer.family}", 0.1 * number / len(apart))
            try:
                found[peer.name] = environment.prepare(peer.requirements, self.root)
            except environment.InstallError as error:
                self._drop(peer, f"cannot be installed: {error}", "absent")
        return found

    def _drop(self, peer: Peer, reason: str, status: str = "failed") -> None:
        """Report a peer; what it had measured until then does not count."""
        self.results[peer.name] |= {"status": status, "reason": reason}
        for key in [key for key in self.samples if key[1] == peer.name]:
            del self.samples[key]
        self.tell(f"{peer.title}: {status} ({reason.splitlines()[0]})", -1.0)

    def _in(self, group: str) -> list[Peer]:
        """Return the peers of a group that have not dropped out."""
        return [
            p for p in self.peers if p.group == group and self.results[p.name]["status"] == "ok"
        ]

    def _seat(self, peer: Peer, **variables: str) -> Seat:
        return Seat(peer, self.pythons.get(peer.name), variables)

    # ------------------------------------------------------------ the heat equation

    def _heat(self) -> None:
        if not self._in("heat"):
            return
        seats: list[Seat] = []
        with tempfile.TemporaryDirectory(prefix="peers-") as name:
            folder = Path(name)
            try:
                start = self._start(folder)
                wanted = ours(start, self.effort.steps)
                for number, peer in enumerate(peers := self._in("heat")):
                    self.tell(f"compiling {peer.title}", 0.1 + 0.3 * number / len(peers))
                    seat = self._ready_for_heat(peer, folder, start, wanted)
                    if seat:
                        seats.append(seat)
                self._heat_rounds(seats)
            finally:
                close(seats)

    def _start(self, folder: Path) -> Array:
        from ... import field as fields

        start = fields.mug(*self.effort.grid)
        np.save(folder / "start.npy", start)
        return start

    def _ready_for_heat(self, peer: Peer, folder: Path, start: Array, wanted: Array) -> Seat | None:
        """Return a peer's process after one run, if that run was right."""
        # A folder of its own for what it compiles, so that every race compiles anew
        # and the time for it is told.
        own = folder / peer.name
        own.mkdir()
        seat = self._seat(peer, TMPDIR=str(own), FFI_WORKBOOK_CACHE=str(own / "modes"))
        result = folder / "result.npy"
        try:
            loaded = seat.ask(
                self.effort.load_patience,
                do="load",
                module=peer.module,
                name=peer.name,
                start=str(folder / "start.npy"),
                steps=self.effort.steps,
                result=str(result),
            )
            check(np.load(result), start if peer.is_limit else wanted)
        except PeerError as error:
            self._drop(peer, str(error), error.status)
            seat.close()
            return None
        finally:
            result.unlink(missing_ok=True)
        self.results[peer.name] |= loaded
        return seat

    def _heat_rounds(self, seats: list[Seat]) -> None:
        case, references = heat_case(self.effort).name, []
        used: dict[str, float] = defaultdict(float)
        active = list(seats)
        for number in range(self.effort.heat_rounds):
            self.random.shuffle(active)
            for seat in list(active):
                peer = seat.peer
                part = 0.4 + 0.4 * number / self.effort.heat_rounds
                self.tell(f"heat, round {number + 1}: {peer.title}", part)
                if number >= 3 and used[peer.name] > self.effort.enough_seconds:
                    continue
                references.append(reference())
                try:
                    seconds = seat.ask(self.effort.sample_patience, do="sample")["seconds"]
                except PeerError as error:
                    self._drop(peer, str(error), error.status)
                    active.remove(seat)
                    continue
                used[peer.name] += seconds * self.effort.steps
                self.samples[case, peer.name].append([seconds])
        self.noise.append(describe(references))

    # ------------------------------------------------------------ calls

    def _calls(self) -> None:
        for number in range(self.effort.processes):
            seats: list[Seat] = []
            peers = self._in("call")
            self.random.shuffle(peers)
            try:
                for peer in peers:
                    part = 0.8 + 0.2 * number / self.effort.processes
                    self.tell(f"calls, process {number + 1}: {peer.title}", part)
                    if seat := self._ready_for_calls(peer):
                        seats.append(seat)
                self._call_rounds(seats)
            finally:
                close(seats)

    def _ready_for_calls(self, peer: Peer) -> Seat | None:
        seat = self._seat(peer)
        try:
            loaded = seat.ask(
                self.effort.load_patience,
                do="load",
                module=peer.module,
                name=peer.name,
                sample_seconds=self.effort.sample_seconds,
            )
            if wrong := loaded.pop("wrong"):
                raise PeerError(wrong)
        except PeerError as error:
            self._drop(peer, str(error), error.status)
            seat.close()
            return None
        # Only the first process may have compiled.
        self.results[peer.name] = loaded | self.results[peer.name]
        return seat

    def _call_rounds(self, seats: list[Seat]) -> None:
        active = list(seats)
        taken: dict[tuple[str, str], list[float]] = defaultdict(list)
        for _ in range(self.effort.call_rounds):
            for case in cases.CALLS:
                self.random.shuffle(active)
                for seat in list(active):
                    peer = seat.peer
                    if case.name not in self.results[peer.name]["cases"]:
                        continue
                    try:
                        answer = seat.ask(self.effort.sample_patience, do="sample", case=case.name)
                        taken[case.name, peer.name].append(answer["seconds"])
                    except PeerError as error:
                        self._drop(peer, str(error), error.status)
                        active.remove(seat)
        for seat in active:
            self.noise.append(seat.ask(self.effort.sample_patience, do="noise")["noise"])
        for (case_name, name), samples in taken.items():
            if self.results[name]["status"] == "ok":
                self.samples[case_name, name].append(samples)


def ours(start: Array, steps: int) -> Array:
    """Return the field after so many steps of ours, which the others must equal."""
    from ... import evolve_steps

    u, u_previous = start.copy(), start.copy()
    evolve_steps(u, u_previous, steps, cases.A, cases.DT, cases.DX2, cases.DY2, threads=THREADS)
    return u


def check(found: Array, wanted: Array) -> None:
    """Raise PeerError if a field is not the wanted one, up to the tolerance."""
    if found.shape != wanted.shape:
        raise PeerError(f"its field is {found.shape} and must be {wanted.shape}")
    largest = float(np.max(np.abs(wanted), initial=0.0))
    difference = float(np.max(np.abs(found - wanted), initial=0.0))
    if not difference <= TOLERANCE * largest:  # a NaN is no less than anything
        raise PeerError(
            f"its field is wrong: it differs from ours by up to {difference:.3g} "
            f"where values go up to {largest:.3g}; the limit is {TOLERANCE:g} of that"
        )


def close(seats: Iterable[Seat]) -> None:
    for seat in seats:
        seat.close()
