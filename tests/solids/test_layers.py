"""Space charge, relaxation of Frenkel pairs and product layers, against mpmath and worked numbers."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from eisfit import solids
from eisfit.errors import InputError

F, R = 96485.33212, 8.31446261815324
E0_SI = 8.8541878128e-12


@pytest.mark.parametrize(("c", "eps", "t", "z"), [(1e-3, 10.0, 298.15, 1), (2e-8, 80.0, 500.0, 2)])
def test_lengths_are_those_of_the_formulas_in_si(c: float, eps: float, t: float, z: int) -> None:
    c_si, e_si = 1e6 * c, eps * E0_SI
    debye = math.sqrt(e_si * R * t / (2 * z**2 * F**2 * c_si))
    assert float(solids.debye_length_cm(c, eps, temperature_k=t, charge=z)) == pytest.approx(
        100 * debye, rel=1e-8
    )
    width = math.sqrt(2 * e_si * 0.4 / (z * F * c_si))
    assert float(solids.depletion_width_cm(0.4, c, eps, charge=z)) == pytest.approx(100 * width, rel=1e-8)


@pytest.mark.parametrize("drop", [0.005, 0.1, 0.4, 0.7])
def test_the_resistance_is_the_integral_over_the_parabolic_potential(drop: float) -> None:
    found = solids.space_charge(drop, concentration_mol_cm3=1e-5, permittivity=20.0, bulk_s_cm=1e-4)
    x = drop * F / (R * 298.15)
    exact = float(mpmath.quad(lambda u: mpmath.exp(x * u**2), mpmath.linspace(0, 1, 6)))
    assert float(found.resistance_ratio) == pytest.approx(exact, rel=1e-6)
    assert float(found.short_ratio) == pytest.approx(math.exp(x) / (2 * x), rel=1e-6)
    assert float(found.asr_ohm_cm2) == pytest.approx(exact * float(found.width_cm) / 1e-4, rel=1e-6)
    assert float(found.capacitance_f_cm2 * found.width_cm) == pytest.approx(20 * 8.8541878128e-14)


def test_the_short_formula_is_the_limit_of_large_drops_and_says_where_it_ends() -> None:
    found = solids.space_charge([0.02, 0.3, 0.9], concentration_mol_cm3=1e-5, permittivity=20.0)
    ratio = found.short_ratio / found.resistance_ratio
    np.testing.assert_allclose(ratio[1:], 1, atol=0.06)
    assert abs(ratio[2] - 1) < abs(ratio[1] - 1) < abs(ratio[0] - 1)
    np.testing.assert_array_equal(found.large_drop, [False, True, True])
    assert "the layer is not depleted" in found.notes[0]
    assert np.isnan(found.asr_ohm_cm2).all()


def test_the_depleted_layer_is_two_debye_lengths_times_the_root_of_the_drop() -> None:
    found = solids.space_charge(0.5, concentration_mol_cm3=1e-6, permittivity=30.0)
    x = 0.5 * F / (R * 298.15)
    assert float(found.width_cm / found.debye_length_cm) == pytest.approx(2 * math.sqrt(x), rel=1e-6)


def test_a_thick_interphase_is_told_from_space_charge() -> None:
    thick = solids.implied_layer(300.0, 1e-7, permittivity=10.0, concentration_mol_cm3=1e-2)
    assert float(thick.thickness_cm) == pytest.approx(8.854e-6, rel=1e-3)
    assert float(thick.conductivity_s_cm * 300) == pytest.approx(float(thick.thickness_cm))
    assert bool(thick.too_thick)
    assert "too thick for space charge" in thick.notes[0]
    thin = solids.implied_layer(0.4, 2e-5, permittivity=20.0, concentration_mol_cm3=1e-2)
    assert (bool(thin.too_thick), bool(thin.too_resistive), thin.notes) == (False, False, ())
    unknown = solids.implied_layer(300.0, 1e-7, permittivity=10.0)
    assert not bool(unknown.too_thick)
    assert math.isnan(float(unknown.widest_cm))


def test_the_flux_resists_like_one_relaxation_length_of_the_solid() -> None:
    rng = np.random.default_rng(2)
    c, di, dv, tau = (10 ** rng.uniform(low, low + 4, 50) for low in (-8, -12, -12, -8))
    found = solids.frenkel_relaxation(
        c, interstitial_cm2_s=di, vacancy_cm2_s=dv, relaxation_s=tau, temperature_k=430.0, charge=2
    )
    np.testing.assert_allclose(found.asr_ohm_cm2, found.length_cm / found.bulk_s_cm, rtol=1e-12)
    for k in range(0, 50, 7):
        with mpmath.workdps(30):
            flux = mpmath.mpf(c[k]) * (mpmath.mpf(di[k]) + mpmath.mpf(dv[k])) ** mpmath.mpf("1.5")
            flux /= mpmath.sqrt(2 * mpmath.mpf(tau[k]) * mpmath.mpf(di[k]) * mpmath.mpf(dv[k]))
        assert float(found.exchange_flux_mol_cm2_s[k]) == pytest.approx(float(flux), rel=1e-12)
        assert float(found.asr_ohm_cm2[k]) == pytest.approx(R * 430 / (4 * F**2 * float(flux)), rel=1e-8)


def test_silver_iodide_relaxes_at_16_khz() -> None:
    found = solids.frenkel_relaxation(1e-3, interstitial_cm2_s=1e-5, vacancy_cm2_s=1e-5, relaxation_s=1e-5)
    assert float(found.frequency_hz) == pytest.approx(16e3, rel=0.01)


def test_a_layer_resists_by_its_thickness_and_a_part_of_it_side_by_side() -> None:
    assert float(solids.product_layer_ohm_cm2(5e-7, 1e-9).real) == pytest.approx(500)
    half = float(solids.product_layer_ohm_cm2(5e-7, 1e-9, covered=0.5, bare_ohm_cm2=10.0).real)
    assert half == pytest.approx(1 / (0.5 / 510 + 0.5 / 10), rel=1e-12)
    np.testing.assert_allclose(
        solids.product_layer_ohm_cm2(5e-7, 1e-9, covered=[0, 1], bare_ohm_cm2=10.0), [10, 510]
    )
    z = complex(solids.product_layer_ohm_cm2(5e-7, 1e-9 + 2j * math.pi * 1e3 * 10 * 8.854e-14))
    assert z.imag < 0 < z.real < 500
    assert float(solids.thickest_product_layer_cm(2.0, 1e-10)) == pytest.approx(2e-10)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"thickness_cm": None}, "thickness_cm is missing: a layer resists by thickness"),
        ({"conductivity_s_cm": None}, "conductivity_s_cm is missing"),
        ({"covered": 50}, "covered = 50 must lie between 0 and 1: divide percent by 100"),
        ({"covered": 0.5}, "bare_ohm_cm2 is missing: covered is below 1"),
        ({"covered": 0.5, "bare_ohm_cm2": 0}, "bare_ohm_cm2 = 0 beside a layer"),
    ],
)
def test_layers_without_their_numbers_are_refused(given: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=f"^{message}"):
        solids.product_layer_ohm_cm2(**({"thickness_cm": 5e-7, "conductivity_s_cm": 1e-9} | given))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"temperature_k": -25.0}, "temperature_k = -25 K must lie .* °C \\+ 273.15"),
        ({"permittivity": 8.85e-13}, "permittivity = 8.85e-13 must lie .* relative to vacuum"),
        ({"concentration_mol_cm3": 1000.0}, "concentration_mol_cm3 = 1000 mol/cm³ must lie .*1 mol/L = 1e-3"),
        ({"concentration_mol_cm3": None}, "concentration_mol_cm3 is missing: space charge is as wide"),
        ({"potential_v": 300.0}, "potential_v = 300 V must lie .*1 mV = 1e-3 V"),
        ({"bulk_s_cm": 1j}, "bulk_s_cm must be real"),
    ],
)
def test_wrong_units_of_space_charge_are_refused(given: dict[str, float], message: str) -> None:
    known = {"potential_v": 0.3, "concentration_mol_cm3": 1e-5, "permittivity": 20.0}
    with pytest.raises(InputError, match=f"^{message}"):
        solids.space_charge(**(known | given))
