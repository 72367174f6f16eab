"""What went wrong, in words for the learner."""

import re
from typing import Any

from .sandbox import Ending, Limits, Sandbox

_SIGNALS = {
    "SIGSEGV": "it touched memory that is not its own",
    "SIGBUS": "it touched memory that is not there",
    "SIGABRT": "it aborted itself: a panic that must not unwind, a failed assertion, a broken heap",
    "SIGFPE": "it divided an integer by zero",
    "SIGILL": "it ran into an instruction that stops it, as unreachable code does",
    "SIGTRAP": "it ran into a trap",
    "SIGKILL": "it was killed",
    "SIGXFSZ": "it wrote a file that is larger than allowed",
}


class Failure(Exception):
    """A test failed. ``kind`` is "fail" for a wrong answer, "error" for none."""

    def __init__(
        self,
        message: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        details: str = "",
        where: list[dict[str, Any]] | None = None,
        kind: str = "fail",
        crash: dict[str, Any] | None = None,
        blocked_by: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.got = got
        self.details = details
        self.where = where or []
        self.kind = kind
        self.crash = crash
        self.blocked_by = blocked_by


def explain_ending(ending: Ending, text: str, sandbox: Sandbox, limits: Limits) -> Failure:
    """Say why a process ended that should have answered."""
    stderr = sandbox.text("stderr")
    where = _python_lines(stderr, str(sandbox.inside))
    details = _notable(stderr)

    def error(
        message: str, expected: str, got: str, crash: dict[str, Any] | None = None
    ) -> Failure:
        return Failure(
            message,
            expected=expected,
            got=got,
            details=details,
            where=where,
            kind="error",
            crash=crash,
        )

    why = ending.why
    if why is None and ending.signal is not None and ending.signal_name == "SIGXCPU":
        why = "cpu"
    if why == "cpu":
        return error(
            f"{text} used {limits.cpu_s:g} s of processor time and was stopped",
            "an answer",
            "a loop that does not end, or one that is far too slow",
        )
    if why == "wall":
        return error(
            f"{text} gave no answer for {limits.wall_s:g} s and was stopped",
            "an answer",
            "nothing: it waits for something that does not come",
        )
    if why == "memory":
        return error(
            f"{text} used more than {limits.memory // 2**20} MiB of memory and was stopped",
            f"at most {limits.memory // 2**20} MiB",
            "more",
        )
    if why == "processes":
        return error(
            f"{text} started more than {limits.processes} processes or threads and was stopped",
            f"at most {limits.processes} processes",
            "more",
        )
    if why == "disk":
        return error(
            f"{text} wrote more than {limits.disk // 2**20} MiB of files and was stopped",
            f"at most {limits.disk // 2**20} MiB",
            "more",
        )
    if why == "output":
        return error(
            f"{text} printed more than {limits.output // 1024} KiB and was stopped",
            f"at most {limits.output // 1024} KiB of output",
            "more: is there a print in a loop?",
        )
    if why == "keeper":
        return error(f"{text}: the sandbox could not be started", "a sandbox", stderr[-500:])
    if ending.signal is not None:
        name = ending.signal_name
        meaning = _SIGNALS.get(name, "it was ended by a signal")
        return error(
            f"{text} crashed with {name}: {meaning}",
            "an answer",
            f"a crash ({name})",
            {"signal": name},
        )
    if ending.code == 0:
        return error(
            f"{text} ended the whole process, or closed the grader's channel, before it answered",
            "an answer",
            "the end of the process with exit status 0 (os._exit, or exit() in native code)",
        )
    return error(
        f"{text} ended the whole process with exit status {ending.code} before it answered",
        "an answer",
        f"the end of the process with exit status {ending.code}",
    )


def explain_status(code: int | None, text: str, said: str, inside: str) -> Failure:
    """Say why a command failed: an uncaught exception of Python, or a compiler's words."""
    found = _python_traceback(said, inside)
    if found is not None:
        raised, where, before = found
        if (error := _compiler_error(before)) and "CompileError" in raised:
            return Failure(
                f"{text}: the C compiler stopped with an error",
                expected="C that compiles",
                got=error,
                details=last_lines(before),
                where=where,
            )
        return Failure(
            f"{text} raised {raised}",
            expected="exit status 0",
            got=raised,
            details=last_lines(before),
            where=where,
        )
    return Failure(
        f"{text} ended with exit status {code}",
        expected="exit status 0",
        got=f"exit status {code}",
        details=last_lines(said.replace(inside + "/", "")),
    )


def _python_traceback(said: str, inside: str) -> tuple[str, list[dict[str, Any]], str] | None:
    """Take the last traceback apart: the exception, the learner's lines, what came before."""
    start = said.rfind("Traceback (most recent call last):")
    if start < 0:
        # A script that does not parse has no traceback, only a place.
        start = said.find('  File "')
        if start < 0 or "Error: " not in said[start:]:
            return None
    lines = said[start:].splitlines()
    raised = next((line for line in reversed(lines) if re.match(r"[\w.]+(: |$)", line)), None)
    if raised is None:
        return None
    where = []
    for index, line in enumerate(lines):
        place = re.match(r'\s+File "([^"]+)", line (\d+)', line)
        if place and place[1].startswith(inside + "/"):
            code = lines[index + 1].strip() if index + 1 < len(lines) else ""
            file = place[1].removeprefix(inside + "/")
            where.append({"file": file, "line": int(place[2]), "code": code})
    # An error of the compiler stands before the exceptions that distutils makes of it.
    first = said.find("Traceback (most recent call last):")
    before = said[: start if first < 0 else first].replace(inside + "/", "").strip()
    return raised, where, before


def _compiler_error(said: str) -> str | None:
    """The first line in which a compiler names an error."""
    return next((line for line in said.splitlines() if "error: " in line), None)


def last_lines(text: str, count: int = 25) -> str:
    """Return the end of a long text."""
    return "\n".join(text.rstrip().splitlines()[-count:])


def explain_raised(raised: Any) -> Failure:
    """Say which exception came out of the learner's code, and from which line."""
    return Failure(
        f"{raised.call} raised {raised.type}: {raised.message}",
        expected="an answer",
        got=f"{raised.type}: {raised.message}",
        details=raised.notes,
        where=raised.where,
        kind="fail",
    )


def _python_lines(stderr: str, inside: str) -> list[dict[str, Any]]:
    """Find the learner's lines in what faulthandler wrote."""
    found = re.findall(r'File "([^"]+)", line (\d+) in (\S+)', stderr)
    return [
        {"file": file.removeprefix(inside + "/"), "line": int(line), "code": ""}
        for file, line, _ in found
        if file.startswith(inside + "/")
    ][:1]


def _notable(stderr: str) -> str:
    """What a Rust panic or the C library said before the end."""
    lines = stderr.splitlines()
    kept: list[str] = []
    for index, line in enumerate(lines):
        if "panicked at" in line:
            kept += [re.sub(r"thread '[^']*' (\(\d+\) )?", "", line), *lines[index + 1 : index + 2]]
        elif re.search(
            r"stack overflow|overflowed its stack|assert|malloc|free\(\)|corrupt|stack smashing"
            r"|memory allocation of|cannot unwind",
            line,
        ) and not line.startswith("note:"):
            kept.append(line)
    return "\n".join(kept[:12])
