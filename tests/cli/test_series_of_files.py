"""eisfit series on data files: no TOML, temperatures from files or names, several cells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eisfit import store
from eisfit.results.series import Series
from support.commands import Command, rows
from support.folders import CIRCUIT, ENERGY_EV, arc_at, folder_of, write_own_csv

BY = ("--circuit", CIRCUIT, "--no-figures", "-q")
WARM = {"cell_20C.csv": 20, "cell_40C.csv": 40, "cell_60C.csv": 60}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "data", WARM)


def result(folder: Path) -> Series:
    found = store.load(folder / "eisfit.h5")
    assert isinstance(found, Series)
    return found


@pytest.mark.parametrize("arguments", ["files", "pattern", "folder", "folder and file"])
def test_files_patterns_and_folders_are_a_series(eisfit: Command, data: Path, arguments: str) -> None:
    named = {
        "files": sorted(data.iterdir()),
        "pattern": [data / "*.csv"],
        "folder": [data],
        "folder and file": [data, data / "cell_20C.csv"],
    }[arguments]
    ran = eisfit("series", *named, *BY, "-o", data / "out")
    assert ran.code == 0
    assert ran.err == "eisfit: temperature from names, as {temperature_c}C: 20 to 60 °C\n"
    line = result(data / "out").arrhenius("p(R1,C1)", "ln(1/R)")
    assert line.activation_energy_ev == pytest.approx(ENERGY_EV, abs=0.01)
    assert line.points_used == 3


def test_what_is_typed_counts(eisfit: Command, data: Path) -> None:
    options = ("--template", "se_blocking", "--electrodes", 2, "--diameter-mm", 10, "--thickness-um", 500)
    cut = ("--f-min-hz", 10, "--f-max-hz", 1e5, "--without", "grain boundary")
    ran = eisfit("series", data, *options, *cut, "-q", "--no-figures", "-o", data / "out")
    assert ran.code in (0, 4)
    for fit in result(data / "out"):
        known = fit.spectrum.conditions
        assert known.area_cm2 == pytest.approx(0.785398, rel=1e-5)
        assert known.thickness_cm == pytest.approx(0.05)
        assert known.electrodes == 2
        used = fit.spectrum.frequency_hz[~fit.spectrum.mask]
        assert 10 <= used.min() < 11
        assert used.max() <= 1e5
        assert "area 0.785 cm² = disc of 10 mm, thickness 0.05 cm = 0.5 mm" in fit.spectrum.finding
        assert "Zarc_gb_R" not in fit.values


def test_options_count_before_the_manifest(eisfit: Command, data: Path) -> None:
    (data / "series.toml").write_text(
        'circuit = "R0"\nfiles = "*.csv"\narea_cm2 = 5.0\nthickness_cm = 1.0\nf_max_hz = 1e5\n'
        'temperature_from_name = "{temperature_c}C"\n',
        encoding="utf-8",
    )
    options = ("--cell-constant-per-cm", 0.5, "--thickness-mm", 5, "--f-min-hz", 10, "--f-max-hz", 2e5)
    refused = eisfit("series", data, *BY, *options)
    assert refused.code == 2
    assert "command line: cell_constant_per_cm = 0.5, but thickness over area is 0.1" in refused.err
    pattern = ("--temperature-from-name", "cell_{temperature_c}")
    ran = eisfit("series", data, *BY, *options[2:], "--area-mm2", 50, *pattern, "-o", data / "out")
    assert ran.code == 0
    for fit in result(data / "out"):
        known, used = fit.spectrum.conditions, fit.spectrum.frequency_hz[~fit.spectrum.mask]
        assert known.area_cm2 == 0.5
        assert known.thickness_cm == pytest.approx(0.5)
        assert 1e5 < used.max() <= 2e5
        assert "R1" in fit.values
    assert [f.spectrum.conditions.temperature_c for f in result(data / "out")] == [20, 40, 60]


def test_temperatures_of_the_files_go_before_their_names(eisfit: Command, tmp_path: Path) -> None:
    for celsius in (20, 40, 60):
        above = f"Temperature: {celsius + 0.5} °C\n"
        write_own_csv(tmp_path / f"x_{celsius}C.csv", arc_at(celsius), above)
    ran = eisfit("series", tmp_path / "*.csv", *BY, "-o", tmp_path / "out")
    assert (ran.code, ran.err) == (0, "")
    assert [f.spectrum.conditions.temperature_c for f in result(tmp_path / "out")] == [20.5, 40.5, 60.5]


def test_a_file_without_a_temperature_is_named_and_left_out(eisfit: Command, data: Path) -> None:
    write_own_csv(data / "other.csv", arc_at(30))
    ran = eisfit("series", data, *BY, "-o", data / "out")
    assert ran.code == 1
    (row,) = (r for r in rows(data / "out" / "spectra.csv") if r["spectrum"] == "other")
    assert "neither the file nor its name tells a temperature; it is left out" in row["outcome"]
    assert len(result(data / "out")) == 3


def test_a_series_over_another_condition_needs_no_temperature(
    eisfit: Command, real_spectra: Path, tmp_path: Path
) -> None:
    files = real_spectra / "series" / "zahner-vs-voltage" / "*.ism"
    ran = eisfit("series", files, *BY, "--over", "bias_v", "-o", tmp_path / "out")
    assert ran.code in (0, 4)
    assert result(tmp_path / "out").condition == "bias_v"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            ["cell_20", "cell_40"],
            "the names differ in a number that may be one (20 to 40 °C): if so, give "
            '--temperature-from-name "cell_{temperature_c}"',
        ),
        (["a", "b"], "'a': neither the file nor its name tells a temperature, nor does any other; give"),
    ],
)
def test_no_temperature_at_all_names_the_cure(
    eisfit: Command, tmp_path: Path, names: list[str], sentence: str
) -> None:
    folder_of(tmp_path, {f"{name}.csv": 20.0 + 20 * k for k, name in enumerate(names)})
    ran = eisfit("series", tmp_path / "*.csv", *BY)
    assert ran.code == 2
    assert sentence in ran.err
    cure = eisfit("series", tmp_path / "*.csv", *BY, "--temperature-from-name", "cell_{temperature_c}")
    assert cure.code == (0 if names[0] == "cell_20" else 2)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("data",), "no series.toml in this folder; write one by 'eisfit init"),
        (
            ("data/cell_20C.csv",),
            "name what to fit: --template NAME (see 'eisfit templates') or --circuit STRING",
        ),
        (("data/cell_20C.csv", "m.toml", *BY), "m.toml: this is a manifest, and it names its files itself"),
        (("gone", *BY), "gone: there is no such folder or file"),
        (
            ("data", "--area-cm2", 1, "--diameter-mm", 9, *BY),
            "area_cm2 and diameter_mm state the same quantity",
        ),
        (("data", "--area-cm2", -1, *BY), "area_cm2 is -1: it must be positive"),
        (("data", "--thickness-mm", 0, *BY), "thickness_mm is 0: it must be positive"),
        (("data", "--cell-constant-per-cm", 2, *BY), "write area_cm2, diameter_mm or thickness_cm beside it"),
        (("data", "--temperature-from-name", "x{temperature_c}", *BY), "contains no temperature"),
        (("data", "--temperature-from-name", "T", *BY), "has no {temperature_c} in it"),
        (("data", "--cell-from-name", "x", *BY), "must have {cell} in it once"),
        (("data", "--over", "nothing", *BY), "over = 'nothing' is no condition"),
        (("data", "--without", "interface", *BY), "interface"),
    ],
)
def test_wrong_arguments_give_one_sentence(
    eisfit: Command, data: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], sentence: str
) -> None:
    monkeypatch.chdir(data.parent)
    Path("m.toml").write_text('files = "data/*.csv"\n', encoding="utf-8")
    ran = eisfit("series", *arguments)
    assert ran.code == 2
    assert sentence in ran.err


def test_a_pattern_without_a_match_is_said_and_the_rest_is_done(eisfit: Command, data: Path) -> None:
    ran = eisfit("series", data / "*.csv", data / "*.xyz", *BY, "-o", data / "out")
    assert ran.code == 1
    assert len(result(data / "out")) == 3
    nothing = eisfit("series", data / "*.xyz", *BY)
    assert nothing.code == 3
    assert "no file matches this pattern" in nothing.err


def test_a_table_is_a_manifest_by_its_content(eisfit: Command, data: Path) -> None:
    (data / "all.csv").write_text(
        "File;T/K\n" + "".join(f"{name};{t + 273.15}\n" for name, t in WARM.items()), encoding="utf-8"
    )
    assert eisfit("series", data / "all.csv", *BY, "-o", data / "by_manifest").code == 0
    assert len(result(data / "by_manifest")) == 3
    ran = eisfit("series", data, *BY, "-o", data / "by_folder")
    assert ran.code == 0
    assert len(result(data / "by_folder")) == 3


def test_one_spectrum_says_why_there_is_no_energy(eisfit: Command, data: Path) -> None:
    ran = eisfit("series", data / "cell_20C.csv", *BY)
    assert ran.code == 0
    assert "one spectrum at one temperature (20 °C): there is no activation energy" in ran.err


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    for cell, factor in (("A", 1.0), ("B", 3.0)):
        folder_of(tmp_path / cell, {f"{t}C.csv": t for t in (20, 40, 60)}, factor)
    return tmp_path


def test_two_cells_that_are_not_told_apart_are_said(eisfit: Command, cells: Path) -> None:
    ran = eisfit("series", cells, *BY)
    assert "2 folders, as 'A/20C' and 'B/20C': |Z| differs by a factor of 3 at equal temperatures" in ran.err
    assert 'cell_from_name = "{cell}/" for all (--cell-from-name)' in ran.err


def test_each_cell_is_printed_and_written(eisfit: Command, cells: Path) -> None:
    out = cells / "out"
    ran = eisfit(
        "series", cells, "--circuit", CIRCUIT, "--no-figures", "--cell-from-name", "{cell}/", "-o", out
    )
    assert ran.code == 0
    for cell in "AB":
        assert f"cell {cell}: 3 spectra" in ran.err
        assert str(out / cell / "eisfit.h5") in ran.out
        assert len(result(out / cell)) == 3
    assert ran.err.count("Activation energies") == 2
    assert "differs by a factor" not in ran.err
    again = eisfit("series", cells, *BY, "--cell-from-name", "{cell}/", "-o", out)
    assert again.code == 2
    assert "holds results already" in again.err


def test_cells_as_json_have_a_key_each(eisfit: Command, cells: Path) -> None:
    ran = eisfit("series", cells, *BY, "--json", "--cell-from-name", "{cell}/")
    data = json.loads(ran.out)
    assert list(data) == ["cells"]
    assert {cell: len(tables["spectra"]) for cell, tables in data["cells"].items()} == {"A": 3, "B": 3}


def test_a_cell_that_cannot_be_fitted_stops_no_other(eisfit: Command, cells: Path) -> None:
    (cells / "series.toml").write_text(
        f'circuit = "{CIRCUIT}"\ntemperature_from_name = "{{temperature_c}}C"\n'
        'files = "*/*.csv"\ncell_from_name = "{cell}/"\n',
        encoding="utf-8",
    )
    for file in (cells / "A").iterdir():
        file.write_text("nothing\n", encoding="utf-8")
    ran = eisfit("series", cells, "-q", "--no-figures", "-o", cells / "out")
    assert ran.code == 1
    assert "cell A: not fitted: " in ran.err
    assert (cells / "out" / "B" / "eisfit.h5").exists()
    for file in (cells / "B").iterdir():
        file.write_text("nothing\n", encoding="utf-8")
    assert eisfit("series", cells, "-q").code == 3


def test_a_folder_without_data_is_said(eisfit: Command, tmp_path: Path) -> None:
    ran = eisfit("series", tmp_path, *BY)
    assert ran.code == 3
    assert f"{tmp_path}: there are no data files in this folder or below it" in ran.err


def test_what_all_cells_lack_is_said_once(eisfit: Command, cells: Path) -> None:
    (cells / "series.toml").write_text(
        'temperature_from_name = "{temperature_c}C"\nfiles = "*/*.csv"\ncell_from_name = "{cell}/"\n'
    )
    ran = eisfit("series", cells)
    assert ran.code == 2
    assert ran.err.count("no template is named") == 1
    assert ran.err.startswith(f"eisfit: cells A, B: {cells / 'series.toml'}: no template is named")
