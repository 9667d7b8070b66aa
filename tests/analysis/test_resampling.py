"""Bootstrap, profile likelihood and one-sided limits agree with what refitting shows."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import eisfit
from eisfit.analysis.resampling import KINDS, Kind
from eisfit.cell.segments import Setting
from eisfit.engine.posing import pose
from eisfit.errors import FitError
from eisfit.options import FitOptions
from support.cells import le_se_faded, le_se_values, measured
from support.circuits import ONE_ARC, ONE_ARC_HZ, ONE_ARC_VALUES


def noisy(z: np.ndarray, seed: int = 0) -> eisfit.Spectrum:
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=z.size) + 1j * rng.normal(size=z.size)
    return eisfit.Spectrum(ONE_ARC_HZ, z * (1 + 0.005 * noise), label="cell")


def exact(circuit: str, values: dict[str, float]) -> np.ndarray:
    return np.asarray(eisfit.Template.from_circuit(circuit).circuit.impedance(ONE_ARC_HZ, values))


@cache
def plain() -> eisfit.Fit:
    return eisfit.fit(noisy(exact(ONE_ARC, ONE_ARC_VALUES)), ONE_ARC)


@cache
def cell() -> eisfit.Fit:
    return eisfit.fit(measured(le_se_faded(), le_se_values(gb=(250.0, 2.5e-6, 0.9)), seed=2), "le_se")


@cache
def at_bound() -> eisfit.Fit:
    """Return a fit whose exponent rests at 1."""
    return eisfit.fit(measured(le_se_faded(), le_se_values(), seed=1), "le_se")


# bootstrap


@pytest.mark.parametrize("kind", KINDS)
def test_the_scatter_of_samples_is_the_standard_error(kind: Kind) -> None:
    found = eisfit.bootstrap(plain(), kind, samples=400)
    for p in plain().parameters:
        assert found.stderr[p.name] == pytest.approx(p.stderr, rel=0.2)
        low, high = found.interval(p.name)
        assert (high - low) / 2 == pytest.approx(1.96 * p.stderr, rel=0.25)
        assert abs(found.column(p.name).mean() - p.value) < 0.3 * p.stderr
    assert found.samples.shape == (400, 4)
    assert found.converged.all()
    assert found.remarks == ()


@pytest.mark.parametrize("kind", KINDS)
def test_resistances_of_contributions_scatter_as_they_should(kind: Kind) -> None:
    found = eisfit.bootstrap(cell(), kind)
    assert found.contributions == ("liquid + bulk", "grain boundary", "interface")
    for row in cell().contributions:
        assert found.stderr[row.name] == pytest.approx(row.resistance_stderr_ohm, rel=0.3)
    np.testing.assert_allclose(found.column("interface"), 2 * found.column("Zarc_int_R"))


@pytest.mark.parametrize("name", ["pe_se_porous", "le_se_slei", "le_se", "li_le_li"])
def test_every_row_with_a_value_is_in_the_bootstrap(name: str) -> None:
    template = eisfit.template(name, electrodes=2)
    check = next(c for c in template.checks if c.configuration == template.configuration.name)
    fit = eisfit.fit(noisy(template.circuit.impedance(ONE_ARC_HZ, dict(check.values))), template)
    known = tuple(c.name for c in fit.contributions if np.isfinite(c.resistance_ohm))
    assert known
    assert eisfit.bootstrap(fit, samples=5).contributions == known


def test_equal_seeds_give_equal_samples() -> None:
    assert eisfit.bootstrap(plain(), samples=5) == eisfit.bootstrap(plain(), samples=5)
    assert eisfit.bootstrap(plain(), samples=5, seed=1) != eisfit.bootstrap(plain(), samples=5)


def test_masked_points_take_no_part() -> None:
    z = exact(ONE_ARC, ONE_ARC_VALUES)
    z[30] *= 3
    fit = eisfit.fit(noisy(z).cut(drop=[30]), ONE_ARC)
    for kind in KINDS:
        found = eisfit.bootstrap(fit, kind)
        assert found.stderr["R1"] == pytest.approx(fit.parameters[1].stderr, rel=0.3)


def test_a_parameter_on_its_bound_is_counted() -> None:
    (said,) = eisfit.bootstrap(at_bound()).remarks
    assert re.fullmatch(r"Zarc_gb_alpha rests on a bound in \d+ of 200 samples", said)


def test_fixed_parameters_stay() -> None:
    template = eisfit.Template.from_circuit(ONE_ARC).setting({"R0": Setting(fixed=10.0)})
    found = eisfit.bootstrap(eisfit.fit(noisy(exact(ONE_ARC, ONE_ARC_VALUES)), template), samples=5)
    assert set(found.column("R0")) == {10.0}
    assert np.isnan(found.stderr["R0"])


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_points_do_not_widen_the_samples_of_a_robust_fit(kind: Kind) -> None:
    z = exact(ONE_ARC, ONE_ARC_VALUES)
    z[[10, 40]] *= 1.15
    linear, robust = (eisfit.fit(noisy(z), ONE_ARC, loss=loss) for loss in ("linear", "student_t"))
    widths = [eisfit.bootstrap(fit, kind).stderr["R1"] for fit in (linear, robust)]
    assert widths[1] < 0.5 * widths[0]
    assert widths[1] == pytest.approx(robust.parameters[1].stderr, rel=0.35)


def test_given_standard_deviations_are_kept() -> None:
    z = exact(ONE_ARC, ONE_ARC_VALUES)
    sigma = 0.005 * np.abs(z)
    fit = eisfit.fit(noisy(z), ONE_ARC, weights=sigma)
    found = eisfit.bootstrap(fit)
    assert found.stderr["R1"] == pytest.approx(fit.parameters[1].stderr, rel=0.2)
    older = replace(fit, options=FitOptions(()))  # as a file of 0.1.0 holds it
    assert eisfit.bootstrap(older, weights=sigma) == found
    for again in (eisfit.bootstrap, lambda fit: eisfit.profile(fit, "R1")):
        with pytest.raises(FitError, match="cell: it was fitted with standard deviations that it does not"):
            again(older)


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(FitError, match="unknown kind 'wild' of bootstrap; known: parametric, residual"):
        eisfit.bootstrap(plain(), "wild")  # type: ignore[arg-type]
    with pytest.raises(FitError, match="samples = 1: at least 2 are needed"):
        eisfit.bootstrap(plain(), samples=1)
    failed = eisfit.fit_many([eisfit.Spectrum([10.0], [1 + 1j], label="point")], ONE_ARC)[0]
    with pytest.raises(FitError, match="point: the fit failed, so it cannot be profiled or bootstrapped"):
        eisfit.bootstrap(failed)
    found = eisfit.bootstrap(plain(), samples=5)
    with pytest.raises(KeyError, match=r"no 'R7' in the bootstrap; there are R0, R1"):
        found.interval("R7")
    with pytest.raises(FitError, match="level 95 is no probability"):
        found.interval("R1", 95)


# profile likelihood


def test_a_profile_of_a_well_known_parameter_is_a_parabola() -> None:
    found, p = eisfit.profile(plain(), "R1"), plain().parameters[1]
    (low68, high68), (low, high) = found.intervals
    assert (low, high) == pytest.approx(
        (p.value - 1.96 * p.stderr, p.value + 1.96 * p.stderr), abs=0.03 * p.stderr
    )
    assert (high68 - low68) / 2 == pytest.approx(0.9945 * p.stderr, rel=0.02)
    expected = ((found.values - p.value) / p.stderr) ** 2
    np.testing.assert_allclose(found.rise, expected, atol=0.08)
    assert found.rise.min() == pytest.approx(0, abs=1e-6)
    assert found.remarks == ()
    assert (found.name, found.unit, found.levels) == ("R1", "ohm", (0.68, 0.95))


def test_an_end_is_where_a_fit_with_the_value_fixed_is_so_much_worse() -> None:
    fit = cell()
    (low, high) = eisfit.profile(fit, "Zarc_gb_R", [0.95]).intervals[0]
    for end in (low, high):
        assert rise(fit, "Zarc_gb_R", end) == pytest.approx(1.96**2, rel=0.03)


def rise(fit: eisfit.Fit, name: str, value: float) -> float:
    """Return by how much chi-square rises where a parameter is fixed."""
    held = fit.template.setting({name: Setting(fixed=value)})
    again = eisfit.fit_many([fit.spectrum], held, start=fit.values | {name: value})[0]
    squares = []
    for each in (fit, again):
        problem = pose([each.spectrum], each.template)
        x = np.log([[each.values[n] for n in problem.names]])
        squares.append(float(np.sum(problem.residual(x, np.arange(1)) ** 2)))
    assert fit.statistics is not None
    return (squares[1] - squares[0]) / fit.statistics.chi2_reduced


def test_an_open_end_is_said() -> None:
    z = exact("R0-Zarc_1", {"R0": 10.0, "Zarc_1_R": 1e10, "Zarc_1_tau": 1e7, "Zarc_1_alpha": 0.9})
    fit = eisfit.fit(noisy(z, seed=2), "R0-Zarc_1")
    found = eisfit.profile(fit, "Zarc_1_R", [0.95])
    assert found.intervals[0][1] == np.inf
    assert found.intervals[0][0] > 1e4
    assert found.remarks == ("open above at 95 %: the data set no end",)
    assert np.all(np.isfinite(found.rise))


def test_a_bound_is_an_end() -> None:
    found = eisfit.profile(at_bound(), "Zarc_gb_alpha", [0.95])
    assert found.intervals[0][1] == 1.0
    assert found.remarks == ("ends above at its bound 1 at 95 %",)
    assert found.values.max() == 1.0


def test_a_robust_fit_has_a_profile_that_agrees_with_its_error() -> None:
    z = exact(ONE_ARC, ONE_ARC_VALUES)
    z[[10, 40]] *= 1.15
    fit = eisfit.fit(noisy(z), ONE_ARC, loss="cauchy")
    low, high = eisfit.profile(fit, "R1").intervals[1]
    assert (high - low) / 2 == pytest.approx(1.96 * fit.parameters[1].stderr, rel=0.05)


def test_what_has_no_profile_is_refused() -> None:
    with pytest.raises(FitError, match=r"cell: no parameter 'R7'; there are R0, R1, CPE1_Q, CPE1_alpha"):
        eisfit.profile(plain(), "R7")
    with pytest.raises(FitError, match=r"level 68 is no probability: .* such as 0\.95"):
        eisfit.profile(plain(), "R1", [68])
    with pytest.raises(FitError, match="no level is given"):
        eisfit.profile(plain(), "R1", [])
    template = eisfit.Template.from_circuit(ONE_ARC).setting({"R0": Setting(fixed=10.0)})
    with pytest.raises(FitError, match="cell: R0 has no profile: it is fixed"):
        eisfit.profile(eisfit.fit(noisy(exact(ONE_ARC, ONE_ARC_VALUES)), template), "R0")


# limits of what rests on a bound


def test_the_limit_of_an_exponent_at_one_is_where_chi_square_has_risen() -> None:
    fit = at_bound()
    said = next(p.note for p in fit.parameters if p.name == "Zarc_gb_alpha")
    found = re.fullmatch(r"rests on its upper bound 1, a physical limit; above (0\.\d+) \(95 %\)", said)
    assert found is not None
    assert rise(fit, "Zarc_gb_alpha", float(found[1])) == pytest.approx(1.645**2, rel=0.08)


def test_an_inductance_of_nothing_is_limited_from_above() -> None:
    z = exact(ONE_ARC, ONE_ARC_VALUES) - 2j * np.pi * ONE_ARC_HZ * 1e-7
    template = eisfit.Template.from_circuit("L0-R0-p(R1,CPE1)").setting({"L0": Setting(low=1e-10)})
    fit = eisfit.fit(noisy(z), template)
    said = next(p.note for p in fit.parameters if p.name == "L0")
    found = re.fullmatch(r"rests on its lower bound 1e-10; below (\S+) \(95 %\)", said)
    assert found is not None, said
    assert rise(fit, "L0", float(found[1])) == pytest.approx(1.645**2, rel=0.08)
