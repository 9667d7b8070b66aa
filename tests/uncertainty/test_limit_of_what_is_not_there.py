"""An upper limit of a circuit without expected capacitances is set by the data, not by a bound of the search."""

from __future__ import annotations

import math

import numpy as np
import pytest

import eisfit
from support.cells import noisy


def resistor_and_blocking_element() -> eisfit.Spectrum:
    """Return a spectrum of 3 ohm and a constant-phase element: no arc."""
    f = np.logspace(5, -2, 71)
    return eisfit.Spectrum(f, noisy(3 + 1 / (4e-3 * (2j * np.pi * f) ** 0.93), 0.004, 6))


def test_the_limit_of_an_absent_arc_is_that_of_its_profile_for_every_seed() -> None:
    spectrum = resistor_and_blocking_element()
    limits = []
    for seed in range(3):
        row = eisfit.fit(spectrum, "R0-p(R1,CPE1)-CPE2", seed=seed)["p(R1,CPE1)"]
        assert row.resolved == "upper limit"
        assert math.isnan(row.resistance_ohm)
        limits.append(row.limit_ohm)
    largest = float(np.abs(spectrum.z_ohm).max())
    assert max(limits) < 0.1 * largest
    assert max(limits) == pytest.approx(min(limits), rel=0.3)


def test_the_limit_of_an_arc_that_is_there_lies_above_it() -> None:
    f = np.logspace(5, -2, 71)
    z = 3 + 0.05 / (1 + 2j * np.pi * f * 1e-3) + 1 / (4e-3 * (2j * np.pi * f) ** 0.93)
    fit = eisfit.fit(eisfit.Spectrum(f, noisy(z, 0.004, 6)), "R0-p(R1,CPE1)-CPE2")
    row = fit["p(R1,CPE1)"]
    if row.resolved == "upper limit":
        assert row.limit_ohm > 0.05
    else:
        assert row.ci95_ohm[0] <= 0.05 <= row.ci95_ohm[1]
