"""Elements against impedance.py."""

from __future__ import annotations

import math

import pytest
from impedance.models.circuits.elements import circuit_elements

from eisfit.circuit.circuit import parse
from eisfit.elements import ELEMENTS
from support.exact_elements import case, evaluated

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


def test_every_element_of_impedance_py_is_here() -> None:
    theirs = {name for name, formula in circuit_elements.items() if hasattr(formula, "num_params")}
    assert "Zarc" in theirs
    assert theirs <= set(ELEMENTS)


def test_impedance_py_raises_the_inductance_of_la_to_alpha() -> None:
    """It documents L (j omega)^alpha and computes (L j omega)^alpha."""
    la, f, inductance, alpha = circuit_elements["La"], [1e3], 1e-6, 0.8
    s = 2j * math.pi * f[0]
    theirs = complex(la([inductance, alpha], f)[0])
    assert theirs == pytest.approx((inductance * s) ** alpha, rel=1e-13)
    assert parse("La1").impedance(f, [inductance, alpha])[0] == pytest.approx(
        inductance * s**alpha, rel=1e-13
    )
    assert parse("La1").impedance(f, [inductance**alpha, alpha])[0] == pytest.approx(theirs, rel=1e-13)
    assert abs(theirs) > 10 * abs(inductance * s**alpha)
