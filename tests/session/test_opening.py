"""What a user names is opened as a project; what cannot be read is said, and stops nothing else."""

from __future__ import annotations

from pathlib import Path

import h5py
import pytest

import eisfit.session as s
from eisfit import store
from eisfit.errors import StoreError
from eisfit.formats import read_file
from eisfit.spectrum.spectrum import Spectrum
from eisfit.workflow import read_manifest
from support.folders import folder_of
from support.paths import ROOT


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "data", {f"cell_{t}C.csv": float(t) for t in (20, 40, 60)})


@pytest.mark.parametrize("folder", sorted(p.parent.name for p in ROOT.glob("sample_spectra/*/series.toml")))
def test_a_described_series_comes_out_as_it_went_in(folder: str, tmp_path: Path) -> None:
    path = ROOT / "sample_spectra" / folder / "series.toml"
    with s.open_session(tmp_path / "session", s.opening([str(path)]).actions) as session:
        session.save(tmp_path / "saved")
    before, after = read_manifest(path), read_manifest(tmp_path / "saved")
    assert [e.file.resolve() for e in after.entries] == [e.file.resolve() for e in before.entries]
    assert [e.conditions for e in after.entries] == [e.conditions for e in before.entries]
    assert [e.cut for e in after.entries] == [e.cut for e in before.entries]
    for name in ("template", "settings", "over", "weights", "loss", "keep", "without", "assign", "joint"):
        assert getattr(after, name) == getattr(before, name), name


def test_other_cells_of_a_joint_fit_come_out_as_they_went_in(data: Path, tmp_path: Path) -> None:
    both = """
template = "le_se"
electrodes = 4

[[complement]]
name = "pellet"
series = "../pellet"
shares = ["grain boundary"]
tolerance = 0.1

[[complement]]
name = "known"
results = "../known"
shares = ["bulk"]
geometry_err = 0.05
use = false

[[spectrum]]
file = "cell_20C.csv"
temperature_c = 20
"""
    (data / "series.toml").write_text(both, "utf-8")
    with s.open_session(tmp_path / "session", s.opening([str(data)]).actions) as session:
        session.save(tmp_path / "saved")
    before, after = read_manifest(data).joint, read_manifest(tmp_path / "saved").joint
    places = [[c.series.resolve() for c in keys.complements] for keys in (before, after)]
    assert places[0] == places[1]
    for name in ("name", "shares", "geometry_err", "tolerance", "use", "finished"):
        values = [[getattr(c, name) for c in keys.complements] for keys in (before, after)]
        assert values[0] == values[1], name


def test_a_file_that_cannot_be_read_stops_no_other(data: Path) -> None:
    (data / "cell_80C.csv").write_bytes(b"\x00\x01\x02 no spectrum")
    found = s.opening([str(data)])
    assert "cell_80C.csv" in found.unread[0]
    (opened,) = found.actions
    assert isinstance(opened, s.OpenFiles)
    assert len(opened.files) == 3


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    path = tmp_path / "newer.h5"
    store.save(path, spectra_of_one(tmp_path))
    with h5py.File(path, "a") as file:
        file.attrs["eisfit_format"] = 99
    return path


def spectra_of_one(tmp_path: Path) -> list[Spectrum]:
    (file,) = folder_of(tmp_path / "one", {"cell_20C.csv": 20.0}).iterdir()
    return read_file(file)


def test_results_of_a_newer_version_are_no_data(newer: Path) -> None:
    with pytest.raises(StoreError, match=r"newer\.h5: a newer eisfit wrote this file"):
        s.opening([str(newer)])


def test_of_several_things_those_that_can_be_opened_are(newer: Path, data: Path) -> None:
    found = s.opening([str(newer), str(data), "/nowhere.csv"])
    assert [type(a) for a in found.actions] == [s.OpenFiles]
    assert "a newer eisfit wrote this file" in found.unread[0]
    assert "/nowhere.csv: there is no such folder or file" in found.unread[1]


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (sentence,) = s.opening([str(tmp_path / "empty")]).unread
    assert sentence.endswith("empty: no file with a spectrum is there; name another file or folder")
