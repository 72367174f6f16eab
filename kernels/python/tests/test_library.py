"""The C library as Python opens it, and the cache of what is compiled against it."""

import contextlib
import ctypes
import gc
import multiprocessing
import os
import re
import shutil
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import cffi
import numpy as np
import pytest

import ffi_workbook
from ffi_workbook import errors, library
from ffi_workbook.modes._compile import quietly
from ffi_workbook.modes._signatures import declared
from ffi_workbook.modes._status import last_error, raise_status

# --- The cache ----------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    folder = tmp_path / "deep" / "cache"
    monkeypatch.setenv("FFI_WORKBOOK_CACHE", str(folder))
    return folder


class Builder:
    """A build that counts how often it runs."""

    def __init__(self, text: str = "built") -> None:
        self.text, self.runs = text, 0

    def __call__(self, folder: Path) -> None:
        self.runs += 1
        assert list(folder.iterdir()) == []
        (folder / "result").write_text(self.text)


def test_the_cache_is_where_the_environment_says(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert library.cache_dir() == cache
    assert library.built("thing", [], Builder()).parent == cache
    for nothing in (None, ""):
        if nothing is None:
            monkeypatch.delenv("FFI_WORKBOOK_CACHE")
        else:
            monkeypatch.setenv("FFI_WORKBOOK_CACHE", nothing)
        assert library.cache_dir().name == "ffi-workbook"
        assert library.cache_dir().is_absolute()


def test_a_mode_is_compiled_into_the_cache(cache: Path) -> None:
    # cffi-abi compiles nothing: it writes a module, and is quick.
    from ffi_workbook.modes import cffi_abi

    assert cffi_abi.load().add_ints(2, 5) == 7
    (folder,) = cache.iterdir()
    assert folder.name.startswith("cffi-abi-")
    assert (folder / "_kernels_cffi_abi.py").is_file()


def test_what_is_built_is_built_once(cache: Path) -> None:
    build = Builder()
    first = library.built("thing", ["a", "b"], build)
    assert library.built("thing", ["a", "b"], build) == first
    assert build.runs == 1
    assert (first / "result").read_text() == "built"
    assert list(cache.iterdir()) == [first]


def test_a_change_of_inputs_builds_anew(cache: Path) -> None:
    build = Builder()
    inputs = (["a", "b"], ["a", "c"], ["ab"], ["b", "a"], ["a", "b", ""], [])
    folders = {library.built("thing", list(given), build) for given in inputs}
    folders.add(library.built("other", ["a", "b"], build))
    assert len(folders) == build.runs == 7
    assert set(cache.iterdir()) == folders


@pytest.fixture
def include(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the library and its headers, for tests that change them."""
    folder = tmp_path / "capi"
    shutil.copytree(library.INCLUDE, folder)
    monkeypatch.setattr(library, "INCLUDE", folder)
    library.cdef.cache_clear()
    yield folder
    library.cdef.cache_clear()


def test_a_change_of_library_or_header_builds_anew(cache: Path, include: Path) -> None:
    build = Builder()
    folders = [library.built("thing", [], build)]
    with library.library_path().open("ab") as file:
        file.write(b"\0")
    folders.append(library.built("thing", [], build))
    with (include / "kernels.cdef.h").open("a") as header:
        header.write("\nvoid one_more(void);\n")
    library.cdef.cache_clear()
    folders.append(library.built("thing", [], build))
    assert library.built("thing", [], build) == folders[-1]
    assert len({*folders}) == build.runs == 3


def test_a_missing_library_says_what_to_do(include: Path) -> None:
    library.library_path().unlink()
    with pytest.raises(FileNotFoundError, match="run `make build`"):
        library.library_path()


def test_a_build_that_fails_leaves_nothing(cache: Path) -> None:
    def half(folder: Path) -> None:
        (folder / "result").write_text("half")
        raise RuntimeError("the compiler stopped")

    with pytest.raises(RuntimeError, match="the compiler stopped"):
        library.built("thing", [], half)
    assert list(cache.iterdir()) == []
    build = Builder()
    assert (library.built("thing", [], build) / "result").read_text() == "built"
    assert build.runs == 1


def _build_together(number: int, include: Path, results: Any) -> None:
    """Build, but not before the other process builds too. Runs in a process."""
    library.INCLUDE = include
    meeting = library.cache_dir().parent / "meeting"
    meeting.mkdir(parents=True, exist_ok=True)

    def build(folder: Path) -> None:
        (folder / "result").write_text(f"built by {number}")
        (meeting / str(number)).touch()
        while len(list(meeting.iterdir())) < 2:
            time.sleep(0.001)

    results.put(str(library.built("thing", [], build)))


def test_two_that_build_at_once_agree(cache: Path, include: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results: Any = context.SimpleQueue()
    processes = [
        context.Process(target=_build_together, args=(k, include, results)) for k in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    folder = Path(results.get())
    assert Path(results.get()) == folder
    assert [*cache.iterdir()] == [folder]
    assert (folder / "result").read_text() in ("built by 0", "built by 1")


def test_a_folder_that_cannot_be_named_is_an_error(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(f"no right to make {target}")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError, match="no right"):
        library.built("thing", [], Builder())
    assert list(cache.iterdir()) == []


def test_a_compiler_is_quiet_until_it_fails(capfd: pytest.CaptureFixture[str]) -> None:
    def compiler(error: Exception | None) -> None:
        with quietly():
            os.system("echo line 7: what is this >&2")
            if error:
                raise error

    compiler(None)
    with pytest.raises(ValueError, match="no") as caught:
        compiler(ValueError("no"))
    assert caught.value.__notes__ == ["line 7: what is this\n"]
    os.system("echo after")
    assert capfd.readouterr() == ("after\n", "")


# --- Statuses -----------------------------------------------------------------


def test_every_status_of_the_header_has_an_exception() -> None:
    header = (library.INCLUDE / "kernels.h").read_text(encoding="utf-8")
    defined = dict(re.findall(r"^#define (KERNELS_ERROR_\w+) (\d+)$", header, re.MULTILINE))
    assert set(defined) == set(errors.BY_STATUS)
    numbers = {int(number): name for name, number in defined.items()}
    assert library.statuses() == {0: "KERNELS_OK", **numbers}
    assert sorted(library.statuses()) == list(range(len(defined) + 1))
    classes = list(errors.BY_STATUS.values())
    assert len(set(classes)) == len(classes)


@pytest.mark.parametrize("name", errors.BY_STATUS)
def test_a_status_is_raised_as_its_class(name: str) -> None:
    (number,) = (number for number, other in library.statuses().items() if other == name)
    with pytest.raises(errors.BY_STATUS[name]) as caught:
        raise_status(number)
    assert caught.type is errors.BY_STATUS[name]


# --- Signatures made from the header ------------------------------------------


@pytest.fixture(scope="module")
def lib() -> ctypes.CDLL:
    return declared(ctypes.CDLL(str(library.library_path())))


def status_of(name: str) -> int:
    return next(number for number, other in library.statuses().items() if other == name)


def checked(status: int) -> None:
    if status:
        raise_status(status)


def test_signatures(lib: ctypes.CDLL) -> None:
    double_p, int64_p = ctypes.POINTER(ctypes.c_double), ctypes.POINTER(ctypes.c_int64)
    i32, i64, f64 = ctypes.c_int32, ctypes.c_int64, ctypes.c_double
    wanted: dict[str, tuple[Any, ...]] = {
        "kernels_noop": (None,),
        "kernels_add_ints": (i64, i32, i32),
        "kernels_add_floats": (f64, f64, f64),
        "kernels_add": (i32, double_p, double_p, i64),
        "add": (None, double_p, double_p, ctypes.c_int),
        "fibo": (None, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int)),
        "kernels_fibonacci": (i32, i64, ctypes.POINTER(ctypes.c_uint64)),
        "kernels_evolve": (i32, double_p, double_p, i64, i64, f64, f64, f64, f64),
        "kernels_divide": (i32, i64, i64, int64_p, int64_p),
        "kernels_largest": (i32, double_p, i64, ctypes.POINTER(double_p)),
        "kernels_greet": (i32, ctypes.c_char_p, ctypes.POINTER(ctypes.c_char_p)),
        "kernels_string_free": (i32, ctypes.c_char_p),
        "kernels_statistics_new": (i32, ctypes.POINTER(ctypes.c_void_p)),
        "kernels_statistics_push": (i32, ctypes.c_void_p, f64),
        "kernels_version": (ctypes.c_char_p,),
        "kernels_last_error": (i64, ctypes.c_char_p, i64),
    }
    for name, (result, *arguments) in wanted.items():
        function = getattr(lib, name)
        assert function.restype is result, name
        assert list(function.argtypes) == arguments, name


def test_the_signature_of_a_callback(lib: ctypes.CDLL) -> None:
    function = lib.kernels_integrate.argtypes[0]
    wanted = [ctypes.c_double, ctypes.c_void_p, ctypes.POINTER(ctypes.c_double)]
    assert issubclass(function, ctypes._CFuncPtr)
    assert function._restype_ is ctypes.c_int32
    assert list(function._argtypes_) == wanted


def test_every_function_is_declared(lib: ctypes.CDLL) -> None:
    ffi = cffi.FFI()
    ffi.cdef(library.cdef())
    described = ffi.dlopen(str(library.library_path()))
    functions = [name for name in dir(described) if not isinstance(getattr(described, name), int)]
    assert len(functions) > 30
    for name in functions:
        assert getattr(lib, name).argtypes is not None, name


def test_structs_have_the_layout_of_the_library(lib: ctypes.CDLL) -> None:
    layout_type = lib.kernels_reading_layout.argtypes[0]._type_
    reading_type = lib.kernels_reading_warmed.argtypes[0]
    assert lib.kernels_reading_record.argtypes[0]._type_ is reading_type
    assert reading_type._fields_ == [
        ("sensor", ctypes.c_uint8),
        ("celsius", ctypes.c_double),
        ("samples", ctypes.c_int32),
    ]
    layout = layout_type()
    checked(lib.kernels_reading_layout(ctypes.byref(layout)))
    found = {name: getattr(layout, name) for name, _ in layout_type._fields_}
    assert found == {
        "size": ctypes.sizeof(reading_type),
        "alignment": ctypes.alignment(reading_type),
        **{name: getattr(reading_type, name).offset for name, _ in reading_type._fields_},
    }
    # Padding is real: the fields alone have 13 bytes.
    assert found["size"] == 24

    ffi = cffi.FFI()
    ffi.cdef(library.cdef())
    fields = dict(ffi.typeof("KernelsReading").fields)
    assert found == {
        "size": ffi.sizeof("KernelsReading"),
        "alignment": ffi.alignof("KernelsReading"),
        **{name: field.offset for name, field in fields.items()},
    }


def test_a_struct_by_value_and_by_pointer(lib: ctypes.CDLL) -> None:
    reading_type = lib.kernels_reading_warmed.argtypes[0]
    reading, warmer = reading_type(200, 20.0, 1), reading_type()
    checked(lib.kernels_reading_warmed(reading, 1.5, ctypes.byref(warmer)))
    assert (warmer.sensor, warmer.celsius, warmer.samples) == (200, 21.5, 1)
    checked(lib.kernels_reading_record(ctypes.byref(reading), 22.0))
    assert (reading.sensor, reading.celsius, reading.samples) == (200, 21.0, 2)


# --- Handles and strings ------------------------------------------------------


def test_a_handle_through_ctypes(lib: ctypes.CDLL) -> None:
    handle = ctypes.c_void_p()
    checked(lib.kernels_statistics_new(ctypes.byref(handle)))
    assert handle.value
    for value in (1.0, 2.0, 6.0):
        checked(lib.kernels_statistics_push(handle, value))
    count, mean, variance = ctypes.c_uint64(), ctypes.c_double(), ctypes.c_double()
    out = ctypes.byref(count), ctypes.byref(mean), ctypes.byref(variance)
    checked(lib.kernels_statistics_get(handle, *out))
    assert (count.value, mean.value, variance.value) == (3, 3.0, 7.0)
    checked(lib.kernels_statistics_free(handle))
    # A handle that was freed is a number like any other: it is not followed.
    for call in (lib.kernels_statistics_push, lib.kernels_statistics_free):
        args = (handle, 1.0)[: len(call.argtypes)]
        with pytest.raises(errors.HandleError):
            checked(call(*args))
    with pytest.raises(errors.HandleError):
        checked(lib.kernels_statistics_get(None, *out))
    assert lib.kernels_statistics_free(None) == 0


def test_a_handle_through_cffi() -> None:
    ffi = cffi.FFI()
    ffi.cdef(library.cdef())
    lib = ffi.dlopen(str(library.library_path()))
    out = ffi.new("KernelsStatistics **")
    checked(lib.kernels_statistics_new(out))
    # ffi.gc gives the handle back when its last owner is gone.
    freed: list[int] = []
    handle = ffi.gc(out[0], lambda pointer: freed.append(lib.kernels_statistics_free(pointer)))
    checked(lib.kernels_statistics_push(handle, 4.0))
    numbers = ffi.new("uint64_t *"), ffi.new("double *"), ffi.new("double *")
    with pytest.raises(errors.ParameterError, match="hold 1 numbers: this needs at least 2"):
        checked(lib.kernels_statistics_get(handle, *numbers))
    checked(lib.kernels_statistics_push(handle, 8.0))
    checked(lib.kernels_statistics_get(handle, *numbers))
    assert [number[0] for number in numbers] == [2, 6.0, 8.0]
    del handle
    gc.collect()
    assert freed == [0]
    with pytest.raises(errors.HandleError):
        checked(lib.kernels_statistics_push(out[0], 1.0))
    with pytest.raises(TypeError):
        ffi.new("KernelsStatistics *")  # opaque: nobody knows its size


def test_a_string_that_the_library_owns(lib: ctypes.CDLL) -> None:
    greeting = ctypes.c_char_p()
    checked(lib.kernels_greet("Zoë".encode(), ctypes.byref(greeting)))
    assert greeting.value is not None
    assert greeting.value.decode() == "Hello, Zoë!"
    # .value is a copy that Python owns: not the library's to free.
    copy = greeting.value
    with pytest.raises(errors.HandleError):
        checked(lib.kernels_string_free(copy))
    checked(lib.kernels_string_free(greeting))
    with pytest.raises(errors.HandleError):
        checked(lib.kernels_string_free(greeting))
    assert copy.decode() == "Hello, Zoë!"
    with pytest.raises(errors.EncodingError):
        checked(lib.kernels_greet(b"\xff", ctypes.byref(greeting)))
    with pytest.raises(errors.NullPointerError):
        checked(lib.kernels_greet(None, ctypes.byref(greeting)))


def test_a_buffer_that_the_library_owns(lib: ctypes.CDLL) -> None:
    buffer = ctypes.POINTER(ctypes.c_double)()
    checked(lib.kernels_buffer_new(5, 2.5, ctypes.byref(buffer)))
    view = np.ctypeslib.as_array(buffer, shape=(5,))
    view += np.arange(5.0)
    assert buffer[4] == 6.5
    del view
    checked(lib.kernels_buffer_free(buffer))
    with pytest.raises(errors.HandleError):
        checked(lib.kernels_buffer_free(buffer))
    with pytest.raises(errors.KernelMemoryError):
        checked(lib.kernels_buffer_new(2**58, 0.0, ctypes.byref(buffer)))
    with pytest.raises(errors.SizeError):
        checked(lib.kernels_buffer_new(2**60, 0.0, ctypes.byref(buffer)))


def test_a_pointer_into_an_array(lib: ctypes.CDLL) -> None:
    values = np.array([3.0, 8.0, 5.0])
    first = values.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
    found = ctypes.POINTER(ctypes.c_double)()
    checked(lib.kernels_largest(first, 3, ctypes.byref(found)))
    assert found.contents.value == 8.0
    assert ctypes.addressof(found.contents) == values.ctypes.data + 8
    found[0] = 0.0
    assert values.tolist() == [3.0, 0.0, 5.0]


def test_the_last_error_is_this_threads_own(lib: ctypes.CDLL) -> None:
    lib.kernels_clear_error()
    assert last_error() == ""
    with pytest.raises(errors.PanicError, match="déjà vu"):
        checked(lib.kernels_panic("déjà vu".encode()))
    assert "déjà vu" in last_error()
    assert lib.kernels_version().decode() == ffi_workbook.__version__


# --- Callbacks ----------------------------------------------------------------


def integrate(lib: Any, function: Any, user_data: Any, out: Any) -> None:
    checked(lib.kernels_integrate(function, user_data, 0.0, 3.0, 6, out))


def with_ctypes(
    lib: ctypes.CDLL, f: Callable[[float], float], failures: list[BaseException]
) -> float:
    """Integrate a Python function. What it raises goes into ``failures``."""

    def call(x: float, user_data: int | None, out_y: Any) -> int:
        assert user_data == 42
        try:
            out_y[0] = f(x)
        except BaseException as error:
            failures.append(error)
            return 1
        return 0

    callback = lib.kernels_integrate.argtypes[0](call)
    out = ctypes.c_double(-1.0)
    integrate(lib, callback, ctypes.c_void_p(42), ctypes.byref(out))
    return out.value


def with_cffi(
    lib: ctypes.CDLL, f: Callable[[float], float], failures: list[BaseException]
) -> float:
    """Do the same with cffi, which has a place for what is raised."""
    ffi = cffi.FFI()
    ffi.cdef(library.cdef())
    opened = ffi.dlopen(str(library.library_path()))

    def failed(kind: type[BaseException], error: BaseException, traceback: Any) -> None:
        failures.append(error)

    @ffi.callback("KernelsFunction", error=1, onerror=failed)
    def call(x: float, user_data: Any, out_y: Any) -> int:
        assert int(ffi.cast("intptr_t", user_data)) == 42
        out_y[0] = f(x)
        return 0

    out = ffi.new("double *", -1.0)
    integrate(opened, call, ffi.cast("void *", 42), out)
    return float(out[0])


Integrate = Callable[[ctypes.CDLL, Callable[[float], float], list[BaseException]], float]
ways = pytest.mark.parametrize("way", [with_ctypes, with_cffi])


@ways
def test_a_callback(lib: ctypes.CDLL, way: Integrate) -> None:
    seen: list[float] = []

    def square(x: float) -> float:
        seen.append(x)
        return x * x

    failures: list[BaseException] = []
    found = way(lib, square, failures)
    assert failures == []
    assert seen == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    assert found == pytest.approx(9.125)
    assert found == ffi_workbook.integrate(square, 0.0, 3.0, 6)


@ways
def test_a_callback_that_raises(lib: ctypes.CDLL, way: Integrate) -> None:
    calls = 0

    def fails_third(x: float) -> float:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise ValueError("no further")
        return x

    failures: list[BaseException] = []
    with pytest.raises(errors.CallbackError):
        way(lib, fails_third, failures)
    assert [str(error) for error in failures] == ["no further"]
    assert calls == 3


def test_a_raise_that_ctypes_cannot_pass_on(
    lib: ctypes.CDLL, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What goes wrong without the try: ctypes prints the exception and returns
    # what happens to stand in its memory. Whether the work stops is chance.
    unraisable: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda event: unraisable.append(event.exc_value))
    callback = lib.kernels_integrate.argtypes[0](lambda x, user_data, out_y: 1 // 0)
    out = ctypes.c_double(-1.0)
    with contextlib.suppress(errors.CallbackError):
        integrate(lib, callback, None, ctypes.byref(out))
    assert 1 <= len(unraisable) <= 7
    assert all(isinstance(error, ZeroDivisionError) for error in unraisable)


def test_a_callback_must_live_as_long_as_its_call(lib: ctypes.CDLL) -> None:
    def call(x: float, user_data: object, out_y: Any) -> int:
        out_y[0] = 1.0
        return 0

    function = weakref.ref(call)
    callback = lib.kernels_integrate.argtypes[0](call)
    del call
    gc.collect()
    assert function() is not None  # the callback keeps its function
    out = ctypes.c_double()
    integrate(lib, callback, None, ctypes.byref(out))
    assert out.value == 3.0
    del callback
    gc.collect()
    assert function() is None  # and nobody keeps the callback: the caller must


def test_a_status_number_is_the_headers(lib: ctypes.CDLL) -> None:
    out = ctypes.c_double()
    null = lib.kernels_integrate.argtypes[0]()
    status = lib.kernels_integrate(null, None, 0.0, 1.0, 1, ctypes.byref(out))
    assert status == status_of("KERNELS_ERROR_NULL")
    assert all(b == a + 1 for a, b in pairwise(sorted(library.statuses())))
