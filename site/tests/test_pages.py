"""Every page of the built book, in a real browser, light and dark."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BOOK, Server, pages, violations, watched
from playwright.sync_api import Browser, expect

schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


def first_with(part: str) -> str:
    """Return the first page that has a piece of HTML."""
    for name in pages():
        if part in (BOOK / name).read_text(encoding="utf-8"):
            return name
    pytest.fail(f"no page has {part}")


@schemes
@pytest.mark.parametrize("name", pages())
def test_a_page_loads_asks_nobody_is_accessible_and_fits_a_telephone(
    browser: Browser, server: Server, name: str, scheme: str
) -> None:
    with watched(browser, scheme, server.origin) as (page, problems):
        page.goto(server.url(f"book/{name}"))
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("data-theme") == scheme
        assert not problems
        assert not violations(page)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@schemes
def test_search_finds_a_word(browser: Browser, server: Server, scheme: str) -> None:
    with watched(browser, scheme, server.origin) as (page, problems):
        page.goto(server.url("book/search.html") + "&q=pointer")
        expect(page.locator("ul.search li a").first).to_be_visible()
        assert page.locator("ul.search li a[href*='03-pointers']").count()
        assert not problems


def test_there_is_one_search_field(browser: Browser, server: Server) -> None:
    for width in (390, 1280):
        with watched(browser, "light", server.origin, width) as (page, _):
            page.goto(server.url("book/lessons/glossary.html"))
            assert page.locator(".search-button__button:visible").count() == 1


@schemes
def test_a_folded_solution_opens(browser: Browser, server: Server, scheme: str) -> None:
    with watched(browser, scheme, server.origin) as (page, problems):
        page.goto(server.url("book/" + first_with('class="solution dropdown')))
        solution = page.locator(".solution.dropdown").first
        text = solution.locator(":scope > section, :scope > div").first
        expect(text).not_to_be_visible()
        solution.locator(".toggle-button").click()
        expect(text).to_be_visible()
        assert not problems


@schemes
def test_copy_puts_the_code_on_the_clipboard(browser: Browser, server: Server, scheme: str) -> None:
    with watched(browser, scheme, server.origin) as (page, problems):
        page.goto(server.url("book/" + first_with('class="cell_input')))
        cell = page.locator(".cell_input").first
        cell.hover()
        cell.locator("button.copybtn").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.strip() == cell.locator("pre").inner_text().strip()
        assert not problems


def test_tabs_of_one_kind_turn_together(browser: Browser, server: Server) -> None:
    with watched(browser, "light", server.origin) as (page, problems):
        page.goto(server.url("book/" + first_with('data-sync-group="os"')))
        labels = page.locator("label.sd-tab-label[data-sync-id='macos']")
        labels.first.click()
        for at in range(labels.count()):
            field = page.locator(f"#{labels.nth(at).get_attribute('for')}")
            expect(field).to_be_checked()
        assert not problems


def test_dark_mode_is_one_press_away(browser: Browser, server: Server) -> None:
    with watched(browser, "light", server.origin) as (page, problems):
        page.goto(server.url("book/lessons/index.html"))
        page.locator(".theme-switch-button").click()
        page.locator("button.theme-change-button[data-mode='dark']").click()
        assert page.locator("html").get_attribute("data-theme") == "dark"
        assert not problems


def test_the_pages_lead_from_one_to_the_next(browser: Browser, server: Server) -> None:
    with watched(browser, "light", server.origin) as (page, problems):
        page.goto(server.url("book/lessons/01-first-race.html"))
        page.locator("a.right-next").click()
        page.wait_for_url("**/02-why.html")
        page.locator("a.left-prev").click()
        page.wait_for_url("**/01-first-race.html")
        assert not problems


def _download(
    page_name: str, browser: Browser, server: Server, read: Callable[[Path], None]
) -> None:
    with watched(browser, "light", server.origin) as (page, _):
        page.goto(server.url(f"book/{page_name}"))
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download the notebook").click()
        read(waiting.value.path())


def test_a_notebook_is_downloaded_without_outputs(browser: Browser, server: Server) -> None:
    def read(path: Path) -> None:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        assert code
        assert not any(cell["outputs"] for cell in code)

    _download("lessons/03-pointers.html", browser, server, read)


def test_a_page_opened_as_a_file_says_what_to_do(browser: Browser, book: Path) -> None:
    with watched(browser, "light", "file://") as (page, problems):
        page.goto((book / "lessons/03-pointers.html").as_uri())
        for control in (page.locator(".live-start"), page.locator(".live-lab")):
            control.click()
            expect(page.locator(".live-status")).to_contain_text("make serve")
        assert not problems


def test_nobody_gets_in_without_the_token(browser: Browser, server: Server) -> None:
    with watched(browser, "light", server.origin) as (page, _):
        page.goto(f"{server.origin}/book/lessons/index.html")
        assert "/login" in page.url
