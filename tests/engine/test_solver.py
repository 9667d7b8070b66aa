"""The solver and its starts: exact where data are exact, on every grid, at every bound."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares, nnls

import eisfit
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.engine.backends import cpu
from eisfit.engine.posing import pose
from eisfit.engine.solver import solve
from eisfit.errors import FitError
from eisfit.fitting import batch
from eisfit.results.fits import FitColumns
from eisfit.search.amplitudes import non_negative
from support.cells import grid, le_se_faded, le_se_values, measured, noisy

PICO = [
    ("p(R1,C1)", (1e9, 1e-12), grid(1e6, 1e-3)),
    ("p(R1,C1)", (1e6, 1e-11), grid(1e7, 0.1)),
    ("R0-p(R1,CPE1)", (50.0, 1e6, 2e-11, 0.95), grid(1e7, 0.1)),
    ("R0-p(R1,C1)-p(R2,C2)-p(R3,C3)", (10.0, 1e5, 20e-12, 1e6, 5e-9, 1e5, 3e-6), grid(1e7, 1e-2)),
    ("R0-p(R1,CPE1)-W1", (20.0, 300.0, 1e-5, 0.85, 40.0), grid(1e5, 1e-2)),
    ("L0-R0-p(R1,CPE1)-Ws1", (2e-7, 5.0, 40.0, 1e-4, 0.8, 30.0, 20.0), grid(1e6, 1e-3)),
]


@pytest.mark.parametrize(("circuit", "values", "f"), PICO, ids=[f"{c} {v[1]:g}" for c, v, _ in PICO])
def test_noise_free_data_give_back_their_parameters_without_a_start(
    circuit: str, values: tuple, f: np.ndarray
) -> None:
    t = Template.from_circuit(circuit)
    fitted = eisfit.fit(eisfit.Spectrum(f, t.circuit.impedance(f, values)), circuit)
    np.testing.assert_allclose(list(fitted.values.values()), values, rtol=1e-6)


@pytest.mark.parametrize("off", [3.0, 1 / 3])
@pytest.mark.parametrize(("circuit", "values", "f"), PICO[:4], ids=[f"{c} {v[1]:g}" for c, v, _ in PICO[:4]])
def test_a_start_three_times_off_is_as_good(circuit: str, values: tuple, f: np.ndarray, off: float) -> None:
    t = Template.from_circuit(circuit)
    factors = np.where([p.quantity.upper < 2 for p in t.circuit.parameters], 0.9, off)
    start = dict(zip(t.circuit.names, (np.array(values) * factors).tolist(), strict=True))
    fitted = eisfit.fit_many([eisfit.Spectrum(f, t.circuit.impedance(f, values))], circuit, start=start)[0]
    np.testing.assert_allclose(list(fitted.values.values()), values, rtol=1e-6)


def test_picofarads_come_out_right_to_the_noise() -> None:
    f = grid(1e7, 1e-2)
    values = (10.0, 1e5, 20e-12, 1e6, 5e-9, 1e5, 3e-6)
    circuit = "R0-p(R1,C1)-p(R2,C2)-p(R3,C3)"
    t = Template.from_circuit(circuit)
    fitted = eisfit.fit(eisfit.Spectrum(f, noisy(t.circuit.impedance(f, values), 0.005, 3)), circuit)
    for p, true in zip(fitted.parameters, values, strict=True):
        if p.name != "R0":
            assert abs(p.value - true) < 4 * p.stderr
            assert p.stderr < 0.1 * p.value


def test_the_minimum_is_that_of_an_independent_solver() -> None:
    t = le_se_faded()
    spectrum = measured(t, le_se_values(), seed=5)
    problem = pose([spectrum], t)
    rows = np.array([0])
    start = np.log(list(le_se_values().values())) + 0.3
    start = np.clip(start, problem.lower[0], problem.upper[0])
    ours = solve(problem, start[None], rows)

    def residual(x: np.ndarray) -> np.ndarray:
        r: np.ndarray = problem.residual(x[None], rows)[0]
        return r

    def jacobian(x: np.ndarray) -> np.ndarray:
        j: np.ndarray = problem.residual_and_jacobian(x[None], rows)[1][0].T
        return j

    theirs = least_squares(
        residual,
        start,
        jacobian,
        bounds=(problem.lower[0], problem.upper[0]),
        xtol=1e-14,
        ftol=1e-14,
        gtol=1e-14,
    )
    assert ours.converged[0]
    assert ours.cost[0] == pytest.approx(theirs.cost, rel=1e-9)


def test_spectra_on_different_grids_fit_as_they_do_alone() -> None:
    t = le_se_faded()
    spectra = [
        measured(t, le_se_values(r_s=r), frequency_hz=f, seed=k, label=str(k))
        for k, (r, f) in enumerate([(50.0, grid()), (80.0, grid(3e5, 1.0, 7)), (120.0, grid(1e6, 0.3, 12))])
    ]
    together = eisfit.fit_many(spectra, "le_se")
    for spectrum, fitted in zip(spectra, together, strict=True):
        alone = eisfit.fit(spectrum, "le_se")
        for name, value in alone.values.items():
            assert fitted.values[name] == pytest.approx(value, rel=1e-4)


def test_masked_points_take_no_part() -> None:
    t = le_se_faded()
    clean = measured(t, le_se_values(), noise=0.0)
    z = clean.z_ohm.copy()
    z[3] *= 5
    spoiled = eisfit.Spectrum(clean.frequency_hz, z, conditions=clean.conditions).cut(drop=[3])
    assert eisfit.fit(spoiled, "le_se")["interface"].resistance_ohm == pytest.approx(1000.0, rel=1e-6)


def test_equal_seeds_give_equal_results() -> None:
    spectrum = measured(le_se_faded(), le_se_values())
    assert eisfit.fit(spectrum, "le_se", seed=4) == eisfit.fit(spectrum, "le_se", seed=4)


def test_an_exponent_of_one_rests_on_its_bound_without_an_error() -> None:
    t = le_se_faded()
    for seed in range(6):
        fitted = eisfit.fit(measured(t, le_se_values(gb=(250.0, 2.5e-6, 1.0)), seed=seed), "le_se")
        alpha = next(p for p in fitted.parameters if p.name == "Zarc_gb_alpha")
        assert alpha.value <= 1.0
        if alpha.value == 1.0:
            assert np.isnan(alpha.stderr)
            said = re.fullmatch(
                r"rests on its upper bound 1, a physical limit; above (0\.9\d+) \(95 %\)", alpha.note
            )
            assert said is not None, alpha.note
            assert 0.98 < float(said[1]) < 1
            return
    pytest.fail("no seed put the exponent on its bound")


def test_a_fixed_parameter_keeps_its_value_and_has_no_error() -> None:
    spectrum = measured(le_se_faded(), le_se_values())
    t = eisfit.template("le_se", electrodes=4).setting({"Zarc_int_alpha": Setting(fixed=0.9)})
    fitted = eisfit.fit(spectrum, t)
    alpha = next(p for p in fitted.parameters if p.name == "Zarc_int_alpha")
    assert (alpha.value, alpha.note) == (0.9, "fixed")
    assert np.isnan(alpha.stderr)


def test_a_narrow_range_is_kept_and_said() -> None:
    spectrum = measured(le_se_faded(), le_se_values())
    t = eisfit.template("le_se", electrodes=4).setting({"Zarc_int_alpha": Setting(low=0.5, high=0.898)})
    fitted = eisfit.fit(spectrum, t)
    alpha = next(p for p in fitted.parameters if p.name == "Zarc_int_alpha")
    assert alpha.value == pytest.approx(0.898)
    assert alpha.note.startswith("rests on its upper bound 0.898; above 0.89")
    assert fitted.outcome in (eisfit.Outcome.AT_BOUND, eisfit.Outcome.MISFIT)


@pytest.mark.parametrize("weights", ["modulus", "unit", "proportional"])
def test_all_weights_find_the_same_cell(weights: str) -> None:
    fitted = eisfit.fit(measured(le_se_faded(), le_se_values(), noise=1e-4), "le_se", weights=weights)
    assert fitted["interface"].resistance_ohm == pytest.approx(1000.0, rel=2e-3)


def test_given_sigmas_set_the_scale_of_the_errors() -> None:
    away_from_bounds = le_se_values(gb=(250.0, 2.5e-6, 0.9))  # a bound has a scale of its own
    spectrum = measured(le_se_faded(), away_from_bounds)
    sigma = 0.005 * np.abs(spectrum.z_ohm)
    right = eisfit.fit(spectrum, "le_se", weights=sigma)
    double = eisfit.fit(spectrum, "le_se", weights=2 * sigma)
    assert right.statistics is not None
    assert right.statistics.chi2_reduced == pytest.approx(1.0, abs=0.3)
    assert double["interface"].stderr_log == pytest.approx(2 * right["interface"].stderr_log, rel=1e-3)


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [("mod", "unknown weights 'mod'"), ([1.0], "71 positive numbers"), (np.zeros(71), "71 positive numbers")],
)
def test_wrong_weights_are_refused(weights: Any, sentence: str) -> None:
    with pytest.raises(FitError, match=sentence):
        eisfit.fit(measured(le_se_faded(), le_se_values()), "le_se", weights=weights)


def test_fewer_numbers_than_parameters_are_refused() -> None:
    with pytest.raises(FitError, match="2 points give 4 numbers for 5 free parameters"):
        eisfit.fit(eisfit.Spectrum([1e3, 1e2], [1 - 1j, 2 - 1j]), "R0-p(R1,CPE1)-W1")


def test_one_bad_spectrum_does_not_stop_the_batch() -> None:
    good = measured(le_se_faded(), le_se_values())
    short = eisfit.Spectrum([1e3], [1 - 1j], conditions=good.conditions, label="short")
    fits = eisfit.fit_many([good, short], "le_se")
    assert fits[0].outcome is eisfit.Outcome.GOOD
    assert fits[1].outcome is eisfit.Outcome.FAILED
    assert "1 points give 2 numbers" in fits[1].sentence
    assert np.isnan(fits.column("Zarc_int_R")[1])


def test_a_start_with_an_unknown_name_is_refused() -> None:
    with pytest.raises(FitError, match="start: unknown parameter 'R9'; the parameters are R1, C1"):
        eisfit.fit_many([eisfit.Spectrum(grid(), np.ones(71))], "p(R1,C1)", start={"R1": 1.0, "R9": 1.0})


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(0, 10_000))
def test_non_negative_least_squares_agrees_with_scipy(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    basis = rng.standard_normal((12, size))
    basis /= np.linalg.norm(basis, axis=0)
    target = rng.standard_normal(12)
    ours = non_negative((basis.T @ basis)[None], (basis.T @ target)[None])[0]
    best = nnls(basis, target)[1]
    assert np.linalg.norm(basis @ ours - target) <= best * (1 + 1e-3) + 1e-9


def test_a_parameter_that_the_data_do_not_see_does_not_hold_up_the_others() -> None:
    t = Template.from_circuit("L0-R0-p(R1,CPE1)-p(R2,CPE2)")
    truth = np.array([1e-15, 30.0, 70.0, 1e-8, 0.95, 150.0, 1e-6, 0.9])
    f = grid()
    spectrum = eisfit.Spectrum(f, noisy(t.circuit.impedance(f, truth), 0.005, 3))
    problem = pose([spectrum], t)
    start = np.log(truth)[None] + np.array([[18.0, 0.3, -0.4, 0.5, -0.1, 0.4, -0.5, -0.1]])
    found = solve(problem, start, np.array([0]))
    bare = Template.from_circuit("R0-p(R1,CPE1)-p(R2,CPE2)")
    without = solve(pose([spectrum], bare), np.log(truth)[None, 1:], np.array([0]))
    assert found.cost[0] <= without.cost[0] * (1 + 1e-6)


def test_columns_are_the_numbers_of_the_fits_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    spectra = [measured(le_se_faded(), le_se_values(), seed=k, label=f"s{k}") for k in range(4)]
    spectra.insert(2, eisfit.Spectrum([1.0, 2.0], [1 - 1j, 2 - 1j], label="short"))
    whole = eisfit.fit_many(spectra, "le_se")
    monkeypatch.setattr(batch, "BLOCK", 2)
    fits = eisfit.fit_many(spectra, "le_se")
    assert list(fits) == list(whole)
    made = FitColumns.of(list(fits))
    assert fits.columns.names == made.names
    np.testing.assert_allclose(fits.columns.values, made.values, rtol=1e-9)
    np.testing.assert_allclose(fits.columns.stderrs, made.stderrs, rtol=1e-6)
    np.testing.assert_allclose(fits.chi2_reduced, made.chi2_reduced, rtol=1e-9)
    np.testing.assert_array_equal(fits.converged, made.converged)
    assert fits.converged.tolist() == [True, True, False, True, True]
    assert np.isnan(fits.column("Zarc_int_R")[2])
    assert fits[-1].label == "s3"
    assert [f.label for f in fits.fits[1:3]] == ["s1", "short"]
    with pytest.raises(KeyError, match="no parameter 'R9'; there are"):
        fits.column("R9")


def test_several_threads_give_what_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    t = Template.from_circuit("R0-p(R1,CPE1)")
    truth = np.array([10.0, 100.0, 1e-6, 0.9])
    rows = 40
    problem = pose(
        [eisfit.Spectrum(grid(), noisy(t.circuit.impedance(grid(), truth), 0.005, k)) for k in range(rows)], t
    )
    start = np.tile(np.log(truth) + 0.3, (rows, 1)).clip(max=problem.upper)
    monkeypatch.setattr(cpu, "CHUNK_NUMBERS", 2 * 4 * problem.weight.shape[1])
    found = []
    for cores in (1, 3):
        monkeypatch.setattr(cpu, "available_cores", lambda cores=cores: cores)
        found.append(solve(problem, start, np.arange(rows)))
    np.testing.assert_array_equal(found[0].x, found[1].x)
    np.testing.assert_array_equal(found[0].iterations, found[1].iterations)
    assert found[0].converged.all()
