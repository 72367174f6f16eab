"""Exercise 7, hidden tests: only their ideas are shown. Do not edit in a class."""

from judge import test


@test(
    points=1,
    idea="NaN is no temperature, and no comparison with it is true: `nan < limit` is false as "
    "well. Refuse it as you refuse what is too low, in kelvin and in record.",
)
def nan_is_refused(work):
    with work.expect_raises("BelowAbsoluteZero"):
        work.call("gauge.kelvin", float("nan"))
    gauge = work.call("gauge.Gauge", "x")
    with work.expect_raises("BelowAbsoluteZero"):
        gauge.call("record", float("nan"))
    work.expect(gauge.get("highest"), None)


@test(points=1, idea="Two gauges are two objects: what one records, the other does not see.")
def gauges_are_independent(work):
    one, two = work.call("gauge.Gauge", "one"), work.call("gauge.Gauge", "two")
    one.call("record", 5.0)
    work.expect((two.get("name"), two.get("highest")), ("two", None))
    work.expect((one.get("name"), one.get("highest")), ("one", 5.0))
