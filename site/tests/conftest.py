"""What the tests share: the built book, a browser, and the server of `make serve`."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "target" / "book"
sys.path += [str(ROOT / "site" / "extensions"), str(ROOT / "site" / "server"), str(ROOT / "tools")]

#: Chromium asks nobody, and runs as root in a container.
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()

#: What another command may take here, when the machine is busy with other things.
PATIENCE = 180


def unavailable(why: str) -> None:
    """Skip a test, or fail it in CI, which has everything."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def book() -> Path:
    if not (BOOK / "index.html").is_file():
        pytest.fail("there is no built book: run `make book`")
    return BOOK


def pages() -> list[str]:
    """Return the path of every page of the built book."""
    found = [path.relative_to(BOOK).as_posix() for path in BOOK.rglob("*.html")]
    return sorted(name for name in found if not name.startswith(("_", "reports", "print")))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if not path:
        unavailable("chromium is not installed: sh tools/system_packages.sh chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Watched(NamedTuple):
    """A page, and what it did that it should not."""

    page: Page
    problems: list[str]


@contextmanager
def watched(browser: Browser, scheme: str, origin: str, width: int = 1280) -> Iterator[Watched]:
    """Open an empty page that remembers console errors and requests to the outside."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    problems: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"console: {message.text}")

    def request(asked: Request) -> None:
        if not asked.url.startswith((origin, "data:", "blob:")):
            problems.append(f"asks the outside: {asked.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: problems.append(f"error: {error}"))
    page.on("request", request)
    yield Watched(page, problems)
    context.close()


class Server(NamedTuple):
    """A running server: its origin, its token, and the first page that it offers."""

    origin: str
    token: str
    first: str

    def url(self, path: str) -> str:
        return f"{self.origin}/{path}?token={self.token}"


@contextmanager
def serve(*command: str) -> Iterator[Server]:
    """Run a command that serves, and stop it as Ctrl-C does."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # a process group of its own, as a terminal makes one
    )
    assert process.stdout is not None
    printed = ""
    try:
        for line in process.stdout:
            printed += line
            if found := re.search(r"(http://127\.0\.0\.1:\d+)(\S+)\?token=(\w+)", line):
                origin, path, token = found.groups()
                # What it prints later is not read, and must not fill the pipe.
                with subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL):
                    yield Server(origin, token, path)
                    os.killpg(process.pid, signal.SIGINT)
                    process.wait(PATIENCE)
                break
        else:
            pytest.fail(f"the server did not start:\n{printed}")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def server(book: Path) -> Iterator[Server]:
    jupyter = Path(sys.executable).parent / "jupyter-lab"
    config = "--config=site/server/jupyter_server_config.py"
    first = "--LabApp.default_url=/book/lessons/index.html"
    with serve(str(jupyter), config, first, "--no-browser") as running:
        yield running
