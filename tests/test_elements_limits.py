"""What the docstrings of the elements say about their ends."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.elements import ELEMENTS, Laplace, Quantity, element
from eisfit.values import Complexes


def z(name: str, omega: float, *values: float) -> complex:
    """Impedance of an element at one angular frequency."""
    rows = [np.array([[v]]) for v in values]
    impedance: Complexes = ELEMENTS[name].formula(Laplace(np.array([omega / (2 * np.pi)])), *rows)[0]
    return complex(impedance[0, 0])


def top(name: str, *values: float) -> tuple[float, float]:
    """Return omega and -Im Z at the top of an arc."""
    omega = np.geomspace(1e-3, 1e3, 200_001)
    rows = [np.array([[v]]) for v in values]
    minus = -ELEMENTS[name].formula(Laplace(omega / (2 * np.pi)), *rows)[0][0].imag
    return float(omega[np.argmax(minus)]), float(minus.max())


def test_cpe_with_alpha_one_is_a_capacitor() -> None:
    assert z("CPE", 3.0, 2e-6, 1.0) == pytest.approx(z("C", 3.0, 2e-6), rel=1e-14)


def test_cpe_with_alpha_zero_is_a_resistor() -> None:
    assert z("CPE", 3.0, 0.01, 1e-15) == pytest.approx(100.0, rel=1e-13)


def test_zarc_is_resistor_parallel_to_cpe() -> None:
    r, tau, alpha, omega = 50.0, 1e-3, 0.8, 700.0
    parallel = 1 / (1 / r + 1 / z("CPE", omega, tau**alpha / r, alpha))
    assert z("Zarc", omega, r, tau, alpha) == pytest.approx(parallel, rel=1e-14)


@pytest.mark.parametrize("alpha", [0.6, 0.85, 1.0])
def test_top_of_zarc(alpha: float) -> None:
    omega, height = top("Zarc", 10.0, 1.0, alpha)
    assert omega == pytest.approx(1.0, rel=1e-3)
    assert height == pytest.approx(5 * np.tan(alpha * np.pi / 4), rel=1e-8)


def test_phase_of_warburg() -> None:
    for omega in (1e-5, 1.0, 1e8):
        assert np.angle(z("W", omega, 4.0), deg=True) == pytest.approx(-45)


def test_top_of_ws() -> None:
    omega, height = top("Ws", 10.0, 1.0)
    assert omega == pytest.approx(2.5407, abs=1e-4)
    assert height == pytest.approx(4.172, abs=5e-4)


def test_ends_of_ws() -> None:
    assert z("Ws", 1e-9, 10.0, 1.0) == pytest.approx(10.0, rel=1e-8)
    assert z("Ws", 1e9, 10.0, 1.0) == pytest.approx(10 / np.sqrt(1e9j), rel=1e-12)


def test_ends_of_wo() -> None:
    low = z("Wo", 1e-6, 10.0, 1.0)
    assert low.real == pytest.approx(10 / 3, rel=1e-6)
    assert low.imag == pytest.approx(-10 / 1e-6, rel=1e-6)  # a capacitor of tau / R
    assert z("Wo", 1e9, 10.0, 1.0) == pytest.approx(10 / np.sqrt(1e9j), rel=1e-12)


def test_power_is_one_real_exponential() -> None:
    s = Laplace(np.array([0.3, 1e5]))
    np.testing.assert_allclose(s.power(0.7), s.s**0.7, rtol=1e-14)
    np.testing.assert_allclose(s.power(0.7, np.log(1e-3)), (s.s * 1e-3) ** 0.7, rtol=1e-14)
    np.testing.assert_allclose(s.log, np.log(s.s), rtol=1e-14)


def test_rows_of_a_common_grid_are_the_grid() -> None:
    s = Laplace(np.array([1.0, 2.0]))
    assert s.rows(np.array([4, 5])) is s


def test_rows_of_a_batched_grid() -> None:
    s = Laplace(np.array([[1.0, 2.0], [3.0, 4.0]]))
    part = s.rows(np.array([1]))
    np.testing.assert_array_equal(part.s, s.s[1:])
    np.testing.assert_array_equal(part.log, s.log[1:])


def test_a_name_is_given_once() -> None:
    with pytest.raises(ValueError, match=r"^an element 'R' exists already: choose another name$"):
        element("R", Quantity("R", "ohm", resistance=1), dc="R")(lambda s, r: (r, (r,)))
