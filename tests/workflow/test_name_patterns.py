"""The pattern of temperatures is found from names, and nothing else is taken for a temperature."""

from __future__ import annotations

import pytest

from eisfit.workflow.name_patterns import pattern_of_names
from eisfit.workflow.temperature_names import temperature_from_name


@pytest.mark.parametrize(
    ("names", "pattern", "temperatures"),
    [
        (["llto_25C", "llto_-10C"], "{temperature_c}C", [25, -10]),
        (["25 °C/EIS", "40 °C/EIS"], "{temperature_c}C", [25, 40]),
        (["minus10C", "0C", "25C"], "{temperature_c}C", [-10, 0, 25]),
        (["m10C", "p25C"], "{temperature_c}C", [-10, 25]),
        (["T25_a", "T40_a"], "T{temperature_c}", [25, 40]),
        (["T-10", "T+25"], "T{temperature_c}", [-10, 25]),
        (["Temp_25_x", "Temp_40_x"], "Temp_{temperature_c}", [25, 40]),
        (["cell T=25", "cell T=40"], "T={temperature_c}", [25, 40]),
        (["a_300K", "a_320K"], "{temperature_c}C", [26.85, 46.85]),
        (["25,5 Grad", "30,5 Grad"], "{temperature_c}C", [25.5, 30.5]),
        (["s04147-140deg", "s04147-150deg", "Example2c"], "{temperature_c}C", [140, 150, None]),
        (["2024-03-01_LLZO_25C_01", "2024-03-02_LLZO_40C_02"], "{temperature_c}C", [25, 40]),
        (["A/25C", "A/40C", "B/25C", "B/40C"], "{temperature_c}C", [25, 40, 25, 40]),
        (["25C/900C_pellet", "40C/900C_pellet"], "{temperature_c}C/", [25, 40]),
        (["cell_0.1C_25C", "cell_0.1C_40C"], "C_{temperature_c}C", [25, 40]),
        (["SOC50_25C", "SOC50_5C"], "{temperature_c}C", [25, 5]),
        (["60C_C01", "60C_C02"], "{temperature_c}C", [60, 60]),
        (["25C"], "{temperature_c}C", [25]),
    ],
)
def test_a_unit_or_a_word_tells_the_temperature(
    names: list[str], pattern: str, temperatures: list[float | None]
) -> None:
    found = pattern_of_names(names)
    assert found is not None
    assert found.sure
    assert found.pattern == pattern
    assert found.temperature_c == pytest.approx(temperatures)


@pytest.mark.parametrize(
    ("names", "temperatures"),
    [
        (["cell_20", "cell_40"], [20, 40]),
        (["20", "40"], [20, 40]),
        (["a/-20", "a/20"], [-20, 20]),
        (["25", "minus10"], [25, -10]),
        (["cell_25_1", "cell_40_1"], [25, 40]),
        (["2024-03-01_LLZO_25_01", "2024-03-02_LLZO_40_02"], [25, 40]),
    ],
)
def test_a_bare_number_is_a_suggestion_that_reads_as_it_says(
    names: list[str], temperatures: list[float]
) -> None:
    found = pattern_of_names(names)
    assert found is not None
    assert not found.sure
    assert found.temperature_c == pytest.approx(temperatures)
    assert [temperature_from_name(n, found.pattern)[0] for n in names] == pytest.approx(temperatures)


@pytest.mark.parametrize(
    "names",
    [
        ["cell_1", "cell_2", "cell_3"],
        ["cell_0.1C", "cell_1C", "cell_2C"],
        ["000_mvdc", "025_mvdc"],
        ["SOC10", "SOC50", "SOC90"],
        ["run10", "run20"],
        ["10h", "20h"],
        ["a", "b"],
        ["PEIS_C01", "PEIS_C02"],
        ["2023", "2024"],
        ["x_10mV", "x_20mV"],
    ],
)
def test_rates_running_numbers_and_other_units_are_no_temperatures(names: list[str]) -> None:
    assert pattern_of_names(names) is None
