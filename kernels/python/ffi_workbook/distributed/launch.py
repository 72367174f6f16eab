"""How to start processes that find each other, and how to be sure that they end.

    launch.run([*launch.mpiexec(4), "my_program.py"], seconds=60)

    with launch.dask_cluster(workers=2) as client: ...

All of it stays on this machine: sockets listen on 127.0.0.1, on ports that the
system says are free.
"""

import logging
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

#: Marks all descendants of a ``run``: MPI's processes leave their parent's group.
MARK = "FFI_WORKBOOK_RUN"


def environment() -> dict[str, str]:
    """Return this process's environment, made fit for processes of one machine."""
    proxies = ("http_proxy", "https_proxy", "all_proxy")
    found = {name: value for name, value in os.environ.items() if name.lower() not in proxies}
    # Open MPI refuses two things that a container and a small machine need: to run
    # for root, and to run more processes than there are cores. MPICH has no such names.
    found["OMPI_ALLOW_RUN_AS_ROOT"] = found["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    found["OMPI_MCA_rmaps_base_oversubscribe"] = "1"  # version 4
    found["PRTE_MCA_rmaps_default_mapping_policy"] = ":oversubscribe"  # version 5
    return found


def run(
    command: Sequence[str], *, seconds: float, show: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a command and wait, but no longer than ``seconds``. No process of it is left.

    What it printed comes back, and is in the message of the error too; with
    ``show`` it goes to the terminal instead. Raises TimeoutError when it took
    too long.
    """
    mark = uuid.uuid4().hex
    # Files and not pipes: who reads a pipe waits for the last process that holds it.
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=None if show else out,
            stderr=None if show else err,
            env=environment() | {MARK: mark},
        )
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _kill_all(mark)
            process.wait()
        printed = []
        for file in (out, err):
            file.seek(0)
            printed.append(file.read())
    if code is None:
        said = "\n".join(text.rstrip()[-4000:] for text in printed if text.strip())
        raise TimeoutError(
            f"{' '.join(command)}: not done after {seconds:g} s, and killed. "
            f"It said:\n{said or '(nothing)'}"
        )
    return subprocess.CompletedProcess(command, code, *printed)


def _kill_all(mark: str) -> None:
    """Kill what has the mark, until a look finds nothing more (or what cannot be killed)."""
    for _ in range(10):
        found = [one for one in _processes() if _mark_of(one) == mark]
        if not found:
            return
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        _psutil().wait_procs(found, timeout=5)


def _processes() -> Iterator[Any]:
    psutil = _psutil()
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE:
                yield process


def _mark_of(process: Any) -> str | None:
    with suppress(_psutil().Error):
        found: str | None = process.environ().get(MARK)
        return found
    return None


def _psutil() -> Any:
    import psutil  # comes with Dask

    return psutil


def mpiexec(ranks: int) -> list[str]:
    """Return the start of a command that runs this Python in ``ranks`` processes.

    The ``mpiexec`` is that of this environment (PyPI's ``mpich``, which fits the
    ``mpi4py`` beside it), or else the one on the PATH. Raises FileNotFoundError
    when there is none.
    """
    beside = Path(sysconfig.get_path("scripts")) / "mpiexec"
    found = str(beside) if beside.exists() else shutil.which("mpiexec")
    if found is None:
        raise FileNotFoundError("there is no mpiexec: pip install mpich")
    return [found, "-n", str(ranks), sys.executable]


@contextmanager
def dask_cluster(workers: int, *, log_level: int = logging.WARNING) -> Iterator[Any]:
    """Give the client of a Dask cluster of this many processes, with one thread each.

    ``log_level`` is for the scheduler, the nannies and the workers.
    """
    import dask
    from distributed import Client, LocalCluster

    settings = {
        # A worker that dies is started again by its nanny. But 15 s after a death Dask
        # looks whether a worker of that name is there, and gives it up for good if not:
        # also when it is only slow to start, or has died a second time.
        "distributed.deploy.lost-worker-timeout": "1h",
        # Wait for a new worker when all have died, but not for ever.
        "distributed.scheduler.no-workers-timeout": "60s",
    }
    with (
        # A worker that was killed leaves its files: they go with the folder.
        tempfile.TemporaryDirectory(prefix="heat-dask-", ignore_cleanup_errors=True) as folder,
        dask.config.set(settings),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            # The scheduler always serves HTTP; port 0 is any that is free.
            dashboard_address="127.0.0.1:0",
            local_directory=folder,
            silence_logs=log_level,
        ) as cluster,
        Client(cluster, set_as_default=True) as client,
    ):
        yield client


if __name__ == "__main__":
    # python -m ffi_workbook.distributed.launch SECONDS COMMAND...
    try:
        sys.exit(run(sys.argv[2:], seconds=float(sys.argv[1]), show=True).returncode)
    except TimeoutError as error:
        sys.exit(str(error))
