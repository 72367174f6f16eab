"""What one child of the scaling command does: step some grids, and say how long it took.

The command starts it as ``python -m ... KIND PLAN`` (below ``mpiexec`` for MPI). It
writes a JSON line for each job into the plan's file, so that what was measured
is not lost when a later job fails. Only stepping is timed; starting, drawing and
checking are reported apart.
"""

import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .. import evolve_steps, largest_stable_dt
from ..race.noise import Watch
from . import launch
from .decompose import Physics, fingerprint, most_square, rough

Json = dict[str, Any]

PHYSICS = Physics(0.5, largest_stable_dt(0.5, 1.0, 1.0), 1.0, 1.0)

#: Bytes of a short and of a long message, to tell latency and bandwidth apart.
SHORT, LONG = 8, 2**22


@dataclass(frozen=True)
class Job:
    """A grid to step."""

    case: str
    grid: tuple[int, int]
    halo: int


@dataclass(frozen=True)
class Plan:
    """What a child has to do. All children take as many steps: so they have the same bits."""

    jobs: list[Job]
    warm_up_steps: int
    steps: int
    samples: int
    #: Where the lines go.
    out: str

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        plan = json.loads(text)
        jobs = [Job(job["case"], tuple(job["grid"]), job["halo"]) for job in plan.pop("jobs")]
        return cls(jobs=jobs, **plan)

    def write(self, line: Json) -> None:
        with Path(self.out).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def ready() -> Json:
    """Return the line that says: imports are done, all processes have found each other."""
    return {"ready": time.time()}


def one_process(plan: Plan, threads: int) -> None:
    """The measure of all others: the whole grid in this process. It watches for other work."""
    plan.write(ready())
    watch = Watch()
    for job in plan.jobs:
        rows, columns = (range(n) for n in job.grid)
        start = time.perf_counter()
        u = rough(rows, columns)
        u_previous = u.copy()
        drawing = time.perf_counter() - start

        def step(steps: int, u: Any = u, u_previous: Any = u_previous) -> None:
            evolve_steps(u, u_previous, steps, *PHYSICS, threads=threads)

        step(plan.warm_up_steps)
        samples = []
        for _ in range(plan.samples + 1):
            with watch:
                start = time.perf_counter()
                step(plan.steps)
                samples.append((time.perf_counter() - start) / plan.steps)
                for _ in range(6):
                    watch.look()
        start = time.perf_counter()
        checked = fingerprint(u, rows, columns)
        plan.write(
            {
                "case": job.case,
                "samples": samples[1:],
                "draw_seconds": drawing,
                "check_seconds": time.perf_counter() - start,
                "fingerprint": f"{checked:016x}",
            }
        )
    # A process with threads has more processor time than this one thread sees.
    if threads == 1:
        plan.write({"noise": watch.report()})


def over_mpi(plan: Plan) -> None:
    from mpi4py import MPI

    from . import mpi_heat

    def step(block: mpi_heat.Block, steps: int) -> float:
        return mpi_heat.timed(block, steps, PHYSICS, threads=1)

    with mpi_heat.all_or_none():
        comm = MPI.COMM_WORLD
        lead = comm.Get_rank() == 0
        comm.Barrier()
        if lead:
            plan.write(ready())
        for job in plan.jobs:
            start = time.perf_counter()
            block = mpi_heat.Block(rough, job.grid, halo=job.halo)
            comm.Barrier()
            drawing = time.perf_counter() - start
            step(block, plan.warm_up_steps)
            block.exchange_seconds, block.bytes_sent = 0.0, 0
            samples = [step(block, plan.steps) for _ in range(plan.samples + 1)]
            exchanging = comm.allreduce(block.exchange_seconds, MPI.SUM) / comm.Get_size()
            sent = comm.allreduce(block.bytes_sent, MPI.SUM)
            start = time.perf_counter()
            checked = block.fingerprint()
            if lead:
                plan.write(
                    {
                        "case": job.case,
                        "samples": [seconds / plan.steps for seconds in samples[1:]],
                        "draw_seconds": drawing,
                        "check_seconds": time.perf_counter() - start,
                        "fingerprint": f"{checked:016x}",
                        "exchange_share": exchanging / sum(samples),
                        "bytes_per_step": sent / plan.steps / len(samples),
                    }
                )
        if comm.Get_size() == 2:
            short, long = (message_seconds(comm, size) for size in (SHORT, LONG))
            if lead:
                bandwidth = (LONG - SHORT) / (long - short)
                plan.write({"messages": {"latency": short, "bandwidth": bandwidth}})


def message_seconds(comm: Any, size: int, times: int = 30) -> float:
    """Return how long a message of ``size`` bytes takes from one of two ranks to the other."""
    import numpy as np

    buffer = np.zeros(size, dtype=np.uint8)
    seconds = []
    for _ in range(times):
        comm.Barrier()
        start = time.perf_counter()
        if comm.Get_rank() == 0:
            comm.Send(buffer, 1)
            comm.Recv(buffer, 1)
        else:
            comm.Recv(buffer, 0)
            comm.Send(buffer, 0)
        seconds.append((time.perf_counter() - start) / 2)  # there and back
    return statistics.median(seconds)


def over_dask(plan: Plan, workers: int) -> None:
    from distributed import get_task_stream, wait

    from . import dask_heat

    with launch.dask_cluster(workers) as client:
        plan.write(ready())
        for job in plan.jobs:
            start = time.perf_counter()
            drawing_of = dask_heat.from_function(rough, job.grid, blocks=most_square(workers))
            field = client.persist(drawing_of)
            wait(field)
            drawing = time.perf_counter() - start

            def step(field: Any, steps: int, halo: int = job.halo) -> Any:
                return dask_heat.evolve_steps_dask(field, steps, *PHYSICS, client=client, halo=halo)

            field = step(field, plan.warm_up_steps)
            samples = []
            for _ in range(plan.samples):
                start = time.perf_counter()
                field = step(field, plan.steps)
                samples.append((time.perf_counter() - start) / plan.steps)
            # What Dask keeps a record of costs time: once more, and not among the samples.
            before = sum(client.run(_bytes_sent).values())
            with get_task_stream(client) as stream:
                start = time.perf_counter()
                field = step(field, plan.steps)
                wall = time.perf_counter() - start
            sent = sum(client.run(_bytes_sent).values()) - before
            in_tasks = _seconds_of(stream.data, "compute")
            transferring = _seconds_of(stream.data, "transfer")
            start = time.perf_counter()
            checked = dask_heat.fingerprint_of(field)
            plan.write(
                {
                    "case": job.case,
                    "samples": samples,
                    "draw_seconds": drawing,
                    "check_seconds": time.perf_counter() - start,
                    "fingerprint": f"{checked:016x}",
                    "exchange_share": transferring / (workers * wall),
                    "bytes_per_step": sent / plan.steps,
                    "tasks_per_step": len(stream.data) / plan.steps,
                    # What is neither work nor transfer: a worker waits to be told.
                    "seconds_per_task": max(0.0, workers * wall - in_tasks - transferring)
                    / len(stream.data),
                }
            )
            del field, drawing_of


def _bytes_sent(dask_worker: Any) -> int:
    sent: int = dask_worker.transfer_outgoing_bytes_total
    return sent


def _seconds_of(tasks: list[Json], action: str) -> float:
    """Return how long all tasks together did something, from Dask's records of them."""
    parts = (part for task in tasks for part in task["startstops"] if part["action"] == action)
    return float(sum(part["stop"] - part["start"] for part in parts))


def main() -> int:
    kind, number, plan = sys.argv[1], int(sys.argv[2]), Plan.from_json(sys.argv[3])
    if kind == "threads":
        one_process(plan, threads=number)
    elif kind == "mpi":
        over_mpi(plan)
    else:
        over_dask(plan, workers=number)
    return 0


if __name__ == "__main__":
    sys.exit(main())
