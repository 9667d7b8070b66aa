"""What arcs above the window shift, of which the circuit has the resistance alone."""

from __future__ import annotations

import numpy as np
import pytest

import eisfit
from eisfit.engine.posing import pose
from eisfit.engine.solver import solve
from eisfit.uncertainty.covariance import covariance_of
from eisfit.uncertainty.detection import detect
from eisfit.uncertainty.undetected import undetected
from eisfit.uncertainty.unknown_changes import Hidden, with_changes_of_z

F_HZ = np.logspace(6, 0, 49)
S = 2j * np.pi * F_HZ


def posed(z: np.ndarray, template: eisfit.Template) -> tuple[eisfit.engine.problem.Problem, np.ndarray]:
    conditions = eisfit.Conditions(area_cm2=1.0, thickness_cm=0.1, layers={"polymer": 0.01}, electrodes=4)
    return pose([eisfit.Spectrum(F_HZ, z, conditions=conditions)], template, "modulus"), np.arange(1)


def test_hidden_arcs_change_the_impedance_by_their_beginnings() -> None:
    template = eisfit.template("pe_se", electrodes=4).with_arcs_as_resistors(("polymer", "bulk"))
    problem, _ = posed(np.full(F_HZ.size, 900.0 - 90j), template)
    x = np.zeros((1, len(problem.names)))
    x[0, 0] = np.log(600.0)  # the resistor of both
    arcs = (("polymer", np.log(100.0), np.log(5e-11), 0.9), ("bulk", np.log(200.0), np.log(1e-11), 0.95))
    whole = Hidden(arcs, alone=True).change(problem, x, 0)  # they share the resistor as 1 to 2
    assert whole == pytest.approx(
        200 / (1 + (S * 200 * 5e-11) ** 0.9) + 400 / (1 + (S * 400 * 1e-11) ** 0.95) - 600, rel=1e-9
    )
    beside = Hidden(arcs, alone=False).change(problem, x, 0)  # something else is in it too
    assert beside == pytest.approx(
        100 / (1 + (S * 100 * 5e-11) ** 0.9) + 200 / (1 + (S * 200 * 1e-11) ** 0.95) - 300, rel=1e-9
    )


def test_what_is_left_of_a_change_is_that_of_linear_least_squares_with_its_size() -> None:
    rng = np.random.default_rng(4)
    z = 100 + 500 / (1 + (S * 500 * 1e-8) ** 0.9) - 5e-12 * S * 100**2
    z = z * (1 + 0.003 * (rng.standard_normal(F_HZ.size) + 1j * rng.standard_normal(F_HZ.size)))
    problem, rows = posed(z, eisfit.Template.from_circuit("R0-Zarc1"))
    done = solve(problem, np.log([[100.0, 500.0, 500 * 1e-8, 0.9]]), rows)
    confidence = covariance_of(problem, done.x, done.cost)
    change = -1e-11 * S[None] * 100**2
    found = with_changes_of_z(problem, done.x, confidence, [change], learned=[True])

    residual, jacobian = problem.residual_and_jacobian(done.x, rows)
    sigma = np.sqrt(confidence.variance[0])
    column = problem.data.weighted(change, problem.weight)[0]
    design = np.vstack([np.column_stack([jacobian[0].T, -column]) / sigma, [0, 0, 0, 0, 1]])
    target = np.append(-residual[0] / sigma, 0.0)
    inverse = np.linalg.inv(design.T @ design)
    best = inverse @ design.T @ target
    added = found.covariance_log[0] - confidence.covariance_log[0]
    expected = (
        inverse[:4, :4] + np.outer(best[:4], best[:4]) - np.linalg.inv(jacobian[0] @ jacobian[0].T) * sigma**2
    )
    np.testing.assert_allclose(added, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


def test_a_limit_is_found_between_two_rungs() -> None:
    # the resistance is known to 1 %: no rung of the ladder of trial resistances is allowed but its own
    rng = np.random.default_rng(1)
    z = 100 + 500 / (1 + (S * 500 * 1e-8) ** 0.9)
    z = z * (1 + 0.01 * (rng.standard_normal(F_HZ.size) + 1j * rng.standard_normal(F_HZ.size)))
    problem, rows = posed(z, eisfit.Template.from_circuit("R0-Zarc1"))
    done = solve(problem, np.log([[100.0, 500.0, 500 * 1e-8, 0.9]]), rows)
    state = detect(problem, done.x, done.cost)
    asked = np.array([["R0" in s.segment.circuit for s in problem.template.path]])
    place = int(np.flatnonzero(asked[0])[0])
    limit = undetected(problem, state, asked).limits[0, place]
    sigma = np.sqrt(covariance_of(problem, done.x, done.cost).covariance_log[0, 0, 0])
    assert 0.99 < limit / np.exp(done.x[0, 0] + 1.645 * sigma) < 1.1  # the rung above it
