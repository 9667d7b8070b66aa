"""Straight lines over 1/T: activation energies with honest errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.errors import SeriesError
from eisfit.laws.line import line_error, point_error, scaled_error, unweighted_slope, weighted_line
from eisfit.laws.ordinate import Ordinate, ordinate_of, value_of
from eisfit.tools.frozen import Bools, Floats, Value, frozen_array

REFERENCES_C = (25.0, 60.0)
_ROUNDS = 50


@dataclass(frozen=True, eq=False)
class ReferenceValue(Value):
    """The line's value at a reference temperature, in the unit of its quantity."""

    temperature_c: float
    value: float
    stderr: float
    extrapolated: bool


@dataclass(frozen=True, eq=False)
class Arrhenius(Value):
    """A straight line through the logarithm of a quantity over 1/T.

    Parameters
    ----------
    contribution, role : str
        What it is of.
    quantity, unit : str
        ``asr``, ``conductivity`` or ``resistance`` and its unit.
    ordinate : str
        ``ln(1/R)``, ``ln(T/R)``, ``ln(sigma)`` or ``ln(sigma T)``; energies of different ordinates
        differ by kT.
    activation_energy_ev, activation_energy_stderr_ev : float
        Minus slope times k.
    ci95_ev : (float, float)
        95 % interval.
    temperature_k, value, value_stderr_log, ordinate_value, ordinate_stderr : ndarray, shape (n,)
        Points with a value; the last error holds that of the temperature.
    used : ndarray of bool, shape (n,)
        Points that the line goes through.
    labels : tuple of str
        Spectra of the points.
    centre_per_k, level, slope_k : float
        The line is ``level + slope (1/T - centre)``.
    covariance : ndarray, shape (2, 2)
        Of level and slope.
    quantile : float
        Of the 95 % interval: normal, or Student's t with n - 2 where the errors come from the scatter.
    chi2_reduced, scatter_ratio : float
        Scatter about the line by the point errors; the ratio is its square root where the covariance was
        scaled by it, else 1; nan without point errors.
    references : tuple of ReferenceValue
        Values at 25 and 60 °C.
    points_total : int
        Spectra of the series.
    remarks : tuple of str
        Such as a missing temperature error.
    """

    contribution: str
    role: str
    quantity: str
    unit: str
    ordinate: Ordinate
    activation_energy_ev: float
    activation_energy_stderr_ev: float
    ci95_ev: tuple[float, float]
    temperature_k: Floats
    value: Floats
    value_stderr_log: Floats
    ordinate_value: Floats
    ordinate_stderr: Floats
    used: Bools
    labels: tuple[str, ...]
    centre_per_k: float
    level: float
    slope_k: float
    covariance: Floats
    quantile: float
    chi2_reduced: float
    scatter_ratio: float
    references: tuple[ReferenceValue, ...]
    points_total: int
    remarks: tuple[str, ...] = ()

    @property
    def law(self) -> str:
        """Name of the law."""
        return "arrhenius"

    @property
    def points_used(self) -> int:
        """Number of points that the line goes through."""
        return int(np.count_nonzero(self.used))

    def line(self, temperature_k: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Return the line and its 95 % band.

        Parameters
        ----------
        temperature_k : array_like, shape (m,)
            In kelvin.

        Returns
        -------
        line, low, high : ndarray, shape (m,)
            In the ordinate (a natural logarithm).
        """
        x = 1 / np.asarray(temperature_k, float) - self.centre_per_k
        y = self.level + self.slope_k * x
        half = self.quantile * line_error(self.covariance, x)
        return y, y - half, y + half


def fit_arrhenius(
    temperature_k: npt.ArrayLike,
    value: npt.ArrayLike,
    stderr_log: npt.ArrayLike | None = None,
    *,
    temperature_err_k: npt.ArrayLike | None = None,
    ordinate: Ordinate = "ln(1/R)",
    used: npt.ArrayLike | None = None,
    contribution: str = "",
    role: str = "",
    quantity: str = "resistance",
    unit: str = "ohm",
    labels: tuple[str, ...] = (),
    points_total: int | None = None,
    common_stderr_log: float = 0.0,
    remarks: tuple[str, ...] = (),
) -> Arrhenius:
    r"""Fit :math:`y = \ln A - E / (k T)` with point errors and temperature errors.

    Parameters
    ----------
    temperature_k : array_like, shape (n,)
        In kelvin.
    value : array_like, shape (n,)
        Resistance, area-specific resistance or conductivity, positive.
    stderr_log : array_like, shape (n,), optional
        Standard errors of ln(value); without them all points weigh the same.
    temperature_err_k : array_like, shape (n,), optional
        Standard errors of the temperatures, independent from point to point.
    ordinate : {"ln(1/R)", "ln(T/R)", "ln(sigma)", "ln(sigma T)"}
        What is plotted over 1/T.
    used : array_like of bool, shape (n,), optional
        Points to use; all if not given.
    contribution, role, quantity, unit, labels, points_total, remarks
        Carried along.
    common_stderr_log : float
        Error of ln(value) that all points share (the area); it enters the values at reference
        temperatures, not the energy.

    Returns
    -------
    Arrhenius

    Raises
    ------
    SeriesError
        If fewer than two temperatures are used, or a value is not positive.

    Notes
    -----
    A temperature error adds :math:`(d \ln v / dT)^2 \sigma_T^2` to the variance of a point, where
    :math:`d \ln v / dT = E / (k T^2)`, less 1/T where the ordinate holds T; E is iterated. With point errors the
    quantile is normal; where the reduced chi-square exceeds its 95 % limit the covariance is multiplied by it and
    the quantile is Student's t with n - 2. Without point errors always the latter.

    Source: effective variance: Orear, Am. J. Phys. 50 (1982) 912, doi 10.1119/1.12972.
    """
    t = np.asarray(temperature_k, float)
    v = np.asarray(value, float)
    chosen = np.ones(t.size, bool) if used is None else np.asarray(used, bool)
    what = contribution or "the line"
    if np.unique(t[chosen]).size < 2:
        raise SeriesError(
            f"{what}: {np.unique(t[chosen]).size} usable temperature(s); a line needs at least two with a value"
        )
    if not np.all(v[chosen] > 0):
        raise SeriesError(f"{what}: a value is not positive, so it has no logarithm")
    y = ordinate_of(ordinate, v, t)
    point = None if stderr_log is None else np.asarray(stderr_log, float)
    sigma_t = np.zeros(t.size) if temperature_err_k is None else np.asarray(temperature_err_k, float)
    if point is not None and not np.all(np.isfinite(point[chosen])):
        raise SeriesError(f"{what}: a point has no standard error; leave it out or fit without errors")
    if point is not None and not np.any(np.hypot(point, sigma_t)[chosen] > 0):
        point = None

    centre = float(np.mean(1 / t[chosen]))
    x = 1 / t - centre
    with_t = "T" in ordinate
    slope = unweighted_slope(x[chosen], y[chosen])
    error = np.ones(t.size)
    for _ in range(_ROUNDS):
        error = point_error(point, sigma_t, slope, t, with_t)
        level, new_slope, covariance = weighted_line(x[chosen], y[chosen], error[chosen])
        settled = abs(new_slope - slope) <= 1e-12 * abs(new_slope)
        slope = new_slope
        if settled or point is None:
            break
    freedom = int(chosen.sum()) - 2
    chi2 = float(np.sum(((y - level - slope * x)[chosen] / error[chosen]) ** 2))
    chi2_reduced = chi2 / freedom if freedom > 0 else float("nan")
    quantile, ratio, covariance = scaled_error(point is not None, chi2_reduced, freedom, covariance)
    energy, energy_error = -slope * BOLTZMANN_EV_PER_K, float(np.sqrt(covariance[1, 1])) * BOLTZMANN_EV_PER_K
    references = tuple(
        _reference(ordinate, c, centre, level, slope, covariance, t[chosen], common_stderr_log)
        for c in REFERENCES_C
    )
    return Arrhenius(
        contribution=contribution,
        role=role,
        quantity=quantity,
        unit=unit,
        ordinate=ordinate,
        activation_energy_ev=energy,
        activation_energy_stderr_ev=energy_error,
        ci95_ev=(energy - quantile * energy_error, energy + quantile * energy_error),
        temperature_k=frozen_array(t, float),
        value=frozen_array(v, float),
        value_stderr_log=frozen_array(np.full(t.size, np.nan) if point is None else point, float),
        ordinate_value=frozen_array(y, float),
        ordinate_stderr=frozen_array(error if point is not None else np.full(t.size, np.nan), float),
        used=frozen_array(chosen, bool),
        labels=labels or tuple(str(k) for k in range(t.size)),
        centre_per_k=centre,
        level=level,
        slope_k=slope,
        covariance=frozen_array(covariance, float),
        quantile=quantile,
        chi2_reduced=chi2_reduced if point is not None else float("nan"),
        scatter_ratio=ratio,
        references=references,
        points_total=t.size if points_total is None else points_total,
        remarks=remarks,
    )


def _reference(
    ordinate: Ordinate,
    temperature_c: float,
    centre: float,
    level: float,
    slope: float,
    covariance: Floats,
    measured_k: Floats,
    common: float,
) -> ReferenceValue:
    t = np.array([temperature_c + ZERO_CELSIUS_K])
    x = 1 / t - centre
    value = float(value_of(ordinate, level + slope * x, t)[0])
    error = (
        float(np.hypot(line_error(covariance, x)[0], common))
        if np.all(np.isfinite(covariance))
        else float("nan")
    )
    outside = not measured_k.min() - 1e-9 <= t[0] <= measured_k.max() + 1e-9
    return ReferenceValue(temperature_c, value, value * error, bool(outside))
