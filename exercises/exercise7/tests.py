"""Exercise 7, the tests. Do not edit: yours are graded with the original."""

from judge import build, test

ABSOLUTE_ZERO = -273.15
TEMPERATURES = [18.5, 21.25, -4.0, 21.0]


@build
def compile_the_module(work):
    work.cargo_build(module="gauge")


@test(
    points=2,
    idea="#[pyfunction] makes a Python function; the line `use super::kelvin;` under "
    "#[pymodule_export] puts it into the module. 0 degrees Celsius are 273.15 Kelvin.",
)
def kelvin_converts(work):
    for celsius in [20.0, 0.0, ABSOLUTE_ZERO]:
        work.expect_close(work.call("gauge.kelvin", celsius), celsius - ABSOLUTE_ZERO)


@test(
    points=1, idea="#[new] in #[pymethods] is what Gauge(name) calls; #[pyo3(get)] shows a field."
)
def a_gauge_has_a_name(work):
    gauge = work.call("gauge.Gauge", "boiler")
    work.expect(gauge.get("name"), "boiler", "the name of Gauge('boiler') is wrong")


@test(
    points=1, idea="An Option in Rust is None or a value in Python: a new gauge has seen nothing."
)
def a_new_gauge_has_no_highest(work):
    gauge = work.call("gauge.Gauge", "boiler")
    work.expect(gauge.get("highest"), None, "the highest of a new gauge is wrong")


@test(points=2, idea="record changes the object, so it takes &mut self. Below zero counts too.")
def record_keeps_the_highest(work):
    for temperatures in (TEMPERATURES, [-8.0, -3.0, -5.0]):
        gauge = work.call("gauge.Gauge", "boiler")
        for celsius in temperatures:
            gauge.call("record", celsius)
        work.expect(
            gauge.get("highest"), max(temperatures), f"the highest after {temperatures} is wrong"
        )


@test(points=1, idea="len(gauge) calls __len__, which is a method like the others here.")
def len_counts(work):
    gauge = work.call("gauge.Gauge", "boiler")
    work.expect(work.eval("len(gauge)", gauge=gauge), 0)
    for celsius in TEMPERATURES:
        gauge.call("record", celsius)
    work.expect(work.eval("len(gauge)", gauge=gauge), len(TEMPERATURES))


@test(
    points=2,
    idea="create_exception!(gauge, BelowAbsoluteZero, PyValueError) makes the class, and it is "
    "put into the module as the others are. A panic is no ValueError: return an Err.",
)
def kelvin_raises_the_exception(work):
    work.get("gauge.BelowAbsoluteZero")
    work.expect_true(
        work.eval("issubclass(gauge.BelowAbsoluteZero, ValueError)", gauge=module(work)),
        "BelowAbsoluteZero is no ValueError",
        expected="a subclass of ValueError",
        got=work.eval("str(gauge.BelowAbsoluteZero.__mro__)"),
    )
    with work.expect_raises("BelowAbsoluteZero"):
        work.call("gauge.kelvin", -300.0)


@test(points=1, idea="A good message names the value and the limit, so that nobody has to look.")
def the_message_names_value_and_limit(work):
    for text in ("-300.5", "-273.15"):
        with work.expect_raises("ValueError", says=text):
            work.call("gauge.kelvin", -300.5)


@test(points=2, idea="Check first, change then: a temperature that is refused leaves no trace.")
def record_refuses_and_changes_nothing(work):
    gauge = work.call("gauge.Gauge", "boiler")
    gauge.call("record", 20.0)
    with work.expect_raises("BelowAbsoluteZero"):
        gauge.call("record", -274.0)
    got = work.eval("(gauge.highest, len(gauge))", gauge=gauge)
    work.expect(got, (20.0, 1), "after a refused record, (highest, len) is wrong")


def module(work):
    work.exec("import gauge")
    return work.eval("gauge")
