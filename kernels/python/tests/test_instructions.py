"""Counting instructions: callgrind's files are read right, and counts repeat."""

import shutil
from collections import Counter

import pytest
from conftest import unavailable

from ffi_workbook.race import instructions

#: Two functions in two files; the line after "calls=" must not be counted.
SAMPLE = """\
version: 1
events: Ir

ob=(1) /usr/bin/python3.11
fn=(1) eval
12 100
+3 20
cob=(2) /somewhere/libffi.so.8
cfn=(2) ffi_call
calls=5 0
15 5000

ob=(2)
fn=(2)
7 50

ob=(3) /somewhere/_native.cpython-311-x86_64-linux-gnu.so
fn=(3) noop
* 8

totals: 178
"""


def test_costs_belong_to_the_object_named_last() -> None:
    expected = {"interpreter": 120, "libffi": 50, "extension module": 8}
    assert instructions.by_part(SAMPLE) == Counter(expected)


def test_counts_repeat_and_libffi_costs_more_than_the_c_api() -> None:
    if not shutil.which("valgrind"):
        unavailable("valgrind is not installed: sh tools/system_packages.sh valgrind")
    instructions.mark()
    first = {mode: instructions.count(mode, 50) for mode in ("capi", "ctypes")}
    assert instructions.count("capi", 50) == first["capi"]
    for raw, libffi in zip(first["capi"], first["ctypes"], strict=True):
        assert 0 < raw["instructions"] < libffi["instructions"]
        assert "libffi" in libffi["parts"]
        assert "libffi" not in raw["parts"]


def test_a_mode_that_is_not_there_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        instructions.main(["--modes", "fortran"])
    assert "fortran" in capsys.readouterr().err
