"""Standard errors carried through, against closed forms and draws."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from eisfit import solids
from eisfit.errors import InputError

ARCS: dict[str, Any] = {
    "bulk_ohm": 100.0,
    "boundary_ohm": 400.0,
    "bulk_f": 1e-10,
    "boundary_f": 2e-8,
    "area_cm2": 0.5,
    "thickness_cm": 0.1,
}


def test_relative_errors_of_a_product_add_in_squares() -> None:
    stderr = {
        "boundary_ohm": 8.0,
        "area_cm2": 0.015,
        "thickness_cm": 0.001,
        "bulk_f": 4e-12,
        "boundary_f": 1e-9,
    }
    found = solids.standard_errors(solids.brick_layer, ARCS, stderr)
    relative = math.hypot(0.02, 0.03, 0.01, 0.04, 0.05)
    assert float(found["specific_s_cm"]) == pytest.approx(2.5e-6 * relative, rel=1e-5)
    assert float(found["bulk_s_cm"]) == pytest.approx(2e-3 * math.hypot(0.03, 0.01), rel=1e-5)
    assert math.isnan(float(found["boundaries"]))


def test_errors_agree_with_draws() -> None:
    arc, stderr = (
        {"q": 2e-8, "alpha": 0.9, "resistance_ohm": 3e3},
        {"q": 2e-10, "alpha": 1e-3, "resistance_ohm": 30.0},
    )
    (error,) = solids.standard_errors(solids.hsu_mansfeld, arc, stderr).values()
    rng = np.random.default_rng(3)
    drawn = solids.hsu_mansfeld(**{name: rng.normal(arc[name], stderr[name], 20_000) for name in arc})
    assert float(error) == pytest.approx(float(np.std(drawn)), rel=0.03)


def test_a_frozen_result_with_words_and_arrays_is_carried_through() -> None:
    given = {"q": np.array([1e-9, 2e-9]), "alpha": 1.0, "arc": "bulk", "resistance_ohm": 1e4}
    found = solids.standard_errors(solids.effective_capacitance, given, {"q": [1e-11, 4e-11]})
    assert list(found) == ["capacitance"]
    np.testing.assert_allclose(found["capacitance"], [1e-11, 4e-11], rtol=1e-6)


def test_an_exponent_of_one_has_a_derivative_from_below() -> None:
    found = solids.standard_errors(
        solids.hsu_mansfeld, {"q": 1e-9, "alpha": 1.0, "resistance_ohm": 1e4}, {"alpha": 0.01}
    )
    assert float(found["value"]) == pytest.approx(1e-9 * 0.01 * abs(math.log(1e-9 * 1e4)), rel=1e-3)


def test_errors_of_nothing_and_negative_ones_are_refused() -> None:
    with pytest.raises(
        InputError, match=r"stderr of 'bulk_ohms' \(did you mean 'bulk_ohm'\?\): it is not given"
    ):
        solids.standard_errors(solids.brick_layer, ARCS, {"bulk_ohms": 1.0})
    with pytest.raises(InputError, match=r"stderr of 'bulk_ohm' = -1.0 must be 0 or larger"):
        solids.standard_errors(solids.brick_layer, ARCS, {"bulk_ohm": -1.0})
