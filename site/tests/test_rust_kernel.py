"""The Rust kernel starts in a folder of its own, with our lock file and our settings."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Stands in for evcxr_jupyter: tells what it got, and stays until its input ends.
PROGRAM = f"""#!{sys.executable}
import json, os, sys
print(json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]), flush=True)
sys.stdin.read()
"""


class Kernel:
    def __init__(self, folder: Path, program: Path, **environment: str) -> None:
        code = "import sys; sys.prefix = sys.argv.pop(1); sys.argv.pop(0); sys.path.insert(0, {!r})"
        code = code.format(str(ROOT / "tools"))
        code += "; import rust_kernel; rust_kernel.main(*sys.argv)"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, str(folder), str(program), "connection.json"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        assert self.process.stdout is not None
        self.arguments, self.cwd, self.environment = json.loads(self.process.stdout.readline())
        self.work = Path(self.environment["EVCXR_TMPDIR"])

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Kernel]]:
    program = tmp_path / "program"
    program.write_text(PROGRAM, encoding="utf-8")
    program.chmod(0o700)
    started: list[Kernel] = []

    def one(**environment: str) -> Kernel:
        started.append(Kernel(tmp_path, program, **environment))
        return started[-1]

    yield one
    for kernel in started:
        kernel.end()


def test_it_gets_the_connection_our_lock_file_and_the_notebooks_folder(
    start: Callable[..., Kernel],
) -> None:
    kernel = start(CARGO_INCREMENTAL="0", CARGO_TARGET_DIR="/elsewhere", CARGO_NET_OFFLINE="true")
    assert kernel.arguments == ["--control_file", "connection.json"]
    assert Path(kernel.cwd) == ROOT / "notebooks"
    assert (kernel.work / "Cargo.lock").read_bytes() == (ROOT / "Cargo.lock").read_bytes()
    assert not {"CARGO_INCREMENTAL", "CARGO_TARGET_DIR"} & set(kernel.environment)
    assert kernel.environment["CARGO_NET_OFFLINE"] == "true"


def test_kernels_at_one_time_have_a_folder_each(start: Callable[..., Kernel]) -> None:
    first, second = start(), start()
    assert first.work != second.work


def test_the_folder_of_a_killed_kernel_is_used_again(start: Callable[..., Kernel]) -> None:
    first = start()
    (first.work / "built").touch()
    first.end()
    assert (start().work / "built").exists()
