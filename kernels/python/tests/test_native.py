"""The rest of the PyO3 skin: what the package itself offers."""

import math
import platform
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import (
    Array,
    assert_refused,
    assert_same_bits,
    more_and_more,
    others_run_during,
)
from hypothesis import given
from hypothesis import strategies as st

import ffi_workbook as kernels
from ffi_workbook import _native
from ffi_workbook import errors as E  # noqa: N812
from ffi_workbook.race.cases import DT, DX2, DY2, A

INT64 = st.integers(-(2**63), 2**63 - 1)


def test_all_names_are_there() -> None:
    for name in kernels.__all__:
        assert getattr(kernels, name) is not None
        if callable(getattr(kernels, name)):
            assert getattr(kernels, name).__doc__, name


# --- Fibonacci ----------------------------------------------------------------


def test_fibonacci() -> None:
    assert [kernels.fibonacci(n) for n in range(8)] == [0, 1, 1, 2, 3, 5, 8, 13]
    assert kernels.fibonacci(93) == 12_200_160_415_121_876_738
    words = ("fibonacci(94) does not fit in u64",)
    assert_refused(kernels.fibonacci, 94, error=E.KernelOverflowError, words=words)
    assert_refused(kernels.fibonacci, 2**62, error=E.KernelOverflowError, words=(str(2**62),))
    assert_refused(kernels.fibonacci, -1, error=E.SizeError, words=("n = -1",))


def test_fibonacci_step() -> None:
    assert kernels.fibonacci_step(5, 8) == (8, 13)
    assert kernels.fibonacci_step(0, 2**64 - 1) == (2**64 - 1, 2**64 - 1)
    words = (f"{2**64 - 1} + 1 does not fit in u64",)
    assert_refused(kernels.fibonacci_step, 2**64 - 1, 1, error=E.KernelOverflowError, words=words)
    with pytest.raises(OverflowError):
        kernels.fibonacci_step(-1, 1)


def test_fibonacci_sequence() -> None:
    numbers = kernels.fibonacci_sequence(94)
    assert numbers.dtype == np.uint64
    assert numbers.shape == (94,)
    assert numbers.tolist() == [kernels.fibonacci(n) for n in range(94)]
    assert kernels.fibonacci_sequence(0).shape == (0,)
    assert kernels.fibonacci_sequence(1).tolist() == [0]
    words = ("fibonacci(94) does not fit in u64",)
    for n in (95, 2**62):
        assert_refused(kernels.fibonacci_sequence, n, error=E.KernelOverflowError, words=words)
    assert_refused(kernels.fibonacci_sequence, -2, error=E.SizeError, words=("n = -2",))


def test_an_array_from_rust_is_an_array_like_any_other() -> None:
    numbers = kernels.fibonacci_sequence(10)
    assert numbers.flags.writeable
    assert numbers.flags.c_contiguous
    view = numbers[3:5]
    del numbers
    assert view.tolist() == [2, 3]  # the view keeps the memory
    view[:] = 0
    assert kernels.fibonacci_sequence(5).tolist() == [0, 1, 1, 2, 3]


# --- Numbers and strings ------------------------------------------------------


def test_sum_strided() -> None:
    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    assert kernels.sum_strided(values, 1) == 31.0
    assert kernels.sum_strided(values, 2) == 21.0
    assert kernels.sum_strided(values, 4) == 17.0
    assert kernels.sum_strided(values, 5) == 1.0
    assert kernels.sum_strided(values, 2**62) == 1.0
    nothing = kernels.sum_strided(np.empty(0), 3)
    assert nothing == 0.0
    assert math.copysign(1.0, nothing) == 1.0
    grid = np.arange(12.0).reshape(3, 4)
    assert kernels.sum_strided(grid.ravel()[1:], 4) == grid[:, 1].sum()


def test_sum_strided_refuses() -> None:
    values = np.ones(3)
    refused = kernels.sum_strided
    assert_refused(refused, values, 0, error=E.ParameterError, words=("stride is 0",))
    assert_refused(refused, values, -1, error=E.SizeError, words=("stride = -1",))
    assert_refused(refused, values[::2], 1, error=E.LayoutError, words=("values",))
    assert_refused(refused, [1.0], 1, error=E.ArrayTypeError, words=("values is a list",))
    assert_refused(refused, np.ones((2, 2)), 1, error=E.ShapeError, words=("2 dimensions",))


@given(dividend=INT64, divisor=INT64)
def test_divide_rounds_towards_zero(dividend: int, divisor: int) -> None:
    if divisor == 0 or (dividend, divisor) == (-(2**63), -1):
        return
    quotient, remainder = kernels.divide(dividend, divisor)
    wanted = abs(dividend) // abs(divisor) * (1 if (dividend < 0) == (divisor < 0) else -1)
    assert quotient == wanted
    assert remainder == dividend - wanted * divisor


def test_divide() -> None:
    assert kernels.divide(7, 2) == (3, 1)
    assert kernels.divide(-7, 2) == (-3, -1)
    assert kernels.divide(7, -2) == (-3, 1)
    assert kernels.divide(-7, -2) == (3, -1)
    assert (-7 // 2, -7 % 2) == (-4, 1)  # as Python has it
    assert_refused(kernels.divide, 7, 0, error=E.KernelDivisionError, words=("7 / 0",))
    words = (f"{-(2**63)} / -1 does not fit in i64",)
    assert_refused(kernels.divide, -(2**63), -1, error=E.KernelOverflowError, words=words)
    with pytest.raises(ZeroDivisionError):
        kernels.divide(1, 0)
    with pytest.raises(OverflowError):
        kernels.divide(2**63, 1)


def test_largest() -> None:
    assert kernels.largest(np.array([3.0, 8.0, 5.0])) == 8.0
    assert kernels.largest(np.array([-np.inf])) == -np.inf
    assert math.copysign(1.0, kernels.largest(np.array([-0.0, 0.0, -0.0]))) == 1.0
    assert math.isnan(kernels.largest(np.array([1.0, np.nan, np.inf])))
    assert_refused(kernels.largest, np.empty(0), error=E.SizeError, words=("0 elements",))
    assert_refused(kernels.largest, np.ones(3, int), error=E.DtypeError, words=("int64",))


def test_greet() -> None:
    assert kernels.greet("Ada") == "Hello, Ada!"
    assert kernels.greet("Zoë ☕ 李") == "Hello, Zoë ☕ 李!"
    assert kernels.greet("x" * 1000) == f"Hello, {'x' * 1000}!"
    assert kernels.greet("é" * 500) == f"Hello, {'é' * 500}!"
    # A str knows its length: a zero byte is a character like any other.
    assert kernels.greet("a\0b") == "Hello, a\0b!"


@pytest.mark.parametrize("length", range(1, 70))
def test_each_short_length_is_copied_whole(length: int) -> None:
    """Copies of 8 to 16 bytes are our own (src/short_copy.rs), all others are libc's."""
    name = "".join(chr(ord("0") + i) for i in range(length))
    assert kernels.greet(name) == f"Hello, {name}!"


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="short copies are our own on x86-64 Linux only",
)
def test_memcpy_is_our_own_and_nobody_elses() -> None:
    """Neither taken from libc nor given to others: no such name crosses the border."""
    names = Path(_native.__file__).read_bytes().split(b"\0")
    assert b"memmove" in names
    assert b"memcpy" not in names


@pytest.mark.parametrize(("name", "length"), [("", 0), ("x" * 1001, 1001), ("é" * 501, 1002)])
def test_greet_refuses(name: str, length: int) -> None:
    words = (f"the name has {length} bytes", "1 to 1000")
    assert_refused(kernels.greet, name, error=E.ParameterError, words=words)


def test_greet_takes_text_only() -> None:
    with pytest.raises(UnicodeEncodeError):
        kernels.greet("\ud800")
    with pytest.raises(TypeError):
        kernels.greet(b"Ada")


# --- A callback ---------------------------------------------------------------


def test_integrate() -> None:
    seen: list[float] = []

    def line(x: float) -> float:
        seen.append(x)
        return 2.0 * x

    assert kernels.integrate(line, 1.0, 3.0, 4) == 8.0
    assert seen == [1.0, 1.5, 2.0, 2.5, 3.0]
    assert kernels.integrate(math.sin, 0.0, math.pi, 1000) == pytest.approx(2.0, abs=1e-5)
    assert kernels.integrate(lambda x: 1, 0.0, -2.0, 3) == pytest.approx(-2.0)  # an int will do
    # A callback may call the same function again.
    inner = kernels.integrate(lambda x: kernels.integrate(line, 0.0, x, 2), 0.0, 1.0, 2)
    assert inner == pytest.approx(0.375)


@pytest.mark.parametrize("cause", [ValueError("no"), KeyboardInterrupt(), E.ShapeError("mine")])
def test_an_exception_of_the_callback_reaches_the_caller(cause: BaseException) -> None:
    calls = 0

    def fails_third(x: float) -> float:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise cause
        return x

    with pytest.raises(type(cause)) as caught:
        kernels.integrate(fails_third, 0.0, 1.0, 100)
    assert caught.value is cause
    assert calls == 3
    assert caught.traceback[-1].name == "fails_third"


@pytest.mark.parametrize("result", ["1.0", None, [1.0], 1j])
def test_a_callback_must_return_a_number(result: object) -> None:
    calls = []
    with pytest.raises(TypeError):
        kernels.integrate(lambda x: calls.append(x) or result, 0.0, 1.0, 10)
    assert len(calls) == 1


def test_integrate_refuses() -> None:
    def never(x: float) -> float:
        raise AssertionError(x)

    call: Callable[..., float] = kernels.integrate
    words = ("intervals is 0", "at least 1")
    assert_refused(call, never, 0.0, 1.0, 0, error=E.ParameterError, words=words)
    for low, high in ((math.nan, 1.0), (0.0, math.inf)):
        words = (f"{low:g} and {high:g}", "finite")
        assert_refused(call, never, low, high, 3, error=E.ParameterError, words=words)
    for intervals in (-1, 2**32):
        with pytest.raises(OverflowError):
            call(never, 0.0, 1.0, intervals)
    with pytest.raises(TypeError, match="not callable"):
        call(3, 0.0, 1.0, 1)


# --- Reading and RunningStatistics --------------------------------------------


def test_reading() -> None:
    reading = kernels.Reading(7, 20.5, 3)
    assert (reading.sensor, reading.celsius, reading.samples) == (7, 20.5, 3)
    assert repr(reading) == "Reading(sensor=7, celsius=20.5, samples=3)"
    assert eval(repr(reading), {"Reading": kernels.Reading}) == reading
    assert repr(kernels.Reading(0)) == "Reading(sensor=0, celsius=0.0, samples=0)"
    assert reading == kernels.Reading(sensor=7, celsius=20.5, samples=3)
    assert reading != kernels.Reading(7, 20.5, 4)
    assert reading != kernels.Reading(8, 20.5, 3)
    assert reading != (7, 20.5, 3)
    nan = kernels.Reading(1, math.nan)
    assert nan != nan  # noqa: PLR0124  # as with floats
    with pytest.raises(TypeError, match="unhashable"):
        hash(reading)  # it can change


def test_a_reading_by_value_and_in_place() -> None:
    reading = kernels.Reading(7, 20.0, 1)
    warmer = reading.warmed(1.5)
    assert warmer == kernels.Reading(7, 21.5, 1)
    assert reading == kernels.Reading(7, 20.0, 1)
    assert reading.record(22.0) is None
    assert reading == kernels.Reading(7, 21.0, 2)
    reading.record(24.0)
    assert reading == kernels.Reading(7, 22.0, 3)
    same = reading
    same.celsius = 0.25
    assert reading.celsius == 0.25


def test_a_reading_counts_as_far_as_it_can() -> None:
    full = kernels.Reading(1, 20.0, 2**31 - 1)
    words = ("2147483647 samples and 1 more do not fit in i32",)
    assert_refused(full.record, 30.0, error=E.KernelOverflowError, words=words)
    assert full == kernels.Reading(1, 20.0, 2**31 - 1)
    below = kernels.Reading(1, 20.0, -1)
    assert_refused(below.record, 30.0, error=E.ParameterError, words=("samples = -1",))
    assert below == kernels.Reading(1, 20.0, -1)


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ((256,), OverflowError),
        ((-1,), OverflowError),
        ((1, 0.0, 2**31), OverflowError),
        (("1",), TypeError),
        ((1.5,), TypeError),
        ((1, "warm"), TypeError),
        ((), TypeError),
    ],
)
def test_a_reading_has_ranges(args: tuple[object, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        kernels.Reading(*args)


def test_the_fields_of_a_reading_have_ranges() -> None:
    reading = kernels.Reading(255, 1.0, -(2**31))
    for name, value in (("sensor", 256), ("samples", 2**31), ("samples", -(2**31) - 1)):
        with pytest.raises(OverflowError):
            setattr(reading, name, value)
    with pytest.raises(AttributeError):
        reading.colour = "red"
    assert reading == kernels.Reading(255, 1.0, -(2**31))


def test_running_statistics() -> None:
    statistics = kernels.RunningStatistics()
    assert statistics.count == 0
    with pytest.raises(E.ParameterError, match="hold 0 numbers: this needs at least 1"):
        _ = statistics.mean
    statistics.push(4)
    assert (statistics.count, statistics.mean) == (1, 4.0)
    with pytest.raises(E.ParameterError, match="hold 1 numbers: this needs at least 2"):
        _ = statistics.variance
    values = np.random.default_rng(0).normal(20.0, 5.0, 1000)
    for value in values:
        statistics.push(value)
    every = np.append(values, 4.0)
    assert statistics.count == 1001
    assert statistics.mean == pytest.approx(every.mean(), rel=1e-13)
    assert statistics.variance == pytest.approx(every.var(ddof=1), rel=1e-12)
    with pytest.raises(TypeError):
        statistics.push("4")
    with pytest.raises(AttributeError):
        statistics.count = 0
    assert statistics.count == 1001


# --- Memory -------------------------------------------------------------------


def test_filled() -> None:
    numbers = kernels.filled(3, 2.5)
    assert numbers.dtype == np.float64
    assert numbers.tolist() == [2.5, 2.5, 2.5]
    assert kernels.filled(0, 1.0).shape == (0,)
    assert_refused(kernels.filled, -1, 0.0, error=E.SizeError, words=("count = -1",))


@pytest.mark.parametrize("count", [2**62, 2**63 - 1, 2**58])
def test_filled_refuses_more_memory_than_there_is(count: int) -> None:
    words = (f"{count} numbers",)
    assert_refused(kernels.filled, count, 0.0, error=E.KernelMemoryError, words=words)


SOON_FULL = """
import resource
from ffi_workbook import errors, field
resource.setrlimit(resource.RLIMIT_AS, (2**33, 2**33))
try:
    field.mug(2**20, 2**20 - 1)
except errors.KernelMemoryError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on memory")
def test_too_little_memory_for_a_field_is_an_exception() -> None:
    # In a process of its own, for the other end is an abort.
    result = subprocess.run(
        [sys.executable, "-c", SOON_FULL], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "1048576 x 1048575 cells" in result.stdout


def test_nothing_is_copied() -> None:
    base = np.arange(10.0)
    view = base[2:6]
    address = view.__array_interface__["data"]
    kernels.add(view, np.ones(4))
    assert view.__array_interface__["data"] == address
    assert view.base is base
    assert base.tolist() == [0, 1, 3, 4, 5, 6, 6, 7, 8, 9]


def test_memory_that_numpy_does_not_own() -> None:
    memory = bytearray(32)
    kernels.add(np.frombuffer(memory), np.array([1.0, 2.0, 3.0, 4.0]))
    assert np.frombuffer(memory).tolist() == [1, 2, 3, 4]


def test_subclasses_of_arrays(tmp_path: Any) -> None:
    class Labelled(np.ndarray[Any, Any]):
        label = "a"

    mapped = np.memmap(tmp_path / "numbers", np.float64, "w+", shape=(4, 5))
    mapped[:] = 1.0
    u = np.zeros((4, 5)).view(Labelled)
    kernels.evolve(u, mapped, A, DT, DX2, DY2)
    assert type(u) is Labelled
    assert u[1:-1, 1:-1].tolist() == [[1.0] * 3] * 2
    assert_same_bits(np.asarray(mapped), np.asarray(u))
    mapped.flush()
    assert np.fromfile(tmp_path / "numbers").tolist() == u.ravel().tolist()


# --- Heat ---------------------------------------------------------------------


def grids(rows: int, columns: int) -> Array:
    return np.random.default_rng(rows * columns).normal(20.0, 30.0, (2, rows, columns))


def test_an_unstable_step_blows_up_when_asked_for() -> None:
    u, u_previous = grids(10, 12)
    with pytest.raises(E.StabilityError):
        kernels.evolve(u, u_previous, A, 2 * DT, DX2, DY2)
    largest = np.abs(u_previous).max()
    for _ in range(40):
        kernels.evolve(u, u_previous, A, 2 * DT, DX2, DY2, check_stability=False)
    assert np.abs(u).max() > 1e6 * largest
    v, v_previous = grids(10, 12)
    kernels.evolve_steps(v, v_previous, 40, A, 2 * DT, DX2, DY2, check_stability=False)
    assert np.abs(v).max() > 1e6 * largest


def test_a_stable_step_does_not_blow_up() -> None:
    u, u_previous = grids(10, 12)
    largest = max(np.abs(u).max(), np.abs(u_previous).max())
    kernels.evolve_steps(u, u_previous, 10_000, A, DT, DX2, DY2)
    assert np.abs(u).max() <= largest


def test_unchecked_numbers_change_the_field_and_no_more() -> None:
    u, u_previous = grids(6, 6)
    kernels.evolve(u, u_previous, math.nan, 1.0, 0.0, -1.0, check_stability=False)
    assert np.isnan(u[1:-1, 1:-1]).all()
    assert np.isfinite(u[0]).all()


def test_checks_are_turned_off_by_name_only() -> None:
    u, u_previous = grids(4, 4)
    with pytest.raises(TypeError):
        kernels.evolve(u, u_previous, A, DT, DX2, DY2, False)
    kernels.evolve(u=u, u_previous=u_previous, a=A, dt=DT, dx2=DX2, dy2=DY2, check_stability=True)


def test_largest_stable_dt() -> None:
    assert kernels.largest_stable_dt(0.5, 1.0, 1.0) == 0.5
    assert kernels.largest_stable_dt(A, DX2, DY2) == DT
    assert kernels.largest_stable_dt(0.0, 1.0, 1.0) == math.inf
    refused = {"a": (-1.0, 1.0, 1.0), "dx2": (1.0, 0.0, 1.0), "dy2": (1.0, 1.0, -1.0)}
    for name, args in refused.items():
        call = kernels.largest_stable_dt
        assert_refused(call, *args, error=E.ParameterError, words=(f"{name} = ",))


@pytest.mark.parametrize("threads", [1, 2, 3, 16, None])
def test_threads_do_not_change_the_result(threads: int | None) -> None:
    (u, u_previous), (v, v_previous) = grids(150, 400), grids(150, 400)
    kernels.evolve_steps(u, u_previous, 30, A, DT, DX2, DY2, threads=threads)
    kernels.evolve_steps(v, v_previous, 30, A, DT, DX2, DY2, threads=1)
    assert_same_bits(u, v)
    assert_same_bits(u_previous, v)


@pytest.mark.parametrize("threads", [0, -1])
def test_there_is_at_least_one_thread(threads: int) -> None:
    def call(u: Array, u_previous: Array) -> None:
        kernels.evolve_steps(u, u_previous, 1, A, DT, DX2, DY2, threads=threads)

    words = (f"threads = {threads}", "1 or more")
    assert_refused(call, *grids(4, 4), error=E.SizeError, words=words)


# --- Panic --------------------------------------------------------------------


def test_a_panic_is_an_exception_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BaseException, match="out of coffee") as caught:
        kernels.panic("out of coffee")
    assert caught.type.__name__ == "PanicException"
    assert caught.type.__module__ == "pyo3_runtime"
    # It is a bug and not a mistake: `except Exception` lets it through.
    assert not isinstance(caught.value, Exception)
    assert "out of coffee" in capfd.readouterr().err
    assert kernels.add_ints(2, 5) == 7


def test_a_panic_in_another_thread(capfd: pytest.CaptureFixture[str]) -> None:
    caught: list[BaseException] = []

    def work() -> None:
        try:
            kernels.panic("in a thread")
        except BaseException as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [str(error) for error in caught] == ["in a thread"]
    capfd.readouterr()


# --- Threads ------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["add", "evolve", "evolve_steps", "sum_strided", "largest", "filled"]
)
def test_other_threads_run_during_long_work(name: str) -> None:
    for amount in more_and_more(4):
        if name == "add":
            work = partial(kernels.add, *np.zeros((2, 50_000 * amount)))
        elif name == "sum_strided":
            work = partial(kernels.sum_strided, np.zeros(50_000 * amount), 1)
        elif name == "largest":
            work = partial(kernels.largest, np.zeros(50_000 * amount))
        elif name == "filled":
            work = partial(kernels.filled, 50_000 * amount, 1.0)
        elif name == "evolve":
            work = partial(kernels.evolve, *np.zeros((2, 50 * amount, 100)), A, DT, DX2, DY2)
        else:
            u, u_previous = np.zeros((2, 400, 400))
            work = partial(kernels.evolve_steps, u, u_previous, 10 * amount, A, DT, DX2, DY2)
        if others_run_during(work):
            return
    pytest.fail("no other thread ran")


def test_no_other_thread_runs_during_short_work() -> None:
    # This also shows that the test above can fail.
    a, b = np.zeros(1000), np.zeros(1000)
    assert not others_run_during(lambda: [kernels.add(a, b) for _ in range(10_000)])
    assert not others_run_during(lambda: kernels.integrate(math.sin, 0.0, 1.0, 500_000))


def test_an_array_in_use_by_another_thread_is_refused() -> None:
    start = grids(500, 500)
    refusals: dict[str, str] = {}
    for steps in more_and_more(25):
        u, u_previous = start.copy()
        part, nothing = u.reshape(-1)[:1000], np.zeros(1000)
        # Neither of these changes the field, whether it is refused or not. Both
        # are short: they keep the interpreter, and the other thread meets no
        # array of its own in use.
        probes = {
            "values": partial(kernels.largest, part),
            "a": partial(kernels.add, part, nothing),
        }
        thread = threading.Thread(
            target=kernels.evolve_steps, args=(u, u_previous, steps, A, DT, DX2, DY2)
        )
        thread.start()
        while thread.is_alive() and len(refusals) < len(probes):
            for name, probe in probes.items():
                try:
                    probe()
                except E.OverlapError as error:
                    refusals[name] = str(error)
        thread.join()
        # What was refused has done no harm, and the work of the thread is done.
        wanted, wanted_previous = start.copy()
        kernels.evolve_steps(wanted, wanted_previous, steps, A, DT, DX2, DY2)
        assert_same_bits(u, wanted)
        assert_same_bits(u_previous, wanted)
        kernels.largest(part)  # the array is free again
        if len(refusals) == len(probes):
            break
    for name in ("values", "a"):
        assert f"{name} overlaps another array in use" in refusals[name]


INTERRUPTED = """
import os, signal, threading
import numpy as np
import ffi_workbook as kernels
from ffi_workbook.errors import OverlapError

u, u_previous = np.random.default_rng(0).random((2, 200, 200))
before, part = u.copy(), u.reshape(-1)[:10]

def press_ctrl_c():
    while True:
        try:
            kernels.largest(part)
        except OverlapError:  # in use: the work has begun
            os.kill(os.getpid(), signal.SIGINT)
            return

# A process that was started in the background ignores the signal.
signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Thread(target=press_ctrl_c).start()
try:
    kernels.evolve_steps(u, u_previous, 2**62, 0.25, 1.0, 1.0, 1.0)
except KeyboardInterrupt:
    # The field is that after so many whole steps, and both grids have it.
    assert np.array_equal(u, u_previous)
    assert not np.array_equal(u, before)
    print("stopped")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_ctrl_c_ends_long_work() -> None:
    # In a process of its own: work that goes on would never end.
    result = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.stdout == "stopped\n", result.stderr


def test_two_threads_may_read_one_array() -> None:
    term = np.ones(100_000)
    sums = [np.zeros(100_000) for _ in range(2)]
    failures: list[BaseException] = []

    def work(total: Array) -> None:
        try:
            for _ in range(50):
                kernels.add(total, term)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(total,)) for total in sums]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all((total == 50.0).all() for total in sums)


# --- After a refusal ----------------------------------------------------------

a, b = np.ones(3), np.ones(4)
grid, other = np.ones((3, 3)), np.ones((3, 3))


@pytest.mark.parametrize(
    ("call", "objects"),
    [
        (lambda: kernels.add(a, b), [a, b]),
        (lambda: kernels.add(a, a), [a]),
        (lambda: kernels.add(a, [1.0]), [a]),
        (lambda: kernels.add(grid, a), [grid, a]),
        (lambda: kernels.evolve(grid, grid, A, DT, DX2, DY2), [grid]),
        (lambda: kernels.evolve(grid, other, A, 3 * DT, DX2, DY2), [grid, other]),
        (lambda: kernels.evolve_steps(grid, other, -1, A, DT, DX2, DY2), [grid, other]),
        (lambda: kernels.sum_strided(a, 0), [a]),
        (lambda: kernels.largest(grid), [grid]),
        (lambda: kernels.integrate(str, 0.0, 1.0, 5), [str]),
    ],
)
def test_a_refused_call_keeps_nothing(call: Callable[[], object], objects: list[object]) -> None:
    def refused() -> None:
        try:
            call()
        except (E.KernelError, TypeError):
            return
        pytest.fail("the call was not refused")

    refused()
    before = [sys.getrefcount(thing) for thing in objects]
    for _ in range(100):
        refused()
    assert [sys.getrefcount(thing) for thing in objects] == before
    # No borrow stays either: the arrays can be used at once.
    kernels.add(a, np.zeros(3))
    kernels.add(b, np.zeros(4))
    kernels.evolve(grid, other, A, DT, DX2, DY2)
