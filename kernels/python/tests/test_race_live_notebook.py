"""The live race in a notebook: in a real JupyterLab, in a real browser."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import unavailable
from playwright.sync_api import Page, expect, sync_playwright

from ffi_workbook.race import compare

ROOT = Path(__file__).resolve().parents[3]
RECORD = max((ROOT / "fig" / "records").glob("*/race.json"))
#: Milliseconds.
PATIENCE = 60_000
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


def notebook(path: Path, *cells: str) -> None:
    code = [
        {"cell_type": "code", "id": f"cell{i}", "metadata": {}, "outputs": [],
         "execution_count": None, "source": cell}
        for i, cell in enumerate(cells)
    ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {"cells": code, "metadata": {"kernelspec": kernel}}
    path.write_text(json.dumps({**content, "nbformat": 4, "nbformat_minor": 5}))


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """Start JupyterLab on a notebook with a saved race and one that runs."""
    notebook(
        tmp_path / "live.ipynb",
        "from ffi_workbook.race.live.notebook import LiveRace\n"
        f"saved = LiveRace(kernel='array_add', replay={str(RECORD)!r}, at_once=True)\nsaved",
        "running = LiveRace(modes=['python', 'pyo3'])\nrunning",
    )
    jupyter = Path(sys.executable).parent / "jupyter-lab"
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    environment |= {"JUPYTER_DATA_DIR": str(tmp_path / "data"), "IPYTHONDIR": str(tmp_path / "ip")}
    process = subprocess.Popen(
        [str(jupyter), "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    printed = ""
    try:
        for line in process.stdout:
            printed += line
            if found := re.search(r"(http://127\.0\.0\.1:\d+)/lab\?token=(\w+)", line):
                # What it prints later is not read, and must not fill the pipe.
                with subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL):
                    yield f"{found[1]}/lab/tree/live.ipynb?token={found[2]}"
                    os.killpg(process.pid, signal.SIGTERM)
                    process.wait(60)
                break
        else:
            pytest.fail(f"the server did not start:\n{printed}")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


@pytest.fixture
def page() -> Iterator[Page]:
    path = shutil.which("chromium")
    if not path:
        unavailable("chromium is not installed: sh tools/system_packages.sh chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1500, "height": 1200})
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        yield page
        browser.close()


def run(page: Page, number: int) -> None:
    """Run a cell. JupyterLab drops what is run before its kernel is there: ask again."""
    cell = page.locator(".jp-Notebook .jp-Cell").nth(number)
    prompt = cell.locator(".jp-InputPrompt")
    for _ in range(PATIENCE // 2000):
        cell.locator(".cm-content").focus()  # a click may find a message of JupyterLab in its way
        page.keyboard.press("Shift+Enter")
        with suppress(AssertionError):
            expect(prompt).not_to_have_text("[ ]:", timeout=2000)
            return
    pytest.fail("the notebook's kernel did not run a cell")


def test_in_jupyterlab(lab: str, page: Page, tmp_path: Path) -> None:
    page.goto(lab)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    for number in (0, 1):
        run(page, number)
        page.locator(".race-live").nth(number).locator("svg").wait_for()
    saved, running = page.locator(".race-live").nth(0), page.locator(".race-live").nth(1)

    stage = saved.locator(".race-live-stage")
    stage.focus()
    expect(saved).to_contain_text("n = 1,000")
    page.keyboard.press("ArrowRight")
    expect(saved).to_contain_text("n = 3,000")
    page.keyboard.press("p")
    expect(stage).to_contain_text("⚑")
    page.keyboard.press("h")
    expect(saved.locator(".race-live-help")).to_contain_text("the mode above")
    page.keyboard.press("h")
    expect(saved.locator(".race-live-help")).to_be_hidden()
    expect(saved).to_have_attribute("data-dark", "false")
    page.keyboard.press("d")
    expect(saved).to_have_attribute("data-dark", "true")
    saved.get_by_role("button", name="j JSON").click()
    expect(stage).to_contain_text("wrote race-live-array_add-")
    (path,) = tmp_path.glob("race-live-array_add-*.json")
    assert compare.read(path) == compare.read(RECORD)
    if shots := os.environ.get("SHOTS"):  # for people who want to look at it
        page.screenshot(path=str(Path(shots) / "notebook.png"))

    running.locator(".race-live-stage").focus()
    expect(running).to_contain_text("1×")
    page.keyboard.press("2")
    expect(running).to_contain_text("add(2, 5) on ints")
    expect(running).to_contain_text("1×")
    page.keyboard.press(" ")
    expect(running).to_contain_text("frozen")
    if shots:
        running.scroll_into_view_if_needed()
        page.screenshot(path=str(Path(shots) / "notebook-running.png"))


def test_the_widget_without_a_browser() -> None:
    from ffi_workbook.race.live.notebook import LiveRace

    async def use() -> None:
        race = LiveRace(kernel="array_add", replay=RECORD, at_once=True)
        first = race.picture
        assert "n = 1,000" in first
        assert {"ArrowUp", "p", "1", "7"} <= set(race.key_names)
        race._message(race, {"key": "ArrowRight"}, [])
        assert "n = 3,000" in race.picture
        race._message(race, {"dark": True}, [])
        assert race.dark
        race._message(race, {"key": "h"}, [])
        assert "the mode above" in race.help
        race.close()

    asyncio.run(use())
    first, second = (LiveRace(modes=["python"]) for _ in range(2))
    assert [race.controls.race.thread.is_alive() for race in (first, second)] == [False, True]
    second.close()
    assert not second.controls.race.thread.is_alive()
    with pytest.raises(ValueError, match="there is no kernel 'nope'"):
        LiveRace(kernel="nope", replay=RECORD)
