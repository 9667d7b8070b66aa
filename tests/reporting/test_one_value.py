"""A resistance has one value and one error, in the table of contributions and in that of parameters."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import eisfit
from support.cells import le_se_faded, le_se_values, measured, noisy


@cache
def loop() -> eisfit.Fit:
    """Return the fit of two overlapping arcs with an inductive loop, of which one arc is enough."""
    f = np.logspace(4, -3, 71)
    s = 2j * np.pi * f
    arcs = 0.0037 / (1 + 0.0037 * 5.5 * s**0.6) + 0.0011 / (1 + 0.0011 * 4 * s**0.81)
    z = noisy(0.0226 + arcs - 0.0009 / (1 + 20 * s), 0.001, 2)
    return eisfit.fit(eisfit.Spectrum(f, z), "R0-Zarc_1-Zarc_2-p(R3,L3)")


def test_a_resistor_beside_an_unseen_arc_keeps_its_value() -> None:
    row = loop()["R0"]
    parameter = next(p for p in loop().parameters if p.name == "R0")
    assert (row.resistance_ohm, row.resistance_stderr_ohm) == (parameter.value, parameter.stderr)
    assert row.resistance_ohm == pytest.approx(0.0217, abs=1e-4)


def test_the_sum_of_arcs_of_which_one_is_not_seen_keeps_its_value() -> None:
    row = loop()["Zarc_1 + Zarc_2"]
    (parameter,) = [p for p in loop().parameters if p.name.endswith("_R") and np.isfinite(p.value)]
    assert row.resistance_ohm == pytest.approx(parameter.value, rel=1e-12)
    assert row.resistance_stderr_ohm == pytest.approx(parameter.stderr, rel=1e-12)
    assert row.resistance_ohm == pytest.approx(0.0048, abs=1e-4)


def test_the_interval_allows_for_the_arc_that_is_not_seen() -> None:
    low, high = loop()["R0"].ci95_ohm
    assert low < 0.0215
    assert high > loop()["R0"].resistance_ohm


def test_a_profile_that_replaces_the_covariance_does_so_in_both_tables() -> None:
    values = le_se_values(50.0, (250.0, 1.5e-5, 0.9), (125.0, 4.5e-5, 0.9))
    fit = eisfit.fit(measured(le_se_faded(), values), "le_se")
    errors = {p.name: p.stderr for p in fit.parameters}
    for name, row in (("Zarc_gb_R", "grain boundary"), ("Zarc_int_R", "interface")):
        assert errors[name] == pytest.approx(fit[row].resistance_stderr_ohm / fit[row].count, rel=1e-9)
