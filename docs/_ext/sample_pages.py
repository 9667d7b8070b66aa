"""The page of sample spectra, drawn from the README of each folder."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "sample_spectra"
INTRODUCTION = """# Sample spectra

Folders below `sample_spectra/`. Those with a `series.toml` are ready for `eisfit series FOLDER -o results`. Simulated
ones have their truth beside them, in `truth.toml`; `eisfit simulate list` names the scenarios, and
`eisfit simulate NAME -o FOLDER` writes one again.
"""


def pages() -> dict[str, str]:
    """Return the page."""
    texts = [_demoted(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*/README.md"))]
    return {"samples": "\n".join([INTRODUCTION, *texts])}


def _demoted(text: str) -> str:
    """Return a text with its headings one level lower, and its links to files beside it as code."""
    lower = re.sub(r"^(#+ )", r"#\1", text, flags=re.M)
    return re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]+\)", r"`\1`", lower)
