"""Cells that run in the page, and in JupyterLab, against the real server."""

import json
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import websocket
from conftest import PATIENCE, Server, serve, violations, watched
from playwright.sync_api import Browser, expect


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "code", "answer"),
    [
        ("lessons/03-pointers", "print('forty', 6 * 7)", "forty 42"),
        ("notebooks/rust-pointers", 'println!("forty {}", 6 * 7);', "forty 42"),
    ],
)
def test_a_cell_runs_in_the_page(
    browser: Browser, server: Server, scheme: str, name: str, code: str, answer: str
) -> None:
    with watched(browser, scheme, server.origin) as (page, problems):
        page.goto(server.url(f"book/{name}.html"))
        page.locator(".live-start").click()
        page.wait_for_selector("body.live")
        # The code that is in the page, and then code of the reader's.
        cell = page.locator("div.cell:has(.thebe-cell)").first
        cell.get_by_role("button", name="run").click()
        expect(cell).to_have_class("cell docutils container live-done")
        page.evaluate(
            "code => document.querySelector('.CodeMirror').CodeMirror.setValue(code)", code
        )
        cell.get_by_role("button", name="run").click()
        expect(cell.locator(".live-output")).to_contain_text(answer)
        assert not violations(page)
        page.get_by_role("button", name="Restart").click()
        expect(page.locator(".live-status")).to_contain_text("Restarted")
        cell.get_by_role("button", name="run").click()
        expect(cell).to_have_class("cell docutils container live-done")
        assert not problems


@pytest.fixture(scope="module")
def lab() -> Iterator[Server]:
    with serve("make", "--no-print-directory", "lab", "ARGS=--no-browser") as running:
        yield running


def ask(lab: Server, path: str, data: dict[str, Any] | None = None) -> Any:
    """Ask the REST API of the server."""
    request = urllib.request.Request(
        f"{lab.origin}/api/{path}",
        data=None if data is None else json.dumps(data).encode(),
        headers={"Authorization": f"token {lab.token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def run(lab: Server, kernel: str, code: str) -> tuple[str, str]:
    """Run code in a kernel; return the status of its reply, and what it printed."""
    address = f"ws{lab.origin.removeprefix('http')}/api/kernels/{kernel}/channels"
    channels = websocket.create_connection(
        f"{address}?token={lab.token}", timeout=PATIENCE, subprotocols=[]
    )
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
    header |= {"username": "test", "session": uuid.uuid4().hex}
    content = {"code": code, "silent": False, "store_history": True, "stop_on_error": True}
    content |= {"user_expressions": {}, "allow_stdin": False}
    message = {"header": header, "content": content, "channel": "shell"}
    channels.send(json.dumps({**message, "parent_header": {}, "metadata": {}}))
    printed, status, idle = "", "", False
    while not (status and idle):
        got = json.loads(channels.recv())
        if got["parent_header"].get("msg_id") != header["msg_id"]:
            continue
        if got["msg_type"] == "stream":
            printed += got["content"]["text"]
        elif got["msg_type"] == "execute_reply":
            status = got["content"]["status"]
        elif got["msg_type"] == "status":
            idle = got["content"]["execution_state"] == "idle"
    channels.close()
    return status, printed


def test_lab_opens_the_first_lessons_notebook(lab: Server) -> None:
    assert lab.first == "/lab/tree/notebooks/01-first-race.ipynb"
    assert ask(lab, "contents/notebooks/01-first-race.ipynb?content=0")["type"] == "notebook"


@pytest.mark.parametrize(
    ("notebook", "kernel"), [("01-first-race", "python3"), ("rust-pointers", "rust")]
)
def test_the_first_cell_of_a_notebook_runs(lab: Server, notebook: str, kernel: str) -> None:
    assert kernel in ask(lab, "kernelspecs")["kernelspecs"]
    path = f"notebooks/{notebook}.ipynb"
    content = ask(lab, f"contents/{path}")["content"]
    assert content["metadata"]["kernelspec"]["name"] == kernel
    code = [cell["source"] for cell in content["cells"] if cell["cell_type"] == "code"]
    session = ask(
        lab,
        "sessions",
        {"path": path, "name": "", "type": "notebook", "kernel": {"name": kernel}},
    )
    status, printed = run(lab, session["kernel"]["id"], code[0])
    assert status == "ok", printed
    assert printed.strip(), "the first cell prints versions"
