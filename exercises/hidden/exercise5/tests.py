"""Exercise 5, hidden tests: only their ideas are shown. Do not edit in a class."""

from judge import test


@test(
    points=1,
    idea="A name may be one that the library refuses (empty, or too long): a ValueError with the "
    "library's own words, and no text to give back.",
)
def names_the_library_refuses(work):
    for name in ("", "x" * 1001):
        with work.expect_raises("ValueError", says=str(len(name))):
            work.call("reading.greet", name)


@test(
    points=1,
    idea="For C a zero character is the end of the text, and what is behind it would be lost "
    "without a word. Refuse such a name with a ValueError.",
)
def a_zero_in_the_name(work):
    with work.expect_raises("ValueError"):
        work.call("reading.greet", "Ada\0Lovelace")
