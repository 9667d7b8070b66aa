"""Readers that other packages bring: found, used, and never able to break a reading."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from eisfit.errors import FormatError
from eisfit.formats import Format, RawFile, known_formats, read, read_file
from eisfit.formats.plugins import GROUP, Plugins, loaded, plugins
from eisfit.spectrum.spectrum import Spectrum
from support.formats_samples import kinds

TEXT = "MAGIC of another lab\n1 2 3 4\n"


def good(raw: RawFile) -> list[Spectrum]:
    return [Spectrum(np.array([1.0]), np.array([2 - 1j]), source=raw.source("other lab"))]


def fails(raw: RawFile) -> list[Spectrum]:
    raise KeyError("oops")


def nothing(raw: RawFile) -> list[Spectrum]:
    return []


def is_magic(raw: RawFile) -> bool:
    return raw.data.startswith(b"MAGIC")


def bad_look(raw: RawFile) -> bool:
    raise KeyError("blind")


@pytest.fixture(autouse=True)
def module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Put a module with readers of another lab where it can be imported."""
    found = ModuleType("other_lab")
    found.good = Format("other lab", is_magic, good)  # type: ignore[attr-defined]
    found.fails = Format("other lab", is_magic, fails)  # type: ignore[attr-defined]
    found.nothing = Format("other lab", is_magic, nothing)  # type: ignore[attr-defined]
    found.blind = Format("other lab", bad_look, good)  # type: ignore[attr-defined]
    found.number = 3  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "other_lab", found)
    return found


def use(monkeypatch: pytest.MonkeyPatch, *names: str) -> Plugins:
    entries = tuple(EntryPoint(n, f"other_lab:{n}", GROUP) for n in names)
    found = loaded(entries)
    monkeypatch.setattr(known_formats, "plugins", lambda: found)
    return found


def magic(folder: Path, text: str = TEXT) -> Path:
    (folder / "a.dat").write_text(text)
    return folder / "a.dat"


def test_a_plug_in_reads_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "good")
    (s,) = read(magic(tmp_path))
    assert s.z_ohm[0] == 2 - 1j
    assert s.label == "a"
    assert s.source is not None
    assert s.source.format == "other lab"


def test_a_broken_plug_in_is_said_and_the_others_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = use(monkeypatch, "absent", "number", "good")
    assert len(found.formats) == 1
    assert "cannot be loaded (AttributeError" in found.broken[0].text
    assert "is a int and must be an eisfit.formats.Format" in found.broken[1].text
    assert len(read(magic(tmp_path))) == 1
    (s,) = read(magic(tmp_path, "f/Hz,Z'/Ohm,Z''/Ohm\n10,1,-1\n"))
    assert kinds(s) == {"plug-in"}
    with pytest.raises(FormatError, match=r"no known format.*plug-in 'absent'"):
        read(magic(tmp_path, "words only"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("fails", "failed to read it"),
        ("nothing", "did not return a list of spectra"),
    ],
)
def test_faults_of_a_plug_in_are_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, sentence: str
) -> None:
    use(monkeypatch, name)
    with pytest.raises(FormatError, match=rf"a\.dat: the reader plug-in '{name}' {sentence}"):
        read_file(magic(tmp_path))


def test_a_plug_in_that_cannot_look_is_passed_over_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, "blind", "good")
    assert len(read(magic(tmp_path))) == 1
    (s,) = read(magic(tmp_path, "f/Hz,Z'/Ohm,Z''/Ohm\n10,1,-1\n"))
    assert "the reader plug-in 'blind' failed to look at it" in s.finding


def test_an_installed_plug_in_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "other_lab_reader-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other-lab-reader\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\nother = other_lab:good\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins.cache_clear()
    try:
        (s,) = read(magic(tmp_path))
        assert s.z_ohm[0] == 2 - 1j
    finally:
        plugins.cache_clear()
