"""Where two minima fit equally well, no value is said that only one of them has."""

from __future__ import annotations

import math

import numpy as np
import pytest

import eisfit
from eisfit import Outcome

NESTED = "R0-p(R1,C1)-p(R2-p(R3,C3),C2)"
F = np.logspace(6, -2, 57)


def measured(text: str, values: dict[str, float], seed: int) -> eisfit.Spectrum:
    z = eisfit.Circuit.from_text(text).impedance(F, values)
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size)
    return eisfit.Spectrum(F, z + 0.004 * np.abs(z) * noise, label=f"seed {seed}")


@pytest.mark.parametrize("seed", range(4))
def test_a_ladder_in_series_with_an_arc_is_two_circuits_in_one(seed: int) -> None:
    values = {"R0": 100.0, "R1": 300.0, "C1": 1e-8, "R2": 200.0, "R3": 800.0, "C3": 1e-4, "C2": 1e-6}
    fit = eisfit.fit(measured(NESTED, values, seed), NESTED, seed=seed)
    assert fit.outcome is Outcome.AMBIGUOUS
    assert fit["R0"].resistance_ohm == pytest.approx(100.0, rel=0.03)
    for row in fit.contributions[1:]:
        assert math.isnan(row.resistance_ohm)
        assert row.cause == "another minimum"
        assert "another minimum that fits as well has" in row.note


def test_seeds_agree_or_say_that_they_need_not() -> None:
    rng = np.random.default_rng(3)
    for number in range(6):
        values = {
            name: 10 ** (rng.uniform(0.5, 3.5) if name[0] == "R" else rng.uniform(-9, -3))
            for name in eisfit.Circuit.from_text(NESTED).names
        }
        fits = [eisfit.fit(measured(NESTED, values, number), NESTED, seed=seed) for seed in range(2)]
        for one, other in zip(*(f.contributions for f in fits), strict=True):
            if math.isfinite(one.resistance_ohm) and math.isfinite(other.resistance_ohm):
                low, high = one.ci95_ohm
                margin = 0.05 * one.resistance_ohm
                assert low - margin < other.resistance_ohm < high + margin


def test_equal_arcs_that_change_places_are_one_minimum() -> None:
    values = {"R0": 10.0, "R1": 100.0, "C1": 1e-8, "R2": 300.0, "C2": 1e-5}
    fit = eisfit.fit(measured("R0-p(R1,C1)-p(R2,C2)", values, 1), "R0-p(R1,C1)-p(R2,C2)")
    assert fit.outcome is Outcome.GOOD
    assert [c.resolved for c in fit.contributions] == ["yes"] * 3


@pytest.mark.parametrize("loss", ["soft_l1", "cauchy", "student_t"])
def test_a_robust_loss_says_it_as_well(loss: str) -> None:
    values = {"R0": 100.0, "R1": 300.0, "C1": 1e-8, "R2": 200.0, "R3": 800.0, "C3": 1e-4, "C2": 1e-6}
    fit = eisfit.fit(measured(NESTED, values, 0), NESTED, loss=loss)
    assert fit.outcome is Outcome.AMBIGUOUS
    assert fit["R0"].resistance_ohm == pytest.approx(100.0, rel=0.03)
    assert [row.cause for row in fit.contributions[1:]] == ["another minimum"] * (len(fit.contributions) - 1)


@pytest.mark.parametrize("loss", ["soft_l1", "cauchy", "student_t"])
def test_a_robust_loss_keeps_values_of_one_minimum(loss: str) -> None:
    values = {"R0": 10.0, "R1": 100.0, "C1": 1e-8, "R2": 300.0, "C2": 1e-5}
    fit = eisfit.fit(measured("R0-p(R1,C1)-p(R2,C2)", values, 1), "R0-p(R1,C1)-p(R2,C2)", loss=loss)
    assert fit.outcome is Outcome.GOOD
    assert [c.resolved for c in fit.contributions] == ["yes"] * 3
