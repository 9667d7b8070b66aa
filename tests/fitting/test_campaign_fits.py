"""Scenarios with letters: their joint fits find the truth, with errors that hold."""

from __future__ import annotations

import math

import numpy as np
import pytest

import eisfit
from benchmarks import scenarios
from eisfit.simulate import Simulation, simulate


def fitted(made: Simulation) -> eisfit.Series:
    """Return the joint fit of a simulated campaign with its complements."""
    return scenarios.fitted(made, "complement")


def joint_pulls(made: Simulation, series: eisfit.Series) -> dict[str, list[float]]:
    """Return (found - true) / error of every resistance of the joint fit."""
    assert series.joint is not None
    found: dict[str, list[float]] = {}
    for k in range(len(series)):
        for row in series.joint.contributions(k):
            name = scenarios.ARCS.get(row.name, row.name)
            if math.isfinite(row.resistance_ohm) and name in {*made.scenario.parts, *made.scenario.sums}:
                true = made.true_resistance_ohm(k, name)
                found.setdefault(name, []).append((row.resistance_ohm - true) / row.resistance_stderr_ohm)
    return found


@pytest.mark.parametrize("letter", ["C", pytest.param("D", marks=pytest.mark.slow)])
def test_ten_series_without_laws_have_errors_that_hold(letter: str) -> None:
    found: dict[str, list[float]] = {}
    for seed in range(200, 210):
        made = simulate(letter, seed=seed)
        for name, pulls in joint_pulls(made, fitted(made)).items():
            found.setdefault(name, []).extend(pulls)
    assert set(found) >= {"interphase", "charge transfer", "liquid + bulk"}
    for name, pulls in found.items():
        assert len(pulls) == 60, name
        assert np.std(pulls) < 1.6, name
        assert abs(np.mean(pulls)) < 1.2, name  # what is shared is one value a series: ten in all


def test_the_twin_gives_the_interface_of_two_electrodes_by_itself() -> None:
    made = simulate("E", seed=4)
    series = fitted(made)
    assert series.names == ("polymer + bulk", "grain boundary", "interface + electrode")
    assert series.joint is not None
    for k in range(len(series)):
        interface = series.joint.contribution(k, "interface")
        true = made.true_resistance_ohm(k, "interface")
        assert interface.resolved == "yes"
        assert abs(interface.resistance_ohm - true) < 4 * interface.resistance_stderr_ohm
        assert interface.resistance_stderr_ohm < 0.01 * true
    energy = series.joint.law("interface")["E"]
    assert abs(energy.value - 1.0) < 4 * energy.stderr < 0.04


@pytest.mark.slow  # docs/scenarios/k.md, which the tests run, prints such a limit
def test_a_joint_limit_of_what_is_not_there_is_smaller_than_the_best_single_one() -> None:
    made = simulate("K", seed=0)
    series = fitted(made)
    assert series.joint is not None
    single = [f["interface"].limit_ohm for f in series]
    joint = [series.joint.contribution(k, "interface").limit_ohm for k in range(len(series))]
    assert all(0 < one < other for one, other in zip(joint, single, strict=True))
    assert min(joint) < 0.8 * min(single)


def energy_pulls(made: Simulation, series: eisfit.Series) -> dict[str, list[float]]:
    """Return the pulls of the energies of the joint fit."""
    assert series.joint is not None
    found: dict[str, list[float]] = {}
    for law in series.joint.laws:
        part = made.scenario.parts.get(law.contribution)
        if part is not None and part.melting_c is None and law.contribution != "pore":
            pull = (law["E"].value - part.activation_energy_ev) / law["E"].stderr
            found.setdefault(f"E_A {law.contribution}", []).append(pull)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("letter", [*"ABEFGHIJ"])
def test_resistances_and_energies_of_a_joint_fit_have_pulls_of_width_one(letter: str) -> None:
    found: dict[str, list[float]] = {}
    for seed in range(300, 340):
        made = simulate(letter, seed=seed)
        series = fitted(made)
        for name, pulls in (joint_pulls(made, series) | energy_pulls(made, series)).items():
            found.setdefault(name, []).extend(pulls)
    said = {name: f"{np.mean(p):+.2f}, width {np.std(p):.2f}, {len(p)}" for name, p in found.items()}
    print(letter, said)
    # 40 independent energies: the width is uncertain by 11 %, the mean by 0.16
    assert all(0.7 < np.std(p) < 1.35 and abs(np.mean(p)) < 0.5 for p in found.values()), said


@pytest.mark.parametrize("seed", [0, pytest.param(6, marks=pytest.mark.slow)])
def test_a_tail_of_polymer_and_bulk_is_not_taken_from_an_arc_that_is_hardly_in_the_window(seed: int) -> None:
    series = eisfit.fit_series(simulate("G", seed=seed).spectra, eisfit.template("pe_se_spei", electrodes=4))
    assert not any(fit.missed for fit in series)
