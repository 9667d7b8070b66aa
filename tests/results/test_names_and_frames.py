"""Results are found by label and name, drawn and laid out as data frames."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit import InputError, Series, tables
from support.paths import SAMPLE

LABELS = tuple(f"llto_{t}C" for t in (0, 10, 20, 25, 30, 40, 50, 60))


@pytest.fixture(scope="module")
def series() -> Series:
    return eisfit.fit_series(eisfit.read_series(SAMPLE), "le_se")


@pytest.fixture(scope="module")
def circuit() -> eisfit.Fit:
    f = np.logspace(6, -1, 71)
    z = 20 + 1 / (2j * np.pi * f * 1e-6) + 100 / (1 + 2j * np.pi * f * 1e-3)
    return eisfit.fit(eisfit.Spectrum(f, z, label="cell"), "R0-C1-p(R1,C2)")


def test_a_fit_of_a_series_has_its_label_and_its_place(series: Series) -> None:
    assert series["llto_25C"] is series[3] is series.fits[3]
    assert series[-2:] == series.fits[-2:]
    with pytest.raises(
        KeyError, match=r"no spectrum 'llto25C' \(did you mean 'llto_25C'\?\); there are 'llto_0C', "
    ):
        series["llto25C"]


def test_many_fits_are_found_by_label_too(series: Series) -> None:
    fits = eisfit.fit_many([f.spectrum for f in series][:3], "R0-p(R1,CPE1)-p(R2,CPE2)")
    assert fits["llto_20C"].label == "llto_20C"
    assert [f.label for f in fits[:2]] == ["llto_0C", "llto_10C"]
    with pytest.raises(KeyError, match=r"no parameter 'R_1' \(did you mean 'R1'\?\); there are R0, "):
        fits.column("R_1")


def test_a_fit_gives_contributions_and_parameters(series: Series, circuit: eisfit.Fit) -> None:
    assert series[0]["interface"].role == "interface"
    assert series[0]["Zarc_int_tau"].unit == "s"
    assert circuit["R1"].value == pytest.approx(100, rel=1e-3)
    assert circuit["R1"].stderr >= 0
    assert circuit["C1"].value == pytest.approx(1e-6, rel=1e-3)
    lone = circuit["R0"]
    assert (lone.value, lone.stderr, lone.unit) == (lone.resistance_ohm, lone.resistance_stderr_ohm, "ohm")


@pytest.mark.parametrize(("name", "near"), [("R9", ""), ("r1", " (did you mean 'R1'?)"), ("nothing", "")])
def test_an_unknown_name_lists_contributions_and_parameters(
    circuit: eisfit.Fit, name: str, near: str
) -> None:
    with pytest.raises(KeyError) as caught:
        circuit[name]
    assert caught.value.args[0] == (
        f"cell: no contribution '{name}'{near}; there are 'R0', 'C1', 'p(R1,C2)'; nor a parameter of that name: "
        "R0, C1, R1, C2"
    )


@pytest.mark.parametrize("name", ["contributions", "parameters", "spectra", "arrhenius"])
def test_a_data_frame_holds_what_the_table_holds(series: Series, name: str) -> None:
    frame = series.to_dataframe(name)
    rows = tables.tables(series)[name]
    assert tuple(frame.columns) == tables.columns_in(name, rows)
    written = list(csv.DictReader(io.StringIO(tables.csv_text(rows, list(frame.columns)))))
    assert len(frame) == len(written) > 0
    for column in frame.columns:
        for cell, value in zip(frame[column], (row[column] for row in written), strict=True):
            _agree(cell, value, column)


def _agree(cell: Any, written: str, column: str) -> None:
    if isinstance(cell, str):
        assert cell == written, column
    elif isinstance(cell, bool | np.bool_):
        assert written == str(bool(cell)).lower(), column
    else:
        assert float(cell) == float(written) if written else np.isnan(cell), column


def test_every_result_has_its_usual_table(series: Series, circuit: eisfit.Fit) -> None:
    line = series.arrhenius("interface")
    other = series.arrhenius("interface", "ln(T/R)")
    assert line.to_dataframe()["activation_energy_ev"].item() == line.activation_energy_ev
    assert [bool(x.to_dataframe()["default"].item()) for x in (line, other)] == [True, False]
    assert set(series.follow("interface").to_dataframe("laws")["parameter"]) >= {
        "E",
        "value_25c",
    }
    assert list(circuit.to_dataframe()["contribution"]) == ["R0", "C1", "p(R1,C2)"]
    assert list(circuit.to_dataframe("parameters")["parameter"]) == ["R0", "C1", "R1", "C2"]
    assert len(series[0].spectrum.to_dataframe()) == 71
    assert series[0].spectrum.to_dataframe("spectra")["points"].item() == 71
    fits = eisfit.fit_many([f.spectrum for f in series][:2], "R0-p(R1,CPE1)")
    assert set(fits.to_dataframe("parameters")["spectrum"]) == {"llto_0C", "llto_10C"}


def test_numbers_are_numbers_where_none_is_known(circuit: eisfit.Fit) -> None:
    frame = circuit.to_dataframe()
    assert frame["temperature_c"].dtype == frame["asr_ohm_cm2"].dtype == float
    assert frame["temperature_c"].isna().all()


def test_a_table_that_is_not_there_is_named(series: Series) -> None:
    with pytest.raises(InputError) as caught:
        series.to_dataframe("contribution")
    assert str(caught.value) == (
        "Series has no table 'contribution' (did you mean 'contributions'?); there are contributions, parameters, "
        "spectra, arrhenius, laws"
    )


def test_results_draw_themselves(series: Series, tmp_path: Path) -> None:
    line = series.arrhenius("interface")
    for drawn, labels in (
        (series.plot(), 1),
        (series.plot("arrhenius", width="double"), 1),
        (series[0].plot("bode"), 2),
        (series[0].spectrum.plot(), 1),
        (line.plot(), 1),
    ):
        assert len(drawn.axes) >= labels
        assert eisfit.plots.save(drawn, tmp_path / "figure", ["png"])[0].stat().st_size > 1000
    with pytest.raises(InputError, match="no figure kind 'nyqvist'"):
        series.plot("nyqvist")
