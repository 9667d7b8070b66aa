"""Studies of several cells: one slope, values, trends, and what is refused by name."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit import plots, store
from eisfit.errors import InputError
from eisfit.results.series import Series
from eisfit.studies import (
    ENERGIES,
    SLOPES,
    TRENDS,
    Covariates,
    compare_series,
    read_covariates,
    results_of,
    study_tables,
)
from support.plots_samples import encloses, four_electrode
from support.solvent_cells import mixtures, solvents, without_area


def test_ec_dmc_has_one_energy_and_dmc_another() -> None:
    two = compare_series({name: s for name, s in mixtures().items() if name != "DMC"})
    assert not two.slopes["interface"].differ
    assert two.slopes["interface"].slope == pytest.approx(0.52, abs=4 * two.slopes["interface"].slope_stderr)
    three = compare_series(mixtures())
    assert three.slopes["interface"].p < 1e-6
    assert not three.slopes["grain boundary"].differ
    said = "\n".join(three.sentences())
    assert "interface: activation energies differ (chi-square test, p < 0.0001): EC:DMC 1:1 0.5" in said
    assert "grain boundary: one activation energy describes all 3 cells" in said


def test_values_and_energies_are_those_of_the_lines_with_their_ordinate() -> None:
    cells = mixtures()
    study = compare_series(cells, at_c=[30.0], contributions=["interface"])
    assert {row["reference_c"] for row in study.rows} == {30.0}
    for row in study.rows:
        line = cells[row["cell"]].arrhenius("interface")
        assert (row["activation_energy_ev"], row["ordinate"]) == (line.activation_energy_ev, "ln(1/R)")
        y, _, _ = line.line([303.15])
        assert row["value"] == pytest.approx(math.exp(-y[0]))


def test_sums_of_unlike_parts_take_no_part_and_are_named_once() -> None:
    study = compare_series(mixtures())
    assert set(study.slopes) == {"grain boundary", "interface"}
    (said,) = [text for text in study.left_out if text.startswith("liquid + bulk")]
    assert said.startswith("liquid + bulk of EC:DMC 1:1, EC:DMC 1:9, DMC: is a sum of unlike parts")


def test_a_trend_over_a_number_that_the_spectra_know() -> None:
    study = compare_series(solvents(), over="donor_number", contributions=["interface"])
    energy = next(each for each in study.trends if each.of_energy)
    assert energy.cells == ("EMIBF4", "FEC", "PC", "EC", "DMSO")
    assert energy.found.rank_correlation == pytest.approx(1.0)
    assert energy.found.p_rank == pytest.approx(2 / 120)
    assert any("activation energy rises with donor_number" in text for text in study.sentences())
    assert [each.reference_c for each in study.trends if not each.of_energy] == [25.0, 60.0]


def test_covariates_of_a_table_come_first_and_unknown_ones_are_said() -> None:
    given: dict[str, dict[str, object]] = {
        "EMIBF4": {"dn": 1},
        "FEC": {"dn": 2},
        "PC": {"dn": 3},
        "EC": {"dn": ""},
    }
    study = compare_series(solvents(), over="dn", covariates=given, contributions=["interface"])
    assert study.trends[0].x.tolist() == [1, 2, 3]
    assert "interface: dn of EC, DMSO is not known: no part in the trend" in study.left_out
    assert any(text.startswith("3 cells cannot show a trend over dn") for text in study.sentences())


def test_groups_and_logarithms() -> None:
    table: dict[str, dict[str, object]] = {
        name: {"c": 10.0**k, "se": "x" if k < 3 else "y"} for k, name in enumerate(solvents())
    }
    study = compare_series(
        solvents(), over="c", covariates=table, group="se", logarithm=True, contributions=["interface"]
    )
    assert study.trends[0].groups == ("x", "x", "x", "y", "y")
    assert study.trends[0].found.permutations == 12
    assert study.trends[0].found.slope > 0
    with pytest.raises(InputError, match="no column 'salt' of groups"):
        compare_series(solvents(), over="c", covariates=table, group="salt")
    with pytest.raises(InputError, match="c of 'FEC' is -1: it has no logarithm"):
        compare_series(solvents(), over="c", covariates={"FEC": {"c": -1}}, logarithm=True)


def test_five_cells_are_tested_for_the_meyer_neldel_rule() -> None:
    study = compare_series(solvents())
    assert set(study.compensation) == {"grain boundary", "interface"}
    assert not study.compensation["grain boundary"].compensated


def test_cells_with_and_without_geometry_do_not_mix() -> None:
    cells = mixtures()
    mixed = {**cells, "bare": without_area(cells["DMC"])}
    study = compare_series(mixed, over="dn", covariates={name: {"dn": k} for k, name in enumerate(mixed)})
    refused = next(text for text in study.left_out if text.startswith("grain boundary: not compared"))
    assert "EC:DMC 1:1 is in ln(sigma T)" in refused
    assert "bare is in ln(T/R)" in refused
    assert "give area and thickness of all cells, or of none" in refused
    assert "grain boundary" not in study.slopes
    assert "interface" in study.slopes  # the area does not change a slope
    assert any("interface: no trend of values, EC:DMC 1:1 asr in ohm cm2" in text for text in study.left_out)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {"over": "donor_numbr"},
            r"no covariate 'donor_numbr' \(did you mean 'donor_number'\?\); known: temp",
        ),
        ({"over": "temperature"}, r"temperature_c changes within 'EMIBF4' \(0 to 60\)"),
        (
            {"contributions": ["interfce"]},
            r"no contribution 'interfce' in these cells \(did you mean 'interface'\?\); there are",
        ),
        ({"over": "dn", "covariates": {"XX": {"dn": 1}}}, r"none of its cells \(XX\) is in the study"),
        ({"over": "dn", "covariates": {"EC": {"dn": "1,5"}}}, "write a decimal point, not a comma"),
        ({"logarithm": True}, "a logarithm was asked for without a covariate"),
        ({"group": "se"}, "group 'se' was given without a covariate"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        compare_series(solvents(), **asked)


def test_one_cell_is_no_study() -> None:
    with pytest.raises(InputError, match="1 cell was given: a study needs two or more"):
        eisfit.compare_series({"A": four_electrode()})


def saved(folder: Path, cells: dict[str, Series]) -> Path:
    for name, series in cells.items():
        (folder / name).mkdir(parents=True)
        store.save(folder / name / "eisfit.h5", series)
    return folder


def test_results_are_found_below_a_folder_and_others_are_left_out_with_a_reason(tmp_path: Path) -> None:
    cells = {"a/results": mixtures()["DMC"], "b/results": mixtures()["EC:DMC 1:1"]}
    folder = saved(tmp_path, cells)
    store.save(folder / "single.h5", [mixtures()["DMC"][0]])
    (folder / "broken.h5").write_bytes(b"no HDF5")
    found, left_out = results_of([folder, folder / "a/results/eisfit.h5"])
    assert list(found) == ["a", "b"]
    assert len(left_out) == 2
    assert any("single.h5: left out, since it holds results of single fits" in text for text in left_out)
    assert list(results_of([folder], ["x", "y"])[0]) == ["x", "y"]
    with pytest.raises(InputError, match="3 labels were given for 2 results"):
        results_of([folder], ["x", "y", "z"])
    with pytest.raises(InputError, match=r"two cells have the same name \(x\)"):
        results_of([folder], ["x", "x"])
    with pytest.raises(InputError, match=r"1 result\(s\) of a series; a study needs two or more"):
        results_of([folder / "a"])
    with pytest.raises(InputError, match="there is no such file or folder"):
        results_of([folder / "c"])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,dn\nA,1\n", "there is no column 'cell'; its columns are name, dn"),
        ("cell,dn,dn\nA,1,2\n", "the column 'dn' stands there twice"),
        ("cell,dn\nA,1\nA,2\n", "the cell 'A' stands there twice"),
        ("cell,dn\nA,1,5\n", "row 2 has 3 fields for 2 columns; put a text that holds ',' in quotes"),
        ("cell,dn\n", "holds no line of values"),
    ],
)
def test_tables_of_covariates_that_cannot_be_read_are_refused(
    tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "c.csv").write_text(text)
    with pytest.raises(InputError, match=sentence.replace("(", r"\(")):
        read_covariates(tmp_path / "c.csv")


def test_a_table_of_covariates_may_come_from_a_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes("# Lösungen\ncell;dn;se\nGrün;15.1;LLTO\n".encode("cp1252"))
    table = read_covariates(tmp_path / "c.csv")
    assert (table.columns, table.number("Grün", "dn"), table.text("Grün", "se")) == (
        ("dn", "se"),
        15.1,
        "LLTO",
    )
    assert math.isnan(Covariates.given({}).number("A", "dn"))


def test_tables_have_their_columns() -> None:
    tables = study_tables(compare_series(solvents(), over="donor_number"))
    for name, columns in (("study", ENERGIES), ("slopes", SLOPES), ("trends", TRENDS)):
        assert {tuple(row) for row in tables[name][1]} == {columns}
    rows = [row for row in tables["study"][1] if row["contribution"] == "interface"]
    for row in rows:
        assert row["without_low_ev"] < row["activation_energy_ev"] < row["without_high_ev"]


def test_the_figures_show_each_cell_once_in_one_colour_and_nothing_is_cut() -> None:
    study = compare_series(solvents(), over="donor_number")
    lines = plots.arrhenius_of_cells(study.cells, study.compared, words=study.energies_in_words())
    trends = plots.trend(study.trends, cells=list(study.cells))
    for figure in (lines, trends):
        figure.draw_without_rendering()
        (legend,) = figure.legends
        assert [text.get_text() for text in legend.get_texts()] == list(study.cells)
        whole = figure.bbox.padded(0.5)
        for ax in figure.axes:
            box = ax.get_tightbbox()
            assert box is None or encloses(whole, box)
    assert len(lines.axes) == 2
    points = [line for ax in trends.axes for line in ax.lines if line.get_gid() == "point"]
    assert len(points) == 5 * len(study.trends)
    drawn = sorted(float(np.asarray(p.get_ydata())[0]) for p in points[15:20])
    assert drawn == sorted(study.trends[3].y.tolist())
    with pytest.raises(InputError, match="no trend to draw"):
        plots.trend([])


def test_a_panel_names_the_cells_that_have_another_unit() -> None:
    cells = {"A": mixtures()["EC:DMC 1:1"], "B": without_area(mixtures()["DMC"])}
    figure = plots.arrhenius_of_cells(cells, ["interface"])
    assert [text.get_text() for text in figure.axes[0].texts] == ["interface\nB: in another unit"]
