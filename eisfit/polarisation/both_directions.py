"""Resistance of solvation and desolvation, with the twin cell subtracted, and whether they differ."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from eisfit.errors import InputError
from eisfit.laws.line import by_rules
from eisfit.polarisation.drops_at_faces import InterfaceCurve
from eisfit.tools.frozen import Floats, Ints
from eisfit.tools.real_arguments import real_arguments
from eisfit.tools.statistics import NORMAL_95, normal_cdf

_LEAST_P = 1e-4
_EQUAL = 0.05  # of a current, by which its partner of the other sign may differ
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
    at_equal : str
        What is of equal size on both sides: ``current``, ``potential`` of steps that were held, or, of values that
        were given, ``""``.
    """

    desolvation_ohm_cm2: float
    desolvation_stderr: float
    solvation_ohm_cm2: float
    solvation_stderr: float
    ratio: float
    ratio_stderr: float
    ratio_ci95: tuple[float, float]
    p_value: float
    at_equal: str = ""

    @property
    def differ(self) -> bool:
        """Whether the ratio differs from 1 with 95 % confidence."""
        return self.p_value < 0.05

    def __str__(self) -> str:
        said = "they differ" if self.differ else "no difference is seen"
        low, high = self.ratio_ci95
        p = f"p = {self.p_value:.2g}" if self.p_value >= _LEAST_P else f"p < {_LEAST_P:g}"
        at = f" at equal {self.at_equal}" if self.at_equal else ""
        return f"desolvation / solvation {self.ratio:.3g}{at} ({low:.3g} to {high:.3g}, {p}): {said}"


@real_arguments(InputError)
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
    desolvation / solvation 1.51 (1.43 to 1.61, p < 0.0001): they differ
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
    Only currents of equal size on both sides, within 5 %, are compared, or, where there are none, potentials of equal
    size (steps of potential): the resistance falls with the current. Their
    ratios are averaged by their errors; the value of a direction is the weighted mean over its points.

    Source: direct current over a liquid-solid interface, Sagane et al. (2010), doi 10.1246/cl.2010.826; with the cell
    without the solid subtracted, Mehrotra et al. (2014), doi 10.1149/2.0721410jes.
    """
    i, drop, sigma = curve.current_a_per_cm2, curve.drop_v, np.nan_to_num(curve.drop_stderr_v)
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
    resistance = drop[i != 0] / i[i != 0]
    of_i = resistance * curve.current_stderr_a_per_cm2[i != 0]
    error = np.abs(np.hypot(sigma[i != 0], of_i) / i[i != 0])
    into, out, at_equal = _pairs(curve.label, i[i != 0], drop[i != 0])
    desolvation = _mean(curve.label, "desolvation", resistance[into], error[into])
    solvation = _mean(curve.label, "solvation", resistance[out], error[out])
    plain = replace(compare_directions(*desolvation, *solvation), at_equal=at_equal)
    return _of_pairs(
        plain,
        np.log(resistance[into] / resistance[out]),
        np.hypot(error[into] / resistance[into], error[out] / resistance[out]),
    )


def _pairs(label: str, i: Floats, drop: Floats) -> tuple[Ints, Ints, str]:
    """Return the places of points of equal size and opposite sign, each used once, and what is equal in them."""
    for name, sign, there in (("desolvation", "negative", i < 0), ("solvation", "positive", i > 0)):
        if not there.any():
            raise InputError(
                f"{label}: no point of {sign} current: {name} was not measured; step to both signs"
            )
    for what, size in (("current", np.abs(i)), ("potential", np.abs(drop))):
        into, out = _alike(i, size)
        if into.size:
            return into, out, what
    raise InputError(
        f"{label}: no two currents or potentials of opposite sign and equal size, within 5 %: step to both alike"
    )


def _alike(i: Floats, size: Floats) -> tuple[Ints, Ints]:
    free = np.flatnonzero(i > 0).tolist()
    negative = np.flatnonzero(i < 0)
    into, out = [], []
    for k in negative[np.argsort(-size[negative])]:
        nearest = min(free, key=lambda other: abs(size[other] - size[k]), default=None)
        if nearest is not None and abs(size[nearest] - size[k]) <= _EQUAL * size[k]:
            into.append(int(k))
            out.append(nearest)
            free.remove(nearest)
    return np.array(into, int), np.array(out, int)


def _of_pairs(plain: DirectionTest, log: Floats, sigma: Floats) -> DirectionTest:
    """Return a test with the ratio from pairs of equal current, whose scatter counts."""
    weight = 1 / sigma**2
    mean = float(np.sum(weight * log) / weight.sum())
    at = np.array([mean])
    found = by_rules(log - mean, sigma, True, (at, at), np.array([[1 / weight.sum()]]))
    error = float(np.sqrt(found.covariance[0, 0]))
    reach = found.quantile * error
    scaled = NORMAL_95 * mean / reach  # by Student's quantile where the pairs scatter
    ratio = float(np.exp(mean))
    ends = (float(np.exp(mean - reach)), float(np.exp(mean + reach)))
    return replace(
        plain, ratio=ratio, ratio_stderr=ratio * error, ratio_ci95=ends, p_value=2 * normal_cdf(-abs(scaled))
    )


def _mean(label: str, name: str, resistance: Floats, error: Floats) -> tuple[float, float]:
    weight = 1 / error**2
    mean = float(np.sum(weight * resistance) / weight.sum())
    if mean <= 0:
        raise InputError(
            f"{label}: the resistance of {name} is {mean:.3g} ohm cm2: a sign is reversed, or the twin is larger"
        )
    if (resistance <= 0).any():
        raise InputError(
            f"{label}: a point of {name} has a negative resistance: leave out currents near zero"
        )
    return mean, float(1 / np.sqrt(weight.sum()))


def _check_errors(curve: InterfaceCurve) -> None:
    if not curve.has_errors:
        raise InputError(
            f"{curve.label}: neither potentials nor currents have standard errors: give columns such as "
            "'stderr(U)/mV', or a record over time, whose scatter tells them"
        )


def _of_twin(curve: InterfaceCurve, twin: InterfaceCurve) -> tuple[Floats, Floats]:
    order = np.argsort(twin.current_a_per_cm2)
    at, drop, sigma = (a[order] for a in (twin.current_a_per_cm2, twin.drop_v, twin.drop_stderr_v))
    wanted = curve.current_a_per_cm2
    if wanted.min() < min(_BEYOND_TWIN * at[0], 0.0) or wanted.max() > max(_BEYOND_TWIN * at[-1], 0.0):
        raise InputError(
            f"{twin.label}: the twin was measured from {1e6 * at[0]:.3g} to {1e6 * at[-1]:.3g} µA/cm2 and the cell "
            f"from {1e6 * wanted.min():.3g} to {1e6 * wanted.max():.3g}: measure the twin as far"
        )
    return np.interp(wanted, at, drop), np.interp(wanted, at, np.nan_to_num(sigma))
