"""``Work``: what a test can ask of the learner's code. Everything runs in a sandbox."""

import contextlib
import math
import os
import re
import shutil
import socket
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import cargo, declarations, sanitizer
from .endings import (
    Failure,
    explain_ending,
    explain_raised,
    explain_status,
    last_lines,
    without_backtraces,
)
from .inside import wire
from .sandbox import INSIDE, MEBI, Ending, Limits, Sandbox, Settings

#: No text file of a learner is read beyond this.
_LARGEST_TEXT = 2**20

#: Dependencies take long, once: several times what they need on two busy cores.
_TEMPLATE_SECONDS = 1200.0


class Raised(Exception):
    """The learner's code raised an exception in the worker."""

    def __init__(self, described: dict[str, Any], call: str) -> None:
        self.type = str(described.get("type"))
        self.bases = [str(name) for name in described.get("bases", [])]
        self.message = str(described.get("message"))
        self.notes = str(described.get("notes", ""))
        self.where = [
            {
                "file": str(line["file"])[:300],
                "line": max(int(line["line"] or 0), 0),
                "code": str(line.get("code") or "")[:300],
            }
            for line in described.get("where", [])[:10]
        ]
        self.call = call
        super().__init__(f"{self.type}: {self.message}")


@dataclass(frozen=True)
class Finished:
    """A command that ended."""

    code: int | None
    stdout: str
    stderr: str


class Handle:
    """An object that stayed in the worker, because it is no plain data."""

    def __init__(self, work: "Work", described: dict[str, Any]) -> None:
        self._work = work
        self.id = int(described["id"])
        self.type = str(described["type"])
        self.text = str(described["repr"])

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call one of its methods."""
        return self._work._request_call(self, [method], f"{self.name}.{method}", args, kwargs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object itself."""
        return self._work._request_call(self, [], self.name, args, kwargs)

    def get(self, attribute: str) -> Any:
        """Return one of its attributes."""
        return self._work._request("get", f"{self.name}.{attribute}", target=self, path=[attribute])

    @property
    def name(self) -> str:
        """The name of its class, for messages."""
        return self.type.rsplit(".", 1)[-1]

    def __repr__(self) -> str:
        return self.text


class Work:
    """The learner's folder as built, and a worker process to use it in."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        seconds: float,
        *,
        building: bool = False,
        sanitized: bool = False,
    ) -> None:
        self.folder = folder
        self._settings = settings
        self._seconds = seconds
        self._building = building
        self._sanitized = sanitized
        self._environment: dict[str, str] = {}
        if sanitized:
            self._environment = (
                sanitizer.build_environment()
                if building
                else sanitizer.run_environment(self._inside())
            )
        self._sandbox: Sandbox | None = None
        self._channel: socket.socket | None = None
        self._deadline = 0.0
        self._printed = ""
        self._last: tuple[str, Any] | None = None

    # ------------------------------------------------------------ calls

    def call(self, target: str, *args: Any, **kwargs: Any) -> Any:
        """Call ``module.function``. Arrays among the arguments are updated in place."""
        return self._request_call(target, [], target, args, kwargs)

    def get(self, target: str) -> Any:
        """Return the value of ``module.name``."""
        return self._request("get", target, target=target, path=[])

    def eval(self, source: str, **names: Any) -> Any:
        """Return the value of a Python expression in the worker, with these names."""
        return self._request("eval", source, source=source, names=names)

    def exec(self, source: str, **names: Any) -> None:
        """Run Python statements in the worker; names that they set stay there."""
        # A short line shows the learner what was done; more would hide it.
        shown = source if "\n" not in source and len(source) <= 60 else "the test's own code"
        self._request("exec", shown, source=source, names=names)

    def _request_call(self, target: Any, path: list[str], name: str, args: Any, kwargs: Any) -> Any:
        shown = [_short(arg) for arg in args] + [f"{k}={_short(v)}" for k, v in kwargs.items()]
        text = f"{name}({', '.join(shown)})"
        return self._request("call", text, target=target, path=path, args=list(args), kwargs=kwargs)

    def _request(self, op: str, text: str, **fields: Any) -> Any:
        channel = self._worker()
        encoder = wire.Encoder(self._handle_out)
        message: dict[str, Any] = {"op": op}
        passed: list[Any] = []
        for key, value in fields.items():
            if key == "args":
                message[key] = [encoder.encode(item) for item in value]
                passed = list(value)
            elif key in ("kwargs", "names"):
                message[key] = {name: encoder.encode(item) for name, item in value.items()}
                passed += list(value.values())
            elif key == "target":
                message[key] = encoder.encode(value)
            else:
                message[key] = value
        try:
            channel.settimeout(max(self._deadline - time.monotonic(), 0.1))
            wire.send(channel, message, encoder.blob)
            answer, blob = wire.receive(channel, self._deadline)
        except (wire.WireError, wire.Timeout, OSError):
            self._died(text)
        try:
            return self._read(answer, blob, text, passed)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as bad:
            raise Failure(
                f"{text} did not give an answer that can be read ({bad})",
                kind="error",
            ) from None

    def _read(self, answer: dict[str, Any], blob: bytes, text: str, passed: list[Any]) -> Any:
        decoder = wire.Decoder(blob, lambda described: Handle(self, described))
        arrays = [value for value in passed if type(value).__name__ == "ndarray"]
        for ours, theirs in zip(arrays, answer["arrays"], strict=False):
            changed = decoder.decode(theirs)
            if ours.flags.writeable and changed.shape == ours.shape:
                ours[...] = changed
        if "error" in answer:
            raise Raised(answer["error"], text)
        value = decoder.decode(answer["result"])
        self._last = (text, value)
        return value

    def _handle_out(self, value: Any) -> dict[str, Any]:
        if isinstance(value, Handle):
            return {"$": "handle", "id": value.id}
        raise TypeError(f"a {type(value).__name__} cannot be sent to the worker: {value!r}")

    def _worker(self) -> socket.socket:
        if self._channel is not None:
            return self._channel
        ours, theirs = socket.socketpair()
        limits = self._limits()
        worker = Path(__file__).parent / "inside/worker.py"
        self._sandbox = Sandbox(
            self._settings,
            [sys.executable, "-P", "-s", str(worker), str(theirs.fileno())],
            self.folder,
            limits,
            channel=theirs,
            environment=self._environment,
        )
        theirs.close()
        self._channel = ours
        # The keeper ends the worker; this is for a worker that hides from it.
        self._deadline = time.monotonic() + 10 * limits.wall_s + 60
        return ours

    def _inside(self) -> Path:
        return INSIDE if self._settings.isolation == "bubblewrap" else self.folder

    def _limits(self) -> Limits:
        # What our own Python needs to start is not the learner's time: 5 s more.
        limits = Limits(cpu_s=self._seconds, wall_s=2 * self._seconds + 5)
        if self._building:
            return replace(
                limits,
                cpu_s=2 * self._seconds,
                memory=4096 * MEBI,
                address_space=None,
                file_size=512 * MEBI,
                disk=1024 * MEBI,
                processes=256,
                open_files=1024,
            )
        if self._sanitized:
            # Its shadow memory takes terabytes of addresses, and time.
            return replace(
                limits,
                cpu_s=5 * self._seconds,
                wall_s=10 * self._seconds,
                memory=2 * limits.memory,
                address_space=None,
            )
        return limits

    def _died(self, text: str) -> None:
        assert self._sandbox
        self._close_channel()
        ending = self._sandbox.wait(grace=1.0)
        raise explain_ending(ending, text, self._sandbox, self._sandbox.limits)

    # --------------------------------------------------------- commands

    def run(
        self,
        command: list[str],
        *,
        stdin: str | None = None,
        check: bool = True,
        environment: dict[str, str] | None = None,
        shown: str | None = None,
        read: list[str] | None = None,
        write: list[str] | None = None,
    ) -> Finished:
        """Run a command in the learner's folder. It must end with 0 unless ``check=False``."""
        text = shown or " ".join([Path(command[0]).name, *command[1:]])
        limits = self._limits()
        if self._sanitized and Path(command[0]).name in sanitizer.COMPILERS:
            command = [*command, *sanitizer.FLAGS]
        sandbox = Sandbox(
            self._settings,
            command,
            self.folder,
            limits,
            stdin=stdin,
            environment=self._environment | (environment or {}),
            read=read,
            write=write,
        )
        ending = sandbox.wait()
        stdout, stderr = sandbox.text("stdout"), sandbox.text("stderr")
        self._printed += stdout
        if ending.why or ending.signal:
            raise explain_ending(ending, text, sandbox, limits)
        finished = Finished(ending.code, stdout, stderr)
        if check and ending.code != 0:
            raise explain_status(ending.code, text, stderr or stdout, str(sandbox.inside))
        self._last = (f"what {text} printed", stdout)
        return finished

    def run_script(self, script: str, *args: str, **options: Any) -> Finished:
        """Run a Python script of the learner's folder."""
        self.need_file(script)
        return self.run(
            [sys.executable, "-X", "faulthandler", script, *args],
            shown=" ".join(["python", script, *args]),
            **options,
        )

    def cargo_build(self, crate: str = ".", *, module: str | None = None) -> list[str]:
        """Compile a crate in the folder; return the names of what it made there.

        A cdylib is put into the learner's folder: under the name of ``module``, so that
        Python imports it, or else as cargo calls it (``lib*.so``). A program is put
        there under its own name. Only in a build.
        """
        if not self._building:
            raise RuntimeError("cargo_build() belongs in a @build")
        target = self._target(crate)
        built = self._cargo(self.folder / crate, target)
        return self._collect(built, target, module)

    def maturin_build(self) -> None:
        """Build the wheel that the folder's pyproject.toml describes, into dist/.

        Only in a build.
        """
        if not self._building:
            raise RuntimeError("maturin_build() belongs in a @build")
        target = self._target(".")
        maturin = [sys.executable, "-m", "maturin", "build", "--offline", "--out", "dist"]
        finished = self.run(
            [*maturin, "--interpreter", sys.executable],
            check=False,
            environment=cargo.environment() | {"CARGO_TARGET_DIR": str(target)},
            shown="maturin build",
            read=cargo.readable(),
            write=[str(target)],
        )
        if finished.code != 0:
            raise Failure(
                "maturin builds no wheel",
                expected="a wheel in dist",
                got=f"exit status {finished.code}",
                details=last_lines(finished.stderr),
            )

    def _target(self, crate: str) -> Path:
        """Return a folder for what cargo makes of a crate, with the dependencies in it."""
        cache = self._settings.checkout / "target/exercises"
        ready = cargo.template(self.folder / crate, cache, self._cargo)
        # Two crates of one exercise may have different dependencies.
        target = self.folder.parent / f"cargo-{self.folder.name}-{ready.name}"
        if not target.exists():
            shutil.copytree(ready, target, symlinks=True)
        # cargo goes by time: the learner's files are newer than what the template has.
        for path in (self.folder / crate).rglob("*"):
            if self._plain(path):
                os.utime(path)
        return target

    def _cargo(self, crate: Path, target: Path) -> cargo.Built:
        """Run cargo on a crate, in a sandbox."""
        command = ["cargo", "build", "--offline", "--message-format=json", "--quiet"]
        inside = crate if crate.is_relative_to(self.folder) else None
        relative = str(crate.relative_to(self.folder)) if inside else "."
        if relative != ".":
            command += ["--manifest-path", f"{relative}/Cargo.toml"]
        work = self
        if not inside:
            work = Work(self._settings, crate, _TEMPLATE_SECONDS, building=True)
        finished = work.run(
            command,
            check=False,
            environment=cargo.environment() | {"CARGO_TARGET_DIR": str(target)},
            shown="cargo build",
            read=cargo.readable(),
            write=[str(target)],
        )
        built = cargo.read_messages(finished.stdout)
        if finished.code != 0:
            count = len(built.errors)
            raise Failure(
                "the crate does not compile",
                expected="no errors",
                got="1 error" if count == 1 else f"{count} errors" if count else "an error",
                details=cargo.fold(built.errors) or last_lines(finished.stderr),
                where=built.lines(),
            )
        return built

    def _collect(self, built: cargo.Built, target: Path, module: str | None) -> list[str]:
        names: list[str] = []
        for artifact in built.artifacts:
            kinds = (artifact.get("target") or {}).get("crate_types") or []
            files = [Path(str(file)) for file in artifact.get("filenames") or []]
            if "cdylib" in kinds:
                names += [
                    self._take(file, target, f"{module}.so" if module else file.name)
                    for file in files
                    if file.suffix == ".so"
                ]
            elif "bin" in kinds and artifact.get("executable"):
                file = Path(str(artifact["executable"]))
                names.append(self._take(file, target, file.name))
        self._printed = ""
        return names

    def _take(self, file: Path, target: Path, name: str) -> str:
        real = file.resolve()
        if not real.is_relative_to(target.resolve()) or not real.is_file():
            raise Failure(f"cargo built {file.name}, which is not a file of its target folder")
        (self.folder / name).unlink(missing_ok=True)
        shutil.copy2(real, self.folder / name)
        return name

    def interpose(self, c_source: str) -> None:
        """Put C functions of the test's own in place of the library's, for this test.

        Call it before anything else. What the learner's code gets from a linked
        function then tells whether it calls that function at all. Functions that are
        looked up in a library by dlsym (ABI mode) are not replaced.
        """
        if self._sandbox is not None:
            raise RuntimeError("interpose() comes before the first call")
        (self.folder / "interposed.c").write_text(c_source)
        self.run(["cc", "-shared", "-fPIC", "-O1", "-o", "interposed.so", "interposed.c"])
        # The sanitizer's library must stay the first one.
        before = self._environment.get("LD_PRELOAD", "")
        ours = str(self._inside() / "interposed.so")
        self._environment["LD_PRELOAD"] = f"{before} {ours}".strip()

    def check_declarations(self, *files: str) -> None:
        """Fail unless what these files declare agrees with kernels.h; nothing of them runs."""
        for name in files:
            self.need_file(name)
        checker = self._settings.workbook.with_name("declarations")
        if not checker.is_file():
            raise RuntimeError(f"{checker.name} is not built: make workbook")
        printed = self._printed
        finished = self.run(
            [str(checker), "--format", "json", *files],
            check=False,
            shown="the checker of declarations",
            read=[str(checker)],
        )
        self._printed = printed
        if finished.code not in (0, 1):
            raise Failure("the declarations cannot be read", got=finished.stderr, kind="error")
        if failure := declarations.failure(finished.stdout):
            raise failure

    # ------------------------------------------------------------ files

    def files(self, pattern: str) -> list[str]:
        """Return the names of files in the folder, built ones included: ``_fib*.so``."""
        found = (path for path in self.folder.glob(pattern) if path.is_file())
        return sorted(str(path.relative_to(self.folder)) for path in found)

    def need_file(self, name: str) -> None:
        """Fail unless there is such a file."""
        if not self._plain(self.folder / name):
            raise Failure(f"there is no file {name}", expected=f"a file {name}", got="none")

    def read_text(self, name: str) -> str:
        """Return the text of a file that the learner wrote."""
        path = self.folder / name
        if not self._plain(path):
            raise Failure(f"there is no file {name}", expected=f"a file {name}", got="none")
        with path.open("rb") as file:
            return file.read(_LARGEST_TEXT).decode("utf-8", "replace")

    def _plain(self, path: Path) -> bool:
        """A regular file of this folder: no link leads the judge elsewhere."""
        try:
            mode = path.lstat().st_mode
        except OSError:
            return False
        inside = path.resolve().is_relative_to(self.folder.resolve())
        return stat.S_ISREG(mode) and inside

    # ----------------------------------------------------------- claims

    @property
    def stdout(self) -> str:
        """What was printed in this test so far."""
        return self._printed + (self._sandbox.text("stdout") if self._sandbox else "")

    def fail(self, message: str, *, expected: Any = None, got: Any = None) -> None:
        """Fail the test with this message."""
        raise Failure(message, expected=_shown(expected), got=_shown(got))

    def expect(self, got: Any, expected: Any, message: str | None = None) -> None:
        """Fail unless both are equal and of one kind (1 is not 1.0, nor True)."""
        if not _equal(got, expected):
            self._differs(got, expected, message)

    def expect_close(
        self,
        got: Any,
        expected: Any,
        *,
        relative: float = 1e-9,
        absolute: float = 0.0,
        message: str | None = None,
    ) -> None:
        """Fail unless the numbers, or all numbers of the arrays, are close."""
        import numpy as np

        try:
            one, other = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
        except (TypeError, ValueError):
            self._differs(got, expected, message)
        same = one.shape == other.shape and np.allclose(
            one, other, rtol=relative, atol=absolute, equal_nan=True
        )
        if not same:
            self._differs(got, expected, message)

    def expect_true(
        self, condition: Any, message: str, *, expected: Any = None, got: Any = None
    ) -> None:
        """Fail with the message unless the condition holds."""
        if not condition:
            self.fail(message, expected=expected, got=got)

    @contextlib.contextmanager
    def expect_raises(self, *types: str, says: str | None = None) -> Iterator[None]:
        """Fail unless the calls inside raise one of these exceptions (or a subclass)."""
        wanted = " or ".join(types)
        try:
            yield
        except Raised as raised:
            if not set(types) & set(raised.bases):
                raise Failure(
                    f"{raised.call} raised the wrong exception",
                    expected=wanted,
                    got=f"{raised.type}: {raised.message}",
                    where=raised.where,
                ) from None
            if says is not None and says.lower() not in raised.message.lower():
                raise Failure(
                    f"{raised.call} raised {raised.type}, but its message does not help",
                    expected=f"a message with {says!r} in it",
                    got=raised.message,
                ) from None
            return
        call, value = self._last or ("the call", None)
        raise Failure(f"{call} raised nothing", expected=wanted, got=f"the value {_shown(value)}")

    def _differs(self, got: Any, expected: Any, message: str | None) -> None:
        if message is None:
            message = "wrong result"
            if self._last and self._last[1] is got:
                message = f"{self._last[0]} is wrong"
        # None and the empty text would show as nothing at all.
        wanted = _shown(expected) or repr(expected)
        raise Failure(message, expected=wanted, got=_difference(got, expected) or repr(got))

    # -------------------------------------------------------------- end

    def _close_channel(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def close(self) -> Ending | None:
        """End the worker, and return how it ended, if there was one."""
        self._close_channel()
        if self._sandbox is None:
            return None
        return self._sandbox.wait(grace=1.0)

    def crash_after_answers(self) -> Failure | None:
        """End the worker; return a failure if it did not live to be ended."""
        answered = self._channel is not None
        ending = self.close()
        if not answered or ending is None or self._sandbox is None:
            return None
        if ending.why in (None, "stopped") and ending.signal is None:
            return None
        return explain_ending(
            ending, "after its last answer, your code", self._sandbox, self._sandbox.limits
        )

    def sanitizer_report(self) -> dict[str, Any] | None:
        """Return what AddressSanitizer said in this folder, if anything."""
        for name in self.files(f"{sanitizer.REPORT}.*"):
            text = self.read_text(name)
            if report := sanitizer.read_report(self.folder, text, self._inside()):
                return report
        return None

    def output(self) -> str:
        """All that was printed, for the report."""
        errors = self._sandbox.text("stderr") if self._sandbox else ""
        return self.stdout + without_backtraces(errors)

    def usage(self) -> dict[str, float]:
        """CPU seconds and the like of the worker."""
        return self._sandbox.ending.usage if self._sandbox and self._sandbox.ending else {}


def _equal(got: Any, expected: Any) -> bool:
    if type(got).__module__ == "numpy" or type(expected).__module__ == "numpy":
        import numpy as np

        if type(got) is not type(expected):
            return False
        return got.dtype == expected.dtype and np.array_equal(
            got, expected, equal_nan=got.dtype.kind == "f"
        )
    if type(got) is not type(expected):
        return False
    if isinstance(got, list | tuple):
        return len(got) == len(expected) and all(map(_equal, got, expected))
    if isinstance(got, dict):
        return got.keys() == expected.keys() and all(_equal(got[k], expected[k]) for k in got)
    if isinstance(got, float) and math.isnan(got):
        return math.isnan(expected)
    return bool(got == expected)


def _shown(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return _short(value, 400)


def _short(value: Any, length: int = 60) -> str:
    if type(value).__name__ == "ndarray":
        if value.size <= 6:
            return f"array({value.tolist()})"
        return f"<{value.dtype} array of shape {value.shape}>"
    text = repr(value)
    if isinstance(value, Handle):
        text = re.sub(r" at 0x[0-9a-f]+>$", ">", text)  # where it is says nothing to anybody
    return text if len(text) <= length else text[: length - 3] + "..."


def _difference(got: Any, expected: Any) -> str:
    """Say what was got, and for large arrays where the first difference is."""
    import numpy as np

    if type(got) is np.ndarray and type(expected) is np.ndarray:
        if got.shape != expected.shape or got.dtype != expected.dtype:
            return f"a {got.dtype} array of shape {got.shape}"
        if got.size > 6:
            wrong = np.argwhere(~np.isclose(got, expected, rtol=0, atol=0, equal_nan=True))
            if len(wrong):
                first = tuple(int(index) for index in wrong[0])
                return (
                    f"{len(wrong)} of {got.size} numbers differ; the first at {list(first)}: "
                    f"{got[first]!r} where {expected[first]!r} belongs"
                )
    if type(got) is not type(expected) and np.array_equal(got, expected):
        return f"{_shown(got)} (a {type(got).__name__}, not a {type(expected).__name__})"
    return repr(got) if got is None else str(_shown(got))


def copy_submission(source: Path, target: Path, largest: int) -> list[str]:
    """Copy a learner's files for grading; return what was left out, and why.

    Only regular files: a link could lead out of the folder, and a pipe never ends.
    """
    left_out: list[str] = []
    total = 0
    target.mkdir(parents=True)
    for folder, names, files in os.walk(source):
        here = Path(folder)
        names[:] = [n for n in names if n not in ("__pycache__", "target", ".git")]
        for name in [n for n in names if (here / n).is_symlink()]:
            names.remove(name)
            left_out.append(f"{(here / name).relative_to(source)}: a link")
        for name in names:
            (target / (here / name).relative_to(source)).mkdir()
        for name in files:
            path = here / name
            relative = path.relative_to(source)
            if not stat.S_ISREG(path.lstat().st_mode):
                left_out.append(f"{relative}: not a regular file")
                continue
            size = path.stat().st_size
            if total + size > largest:
                left_out.append(f"{relative}: the folder is larger than {largest // 2**20} MiB")
                continue
            total += size
            shutil.copy2(path, target / relative)
    return left_out


__all__ = ["Failure", "Finished", "Handle", "Raised", "Work", "copy_submission", "explain_raised"]
