"""A dielectric that no spectrum of a series shows, and arcs that hide in others, are in the errors beside them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import eisfit
from eisfit import Conditions, Spectrum
from eisfit.assignment.decision import least_probability, tails_of
from eisfit.assignment.hidden import two_in_one
from eisfit.assignment.settings import DEFAULT
from eisfit.circuit.arc import Arc
from eisfit.engine.posing import pose
from eisfit.engine.solver import solve
from eisfit.reporting.averaging import moved_sum
from eisfit.reporting.intervals import limit_undetermined, limit_with_shift, shifted_ends
from eisfit.reporting.rows import Row
from eisfit.uncertainty.covariance import Confidence, covariance_of
from eisfit.uncertainty.unknown_changes import Common, Hidden
from support.simulated_cells import Z, activated, arc

F_HZ = np.geomspace(1e6, 0.1, 57)
OMEGA = 2 * np.pi * F_HZ
AT = Conditions(area_cm2=1.37, thickness_cm=0.153, electrodes=4)


def with_noise(z: Z, seed: int, noise: float = 0.001) -> Z:
    rng = np.random.default_rng(seed)
    return np.asarray(z * (1 + noise * (rng.standard_normal(z.size) + 1j * rng.standard_normal(z.size))))


def test_errors_hold_a_bulk_arc_that_lies_above_the_window_at_all_temperatures() -> None:
    spectra, true = [], []
    for celsius in range(10, 71, 15):
        bulk, gb, interface = (activated(*v, celsius) for v in ((300.0, 0.3), (500.0, 0.4), (500.0, 0.6)))
        z = 20 + arc(OMEGA, bulk, 1e-11, 0.98) + arc(OMEGA, gb, 1.25e-9, 0.98)
        z = with_noise(z + 2 * arc(OMEGA, interface, 1.2e-6, 0.9), celsius, 0.002)
        spectra.append(Spectrum(F_HZ, z, conditions=AT.updated(temperature_c=celsius), label=f"{celsius}C"))
        true.append({"liquid + bulk": 20 + bulk, "grain boundary": gb})
    pulls = [
        np.log(fit[name].resistance_ohm / value)
        / (fit[name].resistance_stderr_ohm / fit[name].resistance_ohm)
        for fit, now in zip(eisfit.fit_series(spectra, "le_se"), true, strict=True)
        for name, value in now.items()
    ]
    assert np.sqrt(np.mean(np.square(pulls))) < 1.5
    assert np.abs(pulls).max() < 2.5  # without: 3.8


def solved(z: Z) -> tuple[eisfit.engine.problem.Problem, np.ndarray, Confidence]:
    template = eisfit.template("le_se", electrodes=4).with_arcs_as_resistors(("bulk",))
    problem = pose([Spectrum(F_HZ, z, conditions=AT)], template, "modulus")
    start = np.log([[320.0, 500.0, 500 * 1.25e-9, 0.98, 400.0, 400 * 1.2e-6, 0.9]])
    done = solve(problem, start, np.arange(1))
    return problem, done.x, covariance_of(problem, done.x, done.cost)


@pytest.mark.parametrize("there", [False, True])
def test_what_a_series_leaves_open_is_that_of_linear_least_squares(there: bool) -> None:
    tail = arc(OMEGA, 300.0, 2e-11, 0.9) - 300.0 if there else 0.0
    z = 320.0 + tail + arc(OMEGA, 500.0, 1.25e-9, 0.98) + 2 * arc(OMEGA, 400.0, 1.2e-6, 0.9)
    problem, x, confidence = solved(with_noise(z, 3))
    hidden = [Hidden(unseen=(("bulk", np.log(2e-11)),))]
    common = Common.of([(problem, x, confidence, hidden)], 3e-12)
    total = np.array([0.0, 1.0, 1.0, 0.0])  # of both exponents
    size = float(np.sqrt(total @ common.root @ common.root.T @ total))
    assert size > 0.3 if there else size < 0.3
    changes = common.changes(problem, x, hidden)
    assert len(changes) == 4
    assert all(change.shape == (1, F_HZ.size) for change in changes)


def test_an_arc_that_holds_another_one_changes_by_it_at_an_equal_resistance() -> None:
    z = 320.0 + arc(OMEGA, 500.0, 1.25e-9, 0.98) + 2 * arc(OMEGA, 400.0, 1.2e-6, 0.9)
    problem, x, _ = solved(with_noise(z, 1))
    r, tau, alpha = np.exp(x[0, 1:4])

    def depressed(part: float, at: float, exponent: float) -> Z:
        return np.asarray(part / (1 + (1j * OMEGA * at) ** exponent))

    inside = Hidden(inside=(("grain boundary", np.log(50.0), np.log(1e-5), 0.9),)).change(problem, x, 0)
    assert inside == pytest.approx(depressed(50.0, 1e-5, 0.9) - depressed(50.0, tau, alpha))
    double = Hidden(doubled=("grain boundary",)).change(problem, x, 0)
    halves = depressed(r / 2, tau * 10**0.5, alpha) + depressed(r / 2, tau / 10**0.5, alpha)
    assert double == pytest.approx(halves - depressed(r, tau, alpha))
    larger = Hidden(with_tail=("grain boundary",)).change(problem, x, 0)
    assert larger == pytest.approx(depressed(r, tau * np.exp(0.15 / alpha), alpha) - depressed(r, tau, alpha))


def test_two_dielectric_arcs_need_more_odds_for_their_names_than_other_arcs() -> None:
    labels = [SimpleNamespace(role=SimpleNamespace(may_fade=fades)) for fades in (True, True, False)]
    series = SimpleNamespace(skeleton=SimpleNamespace(labels=labels), settings=DEFAULT)
    assert least_probability(series, (0, 1), 0, 1) == 1 / 61  # type: ignore[arg-type]
    others = (((0, 2), 0, 1), ((0, 2), 0, 2), ((1, 3), None, 1), ((0, 3), 0, None))
    assert {least_probability(series, *other) for other in others} == {1 / 21}  # type: ignore[arg-type]


def test_a_tail_is_that_of_an_arc_of_the_usual_capacitance() -> None:
    x = np.log([[40.0, 40 * 1e-11, 0.9], [30.0, 30 * 1.1e-11, 0.9], [7.0, 7 * 2e-10, 0.9], [5.0, 5e-9, 0.9]])
    sightings = [
        [SimpleNamespace(arcs=((0,),), covariance=1e-4 * np.eye(2)[None], log_c=[tau - r], structure=0)]
        for r, tau, _ in x
    ]
    series = SimpleNamespace(sightings=sightings)
    evidence = SimpleNamespace(structures=[SimpleNamespace(x=x, arcs=[Arc(0, 1, 2, by_time=True)])])
    best = SimpleNamespace(seen=[[(0, 0, 0), (1, 0, 0), (2, 0, 0)]])
    verdict = SimpleNamespace(expected={0: None})
    ((log_q, alpha),) = tails_of(evidence, range(4), series, best, 3, verdict).values()  # type: ignore[arg-type]
    assert alpha == pytest.approx(0.9)
    assert log_q == pytest.approx(0.9 * x[1, 1] - x[1, 0])  # not of the nearest one, of 200 pF


@pytest.mark.parametrize(("top_hz", "alone"), [(2e6, False), (6e5, False), (1e5, True)])
def test_an_arc_about_the_end_of_the_window_may_be_of_two_dielectrics(top_hz: float, alone: bool) -> None:
    labels = [SimpleNamespace(role=SimpleNamespace(may_fade=fades)) for fades in (True, True, False)]
    x = np.array([[0.0, -np.log(2 * np.pi * top_hz), 0.0]])
    window = SimpleNamespace(window_hz=lambda: (np.array([1.0]), np.array([1e6])))
    structure = SimpleNamespace(x=x, problem=window, arcs=[Arc(0, 1, 2, by_time=True)])
    seen = SimpleNamespace(spectrum=0, unseen=(0, 2), arcs=[SimpleNamespace(label=1, arcs=(0,))])
    found = two_in_one(SimpleNamespace(labels=labels), structure, seen, [0, 2])  # type: ignore[arg-type]
    assert found == ([] if alone else [(0, 0)])


def row(**values: object) -> Row:
    usual = {"spectrum": 0, "parts": (0, 1), "kind": "sum", "name": "a + b", "role": "", "count": 1}
    return Row(**usual | {"resistance": 100.0, "gradient": np.ones(2), "error": 0.02} | values)  # type: ignore[arg-type]


def test_a_sum_that_moves_takes_its_interval_with_it() -> None:
    moved = moved_sum(row(ends=(97.0, 104.0)), 90.0)
    assert moved.ends == (87.0, 94.0)
    assert moved.error * moved.resistance == pytest.approx(2.0)


def path(shift_log: np.ndarray | None = None) -> SimpleNamespace:
    confidence = SimpleNamespace(free=np.ones((1, 2), bool), shift_log=shift_log, variance=np.ones(1))
    estimate = SimpleNamespace(confidence=confidence, linked=None, problem=None, x=None, cost=None, held=None)
    return SimpleNamespace(estimate=estimate, values=np.array([[1.0, 1.0]]))


def test_a_sum_of_no_size_has_no_value() -> None:
    known, unknown = row(resolved="sum only", error=0.6), row(resolved="sum only", error=1.2)
    found = limit_undetermined(path(), (known, unknown))  # type: ignore[arg-type]
    assert [r.has_value for r in found] == [True, False]
    assert found[1].cause == "not determined"


def test_a_limit_holds_what_is_not_in_the_circuit() -> None:
    ends = shifted_ends(path(np.array([[0.2, 0.0]])), 0, 0, np.array([-0.3, np.inf]))  # type: ignore[arg-type]
    assert ends == pytest.approx([-np.hypot(0.3, 1.645 * 0.2), np.inf], rel=1e-3)


def test_a_limit_of_what_is_in_the_fit_holds_it_as_well() -> None:
    here = path(np.array([[0.5, 0.0]]))
    here.resistances = [(np.array([4.0]), np.array([[4.0, 0.0]]))]
    here.removed = lambda i, part: False
    assert limit_with_shift(here, 0, 0, 5.0) == pytest.approx(4 + np.hypot(1, 1.645 * 2), rel=1e-3)  # type: ignore[arg-type]
    here.removed = lambda i, part: True
    assert limit_with_shift(here, 0, 0, 5.0) == 5.0  # type: ignore[arg-type]
