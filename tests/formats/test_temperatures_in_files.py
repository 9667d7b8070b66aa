"""Temperatures that files state above their table or in columns: every spelling, the measured before the set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eisfit.formats import read_file
from support.formats_text import F, Z, table

HEADINGS = "f/Hz;Z'/Ohm;Z''/Ohm"
LINES = {
    "Chamber temperature (K): 278.07": 4.92,
    "Furnace temp. (ºC) = 300": 300.0,
    "Oven temperature;25,5;°C": 25.5,
    "Ofentemperatur: 40,5 °C": 40.5,
    "Solltemperatur [°C]: 60": 60.0,
    "Temperature (set): 60 °C": 60.0,
    "T_set = 60 C": 60.0,
    "Set point temperature: 350 K": 76.85,
    "Temperature of sample (°C): 24.9": 24.9,
    "# Sample temperature,25.2,C": 25.2,
    "Temperature [deg C]: 30": 30.0,
    "Temperature: 30 deg C": 30.0,
    "Temperatur\t22,5\tGrad": 22.5,
    "temperature_c = 33": 33.0,
    "T: 300 K": 26.85,
    "Temperature: –5 °C": -5.0,
    "Temperature: −5 °C": -5.0,
    "Temperature: 298.15 K (25 °C)": 25.0,
    "Temperature / K = 313.15": 40.0,
    "# T / K = 250": -23.15,
    "Sample temperature / °C: 41.5": 41.5,
    "Température: 37,0 °C": 37.0,
    "Temperatura: 60 °C": 60.0,
    "Temperature (set): 30 °C; Temperature (measured): 28.4 °C": 28.4,
    "Sample: LLZO; Sample temperature: 298.15 K | operator: 7": 25.0,
    "Furnace setpoint = 30 °C": 30.0,
    "Oven: 31 °C": 31.0,
    "Sample: 3 C": None,
    "Cell: 4 K": None,
    "Comment: after heating, T = 300 °C": None,
    "Heating rate / K/min = 5": None,
    "Room temperature: 22 °C": None,
    "Max temperature: 99 °C": None,
    "Temperature: 25": None,
    "Chamber pressure (MPa): 25": None,
}


def read(tmp_path: Path, lines: str, headings: str = HEADINGS, extra: tuple[float, ...] = ()) -> object:
    path = tmp_path / "a.txt"
    columns = [F, Z.real, Z.imag, *(np.full(F.size, value) for value in extra)]
    path.write_text(lines + "\n" + table(headings, columns, ";"), encoding="utf-8")
    (s,) = read_file(path)
    return s


@pytest.mark.parametrize(("line", "temperature"), LINES.items(), ids=list(LINES))
def test_a_line_above_the_table_states_the_temperature(
    tmp_path: Path, line: str, temperature: float | None
) -> None:
    found = read(tmp_path, line).conditions.temperature_c  # type: ignore[attr-defined]
    assert found == (None if temperature is None else pytest.approx(temperature))


@pytest.mark.parametrize("turned", [False, True])
def test_the_measured_temperature_goes_before_the_set_one_with_a_finding(
    tmp_path: Path, turned: bool
) -> None:
    lines = ["Set temperature: 60 °C", "Oven temperature: 61.2 °C", "Sample temperature: 58.7 °C"]
    s = read(tmp_path, "\n".join(lines[::-1] if turned else lines))
    assert s.conditions.temperature_c == 58.7  # type: ignore[attr-defined]
    assert "58.7 °C, nearest to the sample, was taken" in s.finding  # type: ignore[attr-defined]


def test_temperatures_that_agree_need_no_finding(tmp_path: Path) -> None:
    s = read(tmp_path, "Set temperature: 60 °C\nSample temperature: 60.1 °C")
    assert (s.conditions.temperature_c, s.finding) == (60.1, "")  # type: ignore[attr-defined]


def test_two_measured_temperatures_that_differ_are_not_taken(tmp_path: Path) -> None:
    s = read(tmp_path, "Sample temperature: 25 °C\nCell temperature: 60 °C")
    assert s.conditions.temperature_c is None  # type: ignore[attr-defined]
    assert "25 and 60 °C: none was taken" in s.finding  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "names",
    [
        ("Furnace temperature / °C", "Sample temperature / °C"),
        ("T set (°C)", "T sample (°C)"),
        ("T_soll [°C]", "T_ist [°C]"),
        ("Chamber temperature (°C)", "Cell temp (°C)"),
        ("Temperature (°C)", "Sample temperature (°C)"),
        ("Temp/°C", "T_ist/°C"),
        ("Set Temp (C)", "Actual temperature (ºC)"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_column_of_the_sample_goes_before_a_set_one(
    tmp_path: Path, names: tuple[str, str], turned: bool
) -> None:
    pairs = list(zip(names, (60.0, 58.5), strict=True))[:: -1 if turned else 1]
    headings = ";".join([HEADINGS, *(name for name, _ in pairs)])
    s = read(tmp_path, "", headings, tuple(value for _, value in pairs))
    assert s.conditions.temperature_c == 58.5  # type: ignore[attr-defined]
