"""The scaling command reports what happens to its children, whatever that is.

The children here are short scripts that only claim to have measured: nothing in these
tests depends on a time. Real children are in test_distributed.
"""

import argparse
import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from ffi_workbook.distributed import launch, scaling
from ffi_workbook.distributed.scaling import Mode
from ffi_workbook.distributed.scaling_worker import Plan
from ffi_workbook.race import report

#: Writes a line for each job, as a worker does: plan, fingerprint of this child.
CHILD = """
import json, sys, time
plan, bits = json.loads(sys.argv[1]), sys.argv[2]
def write(line):
    with open(plan["out"], "a") as file:
        file.write(json.dumps(line) + "\\n")
write({"ready": time.time()})
for number, job in enumerate(plan["jobs"]):
    %s
    write({"case": job["case"], "samples": [0.004, 0.002, 0.003], "draw_seconds": 1.5,
           "exchange_share": 0.25, "bytes_per_step": 64000.0, "seconds_per_task": 0.002,
           "fingerprint": f"{bits} of {job['grid']}"})
"""
FINE = CHILD % "pass"
FAILS = CHILD % "if number: sys.exit('the disk is full')"
HANGS = CHILD % "print('waiting', flush=True); time.sleep(1000)"


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, str]]:
    """Give the scripts of the modes, by name: a script and the bits it claims."""
    scripts: dict[str, tuple[str, str]] = {}

    def command(self: Mode, plan: Plan) -> list[str]:
        script, bits = scripts.get(self.name, (FINE, "right"))
        return [sys.executable, "-c", script, plan.to_json(), bits]

    monkeypatch.setattr(Mode, "command", command)
    monkeypatch.setattr(Mode, "missing", lambda self: None)
    return scripts


def measured(deadline: float = 60.0) -> Any:
    options = argparse.Namespace(quick=True, seed=0, deadline=deadline)
    return scaling.measure(options, Console(file=io.StringIO()))


def test_a_run_without_mishaps(children: object, tmp_path: Path) -> None:
    found = measured()
    assert {mode["status"] for mode in found["modes"]} == {"ok"}
    assert found["skipped"] == []
    cases = {(row["case"], row["mode"]) for row in found["measurements"]}
    assert cases >= {("strong", "threads-1"), ("strong", "mpi-2"), ("weak", "dask-2")}
    assert cases >= {("halo_1", "mpi-2"), ("halo_32", "dask-2"), ("halo_none", "threads-1")}
    assert {row["median"] for row in found["measurements"]} == {0.003}
    assert found["derived"]["speedup"]["mpi-2"] == 1.0
    assert found["derived"]["halo_1"]["exchange_share"]["mpi-2"] == "25.0%"
    assert found["derived"]["strong"]["bytes_per_step"]["dask-2"] == "64,000"

    kept = json.loads(report.keep(tmp_path, scaling.NAME, found).read_text())
    assert kept["measurements"][0]["process_medians"] == [0.003, 0.003]
    printed = io.StringIO()
    scaling.show(kept, Console(file=printed, width=200))
    assert "MPI, 2 processes" in printed.getvalue()


def test_a_child_that_fails_loses_only_what_it_had_not_done(children: Any) -> None:
    children["mpi-2"] = (FAILS, "right")
    found = measured()
    done = {row["case"] for row in found["measurements"] if row["mode"] == "mpi-2"}
    lost = {row["case"] for row in found["skipped"]}
    assert len(done) in (1, 2)  # the first of each round, in an order drawn by lot
    assert done | lost == {"strong", "weak", "halo_1", "halo_4", "halo_16", "halo_32"}
    assert all("the disk is full" in row["reason"] for row in found["skipped"])
    assert {row["mode"] for row in found["skipped"]} == {"mpi-2"}


def test_a_child_that_hangs_is_killed_and_the_rest_goes_on(
    children: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scaling, "QUICK", replace(scaling.QUICK, rounds=1))
    children["dask-2"] = (HANGS, "right")
    found = measured(deadline=15.0)
    [dask] = [mode for mode in found["modes"] if mode["name"] == "dask-2"]
    assert dask["status"] == "failed"
    assert "not done after 15 s" in dask["reason"]
    assert ("strong", "mpi-2") in {(row["case"], row["mode"]) for row in found["measurements"]}
    printed = io.StringIO()
    scaling.show(found, Console(file=printed, width=200))
    assert "failed dask-2, strong" in printed.getvalue()


def test_other_bits_are_no_measurement(children: Any) -> None:
    children["dask-1"] = (FINE, "wrong")
    found = measured()
    assert not any(row["mode"] == "dask-1" for row in found["measurements"])
    reasons = {row["reason"] for row in found["skipped"] if row["mode"] == "dask-1"}
    assert any("must be right of [4000, 4000]" in reason for reason in reasons)
    assert {row["mode"] for row in found["skipped"]} == {"dask-1"}


def test_what_is_not_installed_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    real = scaling.find_spec
    monkeypatch.setattr(scaling, "find_spec", lambda name: None if name == "mpi4py" else real(name))
    assert "mpi4py is not installed" in str(Mode("mpi", 2, 2).missing())
    assert Mode("threads", 2, 2).missing() is None


def test_a_machine_of_one_core_has_two_processes_too() -> None:
    modes = {mode.name for mode in scaling.all_modes(1, scaling.QUICK)}
    assert modes >= {"threads-1", "mpi-1", "mpi-2", "dask-1", "dask-2"}
    assert Mode("mpi", 2, 1).processes > 1


def test_a_file_of_another_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    race = max((Path(__file__).parents[3] / "fig" / "records").glob("*/race.json"))
    assert scaling.main(["--show", str(race)]) == 1
    assert f"scaling: {race}: " in capsys.readouterr().err


def test_nothing_measured_is_an_error(
    children: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for mode in scaling.all_modes(64, scaling.FULL):
        children[mode.name] = ("import sys; sys.exit('no')", "right")
    out = tmp_path / "scaling.json"
    assert scaling.main(["--quick", "--out", str(out)]) == 1
    assert json.loads(out.read_text())["measurements"] == []
    assert "failed" in capsys.readouterr().out


def test_mpiexec_is_the_one_beside_this_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside, on_the_path = tmp_path / "beside", tmp_path / "path"
    for folder in (beside, on_the_path):
        folder.mkdir()
        (folder / "mpiexec").write_text("#!/bin/sh\n")
        (folder / "mpiexec").chmod(0o755)
    monkeypatch.setattr(launch.sysconfig, "get_path", lambda _: str(beside))
    monkeypatch.setenv("PATH", str(on_the_path))
    assert launch.mpiexec(3) == [str(beside / "mpiexec"), "-n", "3", sys.executable]
    (beside / "mpiexec").unlink()
    assert launch.mpiexec(3)[0] == str(on_the_path / "mpiexec")
    (on_the_path / "mpiexec").unlink()
    with pytest.raises(FileNotFoundError, match="pip install mpich"):
        launch.mpiexec(3)
