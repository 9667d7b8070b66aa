"""The one regression of all laws: points with errors in, a LawFit out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import SeriesError
from eisfit.laws.checks import LineChecks
from eisfit.laws.curve import fit_curve
from eisfit.laws.law_fit import (
    Followed,
    LawFit,
    LawValue,
    ReferenceValue,
    law_line,
    law_model,
    law_slope,
    law_values,
)
from eisfit.laws.line import Regression, fit_line, line_error
from eisfit.laws.line_checks import FittedLine, checks_of
from eisfit.laws.ordinate import Ordinate, ordinate_of, per_log_value, unit_of, value_of
from eisfit.laws.points import LawPoints, checked_points
from eisfit.laws.registry import OF_ORDINATE, TEMPERATURE, Law, LawParameter, law_named
from eisfit.tools.frozen import Bools, Floats, frozen_array
from eisfit.tools.real_arguments import real_arguments

REFERENCES_C = (25.0, 60.0)


@real_arguments(SeriesError)
def fit_law(
    law: str,
    condition: npt.ArrayLike,
    value: npt.ArrayLike,
    stderr_log: npt.ArrayLike | None = None,
    *,
    condition_err: npt.ArrayLike | None = None,
    ordinate: Ordinate | None = None,
    used: npt.ArrayLike | None = None,
    of: Followed | None = None,
    common_stderr_log: float = 0.0,
    found_at: Callable[[float], Regression] | None = None,
) -> LawFit:
    r"""Fit a law with point errors and errors of the condition.

    Parameters
    ----------
    law : str
        Name of a registered law.
    condition : array_like, shape (n,)
        Values of the condition; temperatures in kelvin.
    value : array_like, shape (n,)
        Resistance, area-specific resistance or conductivity, positive.
    stderr_log : array_like, shape (n,), optional
        Standard errors of ln(value); without them all points weigh the same.
    condition_err : array_like, shape (n,), optional
        Standard errors of the condition, independent from point to point.
    ordinate : str, optional
        One of the law's ordinates; its first if not given.
    used : array_like of bool, shape (n,), optional
        Points to use; all if not given.
    of : Followed, optional
        What the points are of; carried along.
    common_stderr_log : float
        Error of ln(value) that all points share (the area); it enters the values at reference
        temperatures and the parameters in units of the ordinate, not the others.

    Returns
    -------
    LawFit
        Of the class that the law declares.

    Raises
    ------
    SeriesError
        If there is no such law, the ordinate is none of its, a used value is not positive or has no error,
        too few points are used, or they contradict the law, as a power of the concentration across a minimum.

    Notes
    -----
    An error of the condition c adds :math:`(dy/dc)^2 \sigma_c^2` to the variance of a point, less what the
    ordinate itself changes with T where it holds T; the derivative is iterated. With point errors the quantile is
    normal; where the reduced chi-square exceeds its 95 % limit the covariance is multiplied by it and the quantile is
    Student's t with n - P. Without point errors always the latter.

    A straight line over temperature is tested for curvature (level 0.5 %), for hysteresis (0.3 %), and for a single
    point that makes the scatter (0.5 %). Where one of the first two rejects it, its values at reference temperatures
    are nan.

    Source: effective variance: Orear, Am. J. Phys. 50 (1982) 912, doi 10.1119/1.12972.
    """
    kind, of = law_named(law), of or Followed()
    chosen = kind.ordinates[0] if ordinate is None else ordinate
    if chosen not in kind.ordinates:
        raise SeriesError(f"{law} has no ordinate {chosen!r}; take {' or '.join(kind.ordinates)}")
    what = of.contribution or "the line"
    given = checked_points(kind, what, condition, value, stderr_log, condition_err, used)
    points = _points(kind, chosen, given)
    _refuse(points, of.contribution)
    centre = points.centre()
    found = points.regression(centre) if found_at is None else found_at(centre)
    labels = of.labels or tuple(str(k) for k in range(points.at.size))
    checks = LineChecks()  # what was found otherwise is tested otherwise
    if found_at is None:
        checks = _checks(points, found, centre, labels, of, errors_given=condition_err is not None)
    return _made(points, found, centre, replace(of, labels=labels), common_stderr_log, checks)


def _made(
    points: _Points, found: Regression, centre: float, of: Followed, common: float, checks: LineChecks
) -> LawFit:
    """Return the fit of a law from its regression."""
    kind, size = points.law, points.at.size
    return (kind.result or LawFit)(
        law=kind.name,
        condition=kind.condition,
        contribution=of.contribution,
        role=of.role,
        quantity=of.quantity,
        unit=of.unit,
        ordinate=points.ordinate,
        parameters=_parameters(points, found, centre, unit_of(points.ordinate, of.unit), common),
        used=frozen_array(points.used, bool),
        **_columns(points, found),
        labels=of.labels,
        coordinates=frozen_array(found.coordinates, float),
        covariance=frozen_array(found.covariance, float),
        centre=centre,
        quantile=found.quantile,
        chi2_reduced=found.chi2_reduced,
        scatter_ratio=found.scatter_ratio,
        references=_references(points, found, centre, common, checks),
        points_total=size if of.points_total is None else of.points_total,
        remarks=of.remarks,
        checks=checks,
        estimate=of.estimate,
    )


def _columns(points: _Points, found: Regression) -> dict[str, Floats]:
    """Return what a fit of a law keeps of its points."""
    columns = {
        "at": points.at,
        "value": points.value,
        "value_stderr_log": points.stderr_or_nan(),
        "ordinate_value": points.y,
        "ordinate_stderr": points.sigma_or_nan(found.sigma_at),
    }
    return {name: frozen_array(column, float) for name, column in columns.items()}


def _checks(
    points: _Points,
    found: Regression,
    centre: float,
    labels: tuple[str, ...],
    of: Followed,
    *,
    errors_given: bool,
) -> LineChecks:
    """Return what the tests of a line say."""
    error = None if points.stderr_log is None else points.sigma(found.sigma_at, slice(None))
    complete = errors_given and of.condition_err_known
    line = (points.law, points.ordinate, centre, found, points.at, points.y, error, complete, points.used)
    return checks_of(FittedLine(*line, labels, grouping=of.grouping))


@dataclass(frozen=True, eq=False)
class _Points:
    """Points with their errors, and the law that is fitted to them."""

    law: Law
    ordinate: Ordinate
    at: Floats
    value: Floats
    stderr_log: Floats | None
    condition_err: Floats
    used: Bools

    @property
    def y(self) -> Floats:
        return ordinate_of(self.ordinate, self.value, self.at)

    def sigma(self, coordinates: Floats, rows: Bools | slice) -> Floats:
        """Return the standard errors of some ordinates, where the law has the given coordinates."""
        assert self.stderr_log is not None
        at = self.at[rows]
        point = self.stderr_log[rows] * per_log_value(self.ordinate, self.value[rows])
        if not np.any(self.condition_err[rows]):
            return np.hypot(point, 0.0)
        per_condition = law_slope(self.law, coordinates, at) - (1 / at if "T" in self.ordinate else 0.0)
        error: Floats = np.hypot(point, per_condition * self.condition_err[rows])
        return error

    def stderr_or_nan(self) -> Floats:
        """Return the standard errors of ln(value), nan where the points have none."""
        return np.full(self.at.size, np.nan) if self.stderr_log is None else self.stderr_log

    def sigma_or_nan(self, coordinates: Floats) -> Floats:
        """Return the standard errors of all ordinates, nan where the points have none."""
        if self.stderr_log is None:
            return self.stderr_or_nan()
        return self.sigma(coordinates, slice(None))

    def centre(self) -> float:
        """Return the mean abscissa of a straight line; nan for other laws."""
        if self.law.straight is None:
            return float("nan")
        return float(np.mean(self.law.straight.abscissa(self.at)[0][self.used]))

    def regression(self, centre: float) -> Regression:
        """Return the fit of the law to the points that are used."""
        at, y = self.at[self.used], self.y[self.used]
        sigma = None if self.stderr_log is None else lambda coordinates: self.sigma(coordinates, self.used)
        if self.law.straight is not None:
            return fit_line((self.law.straight.abscissa(self.at)[0] - centre)[self.used], y, sigma)
        assert self.law.start is not None
        start = [
            np.log(v) if p.coordinate == "logarithm" else v
            for p, v in zip(self.law.parameters, self.law.start(at, y), strict=True)
        ]
        return fit_curve(lambda coordinates: law_model(self.law, coordinates, at), np.array(start), y, sigma)


def _points(kind: Law, ordinate: Ordinate, found: LawPoints) -> _Points:
    """Return checked points in an ordinate."""
    return _Points(kind, ordinate, found.at, found.value, found.stderr_log, found.condition_err, found.used)


def _refuse(points: _Points, contribution: str) -> None:
    """Raise where a law says that it cannot hold for its points."""
    if points.law.refuses is None:
        return
    at, value = points.at[points.used], points.value[points.used]
    error = None if points.stderr_log is None else points.stderr_log[points.used]
    if reason := points.law.refuses(at, value, error):
        raise SeriesError(f"{contribution or 'the points'}: {reason}")


def _parameters(
    points: _Points, found: Regression, centre: float, unit: str, common: float
) -> tuple[LawValue, ...]:
    """Return the parameters of a law with their errors from its regression."""
    kind = points.law
    coordinates, covariance = found.coordinates, found.covariance
    if kind.straight is not None:
        factor = kind.straight.factor
        level, slope = float(coordinates[0]), float(coordinates[1])
        coordinates = np.array([level - slope * centre, slope * factor])
        with np.errstate(invalid="ignore"):
            at_zero = float(line_error(covariance, np.array([-centre]))[0])
            errors = [at_zero, float(np.sqrt(covariance[1, 1])) * abs(factor)]
    else:
        errors = [float(e) for e in np.sqrt(np.diag(covariance))]
    rows = zip(kind.parameters, law_values(kind, coordinates), coordinates.tolist(), errors, strict=True)
    return tuple(_parameter(p, v, c, e, found.quantile, unit, common) for p, v, c, e in rows)


def _parameter(
    p: LawParameter, value: float, coordinate: float, error: float, quantile: float, unit: str, common: float
) -> LawValue:
    """Return a parameter from its coordinate; what scales with all values has their common error too."""
    logarithm = p.coordinate == "logarithm"
    if OF_ORDINATE in p.unit:
        error = float(np.hypot(error, common if logarithm else common * value))
    low, high = coordinate - quantile * error, coordinate + quantile * error
    if logarithm:
        with np.errstate(over="ignore"):
            low, high, error = float(np.exp(low)), float(np.exp(high)), value * error
    return LawValue(p.name, value, error, (low, high), p.unit.replace(OF_ORDINATE, unit))


def _references(
    points: _Points, found: Regression, centre: float, common: float, checks: LineChecks
) -> tuple[ReferenceValue, ...]:
    """Return the values at the reference temperatures, nan of a line that its points contradict.

    There are none of a law over another condition.
    """
    if points.law.condition != TEMPERATURE:
        return ()
    values = [_reference(points, found, centre, celsius, common) for celsius in REFERENCES_C]
    if checks.rejected:
        values = [ReferenceValue(v.temperature_c, math.nan, math.nan, v.extrapolated) for v in values]
    return tuple(values)


def _reference(
    points: _Points, found: Regression, centre: float, temperature_c: float, common: float
) -> ReferenceValue:
    t = np.array([temperature_c + ZERO_CELSIUS_K])
    y, error = law_line(points.law, found.coordinates, found.covariance, centre, t)
    value = value_of(points.ordinate, y, t)
    relative = float("nan")
    if np.all(np.isfinite(found.covariance)):
        relative = float(np.hypot((error / per_log_value(points.ordinate, value))[0], common))
    measured = points.at[points.used]
    outside = not measured.min() - 1e-9 <= t[0] <= measured.max() + 1e-9
    return ReferenceValue(temperature_c, float(value[0]), float(value[0]) * relative, bool(outside))
