"""Conditions as a lab writes them: numbers of its own, lengths in mm, tables from spreadsheets."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from eisfit import store, tables
from eisfit.errors import ManifestError
from eisfit.formats.delimited_text import write_csv
from eisfit.results.series import Series
from eisfit.workflow.manifest import read_manifest, with_template
from eisfit.workflow.read import read_spectra
from eisfit.workflow.run import RunOptions, run_series
from support.cells import le_se_faded, le_se_values, measured
from support.commands import Command

CIRCUIT = 'circuit = "R0-p(R1,CPE1)-p(R2,CPE2)"\n'


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """Return a folder with two spectra."""
    for k, name in enumerate(("a", "b")):
        write_csv(tmp_path / f"{name}.csv", measured(le_se_faded(), le_se_values(), seed=k))
    return tmp_path


def written(lab: Path, text: str) -> Path:
    (lab / "series.toml").write_text(text, encoding="utf-8")
    return lab


def two(a: str, b: str) -> str:
    return f'[[spectrum]]\nfile = "a.csv"\n{a}\n[[spectrum]]\nfile = "b.csv"\n{b}\n'


@pytest.mark.parametrize("over", ["soc", "pressure_mpa", "pH", "strain_percent"])
def test_a_series_runs_over_any_number_which_stands_in_every_table(lab: Path, over: str) -> None:
    text = f'{CIRCUIT}over = "{over}"\ncycle_number = 3\n' + two(f"{over} = 70", f"{over} = 10.5")
    out = lab / "out"
    run = run_series(read_manifest(written(lab, text)), RunOptions(output=out, figures=True))
    assert isinstance(run.result, Series)
    assert [f.label for f in run.result] == ["b", "a"]
    for name in ("spectra", "parameters", "contributions"):
        with (out / f"{name}.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert list(rows[0])[list(rows[0]).index("temperature_c") + 1 :][:2] == [over, "cycle_number"]
        assert {(r["spectrum"], float(r[over]), float(r["cycle_number"])) for r in rows} == {
            ("a", 70.0, 3.0),
            ("b", 10.5, 3.0),
        }
    back = store.load(out / "eisfit.h5")
    assert back == run.result
    assert back[0].spectrum.conditions.own == {over: 10.5, "cycle_number": 3.0}


def test_an_own_condition_is_a_column_in_hdf5(lab: Path) -> None:
    import h5py

    spectra, _ = read_spectra(read_manifest(written(lab, 'over = "soc"\n' + two("soc = 70", "soc = 10"))))
    store.save(lab / "x.h5", spectra)
    with h5py.File(lab / "x.h5") as file:
        assert list(file["entry/tables/spectra/soc"]) == [70.0, 10.0]


def test_the_condition_of_a_series_over_the_bias_stands_in_its_tables(lab: Path) -> None:
    text = f'{CIRCUIT}over = "bias_v"\n' + two("bias_v = 0.2", "bias_v = 0.1")
    found = tables.tables(run_series(read_manifest(written(lab, text))).result)
    for name in ("spectra", "parameters", "contributions"):
        assert {row["bias_v"] for row in found[name]} == {0.1, 0.2}
        assert tables.columns_in(name, found[name])[-len(tables.TABLES[name]) :] != tables.TABLES[name]


def test_files_without_any_condition_are_a_batch(lab: Path) -> None:
    text = f'{CIRCUIT}files = "?.csv"\n[parameter.R0]\nfixed = 4.0\n'
    run = run_series(read_manifest(written(lab, text)))
    assert isinstance(run.result, tuple)
    assert [f.label for f in run.result] == ["a", "b"]
    assert {p.value for f in run.result for p in f.parameters if p.name == "R0"} == {4.0}


def test_a_batch_says_that_it_is_no_series(eisfit: Command, lab: Path) -> None:
    ran = eisfit("series", written(lab, f'{CIRCUIT}files = "?.csv"'))
    assert ran.code == 0
    assert "no spectrum has a temperature_c, so each was fitted by itself" in ran.err


def test_names_with_temperatures_are_no_batch(lab: Path) -> None:
    for name in ("a", "b"):
        (lab / f"{name}.csv").rename(lab / f"{name}_25C.csv")
    with pytest.raises(
        ManifestError, match=r"temperature_c of 'a_25C' is missing.* set temperature_from_name"
    ):
        read_spectra(read_manifest(written(lab, 'files = "*C.csv"')))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("temprature_c = 25", "unknown key 'temprature_c'; did you mean temperature_c"),
        ("temp_c = 25", "unknown key 'temp_c'; write it under a known key .*temperature_c"),
        ("thickness_nm = 25", "unknown key 'thickness_nm'; did you mean thickness_[mu]m"),
        ("area_m2 = 25", "unknown key 'area_m2'; did you mean"),
        ("time_min = 25", "unknown key 'time_min'; write it under a known key .*time_h"),
        ("value = 25", "unknown key 'value'; 'value' is a column of the tables"),
        ("kind = 25", "unknown key 'kind'; 'kind' is a column of the tables"),
        ('"my soc" = 25', "'my soc' is no name for a condition"),
        ('soc = "full"', "unknown key 'soc'"),
        ("soc = true", "unknown key 'soc'"),
        ("soc = nan", "soc is nan: it must be finite"),
    ],
)
def test_a_name_that_is_none_of_ones_own_is_refused(lab: Path, text: str, sentence: str) -> None:
    with pytest.raises(ManifestError, match=sentence):
        read_manifest(written(lab, two(text, "soc = 3")))


def test_over_that_no_spectrum_has_is_refused_and_one_that_misses_it_is_named(lab: Path) -> None:
    with pytest.raises(ManifestError, match=r"over = 'sco' is no condition; known: .*, soc"):
        read_manifest(written(lab, 'over = "sco"\n' + two("soc = 1", "soc = 2")))
    with pytest.raises(ManifestError, match="soc of 'b' is missing"):
        read_spectra(read_manifest(written(lab, 'over = "soc"\n' + two("soc = 1", ""))))


GEOMETRIES = {
    "diameter_mm = 10\nthickness_mm = 1": (0.25 * math.pi, 0.1,
        "area 0.785 cm² = disc of 10 mm, thickness 0.1 cm = 1 mm"),
    "area_mm2 = 7850": (78.5, None, "area 78.5 cm² = disc of 100 mm"),
    "area_cm2 = 2\nthickness_um = 500": (2.0, 0.05, "area 2 cm² = disc of 16 mm, thickness 0.05 cm = 0.5 mm"),
    "area_cm2 = 2\ncell_constant_per_cm = 0.5": (2.0, 1.0, "area 2 cm² = disc of 16 mm, thickness 1 cm = 10 mm"),
    "thickness_mm = 1\ncell_constant_per_cm = 0.5": (0.2, 0.1,
        "area 0.2 cm² = disc of 5.05 mm, thickness 0.1 cm = 1 mm"),
    "area_cm2 = 2\nthickness_cm = 1": (2.0, 1.0, None),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), GEOMETRIES.items(), ids=[t.split("\n")[0] for t in GEOMETRIES])
def test_lab_units_of_geometry_are_converted_and_said_in_words(
    lab: Path, text: str, expected: tuple[float, float | None, str | None]
) -> None:
    area, thickness, words = expected
    spectra, _ = read_spectra(read_manifest(written(lab, f'{text}\nfiles = "?.csv"')))
    for s in spectra:
        assert s.conditions.area_cm2 == pytest.approx(area)
        assert s.conditions.thickness_cm == (None if thickness is None else pytest.approx(thickness))
        assert [f.text for f in s.findings if f.kind == "geometry"] == ([] if words is None else [words])


def test_the_geometry_is_echoed_once(lab: Path) -> None:
    from eisfit.tables.remarks import remarks

    text = f'{CIRCUIT}diameter_mm = 10\nfiles = "?.csv"'
    said = remarks(run_series(read_manifest(written(lab, text))).result)
    assert [line for line in said if "disc of" in line] == ["area 0.785 cm² = disc of 10 mm"]


def test_the_geometry_of_one_file_goes_before_that_of_all(lab: Path) -> None:
    text = 'area_cm2 = 1.0\n[[spectrum]]\nfile = "a.csv"\ndiameter_mm = 20\n[[spectrum]]\nfile = "b.csv"'
    (a, b), _ = read_spectra(read_manifest(written(lab, text)))
    assert a.conditions.area_cm2 == pytest.approx(math.pi)
    assert b.conditions.area_cm2 == 1.0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("area_cm2 = 1\ndiameter_mm = 10", "area_cm2 and diameter_mm state the same quantity; keep one"),
        ("thickness_mm = 1\nthickness_um = 10", "thickness_mm and thickness_um state the same quantity"),
        ("diameter_mm = -10", "diameter_mm is -10: it must be positive"),
        (
            "cell_constant_per_cm = 2",
            "is thickness over area; write area_cm2, diameter_mm or thickness_cm beside it",
        ),
        (
            "area_cm2 = 1\nthickness_cm = 1\ncell_constant_per_cm = 2",
            "thickness over area is 1; keep two of the three",
        ),
    ],
)
def test_a_geometry_that_contradicts_itself_is_refused(lab: Path, text: str, sentence: str) -> None:
    with pytest.raises(ManifestError, match=sentence):
        read_manifest(written(lab, f'{text}\nfiles = "?.csv"'))


TABLE = (
    "Datei;Temperatur [°C];Fläche (mm²);Dicke / µm;SOC (%);Druck_MPa\n"
    "a.csv;25,5;78,5;500;50;3,5\nb.csv;−10;78,5;500;60;3,5\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_csv_manifest_in_any_encoding_with_any_usual_heading(
    lab: Path, encoding: str, delimiter: str
) -> None:
    text = TABLE.replace(";", delimiter).replace("\n", "\r\n")
    text = text.replace("−", "-") if encoding == "cp1252" else text
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    (lab / "cells.csv").write_bytes(mark + text.encode(encoding))
    (a, b), _ = read_spectra(read_manifest(lab / "cells.csv"))
    assert (a.conditions.temperature_c, b.conditions.temperature_c) == (25.5, -10.0)
    assert a.conditions.area_cm2 == pytest.approx(0.785)
    assert a.conditions.thickness_cm == pytest.approx(0.05)
    assert dict(b.conditions.own) == {"soc_percent": 60.0, "Druck_MPa": 3.5}
    assert "temperature_c" in read_manifest(lab / "cells.csv").over


@pytest.mark.parametrize(
    ("heading", "cell", "name", "value"),
    [
        ("T/K", "298.15", "temperature_c", 25.0),
        ("Temperature (ºC)", "25", "temperature_c", 25.0),
        ("Temp. [deg C]", "25", "temperature_c", 25.0),
        ("Sample temperature / degC", "25", "temperature_c", 25.0),
        ("T in °C", "25", "temperature_c", 25.0),
        ("Area (cm²)", "2", "area_cm2", 2.0),
        ("Area/cm^2", "2", "area_cm2", 2.0),
        ("Diameter (mm)", "20", "area_cm2", math.pi),
        ("diameter_mm", "20", "area_cm2", math.pi),
        ("Thickness [mm]", "2", "thickness_cm", 0.2),
        ("DC bias / mV", "200", "bias_v", 0.2),
        ("Time (min)", "30", "time_h", 0.5),
        ("Concentration (mmol/L)", "10", "concentration_mol_l", 0.01),
    ],
)
def test_headings_of_a_manifest_are_those_of_spectra(
    lab: Path, heading: str, cell: str, name: str, value: float
) -> None:
    (lab / "cells.csv").write_text(f"File name,{heading}\na.csv,{cell}\n", encoding="utf-8")
    (entry,) = read_manifest(lab / "cells.csv").entries
    assert entry.conditions.number(name) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("file,temperature_c\na.csv,25,5\n", "3 cells under 2 headings; with decimal commas"),
        ("file,T/K,temperature_c\na.csv,298,25\n", "two columns state temperature_c"),
        ("file,electrodes\na.csv,2.5\n", "electrodes is '2.5'; it must be a whole number"),
        ("file,temprature_c\na.csv,25\n", "unknown column 'temprature_c'.* did you mean temperature_c"),
        ("file,Temperature (F)\na.csv,77\n", r"unknown column 'Temperature \(F\)'"),
        ("file,soc\na.csv,full\n", "line 2: soc is 'full'; it must be a number"),
        ("file,soc\na.csv,1_000\n", "soc is '1_000'; it must be a number"),
        ("file,value\na.csv,3\n", "'value' is a column of the tables"),
        ("file,area_cm2,diameter_mm\na.csv,3,4\n", "state the same quantity"),
    ],
)
def test_a_csv_manifest_that_could_be_misread_is_refused(lab: Path, text: str, sentence: str) -> None:
    (lab / "cells.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError, match=sentence):
        read_manifest(lab / "cells.csv")


def test_a_csv_manifest_gets_its_condition_from_the_caller(lab: Path) -> None:
    (lab / "cells.csv").write_text("file,soc\na.csv,70\nb.csv,10\n", encoding="utf-8")
    m = with_template(read_manifest(lab / "cells.csv"), "R0-p(R1,CPE1)-p(R2,CPE2)", None, over="soc")
    result = run_series(m).result
    assert isinstance(result, Series)
    assert result.condition == "soc"
    with pytest.raises(ManifestError, match="over = 'dod' is no condition"):
        with_template(m, None, None, over="dod")
