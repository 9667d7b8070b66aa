"""The pages of the scenarios work as printed; some are slow, of their kind the others are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.docs_pages import DOCS, reader

SLOW = ("e", "g", "h", "i", "j", "k", "s08")
PAGES = sorted((DOCS / "scenarios").glob("*.md"))


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, id=p.stem, marks=[pytest.mark.slow] if p.stem in SLOW else []) for p in PAGES],
)
def test_a_page_works_as_printed(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    with reader(tmp_path) as person:
        person.follow(path)
