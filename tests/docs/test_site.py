"""The site builds, with all its figures; in a module of its own, as one worker builds it while others follow pages."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

import eisfit
from support.docs_pages import DOCS
from support.paths import ROOT

NEEDED = ("sphinx", "myst_parser", "numpydoc", "pydata_sphinx_theme", "sphinx_gallery")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
SCRIPTS = sorted((DOCS / "gallery").glob("plot_*.py"))


@pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}; see docs/README.md")
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "docs", str(tmp_path / "site")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    built = {p.stem for p in (tmp_path / "site" / "generated" / "templates").glob("*.html")}
    assert built == {"index", *eisfit.shipped()}
    gallery = tmp_path / "site" / "generated" / "gallery"
    assert {p.stem for p in gallery.glob("*.html")} == {"index", *(p.stem for p in SCRIPTS)}
    for script in SCRIPTS:
        text = (gallery / f"{script.stem}.html").read_text(encoding="utf-8")
        assert set(re.findall(rf"images/sphx_glr_{script.stem}_(\w+)\.png", text)) == {"001"}, script.stem
