"""Predicted errors: closed forms, the engine's own covariance, and that no information ever hurts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eisfit.cell.links import links_of
from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.engine.joint import solve_joint
from eisfit.planning import Expected, PlannedCell, plan
from eisfit.planning.further import Allowed, further
from eisfit.planning.information import foreseen
from eisfit.planning.joint_problem import posed
from eisfit.planning.predicted import Wanted, predicted
from eisfit.results.plan import PredictedError
from eisfit.spectrum.conditions import Conditions
from support.planned import one_arc, pellet_of, two_arcs

LAWS = dict.fromkeys(("liquid + bulk", "grain boundary", "interface"), ("arrhenius", "ln(1/R)"))
SHARED = ("grain boundary C", "grain boundary alpha")
BY_LAWS = Wanted((), {}, 25.0)


def test_a_resistor_parallel_to_a_capacitor_has_the_errors_of_its_closed_form() -> None:
    """With x = w R C the information is sum 1 / (1 + x²) of ln R, sum x² / (1 + x²) of ln C, and 0 of both."""
    cell = one_arc(noise_percent=0.7)
    x2 = (2 * np.pi * cell.grid_hz * 1e3 * 1e-7) ** 2
    known = foreseen(posed([cell], ()))
    expected = 0.007 / np.sqrt([np.sum(1 / (1 + x2)), np.sum(x2 / (1 + x2))])
    assert np.sqrt(np.diagonal(known.covariance_log[0][0])) == pytest.approx(expected, rel=1e-9)
    assert abs(known.covariance_log[0][0, 0, 1]) < 1e-12 * expected[0] * expected[1]


def test_its_activation_energy_has_that_of_a_weighted_line_and_of_a_joint_fit() -> None:
    """With exact temperatures and C of each spectrum its own, the joint fit is the line through R."""
    cell = one_arc(temperatures_c=(0.0, 20.0, 60.0))
    known = foreseen(posed([cell], ()))
    weight = 1 / known.covariance_log[0][:, 0, 0]
    x = 1 / (np.array(cell.temperatures_c) + ZERO_CELSIUS_K)
    mean = weight @ x / weight.sum()
    expected = BOLTZMANN_EV_PER_K / np.sqrt(weight @ (x - mean) ** 2)
    found = plan(cell, "R1")
    for estimate in ("lines", "joint"):
        assert found.error("R1", estimate=estimate).stderr == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("with_pellet", [False, True])
def test_the_covariance_is_that_of_a_joint_fit_at_the_truth(with_pellet: bool) -> None:
    cells = [two_arcs(3.0)]
    cells += [pellet_of(cells[0], noise_percent=0.3)] if with_pellet else []
    problem = posed(cells, links_of([c.template for c in cells], SHARED, LAWS))  # type: ignore[arg-type]
    known, fit = foreseen(problem), solve_joint(problem.joint, problem.state, max_iterations=0)
    assert np.diag(known.common_covariance) == pytest.approx(np.diag(fit.common_covariance), rel=1e-5)
    for own, theirs in zip(known.covariance_log, fit.covariance_log, strict=True):
        assert np.diagonal(own, axis1=1, axis2=2) == pytest.approx(
            np.diagonal(theirs, axis1=1, axis2=2), rel=1e-5
        )


def test_what_the_data_do_not_determine_keeps_a_large_error_and_spoils_no_other() -> None:
    """Of two resistors in series only the sum is determined."""
    arc = {
        "Zarc2_R": Expected(value=500),
        "Zarc2_tau": Expected(value=5e-4),
        "Zarc2_alpha": Expected(value=0.9),
    }
    two = PlannedCell.of(
        "R0-R1-Zarc2", {"R0": Expected(value=50), "R1": Expected(value=100), **arc}, temperatures_c=[25.0]
    )
    one = PlannedCell.of("R0-Zarc2", {"R0": Expected(value=150), **arc}, temperatures_c=[25.0])
    found = plan(two, "Zarc2_R")
    for name in ("R0", "R1"):
        error = found.error(name, "resistance", estimate="lines")
        assert (error.told, error.reason, error.text) == (False, "error > 30 %", "not told")
    assert found.target.stderr == pytest.approx(plan(one, "Zarc2_R").target.stderr, rel=1e-6)


cells = st.builds(
    lambda ratio, alpha, noise, err, low, step: PlannedCell.of(
        "le_se",
        {
            "liquid + bulk": Expected(100, activation_energy_ev=0.35),
            "grain boundary": Expected(250, activation_energy_ev=0.4, capacitance_f=1e-8, alpha=alpha),
            "interface": Expected(
                900, activation_energy_ev=0.52, capacitance_f=ratio * 2.5e-6 / 450, alpha=alpha
            ),
        },
        temperatures_c=[low, low + step, low + 2 * step],
        noise_percent=noise,
        conditions=Conditions(area_cm2=0.785, thickness_cm=0.1, temperature_err_c=err, electrodes=4),
        above_window=["bulk"],
    ),
    st.floats(3, 300),
    st.floats(0.7, 1.0),
    st.floats(0.05, 2),
    st.floats(0.01, 1),
    st.floats(-20, 30),
    st.floats(5, 20),
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(cells)
def test_no_further_measurement_raises_an_error(cell: PlannedCell) -> None:
    """Of what is determined at all: a covariance of 1e4 and more is rounded."""
    for estimate in ("joint", "shared"):
        before = {_key(e): e.stderr / abs(e.value) for e in predicted([cell], estimate, BY_LAWS)}
        for name, _, with_it in further([cell], [pellet_of(cell)], Allowed()):
            after = {_key(e): e.stderr / abs(e.value) for e in predicted(with_it, estimate, BY_LAWS)}
            for key, error in before.items():
                if error < 10:
                    assert after[key] <= error * (1 + 1e-6), f"{name} raises {key}"


def _key(error: PredictedError) -> tuple[str, str, str]:
    return error.contribution, error.quantity, f"{error.temperature_c:.6f}"
