"""Tied parameters move together, and their derivatives add up."""

from __future__ import annotations

import numpy as np
import pytest

import eisfit
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.errors import FitError
from eisfit.uncertainty.covariance import covariance_of
from support.cells import grid, noisy

CIRCUIT = Template.from_circuit("R0-p(R1,CPE1)-p(CPE2,R2)-Zarc3")
VALUES = [10.0, 100.0, 1e-6, 0.9, 1e-3, 0.9, 200.0, 50.0, 1e-5, 0.9]
TIES: dict[str, Setting | float | str] = {
    "R2": "2*R1", "CPE2_alpha": "CPE1_alpha", "Zarc3_alpha": "CPE2_alpha", "Zarc3_R": "0.25*R2"
}  # fmt: skip


def tied(settings: dict[str, Setting | float | str] | None = None) -> Problem:
    z = noisy(CIRCUIT.circuit.impedance(grid(), VALUES), 0.003, 1)
    spectra = [eisfit.Spectrum(grid(), z), eisfit.Spectrum(grid(), 2 * z)]
    return pose(spectra, CIRCUIT.setting(TIES if settings is None else settings))


def test_derivatives_of_a_tied_problem_are_those_of_finite_differences() -> None:
    p = tied()
    rng, rows = np.random.default_rng(2), np.array([0, 1])
    x = p.followed(np.log(VALUES) + 0.1 * rng.standard_normal((2, len(VALUES))))
    _, jacobian = p.residual_and_jacobian(x, rows)
    for k, name in enumerate(p.names):
        step = np.zeros_like(x)
        step[:, k] = 1e-6
        change = (p.residual(x + step, rows) - p.residual(x - step, rows)) / 2e-6
        if name in TIES:
            assert not change.any()
        np.testing.assert_allclose(jacobian[:, k], change, atol=2e-7 * np.abs(jacobian).max())
    cost, normal, gradient = p.normal_equations(x, rows)
    residual = p.residual(x, rows)
    np.testing.assert_allclose(cost, 0.5 * np.sum(residual**2, axis=1))
    np.testing.assert_allclose(normal, jacobian @ jacobian.transpose(0, 2, 1), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(gradient, (jacobian @ residual[:, :, None])[:, :, 0], rtol=1e-9, atol=1e-7)


def test_a_solution_keeps_its_ties_from_any_start() -> None:
    p = tied()
    start = np.log(VALUES) + 0.3 * np.random.default_rng(3).standard_normal((6, len(VALUES)))
    found = solve(p, start, np.zeros(6, int))
    values = dict(zip(p.names, p.values(found.x).T, strict=True))
    np.testing.assert_allclose(values["R2"], 2 * values["R1"], rtol=1e-13)
    np.testing.assert_allclose(values["Zarc3_R"], 0.5 * values["R1"], rtol=1e-13)
    np.testing.assert_array_equal(values["Zarc3_alpha"], values["CPE1_alpha"])


def test_tied_parameters_are_no_variables() -> None:
    p = tied()
    assert [name for name, fixed in zip(p.names, p.fixed, strict=True) if fixed] == [
        "CPE2_alpha", "R2", "Zarc3_R", "Zarc3_alpha"
    ]  # fmt: skip


def test_bounds_of_all_that_is_tied_together_hold() -> None:
    p = tied({"CPE2_alpha": Setting(tie="1.25*CPE1_alpha", low=0.5), "CPE1_alpha": Setting(high=0.95)})
    k, m = p.names.index("CPE2_alpha"), p.names.index("CPE1_alpha")
    np.testing.assert_allclose(np.exp([p.lower[0, m], p.upper[0, m]]), [0.4, 0.8])
    np.testing.assert_allclose(np.exp([p.lower[0, k], p.upper[0, k]]), [0.5, 1.0])


def test_what_is_tied_to_a_fixed_parameter_has_its_value_to_the_last_digit() -> None:
    p = tied({"R2": "2*R1", "R1": 0.1 + 0.2})
    assert p.values(p.lower)[0, p.names.index("R2")] == 2 * (0.1 + 0.2)
    assert p.ties is None


def test_the_error_of_a_tied_parameter_is_that_of_what_it_follows() -> None:
    p = tied()
    found = solve(p, np.log([VALUES, VALUES]), np.arange(2))
    confidence = covariance_of(p, found.x, found.cost)
    k, m = p.names.index("R2"), p.names.index("R1")
    np.testing.assert_array_equal(confidence.covariance_log[:, k, k], confidence.covariance_log[:, m, m])
    np.testing.assert_array_equal(confidence.covariance_log[:, k, m], confidence.covariance_log[:, m, m])
    assert confidence.count.tolist() == [6, 6]
    assert confidence.correlation(0, k) == confidence.correlation(0, m) < 1


def test_what_others_follow_moves_on_while_they_are_not_held() -> None:
    p = tied()
    held = np.zeros((1, len(VALUES)), bool)
    held[0, p.names.index("CPE1_alpha")] = True
    start = np.log([VALUES])
    start[0, p.names.index("CPE1_alpha")] = np.log(0.7)
    moved = solve(p, start, np.zeros(1, int), held=held)
    np.testing.assert_array_equal(moved.x, solve(p, start, np.zeros(1, int)).x)
    assert p.values(moved.x)[0, p.names.index("CPE1_alpha")] > 0.8
    held[0, [p.names.index("CPE2_alpha"), p.names.index("Zarc3_alpha")]] = True
    still = solve(p, start, np.zeros(1, int), held=held)
    assert p.values(still.x)[0, p.names.index("CPE1_alpha")] == pytest.approx(0.7)


def test_fewer_points_are_enough_for_tied_parameters() -> None:
    f = grid()[::20][:4]
    spectrum = eisfit.Spectrum(f, CIRCUIT.circuit.impedance(f, VALUES))
    with pytest.raises(FitError, match="4 points give 8 numbers for 10 free parameters"):
        pose([spectrum], CIRCUIT)
    assert pose([spectrum], CIRCUIT.setting(TIES)).size == 1


def test_without_ties_nothing_is_copied() -> None:
    p = tied({})
    x = np.log([VALUES])
    assert p.ties is None
    assert p.followed(x) is x
