"""What the docstrings of the elements say about their ends."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.elements import ELEMENTS, Laplace, Quantity, element
from eisfit.tools.frozen import Complexes


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


@pytest.mark.parametrize("omega", [0.01, 1.0, 30.0])
def test_finite_warburgs_are_their_relaxations(omega: float) -> None:
    """Ws: 2 R / u at tau / u, u = (pi (k - 1/2))^2; Wo: a capacitor and the same of u = (pi k)^2."""
    k = np.arange(1, 200_001)
    roots, whole = (np.pi * (k - 0.5)) ** 2, (np.pi * k) ** 2
    beyond = 2 / np.pi**2 / (k[-1] + 0.5)  # what the terms left out add up to
    ws = np.sum(2 / roots / (1 + 1j * omega / roots)) + 2 / np.pi**2 / k[-1]
    wo = 1 / (1j * omega) + np.sum(2 / whole / (1 + 1j * omega / whole)) + beyond
    assert z("Ws", omega, 1.0, 1.0) == pytest.approx(ws, rel=1e-10)
    assert z("Wo", omega, 1.0, 1.0) == pytest.approx(wo, rel=1e-10)


@pytest.mark.parametrize(("with_power", "plain"), [("Wsn", "Ws"), ("Won", "Wo")])
def test_half_power_is_the_plain_warburg(with_power: str, plain: str) -> None:
    for omega in (1e-5, 1.0, 1e5):
        right = z(plain, omega, 10.0, 1e-2)
        assert z(with_power, omega, 10.0, 1e-2, 0.5) == pytest.approx(right, rel=1e-13)


def test_ends_of_wsn_and_won() -> None:
    low, high, p = (1e-9j) ** 0.3, (1e12j) ** 0.3, 0.3
    assert z("Wsn", 1e-9, 10.0, 1.0, p) == pytest.approx(10 * (1 - low**2 / 3), rel=1e-8)
    assert z("Won", 1e-9, 10.0, 1.0, p) == pytest.approx(10 / 3 + 10 / low**2, rel=1e-8)
    for name in ("Wsn", "Won"):
        assert z(name, 1e12, 10.0, 1.0, p) == pytest.approx(10 / high, rel=1e-13)


def test_above_a_half_the_powers_leave_the_physical() -> None:
    assert z("Wsn", 0.3, 10.0, 1.0, 0.7).real > 10
    assert z("Won", 1e-3, 10.0, 1.0, 0.7).real < 0


def test_la_with_alpha_one_is_an_inductor() -> None:
    assert z("La", 3.0, 2e-6, 1.0) == pytest.approx(z("L", 3.0, 2e-6), rel=1e-14)
    assert z("La", 3.0, 2.0, 1e-15) == pytest.approx(2.0, rel=1e-13)
    assert np.angle(z("La", 1e5, 2e-6, 0.6), deg=True) == pytest.approx(0.6 * 90)


def test_k_is_resistor_parallel_to_capacitor() -> None:
    parallel = 1 / (1 / 50.0 + 1 / z("C", 700.0, 1e-3 / 50.0))
    assert z("K", 700.0, 50.0, 1e-3) == pytest.approx(parallel, rel=1e-14)
    omega, height = top("K", 10.0, 1.0)
    assert omega == pytest.approx(1.0, rel=1e-4)
    assert height == pytest.approx(5.0)
    assert z("K", 1e9, 10.0, 1.0) == pytest.approx(10 / 1e9j, rel=1e-8)


@pytest.mark.parametrize("omega", [1e-4, 0.3, 1.0, 20.0, 1e6])
def test_havriliak_negami_holds_the_simpler_arcs(omega: float) -> None:
    assert z("HN", omega, 10.0, 1.0, 0.8, 1.0) == pytest.approx(z("Zarc", omega, 10.0, 1.0, 0.8), rel=1e-13)
    assert z("HN", omega, 10.0, 1.0, 1.0, 0.5) == pytest.approx(z("G", omega, 10.0, 1.0), rel=1e-13)
    davidson = 10 / (1 + 1j * omega) ** 0.7
    assert z("HN", omega, 10.0, 1.0, 1.0, 0.7) == pytest.approx(davidson, rel=1e-13)


def test_ends_of_havriliak_negami() -> None:
    assert z("HN", 1e-14, 10.0, 1.0, 0.8, 0.6) == pytest.approx(10.0, rel=1e-10)
    assert z("HN", 1e14, 10.0, 1.0, 0.8, 0.6) == pytest.approx(10 * 1e14j**-0.48, rel=1e-10)
    assert top("HN", 10.0, 1.0, 0.8, 0.6)[0] > 1.5


def test_top_and_ends_of_gerischer() -> None:
    omega, height = top("G", 10.0, 1.0)
    assert omega == pytest.approx(np.sqrt(3), rel=1e-4)
    assert height == pytest.approx(10 / np.sqrt(8), rel=1e-8)  # 0.3536 R
    assert z("G", 1e-9, 10.0, 1.0) == pytest.approx(10.0, rel=1e-8)
    assert z("G", 1e12, 10.0, 1.0) == pytest.approx(10 / np.sqrt(1e12j), rel=1e-11)


def test_ends_of_finite_gerischer() -> None:
    assert z("Gs", 1e-12, 10.0, 1.0, 0.4) == pytest.approx(10 / np.tanh(0.4), rel=1e-11)
    assert z("Gs", 1e12, 10.0, 1.0, 0.4) == pytest.approx(10 / np.sqrt(1e12j), rel=1e-11)
    for omega in (1e-3, 1.0, 1e3):
        assert z("Gs", omega, 10.0, 1.0, 50.0) == pytest.approx(z("G", omega, 10.0, 1.0), rel=1e-13)
        thin = z("K", omega, 10 / 1e-8, 1.0)
        assert z("Gs", omega, 10.0, 1.0, 1e-8) == pytest.approx(thin, rel=1e-10)


def test_fractal_gerischer_holds_gerischer_and_is_a_skewed_arc() -> None:
    for omega in (1e-4, 0.3, 1.0, 20.0, 1e6):
        assert z("Gf", omega, 10.0, 1.0, 1.0) == pytest.approx(z("G", omega, 10.0, 1.0), rel=1e-14)
        assert z("Gf", omega, 10.0, 1.0, 0.7) == pytest.approx(z("HN", omega, 10.0, 1.0, 0.7, 0.5), rel=1e-13)
    assert z("Gf", 1e-15, 10.0, 1.0, 0.7) == pytest.approx(10.0, rel=1e-9)
    assert z("Gf", 1e20, 10.0, 1.0, 0.7) == pytest.approx(10 * 1e20j**-0.35, rel=1e-13)


def test_ends_of_transmissive_finite_gerischer() -> None:
    assert z("Gt", 1e-12, 10.0, 1.0, 0.4) == pytest.approx(10.0, rel=1e-11)
    assert z("Gt", 1e12, 10.0, 1.0, 0.4) == pytest.approx(10 / np.tanh(0.4) / np.sqrt(1e12j), rel=1e-11)
    for omega in (1e-3, 1.0, 1e3):
        assert z("Gt", omega, 10.0, 1.0, 50.0) == pytest.approx(z("G", omega, 10.0, 1.0), rel=1e-13)
        slow = z("Gt", omega, 10.0, 1e12, 1e-6)
        assert slow == pytest.approx(z("Ws", omega, 10.0, 1.0), rel=1e-9)


def test_reflective_finite_gerischer_without_reaction_is_a_reflective_warburg() -> None:
    for omega in (1e-2, 1.0, 1e3):
        slow = z("Gs", omega, 10.0 * 1e6, 1e12, 1e-6)
        assert slow == pytest.approx(z("Wo", omega, 10.0, 1.0), rel=1e-9)


def test_ends_of_tlmq() -> None:
    low = z("TLMQ", 1e-12, 30.0, 1e-3, 0.9)
    assert low - z("CPE", 1e-12, 1e-3, 0.9) == pytest.approx(10.0, rel=1e-3)
    high = z("TLMQ", 1e12, 30.0, 1e-3, 0.9)
    assert high == pytest.approx(np.sqrt(30 * z("CPE", 1e12, 1e-3, 0.9)), rel=1e-13)
    assert np.angle(high, deg=True) == pytest.approx(-0.9 * 45)


def test_ends_of_two_rails() -> None:
    root = np.sqrt(0.7)
    low = 3 / np.tanh(root) / root + 2 / root / np.sinh(root)
    assert z("T", 1e-12, 3.0, 2.0, 0.7, 1.0) == pytest.approx(low, rel=1e-11)
    assert z("T", 1e12, 3.0, 2.0, 0.7, 1.0) == pytest.approx(3 / np.sqrt(1e12j), rel=1e-11)


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


@pytest.mark.parametrize("name", ["Wsn", "Won"])
def test_anomalous_diffusion_ends_at_free_diffusion(name: str) -> None:
    assert ELEMENTS[name].quantities[-1].upper == 0.5
