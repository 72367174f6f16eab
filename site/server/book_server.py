"""A Jupyter server extension: the built book at /book/, for who is logged in.

Page and kernels have one origin, so a page can start a kernel without any further
permission. The policy of the pages lets the browser ask nobody else.
"""

import atexit
import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import psutil
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import AuthenticatedFileHandler, JupyterHandler
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado import web

BOOK = Path(__file__).resolve().parents[2] / "target" / "book"
POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "
    "connect-src 'self' ws: wss: data:; frame-ancestors 'self'"
)


class BookHandler(AuthenticatedFileHandler):
    """The files of the book."""

    content_security_policy = POLICY

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        if status_code != 404:
            super().write_error(status_code, **kwargs)
            return
        self.set_header("Content-Type", "text/plain; charset=UTF-8")
        missing = "" if BOOK.is_dir() else " The book is not built: run `make serve`."
        self.finish(f"There is no such page.{missing}\n")

    async def get(self, path: str, **kwargs: Any) -> None:
        # Reading it makes the cookie that a page sends back to start a kernel.
        _ = self.xsrf_token
        answer = super().get(path, **kwargs)
        if answer is not None:  # and not sent away to log in
            await answer


class LiveHandler(JupyterHandler):
    """What a page asks before it goes live: whether this is the server, and its kernels."""

    @web.authenticated
    async def get(self) -> None:
        specs = await ensure_async(self.kernel_spec_manager.get_all_specs())
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"base": self.base_url, "kernels": sorted(specs)}))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "book_server"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    def at(path: str) -> str:
        return url_path_join(app.base_url, path)

    handlers = [
        (at(r"/book/live\.json"), LiveHandler),
        (at("/book"), web.RedirectHandler, {"url": at("/book/index.html")}),
        (at("/book/(.*)"), BookHandler, {"path": str(BOOK), "default_filename": "index.html"}),
    ]
    app.web_app.add_handlers(".*$", handlers)
    atexit.register(end_children)


def end_children() -> None:
    """End every process that the server started and that is still there.

    Jupyter asks its kernels to stop. A Python kernel also sees that its parent is
    gone; the Rust one does neither when the server is stopped with Ctrl-C.
    """
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()


async def _start_jupyter_server_extension(app: ServerApp) -> None:
    """Print the one address that is needed, once the server listens."""
    home = urljoin(app.connection_url, app.default_url)
    print(f"\n  {home}?token={app.identity_provider.token}\n")
    print(
        "  Open this in a browser. Ctrl-C stops it, with every kernel that it started.", flush=True
    )
