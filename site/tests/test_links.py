"""Every link and anchor of the built book leads somewhere."""

from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pytest
from bs4 import BeautifulSoup
from conftest import pages


def read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def anchors(path: Path) -> set[str]:
    return {str(tag["id"]) for tag in read(path).find_all(id=True)}


def dead_links(book: Path, names: list[str]) -> list[str]:
    """Return each link of the pages that leads nowhere inside the book."""
    known: dict[Path, set[str]] = {}
    dead = []
    for name in names:
        for tag in read(book / name).select("[href], [src]"):
            link = str(tag.get("href") or tag.get("src"))
            # JupyterLab is a neighbour of the book on the server, and not in it.
            if urlparse(link).scheme or link == "#" or "live-lab" in (tag.get("class") or []):
                continue
            address, anchor = urldefrag(urljoin(f"/{name}", link))
            path = book / unquote(urlparse(address).path).lstrip("/")
            if not path.is_file():
                dead.append(f"{name}: {link}")
            elif anchor and path.suffix == ".html":
                if path not in known:
                    known[path] = anchors(path)
                if unquote(anchor) not in known[path]:
                    dead.append(f"{name}: {link} (no such anchor)")
    return dead


def test_every_link_of_the_book_leads_somewhere(book: Path) -> None:
    dead = dead_links(book, pages())
    assert not dead, "\n".join(dead)


@pytest.mark.parametrize(
    ("link", "is_dead"),
    [
        ("b.html", False),
        ("b.html#here", False),
        ("#here", True),
        ("b.html#there", True),
        ("c.html", True),
        ("https://example.org/c.html", False),
    ],
)
def test_a_dead_link_is_seen(tmp_path: Path, link: str, is_dead: bool) -> None:
    (tmp_path / "a.html").write_text(f'<a href="{link}">x</a>', encoding="utf-8")
    (tmp_path / "b.html").write_text('<p id="here">x</p>', encoding="utf-8")
    assert bool(dead_links(tmp_path, ["a.html"])) == is_dead
