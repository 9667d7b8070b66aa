"""Values that the data contradict, and data that are there twice, stay out of lines; who wants them keeps them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import eisfit
from eisfit import Series, plots, store, tables
from eisfit.errors import SeriesError
from support.cells import GEOMETRY, le_se_faded, le_se_values, measured

TEMPERATURES = (20.0, 30.0, 40.0, 50.0, 60.0)


def spectrum(t: float) -> eisfit.Spectrum:
    factor = float(np.exp(5800 * (1 / (t + 273.15) - 1 / 293.15)))
    values = le_se_values(
        100 * factor, gb=(250 * factor, 2.5e-6 * factor, 0.95), interface=(500 * factor, 5e-4 * factor, 0.9)
    )
    conditions = GEOMETRY.updated(temperature_c=t, temperature_err_c=0.1)
    return measured(le_se_faded(), values, seed=int(t), conditions=conditions, label=f"cell_{t:.0f}C")


def spoilt(s: eisfit.Spectrum) -> eisfit.Spectrum:
    """Return a spectrum that scatters by 40 % of its modulus."""
    rng = np.random.default_rng(1)
    off = rng.standard_normal(len(s)) + 1j * rng.standard_normal(len(s))
    return replace(s, z_ohm=s.z_ohm * (1 + 0.4 * off))


@cache
def series(keep: tuple[str, ...] = ()) -> Series:
    """Return a series of which the fit at 40 °C misses its data, and the spectrum at 60 °C is there twice."""
    made = [spoilt(spectrum(t)) if t == 40 else spectrum(t) for t in TEMPERATURES]
    copy = replace(made[-1], label="copy_60C")
    return eisfit.fit_series([*made, copy], "le_se", keep=keep)


def test_they_have_points_that_took_no_part() -> None:
    line = series().arrhenius("interface")
    assert dict(zip(line.labels, line.used.tolist(), strict=True)) == {
        "cell_20C": True, "cell_30C": True, "cell_40C": False, "cell_50C": True, "cell_60C": True,
        "copy_60C": False,
    }  # fmt: skip
    assert line.activation_energy_ev == pytest.approx(0.50, abs=0.02)


def test_a_remark_names_them_with_the_reason() -> None:
    (said,) = series().arrhenius("interface").remarks
    known = series()[2]["interface"].known
    assert said == (
        f"interface: 2 of 6 values are not in the line: cell_40C ({known}), copy_60C (the same data twice)"
    )


def test_the_figure_draws_them_open() -> None:
    (ax,) = plots.arrhenius(series().arrhenius("interface")).axes[:1]
    (open_points,) = [line for line in ax.lines if line.get_gid() == "unused"]
    assert open_points.get_markerfacecolor() == "none"
    assert np.size(open_points.get_xdata()) == 2


def test_who_wants_them_keeps_them() -> None:
    found = series()
    assert found.arrhenius("interface", keep=["copy_60C"]).points_used == 5
    assert found.follow("interface", keep=["copy_60C", "cell_40C"]).remarks == ()
    kept = series(("copy_60C",))
    assert kept.arrhenius("interface").points_used == 5
    assert kept.lines()[2][0].points_used == 5


def test_a_contribution_of_which_no_value_is_sound_has_no_line() -> None:
    bad = eisfit.fit_series([spoilt(spectrum(t)) for t in (20.0, 40.0)], "le_se")
    assert bad.lines() == []
    with pytest.raises(SeriesError, match=r"values are not in the line: .*\(misfit .*none is left"):
        bad.arrhenius(next(c.name for c in bad[0].contributions if np.isfinite(c.resistance_ohm)))


def test_a_label_to_keep_must_be_one_of_the_series() -> None:
    with pytest.raises(
        SeriesError, match=r"keep names 'cell_70C', which is no spectrum of the series: cell_20C$"
    ):
        eisfit.fit_series([spectrum(20.0)], "le_se", keep=["cell_70C"])


def test_the_headline_and_the_terminal_count_the_fits_that_miss_their_data() -> None:
    said = "1 of 6 fits disagrees with the data: try another template"
    assert series().headline().endswith(f"; {said}")
    console = Console(width=200, record=True, file=StringIO())
    tables.print_result(console, series())
    printed = console.export_text()
    assert printed.startswith(said)
    assert series()[2]["interface"].known in printed


def test_a_table_of_the_series_shows_the_value_with_its_misfit() -> None:
    row = series().sheets()[0].rows[2]
    assert any(f"({series()[2]['interface'].known})" in cell for cell in row)


def test_the_column_resolved_says_misfit_and_by_how_much() -> None:
    rows = tables.contribution_rows(series().fits)
    found = {r["resolved"] for r in rows if r["spectrum"] == "cell_40C" and r["contribution"] == "interface"}
    assert found == {f"misfit {series()[2]['interface'].misfit_percent:.0f} %"}


def test_a_file_holds_misfits_and_what_is_kept(tmp_path: Path) -> None:
    kept = series(("copy_60C",))
    loaded = store.load(store.save(tmp_path / "a.h5", kept))
    assert loaded == kept
    assert loaded.keep == ("copy_60C",)
    assert loaded[2]["interface"].resolved == "misfit"
    assert loaded[2]["interface"].misfit_percent == kept[2]["interface"].misfit_percent
