"""Sphinx settings: what the top-level _config.yml says, and what it has no word for.

The source folder is the top of the repository, because lessons/ and notebooks/
stand there; this folder holds only what makes the site.
"""

import hashlib
import sys
from pathlib import Path

import yaml
from jupyter_cache import get_cache
from sphinx.errors import ConfigError

SITE = Path(__file__).resolve().parent
ROOT = SITE.parent
sys.path.insert(0, str(SITE / "extensions"))

from measured import documents  # noqa: E402 (from the folder named above)

book = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))

project = book["title"]
author = book["author"]
copyright = f"{book['copyright']}, {author}"


def cells_digest() -> str:
    """Return a name for what the cells run against: outputs of another are not shown."""
    package = ROOT / "kernels" / "python" / "ffi_workbook"
    files = [*package.rglob("*.py"), *package.rglob("*.so"), *package.rglob("*.dylib")]
    for shown in ("lessons/code", "lessons/hello_pyo3"):  # cells compile these
        files += [path for path in Path(ROOT, shown).rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


extensions = [
    "myst_nb",
    "sphinx_external_toc",
    "sphinx_exercise",
    "sphinx_design",
    "sphinx_copybutton",
    "sphinx_togglebutton",
    "sphinx_book_theme",
    "measured",
    "lesson",
    "live",
    "results",
    "schedule",
]
# sphinx-external-toc leaves out what _toc.yml does not name; these patterns keep
# Sphinx from walking through the rest of the repository to find that out.
include_patterns = ["lessons/**", "notebooks/**"]
external_toc_path = str(ROOT / "_toc.yml")
external_toc_exclude_missing = True
use_multitoc_numbering = False
exclude_patterns = ["**/README.md", "**/.ipynb_checkpoints", "notebooks/*.ipynb"]
# No page is there, but a hundred thousand files, and Sphinx would look at each.
exclude_patterns += ["target", ".venv", ".git"]
exclude_patterns += ["**/axe-core"]  # of the bundles: only the tests need it

# Pages are read anew when what they quote was measured again.
measured_digest = hashlib.sha256(
    b"".join(Path(ROOT, found.source).read_bytes() for found in documents())
).hexdigest()

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "attrs_inline"]
myst_heading_anchors = 3

nb_execution_mode = book["execute"]["execute_notebooks"]
nb_execution_timeout = book["execute"]["timeout"]
nb_execution_cache_path = str(ROOT / "target" / "notebook-cache" / cells_digest())
nb_merge_streams = True
# Widgets in a page would need scripts from the outside; pages have none.
nb_ipywidgets_js = {}

templates_path = [str(SITE / "templates")]
html_theme = "sphinx_book_theme"
html_title = project
# MathJax, thebe and so on, from npm: nothing is loaded from the outside.
BUNDLES = ROOT / "target" / "bundles" / "static"
if not BUNDLES.is_dir():
    raise ConfigError("the browser bundles are missing: run `make bundles`")
html_static_path = [str(SITE / "static"), str(BUNDLES)]
mathjax_path = "mathjax/es5/tex-chtml.js"
html_css_files = ["workbook.css", "print.css"]
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": True,
    "home_page_in_toc": book["html"]["home_page_in_navbar"],
    "show_navbar_depth": 1,
    # The sidebar has a search field; without this, a bar above it has a second one.
    "navbar_persistent": [],
}
html_context = {"default_mode": "auto"}
html_last_updated_fmt = None
copybutton_exclude = ".linenos, .gp, .go"
togglebutton_hint = "Show"
togglebutton_hint_hide = "Hide"


def setup(app):
    # Made here, once: the processes that read pages would all make it at the same time.
    get_cache(nb_execution_cache_path).list_cache_records()
    app.add_config_value("measured_digest", "", "env")
    # It does not say whether it is, and Sphinx then reads one page at a time.
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True
