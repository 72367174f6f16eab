"""Exercise 5, the tests. Do not edit: yours are graded with the original."""

import ctypes

from judge import test

import ffi_workbook as kernels
from ffi_workbook.library import library_path

#: Readings as (sensor, celsius, samples).
READINGS = [(7, 20.0, 1), (255, -3.5, 12), (0, 0.0, 0)]


def layout_of_the_library():
    """Ask the library itself: size, alignment, and where the three fields start."""
    numbers = (ctypes.c_int64 * 5)()
    assert ctypes.CDLL(str(library_path())).kernels_reading_layout(numbers) == 0
    return list(numbers)


def make(work, fields):
    """Make a Reading of the learner's in the worker, and keep it there as `reading`."""
    work.exec(
        "import reading as module\n"
        "reading = module.Reading()\n"
        "reading.sensor, reading.celsius, reading.samples = fields",
        fields=fields,
    )


def fields(work, name="reading"):
    return work.eval(f"({name}.sensor, {name}.celsius, {name}.samples)")


@test(
    points=2,
    idea="Both sides must agree on every byte: the same types in the same order. The library "
    "tells its own layout: size, alignment, and where sensor, celsius and samples start.",
)
def the_layout_is_that_of_the_library(work):
    got = work.eval(
        "[ctypes.sizeof(R), ctypes.alignment(R), R.sensor.offset, R.celsius.offset, "
        "R.samples.offset] if {'sensor', 'celsius', 'samples'} <= set(dir(R)) "
        "else [name for name, *_ in R._fields_]",
        ctypes=work.eval("__import__('ctypes')"),
        R=work.get("reading.Reading"),
    )
    work.expect(got, layout_of_the_library(), "the layout of Reading is wrong")


@test(points=1, idea="A uint8_t counts to 255 and never below 0; samples has a sign.")
def the_fields_hold_what_they_should(work):
    for values in [(255, -1.5, -1), (0, 1e300, 2**31 - 1)]:
        make(work, values)
        # Through its bytes: what is no field of the struct is lost there.
        work.exec("copy = module.Reading.from_buffer_copy(bytes(reading))")
        work.expect_true(
            set(work.eval("dir(copy)")) >= {"sensor", "celsius", "samples"},
            "a field is missing in the bytes of a Reading",
            expected="sensor, celsius, samples",
            got=work.eval("str([name for name, *_ in copy._fields_])"),
        )
        work.expect(fields(work, "copy"), values, "the bytes of a Reading hold something else")


@test(points=1, idea="Padding is what is left: sizeof the struct minus sizeof each of its fields.")
def padding_counts_the_gaps(work):
    size = layout_of_the_library()[0]
    used = sum(map(ctypes.sizeof, (ctypes.c_uint8, ctypes.c_double, ctypes.c_int32)))
    got = work.call("reading.padding", work.get("reading.Reading"))
    work.expect(got, size - used)
    work.exec(
        "import ctypes\n"
        "class Pair(ctypes.Structure):\n"
        "    _fields_ = [('one', ctypes.c_double), ('two', ctypes.c_double)]\n"
    )
    got = work.call("reading.padding", work.eval("Pair"))
    work.expect(got, 0, "padding of a struct of two doubles is wrong")


@test(
    points=2,
    idea="argtypes = (Reading, c_double, POINTER(Reading)): by value is the class itself. The "
    "result comes through the last one.",
)
def warmed_returns_a_new_reading(work):
    for sensor, celsius, samples in READINGS:
        make(work, (sensor, celsius, samples))
        work.exec("result = module.warmed(reading, 1.5)")
        other = kernels.Reading(sensor, celsius, samples).warmed(1.5)
        expected = (other.sensor, other.celsius, other.samples)
        work.expect(fields(work, "result"), expected, "what warmed(reading, 1.5) returned is wrong")


@test(points=1, idea="By value means a copy: the caller's own struct stays as it is.")
def warmed_leaves_the_original(work):
    make(work, READINGS[0])
    work.exec("result = module.warmed(reading, 1.5)")
    work.expect(fields(work), READINGS[0], "after warmed(reading, 1.5), reading is not as before")


@test(points=2, idea="By pointer means the caller's own struct: pass byref(reading), and no copy.")
def record_changes_the_reading(work):
    for sensor, celsius, samples in READINGS:
        make(work, (sensor, celsius, samples))
        work.exec("module.record(reading, 23.0)")
        other = kernels.Reading(sensor, celsius, samples)
        other.record(23.0)
        expected = (other.sensor, other.celsius, other.samples)
        work.expect(fields(work), expected, "after record(reading, 23.0), reading is wrong")


@test(points=1, idea="The library refuses a negative count with a status: give it to check.")
def record_raises_what_the_library_says(work):
    make(work, (1, 20.0, -1))
    with work.expect_raises("ValueError", says="-1"):
        work.eval("module.record(reading, 23.0)")


@test(points=2, idea="Encode on the way in, decode on the way out; both are UTF-8.")
def greet_returns_a_string(work):
    for name in ("Ada", "Zoë", "孫"):
        work.expect(work.call("reading.greet", name), kernels.greet(name))


@test(
    points=2,
    seconds=20,
    idea="Each call of kernels_greet makes a text that is yours to give back: call "
    "kernels_string_free with the address that came out.",
)
def greet_gives_the_string_back(work):
    resident = "int(open('/proc/self/statm').read().split()[1]) * 4096"
    work.exec("import reading as module\nname = 'x' * 1000\nmodule.greet(name)")
    before = work.eval(resident)
    work.exec("for _ in range(20_000):\n    module.greet(name)")
    grown = (work.eval(resident) - before) / 1e6
    work.expect_true(
        grown < 10,
        "greet keeps memory",
        expected="about as much memory after 20 000 calls as before them",
        got=f"{grown:.0f} MB more: that is the text of every call",
    )


@test(
    points=1,
    idea="Copy first, give back then: memory that was given back holds something else at once "
    "(here the test makes sure of it). And give back once: the library knows when you do it "
    "twice, and says so in a status.",
)
def greet_copies_before_it_gives_back(work):
    work.exec(
        "import ctypes, reading as module\n"
        "M_PERTURB = -6\n"
        "ctypes.CDLL(None).mallopt(M_PERTURB, 0xA5)  # free() overwrites what it gets\n"
        "own = ctypes.CDLL(module.lib._name)\n"
        "own.kernels_clear_error()"
    )
    work.expect(work.eval("module.greet('Ada Lovelace')"), kernels.greet("Ada Lovelace"))
    work.exec("text = ctypes.create_string_buffer(300)\nown.kernels_last_error(text, 300)")
    work.expect(work.eval("text.value.decode()"), "", "the library has an error after greet")
