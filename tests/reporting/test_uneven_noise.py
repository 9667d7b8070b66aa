"""Noise that differs over frequency is said; even noise is not."""

from __future__ import annotations

import numpy as np
import pytest

import eisfit
from eisfit import Fits, Spectrum
from support.cells import noisy

CIRCUIT = "R0-p(R1,CPE1)-W1"
TRUTH = {"R0": 10.0, "R1": 60.0, "W1": 6.0}
F = np.logspace(5, -2, 71)
SAID = "the noise differs over frequency"


def spectrum(seed: int, loud: float = 0.12) -> Spectrum:
    """Return a spectrum with 0.3 % of noise, and with more of it below 0.05 Hz."""
    s = 2j * np.pi * F
    z = 10 + 60 / (1 + 60 * 2e-4 * s**0.9) + 6 * np.sqrt(2 / s)
    z = noisy(z, 0.003, seed)
    return Spectrum(F, np.where(F < 0.05, noisy(z, loud, 1000 + seed), z))


def fits(weights: str = "modulus", loud: float = 0.12, loss: str = "linear") -> Fits:
    return eisfit.fit_many([spectrum(k, loud) for k in range(30)], CIRCUIT, weights=weights, loss=loss)


def said(found: Fits) -> int:
    return sum(SAID in remark for fit in found for remark in fit.remarks)


def test_uneven_noise_is_said_with_its_side_and_the_remedy() -> None:
    found = fits()
    assert said(found) == 30
    assert "times as large at low frequencies" in found[0].sentence
    assert "take weights = noise or a robust loss" in found[0].sentence


def test_even_noise_is_not() -> None:
    assert said(fits(loud=0.0)) <= 1


def test_it_is_not_said_where_weights_or_loss_allow_for_it() -> None:
    assert said(fits("noise")) == said(fits(loss="cauchy")) == 0


@pytest.mark.parametrize("name", TRUTH)
def test_noise_weights_are_right_across_a_step_of_the_noise(name: str) -> None:
    found = fits("noise")
    pulls = (found.column(name) - TRUTH[name]) / found.stderr(name)
    assert 0.75 < np.sqrt(np.mean(pulls**2)) < 1.4
