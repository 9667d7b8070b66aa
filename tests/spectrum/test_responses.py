"""Responses that follow from an impedance: closed forms, and the way back through the measured pairs."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.constants import VACUUM_PERMITTIVITY_F_PER_M
from eisfit.spectrum.immittance import impedance_of, route_of
from eisfit.spectrum.responses import (
    admittance_s,
    capacitance_f,
    conductivity_s_cm,
    electric_modulus,
    inverse_capacitance_per_f,
    loss_tangent,
)

R_OHM, C_F = 1e5, 2e-11
AREA_CM2, THICKNESS_CM = 0.5, 0.1
F = np.logspace(0, 7, 141)
OMEGA = 2 * np.pi * F
Z = R_OHM / (1 + 1j * OMEGA * R_OHM * C_F)  # a resistor beside a capacitor
EPS_R = C_F * THICKNESS_CM / (VACUUM_PERMITTIVITY_F_PER_M / 100 * AREA_CM2)


def test_a_resistor_beside_a_capacitor_has_its_conductivity_at_all_frequencies() -> None:
    expected = THICKNESS_CM / (R_OHM * AREA_CM2)
    np.testing.assert_allclose(conductivity_s_cm(Z, AREA_CM2, THICKNESS_CM), expected, rtol=1e-9)


def test_its_capacitance_is_real_part_and_its_loss_falls_with_the_frequency() -> None:
    c = capacitance_f(F, Z)
    np.testing.assert_allclose(c.real, C_F, rtol=1e-9)
    np.testing.assert_allclose(-c.imag, 1 / (OMEGA * R_OHM), rtol=1e-9)


def test_its_loss_tangent_is_one_over_omega_r_c() -> None:
    np.testing.assert_allclose(loss_tangent(Z), 1 / (OMEGA * R_OHM * C_F), rtol=1e-9)


def test_its_modulus_peaks_at_its_time_constant_with_half_of_one_over_eps() -> None:
    at_top = np.array([1 / (2 * np.pi * R_OHM * C_F)])
    top = electric_modulus(at_top, np.array([R_OHM / (1 + 1j)]), AREA_CM2, THICKNESS_CM)
    assert top[0].imag == pytest.approx(1 / (2 * EPS_R), rel=1e-12)
    everywhere = electric_modulus(F, Z, AREA_CM2, THICKNESS_CM).imag
    assert everywhere.max() <= top[0].imag * (1 + 1e-12)
    assert F[everywhere.argmax()] == pytest.approx(at_top[0], rel=0.13)


def test_without_a_geometry_the_peak_is_half_of_one_over_c() -> None:
    assert inverse_capacitance_per_f(F, Z).imag.max() == pytest.approx(1 / (2 * C_F), rel=0.01)


def test_the_arc_of_the_smaller_capacitance_has_the_higher_peak_whatever_its_resistance() -> None:
    fast, slow = (r / (1 + 1j * OMEGA * r * c) for r, c in ((1e4, 1e-11), (1e6, 1e-9)))
    both = inverse_capacitance_per_f(F, fast + slow).imag
    assert both.max() == pytest.approx(1 / (2 * 1e-11), rel=0.05)
    assert F[both.argmax()] == pytest.approx(1 / (2 * np.pi * 1e4 * 1e-11), rel=0.13)
    assert inverse_capacitance_per_f(F, slow).imag.max() == pytest.approx(1 / (2 * 1e-9), rel=0.05)


def test_a_plate_gives_back_the_pairs_it_was_made_of() -> None:
    rng = np.random.default_rng(3)
    eps, d = 30 + 5 * rng.random(F.size), 0.01 + rng.random(F.size)
    route = route_of({"eps_re", "d"})
    assert route is not None
    rho, _ = impedance_of(route, F, eps, d)
    z = rho * THICKNESS_CM / AREA_CM2
    np.testing.assert_allclose(loss_tangent(z), d, rtol=1e-9)
    modulus = electric_modulus(F, z, AREA_CM2, THICKNESS_CM)
    np.testing.assert_allclose(1 / modulus, eps * (1 - 1j * d), rtol=1e-9)
    sigma = OMEGA * VACUUM_PERMITTIVITY_F_PER_M / 100 * eps * d
    np.testing.assert_allclose(conductivity_s_cm(z, AREA_CM2, THICKNESS_CM), sigma, rtol=1e-9)


def test_inductive_points_have_a_negative_capacitance_and_loss_tangent() -> None:
    z = np.array([1 + 2j])
    assert capacitance_f(np.array([10.0]), z)[0].real < 0
    assert loss_tangent(z)[0] == pytest.approx(-0.5)


def test_a_zero_gives_no_number_and_no_warning() -> None:
    assert not np.isfinite(admittance_s(np.array([0j]))).any()
    assert np.isinf(loss_tangent(np.array([1 + 0j])))[0]
