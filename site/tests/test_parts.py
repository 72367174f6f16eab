"""The parts of pages: boxes, minutes, notebooks, bundles and the long page."""

import json
from pathlib import Path

import bundles
import lesson
import live
import nbformat
import pdf
import pytest


@pytest.mark.parametrize(
    ("metadata", "found"),
    [({"teaching": "20", "exercises": 10}, (20, 10)), ({}, (0, 0)), ({"teaching": 5}, (5, 0))],
)
def test_minutes_come_from_the_front_matter(
    metadata: dict[str, object], found: tuple[int, int]
) -> None:
    assert lesson.minutes(metadata) == found


@pytest.mark.parametrize("name", ["lessons/01-first-race", "lessons/14-ship"])
def test_a_numbered_page_is_a_lesson(name: str) -> None:
    assert lesson.LESSON.match(name)


@pytest.mark.parametrize("name", ["lessons/glossary", "notebooks/01-first-race"])
def test_other_pages_are_none(name: str) -> None:
    assert not lesson.LESSON.match(name)


def test_the_notebook_of_a_page() -> None:
    found = {
        "lessons/03-pointers",
        "lessons/02-why",
        "notebooks/03-pointers",
        "notebooks/rust-heat",
    }
    assert live.notebook_of("lessons/03-pointers", found) == "notebooks/03-pointers"
    assert live.notebook_of("notebooks/03-pointers", found) == "notebooks/03-pointers"
    assert live.notebook_of("notebooks/rust-heat", found) == "notebooks/rust-heat"
    assert live.notebook_of("lessons/02-why", found) is None


def test_the_bar_says_which_kernel_and_where_the_notebook_is() -> None:
    kernel = {"name": "rust", "display_name": "Rust & more"}
    html = live.bar(kernel, "lessons/03-pointers", "notebooks/03-pointers", "../")
    assert 'data-kernel="rust"' in html
    assert "Rust &amp; more" in html
    assert 'href="../../lab/tree/notebooks/03-pointers.ipynb"' in html
    assert 'href="../_notebooks/03-pointers.ipynb"' in html
    assert "JupyterLab" not in live.bar(kernel, "lessons/02-why", None, "../")


def test_bundles_are_read_from_the_list() -> None:
    text = "# a comment\n\n@scope/some@1.2.3 sha512-abc a.js lib/*.js\n"
    assert list(bundles.bundles(text)) == [
        bundles.Bundle("@scope/some", "1.2.3", "sha512-abc", ["a.js", "lib/*.js"])
    ]


@pytest.mark.parametrize("line", ["some sha512-abc a.js", "some@1 md5-abc a.js", "some@1 sha512-a"])
def test_a_line_that_pins_nothing_is_refused(line: str) -> None:
    with pytest.raises(SystemExit, match="line 1 is not"):
        list(bundles.bundles(line))


def npm_that_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Path:
    """Put a program in npm's place; it "fetches" a file with this text."""
    script = tmp_path / "npm"
    script.write_text(f"#!/bin/sh\nprintf '{text}' > some-1.0.tgz\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr(bundles, "npm", lambda: [str(script)])
    (tmp_path / "tarballs").mkdir()
    return tmp_path / "tarballs"


def test_another_tarball_than_the_pinned_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = npm_that_packs(tmp_path, monkeypatch, "changed")
    with pytest.raises(SystemExit, match=r"some@1\.0 is not the one that was pinned"):
        bundles.fetch(bundles.Bundle("some", "1.0", "sha512-abc", ["a.js"]), folder)
    assert not list(folder.iterdir())


def test_the_pinned_tarball_is_taken_and_not_fetched_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = npm_that_packs(tmp_path, monkeypatch, "right")
    (tmp_path / "right").write_text("right", encoding="utf-8")
    bundle = bundles.Bundle("some", "1.0", bundles.integrity(tmp_path / "right"), ["a.js"])
    assert bundles.fetch(bundle, folder).read_text(encoding="utf-8") == "right"
    monkeypatch.setattr(bundles, "npm", lambda: ["false"])
    assert bundles.fetch(bundle, folder).is_file()


def test_a_list_of_contents_gives_its_pages_in_order() -> None:
    contents = {"root": "a", "subtrees": [{"entries": [{"file": "b"}, {"file": "c"}]}]}
    assert list(pdf.files(contents)) == ["a", "b", "c"]


def test_links_of_the_long_page_stay_in_it(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.html").write_text(
        '<article class="bd-article"><h1 id="top">A</h1><div class="live-bar">no</div>'
        '<a href="b.html#end">B</a><a href="#top">up</a><a href="https://example.org/">out</a>'
        '<img src="../_images/i.png"></article>',
        encoding="utf-8",
    )
    found = str(pdf.article(tmp_path, "x/a.html", {"x/a.html", "x/b.html"}))
    for part in (
        'id="x-a--"',
        'id="x-a--top"',
        'href="#x-b--end"',
        'href="#x-a--top"',
        'href="https://example.org/"',
        'src="_images/i.png"',
    ):
        assert part in found
    assert "live-bar" not in found


def test_downloads_have_no_outputs_and_no_pairing(book: Path) -> None:
    downloads = sorted((book / live.DOWNLOADS).glob("*.ipynb"))
    assert downloads
    for path in downloads:
        notebook = nbformat.read(path, as_version=4)
        assert list(notebook.metadata) == ["kernelspec"]
        assert json.dumps(notebook).count('"outputs": [') == json.dumps(notebook).count(
            '"outputs": []'
        )
