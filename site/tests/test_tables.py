"""The tables that are computed: timetables from minutes, results from the race's JSON."""

import copy

import pytest
import results
import schedule
from hypothesis import given
from hypothesis import strategies as st
from measured import Race, document, duration
from schedule import Part, plan

PAUSES = ("Break", "Lunch")

pages = st.lists(
    st.builds(
        Part,
        st.sampled_from(["a", "b", "c"]),
        st.integers(min_value=5, max_value=60),
        st.integers(min_value=0, max_value=30),
    ),
    max_size=20,
)


@given(pages)
def test_a_day_has_every_page_and_a_break_in_time(asked: list[Part]) -> None:
    day = plan(asked)
    assert [part for part in day if part.name not in PAUSES] == asked
    assert sum(part.name == "Lunch" for part in day) <= 1
    stretch: list[Part] = []
    for part in [*day, Part("Break", 0)]:
        if part.name in PAUSES:
            minutes = sum(page.minutes for page in stretch)
            assert minutes <= schedule.LONGEST or len(stretch) == 1
            stretch = []
        else:
            stretch.append(part)
    if day:
        assert day[0].name not in PAUSES
        assert day[-1].name not in PAUSES


def test_lunch_is_for_long_days() -> None:
    assert [part.name for part in plan([Part("a", 50)] * 4)] == ["a", "a", "Break", "a", "a"]
    long_day = [part.name for part in plan([Part("a", 50)] * 8)]
    assert long_day == ["a", "a", "Break", "a", "a", "Lunch", "a", "a", "Break", "a", "a"]
    assert schedule.clock(9 * 60 + 5) == "09:05"


@pytest.mark.parametrize("part", results.PARTS)
def test_every_line_of_results_fits_its_head(part: str) -> None:
    head, lines = results.PARTS[part](document())
    assert lines
    assert {len(line) for line in lines} == {len(head)}
    assert all(isinstance(cell, str) and cell for line in lines for cell in line)


def test_results_are_those_of_the_json() -> None:
    data = document()
    head, lines = results.calls(data)
    row = next(line for line in lines if line[0] == data.titles["pyo3"])
    for case in ("noop", "fibonacci"):
        title = next(c["title"] for c in data.data["cases"] if c["name"] == case)
        shown = row[head.index(title)].replace("\N{NO-BREAK SPACE}", " ")
        assert shown == duration(data.seconds(case, "pyo3"))


def test_what_was_not_measured_is_shown_as_such() -> None:
    data = copy.deepcopy(document().data)
    data["measurements"] = [
        m for m in data["measurements"] if (m["case"], m["mode"]) != ("noop", "ctypes")
    ]
    data["machine"]["warnings"] = []
    data["modes"][-1].update(status="failed", reason="no compiler")
    changed = Race(data, "changed.json")
    head, lines = results.calls(changed)
    row = next(line for line in lines if line[0] == changed.titles["ctypes"])
    assert row[1] == results.NOTHING
    assert head[1] == "A call that does nothing"
    assert results.noise(changed)[1] == [("nothing that it noticed",)]
    assert ("all", data["modes"][-1]["title"], "no compiler") in results.skipped(changed)[1]


def test_sizes_have_short_names() -> None:
    head, _ = results.sizes(document())
    assert head[1:] == ("1", "10", "100", "1000", "10⁴", "10⁵", "10⁶", "10⁷")


def test_peers_are_listed_the_fastest_first() -> None:
    data = document("peers")
    head, lines = results.PARTS_OF_PEERS["steps"](data)
    assert {len(line) for line in lines} == {len(head)}
    ours = next(line for line in lines if line[0] == data.titles["ours-2"])
    assert ours[head.index("times ours")] == "1"
    (case,) = (c["name"] for c in data.data["cases"] if c["group"] == "heat")
    measured = {mode for c, mode, _ in data.rows if c == case}
    times = sorted(data.seconds(case, mode) for mode in measured)
    shown = [line[head.index("a step")].replace("\N{NO-BREAK SPACE}", " ") for line in lines]
    assert shown == [duration(time) for time in times]
