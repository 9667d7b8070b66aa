"""The command compare, and the choices of the command plot."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from pathlib import Path

import pytest
from rich.console import Console

from eisfit import store
from eisfit.results.series import Series
from eisfit.tables.comparison import COMPARISON, comparison_rows
from eisfit.tables.comparison_table import print_comparison
from support.commands import Command
from support.plots_samples import four_electrode
from support.two_cells import other_cell


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with results of two cells, of which the second has twice the impedance, and of single fits."""
    folder = tmp_path_factory.mktemp("cells")
    for name, series in (("A", four_electrode()), ("B", other_cell())):
        (folder / name).mkdir()
        store.save(folder / name / "eisfit.h5", series)
    store.save(folder / "single.h5", [four_electrode()[0]])
    return folder


def test_two_cells_give_two_figures_and_one_table(eisfit: Command, cells: Path, tmp_path: Path) -> None:
    ran = eisfit(
        "compare", cells / "A/eisfit.h5", cells / "B", "--label", "A", "--label", "B x", "-o", tmp_path / "o"
    )
    assert ran.code == 0
    names = ["compare.csv", "arrhenius.pdf", "arrhenius.png", "nyquist.pdf", "nyquist.png"]
    assert ran.out.split() == [str(tmp_path / "o" / name) for name in names]
    assert "Cells compared" in ran.err
    with (tmp_path / "o/compare.csv").open(newline="", encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    assert tuple(read[0]) == COMPARISON
    last = read[-1]
    assert (last["contribution"], last["cell"], last["ratio_significant"]) == ("interface", "B x", "yes")
    assert float(last["ratio_ci95_low"]) < 2 < float(last["ratio_ci95_high"])
    assert last["difference_significant"] == "no"
    again = eisfit("compare", cells / "A", cells / "B", "-o", tmp_path / "o")
    assert again.code == 2
    assert "exists already" in again.err


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_the_table_fits_a_terminal_without_broken_words(cells: Path, width: int) -> None:
    both = {
        name: store.load(cells / name[0] / "eisfit.h5")
        for name in ("A as made", "B after_100_cycles_at_60_C")
    }
    out = io.StringIO()
    print_comparison(Console(file=out, width=width), comparison_rows(both))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    words = {word for line in lines for word in re.split(r"[\s│┃]+", line)}
    assert {"contribution", "boundary", "interface", "95", "interval"} <= words
    assert {"A", "as", "made"} <= words


def test_json_holds_the_table(eisfit: Command, cells: Path) -> None:
    ran = eisfit(
        "compare", cells / "A", cells / "B", "--contribution", "interface", "--at", "40", "--json", "-q"
    )
    data = json.loads(ran.out)
    assert [row["cell"] for row in data["compare"]] == ["A", "B"]
    assert {row["reference_c"] for row in data["compare"]} == {40.0}
    assert data["compare"][0]["ratio"] is None
    assert ran.err == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["A"], "1 file was given: name the results of two cells or more"),
        ([""], "name the results of two cells or more, as eisfit compare {cells}/A {cells}/B"),
        (["A", "B", "--label", "x"], "1 labels were given for 2 files: give one --label for each"),
        (["A", "B", "--label", "x", "--label", "x"], "two cells have the same name (x, x)"),
        (["A", "single.h5"], "holds results of single fits, which have no line"),
        (["A", "B", "--contribution", "bulke"], "no contribution 'bulke' in these cells; there are"),
    ],
)
def test_what_cannot_be_compared_is_said(
    eisfit: Command, cells: Path, arguments: list[str], sentence: str
) -> None:
    ran = eisfit("compare", *(cells / a if (cells / a).exists() else a for a in arguments))
    assert ran.code == 2
    assert sentence.format(cells=cells) in ran.err


def test_a_difference_has_the_error_of_both_and_the_ratio_that_of_areas() -> None:
    cells: dict[str, Series] = {"A": four_electrode(), "B": other_cell()}
    first, second = comparison_rows(cells, contributions=["interface"])
    a, b = (series.arrhenius("interface") for series in cells.values())
    assert second["difference_ev"] == pytest.approx(b.activation_energy_ev - a.activation_energy_ev)
    half = [(high - low) / 2 for low, high in (a.ci95_ev, b.ci95_ev)]
    assert second["difference_ci95_ev"] == pytest.approx(math.hypot(*half))
    assert first["value"] == pytest.approx(a.references[0].value)
    assert second["ratio"] == pytest.approx(b.references[0].value / a.references[0].value)
    assert "ratio" not in first


def test_plot_takes_ordinate_contribution_limits_and_names(
    eisfit: Command, cells: Path, tmp_path: Path
) -> None:
    options = ["--ordinate", "log10(asr)", "--contribution", "interface", "--xlim", "2.9,3.8", "--data"]
    names = ["--label", "interface=LLTO | LP30", "--energy-unit", "kJ/mol", "-o", tmp_path]
    ran = eisfit("plot", cells / "A/eisfit.h5", "arrhenius", *options, *names)
    assert ran.code == 0
    with (tmp_path / "arrhenius.csv").open(newline="", encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    assert {(r["contribution"], r["ordinate"], r["unit"]) for r in read} == {
        ("interface", "log10(ASR)", "Ω cm²")
    }
    assert min(float(r["inverse_temperature_1000_per_k"]) for r in read) == pytest.approx(2.9)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["arrhenius", "--xlim", "3"],
            "--xlim '3': give the lower and the upper limit with a comma between them",
        ),
        (["nyquist", "--ordinate", "R"], "a figure 'nyquist' takes no ordinate; it is for arrhenius"),
        (["arrhenius", "--label", "interface"], "--label 'interface': write a contribution, an equals sign"),
        (["arrhenius", "--label", "interfac=x"], "no contribution 'interfac' (did you mean 'interface'?)"),
        (["arhenius"], "no figure kind 'arhenius' (did you mean 'arrhenius'?); known: "),
    ],
)
def test_a_choice_that_a_figure_cannot_take_is_said(
    eisfit: Command, cells: Path, tmp_path: Path, options: list[str], sentence: str
) -> None:
    ran = eisfit("plot", cells / "A/eisfit.h5", *options, "-o", tmp_path)
    assert ran.code == 2
    assert sentence in ran.err


def test_figures_of_series_say_what_single_fits_lack(eisfit: Command, cells: Path, tmp_path: Path) -> None:
    for kind in ("arrhenius", "parameters", "capacitances"):
        ran = eisfit("plot", cells / "single.h5", kind, "-o", tmp_path)
        assert ran.code == 2
        assert "fit them as a series with eisfit series" in ran.err
