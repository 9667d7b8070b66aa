"""Charge transfer and interphase fitted to current and drop, with errors in both coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.laws.line import by_rules
from eisfit.polarisation.charge_transfer import ChargeTransfer, thermal_voltage
from eisfit.polarisation.drops_at_faces import InterfaceCurve
from eisfit.spectrum.findings import Finding
from eisfit.tools.frozen import Floats, Value

PARAMETERS = ("i0_a_per_cm2", "alpha", "r_slei_ohm_cm2")
_ROUNDS = 200
_SETTLED = 1e-10
_FLAT, _FLAT_ROUNDS = (
    1e-6,
    4,
)  # relative changes of chi-square, in a row, at the bottom of a valley without an end
_ALPHA = (1e-3, 1 - 1e-3)
_LOG_I0 = 12.0  # how far ln i0 may go from the current that the slope at rest tells
_LARGEST_SHARE = 0.999  # correlation of the misfits of both faces
_UNSURE = 0.5  # relative standard error of i0 from which the two resistances are not told apart
_PROFILE = (0.0, 0.2, 0.4, 0.6, 0.8, 1.2, 1.6, 2.2, 3.0, 3.8, 4.8)  # steps of ln i0 to each side
_LEAST_SPREAD = 1e-3  # of R_p
_CORRELATED = 0.99
_BENT = 1.0  # reduced overpotential that a branch should reach


@dataclass(frozen=True, eq=False)
class InterfaceFit(Value):
    """Result of `fit_interface`.

    Parameters
    ----------
    curve : InterfaceCurve
        The points.
    law : ChargeTransfer
        The fitted law.
    free : tuple of str
        Names of the free parameters.
    covariance : ndarray, shape (3, 3)
        Of ln i0, alpha and R_SLEI; zero for fixed ones.
    quantile : float
        Of the 95 % intervals.
    chi2_reduced, scatter_ratio : float
        As for the lines of a series; nan without errors of the points.
    findings : tuple of Finding
        What must be known beside the values.
    r_p_stderr : float, optional
        Where i0 and R_SLEI are not told apart, standard error of the resistance at rest by a profile over i0.
    """

    curve: InterfaceCurve
    law: ChargeTransfer
    free: tuple[str, ...]
    covariance: Floats
    quantile: float
    chi2_reduced: float
    scatter_ratio: float
    findings: tuple[Finding, ...] = ()
    r_p_stderr: float | None = None

    @property
    def determined(self) -> bool:
        """Whether i0, alpha and R_SLEI are told apart; otherwise only R_p is known."""
        return not any(f.kind == "not separable" for f in self.findings)

    @property
    def stderr(self) -> dict[str, float]:
        """Standard errors by parameter; that of i0 in A/cm2."""
        sigma = np.sqrt(np.diag(self.covariance))
        return dict(zip(PARAMETERS, (sigma[0] * self.law.i0_a_per_cm2, *map(float, sigma[1:])), strict=True))

    @property
    def ci95(self) -> dict[str, tuple[float, float]]:
        """95 % intervals by parameter; that of i0 in its logarithm, that of alpha within 0 and 1."""
        i0, alpha, r = self.law.i0_a_per_cm2, self.law.alpha, self.law.r_slei_ohm_cm2
        reach = [self.quantile * float(s) for s in np.sqrt(np.diag(self.covariance))]
        spread = float(np.exp(min(reach[0], 50.0)))
        found = (
            (i0 / spread, i0 * spread),
            (max(alpha - reach[1], 0.0), min(alpha + reach[1], 1.0)),
            (r - reach[2], r + reach[2]),
        )
        return dict(zip(PARAMETERS, found, strict=True))

    @property
    def correlation(self) -> Floats:
        """Correlations of ln i0, alpha and R_SLEI, shape (3, 3); nan beside a fixed one."""
        sigma = np.sqrt(np.diag(self.covariance))
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Floats = self.covariance / np.outer(sigma, sigma)
        return found

    @property
    def r_p_ohm_cm2(self) -> tuple[float, float]:
        """R_SLEI + RT/(zF i0), the resistance at rest, with its standard error."""
        if self.r_p_stderr is not None:
            return self.law.r_p_ohm_cm2, self.r_p_stderr
        gradient = np.array([-self.law.r_ct_ohm_cm2, 0.0, 1.0])
        return self.law.r_p_ohm_cm2, float(np.sqrt(gradient @ self.covariance @ gradient))

    def drop_v(self, current_a_per_cm2: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return the fitted drop at current densities and half the width of its 95 % band, shape (n,) each."""
        i = np.asarray(current_a_per_cm2, float)
        jacobian = self.law.derivatives(i)[0]
        variance = np.einsum("ij,jk,ik->i", jacobian, self.covariance, jacobian)
        return self.law.drop_v(i), self.quantile * np.sqrt(np.maximum(variance, 0.0))


def fit_interface(
    curve: InterfaceCurve, *, charge: int = 1, alpha: float | None = None, r_slei_ohm_cm2: float | None = None
) -> InterfaceFit:
    """Fit i0, alpha and R_SLEI to current density and drop, with errors in both.

    Parameters
    ----------
    curve : InterfaceCurve
        Steady points; best on both branches, beyond 50 mV of overpotential.
    charge : int
        Charge number of the ion.
    alpha, r_slei_ohm_cm2 : float, optional
        Fixes the parameter.

    Returns
    -------
    InterfaceFit
        Least squares of the distance of points and curve in both coordinates; where points scatter more than their
        errors say, those of the parameters are scaled as for all lines of eisfit.

    Raises
    ------
    InputError
        If there are fewer points than free parameters and one, the resistance is negative (a sign is wrong), or a
        fixed value cannot be.

    Notes
    -----
    Source: Schleutker et al. (2017), doi 10.1039/c7cp05213h; for errors in both coordinates Britt & Luecke (1973),
    doi 10.1080/00401706.1973.10489012.
    """
    fixed = {"alpha": alpha, "r_slei_ohm_cm2": r_slei_ohm_cm2}
    free = [0, *(k + 1 for k, value in enumerate(fixed.values()) if value is None)]
    _check(curve, len(free))
    thermal = thermal_voltage(curve.temperature_c, charge)
    problem = _Problem(curve, charge)
    best: tuple[float, Floats, Floats] | None = None
    at_rest = _slope_at_rest(curve)
    start_alpha = 0.5 if alpha is None else alpha
    for share in (0.5, 0.1, 0.9) if r_slei_ohm_cm2 is None else (0.5,):
        r = at_rest * (1 - share) if r_slei_ohm_cm2 is None else r_slei_ohm_cm2
        found = problem.solve(np.array([np.log(thermal / (at_rest * share)), start_alpha, r]), free)
        if best is None or found[0] < best[0] * (1 - 1e-9):
            best = found
    assert best is not None
    _, p, x = best
    return _result(problem, p, x, free)


def _check(curve: InterfaceCurve, free: int) -> None:
    size = np.unique(curve.current_a_per_cm2[curve.current_a_per_cm2 != 0]).size
    if size < free + 1:
        raise InputError(
            f"{curve.label}: {size} different currents other than zero are too few for {free} free parameters: "
            f"measure {free + 1} or more, or fix alpha or R_SLEI"
        )
    if _slope_at_rest(curve) <= 0:
        raise InputError(
            f"{curve.label}: the drop falls with the current, a negative resistance: the sign of current or potentials "
            "is reversed, or what is in series was taken too large"
        )


def _slope_at_rest(curve: InterfaceCurve) -> float:
    i, drop = curve.current_a_per_cm2, curve.drop_v
    least = np.argsort(np.abs(i))[: max(3, i.size // 3)]
    return float(np.sum(i[least] * drop[least]) / np.sum(i[least] ** 2))


class _Problem:
    """Points, errors and the law; the true currents are eliminated at each step."""

    def __init__(self, curve: InterfaceCurve, charge: int) -> None:
        self.curve, self.charge = curve, charge
        self.i, self.u = curve.current_a_per_cm2, curve.drop_v
        self.known = curve.has_errors
        self.of_i = np.zeros_like(self.i)
        self.of_u = np.ones_like(self.u)
        if self.known:
            self.of_i = curve.current_stderr_a_per_cm2
            self.of_u = np.nan_to_num(curve.drop_stderr_v, nan=0.0)
        paired = curve.pairs if self.known else curve.pairs[:0]
        self.first, self.second = paired.T
        self.shared = curve.pair_covariance_v2[: len(paired)]
        centre = np.log(thermal_voltage(curve.temperature_c, charge) / _slope_at_rest(curve))
        self.low = np.array([centre - _LOG_I0, _ALPHA[0], -np.inf])
        self.high = np.array([centre + _LOG_I0, _ALPHA[1], np.inf])

    def law(self, p: Floats) -> ChargeTransfer:
        return ChargeTransfer(
            float(np.exp(p[0])), float(p[1]), float(p[2]), self.curve.temperature_c, self.charge
        )

    def at(self, p: Floats, x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return misfit linearised at the true currents x, its error, jacobian and slope."""
        law = self.law(p)
        jacobian, slope = law.derivatives(x)
        misfit = self.u - law.drop_v(x) - slope * (self.i - x)
        return misfit, np.sqrt(self.of_u**2 + (slope * self.of_i) ** 2), jacobian, slope

    def nearest(self, p: Floats, x: Floats) -> Floats:
        """Return the currents on the curve that are nearest to the points, by a few exact steps."""
        if not self.of_i.any():
            return self.i
        for _ in range(20):
            misfit, error, _, slope = self.at(p, x)
            pull = slope * self.unwhitened(self.whitened(misfit, error, slope), error, slope)
            new = self.i + self.of_i**2 * pull
            both = self.of_i[self.first] * self.of_i[self.second]  # one measured current, of opposite signs
            new[self.first] -= both * pull[self.second]
            new[self.second] -= both * pull[self.first]
            if np.all(np.abs(new - x) <= 1e-13 * (np.abs(self.i) + self.of_i)):
                return np.asarray(new)
            x = new
        return x

    def chi2(self, p: Floats, x: Floats) -> float:
        return float(np.sum(self.residual(p, x) ** 2))

    def residual(self, p: Floats, x: Floats) -> Floats:
        misfit, error, _, slope = self.at(p, x)
        return self.whitened(misfit, error, slope)

    def correlation(self, error: Floats, slope: Floats) -> Floats:
        """Return the correlation of the misfits of both faces, shape (m,)."""
        a, b = self.first, self.second
        shared = self.shared - slope[a] * slope[b] * self.of_i[a] * self.of_i[b]
        found: Floats = np.clip(shared / (error[a] * error[b]), -_LARGEST_SHARE, _LARGEST_SHARE)
        return found

    def whitened(self, values: Floats, error: Floats, slope: Floats) -> Floats:
        """Return misfits, or rows of the jacobian, as independent ones of error 1."""
        column = (slice(None), *([None] * (values.ndim - 1)))
        found: Floats = values / error[column]
        r = self.correlation(error, slope)[column]
        found[self.second] = (found[self.second] - r * found[self.first]) / np.sqrt(1 - r**2)
        return found

    def unwhitened(self, values: Floats, error: Floats, slope: Floats) -> Floats:
        """Return the transpose of `whitened` applied to independent misfits."""
        found, r = values.copy(), self.correlation(error, slope)
        back = values[self.second] / np.sqrt(1 - r**2)
        found[self.second] = back
        found[self.first] -= r * back
        return np.asarray(found / error)

    def solve(self, p: Floats, free: list[int]) -> tuple[float, Floats, Floats]:
        """Return chi-square, parameters and true currents, by Levenberg-Marquardt steps within the bounds.

        Where R_SLEI is free, steps are taken in R_p in its place: ohmic data know R_p alone, and a valley along i0 is
        straight then.
        """
        x = self.nearest(p, self.i)
        chi2, damping, flat = self.chi2(p, x), 1e-3, 0
        for _ in range(_ROUNDS):
            new = self.moved(p, free, self.step(p, x, free, damping))
            nearest = self.nearest(new, x)
            tried = self.chi2(new, nearest)
            flat = flat + 1 if abs(chi2 - tried) <= _FLAT * chi2 else 0
            if tried <= chi2:
                settled = chi2 - tried <= _SETTLED * max(chi2, 1e-20) and damping < 1e-3
                p, x, chi2, damping = new, nearest, tried, damping / 5
                if settled:
                    break
            else:
                damping *= 4
                if damping > 1e12:
                    break
            if flat >= _FLAT_ROUNDS:
                break
        return chi2, p, x

    def step(self, p: Floats, x: Floats, free: list[int], damping: float) -> Floats:
        """Return a step of ln i0, alpha and R_p, or R_SLEI where that is fixed; none across a bound, shape (3,)."""
        misfit, error, jacobian, slope = self.at(p, x)
        if 2 in free:
            jacobian[:, 0] += self.law(p).r_ct_ohm_cm2 * jacobian[:, 2]
        design, misfit = self.whitened(jacobian, error, slope), self.whitened(misfit, error, slope)
        size = np.maximum(np.sqrt(np.sum(design**2, axis=0)), 1e-300)
        design = design / size
        step, kept = np.zeros(3), list(free)
        while kept:
            normal = design[:, kept].T @ design[:, kept] + damping * np.eye(len(kept))
            step[:] = 0.0
            step[kept] = np.linalg.solve(normal, design[:, kept].T @ misfit) / size[kept]
            outward = ((p <= self.low) & (step < 0)) | ((p >= self.high) & (step > 0))
            if not outward.any():
                break
            kept = [k for k in kept if not outward[k]]
        return step

    def error_of_r_p(self, p: Floats, x: Floats, free: list[int]) -> float:
        """Return the standard error of R_p at a fixed i0, from the errors of the points."""
        _, error, jacobian, slope = self.at(p, x)
        inside = [k for k in free if k == 2 or self.low[k] < p[k] < self.high[k]]
        design = self.whitened(jacobian[:, inside], error, slope)
        size = np.maximum(np.sqrt(np.sum(design**2, axis=0)), 1e-300)
        inverse = np.linalg.pinv((design / size).T @ (design / size), hermitian=True)
        return float(np.sqrt(inverse[-1, -1]) / size[-1])

    def moved(self, p: Floats, free: list[int], step: Floats) -> Floats:
        """Return the parameters after a step of `step`, within their bounds."""
        new: Floats = np.clip(p + step, self.low, self.high)
        if 2 in free:
            new[2] += self.law(p).r_ct_ohm_cm2 - self.law(new).r_ct_ohm_cm2
        return new


def _result(problem: _Problem, p: Floats, x: Floats, free: list[int]) -> InterfaceFit:
    misfit, error, jacobian, slope = problem.at(p, x)
    design = problem.whitened(jacobian[:, free], error, slope)
    misfit = problem.whitened(misfit, error, slope)
    size = np.sqrt(np.sum(design**2, axis=0))
    normal = (design / size).T @ (design / size)
    inverse = np.linalg.pinv(normal, hermitian=True) / np.outer(size, size)
    covariance_free = np.asarray(inverse)
    found = by_rules(misfit, np.ones_like(misfit), problem.known, (p[free], p[free]), covariance_free)
    covariance = np.zeros((3, 3))
    covariance[np.ix_(free, free)] = found.covariance
    law = problem.law(p)
    findings = _findings(problem, law, covariance, free, p)
    names = tuple(PARAMETERS[k] for k in free)
    apart = not any(f.kind == "not separable" for f in findings)
    spread = None if apart or 2 not in free else _spread_of_r_p(problem, p, free, float(np.sum(misfit**2)))
    return InterfaceFit(
        problem.curve,
        law,
        names,
        covariance,
        found.quantile,
        found.chi2_reduced,
        found.scatter_ratio,
        findings,
        spread,
    )


def _spread_of_r_p(problem: _Problem, p: Floats, free: list[int], chi2: float) -> float:
    """Return how far R_p may lie off while chi-square grows by less than that of one standard error, whatever i0 is."""
    by_scatter = chi2 / (problem.i.size - len(free))
    unit = max(1.0, by_scatter) if problem.known else by_scatter
    least = problem.law(p).r_p_ohm_cm2
    others = [k for k in free if k]
    found = _LEAST_SPREAD * least
    for direction in (-1.0, 1.0):
        start = p
        for distance in _PROFILE:
            along = np.array([p[0] + direction * distance - start[0], 0.0, 0.0])
            start = problem.moved(start, [0, 2], along)
            reached, start, x = problem.solve(start, others)
            left = chi2 + unit - reached
            if left < 0 or not problem.low[0] < start[0] < problem.high[0]:
                break
            reach = problem.error_of_r_p(start, x, others) * np.sqrt(min(left, unit))
            found = max(found, abs(problem.law(start).r_p_ohm_cm2 - least) + float(reach))
    return found


def _findings(
    problem: _Problem, law: ChargeTransfer, covariance: Floats, free: list[int], p: Floats
) -> tuple[Finding, ...]:
    found = []
    reduced = law.overpotential_v(problem.i) / law.thermal_v
    if not (reduced.min() < -_BENT and reduced.max() > _BENT) and 1 in free:
        side = "solid to liquid" if reduced.max() < _BENT else "liquid to solid"
        both = reduced.max() < _BENT and reduced.min() > -_BENT
        text = "neither branch reaches" if both else f"the branch from {side} does not reach"
        found.append(Finding("branch", f"{text} {1e3 * law.thermal_v:.0f} mV of overpotential"))
    sigma = np.sqrt(np.diag(covariance))
    at_bound = any(p[k] in (problem.low[k], problem.high[k]) for k in free)
    alike = False
    if 2 in free and sigma[0] > 0 and sigma[2] > 0:
        alike = abs(covariance[0, 2] / sigma[0] / sigma[2]) > _CORRELATED and (sigma[0] > 0.2 or p[2] < 0)
    if at_bound or sigma[0] > _UNSURE or alike or not np.isfinite(sigma).all():
        text = "i0 and R_SLEI are not told apart: only R_p is known; measure at higher currents, or fix one of them"
        found.append(Finding("not separable", text))
    if 2 in free and p[2] < 0:
        text = (
            f"R_SLEI is negative by {-p[2] / sigma[2]:.1f} standard errors"
            if sigma[2] > 0
            else "R_SLEI is negative"
        )
        found.append(Finding("negative", text))
    return tuple(found)
