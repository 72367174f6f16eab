"""How to start processes that find each other: ``mpiexec``, or a Dask cluster."""

import shutil
import sysconfig
from pathlib import Path
from typing import Any


def mpiexec() -> str:
    """Return the ``mpiexec`` of this environment, or else the one on the PATH.

    The first comes with PyPI's ``mpich`` and fits the ``mpi4py`` beside it.
    Raises FileNotFoundError when there is none.
    """
    beside = Path(sysconfig.get_path("scripts")) / "mpiexec"
    found = str(beside) if beside.exists() else shutil.which("mpiexec")
    if found is None:
        raise FileNotFoundError("there is no mpiexec: pip install mpich")
    return found


def local_cluster(workers: int) -> Any:
    """Return a Dask cluster of this many worker processes, one thread each, on this machine."""
    import dask
    from distributed import LocalCluster

    # How long a worker tries to reach one that has died: Dask's own 30 s are for
    # networks where a machine may be away for a moment.
    with dask.config.set({"distributed.comm.timeouts.connect": "3s"}):
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            # The scheduler always serves HTTP; port 0 is any that is free.
            dashboard_address="127.0.0.1:0",
        )
