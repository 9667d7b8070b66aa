"""One's own interfaces beside published ones: rows, figure and command."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from eisfit import literature, plots, store
from eisfit.errors import InputError
from eisfit.results.series import Series
from eisfit.tables.literature import LITERATURE, Between, literature_rows, shown_value
from support.commands import Command
from support.plots_samples import blocking, encloses, four_electrode
from support.two_cells import other_cell

BETWEEN = {"A": Between("LLTO", "EC:DMC", "LiPF6"), "B": Between("Na3PS4", ion="Na")}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return literature_rows(literature.facts(), {"A": four_electrode(), "B": other_cell()}, between=BETWEEN)


def of(rows: list[dict[str, Any]], **wanted: str) -> list[dict[str, Any]]:
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def test_all_rows_have_the_columns_a_value_and_a_reference(rows: list[dict[str, Any]]) -> None:
    assert {frozenset(row) for row in rows} == {frozenset(LITERATURE)}
    assert all(row["reference"] for row in rows)
    assert all(row["value"] > 0 for row in of(rows, plotted="yes"))
    assert len(of(rows, own="no", panel="resistance")) == 11
    assert len(of(rows, own="no", panel="activation energy")) == 7


def test_own_values_are_those_of_the_lines(rows: list[dict[str, Any]]) -> None:
    series = four_electrode()
    (resistance,) = of(rows, own="yes", solid="LLTO", panel="resistance")
    (energy,) = of(rows, own="yes", solid="LLTO", panel="activation energy")
    line = series.arrhenius("interface")
    assert energy["value"] == line.activation_energy_ev
    assert resistance["value"] == pytest.approx(line.references[0].value)
    assert resistance["low"] < 500 < resistance["high"]
    assert (resistance["salt"], resistance["configuration"], resistance["marks"]) == (
        "LiPF6",
        "4 electrodes",
        "",
    )
    assert energy["marks"] == "from ln(1/R)"


@pytest.mark.parametrize(
    ("solid", "medium", "marks"),
    [
        ("LLTO", "water", "at 0 to 25 °C"),
        ("LLTO", "PEO", "at 80 °C; 2 electrodes"),
        ("LLZO", "EC:DMC", "at room temperature; 8 electrodes, dc; R_SLEI alone"),
        ("Na NASICON", "another solid", "electrodes not stated"),
        ("LLZO", "another solid", "temperature not stated; electrodes not stated"),
    ],
)
def test_what_differs_is_marked(rows: list[dict[str, Any]], solid: str, medium: str, marks: str) -> None:
    (row,) = of(rows, own="no", panel="resistance", solid=solid, medium=medium)
    assert row["marks"] == marks


def test_another_temperature_marks_others_and_reads_the_line_there() -> None:
    found = literature_rows(literature.facts(), {"A": four_electrode()}, at_c=80.0)
    (row,) = of(found, own="no", panel="resistance", solid="LLTO", medium="PEO")
    assert row["marks"] == "2 electrodes"
    (own,) = of(found, own="yes", panel="resistance")
    assert (own["marks"], own["solid"]) == ("extrapolated", "this cell")
    assert own["value"] == pytest.approx(500 * np.exp(-0.52 / 8.617e-5 * (1 / 298.15 - 1 / 353.15)), rel=0.05)
    (energy,) = [
        r for r in of(found, own="no", panel="activation energy") if r["name"].startswith("LiClO4 in DMC")
    ]
    assert energy["marks"] == "ordinate not stated"


def test_without_an_area_the_resistance_is_not_plotted_and_says_why() -> None:
    bare = [
        replace(f, spectrum=replace(f.spectrum, conditions=replace(f.spectrum.conditions, area_cm2=None)))
        for f in four_electrode()
    ]
    rows = [replace(f, contributions=tuple(_without_area(c) for c in f.contributions)) for f in bare]
    found = literature_rows([], {"A": Series.over("temperature_c", rows)})
    (own,) = of(found, panel="resistance")
    assert (own["plotted"], shown_value(own)) == ("no", "none")
    assert own["marks"].startswith("area not known: a resistance in ohm compares with none")
    assert of(found, panel="activation energy")[0]["plotted"] == "yes"


def _without_area(row: Any) -> Any:
    return replace(row, asr_ohm_cm2=float("nan"), asr_stderr_ohm_cm2=float("nan"))


def test_a_cell_without_an_interface_is_refused() -> None:
    with pytest.raises(InputError, match=r"^pellet: no line of an interface to compare, only 'bulk'"):
        literature_rows([], {"pellet": blocking()})
    with pytest.raises(InputError, match=r"ion 'na' is not known \(did you mean 'Na'\?\)"):
        Between(ion="na")


def test_values_are_written_as_they_were_printed(rows: list[dict[str, Any]]) -> None:
    shown = {shown_value(row) for row in rows}
    assert {"250 to 25000 Ω cm²", "about 300 Ω cm²", "2.1 Ω cm²", "0.332 eV", "about 0.518 eV"} <= shown
    limit = {"plotted": "yes", "unit": "ohm cm2", "printed_as": "upper limit", "value": 1.0}
    assert shown_value(limit) == "< 1 Ω cm²"


def figure(rows: list[dict[str, Any]]) -> Figure:
    found = plots.literature_comparison(rows)
    found.draw_without_rendering()
    return found


def test_the_figure_shows_every_plotted_value_and_nothing_is_cut(rows: list[dict[str, Any]]) -> None:
    drawn = figure(rows)
    assert [ax.get_yscale() for ax in drawn.axes] == ["log", "linear"]
    for ax, panel in zip(drawn.axes, ("resistance", "activation energy"), strict=True):
        points = [line for line in ax.lines if line.get_gid() in ("own", "published")]
        wanted = of(rows, plotted="yes", panel=panel)
        ends = [[r["low"], r["high"]] if r["printed_as"] == "range" else [r["value"]] for r in wanted]
        drawn_at = sorted(float(np.asarray(p.get_ydata())[0]) for p in points)
        assert drawn_at == sorted(end[0] for end in ends)
        assert sum(p.get_gid() == "own" for p in points) == len(of(wanted, own="yes"))
        hollow = sum(p.get_markerfacecolor() == "none" for p in points)
        assert hollow == len(of(wanted, ion="Na")) > 0
        box = ax.get_tightbbox()
        assert box is not None
        assert encloses(drawn.bbox.padded(0.5), box)


def test_letters_are_explained_below(rows: list[dict[str, Any]]) -> None:
    drawn = figure(rows)
    key = drawn.axes[-1].texts[-1].get_text().replace("\xa0", " ")
    assert "at 80 °C" in key
    assert "8 electrodes, dc" in key
    assert "all published energies: ordinate not stated" in key.replace("\n", " ")
    with pytest.raises(InputError, match="no value to draw"):
        plots.literature_comparison([{**rows[0], "plotted": "no"}])


def test_a_limit_of_a_users_file_is_an_arrow(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "class,electrolyte_a,electrolyte_b,salt_or_concentration,configuration,quantity,value,unit,temperature_C,"
        "source,doi\nPE|SE,PEO:LiTFSI,LiPON,,2-el. EIS,R_int,< 5,ohm cm2,60,article,10.1/y\n"
    )
    found = literature_rows(literature.read_facts(path))
    (ax,) = figure(found).axes
    assert sum(getattr(text, "arrow_patch", None) is not None for text in ax.texts) == 1


def test_the_command_writes_table_and_figure(eisfit: Command, tmp_path: Path) -> None:
    for name, series in (("A", four_electrode()), ("B", other_cell())):
        (tmp_path / name).mkdir()
        store.save(tmp_path / name / "eisfit.h5", series)
    given = [
        tmp_path / "A",
        tmp_path / "B/eisfit.h5",
        "--solid",
        "LLTO",
        "--salt",
        "LiPF6",
        "--salt",
        "LiClO4",
    ]
    ran = eisfit("compare-literature", *given, "-o", tmp_path / "o")
    assert ran.code == 0
    assert ran.out.split() == [str(tmp_path / "o" / f"literature.{end}") for end in ("csv", "pdf", "png")]
    assert "Own and published interfaces" in ran.err
    with (tmp_path / "o/literature.csv").open(newline="", encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    assert tuple(read[0]) == LITERATURE
    assert [row["salt"] for row in read if row["own"] == "yes"] == ["LiPF6", "LiPF6", "LiClO4", "LiClO4"]
    again = eisfit("compare-literature", *given, "-o", tmp_path / "o")
    assert (again.code, "exists already" in again.err) == (2, True)
    ran = eisfit("compare-literature", *given, "--json", "-q")
    assert {row["own"] for row in json.loads(ran.out)["literature"]} == {"yes", "no"}
    wrong = eisfit("compare-literature", *given, "--salt", "LiTf")
    assert "--salt was given 3 times for 2 files" in wrong.err
    twice = eisfit("compare-literature", tmp_path / "A", tmp_path / "A")
    assert "two cells have the same name (A)" in twice.err


def test_the_command_shows_the_literature_alone(eisfit: Command) -> None:
    ran = eisfit("compare-literature", "--json", "-q")
    assert {row["own"] for row in json.loads(ran.out)["literature"]} == {"no"}


def test_the_figure_is_a_kind_of_its_own(eisfit: Command, tmp_path: Path) -> None:
    store.save(tmp_path / "eisfit.h5", four_electrode())
    ran = eisfit("plot", tmp_path, "literature", "--data", "--format", "png", "-o", tmp_path / "o")
    assert ran.code == 0
    with (tmp_path / "o/literature.csv").open(newline="", encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    assert tuple(read[0]) == LITERATURE
    assert all(row["reference"] for row in read)
    assert [row["solid"] for row in read if row["own"] == "yes"] == ["this cell", "this cell"]
    store.save(tmp_path / "single.h5", [four_electrode()[0]])
    refused = eisfit("plot", tmp_path / "single.h5", "literature")
    assert refused.code == 2
    assert (
        "holds fits of single spectra, and the figure 'literature' shows values over temperature"
        in refused.err
    )


def test_two_series_are_told_apart_and_other_things_are_refused() -> None:
    rows = plots.KINDS["literature"].data([four_electrode(), other_cell()], plots.Choice(labels=("A", "B")))
    assert {row["reference"] for row in rows if row["own"] == "yes"} == {"own: A", "own: B"}
    with pytest.raises(InputError, match="'literature' shows lines over temperature"):
        plots.figure("literature", [four_electrode()[0]])
