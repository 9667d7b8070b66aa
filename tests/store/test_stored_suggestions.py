"""Suggestions come back from a file as they went in, by themselves and beside fits."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import h5py
import pytest

import eisfit
from eisfit import store
from eisfit.simulate import simulate
from eisfit.suggestion import Suggestion
from eisfit.tables.columns import SUGGESTION_TABLES
from eisfit.tables.rows import tables
from support.stored import series

ASKED = ("R0-p(R1,CPE1)-p(R2,CPE2)", "L0-R0-p(R1,C1)", "p(R1,C1)-G2", "R0-p(R1,C1)-p(R2,C2)")


@cache
def found() -> Suggestion:
    spectra = list(simulate("llto_le_four_electrode", seed=2).spectra)[:2]
    few = eisfit.Spectrum(spectra[0].frequency_hz[:6], spectra[0].z_ohm[:6], label="few")
    return eisfit.suggest([*spectra, few], circuits=ASKED, electrodes=4)


def test_a_suggestion_comes_back_with_values_templates_and_refusals(tmp_path: Path) -> None:
    path = store.save(tmp_path / "a.h5", found(), settings={"electrodes": 4})
    back = store.load(path)
    assert type(back) is Suggestion
    assert back == found()
    assert back.circuits[0].values == found().circuits[0].values
    assert back.refused == found().refused
    assert back != replace(found(), circuits=found().circuits[:1])


def test_a_suggestion_of_nothing_comes_back_with_its_reasons(tmp_path: Path) -> None:
    nothing = eisfit.suggest(eisfit.Spectrum([1e3, 1e2], [10 - 2j, 11 - 5j], label="two"))
    assert nothing.refused
    assert store.load(store.save(tmp_path / "a.h5", nothing)) == nothing


def test_a_suggestion_beside_fits_comes_back_and_has_tables(tmp_path: Path) -> None:
    looked = eisfit.suggest([f.spectrum for f in series()], circuits=ASKED, despite_findings=True)
    own = replace(series(), suggestion=looked)
    path = store.save(tmp_path / "a.h5", own)
    with h5py.File(path) as file:
        assert file.attrs["eisfit_format"] == 1
    assert store.load(path) == own
    assert [name for name in tables(own) if name.startswith("suggested")] == list(SUGGESTION_TABLES)
    values = own.to_dataframe("suggested_values")
    assert {"R0", "CPE1_alpha"} <= set(values["parameter"])


def test_a_suggestion_of_other_spectra_is_not_saved_beside_fits(tmp_path: Path) -> None:
    with pytest.raises(eisfit.EisfitError, match="is of none of the spectra that are saved; make it of them"):
        store.save(tmp_path / "a.h5", replace(series(), suggestion=found()))


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("suggestion_terms", "term", "Zark"), ("suggestion_fits", "circuit", 7)],
)
def test_a_suggestion_whose_values_do_not_fit_its_circuits_is_refused(
    tmp_path: Path, table: str, column: str, value: object
) -> None:
    path = store.save(tmp_path / "a.h5", found())
    with h5py.File(path, "r+") as file:
        file[f"entry/tables/{table}/{column}"][0] = value
    with pytest.raises(eisfit.EisfitError):
        store.load(path)
