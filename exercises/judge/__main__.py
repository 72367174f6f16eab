"""``python -m judge``: reads a job as JSON from stdin, writes a JSON line for each event."""

import ctypes
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from . import sanitizer
from .endings import Failure, explain_raised
from .registry import Build, Suite, Test, load
from .sandbox import MEBI, Settings, stop_all
from .work import Raised, Work, copy_submission

#: A learner's folder larger than this is not graded in full.
LARGEST_SUBMISSION = 64 * MEBI


class Grading:
    """One exercise of one learner."""

    def __init__(self, job: dict[str, Any], scratch: Path, emit: Any) -> None:
        self.settings = Settings(
            Path(job["workbook"]), str(job["isolation"]), Path(job["checkout"])
        )
        self.scratch = scratch
        self.emit = emit
        self.built = scratch / "built"
        self.broken: dict[str, dict[str, Any]] = {}
        hidden = job.get("hidden_tests")
        self.suite: Suite = load(Path(job["tests"]), Path(hidden) if hidden else None)
        self.skip = set(job.get("skip", []))
        self.submission = scratch / "submission"
        self.sanitized = scratch / "sanitized"
        self._sanitizing = threading.Lock()
        left_out = copy_submission(Path(job["submission"]), self.submission, LARGEST_SUBMISSION)
        shutil.copytree(self.submission, self.built)
        emit({"event": "copied", "left_out": left_out})

    def run(self, jobs: int) -> None:
        """Build, then run every test."""
        tests = [test for test in self.suite.tests.values() if test.name not in self.skip]
        for build in self.suite.builds.values():
            self.build(build)
        with ThreadPoolExecutor(jobs) as pool:
            try:
                for result in pool.map(self.test, tests):
                    self.emit(result)
            except BaseException:
                # Nobody waits for the rest any more.
                pool.shutdown(wait=False, cancel_futures=True)
                stop_all()
                raise

    def build(self, build: Build) -> None:
        """Run one build in the folder that all tests get a copy of."""
        started = time.monotonic()
        work = Work(self.settings, self.built, build.seconds, building=True)
        failure = self._guarded(build.run, work)
        result = {
            "event": "build",
            "name": build.name,
            "seconds": time.monotonic() - started,
            "output": work.output()[-8000:],
            "failure": failure and _described(failure),
        }
        if failure:
            self.broken[build.name] = result
        self.emit(result)

    def test(self, test: Test) -> dict[str, Any]:
        """Run one test on its own copy of the built folder."""
        about = {
            "name": test.name,
            "idea": test.idea,
            "points": test.points,
            "hidden": test.hidden,
        }
        self.emit({"event": "begin", **about})
        started = time.monotonic()
        output = ""
        needs = test.needs if test.needs is not None else tuple(self.suite.builds)
        missing = [name for name in needs if name in self.broken]
        failure: Failure | None
        if missing:
            cause = self.broken[missing[0]]["failure"]["message"]
            failure = Failure(
                f"not run, because a build failed: {cause}", kind="error", blocked_by=missing[0]
            )
        else:
            failure, output = self.run_test(test)
        return {
            "event": "test",
            **about,
            "seconds": time.monotonic() - started,
            # A hidden test shows its idea alone: what it called, expected and
            # printed would tell what it is.
            "failure": failure and (_kind_only(failure) if test.hidden else _described(failure)),
            "output": "" if test.hidden else output[-8000:],
            "code": "" if test.hidden else test.code,
        }

    def run_test(self, test: Test) -> tuple[Failure | None, str]:
        """Run a test in a copy of the built folder; return what failed, and what was printed."""
        folder = self.scratch / test.name
        try:
            shutil.copytree(self.built, folder, symlinks=True)
        except OSError as error:  # shutil.Error is one, too
            # A build may leave what cannot be copied: a folder that nobody may enter.
            return Failure(
                "what the build left cannot be copied for this test",
                expected="files and folders that can be read",
                got=str(error)[:400],
                kind="error",
            ), ""
        work = Work(self.settings, folder, test.seconds)
        failure = self._guarded(test.run, work)
        output = work.output()
        if failure and failure.crash:
            try:
                self.name_the_line(test, failure)
            except OSError as error:
                failure.details += f"\n(AddressSanitizer could not be used: {error})"
        shutil.rmtree(folder, ignore_errors=True)
        return failure, output

    def name_the_line(self, test: Test, failure: Failure) -> None:
        """Run a test that crashed again under AddressSanitizer, and add what that says."""
        if sanitizer.library() is None:
            failure.details += "\n(no AddressSanitizer here to name the line)"
            return
        with self._sanitizing:
            if not self.sanitized.exists():
                shutil.copytree(self.submission, self.sanitized)
                for build in self.suite.builds.values():
                    if build.name not in self.broken:
                        work = Work(
                            self.settings,
                            self.sanitized,
                            build.seconds,
                            building=True,
                            sanitized=True,
                        )
                        self._guarded(build.run, work)
        folder = self.scratch / f"{test.name}-sanitized"
        shutil.copytree(self.sanitized, folder, symlinks=True)
        work = Work(self.settings, folder, test.seconds, sanitized=True)
        self._guarded(test.run, work)
        if report := work.sanitizer_report():
            assert failure.crash
            failure.crash["sanitizer"] = report["about"]
            failure.message += f" ({report['problem']})"
            failure.details = f"AddressSanitizer: {report['about']}\n{failure.details}".strip()
            if report["where"]:
                failure.where = [*failure.where, report["where"]]
        shutil.rmtree(folder, ignore_errors=True)

    @staticmethod
    def _guarded(run: Any, work: Work) -> Failure | None:
        """Run test code; everything that goes wrong becomes a failure of this test."""
        failure: Failure | None = None
        try:
            run(work)
        except Failure as failed:
            failure = failed
        except Raised as raised:
            failure = explain_raised(raised)
        except Exception as error:
            failure = Failure(
                f"the test itself failed with {type(error).__name__}: {error}", kind="error"
            )
        late = work.crash_after_answers()
        return failure or late


def _described(failure: Failure) -> dict[str, Any]:
    return {
        "kind": failure.kind,
        "message": failure.message,
        "expected": failure.expected,
        "got": failure.got,
        "details": failure.details,
        "where": failure.where,
        "crash": failure.crash,
        "blocked_by": failure.blocked_by,
    }


def _kind_only(failure: Failure) -> dict[str, Any]:
    return {
        "kind": failure.kind,
        "message": "a hidden test failed",
        "expected": None,
        "got": None,
        "details": "",
        "where": [],
        "crash": None,
        "blocked_by": failure.blocked_by,
    }


def main() -> None:
    """Grade one job."""
    # When the workbook ends, however that may be, so do we.
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM, 0, 0, 0)
    # Set here, because a parent may have left them ignored.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    # The events' channel is kept from everything else that might print.
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def emit(event: dict[str, Any]) -> None:
        events.write(json.dumps(event) + "\n")
        events.flush()

    job = json.load(sys.stdin)
    with tempfile.TemporaryDirectory(dir=job["scratch"]) as scratch:
        Grading(job, Path(scratch), emit).run(int(job["jobs"]))
    emit({"event": "done"})


try:
    main()
except KeyboardInterrupt:
    sys.exit(130)
