"""The numbers of pages: what the race's JSON says, and what prose may not say by itself."""

import json
from pathlib import Path
from typing import Any

import measured
import pytest
from measured import AwayError, MissingError, Race, claims_in, duration, plain


def row(mode: str, values: list[float], n: int | None = None) -> dict[str, Any]:
    return {
        "case": "noop",
        "mode": mode,
        "n": n,
        "median": sorted(values)[len(values) // 2],
        "process_medians": values,
    }


@pytest.fixture
def race() -> Race:
    data = {
        "machine": {"cpu": "Some CPU", "cores": 2, "caches": [32768]},
        "modes": [{"name": "a", "title": "A"}, {"name": "b", "title": "B"}],
        "measurements": [
            row("a", [1e-8, 1e-8, 1e-8, 1e-8]),
            row("b", [4e-8, 4e-8, 4e-8, 4e-8]),
            # Slower in the median, and in half of the processes faster.
            row("c", [0.5e-8, 0.5e-8, 1.1e-8, 1.2e-8]),
            row("a", [2e-6, 2e-6, 2e-6, 2e-6], 1000),
        ],
        "fits": [{"mode": "a", "overhead": 2.5e-8, "slope": 3e-10}],
        "crossovers": [{"below": "a", "above": "b", "n": 123.4}],
    }
    return Race(data, "fig/race.json")


@pytest.mark.parametrize(
    ("role", "text", "shown"),
    [
        ("time", "noop a", "10 ns"),
        ("time", "noop a 1000", "2 µs"),
        ("ratio", "noop b / a", "4"),
        ("overhead", "a", "25 ns"),
        ("slope", "a", "300 ps"),
        ("crossover", "a b", "120"),
        ("fact", "machine.cpu", "Some CPU"),
        ("fact", "machine.caches.0", "32,768"),
    ],
)
def test_a_role_shows_the_number(race: Race, role: str, text: str, shown: str) -> None:
    assert measured.VALUES[role](race, text) == shown


@pytest.mark.parametrize(
    ("role", "text", "named"),
    [
        ("time", "noop z", "'z'"),
        ("time", "noop a 7", "of size 7"),
        ("time", "noop", "case mode"),
        ("ratio", "noop z / a", "'z'"),
        ("overhead", "b", "'b'"),
        ("crossover", "b a", "'b'"),
        ("fact", "machine.gpu", "machine.gpu"),
    ],
)
def test_what_is_missing_is_named(race: Race, role: str, text: str, named: str) -> None:
    with pytest.raises(MissingError, match=named):
        measured.VALUES[role](race, text)


def test_an_order_needs_the_median_and_most_of_the_processes(race: Race) -> None:
    assert race.is_faster("noop", "a", "b")
    assert not race.is_faster("noop", "b", "a")
    assert not race.is_faster("noop", "c", "a")
    assert not race.is_faster("noop", "a", "c")
    assert not race.is_faster("noop", "a", "a")


def test_a_mode_that_did_not_run_is_no_mistake_of_the_page() -> None:
    modes = [{"name": "a", "title": "A", "status": "absent"}]
    race = Race({"modes": modes, "measurements": []}, "fig/race.json")
    with pytest.raises(AwayError, match="'a'"):
        race.row("noop", "a")
    with pytest.raises(MissingError, match="'b'") as found:
        race.row("noop", "b")
    assert not isinstance(found.value, AwayError)


def test_a_race_with_all_its_samples_shows_an_order_too() -> None:
    def row(mode: str, *processes: list[float]) -> dict[str, object]:
        median = processes[0][0]
        return {"case": "noop", "mode": mode, "n": None, "median": median, "samples": [*processes]}

    rows = [row("a", [1.0, 1.5, 9.0], [1.0]), row("b", [2.0, 2.0], [3.0])]
    race = Race({"modes": [], "measurements": rows}, "fig/race.json")
    assert race.is_faster("noop", "a", "b")
    assert not race.is_faster("noop", "b", "a")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (1.0, "1 s"),
        (0.0123, "12 ms"),
        (9.96e-7, "1,000 ns"),
        (4.25e-8, "42 ns"),
        (3e-13, "0.3 ps"),
    ],
)
def test_a_duration_has_two_digits_and_its_unit(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(1234567, "1,200,000"), (12.3, "12"), (1.26, "1.3"), (0.0456, "0.046")]
)
def test_a_plain_number_has_no_exponent(value: float, shown: str) -> None:
    assert plain(value) == shown


@pytest.mark.parametrize(
    "text",
    [
        "PyO3 is faster than ctypes",
        "cffi API was, here, slower than the ctypes",
        "the call took 12 ns",
        "in 3.5 microseconds",
        "it is 12 times faster",
        "4x slower",
    ],
)
def test_a_claim_in_prose_is_found(text: str) -> None:
    assert list(claims_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "PyO3 is not compared with ctypes here",
        "it takes 15 minutes of reading",
        "an int has 4 bytes; ns is short for nanosecond",
        "three times as long as \N{OBJECT REPLACEMENT CHARACTER}",
    ],
)
def test_other_prose_is_left_alone(text: str) -> None:
    assert not list(claims_in(text))


def test_the_newest_record_stands_in_for_a_race(tmp_path: Path) -> None:
    text = json.dumps({"measurements": [], "modes": []})
    for name in ("2026-01-01/race", "2026-02-01/race", "2026-03-01/race-quick"):
        path = tmp_path / "fig" / "records" / f"{name}.json"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    assert measured.document("race", tmp_path).source == "fig/records/2026-02-01/race.json"
    measured.document.cache_clear()
    (tmp_path / "fig" / "race.json").write_text(text, encoding="utf-8")
    assert measured.document("race", tmp_path).source == "fig/race.json"
    measured.document.cache_clear()


def test_a_role_names_another_document(monkeypatch: pytest.MonkeyPatch, race: Race) -> None:
    other = Race({**race.data, "machine": {"cpu": "Another CPU"}}, "fig/ladder.json")
    found = {"race": race, "ladder": other}
    monkeypatch.setattr(measured, "document", lambda name="race": found[name])
    assert measured.value("fact", "machine.cpu") == ("Some CPU", "fig/race.json")
    assert measured.value("fact", "ladder:machine.cpu") == ("Another CPU", "fig/ladder.json")
    assert measured.value("ratio", "ladder: noop b / a")[0] == "4"


def test_a_document_that_nobody_measured_is_named(tmp_path: Path) -> None:
    (tmp_path / "fig" / "records").mkdir(parents=True)
    with pytest.raises(MissingError, match=r"fig/ladder\.json"):
        measured.document("ladder", tmp_path)


def test_the_committed_record_has_what_pages_ask_for() -> None:
    record = measured.document()
    for mode in record.titles:
        if ("noop", mode, None) in record.rows:
            assert record.seconds("noop", mode) > 0
