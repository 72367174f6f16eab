"""The peers: who is asked when, what is said of who cannot, and that answers are right.

What needs an environment of its own is not installed here: `make race PEERS=1` does.
"""

import io
import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_peers import PEERS as FAKES
from rich.console import Console

from ffi_workbook import field
from ffi_workbook.race import report
from ffi_workbook.race.peers import __main__ as command
from ffi_workbook.race.peers import all_peers, chosen, environment, referee, worker
from ffi_workbook.race.peers.document import HEAT_PROMISES, document, ratios
from ffi_workbook.race.peers.peer import Peer
from ffi_workbook.race.peers.referee import Effort, Referee
from ffi_workbook.race.peers.seat import PeerError, Seat

Json = dict[str, Any]

ROOT = Path(__file__).parents[3]
#: An odd number of steps on a grid that is no square and no multiple of anything.
SMALL = Effort((37, 53), 7, heat_rounds=3, call_rounds=2, processes=2, enough_seconds=60.0)


@pytest.fixture(autouse=True)
def _workers_find_the_fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)


def fakes(*names: str) -> list[Peer]:
    return [peer for peer in FAKES if peer.name in names]


def raced(peers: list[Peer], root: Path = ROOT, effort: Effort = SMALL) -> Referee:
    found = Referee(peers, effort, root)
    found.run()
    return found


# --- Who drops out, and why ---------------------------------------------------


def test_each_failure_is_reported_and_the_others_go_on(tmp_path: Path) -> None:
    # Long enough for a Python that starts on a busy machine.
    impatient = Effort(SMALL.grid, SMALL.steps, 2, 2, 1, 60.0, load_patience=30.0)
    found = raced(FAKES, tmp_path, impatient).results
    said = {name: (result["status"], result["reason"]) for name, result in found.items()}
    for name in ("right", "close", "caller"):
        assert said.pop(name) == ("ok", None)
    patterns = {
        "wrong": ("failed", r"its field is wrong: it differs from ours by up to 1 where"),
        "nan": ("failed", r"its field is wrong: it differs from ours by up to nan where"),
        "crashing": ("failed", r"its process ended with signal SIGSEGV"),
        "crashing-later": ("failed", r"its process ended with status 7"),
        "hanging": ("failed", r"no answer within 30 s"),
        "raising": ("failed", r"RuntimeError: no compiler"),
        "absent": ("absent", r"No module named 'no_such_module_at_all'"),
        "uninstalled": ("absent", r"cannot be installed: .*nothing.txt is missing"),
        "wrong-caller": ("failed", r"add_ints\(2, 5\) is 8 and must be 7"),
    }
    assert said.keys() == patterns.keys()
    for name, (status, pattern) in patterns.items():
        assert said[name][0] == status, name
        assert re.search(pattern, said[name][1]), (name, said[name][1])


def test_who_drops_out_has_no_times_and_is_in_the_document() -> None:
    names = ("right", "wrong", "crashing-later", "caller", "wrong-caller")
    found = raced(fakes(*names))
    result = document(found, quick=True, warnings=["a test"])
    assert {row["mode"] for row in result["measurements"]} == {"right", "caller"}
    assert {m["name"]: m["status"] for m in result["modes"]} == dict.fromkeys(names, "failed") | {
        "right": "ok",
        "caller": "ok",
    }
    assert result["machine"]["warnings"][0] == "a test"
    json.dumps(result, allow_nan=False)


def test_a_process_that_ended_is_told_of_by_its_last_words() -> None:
    seat = Seat(fakes("right")[0])
    try:
        with pytest.raises(PeerError, match="No module named"):
            seat.ask(60.0, do="load", module="no_such_module_at_all", name="right")
    finally:
        seat.close()
    assert seat.process.returncode is not None


# --- Turns --------------------------------------------------------------------


class Recorded(Seat):
    """A seat that writes down when it is asked, and for what."""

    log: list[tuple[str, str]]

    def ask(self, patience: float, **question: Any) -> Json:
        self.log.append((self.peer.name, question["do"]))
        return super().ask(patience, **question)


def test_all_take_turns_in_each_round(monkeypatch: pytest.MonkeyPatch) -> None:
    log: list[tuple[str, str]] = []
    monkeypatch.setattr(Recorded, "log", log, raising=False)
    monkeypatch.setattr(referee, "Seat", Recorded)
    found = raced(fakes("right", "close", "caller"))
    turns = [name for name, do in log if do == "sample" and name != "caller"]
    rounds = [turns[k : k + 2] for k in range(0, len(turns), 2)]
    assert len(rounds) == SMALL.heat_rounds
    assert all(set(turn) == {"right", "close"} for turn in rounds)
    heat = found.samples["heat_37_53", "right"]
    assert [len(samples) for samples in heat] == [1] * SMALL.heat_rounds
    calls = found.samples["noop", "caller"]
    assert [len(samples) for samples in calls] == [SMALL.call_rounds] * SMALL.processes


def test_a_slow_peer_gets_fewer_turns() -> None:
    effort = Effort(SMALL.grid, SMALL.steps, 6, 1, 1, enough_seconds=0.0)
    assert len(raced(fakes("right"), effort=effort).samples["heat_37_53", "right"]) == 3


# --- Answers ------------------------------------------------------------------

#: What the environment of the tests can run.
LIGHT = [peer for peer in all_peers() if not peer.requirements]


def test_every_peer_without_an_environment_of_its_own_is_right(tmp_path: Path) -> None:
    effort = Effort(SMALL.grid, SMALL.steps, 1, 1, 1, 60.0)
    found = raced(LIGHT, tmp_path, effort)
    assert {name: r["reason"] for name, r in found.results.items() if r["status"] != "ok"} == {}
    assert {name for _, name in found.samples} == {peer.name for peer in LIGHT}


def test_what_the_referee_compares_with_is_many_single_steps() -> None:
    from ffi_workbook import evolve
    from ffi_workbook.race import cases

    start = field.mug(37, 53)
    u, p = start.copy(), start.copy()
    for _ in range(7):
        evolve(u, p, cases.A, cases.DT, cases.DX2, cases.DY2)
    referee.check(referee.ours(start, 7), u)
    assert not np.array_equal(u, start)
    with pytest.raises(PeerError, match="wrong"):
        referee.check(referee.ours(start, 6), u)
    with pytest.raises(PeerError, match="must be"):
        referee.check(u[1:], u)


def test_single_precision_is_not_enough() -> None:
    field32 = (u := field.mug(37, 53)).astype(np.float32).astype(np.float64)
    if np.array_equal(u, field32):
        u = u + 0.1
        field32 = u.astype(np.float32).astype(np.float64)
    with pytest.raises(PeerError, match="wrong"):
        referee.check(field32, u)


# --- Environments -------------------------------------------------------------


def checkout(tmp_path: Path, script: str) -> Path:
    """Return the top of a checkout whose installation script is this one."""
    for folder in ("tools", "requirements/peers"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "tools" / "environment.sh").write_text(script, encoding="utf-8")
    (tmp_path / "requirements" / "peers" / "nothing.txt").write_text("a==1\n", encoding="utf-8")
    return tmp_path


def test_an_environment_finds_its_own_packages_and_then_ours(tmp_path: Path) -> None:
    root = checkout(tmp_path, '"$PYTHON" -m venv --without-pip "$1"; echo made >> made\n')
    (peer,) = fakes("uninstalled")
    found = raced([peer], root)
    assert found.results["uninstalled"]["reason"] is None
    python = found.pythons["uninstalled"]
    assert python == root / "target" / "peers" / "nothing" / "bin" / "python"
    code = "import sys, ffi_workbook, numpy; print(sys.prefix)"
    prefix = subprocess.check_output([python, "-c", code], text=True).strip()
    assert Path(prefix) == root / "target" / "peers" / "nothing"

    # It is made once for the same requirements, and again for others.
    assert environment.is_ready("nothing", root)
    environment.prepare("nothing", root)
    assert (root / "made").read_text() == "made\n"
    (root / "requirements" / "peers" / "nothing.txt").write_text("a==2\n")
    assert not environment.is_ready("nothing", root)
    environment.prepare("nothing", root)
    assert (root / "made").read_text() == "made\nmade\n"


def test_an_installation_that_fails_says_why(tmp_path: Path) -> None:
    root = checkout(tmp_path, "echo collecting; echo 'no wheel for this machine' >&2; exit 1\n")
    with pytest.raises(environment.InstallError, match="no wheel for this machine"):
        environment.prepare("nothing", root)
    assert not environment.is_ready("nothing", root)


def test_an_installation_that_hangs_is_ended(tmp_path: Path) -> None:
    root = checkout(tmp_path, "exec sleep 1000\n")
    with pytest.raises(environment.InstallError, match="longer than 1 s"):
        environment.prepare("nothing", root, patience=1.0)


def test_requirements_are_pinned_with_hashes() -> None:
    needed = {peer.requirements for peer in all_peers() if peer.requirements}
    assert needed
    for name in needed:
        text = (ROOT / "requirements" / "peers" / f"{name}.txt").read_text(encoding="utf-8")
        pins = re.findall(r"^\S+==", text, re.MULTILINE)
        assert pins, name
        assert len(re.findall(r"^\S+==.*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(pins)
        assert "://" not in text


# --- The document -------------------------------------------------------------


def made_up(times: dict[tuple[str, str], float]) -> Json:
    return {
        "cases": [{"name": "heat_4000", "group": "heat"}, {"name": "noop", "group": "call"}],
        "measurements": [
            {"case": case, "mode": mode, "median": median} for (case, mode), median in times.items()
        ],
    }


def test_ratios_are_of_the_medians() -> None:
    times = {
        ("heat_4000", "ours-2"): 2e-3,
        ("heat_4000", "copy"): 10e-3,
        ("heat_4000", "devito"): 6e-3,
        ("heat_4000", "numpy"): 100e-3,
        ("noop", "pyo3"): 22e-9,
        ("noop", "capi"): 19e-9,
    }
    found = {row["name"]: row for row in ratios(made_up(times))}
    assert {name: (row["value"], row["holds"]) for name, row in found.items()} == {
        "ours with two threads / np.copyto of the grid": (0.2, True),
        "Devito / ours with two threads": (3.0, True),
        "NumPy slices / ours with two threads": (50.0, False),
        "PyO3 / raw C API, noop": (1.158, False),
    }
    assert found["Devito / ours with two threads"]["at_least"] == 3.0
    assert found["PyO3 / raw C API, noop"]["at_most"] == 1.1


def test_promises_name_peers_that_there_are() -> None:
    names = {peer.name for peer in all_peers()}
    assert {name for _, *pair, _ in HEAT_PROMISES for name in pair} <= names
    assert {"pyo3", "capi"} <= names


def test_the_document_has_the_shape_of_the_race(tmp_path: Path) -> None:
    result = document(raced(fakes("right", "caller")), quick=True, warnings=[])
    assert result["schema"] == report.SCHEMA
    assert [case["name"] for case in result["cases"]] == [
        "heat_37_53", "noop", "add_ints", "add_floats"
    ]  # fmt: skip
    for row in result["measurements"]:
        assert {"case", "mode", "n", "median", "q1", "q3", "samples"} == set(row)
    for mode in result["modes"]:
        assert {"name", "title", "kind", "status", "reason", "threads"} <= set(mode)
    kept = json.loads(report.keep(tmp_path, "peers", result).read_text(encoding="utf-8"))
    heat = next(row for row in kept["measurements"] if row["mode"] == "right")
    assert len(heat["process_medians"]) == SMALL.heat_rounds


# --- Names and the command ----------------------------------------------------


def test_peers_have_names_of_their_own() -> None:
    names = [peer.name for peer in all_peers()]
    assert len(names) == len(set(names))
    for peer in all_peers():
        assert peer.module
        assert worker.find(peer.module, peer.name).title == peer.title


def test_some_are_chosen_with_those_they_are_compared_with() -> None:
    def names(*wanted: str) -> set[str]:
        return {peer.name for peer in chosen([*wanted], all_peers())}

    assert names() == names("1") == {peer.name for peer in all_peers()}
    assert names("devito") == {"devito", "ours-1", "ours-2", "copy"}
    assert names("numba", "tvm-ffi") == {
        "numba", "numba-parallel", "ours-1", "ours-2", "copy", "tvm-ffi", "pyo3", "capi"
    }  # fmt: skip
    with pytest.raises(KeyError, match="there is no peer 'fortran': the peers are ours"):
        names("numba", "fortran")


def test_help_and_unknown_names(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for word in ("--quick", "--peers", "--out", "--record", "devito", "torch"):
        assert word in text
    with pytest.raises(SystemExit) as ended:
        command.main(["--peers", "fortran"])
    assert ended.value.code == 2
    assert "there is no peer 'fortran'" in capsys.readouterr().err


def test_a_download_is_announced_once(tmp_path: Path) -> None:
    root = checkout(tmp_path, '"$PYTHON" -m venv --without-pip "$1"\n')
    large = replace(fakes("uninstalled")[0], download="about 9 GB")

    def announced() -> str:
        console = Console(file=io.StringIO())
        command.announce([large], root, console)
        return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]

    assert "uninstalled will be installed: about 9 GB\n" in announced()
    assert "PEERS=numba,devito races only some" in announced()
    environment.prepare("nothing", root)
    assert announced() == ""


def test_the_command_from_end_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "QUICK", SMALL)
    out = tmp_path / "peers.json"
    arguments = ["--quick", "--peers", "numpy,pybind11", "--out", str(out)]
    # No checkout: pybind11 cannot be installed, and is reported.
    assert command.main([*arguments, "--root", str(tmp_path), "--record", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    for words in (
        "evolve_steps, 2 threads", "NumPy slices", "raw C API", "Ratios this project promises",
        "pybind11: absent (cannot be installed", f"wrote {out}",
    ):  # fmt: skip
        assert words in text
    assert "not chosen for this race: numba-parallel" in text
    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["quick"]
    assert {mode["name"] for mode in result["modes"]} == {peer.name for peer in all_peers()}
    day = result["measured_at"][:10]
    assert (tmp_path / day / "peers-quick.json").is_file()
    assert command.main(["--show", str(out)]) == 0
    assert "NumPy slices" in capsys.readouterr().out
    assert command.main(["--show", str(tmp_path / "none.json")]) == 1
    assert "peers: " in capsys.readouterr().err


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    raced(fakes("right", "crashing"))
    assert [*tmp_path.iterdir()] == []
