"""Groups of spectra that ought to agree at equal temperatures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eisfit.results.order import measured_order
from eisfit.results.passes import grouping_of
from eisfit.results.series import Series
from support.plots_samples import four_electrode


def groups(labels: list[str], temperatures: list[float], order: list[int] | None = None) -> Any:
    return grouping_of(labels, temperatures, list(range(len(labels))) if order is None else order)


def test_heating_and_cooling_are_found_in_the_order_measured() -> None:
    found = groups([f"c{k}" for k in range(5)], [20, 40, 60, 41, 20])
    assert (found.kind, found.names, found.of) == ("branches", ("heating", "cooling"), (0, 0, 0, 1, 1))
    found = groups([f"c{k}" for k in range(5)], [20, 20, 40, 41, 60], [0, 4, 1, 3, 2])
    assert found.of == (0, 1, 0, 1, 0)


def test_cooling_first_is_called_so() -> None:
    assert groups(["a", "b", "c", "d"], [60, 20, 40, 60]).names == ("cooling", "heating")


def test_a_jump_back_begins_a_second_pass() -> None:
    found = groups([f"c{k}" for k in range(6)], [0, 20, 40, 0, 20, 40])
    assert (found.kind, found.of) == ("passes", (0, 0, 0, 1, 1, 1))
    assert found.names == ("pass 1 (heating)", "pass 2 (heating)")


@pytest.mark.parametrize(
    "labels",
    [
        ["A_20C", "A_40C", "B_20C", "B_40C"],
        ["20C_A", "40C_A", "20C_B", "40C_B"],
        ["A-20.0degC", "A-40.0degC", "B-20.0degC", "B-40.0degC"],
        ["A_293K", "A_313K", "B_293K", "B_313K"],
        ["01_up_20C", "02_up_40C", "03_down_20C", "04_down_40C"],
        ["cell1_20C", "cell1_40C", "cell2_20C", "cell2_40C"],
    ],
)
def test_names_part_the_spectra_of_two_cells(labels: list[str]) -> None:
    temperatures = [19.85, 39.85] * 2 if labels[0].endswith("K") else [20.0, 40.0] * 2
    found = groups(labels, temperatures, [])
    assert found.kind == "names"
    assert found.of == (0, 0, 1, 1)


@pytest.mark.parametrize(
    ("labels", "temperatures"),
    [
        (["c_0C", "c_10C", "c_100C", "c_20C"], [0, 10, 100, 20]),  # sorted by name: no temperature twice
        (["A_20C", "A_40C", "B_60C", "B_80C"], [20, 40, 60, 80]),
        (["c_20C", "c_20C#2", "c_40C", "c_40C#2"], [20, 20, 40, 40]),  # drift is sought within a file
        (["c00_0C", "c01_10C", "c02_20C"], [0, 10, 20]),
    ],
)
def test_without_a_temperature_in_two_groups_there_are_none(
    labels: list[str], temperatures: list[float]
) -> None:
    assert groups(labels, temperatures) is None


def test_names_with_running_numbers_leave_the_order_to_tell() -> None:
    labels = [f"c{k:02d}_{t}C" for k, t in enumerate([0, 10, 20, 10, 0])]
    assert groups(labels, [0, 10, 20, 10, 0]).kind == "branches"
    assert groups(labels, [0, 10, 20, 10, 0], []) is None


def test_a_series_keeps_the_order_in_which_it_was_measured() -> None:
    spectra = [f.spectrum for f in four_electrode()]
    turned = [spectra[k] for k in (2, 0, 1)]
    assert measured_order(turned, "temperature_c") == ([1, 2, 0], (1, 2, 0))
    timed = [s.under(s.conditions.updated(time_h=t)) for s, t in zip(turned, (1.0, 3.0, 2.0), strict=True)]
    assert measured_order(timed, "temperature_c") == ([1, 2, 0], (2, 1, 0))
    fits = four_electrode().fits
    assert Series.over("temperature_c", fits[::-1]).order == (4, 3, 2, 1, 0)
    assert replace(four_electrode(), order=()).arrhenius("interface").checks.hysteresis.p != 0
