"""Temperatures in names of files and folders: real patterns, and no sign lost in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from eisfit.errors import ManifestError
from eisfit.formats.delimited_text import write_csv
from eisfit.workflow.manifest import read_manifest
from eisfit.workflow.read import read_spectra
from eisfit.workflow.temperature_names import name_in, temperature_from_name
from support.cells import le_se_faded, le_se_values, measured

ANY = "{temperature_c}C"


@pytest.mark.parametrize(
    ("name", "pattern", "temperature"),
    [
        ("T25_cell7", "T{temperature_c}_", 25.0),
        ("T-10_cell7", "T{temperature_c}_", -10.0),
        ("T–10_cell7", "T{temperature_c}_", -10.0),
        ("Tm10_cell7", "T{temperature_c}_", -10.0),
        ("Tneg10_cell7", "T{temperature_c}_", -10.0),
        ("T298.15K_cell7", "T{temperature_c}_", 25.0),
        ("run3_T-5.5_c", "T{temperature_c}_", -5.5),
        ("T25.5", "T{temperature_c}", 25.5),
        ("cell_20", "cell_{temperature_c}", 20.0),
        ("25 °C/EIS", "{temperature_c} °C/EIS", 25.0),
        ("lab/-25 °C/EIS_1/a", "{temperature_c} °C/EIS", -25.0),
        ("lab/– 25 ºC/EIS_1/a", "{temperature_c} °C/EIS", -25.0),
        ("lab/T25/eis", "T{temperature_c}/eis", 25.0),
        ("lab/T25/eis", "/T{temperature_c}", 25.0),
        ("25C_batch/a", "{temperature_c}C_*/", 25.0),
        ("25,5 Grad", ANY, 25.5),
        ("25,5 Grad Celsius", ANY, 25.5),
        ("-7 Celsius", ANY, -7.0),
        ("a_298.15 Kelvin", "{temperature_c}K", 25.0),
        ("25℃", ANY, 25.0),
        ("25˚C", ANY, 25.0),
        ("minus10C", ANY, -10.0),
        ("neg10C", ANY, -10.0),
        ("pellet_neg_10C", ANY, -10.0),
        ("cell_–10C", ANY, -10.0),
        ("cell_—10C", ANY, -10.0),
        ("cell(-20C)", ANY, -20.0),
        ("cell_-20C", "*{temperature_c}C", -20.0),
        ("cell_-20C", "cell*{temperature_c}C", -20.0),
        ("cell_m20C", "cell_{temperature_c}C", -20.0),
        ("cell_minus_20C", "_{temperature_c}C", -20.0),
        ("at_m30C_x", "at_{temperature_c}C", -30.0),
        ("25C_cell_25C", ANY, 25.0),
    ],
)
def test_a_pattern_finds_the_temperature_and_its_sign(name: str, pattern: str, temperature: float) -> None:
    assert temperature_from_name(name, pattern)[0] == pytest.approx(temperature)


@pytest.mark.parametrize("name", ["LLZO - 25 °C", "LLZO – 25 °C", "cell_-_25C", "cell- 25C", "cell-25C"])
def test_a_dash_that_parts_two_words_is_a_finding(name: str) -> None:
    value, findings = temperature_from_name(name, ANY)
    assert value == 25.0
    assert ["was read as a hyphen" in f.text for f in findings] == [True]


def test_a_dash_of_the_pattern_is_a_finding() -> None:
    value, (finding,) = temperature_from_name("cell_-20C", "-{temperature_c}C")
    assert value == 20.0
    assert "write m20 for a minus" in finding.text


@pytest.mark.parametrize("name", ["cell–10C", "cell—10C", "cell‑10C", "cell_M10C", "cell_n10C", "xm10C"])
def test_a_sign_that_stays_open_is_refused(name: str) -> None:
    with pytest.raises(ManifestError, match="leaves open whether"):
        temperature_from_name(name, ANY)


@pytest.mark.parametrize(
    ("name", "pattern", "sentence"),
    [
        ("T_-10_cell", "T{temperature_c}_", "contains no temperature"),
        ("25C/cell_30C_40C", ANY, "contains 2 temperatures"),
        ("20", "{temperature_c}", "contains no temperature"),
        ("20C", "{temperature_c}C_{temperature_c}C", "twice; keep one"),
    ],
)
def test_a_name_that_does_not_tell_is_refused(name: str, pattern: str, sentence: str) -> None:
    with pytest.raises(ManifestError, match=sentence):
        temperature_from_name(name, pattern)


def test_the_name_of_the_file_goes_before_that_of_the_folder() -> None:
    assert temperature_from_name("60C/cell_25C", ANY) == (25.0, ())
    value, (finding,) = temperature_from_name("60C/run/cell", ANY)
    assert value == 60.0
    assert finding.text == "60 °C was taken from the folder '60C'"


def test_what_looks_like_a_suffix_and_is_none_stays() -> None:
    assert name_in(Path("lab/cell_25.5C"), Path("lab")) == "cell_25.5C"
    assert name_in(Path("lab/a/b.25.mpt"), Path("lab")) == "a/b.25"


def test_a_series_in_folders_of_temperatures(tmp_path: Path) -> None:
    for k, name in enumerate(("-10 °C", "25 °C")):
        (tmp_path / name).mkdir()
        write_csv(tmp_path / name / "EIS.csv", measured(le_se_faded(), le_se_values(), seed=k))
    text = 'files = "*/*.csv"\ntemperature_from_name = "{temperature_c} °C/EIS"'
    (tmp_path / "series.toml").write_text(text, encoding="utf-8")
    spectra, _ = read_spectra(read_manifest(tmp_path))
    assert sorted(s.conditions.temperature_c or 0.0 for s in spectra) == [-10.0, 25.0]
