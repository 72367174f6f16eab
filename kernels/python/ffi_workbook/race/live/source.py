"""Where the samples come from: a race that runs, or a saved one.

Nothing here knows a screen. A view picks what to race, and asks for the ``Board``
as often as it likes.
"""

import random
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from .. import machine, noise, report
from . import kernels
from .child import Child, Command, Ended, runner_command
from .kernels import Kernel
from .lanes import Lane, Row, results, rows

Json = dict[str, Any]

Phase = Literal["loading", "racing", "done"]


@dataclass(frozen=True)
class Board:
    """What there is to see at one moment."""

    kernel: Kernel
    size: int | None
    rows: tuple[Row, ...]
    phase: Phase
    #: One sentence on where the samples come from, and how far they are.
    status: str
    #: What disturbed the race.
    warnings: tuple[str, ...] = ()


class Source(Protocol):
    """A race, as the controls see it."""

    kernels: tuple[Kernel, ...]
    lanes: tuple[Lane, ...]
    #: The largest size that a line is fitted to.
    fit_to: int
    #: Whether modes can be switched off and measured again.
    is_live: bool

    def pick(self, kernel: Kernel, size: int | None) -> None: ...
    def switch(self, mode: str) -> None: ...
    def freeze(self, frozen: bool) -> None: ...
    def restart(self) -> None: ...
    def board(self) -> Board: ...
    def as_json(self) -> Json: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Pace:
    """How a live race measures. Times are in seconds."""

    #: Length of one sample of a short call.
    sample: float = 1e-3
    #: Samples of one turn.
    samples: int = 3
    #: Each mode is measured this long by one process; then all get new ones.
    process: float = 1.0
    #: Processes of each mode. Their spread gives the intervals.
    processes: int = 8
    #: A turn that takes longer has failed.
    patience: float = 20.0
    #: Loading that takes longer has failed. It may have to compile.
    load_patience: float = 180.0
    #: The race does not wait longer for modes that still load.
    grace: float = 8.0
    #: How many modes load at the same time.
    loading: int = 2


@dataclass
class _Seat:
    """A lane and its process."""

    lane: Lane
    child: Child | None = None
    process: int = 0
    since: float = 0.0
    ready: bool = False
    #: Seconds measured by this process for the kernel that is raced, and turns.
    measured: float = 0.0
    turns: int = 0
    #: Sizes still to come before all have had a turn.
    sizes: tuple[int | None, ...] = ()

    def leave(self) -> None:
        if self.child:
            self.child.close()
        self.child, self.ready, self.measured, self.turns, self.sizes = None, False, 0.0, 0, ()

    def fail(self, reason: str) -> None:
        self.lane.state, self.lane.reason = "failed", reason
        self.leave()


class LiveRace:
    """Races modes on this machine, each in a process of its own.

    One thread asks one process at a time, so that they do not disturb each other.
    The mode that was measured for the shortest time comes next.
    """

    is_live = True

    def __init__(
        self,
        modes: Iterable[tuple[str, str, str]],
        on: Sequence[str],
        pace: Pace | None = None,
        command: Command = runner_command,
    ) -> None:
        """Race ``modes``, each a name, a title and a kind; begin with those in ``on``."""
        self.kernels = kernels.live()
        self.lanes = tuple(Lane(*mode) for mode in modes)
        self.pace = pace or Pace()
        self.command = command
        self.fit_to = report.fit_limit(machine.machine()["l2_bytes"])
        self.machine_warnings = machine.warnings()
        self.kernel, self.size = self.kernels[0], self.kernels[0].first
        self.frozen = False
        #: By kernel: the processes that have measured it, of each mode.
        self.laps: dict[str, int] = {}
        self.seats = [_Seat(lane) for lane in self.lanes]
        self.began = time.monotonic()
        self.lock = threading.RLock()
        self.closing = threading.Event()
        for lane in self.lanes:
            if lane.name in on:
                lane.state = "loading"
        self.thread = threading.Thread(target=self._drive, daemon=True)
        self.thread.start()

    # --- What a view may ask --------------------------------------------------

    def pick(self, kernel: Kernel, size: int | None) -> None:
        with self.lock:
            if kernel != self.kernel:
                for seat in self.seats:
                    seat.measured, seat.turns, seat.sizes = 0.0, 0, ()
            self.kernel, self.size = kernel, size

    def switch(self, mode: str) -> None:
        """Switch a mode off, or on again: with a new process, when it had failed."""
        with self.lock:
            for seat in self.seats:
                if seat.lane.name == mode:
                    if seat.lane.state in ("loading", "racing"):
                        seat.lane.state = "off"
                        seat.leave()
                    else:
                        self._enter(seat)

    def freeze(self, frozen: bool) -> None:
        self.frozen = frozen

    def restart(self) -> None:
        """Forget the samples of this kernel; try again what has failed."""
        with self.lock:
            self.machine_warnings = machine.warnings()
            for seat in self.seats:
                for size in self.kernel.sizes or (None,):
                    seat.lane.samples.pop(self.kernel.key(size), None)
                seat.lane.noise.clear()
                if seat.lane.state != "off":
                    seat.leave()
                    self._enter(seat)

    def board(self) -> Board:
        with self.lock:
            phase = self._phase()
            lap = min(self.laps.get(self.kernel.name, 0) + 1, self.pace.processes)
            status = {
                "loading": f"live: process {lap} of {self.pace.processes}, {self._loading()}",
                "racing": f"live: process {lap} of {self.pace.processes}",
                "done": f"live: measured in {lap} processes",
            }[phase]
            reports = [seen for lane in self.lanes for seen in lane.noise.values()]
            return Board(
                self.kernel,
                self.size,
                tuple(rows(self.lanes, self.kernel, self.size, self.fit_to)),
                phase,
                status,
                (*self.machine_warnings, *noise.warnings(reports)),
            )

    def as_json(self) -> Json:
        """Return all that was measured as a race: its tables and figures can show it."""
        with self.lock:
            found = results(self.lanes, self.kernels)
            statuses: Json = {}
            for lane in self.lanes:
                if lane.state in ("absent", "failed"):
                    statuses[lane.name] = {"status": lane.state, "reason": lane.reason}
                elif lane.state == "racing":
                    statuses[lane.name] = {"status": "ok", "reason": None}
        if not found.samples:
            raise ValueError("nothing is measured yet")
        names = dict.fromkeys(case for case, _, _ in found.samples)
        heat = tuple(heat for name in names if (heat := kernels.heat_case(name)))
        return report.document(found, statuses, heat, quick=True, warnings=self.machine_warnings)

    def close(self) -> None:
        self.closing.set()
        self.thread.join()
        for seat in self.seats:
            seat.leave()

    # --- The thread that measures ---------------------------------------------

    def _drive(self) -> None:
        while not self.closing.is_set():
            with self.lock:
                self._load()
                seat = None if self.frozen or self._phase() != "racing" else self._next()
                request = self._request(seat) if seat else None
            if seat and request:
                self._turn(seat, request)
            else:
                self.closing.wait(0.03)

    def _enter(self, seat: _Seat) -> None:
        seat.lane.state, seat.lane.reason = "loading", ""
        self.laps.pop(self.kernel.name, None)  # who comes late is measured as often
        if not any(other.ready for other in self.seats):
            self.began = time.monotonic()

    def _load(self) -> None:
        """Start processes, a few at a time, and look who is ready or has failed."""
        loading = [seat for seat in self.seats if seat.child and not seat.ready]
        for seat in loading:
            assert seat.child
            try:
                answer = seat.child.answer(0.0)
            except Ended as error:
                seat.fail(str(error))
                continue
            if answer is None:
                if time.monotonic() - seat.since > self.pace.load_patience:
                    seat.fail(f"it did not load in {self.pace.load_patience:g} s")
            elif answer["status"] == "ok":
                seat.ready, seat.lane.state = True, "racing"
            else:
                seat.lane.state, seat.lane.reason = answer["status"], answer["reason"]
                seat.leave()
        room = self.pace.loading - sum(bool(s.child and not s.ready) for s in self.seats)
        for seat in self.seats:
            wanted = seat.lane.state in ("loading", "racing") and not seat.child
            if wanted and room > 0 and not self.frozen:
                room -= 1
                seat.process += 1
                seat.since = time.monotonic()
                seat.child = Child(self.command(seat.lane.name))

    def _loading(self) -> str:
        expected = [s for s in self.seats if s.lane.state in ("loading", "racing")]
        return f"{sum(seat.ready for seat in expected)} of {len(expected)} modes loaded"

    def _phase(self) -> Phase:
        """Racing begins when all are loaded, because loading disturbs the times."""
        if self.laps.get(self.kernel.name, 0) >= self.pace.processes:
            return "done"
        expected = [s for s in self.seats if s.lane.state in ("loading", "racing")]
        if not expected:
            return "done"
        waiting = sum(not seat.ready for seat in expected)
        if waiting == len(expected):
            return "loading"
        late = time.monotonic() - self.began > self.pace.grace
        return "loading" if waiting and not late else "racing"

    def _next(self) -> _Seat | None:
        """Return whose turn it is: who was measured least. Begin a new lap at its end."""
        sizes = len(self.kernel.sizes) if self.kernel.has_line else 1
        able = [seat for seat in self.seats if seat.ready and not self._lacks(seat)]
        still = [s for s in able if s.measured < self.pace.process or s.turns < 2 * sizes]
        if still:
            random.shuffle(still)
            return min(still, key=lambda seat: seat.measured)
        if not able:
            return None
        # New processes for all: their spread is the uncertainty (see `fit`).
        self.laps[self.kernel.name] = self.laps.get(self.kernel.name, 0) + 1
        if self._phase() != "done":
            self.began = time.monotonic()
            for seat in self.seats:
                seat.leave()
        return None

    def _lacks(self, seat: _Seat) -> bool:
        return self.kernel.key(self.size) in seat.lane.skipped

    def _request(self, seat: _Seat) -> Json:
        """Ask for the picked size in every second turn, and for the others in between."""
        size = self.size
        if self.kernel.has_line and seat.turns % 2:
            if not seat.sizes:
                seat.sizes = tuple(random.sample(self.kernel.sizes, len(self.kernel.sizes)))
            size, *rest = seat.sizes
            seat.sizes = tuple(rest)
        case, n = self.kernel.key(size)
        return {"case": case, "n": n, "samples": self.pace.samples, "seconds": self.pace.sample}

    def _turn(self, seat: _Seat, request: Json) -> None:
        child, process, start = seat.child, seat.process, time.monotonic()
        if not child:
            return
        child.ask(request)
        answer = None
        reason = f"no answer in {self.pace.patience:g} s: it was stopped"
        while not answer and not self.closing.is_set():
            try:
                answer = child.answer(0.1)
            except Ended as error:
                reason = str(error)
                break
            # The mode may have been switched off, which ends its process.
            if time.monotonic() - start > self.pace.patience or seat.child is not child:
                break
        with self.lock:
            if seat.child is not child or self.closing.is_set():
                return
            if answer is None:
                seat.fail(reason)
                return
            key = (request["case"], request["n"])
            if "skipped" in answer:
                seat.lane.skipped[key] = answer["skipped"]
                return
            seat.lane.add(key, process, answer["samples"])
            seat.lane.noise[process] = answer["noise"]
            seat.measured += answer["took"]
            seat.turns += 1


class SavedRace:
    """Shows a race or a record again: its samples come in, in their order."""

    is_live = False

    def __init__(self, race: Json, seconds: float = 6.0) -> None:
        """Show ``race`` within ``seconds``; at once, where this is 0."""
        self.race = race
        self.kernels = kernels.saved(race)
        if not self.kernels:
            raise ValueError("this race has no measurements to show")
        self.lanes = tuple(_lane(mode, race) for mode in race["modes"])
        self.fit_to = report.fit_limit(race["machine"].get("l2_bytes"))
        self.kernel, self.size = self.kernels[0], self.kernels[0].first
        self.seconds = seconds
        self.frozen = False
        self.shown = 0.0
        self.looked = time.monotonic()

    def pick(self, kernel: Kernel, size: int | None) -> None:
        if kernel != self.kernel:
            self.restart()
        self.kernel, self.size = kernel, size

    def switch(self, mode: str) -> None:
        for lane in self.lanes:
            if lane.name == mode and lane.state in ("off", "racing"):
                lane.state = "racing" if lane.state == "off" else "off"

    def freeze(self, frozen: bool) -> None:
        self._part()
        self.frozen = frozen

    def restart(self) -> None:
        self.shown, self.looked = 0.0, time.monotonic()

    def board(self) -> Board:
        part = self._part()
        day, quick = self.race["measured_at"][:10], ", quick" if self.race["quick"] else ""
        return Board(
            self.kernel,
            self.size,
            tuple(rows(self._until(part), self.kernel, self.size, self.fit_to)),
            "done" if part == 1 else "racing",
            f"replay of {day}{quick}, {self.race['machine'].get('cpu', 'unknown processor')}",
            tuple(self.race["machine"].get("warnings", ())),
        )

    def as_json(self) -> Json:
        return self.race

    def close(self) -> None:
        """Nothing runs."""

    def _part(self) -> float:
        """Return how much of the race is shown."""
        now = time.monotonic()
        if not self.frozen:
            self.shown += now - self.looked
        self.looked = now
        return min(1.0, self.shown / self.seconds) if self.seconds else 1.0

    def _until(self, part: float) -> list[Lane]:
        if part == 1:
            return list(self.lanes)
        found = []
        for lane in self.lanes:
            copy = Lane(lane.name, lane.title, lane.kind, lane.state, lane.reason)
            copy.skipped = lane.skipped
            for key, processes in lane.samples.items():
                left = round(part * sum(map(len, processes.values())))
                for process, samples in processes.items():
                    if left > 0:
                        copy.add(key, process, samples[:left])
                        left -= len(samples)
            found.append(copy)
        return found


def _lane(mode: Json, race: Json) -> Lane:
    lane = Lane(mode["name"], mode["title"], mode["kind"])
    lane.state = "racing" if mode["status"] == "ok" else mode["status"]
    lane.reason = mode["reason"] or ""
    for row in race["measurements"]:
        if row["mode"] == lane.name:
            key = (row["case"], row["n"])
            medians = report.process_medians(row) or [row["median"]]
            for process, samples in enumerate(row.get("samples") or [[m] for m in medians]):
                lane.add(key, process, samples)
            lane.recorded[key] = row
    for row in race["skipped"]:
        if row["mode"] == lane.name:
            with suppress(KeyError):
                lane.skipped[row["case"], row["n"]] = row["reason"]
    return lane
