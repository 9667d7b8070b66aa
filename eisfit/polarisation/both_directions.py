"""Resistance of solvation and desolvation, with the twin cell subtracted, and whether they differ."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eisfit.errors import InputError
from eisfit.laws.line import scaled_error
from eisfit.polarisation.interface_curve import InterfaceCurve
from eisfit.tools.frozen import Bools, Floats
from eisfit.tools.statistics import NORMAL_95, normal_cdf

_BEYOND_TWIN = 1.02  # how far beyond the currents of the twin its line is used


@dataclass(frozen=True)
class DirectionTest:
    """Desolvation against solvation.

    Parameters
    ----------
    desolvation_ohm_cm2, desolvation_stderr : float
        From liquid to solid, at negative current or bias.
    solvation_ohm_cm2, solvation_stderr : float
        From solid to liquid.
    ratio, ratio_stderr : float
        Desolvation over solvation.
    ratio_ci95 : (float, float)
        From the error of its logarithm.
    p_value : float
        Probability of such a ratio if both were equal.
    """

    desolvation_ohm_cm2: float
    desolvation_stderr: float
    solvation_ohm_cm2: float
    solvation_stderr: float
    ratio: float
    ratio_stderr: float
    ratio_ci95: tuple[float, float]
    p_value: float

    @property
    def differ(self) -> bool:
        """Whether the ratio differs from 1 with 95 % confidence."""
        return self.p_value < 0.05

    def __str__(self) -> str:
        said = "they differ" if self.differ else "no difference is seen"
        low, high = self.ratio_ci95
        return f"desolvation / solvation {self.ratio:.3g} ({low:.3g} to {high:.3g}, p = {self.p_value:.2g}): {said}"


def compare_directions(
    desolvation_ohm_cm2: float, desolvation_stderr: float, solvation_ohm_cm2: float, solvation_stderr: float
) -> DirectionTest:
    """Return the ratio of two resistances with its error, and the test against 1.

    Parameters
    ----------
    desolvation_ohm_cm2, desolvation_stderr : float
        At negative bias, where ions enter the solid; from dc, or the impedance of an interface under bias.
    solvation_ohm_cm2, solvation_stderr : float
        At positive bias of the same size.

    Raises
    ------
    InputError
        If a value or an error is not positive.

    Notes
    -----
    A transfer with alpha other than 0.5 gives a ratio other than 1 without any further physics.

    Examples
    --------
    >>> print(compare_directions(395.0, 8.0, 261.0, 6.0))
    desolvation / solvation 1.51 (1.43 to 1.61, p = 1.1e-41): they differ
    """
    values = {
        "desolvation_ohm_cm2": desolvation_ohm_cm2, "desolvation_stderr": desolvation_stderr,
        "solvation_ohm_cm2": solvation_ohm_cm2, "solvation_stderr": solvation_stderr,
    }  # fmt: skip
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"{name} is {value:g}: a ratio with its error needs a positive number")
    log = math.log(desolvation_ohm_cm2 / solvation_ohm_cm2)
    sigma = math.hypot(desolvation_stderr / desolvation_ohm_cm2, solvation_stderr / solvation_ohm_cm2)
    ratio = math.exp(log)
    reach = NORMAL_95 * sigma
    p = 2 * normal_cdf(-abs(log) / sigma)
    return DirectionTest(
        desolvation_ohm_cm2, desolvation_stderr, solvation_ohm_cm2, solvation_stderr, ratio, ratio * sigma,
        (math.exp(log - reach), math.exp(log + reach)), p,
    )  # fmt: skip


def directions(curve: InterfaceCurve, *, twin: InterfaceCurve | None = None) -> DirectionTest:
    """Return the dc resistance of each direction, drop over current, and the test of their equality.

    Parameters
    ----------
    curve : InterfaceCurve
        Steady points of both signs; those of a two-electrode cell still hold its electrodes.
    twin : InterfaceCurve, optional
        The cell without the solid (Li | liquid | Li) at the same temperature; its drop at the same current density
        is subtracted from each point, by lines between its points.

    Raises
    ------
    InputError
        If a direction is missing, errors are missing, or the twin does not reach the currents.

    Notes
    -----
    The value of a direction is the weighted mean over its points. As the resistance falls with the current, compare
    directions at the same currents. Source: S09 and S07, dc polarisation of two- and four-electrode cells.
    """
    i, drop, sigma = curve.current_a_per_cm2, curve.drop_v, curve.drop_stderr_v
    _check_errors(curve)
    if twin is not None:
        _check_errors(twin)
        if abs(twin.temperature_c - curve.temperature_c) > 2:
            raise InputError(
                f"{twin.label}: the twin was measured at {twin.temperature_c:g} °C and the cell at "
                f"{curve.temperature_c:g} °C: measure both at one temperature"
            )
        subtracted, error = _of_twin(curve, twin)
        drop, sigma = drop - subtracted, np.hypot(sigma, error)
    moving = i != 0
    i, drop, sigma = i[moving], drop[moving], sigma[moving]
    of_i = curve.current_stderr_a_per_cm2[moving]
    resistance = drop / i
    error = np.abs(np.hypot(sigma, resistance * of_i) / i)
    found = {}
    for name, inside in (("desolvation", i < 0), ("solvation", i > 0)):
        if not inside.any():
            sign = "negative" if name == "desolvation" else "positive"
            raise InputError(
                f"{curve.label}: no point of {sign} current: {name} was not measured; step to both signs"
            )
        found[name] = _mean(curve.label, name, resistance, error, inside)
    return compare_directions(*found["desolvation"], *found["solvation"])


def _mean(label: str, name: str, resistance: Floats, error: Floats, inside: Bools) -> tuple[float, float]:
    weight = 1 / error[inside] ** 2
    mean = float(np.sum(weight * resistance[inside]) / weight.sum())
    if mean <= 0:
        raise InputError(
            f"{label}: the resistance of {name} is {mean:.3g} ohm cm2: a sign is reversed, or the twin is larger"
        )
    chi2 = float(np.sum(weight * (resistance[inside] - mean) ** 2))
    freedom = int(inside.sum()) - 1
    variance = scaled_error(True, chi2 / max(freedom, 1), freedom, np.array([[1 / weight.sum()]]))[2]
    return mean, float(np.sqrt(variance[0, 0]))


def _check_errors(curve: InterfaceCurve) -> None:
    if not curve.has_errors:
        raise InputError(
            f"{curve.label}: the potentials have no standard errors: give columns such as 'stderr(potential)/mV', or a "
            "record over time, whose scatter tells them"
        )


def _of_twin(curve: InterfaceCurve, twin: InterfaceCurve) -> tuple[Floats, Floats]:
    order = np.argsort(twin.current_a_per_cm2)
    at, drop, sigma = (a[order] for a in (twin.current_a_per_cm2, twin.drop_v, twin.drop_stderr_v))
    wanted = curve.current_a_per_cm2
    if wanted.min() < min(_BEYOND_TWIN * at[0], 0.0) or wanted.max() > max(_BEYOND_TWIN * at[-1], 0.0):
        raise InputError(
            f"{twin.label}: the twin was measured from {1e6 * at[0]:.3g} to {1e6 * at[-1]:.3g} µA/cm2 and the cell from "
            f"{1e6 * wanted.min():.3g} to {1e6 * wanted.max():.3g}: measure the twin as far"
        )
    return np.interp(wanted, at, drop), np.interp(wanted, at, sigma)
