"""What may be said of a joint fit: laws, shared values, what each link costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import gammaincc

from eisfit.engine.following import Following
from eisfit.engine.joint import JointProblem, JointSolution, solve_joint
from eisfit.laws.follow import fit_law
from eisfit.laws.law_fit import Followed, LawFit, LawValue
from eisfit.laws.line import Regression, scaled_error
from eisfit.results.joint import Joint, LinkTest
from eisfit.results.series import Series
from eisfit.search.joint import JointMinimum
from eisfit.tools.frozen import Floats, Ints, frozen_array


def joint_of(
    joint: JointProblem, minimum: JointMinimum, series: Series, columns: Ints, remarks: Sequence[str]
) -> Joint:
    """Return the result of a joint fit.

    Parameters
    ----------
    joint : JointProblem
        N spectra.
    minimum : JointMinimum
        Where it ended.
    series : Series
        The independent fits of these spectra.
    columns : ndarray of int, shape (N, P)
        Which parameter of the independent fit of each spectrum is meant by each one, for its arcs may stand in another
        order.
    remarks : sequence of str
        What was said before.

    Notes
    -----
    Where all links together cost more than chance allows, the covariance is multiplied by the reduced chi-square of
    the links, and intervals are Student's, by the rule for lines through points.
    """
    solution = minimum.solution
    saved = sum(joint.problem.size - f.size for f in joint.following)
    rise = max(2 * (solution.cost - float((minimum.free / joint.variance).sum())), 0.0)
    chi2 = rise / saved if saved else float("nan")
    quantile, ratio, covariance = scaled_error(True, chi2, saved, solution.common_covariance)
    factor = ratio if np.isfinite(ratio) else 1.0
    problem, x = joint.problem, solution.state.x
    values = problem.values(x)
    error = np.sqrt(np.maximum(np.diagonal(solution.covariance_log, axis1=1, axis2=2), 0.0)) * factor
    rests = ((x <= problem.lower) | (x >= problem.upper)) & ~joint.linked
    stderrs = np.where(rests | problem.fixed, np.nan, values * error)
    found = _Found(joint, solution, covariance, quantile, chi2, ratio, series, columns)
    laws = tuple(found.law(k) for k, f in enumerate(joint.following) if f.link.law is not None)
    shared = tuple(found.shared(k) for k, f in enumerate(joint.following) if f.link.law is None)
    if factor > 1:
        remarks = (
            *remarks,
            f"spectra scatter about the links by {factor:.1f} times their errors: errors are as much larger",
        )
    if minimum.others:
        remarks = (*remarks, _other_minima(joint, minimum))
    if not solution.converged:
        remarks = (*remarks, "the joint fit did not converge: values and errors are not to be trusted")
    return Joint(
        series.with_laws(*laws),
        laws,
        shared,
        problem.names,
        tuple(p.unit for p in problem.template.circuit.parameters),
        frozen_array(values, float),
        frozen_array(stderrs, float),
        frozen_array(solution.state.shift, float),
        frozen_array(solution.shift_stderr, float),
        tuple(_test(joint, solution, k, [f.label for f in series]) for k in range(len(joint.following))),
        chi2,
        factor,
        tuple(remarks),
    )


def _other_minima(joint: JointProblem, minimum: JointMinimum) -> str:
    """Return what the other minima say of the common coordinates."""
    sigma = np.sqrt(np.diag(minimum.solution.common_covariance))
    off = [np.abs(s.state.common - minimum.solution.state.common) / sigma for s in minimum.others]
    names = [
        parameter_text(f)
        for f, at in zip(joint.following, joint.places, strict=True)
        if np.max(off, axis=0)[at].max() > 3
    ]
    rise = min(2 * (s.cost - minimum.solution.cost) for s in minimum.others)
    return (
        f"another minimum fits as well (chi-square {rise:.1f} higher) with other values of {', '.join(names)}: their errors "
        "hold for this minimum alone; share a capacitance or an exponent, or add a complementary measurement"
    )


def link_text(f: Following) -> str:
    """Return what a link says."""
    return "one value" if f.link.law is None else f"{f.link.law.name} in {f.link.ordinate}"


def parameter_text(f: Following) -> str:
    """Return what a link is of: a parameter, or the capacitance of an arc."""
    return f.link.parameter.removesuffix("_tau") + "_C" if f.link.beside else f.link.parameter


class _Found:
    """Makes the laws and shared values of a joint fit."""

    def __init__(
        self,
        joint: JointProblem,
        solution: JointSolution,
        covariance: Floats,
        quantile: float,
        chi2: float,
        ratio: float,
        series: Series,
        columns: Ints,
    ) -> None:
        self.joint, self.solution, self.series, self.columns = joint, solution, series, columns
        self.covariance, self.quantile, self.chi2, self.ratio = covariance, quantile, chi2, ratio

    def shared(self, k: int) -> LawValue:
        """Return a parameter with one value in all spectra."""
        f, at = self.joint.following[k], self.joint.places[k]
        level, error = float(self.solution.state.common[at][0]), float(np.sqrt(self.covariance[at, at][0, 0]))
        value = float(np.exp(level))
        ends = (float(np.exp(level - self.quantile * error)), float(np.exp(level + self.quantile * error)))
        unit = "F" if f.link.beside else self.joint.problem.template.circuit.parameters[f.column].unit
        return LawValue(parameter_text(f), value, value * error, ends, "" if unit == "1" else unit)

    def law(self, k: int) -> LawFit:
        """Return a law, with the values of the independent fits as points."""
        f, at, series = self.joint.following[k], self.joint.places[k], self.series
        law, name = f.link.law, f.link.parameter
        assert law is not None
        names = self.joint.problem.names
        fitted = [
            next(p for p in fit.parameters if p.name == names[taken])
            for fit, taken in zip(series, self.columns[:, f.column].tolist(), strict=True)
        ]
        value, error = np.array([p.value for p in fitted]), np.array([p.stderr_log for p in fitted])
        unit = fitted[0].unit
        return fit_law(
            law.name,
            f.at,
            np.where(np.isfinite(value), value, np.exp(self.solution.state.x[:, f.column])),
            np.where(np.isfinite(error), error, 0.0),
            condition_err=self.joint.error if f.over_temperature else None,
            ordinate=f.link.ordinate,
            of=Followed(
                contribution=name,
                role="circuit",
                quantity="resistance" if unit == "ohm" else "parameter",
                unit=unit,
                labels=tuple(fit.label for fit in series),
                remarks=("joint fit of all spectra; the points are the independent fits",),
                condition_err_known=bool(np.all(self.joint.error > 0)),
            ),
            found_at=lambda centre: self._regression(f, at, centre),
        )

    def _regression(self, f: Following, at: slice, centre: float) -> Regression:
        coordinates, covariance = self.solution.state.common[at], self.covariance[at, at]
        if f.link.law is not None and f.link.law.straight is not None:
            moved = np.array([[1.0, centre - f.centre], [0.0, 1.0]])
            coordinates, covariance = moved @ coordinates, moved @ covariance @ moved.T
        size = f.at.size
        return Regression(
            coordinates, covariance, self.quantile, self.chi2, self.ratio, np.ones(size), coordinates
        )


def _test(joint: JointProblem, solution: JointSolution, k: int, labels: Sequence[str]) -> LinkTest:
    """Return what one link costs: the joint fit with all others, started from that with this one too."""
    f, at = joint.following[k], joint.places[k]
    kept = np.delete(np.arange(joint.size), np.arange(at.start, at.stop))
    others = tuple(g for g in joint.following if g is not f)
    released = replace(joint, following=others, prior=joint.prior[:, kept])
    state = replace(solution.state, common=solution.state.common[kept])
    found = solve_joint(released, state)
    constraints = joint.problem.size - f.size
    chi2 = max(2 * (solution.cost - found.cost), 0.0)
    own = found.state.x[:, f.column]
    expected, _, _ = joint.placed(solution.state)
    error = np.sqrt(np.maximum(found.covariance_log[:, f.column, f.column], 1e-300))
    off = (own - expected[:, f.column]) / error
    worst = int(np.argmax(np.abs(off)))
    p = float(gammaincc(0.5 * constraints, 0.5 * chi2)) if constraints else float("nan")
    return LinkTest(parameter_text(f), link_text(f), chi2, constraints, p, labels[worst], float(off[worst]))
