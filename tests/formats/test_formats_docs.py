"""The page on formats says what is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eisfit.formats import FORMATS, known_formats, read_file
from eisfit.formats.plugins import Plugins
from support.paths import ROOT

PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


def test_the_plug_in_of_the_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.findall(r"```python\n(.*?)```", PAGE, re.S)[-1].replace(
        "from eisfit import", "from eisfit.spectrum import"
    )
    names: dict[str, object] = {}
    exec(code, names)
    monkeypatch.setattr(known_formats, "plugins", lambda: Plugins((names["FORMAT"],)))  # type: ignore[arg-type]
    (tmp_path / "a.txt").write_text("MY LAB\n100 1 -2\n10 3 -4\n")
    (s,) = read_file(tmp_path / "a.txt")
    assert s.z_ohm.tolist() == [1 - 2j, 3 - 4j]


def test_every_finding_that_a_reader_can_make_is_on_the_page() -> None:
    sources = Path(known_formats.__file__).parent.glob("*.py")
    kinds = {
        kind
        for file in sources
        for kind in re.findall(r"Finding\(\s*\"([^\"]+)\"", file.read_text(encoding="utf-8"))
    }
    assert len(kinds) > 15
    missing = {kind for kind in kinds if f"`{kind}`" not in PAGE}
    assert missing == set()


def test_names_of_formats_are_unique() -> None:
    names = [f.name for f in FORMATS]
    assert len(set(names)) == len(names)
