"""Pages that are drawn from the code when the site is built, so that nothing can be forgotten in them."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import api_pages
import cli_page
import element_page
import sample_figures
import sample_pages
import template_pages
import word_tables
from pieces import write


def pages() -> dict[str, str]:
    """Return the text of every drawn page and part of a page, by its path without ``.md``."""
    return {
        **template_pages.pages(),
        **element_page.pages(),
        **word_tables.parts(),
        **cli_page.pages(),
        **api_pages.pages(),
        **sample_pages.pages(),
    }


def draw(app: Any) -> None:
    """Write all pages and figures below ``generated/``; where the code has changed, the gallery runs again."""
    folder = Path(app.srcdir) / "generated"
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    stamp, now = figures / "drawn_from", _sources()
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != now:
        template_pages.draw(figures)
        sample_figures.draw(figures)
        shutil.rmtree(folder / "gallery", ignore_errors=True)
        write(stamp, now)
    found = pages()
    for old in folder.rglob("*.md"):
        if str(old.relative_to(folder).with_suffix("")) not in found:
            old.unlink()
    for name, text in found.items():
        write(folder / f"{name}.md", text)


def _sources() -> str:
    """Return a hash of all that figures are drawn from."""
    root = Path(__file__).resolve().parents[2]
    folders = ("eisfit", "circuits", "sample_spectra", "docs/_ext", "docs/gallery")
    files = [f for name in folders for f in (root / name).rglob("*.*")]
    kept = sorted(f for f in files if f.is_file() and f.suffix != ".pyc")
    return hashlib.sha256(b"".join(str(f).encode() + f.read_bytes() for f in kept)).hexdigest()


def escape_bars(app: Any, what: str, name: str, of: Any, options: Any, lines: list[str]) -> None:
    """Let ``|Z|`` of a docstring be a modulus, and no substitution."""
    lines[:] = [line if ":math:" in line or "``" in line else line.replace("|", "\\|") for line in lines]


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("builder-inited", draw)
    app.connect("autodoc-process-docstring", escape_bars, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
