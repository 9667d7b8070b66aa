"""Manifests as tables in any encoding and language; names that leave a sign or a decimal point open."""

from __future__ import annotations

from pathlib import Path

import pytest

from eisfit.errors import ManifestError
from eisfit.formats.raw_file import decoded
from eisfit.workflow.csv_manifest import is_manifest, lines_of
from eisfit.workflow.temperature_names import temperature_from_name

HEADINGS = [
    ("Datei;Temperatur [°C];Druck (MPa)", "cp1252"), ("File\tT (K)\tPressure (MPa)", "utf-16"),
    ("文件,温度(°C),druck_mpa", "gb18030"),
    ("Файл;Температура, °C;druck_mpa", "cp1251"), ("ファイル,温度[℃],druck_mpa", "shift_jis"),
    ("Fichier;Température (°C);druck_mpa", "cp1252"), ("Archivo;Temperatura (°C);druck_mpa", "cp1252"),
    ("filename,Temp_C,druck_mpa", "utf-8-sig"), ('"File","Temp (deg C)","Druck (MPa)"', "utf-8"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "encoding"), HEADINGS)
def test_a_manifest_is_read_in_its_encoding(heading: str, encoding: str) -> None:
    mark = next((m for m in ";\t" if m in heading), ",")
    value = "263.15" if "(K)" in heading else "-10"
    text = decoded(f"{heading}\nb.csv{mark}{value}{mark}1.5\n".encode(encoding))
    assert is_manifest(text)
    (line,) = lines_of(Path("cells.csv"), text)
    assert line.texts == {"file": "b.csv"}
    assert line.values == pytest.approx({"temperature_c": -10.0})
    assert list(line.own.values()) == [1.5]


def test_fahrenheit_is_no_temperature() -> None:
    with pytest.raises(ManifestError, match=r"unknown column 'T \(°F\)'"):
        lines_of(Path("cells.csv"), "file,T (°F)\na.csv,77\n")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cell_25p5C", "'p' before 5 is a decimal point"),
        ("sub10C", "'sub' before 10"),
        ("below_5C", "'below' before 5"),
    ],
)
def test_names_that_leave_a_number_open_are_refused(name: str, said: str) -> None:
    with pytest.raises(ManifestError, match=said):
        temperature_from_name(name, "{temperature_c}C")


@pytest.mark.parametrize(
    ("name", "temperature_c"),
    [("moins10C", -10.0), ("menos_10C", -10.0), ("glassub_10C", 10.0), ("p25C", 25.0)],
)
def test_words_for_minus_and_parts_of_others(name: str, temperature_c: float) -> None:
    assert temperature_from_name(name, "{temperature_c}C")[0] == temperature_c
