"""Exercise 9, the tests. Do not edit: yours are graded with the original."""

import hashlib
import re

import numpy as np
from judge import build, test

#: The right letters, so that they cannot be read here.
RIGHT = {
    "warmer": "5665964593b2d61d",
    "version": "29d00a28617eba75",
    "spread": "ac2e88ce2a91db79",
    "buffer": "32e2b7dce6c7e1c8",
    "reading": "1c1434c973ac94fa",
}


@build
def declarations_of_warmer(work):
    work.check_declarations("warmer.py")


@build
def declarations_of_version(work):
    work.check_declarations("version.py")


@build
def declarations_of_spread(work):
    work.check_declarations("spread.py")


@build
def declarations_of_buffer(work):
    work.check_declarations("buffer.py")


@build
def declarations_of_reading(work):
    work.check_declarations("reading.py")


def answer(work, module):
    """The letter for one module."""
    letter = str(work.get("answers.ANSWERS").get(module, "?")).strip().upper()
    if letter == "?":
        work.fail(f"there is no answer for {module}", expected="a letter from A to G", got="?")
    digest = hashlib.sha256(f"{module} {letter}".encode()).hexdigest()[:16]
    if digest != RIGHT[module]:
        work.fail(f"that is not what the lie in {module}.py did", expected="another", got=letter)


@test(
    points=2,
    needs=["declarations_of_warmer"],
    idea="A type in argtypes is a promise about bytes and registers, not about values: what does "
    "the header take?",
)
def warmer_adds(work):
    work.expect(work.call("warmer.warmer", 20.0, 1.5), 21.5)


@test(points=1, needs=[], idea="Integers and floating-point numbers travel in different registers.")
def what_warmer_did(work):
    answer(work, "warmer")


@test(
    points=2,
    needs=["declarations_of_version"],
    idea="Without a restype, ctypes takes every result for an int.",
)
def version_is_a_string(work):
    version = work.call("version.version")
    work.expect_true(
        isinstance(version, str) and re.fullmatch(r"\d+\.\d+\.\d+", version) is not None,
        "version() is not the version of the library",
        expected='a str such as "1.2.3"',
        got=repr(version),
    )


@test(points=1, needs=[], idea="An int has 4 bytes. How many has what came back?")
def what_version_did(work):
    answer(work, "version")


@test(
    points=2,
    needs=["declarations_of_spread"],
    idea="The header has the number of rows first. Declaration and call must both follow it.",
)
def spread_on_a_rectangle(work):
    plate = np.random.default_rng(9).uniform(5, 65, (5, 9))
    p, right = plate, plate.copy()
    x = (p[2:, 1:-1] - 2.0 * p[1:-1, 1:-1] + p[:-2, 1:-1]) / 1.0
    y = (p[1:-1, 2:] - 2.0 * p[1:-1, 1:-1] + p[1:-1, :-2]) / 4.0
    right[1:-1, 1:-1] = p[1:-1, 1:-1] + 0.5 * 0.1 * (x + y)
    got = work.call("spread.spread", plate.copy(), 1)
    work.expect_close(got, right, message="one step on 5 rows of 9 columns is wrong")


@test(points=1, needs=[], idea="Where in memory is the neighbour in the next row?")
def what_spread_did(work):
    answer(work, "spread")


@test(
    points=2,
    needs=["declarations_of_buffer"],
    idea="np.frombuffer copies nothing: the array is the memory. Until when is that memory yours?",
)
def buffer_is_filled(work):
    work.exec("from buffer import filled\narray = filled(100, 21.5)")
    got = work.eval("array.tolist()")
    strange = [number for number in got if number != 21.5]
    work.expect_true(
        not strange and len(got) == 100,
        "filled(100, 21.5) is not 100 times 21.5",
        expected="[21.5, 21.5, ...]",
        got=f"{len(strange)} other numbers: {strange[:3]}",
    )


@test(points=1, needs=[], idea="The numbers were right once. What happened between then and now?")
def what_buffer_did(work):
    answer(work, "buffer")


@test(
    points=2,
    needs=["declarations_of_reading"],
    idea="A struct has no names in memory, only places. Compare order, types and size with the "
    "header's.",
)
def reading_counts(work):
    work.expect(work.call("reading.record", [20.0, 21.0, 25.0]), (22.0, 3))


@test(points=1, needs=[], idea="At which byte did the library keep each field, and at which you?")
def what_reading_did(work):
    answer(work, "reading")
