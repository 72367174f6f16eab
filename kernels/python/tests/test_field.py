"""The mug, and the text files that fields are kept in."""

from pathlib import Path

import numpy as np
import pytest
from conftest import assert_refused, assert_same_bits
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ffi_workbook import errors, field

ROOM, TABLE, CERAMIC, COFFEE = 20.0, 18.0, 45.0, 85.0


# --- The mug ------------------------------------------------------------------


@pytest.mark.parametrize(
    "shape", [(0, 0), (0, 5), (5, 0), (1, 1), (1, 9), (9, 1), (2, 2), (30, 50), (50, 30)], ids=str
)
def test_a_mug_of_any_size(shape: tuple[int, int]) -> None:
    mug = field.mug(*shape)
    assert mug.shape == shape
    assert mug.dtype == np.float64
    assert mug.flags.c_contiguous
    assert mug.flags.writeable
    assert set(mug.ravel()) <= {ROOM, TABLE, CERAMIC, COFFEE}


def test_a_mug_stands_in_the_room() -> None:
    mug = field.mug(200, 200)
    assert set(mug.ravel()) == {ROOM, TABLE, CERAMIC, COFFEE}
    assert mug[0].tolist() == [ROOM] * 200
    assert mug[120, 90] == COFFEE
    assert mug[160].tolist() == [TABLE] * 200
    # On a wide wall there is more room at its sides, and the mug is the same.
    assert_same_bits(field.mug(200, 300)[:, 50:250], mug)
    assert_same_bits(field.mug(300, 200)[50:250], mug)


@pytest.mark.parametrize(
    "shape",
    [(2**20, 2**20 + 1), (2**31, 2**31), (2**62, 4), (2**63 - 1, 2**63 - 1), (2**41, 0)],
    ids=str,
)
def test_a_mug_of_huge_size_is_refused(shape: tuple[int, int]) -> None:
    words = ("{} x {}".format(*shape), "2^40 cells")
    assert_refused(field.mug, *shape, error=errors.KernelMemoryError, words=words)


def test_a_mug_of_negative_size_is_refused() -> None:
    assert_refused(field.mug, -1, 5, error=errors.SizeError, words=("nx = -1",))
    assert_refused(field.mug, 5, -2, error=errors.SizeError, words=("ny = -2",))
    with pytest.raises(OverflowError):
        field.mug(2**63, 1)
    with pytest.raises(TypeError):
        field.mug(2.5, 1)


# --- There and back -----------------------------------------------------------

ANY_FIELD = arrays.arrays(
    np.float64,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=6),
    elements=st.floats(),
)


@given(before=ANY_FIELD)
def test_any_field_there_and_back(before: np.ndarray, tmp_path_factory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    field.write(path, before)
    assert_same_bits(field.read(path), before)


def test_the_text_is_what_the_docs_say(tmp_path: Path) -> None:
    path = tmp_path / "field.txt"
    field.write(str(path), np.array([[1.0, -0.0, 0.1], [1e300, 5e-324, np.inf]]))
    assert path.read_bytes() == b"# 2 3\n1.0 -0.0 0.1\n1e300 5e-324 inf\n"
    assert_same_bits(field.read(str(path)), np.array([[1.0, -0.0, 0.1], [1e300, 5e-324, np.inf]]))


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 1), (4, 7)], ids=str)
def test_numpy_reads_it_too(tmp_path: Path, shape: tuple[int, int]) -> None:
    path = tmp_path / "field.txt"
    before = np.random.default_rng(0).normal(20.0, 1e3, shape)
    before[0, 0] = np.nan
    field.write(path, before)
    assert_same_bits(np.loadtxt(path, ndmin=2), before)


def test_a_file_that_numpy_wrote(tmp_path: Path) -> None:
    path = tmp_path / "field.txt"
    before = field.mug(5, 4)
    np.savetxt(path, before, header="5 4")
    assert_same_bits(field.read(path), before)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("# 1 2\r\n20.0\t85.5\r\n", (1, 2)),
        ("# 1 2\n  20.0   85.5  ", (1, 2)),
        ("#1 2\n20 855e-1\n\n\n", (1, 2)),
        ("# 2 1\n20\n\n85.5\n", (2, 1)),
        ("# 0 5\n", (0, 5)),
        ("# 3 0\n\n\n\n", (3, 0)),
        ("# 3 0", (3, 0)),
        ("# 0 0\n\n", (0, 0)),
        ("\ufeff# 1 2\n20 85.5\n", (1, 2)),
    ],
)
def test_what_is_read_besides(tmp_path: Path, text: str, shape: tuple[int, int]) -> None:
    path = tmp_path / "field.txt"
    path.write_bytes(text.encode())
    found = field.read(path)
    assert found.shape == shape
    assert found.ravel().tolist() == [20.0, 85.5][: found.size]


# --- Broken files -------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", 'line 1, column 1: expected the header "# nx ny", found ""'),
        (b"20.0 85.5\n", 'line 1, column 1: expected the header "# nx ny", found "20.0 85.5"'),
        (b"# 1\n20\n", 'line 1, column 4: expected the header "# nx ny", found ""'),
        (b"# 1 two\n", 'line 1, column 5: expected the header "# nx ny", found "two"'),
        (b"# -1 2\n", 'line 1, column 3: expected the header "# nx ny", found "-1"'),
        (b"# 1 2 3\n", 'line 1, column 7: expected the header "# nx ny", found "3"'),
        (b"# 1 2.0\n", 'line 1, column 5: expected the header "# nx ny", found "2.0"'),
        (b"# 2 2\n1 2\n3 hot\n", 'line 3, column 3: "hot" is not a number'),
        (b"# 1 2\n1 1,5\n", 'line 2, column 3: "1,5" is not a number'),
        ("# 1 2\n° 1\n".encode(), 'line 2, column 1: "°" is not a number'),
        ("# 1 2\n1  °C\n".encode(), 'line 2, column 4: "°C" is not a number'),
        (b"# 2 2\n1 2\n3\n", "line 3, column 2: the row has 1 values, the header says 2"),
        (b"# 2 2\n1 2 3\n3 4\n", "line 2, column 5: the row has 3 values, the header says 2"),
        (b"# 2 2\n1 2\n", "line 3, column 1: the file has 1 rows, the header says 2"),
        (b"# 1 2\n1 2\n3 4\n", "line 3, column 1: the file has 2 rows, the header says 1"),
        (b"# 1000000000 3\n1 2 3\n", "the file has 1 rows, the header says 1000000000"),
        (b"# 1000000000000 3\n1 2 3\n", "line 1, column 3: a field of 1000000000000 x 3 is larger"),
        (b"# 2000000000000 0\n", "line 1, column 3: a field of 2000000000000 x 0 is larger"),
        (b"# 1 1\n" + b"x" * 100, f'line 2, column 1: "{"x" * 40}..." is not a number'),
        (b"\xff# 1 2\n", "line 1, column 1: byte 0xff is not UTF-8 text"),
        (b"# 1 2\n1 \x80\n", "line 2, column 3: byte 0x80 is not UTF-8 text"),
        ("# 1 2\n°°".encode() + b"\xe9\n", "line 2, column 3: byte 0xe9 is not UTF-8 text"),
        (b"# 1 2\n1 2\n\n\xc3", "line 4, column 1: byte 0xc3 is not UTF-8 text"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "broken.txt"
    path.write_bytes(data)
    with pytest.raises(errors.FieldFormatError) as caught:
        field.read(path)
    assert caught.type is errors.FieldFormatError
    assert str(caught.value).startswith(f"{path}: line ")
    assert message in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        field.read(tmp_path / "none.txt")
    with pytest.raises(FileNotFoundError):
        field.write(tmp_path / "none" / "field.txt", np.zeros((1, 1)))


# --- Writing ------------------------------------------------------------------


def test_write_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "field.txt"
    path.write_text("an older and longer text\n" * 100)
    field.write(path, np.ones((1, 2)))
    assert path.read_text() == "# 1 2\n1.0 1.0\n"
    assert [p.name for p in tmp_path.iterdir()] == ["field.txt"]


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (np.zeros((2, 2), np.float32), errors.DtypeError),
        (np.zeros(4), errors.ShapeError),
        (np.zeros((4, 4))[:, ::2], errors.LayoutError),
        ([[1.0]], errors.ArrayTypeError),
    ],
)
def test_write_refuses_before_it_writes(
    tmp_path: Path, bad: object, error: type[errors.KernelError]
) -> None:
    path = tmp_path / "field.txt"
    path.write_text("older\n")
    assert_refused(field.write, path, bad, error=error, words=("field",))
    assert path.read_text() == "older\n"
    assert [p.name for p in tmp_path.iterdir()] == ["field.txt"]


def test_a_write_that_is_cut_off_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "field.txt"
    field.write(path, np.zeros((2, 2)))
    before = path.read_bytes()
    real = Path.write_text

    def half(self: Path, text: str, **options: str) -> int:
        real(self, text[: len(text) // 2], **options)
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="no space left"):
        field.write(path, np.ones((2, 2)))
    assert path.read_bytes() == before
