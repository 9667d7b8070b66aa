"""Distributions of relaxation times: analytic ones are met, errors hold, unsuitable spectra are refused."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

import eisfit
from benchmarks import distributions as drawn
from eisfit.relaxations.arcs import arc_gamma, arcs_covariance, fit_arcs, log_gamma_slopes
from eisfit.relaxations.grid import grid
from eisfit.relaxations.number import arcs_impedance, count_arcs
from eisfit.relaxations.system import system
from support.cells import noisy

F = np.logspace(6, -1, 71)
W = 2j * np.pi * F
ARCS = np.array([[math.log(100.0), math.log(1e-4), 0.85], [math.log(40.0), math.log(1e-2), 0.7]])


def two_arcs(seed: int | None = None, noise: float = 0.005) -> eisfit.Spectrum:
    z = 20 + arcs_impedance(2 * np.pi * F, ARCS)
    return eisfit.Spectrum(F, z if seed is None else noisy(z, noise, seed), label="cell")


def test_a_distribution_times_the_kernel_is_the_impedance_of_its_arc() -> None:
    at = grid(F)
    wide = np.array([[math.log(100.0), math.log(1e-4), 0.9]])
    given = at.kernel @ arc_gamma(at.log_tau, wide)
    beyond = (
        100 * 2 / math.pi * math.sin(0.1 * math.pi) * math.exp(-0.9 * 8)
    )  # a bound of what the grid leaves out
    np.testing.assert_allclose(given, arcs_impedance(2 * np.pi * F, wide), atol=beyond + 1e-4 * 100)


def test_the_distribution_of_an_arc_integrates_to_its_impedance_at_high_precision() -> None:
    r, tau, alpha, omega = 100.0, 1e-3, 0.8, 700.0
    with mpmath.workdps(30):

        def gamma(x: float) -> mpmath.mpf:
            below = mpmath.cosh(alpha * (x - mpmath.log(tau))) - mpmath.cos((1 - alpha) * mpmath.pi)
            return r / (2 * mpmath.pi) * mpmath.sin((1 - alpha) * mpmath.pi) / below

        whole = mpmath.quad(lambda x: gamma(x) / (1 + 1j * omega * mpmath.exp(x)), [-90, -20, -6, 5, 90])
    assert complex(whole) == pytest.approx(r / (1 + (1j * omega * tau) ** alpha), rel=1e-8)
    x = np.array([-9.0, -6.5, 0.3])
    np.testing.assert_allclose(
        arc_gamma(x, np.array([[math.log(r), math.log(tau), alpha]])),
        [float(gamma(v)) for v in x],
        rtol=1e-12,
    )


def test_the_slopes_of_the_logarithm_are_those_of_small_steps() -> None:
    x = np.linspace(-16, 2, 50)
    slopes = log_gamma_slopes(x, ARCS)
    for k in range(6):
        step = np.zeros(6)
        step[k] = 1e-6
        up, down = (np.log(arc_gamma(x, ARCS + s * step.reshape(2, 3))) for s in (1, -1))
        np.testing.assert_allclose(slopes[:, k], (up - down) / 2e-6, atol=1e-7)


def test_arcs_are_fitted_from_a_poor_start() -> None:
    data = system(grid(F), two_arcs().z_ohm, ("resistor",))
    found, cost = fit_arcs(data, (ARCS + np.array([[0.5, 1.0, 0.1], [-0.5, -1.0, 0.1]]))[None], (-30.0, 10.0))
    np.testing.assert_allclose(found[0], ARCS, atol=1e-3)
    assert cost[0] < 1e-6


def test_noise_free_pairs_are_met() -> None:
    row = drawn.judged("eisfit", drawn.ours, 0.0, 3, 15)
    assert str(row["both found"]).startswith("100.0%")
    assert row["false"] == "0.0%"
    assert float(str(row["L1"])) < 0.01


def test_pairs_with_noise_are_found_and_no_others() -> None:
    row = drawn.judged("eisfit", drawn.ours, 0.005, 4, 6)
    assert float(str(row["both found"]).split("%")[0]) > 88
    assert float(str(row["false"]).rstrip("%")) <= 3
    assert float(str(row["L1"])) < 0.045


def test_resistances_of_arcs_and_peaks_hold_the_truth_as_often_as_their_errors_say() -> None:
    arcs, peaks = [], []
    for seed in range(40):
        found = eisfit.drt(two_arcs(seed))
        assert found.count.number == 2
        arcs += [
            (a.resistance_ohm - t) / a.resistance_stderr_ohm
            for a, t in zip(found.arcs, (100, 40), strict=True)
        ]
        arcs += [(a.alpha - t) / a.alpha_stderr for a, t in zip(found.arcs, (0.85, 0.7), strict=True)]
        peaks += [p.resistance_ohm + 0.0 for p in found.peaks[:1]]
        assert all(p.stands for p in found.peaks)
    assert 0.8 < float(np.std(arcs)) < 1.2
    assert abs(float(np.mean(arcs))) < 0.3
    spread = float(np.std(peaks))
    assert 0.5 < eisfit.drt(two_arcs(99)).peaks[0].resistance_stderr_ohm / spread < 2.0


@pytest.mark.parametrize(
    ("name", "peaks"),
    [(name, peaks) for name, _, peaks in drawn.others(np.random.default_rng(0))],
)
def test_other_elements_have_no_false_peak(name: str, peaks: int) -> None:
    for seed in range(2):
        rng = np.random.default_rng([9, seed])
        z = {n: z for n, z, _ in drawn.others(rng)}[name]
        found = eisfit.drt(eisfit.Spectrum(F, noisy(z, 0.005, seed)))
        assert len(found.peaks) == peaks


def test_what_lies_in_series_is_told() -> None:
    z = two_arcs().z_ohm + 1e-6 * W + 1 / (1e-5 * W)
    found = eisfit.drt(eisfit.Spectrum(F, noisy(z, 0.001, 1)))
    assert found.inductance_h == pytest.approx(1e-6, rel=0.2)
    assert found.goes_on
    assert math.isnan(found.resistance_ohm)
    assert found.series_resistance_ohm == pytest.approx(20, rel=0.05)


@pytest.mark.parametrize("arcs", [1, 2, 3, 4])
def test_the_number_of_arcs_is_right_or_possible(arcs: int) -> None:
    for seed in range(4):
        rng = np.random.default_rng([arcs, seed, 7])
        true = drawn.drawn_arcs(rng, arcs)
        true[:, 0] = math.log(100)
        z = noisy(20 + arcs_impedance(2 * np.pi * F, true), 0.002, seed)
        count = eisfit.drt(eisfit.Spectrum(F, z)).count
        assert arcs in count.possible
        assert count.odds_fewer > 1
        assert count.odds_more > 1


def test_a_further_arc_never_fits_worse() -> None:
    counted = count_arcs(grid(F), two_arcs(3).z_ohm)
    assert (np.diff(counted.misfit) <= 1e-9 * counted.misfit[:-1]).all()
    assert arcs_covariance(counted.system, counted.arcs[2]).shape == (6, 6)


def short(n: int, low: float) -> eisfit.Spectrum:
    f = np.logspace(5, math.log10(low), n)
    return eisfit.Spectrum(f, 20 + 100 / (1 + 2j * np.pi * f * 1e-4), label="cell")


@pytest.mark.parametrize(
    ("spectrum", "said"),
    [
        (short(8, 1e2), "cell: 8 points are too few"),
        (short(20, 5e3), "cell: the window of 1.3 decades .* is too short"),
        (short(13, 1e-1), "cell: 2.0 points per decade are too few"),
        (eisfit.Spectrum(F, 20 + 100 / (1 - W * 1e-3), label="cell"), "cell: "),
        (
            eisfit.Spectrum(F, 20 + 100 / (1 + W * 1e-3) - 60 / (1 + W * 0.1), label="cell"),
            "no distribution of positive",
        ),
    ],
)
def test_what_has_no_distribution_is_refused(spectrum: eisfit.Spectrum, said: str) -> None:
    with pytest.raises(eisfit.InputError, match=said):
        eisfit.drt(spectrum)


def test_drift_is_refused_and_looked_at_on_request() -> None:
    z = 20 + 100 / (1 + (W * 1e-3) ** 0.9)
    drifting = eisfit.Spectrum(F, z * np.where(F > 30, 1.0, 1.4))
    with pytest.raises(eisfit.InputError, match="Kramers-Kronig"):
        eisfit.drt(drifting)
    assert "Kramers-Kronig" in " ".join(eisfit.drt(drifting, despite_findings=True).remarks)


def test_a_list_is_refused_by_name() -> None:
    with pytest.raises(eisfit.InputError, match=r"drt takes one Spectrum.*eisfit.drt_series"):
        eisfit.drt([two_arcs()])  # type: ignore[arg-type]
