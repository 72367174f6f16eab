"""What makes a page with code run: its bar of buttons, and its notebook to download.

A page has code when it is executed (it has a kernel and code cells). Under its
title it gets a bar: run it here (static/live.js), open its notebook in JupyterLab,
and download that. The notebook of a page is itself, when it is in notebooks/, or
the one in notebooks/ with the same name.
"""

from html import escape
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from docutils import nodes
from sphinx.application import Sphinx

#: Folder of the downloads, in the built site.
DOWNLOADS = "_notebooks"

#: What `make pdf` writes into the built site, and how its first page links to it.
PDF = "ffi-workbook.pdf"
PDF_LINK = f'<p class="book-pdf"><a href="../{PDF}">All pages in one PDF</a>, to print.</p>'


def notebook_of(docname: str, found: set[str]) -> str | None:
    """Return the page that is the notebook of a page."""
    name = f"notebooks/{docname.rpartition('/')[2]}"
    return name if name in found else None


def is_executed(doctree: nodes.document | None) -> bool:
    """Tell whether a page has a code cell that shows its code."""
    return doctree is not None and any(
        "cell_input" in node.get("classes", ()) for node in doctree.findall(nodes.container)
    )


def bar(kernel: dict[str, str], docname: str, notebook: str | None, root: str) -> str:
    """Return the HTML of a page's bar. ``root`` leads from the page to the top of the book."""
    links = ""
    if notebook:
        name = notebook.rpartition("/")[2]
        links = (
            f'<a class="live-lab" href="{root}../lab/tree/{notebook}.ipynb">Open in JupyterLab</a>'
            f'<a href="{root}{DOWNLOADS}/{name}.ipynb" download>Download the notebook</a>'
        )
    return (
        f'<div class="live-bar" role="region" aria-label="Run this page"'
        f' data-kernel="{escape(kernel["name"])}"'
        f' data-language="{escape(kernel["display_name"])}" data-page="{docname}">'
        f'<button type="button" class="live-start">Run this page live</button>{links}'
        '<p class="live-status" role="status"></p></div>'
    )


def add_bar(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Put the bar under the title of a page with code; tell of the PDF where there is one."""
    if pagename == app.config.root_doc and Path(app.outdir, PDF).is_file():
        context["body"] += PDF_LINK
    kernel = app.env.metadata.get(pagename, {}).get("kernelspec")
    if app.builder.name != "html" or not kernel or not is_executed(doctree):
        return
    notebook = notebook_of(pagename, app.env.found_docs)
    root = context["content_root"]
    head, end, rest = context["body"].partition("</h1>")
    context["body"] = head + end + bar(kernel, pagename, notebook, root) + rest
    app.add_js_file("live.js", loading_method="defer")


def write_downloads(app: Sphinx, error: Exception | None) -> None:
    """Write each notebook as .ipynb, without outputs."""
    if error or app.builder.name != "html":
        return
    folder = Path(app.outdir, DOWNLOADS)
    folder.mkdir(exist_ok=True)
    for name in sorted(app.env.found_docs):
        if name.startswith("notebooks/"):
            notebook = jupytext.read(Path(app.env.doc2path(name)), fmt="md:myst")
            # Where it was made is no part of it, and the pairing is of this folder.
            notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
            nbformat.write(notebook, folder / f"{name.rpartition('/')[2]}.ipynb")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("html-page-context", add_bar)
    app.connect("build-finished", write_downloads)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
