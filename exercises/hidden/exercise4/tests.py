"""Exercise 4, hidden tests: only their ideas are shown. Do not edit in a class."""

from judge import test

SETUP = """
import ctypes
from ctypes import c_double, c_int64
lib = ctypes.CDLL("./libpointers4.so")

def divide(kind, x, y):
    q, r = c_int64(-1), c_int64(-1)
    call = getattr(lib, kind + "_divide")
    call.argtypes = (c_int64, c_int64, ctypes.POINTER(c_int64), ctypes.POINTER(c_int64))
    return call(x, y, q, r), q.value, r.value
"""


@test(
    points=1,
    idea="One division of two 64-bit ints overflows: the quotient of i64::MIN and -1 is one more "
    "than the largest int. It has no result either.",
)
def the_division_that_overflows(work):
    work.exec(SETUP)
    for kind in ("raw", "safe"):
        work.expect(work.eval("divide(kind, -(2**63), -1)", kind=kind), (6, -1, -1))


@test(
    points=1,
    idea="No numbers sum to 0.0, in both parts. And a stride larger than the array takes only "
    "the first number, however large it is: watch out for an index that overflows.",
)
def nothing_and_a_huge_stride(work):
    work.exec(SETUP)
    work.exec(
        "numbers, out = (c_double * 2)(1.5, 2.5), c_double(-1.0)\n"
        "def total(kind, n, stride):\n"
        "    call = getattr(lib, kind + '_sum_strided')\n"
        "    where = ctypes.POINTER(c_double)\n"
        "    call.argtypes = (where, c_int64, c_int64, where)\n"
        "    return call(numbers, n, stride, out), out.value\n"
    )
    for kind in ("raw", "safe"):
        work.expect(work.eval("total(kind, 0, 3)", kind=kind), (0, 0.0))
        work.expect(work.eval("total(kind, 2, 2**63 - 1)", kind=kind), (0, 1.5))
