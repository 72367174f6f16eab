"""The judge's own parts: the wire, the words, the copy of a submission."""

import math
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

sys.path.insert(0, str(ROOT / "exercises"))
from judge import cargo, sanitizer
from judge.endings import explain_status
from judge.inside import wire
from judge.work import _difference, _equal, copy_submission

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary()
    | npst.arrays(st.sampled_from(["<f8", "<i4", "|u1", "<c16", "|b1"]), npst.array_shapes()),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
    ),
    max_leaves=8,
)


def there_and_back(value: Any) -> Any:
    """Send a value through a real socket."""
    one, other = socket.socketpair()
    with one, other:
        encoder = wire.Encoder()
        message = encoder.encode(value)
        sender = threading.Thread(target=wire.send, args=(one, message, encoder.blob))
        sender.start()
        received, blob = wire.receive(other)
        sender.join()
    return wire.Decoder(blob, None).decode(received)


@settings(deadline=None, max_examples=200)
@given(plain)
def test_plain_data_survives_the_wire(value: Any) -> None:
    assert same(there_and_back(value), value)


def same(one: Any, other: Any) -> bool:
    """Equal, of the same types, and NaN equals NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, float | complex):
        return repr(one) == repr(other)
    return bool(one == other)


def test_fortran_order_survives() -> None:
    array = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    back = there_and_back(array)
    assert back.flags.f_contiguous
    assert np.array_equal(back, array)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200))
def test_no_bytes_can_do_more_than_fail(data: bytes) -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(data)
        one.shutdown(socket.SHUT_WR)
        try:
            message, blob = wire.receive(other)
            wire.Decoder(blob, lambda handle: handle).decode(message)
        except (wire.WireError, KeyError, TypeError, ValueError, IndexError, AttributeError):
            pass


def test_equal_means_the_same_kind() -> None:
    assert _equal([1, (2.0, "x")], [1, (2.0, "x")])
    assert _equal(math.nan, math.nan)
    assert not _equal(1, True)
    assert not _equal(1, 1.0)
    assert not _equal(np.zeros(2), np.zeros(2, dtype="f4"))
    assert not _equal(np.zeros(2), [0.0, 0.0])


def test_the_first_difference_of_arrays_is_named() -> None:
    expected = np.zeros((4, 5))
    got = expected.copy()
    got[2, 3] = 7
    told = _difference(got, expected)
    assert "1 of 20 numbers differ; the first at [2, 3]" in told
    assert "7.0" in told
    assert "(a float, not a int)" in _difference(1.0, 1)
    assert "shape (4, 5)" in _difference(got, np.zeros((5, 4)))


def test_an_uncaught_exception_is_taken_apart() -> None:
    said = (
        "a word before, about /exercise/data.txt\n"
        "Traceback (most recent call last):\n"
        '  File "/exercise/build.py", line 7, in <module>\n'
        "    ffi.cdef(text)\n"
        '  File "/usr/lib/python3/cffi/api.py", line 1, in cdef\n'
        "    raise CDefError\n"
        "cffi.CDefError: cannot parse\n"
    )
    failure = explain_status(1, "python build.py", said, "/exercise")
    assert failure.message == "python build.py raised cffi.CDefError: cannot parse"
    assert failure.where == [{"file": "build.py", "line": 7, "code": "ffi.cdef(text)"}]
    assert failure.details == "a word before, about data.txt"


def test_the_sanitizers_report_is_read(tmp_path: Path) -> None:
    (tmp_path / "victim.c").write_text("one\ntwo\n    bad[i] = 1;\n")
    report = """
==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602 at pc 0x7 bp 0x7 sp 0x7
WRITE of size 4 at 0x602 thread T0
    #0 0x7f1 in memcpy ../sanitizer_common.inc:12
    #1 0x7f2 in fill /exercise/victim.c:3
0x602000000038 is located 0 bytes to the right of 40-byte region [0x602,0x603)
"""
    found = sanitizer.read_report(tmp_path, report, Path("/exercise"))
    assert found == {
        "problem": "heap-buffer-overflow",
        "about": "heap-buffer-overflow, WRITE of size 4, is located 0 bytes to the right of "
        "40-byte region, in fill, victim.c:3",
        "where": {"file": "victim.c", "line": 3, "code": "bad[i] = 1;"},
    }
    assert sanitizer.read_report(tmp_path, "nothing", Path("/exercise")) is None


def test_crates_with_the_same_dependencies_share_a_template(tmp_path: Path) -> None:
    manifests = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "Cargo.toml").write_text(
            f'[package]\nname = "{name}"\nedition = "2024"\n[lib]\ncrate-type = ["cdylib"]\n'
            '[dependencies]\npyo3 = { version = "0.30.1", features = ["abi3"] }\n'
            '[profile.dev.package."*"]\ndebug = false\n[workspace]\n'
        )
        (folder / "Cargo.lock").write_text(
            f'version = 4\n\n[[package]]\nname = "{name}"\nversion = "0.1.0"\n\n'
            '[[package]]\nname = "pyo3"\nversion = "0.30.1"\nsource = "registry"\n'
        )
        manifests.append((cargo._manifest(folder), cargo._lock(folder)))
    assert manifests[0] == manifests[1]
    assert (
        'dependencies = {"pyo3" = {"version" = "0.30.1", "features" = ["abi3"]}}'
        in (manifests[0][0])
    )
    assert "pyo3" in manifests[0][1]


def test_only_regular_files_are_copied(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    (source / "__pycache__").mkdir()
    (source / "inner/kept.py").write_text("x")
    (source / "large").write_bytes(bytes(2000))
    os.mkfifo(source / "pipe")
    (source / "link").symlink_to("/etc/passwd")
    left_out = copy_submission(source, tmp_path / "target", largest=1000)
    copied = sorted(
        str(p.relative_to(tmp_path / "target")) for p in (tmp_path / "target").rglob("*")
    )
    assert copied == ["inner", "inner/kept.py"]
    assert sorted(text.split(":")[0] for text in left_out) == ["large", "link", "pipe"]


def test_a_test_without_an_idea_is_refused() -> None:
    from judge import test as declare

    with pytest.raises(ValueError, match="without an idea"):
        declare(points=1, idea=" ")
    with pytest.raises(ValueError, match="must not be negative: -1"):
        declare(points=-1, idea="x")
