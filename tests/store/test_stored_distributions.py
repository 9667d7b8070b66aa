"""Distributions of relaxation times come back from a file as they went in, by themselves and beside fits."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import h5py
import pytest

import eisfit
from eisfit import store
from eisfit.relaxations import DistributionSeries
from eisfit.simulate import simulate
from eisfit.tables.columns import ALL_TABLES
from eisfit.tables.rows import tables
from support.stored import series


@cache
def found() -> DistributionSeries:
    spectra = list(simulate("llto_le_four_electrode", seed=2).spectra)[:4]
    few = eisfit.Spectrum(spectra[0].frequency_hz[:6], spectra[0].z_ohm[:6], label="few")
    return eisfit.drt_series([*spectra, few])


def test_a_series_of_distributions_comes_back_with_peaks_lines_and_refusals(tmp_path: Path) -> None:
    back = store.load(store.save(tmp_path / "a.h5", found()))
    assert type(back) is DistributionSeries
    assert back == found()
    assert back.tracks[1].line == found().tracks[1].line
    assert back.refused == found().refused


def test_one_distribution_comes_back(tmp_path: Path) -> None:
    one = found().distributions[0]
    back = store.load(store.save(tmp_path / "a.h5", one))
    assert type(back) is type(one)
    assert back == one


def test_where_every_spectrum_was_refused_the_reasons_come_back(tmp_path: Path) -> None:
    nothing = replace(found(), distributions=(), tracks=())
    assert store.load(store.save(tmp_path / "a.h5", nothing)) == nothing


def test_distributions_beside_fits_come_back_and_older_programs_read_the_fits(tmp_path: Path) -> None:
    own = replace(series(), relaxations=eisfit.drt_series([f.spectrum for f in series()]))
    path = store.save(tmp_path / "a.h5", own)
    with h5py.File(path) as file:
        assert file.attrs["eisfit_format"] == 1
    assert store.load(path) == own
    assert store.load(path).relaxations is not None
    assert [name for name in tables(own) if name.startswith("drt")] == ["drt", "drt_lines", "drt_curves"]
    assert set(tables(own)) <= set(ALL_TABLES)


def test_an_older_program_refuses_a_file_of_distributions_alone(tmp_path: Path) -> None:
    with h5py.File(store.save(tmp_path / "a.h5", found())) as file:
        assert file.attrs["eisfit_format"] == 2


def test_distributions_of_other_spectra_are_not_saved_beside_fits(tmp_path: Path) -> None:
    own = replace(series(), relaxations=found())
    with pytest.raises(eisfit.EisfitError, match="is of none of the spectra that are saved"):
        store.save(tmp_path / "a.h5", own)


def test_every_curve_has_its_scale_on_every_axis(tmp_path: Path) -> None:
    with h5py.File(store.save(tmp_path / "a.h5", found())) as file:
        for group in file["entry/relaxations"].values():
            assert group.attrs["signal"] == "gamma_ohm"
            for name in ("gamma_ohm", "gamma_low_ohm", "gamma_high_ohm"):
                assert [scale.name for scale in group[name].dims[0].values()] == [f"{group.name}/tau_s"]


def test_a_distribution_of_no_spectrum_of_the_file_is_refused(tmp_path: Path) -> None:
    path = store.save(tmp_path / "a.h5", found())
    with h5py.File(path, "r+") as file:
        file["entry/tables/relaxations/spectrum_row"][0] = 9
    with pytest.raises(eisfit.EisfitError):
        store.load(path)


def test_a_series_takes_the_distributions_of_its_own_spectra() -> None:
    looked = series().with_relaxations()
    assert looked.relaxations is not None
    assert len(looked.relaxations) + len(looked.relaxations.refused) == len(series())
