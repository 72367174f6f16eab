"""The one PDF of all pages."""

import subprocess
import sys
from pathlib import Path

import pdf
from conftest import watched
from playwright.sync_api import Browser, expect
from test_links import dead_links


def test_the_pdf_has_every_page_and_nothing_folded(small_book: Path) -> None:
    book = small_book / "target" / "book"
    # In a process of its own: the tests' browser has this one's event loop.
    subprocess.run([sys.executable, pdf.__file__, book, small_book / "_toc.yml"], check=True)
    written = (book / pdf.PDF).read_bytes()
    assert written.startswith(b"%PDF")
    assert b"/Outlines" in written
    assert not dead_links(book, ["print.html", "lessons/index.html"])
    assert pdf.PDF_LINK in (book / "lessons" / "index.html").read_text(encoding="utf-8")


def test_on_paper_boxes_are_open_and_controls_are_gone(browser: Browser, small_book: Path) -> None:
    html = pdf.compose(small_book / "target" / "book", small_book / "_toc.yml")
    source = small_book / "target" / "book" / "on-paper.html"
    source.write_text(html, encoding="utf-8")
    with watched(browser, "light", "file://") as (page, problems):
        page.goto(source.as_uri())
        page.emulate_media(media="print")
        expect(page.get_by_text("root(9)")).to_be_visible()
        expect(page.get_by_text("Two, and minus two.")).to_be_visible()
        expect(page.get_by_text("Ask what comes next.")).to_be_visible()
        expect(page.get_by_text("Not tested here.")).to_be_visible()
        assert page.locator("button:visible, .live-bar, .headerlink").count() == 0
        expect(page.locator("mjx-container").first).to_be_visible()
        assert not problems
