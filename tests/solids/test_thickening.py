"""How thick a layer is, and whether it thickens or closes its pores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from eisfit.errors import InputError
from eisfit.solids import layer_growth, thickening_test
from eisfit.solids.thickening import CONSTANT, NEITHER, RISES, UNDECIDED

GROWN = np.array([30.0, 66.0, 150.0, 300.0])
ERROR = np.full(4, 0.01)
STEPS: dict[str, Any] = {"asr_stderr_log": ERROR, "capacitance_stderr_log": 2 * ERROR}


def test_capacitance_tells_thickness_and_conductivity() -> None:
    film = layer_growth(
        [1, 5, 24, 100], GROWN, 105e-6 / GROWN, permittivity=10.0, permittivity_stderr=1.0, **STEPS
    )
    assert 1e7 * film.thickness_cm[-1] == pytest.approx(25.3, rel=0.01)  # nm, of 0.35 µF/cm2
    assert film.thickness_stderr_cm / film.thickness_cm == pytest.approx(np.full(4, np.hypot(0.02, 0.1)))
    assert film.conductivity_s_cm == pytest.approx(np.full(4, 8.43e-9), rel=0.01)


@pytest.mark.parametrize(
    ("capacitance", "word"),
    [(105e-6 / GROWN, CONSTANT), (np.full(4, 1e-6), RISES), (1e-5 / np.sqrt(GROWN), NEITHER)],
)
def test_thickening_is_told_from_densification(capacitance: np.ndarray, word: str) -> None:
    film = layer_growth([1, 5, 24, 100], GROWN, capacitance, **STEPS)
    assert film.test is not None
    assert film.test.word == word
    assert np.isnan(film.thickness_cm).all()


def test_the_power_has_an_error_that_covers_it() -> None:
    rng, pulls = np.random.default_rng(3), []
    for _ in range(300):
        r = GROWN * np.exp(0.05 * rng.standard_normal(4))
        c = 1e-6 * np.exp(0.02 * rng.standard_normal(4))
        found = thickening_test(r, r * c, np.full(4, np.hypot(0.05, 0.02)), np.full(4, 0.05))
        pulls.append((found.power - 1) / found.stderr)
    assert 0.75 < np.std(pulls) < 1.1  # errors are enlarged where points scatter, never made smaller
    assert abs(np.mean(pulls)) < 0.2


def test_a_small_change_tells_nothing() -> None:
    r = np.array([100.0, 101.0, 102.0])
    assert thickening_test(r, [1e-4] * 3, [0.02] * 3).word == UNDECIDED


def test_bad_layers_are_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"2 points are too few to follow R C over R"):
        thickening_test([1, 2], [1, 2], [0.1, 0.1])
    with pytest.raises(InputError, match=r"R C is not a positive number at every point"):
        thickening_test([1, 2, 3], [1, -2, 3], [0.1] * 3)
    with pytest.raises(InputError, match=r"capacitance_f_cm2 = 0 \(number 4\)"):
        layer_growth([1, 2, 3, 4], GROWN, [1e-6, 1e-6, 1e-6, 0], **STEPS)
    with pytest.raises(InputError, match=r"permittivity = 8.9e-13 must lie between"):
        layer_growth([1, 2, 3, 4], GROWN, 1e-4 / GROWN, permittivity=8.9e-13, **STEPS)
    with pytest.raises(InputError, match=r"permittivity_stderr is -1: it must be 0 or larger"):
        layer_growth([1, 2, 3, 4], GROWN, 1e-4 / GROWN, permittivity=9, permittivity_stderr=-1, **STEPS)
