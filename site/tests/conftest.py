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
import small
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "target" / "book"
sys.path += [str(ROOT / folder) for folder in ("site", "site/extensions", "tools")]

#: Chromium asks nobody, and runs as root in a container.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: What another command may take here, when the machine is busy with other things.
PATIENCE = 180
expect.set_options(timeout=PATIENCE * 1000)


# A shell starts what it runs in the background deaf to Ctrl-C, and so would be the servers.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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


def violations(page: Page) -> list[str]:
    """Return what axe-core finds against WCAG 2.1 AA on a page."""
    page.add_script_tag(path=ROOT / "target/bundles/static/axe-core/axe.min.js")
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],"
        " resultTypes: ['violations']})"
    )
    return [
        f"{violation['id']}: {node['html'][:200]}\n{node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


class Server(NamedTuple):
    """A running server: its origin, its token, and the first page that it offers."""

    origin: str
    token: str
    first: str

    def url(self, path: str) -> str:
        return f"{self.origin}/{path}?token={self.token}"


@pytest.fixture(scope="session")
def small_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built book whose one lesson has every part there is."""
    root = tmp_path_factory.mktemp("small")
    sample = ROOT / "site" / "tests" / "pages"
    page = small.PYTHON + (sample / "sample.md").read_text(encoding="utf-8")
    small.make(root, {"lessons/01-sample": page})
    (root / "lessons" / "img").mkdir()
    shutil.copy(sample / "sample.svg", root / "lessons" / "img")
    done = small.build(root)
    assert done.returncode == 0, done.stderr
    assert "WARNING:" not in done.stderr
    return root


#: What the servers printed after they had started, a file for each process of pytest.
LOGS = ROOT / "target" / "site-tests"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what the servers said last, where a test has failed."""
    if not {"failed", "error"} & terminalreporter.stats.keys():
        return
    for log in sorted(LOGS.glob("*.log")):
        terminalreporter.section(f"the end of {log.relative_to(ROOT)}")
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        terminalreporter.write("\n".join([*lines[-40:], ""]))


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
                break
        else:
            pytest.fail(f"the server did not start:\n{printed}")
        # What it prints from now on must not fill the pipe; it is shown when a test fails.
        LOGS.mkdir(parents=True, exist_ok=True)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "all")
        with (LOGS / f"{worker}.log").open("ab") as log:
            drain = subprocess.Popen(["cat"], stdin=process.stdout, stdout=log)
        origin, path, token = found.groups()
        yield Server(origin, token, path)
        os.killpg(process.pid, signal.SIGINT)
        process.wait(PATIENCE)
        # It ends when nobody holds the pipe any more: no kernel has outlived the server.
        drain.wait(PATIENCE)
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
