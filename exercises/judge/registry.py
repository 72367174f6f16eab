"""What a tests.py declares: its builds and its tests."""

import runpy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: CPU seconds that a test has unless it says otherwise, and a build.
TEST_SECONDS = 5.0
BUILD_SECONDS = 120.0


@dataclass(frozen=True)
class Build:
    """A step that makes something of the learner's files before any test."""

    name: str
    run: Callable[[Any], None]
    seconds: float


@dataclass(frozen=True)
class Test:
    """One graded test."""

    name: str
    run: Callable[[Any], None]
    points: float
    idea: str
    seconds: float
    needs: tuple[str, ...] | None
    hidden: bool
    code: str = field(repr=False)


@dataclass
class Suite:
    """All that the files of one exercise declare, in their order."""

    builds: dict[str, Build] = field(default_factory=dict)
    tests: dict[str, Test] = field(default_factory=dict)
    hidden: bool = False


_suite = Suite()


def build(run: Callable[[Any], None] | None = None, *, seconds: float = BUILD_SECONDS) -> Any:
    """Declare a build: it runs once, in a sandbox, and every test gets what it made."""

    def declare(run: Callable[[Any], None]) -> Callable[[Any], None]:
        _claim(run.__name__)
        _suite.builds[run.__name__] = Build(run.__name__, run, seconds)
        return run

    return declare(run) if run else declare


def test(
    *,
    points: float,
    idea: str,
    seconds: float = TEST_SECONDS,
    needs: Iterable[str] | None = None,
) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Declare a test.

    ``idea`` is shown when it fails: what to think about, not what to type. It is
    all that a learner sees of a hidden test. ``needs`` names the builds without
    which it is not run; all of them if it is not given.
    """
    if points < 0:
        raise ValueError(f"points must not be negative: {points}")
    if not idea.strip():
        raise ValueError("a test without an idea explains nothing when it fails")

    def declare(run: Callable[[Any], None]) -> Callable[[Any], None]:
        _claim(run.__name__)
        wanted = None if needs is None else tuple(needs)
        for name in wanted or ():
            if name not in _suite.builds:
                raise ValueError(f"{run.__name__} needs {name!r}, which is no build")
        _suite.tests[run.__name__] = Test(
            run.__name__, run, points, idea, seconds, wanted, _suite.hidden, _text(run)
        )
        return run

    return declare


def _claim(name: str) -> None:
    if name in _suite.builds or name in _suite.tests:
        raise ValueError(f"two tests or builds are called {name!r}")


def _text(run: Callable[[Any], None]) -> str:
    import inspect

    return inspect.getsource(run)


def load(open_tests: Path, hidden_tests: Path | None) -> Suite:
    """Run the test files and return what they declared."""
    global _suite
    _suite = Suite()
    runpy.run_path(str(open_tests), run_name="tests")
    if hidden_tests is not None:
        _suite.hidden = True
        runpy.run_path(str(hidden_tests), run_name="hidden_tests")
    return _suite
