"""What changed between two races: the ratios, their intervals, and what is said."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ffi_workbook.race import report
from ffi_workbook.race.compare import Comparison, compare, main, read

Json = dict[str, Any]

MACHINE = {"cpu": "a test", "cores": 2, "os": "none", "warnings": []}
VERSIONS = {"python": "CPython 3.11", "numpy": "2"}


def race(seed: int, factors: dict[str, float] | None = None, measurements: int = 60) -> Json:
    """Return a made-up race of many modes; some are slower by a factor."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(measurements):
        name = f"mode{number}"
        typical = 1e-7 * (1 + number) * (factors or {}).get(name, 1.0)
        processes = typical * np.exp(random.normal(0.0, 0.02, (8, 1)))
        samples = processes * np.exp(np.abs(random.normal(0.0, 0.02, (8, 12))))
        spread = report.spread([*samples.ravel()])
        row = {"case": "noop", "mode": name, "n": None, **spread, "samples": samples.tolist()}
        rows.append(row)
    return {
        "schema": 1,
        "measured_at": f"2026-01-{1 + seed % 28:02}T00:00:00+00:00",
        "quick": False,
        "machine": copy.deepcopy(MACHINE),
        "versions": dict(VERSIONS),
        "cases": [{"name": "noop", "title": "A call that does nothing", "group": "call"}],
        "measurements": rows,
        "limits": [],
        "noise": [{"reference": 1e-4} for _ in range(8)],
    }


def verdicts(comparison: Comparison) -> dict[str, str]:
    return {change.mode: change.verdict for change in comparison.changes}


# --- What is found ------------------------------------------------------------


def test_what_is_slower_and_faster_comes_first() -> None:
    found = compare(race(1), race(2, {"mode7": 1.5, "mode8": 0.5}))
    clearest = {change.mode: change for change in found.changes[:2]}
    assert {mode: change.verdict for mode, change in clearest.items()} == {
        "mode7": "slower",
        "mode8": "faster",
    }
    assert all(change.stands for change in clearest.values())
    assert clearest["mode7"].low and clearest["mode7"].low > 1.4
    assert clearest["mode8"].high and clearest["mode8"].high < 0.55
    assert clearest["mode7"].ratio == pytest.approx(1.5, rel=0.05)
    assert clearest["mode7"].new / clearest["mode7"].old == pytest.approx(clearest["mode7"].ratio)
    evidence = [change.p_value for change in found.changes]
    assert evidence == sorted(evidence)  # type: ignore[type-var]


def test_the_same_code_twice_shows_what_chance_alone_shows() -> None:
    seen = stands = intervals = 0
    for seed in range(20):
        found = compare(race(100 + seed), race(200 + seed))
        assert found.tested == 60
        assert found.by_chance == pytest.approx(3.0)
        seen += len(found.seen)
        stands += sum(change.stands for change in found.changes)
        intervals += sum(c.low <= 1.0 <= c.high for c in found.changes)  # type: ignore[operator]
    assert 0.03 <= seen / (20 * 60) <= 0.07
    assert intervals == 20 * 60 - seen
    assert stands <= 3  # each comparison has one at most in 5 of 100 cases


def test_a_record_says_the_same_as_its_race() -> None:
    old, new = race(3), race(4, {"mode1": 1.2})
    whole = compare(old, new)
    kept = compare(report.record_of(old), report.record_of(new))
    assert verdicts(whole) == verdicts(kept)
    of_record = {change.mode: change for change in kept.changes}
    for one in whole.changes:
        other = of_record[one.mode]
        assert other.ratio == pytest.approx(one.ratio, rel=1e-3)
        assert other.high == pytest.approx(one.high, rel=1e-3)


def test_a_record_keeps_one_short_median_a_process() -> None:
    row = race(5)["measurements"][0]
    record = report.record_of({"measurements": [row], "limits": [{**row, "grid": [2, 2]}]})
    for (kept,) in (record["measurements"], record["limits"]):
        assert "samples" not in kept
        assert kept["process_medians"] == [
            float(f"{np.median(process):.4g}") for process in row["samples"]
        ]
    assert report.record_of(record) == record
    assert len(json.dumps(record["measurements"])) < 300


def test_an_older_record_is_compared_without_uncertainty() -> None:
    old, new = race(6), race(7, {"mode5": 2.0})
    for row in old["measurements"]:
        del row["samples"]
    found = compare(old, new)
    assert set(verdicts(found).values()) == {"unknown"}
    assert found.tested == 0 and not found.seen
    first = found.changes[0]
    assert first.mode == "mode5"
    assert (first.low, first.high, first.p_value, first.stands) == (None, None, None, False)
    assert first.ratio == pytest.approx(
        new["measurements"][5]["median"] / old["measurements"][5]["median"]
    )


def test_races_of_different_numbers_of_processes() -> None:
    old, new = race(8), race(9, {"mode2": 1.5})
    for row in new["measurements"]:
        row["samples"] = row["samples"][:3]
    assert verdicts(compare(old, new))["mode2"] == "slower"
    for row in new["measurements"]:
        row["samples"] = row["samples"][:1]
    assert verdicts(compare(old, new))["mode2"] == "unknown"


def test_the_copy_of_a_grid_is_compared_too() -> None:
    old, new = race(1), race(2)
    for one in (old, new):
        one["limits"] = [{**one["measurements"][0], "grid": [4000, 4000]}]
    assert ("grid 4000 x 4000", "copy") in {(c.case, c.mode) for c in compare(old, new).changes}


# --- What speaks against comparing --------------------------------------------


def change(**changes: Any) -> Callable[[Json], None]:
    return lambda race: race.update(changes)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (change(quick=True), "only NEW is a quick run"),
        (change(machine={**MACHINE, "cpu": "another"}), "machines differ, cpu: a test -> another"),
        (change(versions={**VERSIONS, "numpy": "3"}), "versions differ, numpy: 2 -> 3"),
        (change(versions={"python": "CPython 3.11"}), "versions differ, numpy: 2 -> none"),
        (change(machine={**MACHINE, "warnings": ["a storm"]}), "NEW was noisy: a storm"),
        (change(noise=[{"reference": 1.2e-4}] * 3), "took 1.20 times as long in NEW"),
        (change(measured_at="2026-01-02T00:00:00+00:00"), "is it the same race?"),
        (
            lambda race: race["measurements"].pop(),
            "1 of 60 measurements are only in OLD",
        ),
    ],
)
def test_what_makes_ratios_doubtful_is_said(edit: Callable[[Json], None], words: str) -> None:
    old, new = race(1), race(2)
    assert compare(old, new).warnings == []
    edit(new)
    (warning,) = compare(old, new).warnings
    assert words in warning


def test_other_work_under_an_old_name_is_not_compared() -> None:
    old, new = race(1), race(2)
    new["cases"][0]["title"] = "words do not matter"
    assert len(compare(old, new).changes) == 60
    new["cases"][0]["grid"] = [3, 3]
    found = compare(old, new)
    assert not found.changes
    assert "other work now: noop" in found.warnings[0]


# --- The command --------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    report.write(tmp_path / "old.json", race(1))
    report.write(tmp_path / "new.json", race(2, {"mode7": 1.5, "mode8": 0.5}))
    return str(tmp_path / "old.json"), str(tmp_path / "new.json")


def test_the_command_shows_the_clearest_rows(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*files]) == 0
    out = capsys.readouterr().out
    assert "OLD: 2026-01-02" in out and "NEW: 2026-01-03" in out
    assert "slower *" in out and "faster *" in out
    assert "20 more rows with less evidence" in out
    assert "60 comparisons: " in out
    assert "Chance alone would show about 3." in out
    assert main([*files, "--all"]) == 0
    every = capsys.readouterr().out
    assert "more rows" not in every
    assert "no difference seen" in every
    assert all(f"mode{number} " in every for number in range(60))


def test_the_command_writes_json(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*files, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["comparisons"] == 60
    assert found["differences_by_chance"] == 3.0
    assert len(found["changes"]) == 60
    assert found["differences"] == sum(
        row["verdict"] in ("slower", "faster") for row in found["changes"]
    )
    slower = next(row for row in found["changes"] if row["mode"] == "mode7")
    assert slower["verdict"] == "slower" and slower["stands"]
    assert slower["low"] < slower["ratio"] < slower["high"]


def test_only_what_is_surely_slower_fails(files: tuple[str, str]) -> None:
    old, new = files
    assert main([old, new, "--fail-on-slower"]) == 1
    assert main([old, old, "--fail-on-slower"]) == 0
    only_faster = race(1, {"mode8": 0.5})
    report.write(Path(new), only_faster)
    assert main([old, new, "--fail-on-slower"]) == 0


def without(key: str) -> str:
    return json.dumps({name: value for name, value in race(1).items() if name != key})


def with_row(**changes: Any) -> str:
    whole = race(1, measurements=1)
    whole["measurements"][0].update(changes)
    return json.dumps(whole)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "No such file"),
        ("{", "not JSON"),
        ("\udcff", "not JSON"),
        ("[1, 2]", "not a race"),
        ("{}", "it has no schema"),
        ('{"schema": 2}', "schema 2; this reads 1"),
        (without("measurements"), "'measurements' is missing"),
        (without("machine"), "'machine' is missing"),
        (without("cases"), "'cases' is missing"),
        (with_row(median=None), "noop, mode0 has a time of None"),
        (with_row(median=-1.0), "noop, mode0 has a time of -1.0"),
        (with_row(samples=[[1.0], [0.0]]), "noop, mode0 has a time of 0.0"),
        (with_row(samples=[[1.0], []]), "not a whole race"),
        (with_row(samples=7), "not a whole race"),
    ],
)
def test_a_file_that_is_no_race_is_refused_with_its_reason(
    text: str | None, words: str, files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files
    Path(new).unlink()
    if text is not None:
        Path(new).write_bytes(text.encode(errors="surrogateescape"))
    assert main([old, new]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"race-compare: {new}: ")
    assert words in error
    assert "Traceback" not in error


RECORDS = sorted((Path(__file__).parents[3] / "fig" / "records").glob("*/*.json"))


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_record_of_this_repository_can_be_compared(record: Path) -> None:
    found = compare(read(record), read(record))
    assert found.changes
    assert all(change.ratio == 1.0 for change in found.changes)
    assert not found.seen
