"""The noise level over frequency, and the step of a scale on which it rests."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.tools.statistics import FEWEST_BESIDE_STEP, STEP_LIMIT, scale_step
from eisfit.validity.noise import noise_level
from support.cells import noisy

F = np.logspace(5, -2, 71)
S = 2j * np.pi * F
EXACT = 10 + 60 / (1 + 60 * 2e-4 * S**0.9) + 6 * np.sqrt(2 / S)


@pytest.mark.parametrize("loud", [F < 0.05, F > 1e4, F < 1])
def test_the_level_follows_a_step_of_the_noise(loud: np.ndarray) -> None:
    level = np.where(loud, 0.12, 0.003)
    found = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        z = EXACT * (1 + level * (rng.standard_normal(71) + 1j * rng.standard_normal(71)))
        found.append(noise_level(F, z) / np.abs(EXACT) / level)
    ratio = np.median(found, axis=0)
    edge = np.flatnonzero(np.diff(loud.astype(int)))[0]
    away = np.abs(np.arange(71) - edge - 0.5) > 4
    assert np.all((ratio[away] > 0.6) & (ratio[away] < 1.6))


def test_functions_do_not_follow_loud_ends() -> None:
    """The level at loud points at the end was down to a thousandth of their noise."""
    lowest = []
    for seed in range(30):
        z = noisy(EXACT, 0.003, seed)
        z = np.where(F < 0.05, noisy(z, 0.12, 1000 + seed), z)
        lowest.append((noise_level(F, z) / np.abs(EXACT))[F < 0.03].min())
    assert min(lowest) > 0.04


@pytest.mark.parametrize("points", [10, 20, 71])
def test_a_step_of_the_scale_is_seen_by_chance_in_one_of_two_hundred(points: int) -> None:
    rng = np.random.default_rng(0)
    squares = np.mean(rng.standard_normal((4000, points, 2)) ** 2, axis=2)
    alarms = sum(scale_step(row)[1] > STEP_LIMIT for row in squares)
    assert alarms <= 0.0075 * 4000


def test_a_step_is_found_where_it_is() -> None:
    rng = np.random.default_rng(0)
    squares = np.mean(rng.standard_normal((60, 2)) ** 2, axis=1) * np.where(np.arange(60) < 12, 100.0, 1.0)
    place, size = scale_step(squares)
    assert abs(place - 12) <= 1
    assert size > 2 * STEP_LIMIT


def test_a_few_points_have_no_step() -> None:
    assert scale_step(np.arange(1.0, 2.0 * FEWEST_BESIDE_STEP)) == (0, 0.0)


def test_one_residual_far_off_is_no_step() -> None:
    rng = np.random.default_rng(0)
    squares = np.mean(rng.standard_normal((40, 2)) ** 2, axis=1)
    squares[20] *= 1e4
    assert scale_step(squares)[1] < STEP_LIMIT
