"""Charge transfer with an interphase: exact values, derivatives, and its fit with errors in both coordinates."""

from __future__ import annotations

import time
from dataclasses import replace

import mpmath
import numpy as np
import pytest
from scipy.optimize import least_squares

from eisfit import InputError
from eisfit.elements.nernst import nernst_layer
from eisfit.polarisation import (
    ChargeTransfer,
    InterfaceCurve,
    diffusion_drop_v,
    exchange_current_a_per_cm2,
    fit_interface,
    interface_curve,
    without_diffusion,
)
from support.dc_cells import DENSITIES, LAW, eight_electrodes


def curve(seed: int, law: ChargeTransfer = LAW, i: np.ndarray = DENSITIES) -> InterfaceCurve:
    rng = np.random.default_rng(seed)
    of_i, of_u = 5e-7 + 0.01 * np.abs(i), np.full(i.size, 5e-4)
    measured = i + of_i * rng.standard_normal(i.size)
    return InterfaceCurve("x", measured, law.drop_v(i) + of_u * rng.standard_normal(i.size), of_i, of_u, 25.0)


def test_the_derived_numbers() -> None:
    assert LAW.r_p_ohm_cm2 == pytest.approx(784, abs=0.5)
    dilute = ChargeTransfer(53.1e-6 * 0.1**0.56, 0.44, 300.0)
    assert dilute.r_p_ohm_cm2 == pytest.approx(2057, abs=0.5)
    assert LAW.differential_ohm_cm2([-0.05, 0.05]) == pytest.approx([395, 261], abs=0.5)
    assert 1e6 * LAW.current_a_per_cm2([-0.025, 0.025]) == pytest.approx([-50.7, 57.0], abs=0.05)


@pytest.mark.parametrize("alpha", [0.02, 0.44, 0.5, 0.98])
def test_the_overpotential_is_exact(alpha: float) -> None:
    mpmath.mp.dps = 40
    law = ChargeTransfer(1e-5, alpha)
    for y in (-1e6, -3.0, -1e-9, 1e-9, 0.7, 1e6):
        found = float(law.overpotential_v(y * 1e-5)) / law.thermal_v
        a = mpmath.mpf(alpha)
        exact = mpmath.findroot(lambda u, a=a, y=y: mpmath.exp((1 - a) * u) - mpmath.exp(-a * u) - y, found)
        assert found == pytest.approx(float(exact), rel=2e-14)
    assert float(law.overpotential_v(0.0)) == 0.0


def test_the_derivatives_are_exact() -> None:
    i = np.array([-4e-4, -2e-5, 3e-5, 5e-4])
    jacobian, slope = LAW.derivatives(i)

    def drop(x: np.ndarray) -> np.ndarray:
        return ChargeTransfer(float(np.exp(x[0])), float(x[1]), float(x[2])).drop_v(i)

    p = np.array([np.log(53.1e-6), 0.44, 300.0])
    for k, h in enumerate((1e-6, 1e-6, 1e-2)):
        step = np.eye(3)[k] * h
        assert jacobian[:, k] == pytest.approx((drop(p + step) - drop(p - step)) / (2 * h), rel=1e-7)
    h = 1e-10
    assert slope == pytest.approx((LAW.drop_v(i + h) - LAW.drop_v(i - h)) / (2 * h), rel=1e-5)


def test_charge_and_temperature_scale_the_voltage() -> None:
    warm = ChargeTransfer(53.1e-6, 0.44, 0.0, temperature_c=60.0, charge=2)
    assert warm.thermal_v == pytest.approx(8.617333262e-5 * 333.15 / 2)
    assert exchange_current_a_per_cm2(1e-8, 1.0, 1.0, 0.5, charge=2) == pytest.approx(2 * 96485.33212e-8)


def test_the_fit_is_that_of_all_true_currents_at_once() -> None:
    data = curve(3)
    found = fit_interface(data)
    i, u = data.current_a_per_cm2, data.drop_v

    def residual(x: np.ndarray) -> np.ndarray:
        true = x[3:] * 1e-6
        law = ChargeTransfer(float(np.exp(x[0])), float(x[1]), float(x[2]))
        return np.concatenate(
            [(true - i) / data.current_stderr_a_per_cm2, (law.drop_v(true) - u) / data.drop_stderr_v]
        )

    start = np.concatenate([[-10.0, 0.5, 200.0], 1e6 * i])
    other = least_squares(residual, start, x_scale="jac", xtol=1e-14, ftol=1e-14, gtol=1e-14)
    assert np.log(found.law.i0_a_per_cm2) == pytest.approx(other.x[0], abs=1e-6)
    assert (found.law.alpha, found.law.r_slei_ohm_cm2) == pytest.approx(tuple(other.x[1:3]), rel=1e-5)
    jacobian = np.asarray(other.jac)
    covariance = np.linalg.inv(jacobian.T @ jacobian)[:3, :3] * found.scatter_ratio**2
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(np.sqrt(np.diag(covariance)), rel=2e-2)
    assert 2 * other.cost / (i.size - 3) == pytest.approx(found.chi2_reduced, rel=1e-6)


def test_values_come_back_with_their_errors() -> None:
    pulls, covered = [], []
    truth = {"i0_a_per_cm2": 53.1e-6, "alpha": 0.44, "r_slei_ohm_cm2": 300.0}
    for seed in range(40):
        found = fit_interface(interface_curve(eight_electrodes(seed)))
        law, sigma = found.law, found.stderr
        values = {"i0_a_per_cm2": law.i0_a_per_cm2, "alpha": law.alpha, "r_slei_ohm_cm2": law.r_slei_ohm_cm2}
        pulls.append([(values[k] - truth[k]) / sigma[k] for k in truth])
        covered.append([low <= truth[k] <= high for k, (low, high) in found.ci95.items()])
        assert found.determined
    width, middle = np.std(pulls, axis=0), np.mean(pulls, axis=0)
    assert ((width > 0.7) & (width < 1.35)).all(), width  # of 40, three standard errors
    assert (np.abs(middle) < 0.5).all(), middle
    assert np.mean(covered) >= 0.9


def test_one_slope_is_not_told_apart() -> None:
    found = fit_interface(curve(1, i=1e-6 * np.array([-6, -4, -2, 2, 4, 6.0])))
    assert not found.determined
    assert found.r_p_ohm_cm2[0] == pytest.approx(784, abs=5 * found.r_p_ohm_cm2[1])
    kinds = {f.kind for f in found.findings}
    assert {"branch", "not separable"} <= kinds


@pytest.mark.parametrize("seeds", [range(2), pytest.param(range(2, 8), marks=pytest.mark.slow)])
def test_where_noise_hides_the_bend_the_error_of_the_resistance_at_rest_says_so(seeds: range) -> None:
    for seed in seeds:
        value, stderr = fit_interface(interface_curve(eight_electrodes(seed, noise_v=8e-3))).r_p_ohm_cm2
        assert abs(value - 784) < 3.5 * stderr, (seed, value, stderr)


def test_a_fixed_interphase_has_no_error() -> None:
    found = fit_interface(curve(2), r_slei_ohm_cm2=300.0)
    assert found.free == ("i0_a_per_cm2", "alpha")
    assert found.stderr["r_slei_ohm_cm2"] == 0
    assert found.law.alpha == pytest.approx(0.44, abs=5 * found.stderr["alpha"])


def test_bad_curves_are_refused_with_the_cure() -> None:
    good = curve(1)
    with pytest.raises(
        InputError, match=r"3 different currents .* too few for 3 free parameters: .* fix alpha"
    ):
        fit_interface(curve(1, i=np.array([-1e-4, 1e-4, 2e-4])))
    turned = InterfaceCurve(
        "turned",
        good.current_a_per_cm2,
        -good.drop_v,
        good.current_stderr_a_per_cm2,
        good.drop_stderr_v,
        25.0,
    )
    with pytest.raises(InputError, match=r"turned: the drop falls with the current.* sign"):
        fit_interface(turned)
    with pytest.raises(InputError, match=r"alpha is 1.2: it must lie between 0 and 1"):
        fit_interface(good, alpha=1.2)
    with pytest.raises(InputError, match="i0_a_per_cm2 is -1"):
        ChargeTransfer(-1.0, 0.5)


def test_the_diffusion_drop_has_the_slope_of_the_layer_and_its_limit() -> None:
    for t_plus in (None, 0.3):
        layer = nernst_layer(3e-6, 100.0, 1.0, t_plus=t_plus)
        limit = 1e-3 * layer.limiting_current_ma_cm2
        slope = (
            diffusion_drop_v(1e-6, limit, t_plus=t_plus) - diffusion_drop_v(-1e-6, limit, t_plus=t_plus)
        ) / 2e-6
        assert float(slope) == pytest.approx(layer.resistance_ohm_cm2, rel=1e-6)
    assert limit == pytest.approx(0.0413, abs=1e-4)
    assert float(diffusion_drop_v(0.01, 0.029)) == pytest.approx(0.0256926 * np.log1p(0.01 / 0.029), rel=1e-5)
    data = interface_curve(eight_electrodes(1))
    layered = replace(data, drop_v=data.drop_v + diffusion_drop_v(data.current_a_per_cm2, 2e-3, t_plus=0.3))
    cleared = without_diffusion(layered, 2e-3, t_plus=0.3)
    assert cleared.drop_v == pytest.approx(data.drop_v)
    assert fit_interface(cleared).law.alpha == pytest.approx(fit_interface(data).law.alpha)
    with pytest.raises(InputError, match="reaches the limiting current"):
        diffusion_drop_v([-0.05], limit)


def test_ohmic_data_tell_r_p_alone_with_an_error_that_covers_it() -> None:
    pulls, began = [], time.process_time()
    for seed in (0, 3, 6, 14):  # of 6 and 14 a negative R_SLEI describes the noise best
        noise = np.random.default_rng(seed).normal(0, 2.4e-6, 12)
        i = 1e-6 * np.array([-1, -0.8, -0.6, -0.4, -0.3, -0.2, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0])
        ohmic = InterfaceCurve("ohmic", i, 784 * i + noise, 1e-3 * np.abs(i), np.full(12, 2.4e-6), 25.0)
        found = fit_interface(ohmic)
        assert not found.determined, seed
        value, stderr = found.r_p_ohm_cm2
        assert 0.5 < stderr < 8, seed
        pulls.append((value - 784) / stderr)
    assert np.max(np.abs(pulls)) < 3.5
    assert 0.3 < np.std(pulls) < 1.5
    assert (
        time.process_time() - began
    ) / 12 < 2.0  # s for a fit; 11 s where the profile crept along a valley
