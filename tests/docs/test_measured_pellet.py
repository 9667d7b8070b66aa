"""The page of the measured pellet works as printed, where its files are."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from support.docs_pages import DOCS, blocks, reader

PAGE = DOCS / "measured_pellet.md"
TYPED = {
    "shell-session": "console",
    "python-console": "pycon",
}  # languages that readers without the files skip


def test_the_measured_pellet_works_as_printed(
    tmp_path: Path, real_spectra: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "pellet").mkdir()
    for path in (real_spectra / "series" / "novocontrol-s04147-140-200C").glob("s04147-*deg.txt"):
        shutil.copy(path, tmp_path / "pellet")
    steps = [replace(b, language=TYPED.get(b.language, b.language)) for b in blocks(PAGE)]
    assert sum(b.language in ("console", "pycon") for b in steps) >= 7
    with reader(tmp_path) as person:
        for step in steps:
            person.step(step, PAGE.name)
