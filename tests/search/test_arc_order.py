"""What is set of the parameters of a circuit never changes silently which arc is which."""

from __future__ import annotations

import numpy as np
import pytest

import eisfit
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.results.fit import Fit
from support.cells import grid, le_se_faded, le_se_values, measured, noisy

TWO_ARCS = Template.from_circuit("R0-p(R1,CPE1)-p(R2,CPE2)")
FAST_AND_SLOW = [20.0, 408.0, 1e-7, 0.8, 1786.0, 1e-5, 0.95]
STAY = "p(R1,CPE1), p(R2,CPE2) stay in the order of their time constants"
CHANGED = "p(R1,CPE1) is now the slower arc and p(R2,CPE2) the faster one"


def spectrum() -> eisfit.Spectrum:
    return eisfit.Spectrum(grid(), noisy(TWO_ARCS.circuit.impedance(grid(), FAST_AND_SLOW), 0.003, 1))


def fitted(settings: dict[str, Setting | float | str]) -> Fit:
    return eisfit.fit(spectrum(), TWO_ARCS.setting(settings))


@pytest.mark.parametrize(
    "settings",
    [
        {"CPE1_alpha": 0.9},
        {"CPE1_alpha": 0.95},
        {"CPE2_alpha": 0.8},
        {"CPE1_alpha": Setting(low=0.9)},
        {"CPE2_alpha": "CPE1_alpha"},
        {"CPE1_alpha": "CPE2_alpha"},
    ],
)
def test_an_exponent_that_is_set_leaves_each_arc_where_it_was(
    settings: dict[str, Setting | float | str],
) -> None:
    found = fitted(settings)
    assert 330 < found.values["R1"] < 450
    assert 1600 < found.values["R2"] < 2000
    assert not any(CHANGED in remark for remark in found.remarks)


def test_that_another_order_would_fit_better_is_said() -> None:
    assert any(remark.startswith(STAY) for remark in fitted({"CPE1_alpha": 0.95}).remarks)
    assert not any(STAY in remark for remark in fitted({"CPE1_alpha": 0.8}).remarks)
    assert not any(STAY in remark for remark in fitted({}).remarks)


@pytest.mark.parametrize(
    "settings", [{"R1": 1786.0}, {"CPE1_Q": 1e-5}, {"R1": Setting(low=1000.0)}, {"R2": Setting(high=500.0)}]
)
def test_a_size_that_is_set_belongs_to_the_arc_of_that_size_and_the_new_order_is_said(
    settings: dict[str, Setting | float | str],
) -> None:
    found = fitted(settings)
    assert found.values["R1"] == pytest.approx(1786.0, rel=0.01)
    assert found.statistics is not None
    assert found.statistics.rms_percent < 0.5
    assert any(remark.startswith(CHANGED) for remark in found.remarks)
    assert CHANGED in found.sentence


@pytest.mark.parametrize("settings", [{"R1": 408.0}, {"R2": 1786.0, "CPE2_alpha": 0.95}, {"CPE1_Q": 1e-7}])
def test_a_size_in_its_place_changes_nothing(settings: dict[str, Setting | float | str]) -> None:
    found = fitted(settings)
    assert found.values["R1"] == pytest.approx(408.0, rel=0.01)
    assert found.remarks == ()


def test_a_start_alone_sets_nothing() -> None:
    found = fitted({"R1": Setting(start=1786.0)})
    assert found.values["R1"] == pytest.approx(408.0, rel=0.01)


def test_arcs_of_which_nothing_is_set_stay_in_order_beside_one_that_is() -> None:
    three = Template.from_circuit("p(R1,C1)-p(R2,C2)-p(R3,C3)")
    values = [100.0, 1e-3, 200.0, 1e-8, 300.0, 1e-6]
    z = noisy(three.circuit.impedance(grid(), values), 0.002, 3)
    found = eisfit.fit(eisfit.Spectrum(grid(), z), three.setting({"R1": 100.0}))
    tau = [found.values[f"R{k}"] * found.values[f"C{k}"] for k in (1, 2, 3)]
    assert found.values["R2"] == pytest.approx(200.0, rel=0.02)
    assert tau[1] < tau[2] < tau[0]
    assert any("p(R1,C1) is now the slower arc" in remark for remark in found.remarks)


def test_a_series_of_a_circuit_keeps_the_order_too() -> None:
    spectra = [
        eisfit.Spectrum(
            grid(),
            noisy(TWO_ARCS.circuit.impedance(grid(), np.array(FAST_AND_SLOW) * scale), 0.003, k),
            conditions=eisfit.Conditions(temperature_c=20.0 + 10 * k),
            label=f"s{k}",
        )
        for k, scale in enumerate(np.array([[1, s, 1, 1, s, 1, 1] for s in (1.0, 0.7, 0.5)]))
    ]
    for f in eisfit.fit_series(spectra, TWO_ARCS.setting({"CPE1_alpha": 0.9})):
        assert f.values["R1"] < f.values["R2"]


@pytest.mark.parametrize(
    "settings",
    [
        {"Zarc_int_alpha": 0.8},
        {"Zarc_gb_alpha": 0.8},
        {"Zarc_int_alpha": "Zarc_gb_alpha"},
        {"Zarc_int_R": "2.4*Zarc_gb_R"},
        {"Zarc_int_alpha": Setting(high=0.85)},
    ],
)
def test_arcs_of_a_cell_keep_their_segments(settings: dict[str, Setting | float | str]) -> None:
    truth = le_se_values(gb=(250.0, 2.5e-6, 0.95), interface=(500.0, 5e-4, 0.9))
    found = eisfit.fit(
        measured(le_se_faded(), truth), eisfit.template("le_se", electrodes=4).setting(settings)
    )
    assert found.values["Zarc_gb_R"] == pytest.approx(250.0, rel=0.2)
    assert found.values["Zarc_int_R"] == pytest.approx(500.0, rel=0.2)
    assert found["liquid + bulk"].resistance_ohm == pytest.approx(100.0, rel=0.2)
