"""What the tests of the Python package share."""

import copy
import os
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from ffi_workbook import modes
from ffi_workbook.errors import KernelError
from ffi_workbook.modes import Kernels, Mode

Array = NDArray[np.float64]

IN_CI = bool(os.environ.get("CI"))

# Few examples, and in CI the same ones each time.
settings.register_profile(
    "suite", max_examples=25, deadline=None, derandomize=IN_CI, print_blob=True
)
settings.load_profile("suite")

#: The packages that a mode may need and this one does not bring.
OPTIONAL = {"Cython", "numba", "nanobind"}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", "error")


def unavailable(reason: str) -> NoReturn:
    """Skip at home. In CI what is missing is a failure, or nobody would notice."""
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session", params=modes.all_modes(), ids=lambda mode: mode.name)
def mode(request: pytest.FixtureRequest) -> Mode:
    """Every mode in turn."""
    return request.param


@pytest.fixture(scope="session")
def kernels(mode: Mode) -> Kernels:
    """The kernels of every mode in turn."""
    try:
        with warnings.catch_warnings():
            if mode.deprecated:
                warnings.simplefilter("ignore", DeprecationWarning)
            return modes.load(mode.name)
    except ModuleNotFoundError as error:
        # Any other module that is not found is a bug in the mode.
        if (error.name or "").partition(".")[0] in OPTIONAL:
            unavailable(f"{mode.name}: {error}")
        raise


def needed(kernels: Kernels, name: str) -> Callable[..., Any]:
    """Return one kernel; skip where the mode has none (test_parity has the list)."""
    kernel: Callable[..., Any] | None = getattr(kernels, name)
    if kernel is None:
        pytest.skip(f"the mode has no {name}")
    return kernel


def calls_our_library(mode: Mode) -> bool:
    """Tell whether a mode calls the Rust kernels, or has loops of its own."""
    return mode.kind == "native" or mode.name in {"capi", "cython", "nanobind"}


# --- Equal bit for bit --------------------------------------------------------


def bits(array: Array) -> NDArray[np.uint64]:
    """Return the bits of an array, with one NaN for all NaNs.

    Which NaN comes out of an operation is left open by IEEE 754.
    """
    return np.where(np.isnan(array), np.nan, array).view(np.uint64)


def assert_same_bits(found: Array, wanted: Array) -> None:
    assert found.shape == wanted.shape
    different = np.argwhere(bits(found) != bits(wanted))
    assert different.size == 0, (
        f"{len(different)} of {found.size} differ, the first at {different[0].tolist()}: "
        f"{found[tuple(different[0])]!r} is not {wanted[tuple(different[0])]!r}"
    )


# --- Refused calls ------------------------------------------------------------


def memory_of(thing: object) -> object:
    """Return a copy of what an argument holds, with the array that it looks into."""
    if isinstance(thing, np.ndarray):
        base = thing.base if isinstance(thing.base, np.ndarray) else thing
        return thing.shape, thing.dtype, base.tobytes()
    return copy.deepcopy(thing)


def assert_refused(
    call: Callable[..., object],
    *args: object,
    error: type[KernelError],
    words: tuple[str, ...] = (),
) -> None:
    """Check that a call raises this very class, says these words, and changes nothing."""
    before = [memory_of(arg) for arg in args]
    with pytest.raises(error) as caught:
        call(*args)
    assert caught.type is error
    message = str(caught.value).lower()
    for word in words:
        assert word.lower() in message
    assert [memory_of(arg) for arg in args] == before


# --- Threads ------------------------------------------------------------------


def others_run_during(work: Callable[[], object]) -> bool:
    """Tell whether another Python thread runs while ``work`` does.

    Python is told to switch threads by itself only after 1000 seconds. Then the
    other thread, which waits at a gate, gets its turn if ``work`` lets go of the
    interpreter, and not otherwise.
    """
    gate = threading.Event()
    ran: list[bool] = []

    def other() -> None:
        gate.wait()
        ran.append(True)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000.0)
    thread = threading.Thread(target=other)
    try:
        thread.start()  # comes back once the other thread waits
        gate.set()
        assert not ran, "the other thread ran before the work began"
        work()
        return bool(ran)
    finally:
        sys.setswitchinterval(interval)
        gate.set()
        thread.join()


def more_and_more(first: int, tries: int = 6) -> list[int]:
    """Return amounts of work, each four times the one before.

    For what is seen only when the work takes long enough: no test has to know
    how fast the machine is.
    """
    return [first * 4**k for k in range(tries)]


# --- Processes of their own ---------------------------------------------------


@pytest.fixture
def at_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a function that makes new Python processes run a text when they start."""

    def run_at_start(text: str) -> None:
        folder = tmp_path / "at_start"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)

    return run_at_start
