"""Start the Rust kernel for one notebook; Jupyter calls this (see evcxr.sh).

    .venv/bin/python tools/rust_kernel.py EVCXR_JUPYTER CONNECTION_FILE

The crates of a notebook are built in a folder of the environment that the next kernel
uses again, so that it finds them compiled. Kernels that run at the same time have a
folder each. (evcxr's own :cache is not used: what it keeps refers to the folder it was
built in, and is then built anew for each cell.)
"""

import fcntl
import itertools
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(sys.prefix) / "share" / "evcxr"

#: Settings with which evcxr would not find what Cargo built, or with which Cargo would
#: build anew what other kernels have built.
UNWANTED = ("CARGO_TARGET_DIR", "CARGO_BUILD_TARGET", "CARGO_INCREMENTAL", "RUSTFLAGS")


def free_folder() -> Path:
    """Return the first folder that no kernel uses, locked.

    The lock is on a file that stays open: it goes with the kernel, however that ends.
    """
    for number in itertools.count(1):
        folder = KEPT / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        os.set_inheritable(lock, True)
        return folder
    raise AssertionError("there are enough numbers")


def main(program: str, connection: str) -> None:
    folder = free_folder()
    # Beside our lock file, the crates have the versions that are pinned there.
    shutil.copy(ROOT / "Cargo.lock", folder)
    # No settings of the user's: a notebook gives the same everywhere.
    config = KEPT / "config"
    config.mkdir(exist_ok=True)
    environment = {key: value for key, value in os.environ.items() if key not in UNWANTED}
    environment |= {
        "EVCXR_TMPDIR": str(folder),
        "EVCXR_CONFIG_DIR": str(config),
        # At its start evcxr repairs a kernel.json that it finds there: not ours.
        "JUPYTER_PATH": str(KEPT / "none"),
    }
    # Paths in :dep lines count from the working directory. JupyterLab and the site
    # start in notebooks/; a page with live cells may start elsewhere.
    if not Path("../kernels/heat/Cargo.toml").is_file():
        os.chdir(ROOT / "notebooks")
    os.execve(program, [program, "--control_file", connection], environment)


if __name__ == "__main__":
    main(*sys.argv[1:])
