"""Make one PDF of the whole book: the articles of its pages in one, printed by Chromium.

    python site/pdf.py target/book

reads the built pages in the order of _toc.yml, and writes print.html and
ffi-workbook.pdf beside them. static/print.css says how it looks on paper: light,
without controls, and with every folded box open.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlparse

import yaml
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "site" / "extensions"))

from live import PDF, PDF_LINK  # noqa: E402 (from the folder named above)

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
FOOTER = (
    '<div style="width: 100%; font: 8px sans-serif; color: #555; text-align: center">'
    '<span class="pageNumber"></span></div>'
)
# As in the pages: Sphinx marks what is a formula, and nothing else is one.
MATHJAX = (
    'window.MathJax = {options: {ignoreHtmlClass: "tex2jax_ignore|mathjax_ignore|document", '
    'processHtmlClass: "tex2jax_process|mathjax_process|math|output_area"}};'
)


def files(part: Any) -> Iterator[str]:
    """Yield the pages of a table of contents, in order."""
    if isinstance(part, dict):
        for key in ("root", "file"):
            if key in part:
                yield part[key]
        for key in ("subtrees", "entries"):
            yield from files(part.get(key, []))
    elif isinstance(part, list):
        for child in part:
            yield from files(child)


def anchor(page: str, name: str = "") -> str:
    """Return the id that an anchor of a page has in the one long page."""
    return f"{page.removesuffix('.html').replace('/', '-')}--{name}"


def article(book: Path, page: str, pages: set[str]) -> Tag:
    """Return what a page says, with ids of its own and with links that stay in the book."""
    soup = BeautifulSoup((book / page).read_text(encoding="utf-8"), "html.parser")
    found = soup.select_one("article.bd-article")
    if found is None:
        raise SystemExit(f"error: {page} has no article: run `make book`")
    for tag in found.select(".headerlink, .live-bar, script"):
        tag.decompose()
    for name in ("id", "for", "aria-labelledby"):
        for tag in found.find_all(attrs={name: True}):
            tag[name] = anchor(page, str(tag[name]))
    for tag in found.select("[href], [src]"):
        name = "href" if tag.has_attr("href") else "src"
        link = str(tag[name])
        if urlparse(link).scheme:
            continue
        address, part = urldefrag(urljoin(f"/{page}", link))
        address = address.lstrip("/")
        tag[name] = f"#{anchor(address, part)}" if address in pages else address
    found["id"] = anchor(page)
    return found


def compose(book: Path, contents: Path) -> str:
    """Return the HTML of the one long page."""
    pages = [f"{name}.html" for name in files(yaml.safe_load(contents.read_text("utf-8")))]
    soup = BeautifulSoup((book / pages[0]).read_text(encoding="utf-8"), "html.parser")
    root = soup.html
    assert root is not None
    assert soup.body is not None
    root["data-content_root"] = "./"
    root["data-theme"] = "light"
    for tag in soup.head.select("[href], [src]") if soup.head else ():
        name = "href" if tag.has_attr("href") else "src"
        tag[name] = urljoin(f"/{pages[0]}", str(tag[name])).lstrip("/")
    articles = [article(book, page, set(pages)) for page in pages]
    for tag in soup.body.select("script"):
        tag.decompose()
    soup.body.clear()
    soup.body["class"] = "book-in-one"
    for script in soup.select("head script"):
        script.decompose()
    settings = soup.new_tag("script")
    settings.string = MATHJAX
    mathjax = soup.new_tag("script", src="_static/mathjax/es5/tex-chtml.js")
    soup.body.extend([*articles, settings, mathjax])
    return str(soup)


def main(folder: str, contents: str = str(ROOT / "_toc.yml")) -> None:
    """Write print.html and the PDF into the built book."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        raise SystemExit("error: a PDF needs Chromium: sh tools/system_packages.sh chromium")
    book = Path(folder).resolve()
    source, target = book / "print.html", book / PDF
    source.write_text(compose(book, Path(contents)), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(color_scheme="light")
        page.set_default_timeout(600_000)
        page.goto(source.as_uri())
        # Formulas are set by a script, after the page has come.
        page.evaluate("MathJax.startup.promise.then(() => 0)")
        page.pdf(
            path=target,
            format="A4",
            margin={"top": "18mm", "bottom": "18mm", "left": "18mm", "right": "18mm"},
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            print_background=True,
            outline=True,
            tagged=True,
        )
        browser.close()
    front = book / "lessons" / "index.html"
    html = front.read_text(encoding="utf-8")
    if PDF_LINK not in html:
        front.write_text(html.replace("</article>", f"{PDF_LINK}</article>", 1), encoding="utf-8")
    print(f"{target} ({target.stat().st_size / 2**20:.1f} MB)")


if __name__ == "__main__":
    main(*sys.argv[1:])
