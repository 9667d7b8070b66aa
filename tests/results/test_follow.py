"""A registered law is followed by a series: rows, a figure and the file come with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfit import plots, store, tables
from eisfit.errors import InputError, SeriesError
from eisfit.laws import Arrhenius, LawFit, registry
from eisfit.results.series import Series
from support.laws import ROOM_K
from support.plots_samples import four_electrode, lines, xy


def followed() -> Series:
    series = four_electrode()
    return series.with_laws(series.follow("interface", "power law"))


def test_a_law_goes_through_the_values_of_a_contribution() -> None:
    found = followed().laws[0]
    assert isinstance(found, LawFit)
    assert not isinstance(found, Arrhenius)
    assert (found.law, found.ordinate, found.quantity, found.unit) == ("power law", "ln(R)", "asr", "ohm cm2")
    slope = np.polyfit(np.log(found.at / ROOM_K), np.log(found.value), 1)[0]
    unweighted = four_electrode().follow("interface", "power law", weighted=False)
    assert unweighted["n"].value == pytest.approx(slope, rel=1e-9)
    assert found.points_used == 5
    assert four_electrode().follow("interface", "power law", leave_out=["llto_0C"]).points_used == 4


def test_arrhenius_is_the_law_that_is_followed_if_none_is_given() -> None:
    assert four_electrode().follow("interface") == four_electrode().arrhenius("interface")


def test_a_law_over_time_follows_a_layer_by_its_resistance() -> None:
    series = four_electrode()
    aged = [
        replace(f, spectrum=f.spectrum.under(f.spectrum.conditions.updated(time_h=float(k + 1))))
        for k, f in enumerate(reversed(series.fits))
    ]
    found = Series.over("time_h", aged).follow("grain boundary", "square root of time")
    assert (found.quantity, found.unit) == ("resistance", "ohm")
    assert found.labels == tuple(f.label for f in aged)
    with pytest.raises(InputError, match="cannot be drawn here"):
        plots.arrhenius(found)


def test_a_law_whose_condition_is_unknown_is_refused() -> None:
    with pytest.raises(SeriesError, match="time_h is not known"):
        four_electrode().follow("interface", "square root of time")
    with pytest.raises(
        SeriesError, match=r"no law 'powerlaw' \(did you mean 'power law'\?\); there are 'arrhenius'"
    ):
        four_electrode().follow("interface", "powerlaw")


def test_tables_hold_the_parameters_of_laws() -> None:
    found = tables.tables(followed())
    rows = [row for row in found["laws"] if row["law"] == "power law"]
    assert [row["parameter"] for row in rows] == ["a", "n", "value_25c", "value_60c"]
    assert set(tables.csv_text(rows, tables.LAWS).splitlines()[0].split(",")) == set(tables.LAWS)
    assert found["arrhenius"] == tables.tables(four_electrode())["arrhenius"]
    assert "laws" not in tables.tables(four_electrode())


def test_arrhenius_csv_is_a_view_of_the_long_table() -> None:
    long = tables.law_rows(four_electrode().lines())
    energies = [row["value"] for row in long if row["parameter"] == "E"]
    assert energies == [row["activation_energy_ev"] for row in tables.tables(four_electrode())["arrhenius"]]


def test_a_law_is_drawn_over_the_reciprocal_temperature() -> None:
    found = followed().laws[0]
    (ax,) = plots.arrhenius(found).axes[:1]
    (line,) = lines(ax, "line")
    np.testing.assert_allclose(xy(line)[:, 1], np.exp(found.line(1000 / xy(line)[:, 0])[0]))
    legend = ax.get_legend()
    assert legend is not None
    assert "interface: power law" in [text.get_text() for text in legend.get_texts()]
    assert {row["law"] for row in plots.KINDS["arrhenius"].data(followed())} == {"arrhenius", "power law"}


def test_a_series_comes_back_with_its_laws(tmp_path: Path) -> None:
    series = followed().with_laws(four_electrode().arrhenius("interface", leave_out=["llto_0C"]))
    back = store.load(store.save(tmp_path / "a.h5", series))
    assert back == series
    assert [type(fit) for fit in back.laws] == [LawFit, Arrhenius]
    np.testing.assert_array_equal(back.laws[0].line([290.0])[0], series.laws[0].line([290.0])[0])


def test_a_law_that_is_no_longer_registered_is_loaded_and_cannot_be_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store.save(tmp_path / "a.h5", followed())
    monkeypatch.delitem(registry.REGISTERED, "power law")
    back = store.load(path)
    assert back.laws == followed_before(path)
    with pytest.raises(SeriesError, match="no law 'power law'"):
        back.laws[0].line([290.0])


def followed_before(path: Path) -> tuple[LawFit, ...]:
    laws: tuple[LawFit, ...] = store.load(path).laws
    return laws


def test_one_table_has_one_content(tmp_path: Path) -> None:
    import h5py

    series = four_electrode()
    with h5py.File(store.save(tmp_path / "a.h5", series)) as file:
        for name in ("arrhenius", "contributions"):
            columns = file[f"entry/tables/{name}"]
            rows = tables.tables(series)[name]
            for column in tables.TABLES[name]:
                texts = columns[column].dtype.kind == "O"
                held = list(columns[column].asstr() if texts else columns[column][()])
                expected = [row[column] for row in rows]
                np.testing.assert_array_equal(held, expected, err_msg=column)


def test_laws_show_themselves_with_the_series() -> None:
    assert "power law" in followed().report()
    assert repr(followed().laws[0]).startswith("<LawFit interface: power law in ln(R): a = ")
