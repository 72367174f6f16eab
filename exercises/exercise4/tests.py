"""Exercise 4, the tests. Do not edit: yours are graded with the original."""

from pathlib import Path

import numpy as np
from judge import build, test

import ffi_workbook as kernels

HERE = Path(__file__).parent
OK, ERROR_NULL, ERROR_SIZE, ERROR_PARAMETER = 0, 1, 3, 6

#: What the tests use of ctypes, in the worker.
CTYPES = """
import ctypes
from ctypes import POINTER, byref, c_double, c_int32, c_int64
lib = ctypes.CDLL("./libpointers4.so")
doubles, ints = POINTER(c_double), POINTER(c_int64)
for kind in ("raw", "safe"):
    getattr(lib, kind + "_swap").argtypes = (doubles, doubles)
    getattr(lib, kind + "_sum_strided").argtypes = (doubles, c_int64, c_int64, doubles)
    getattr(lib, kind + "_divide").argtypes = (c_int64, c_int64, ints, ints)

def swap(kind, x, y):
    a, b = c_double(x), c_double(y)
    return getattr(lib, kind + "_swap")(a, b), a.value, b.value

def sum_strided(kind, numbers, n, stride):
    out = c_double(-1.0)
    memory = (c_double * len(numbers))(*numbers)
    return getattr(lib, kind + "_sum_strided")(memory, n, stride, out), out.value

def divide(kind, x, y):
    q, r = c_int64(-1), c_int64(-1)
    return getattr(lib, kind + "_divide")(x, y, q, r), q.value, r.value

def numbers_before_a_wall(numbers):
    # The array ends where a page of memory ends; the next page may not be touched.
    import mmap
    page = mmap.PAGESIZE
    memory = mmap.mmap(-1, 2 * page)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mprotect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    assert libc.mprotect(start + page, page, 0) == 0
    size = 8 * len(numbers)
    array = (c_double * len(numbers)).from_buffer(memory, page - size)
    array[:] = numbers
    return array
"""

GRID = np.arange(1.0, 13.0).reshape(3, 4)


def ask(work, source, **names):
    work.exec(CTYPES)
    return work.eval(source, **names)


@build
def compile_the_crate(work):
    if work.read_text("src/lib.rs") != (HERE / "src/lib.rs").read_text(encoding="utf-8"):
        work.fail(
            "src/lib.rs was changed",
            expected="the skin as it came: your code belongs in src/raw.rs and src/safe.rs",
            got="another text (`workbook reset 4` brings it back, and keeps a copy of yours)",
        )
    work.cargo_build()


@test(points=1, idea="`*a` is the number at the address a. Keep one before you overwrite it.")
def raw_swap_exchanges(work):
    got = ask(work, "swap('raw', 2.5, -7.0)")
    work.expect(got, (OK, -7.0, 2.5), "after raw_swap, (status, *a, *b) is wrong")


@test(
    points=1,
    idea="Two pointers may hold one address. Exchanging a number with itself changes nothing: "
    "think of what your code does with *a after it wrote *b.",
)
def raw_swap_of_one_number_with_itself(work):
    work.exec(CTYPES + "x = c_double(4.0)")
    got = work.eval("(lib.raw_swap(x, x), x.value)")
    work.expect(got, (OK, 4.0), "after raw_swap(a, a), (status, *a) is wrong")


@test(points=2, idea="Column 1 of a grid of 4 columns: start at address 1, take every 4th number.")
def raw_sum_of_a_column(work):
    column = GRID.ravel()[1:]
    got = ask(work, "sum_strided('raw', numbers, len(numbers), 4)", numbers=column.tolist())
    expected = (OK, kernels.sum_strided(np.ascontiguousarray(column), 4))
    work.expect(got, expected, "the (status, sum) of column 1 is wrong")


@test(
    points=2,
    idea="n counts all numbers, the skipped ones too, and not the steps. Here the page of memory "
    "behind the array may not be touched: an index of n or more crashes.",
)
def raw_sum_stays_inside(work):
    numbers = GRID.ravel()[:10]
    work.exec(CTYPES, numbers=numbers.tolist())
    work.exec("array, out = numbers_before_a_wall(numbers), c_double(-1.0)")
    got = work.eval("(lib.raw_sum_strided(array, len(array), 4, out), out.value)")
    expected = (OK, kernels.sum_strided(numbers, 4))
    work.expect(got, expected, "the (status, sum) of every 4th of 10 numbers is wrong")


@test(
    points=2,
    idea="A pointer that may be null must be looked at before it is used; and on an error the "
    "out-parameter keeps what it had.",
)
def raw_refuses_null_and_bad_sizes(work):
    work.exec(CTYPES)
    work.exec("x, out = c_double(3.0), c_double(-1.0)")
    for call, status in {
        "lib.raw_swap(None, x)": ERROR_NULL,
        "lib.raw_swap(x, None)": ERROR_NULL,
        "lib.raw_sum_strided(None, 3, 1, out)": ERROR_NULL,
        "lib.raw_sum_strided(x, 1, 1, None)": ERROR_NULL,
        "lib.raw_sum_strided(x, -1, 1, out)": ERROR_SIZE,
        "lib.raw_sum_strided(x, 1, 0, out)": ERROR_PARAMETER,
        "lib.raw_sum_strided(x, 1, -1, out)": ERROR_PARAMETER,
    }.items():
        got = work.eval(call)
        work.expect(got, status, f"the status of {call.removeprefix('lib.')} is wrong")
    got = work.eval("(x.value, out.value)")
    work.expect(got, (3.0, -1.0), "a refused call wrote something")


@test(points=1, idea="Two results, two out-parameters: `*out_quotient = ...` writes through one.")
def raw_divide_gives_two_results(work):
    got = ask(work, "divide('raw', -7, 2)")
    work.expect(got, (OK, *kernels.divide(-7, 2)), "(status, quotient, remainder) is wrong")


@test(points=1, idea="Nothing can be divided by 0: a status says so, and nothing is written.")
def raw_divide_refuses_zero(work):
    got = ask(work, "divide('raw', 5, 0)")
    work.expect(got, (ERROR_PARAMETER, -1, -1), "(status, quotient, remainder) is wrong")


@test(points=1, idea="std::mem::swap takes two `&mut`. The compiler knows that they differ.")
def safe_swap_exchanges(work):
    got = ask(work, "swap('safe', 2.5, -7.0)")
    work.expect(got, (OK, -7.0, 2.5), "after safe_swap, (status, *a, *b) is wrong")


@test(points=2, idea="A slice knows its length: `iter().step_by(stride)` never leaves it.")
def safe_sum_of_columns(work):
    work.exec(CTYPES)
    for column in range(4):
        numbers = np.ascontiguousarray(GRID.ravel()[column:])
        got = work.eval("sum_strided('safe', x, len(x), 4)", x=numbers.tolist())
        expected = (OK, kernels.sum_strided(numbers, 4))
        work.expect(got, expected, f"the (status, sum) of column {column} is wrong")


@test(points=1, idea="`step_by(0)` panics: say None before you get there.")
def safe_sum_refuses_stride_0(work):
    got = ask(work, "sum_strided('safe', [1.0, 2.0], 2, 0)")
    work.expect(got, (ERROR_PARAMETER, -1.0), "the (status, sum) with a stride of 0 is wrong")


@test(points=1, idea="`checked_div` and `checked_rem` give None where there is no result.")
def safe_divide_returns_both(work):
    work.exec(CTYPES)
    for x, y in [(-7, 2), (7, -2), (6, 3)]:
        got = work.eval("divide('safe', x, y)", x=x, y=y)
        work.expect(got, (OK, *kernels.divide(x, y)), f"the results of {x} / {y} are wrong")
    got = work.eval("divide('safe', 5, 0)")
    work.expect(got, (ERROR_PARAMETER, -1, -1), "(status, quotient, remainder) is wrong")
