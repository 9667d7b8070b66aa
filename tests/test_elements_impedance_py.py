"""Elements against impedance.py."""

from __future__ import annotations

import numpy as np
import pytest
from impedance.models.circuits.elements import circuit_elements
from test_elements_formulas import case, evaluated

from eisfit.elements import ELEMENTS

DIFFERENT = {"La", "T"}  # their code disagrees with their documentation
SHARED = sorted(set(ELEMENTS) & set(circuit_elements) - DIFFERENT)


@pytest.mark.parametrize("name", SHARED)
def test_equals_impedance_py(name: str) -> None:
    frequency, values = case(ELEMENTS[name], 7)
    z, _ = evaluated(ELEMENTS[name], frequency, values)
    for k, f in enumerate(frequency):
        theirs = complex(circuit_elements[name]([float(v[k]) for v in values], [float(f)])[0])
        assert abs(z[k] - theirs) < 1e-12 * abs(theirs)


@pytest.mark.parametrize("name", SHARED)
def test_has_as_many_parameters_as_in_impedance_py(name: str) -> None:
    assert len(ELEMENTS[name].quantities) == circuit_elements[name].num_params


def test_nothing_shared_is_left_out() -> None:
    assert {"R", "C", "L", "CPE", "Zarc", "W", "Ws", "Wo"} <= set(SHARED)
    np.testing.assert_array_equal(sorted(set(SHARED) & DIFFERENT), [])
