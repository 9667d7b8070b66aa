"""Bounds of the logarithms of the parameters, and which parameters are fixed or tied."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.cell.segments import Setting
from eisfit.cell.setting_checks import LEAST_EXPONENT
from eisfit.cell.templates import Template
from eisfit.engine.ties import Ties, ties_of
from eisfit.tools.frozen import Bools, Complexes, Floats

DECADES_OUTSIDE = 10  # time constants may lie this many decades outside the window
ON_BOUND = 1e-9  # a logarithm this close to its bound is at the bound
_LOG_REACH = 8 * np.log(
    10
)  # resistances may lie this far, as a logarithm, beyond the largest and smallest |Z|
_RATIO_REACH = 4 * np.log(10)  # a ratio may lie this far, as a logarithm, beyond its usual range


@dataclass(frozen=True)
class Bounds:
    """Where the parameters of N spectra may lie.

    Parameters
    ----------
    lower, upper : ndarray, shape (N, P)
        Bounds of the logarithms.
    fixed : ndarray of bool, shape (P,)
        Parameters that are no variables: they stay at `lower`, which equals `upper`, or follow another one.
    fixed_value : ndarray, shape (P,)
        Values of fixed parameters in their units, to the last digit; nan where the logarithm alone is known.
    ties : Ties, optional
        Which follow others.
    """

    lower: Floats
    upper: Floats
    fixed: Bools
    fixed_value: Floats
    ties: Ties | None = None

    def fixed_at(self, x: Floats, which: Bools) -> Bounds:
        """Return bounds that fix further parameters.

        Parameters
        ----------
        x : ndarray, shape (P,) or (N, P)
            Logarithms at which they are fixed.
        which : ndarray of bool, shape (P,)
            Parameters to fix; one that others follow moves on unless these are all among them.
        """
        if self.ties is not None:
            which = self.ties.standing(which)
        lower, upper = (np.where(which, x, bound) for bound in (self.lower, self.upper))
        value = np.where(which & ~self.fixed, np.nan, self.fixed_value)
        return replace(self, lower=lower, upper=upper, fixed=self.fixed | which, fixed_value=value)

    def with_known(self, template: Template, known: Sequence[Mapping[str, float]]) -> Bounds:
        """Return bounds in which parameters are fixed at the values that each of N spectra knows of them."""
        found, lower, value = self, self.lower.copy(), self.fixed_value.copy()
        for k, name in enumerate(template.circuit.names):
            setting = template.effective_settings.get(name)
            if setting is not None and setting.each is not None:
                own = np.array([setting.fixed_in(of_one) for of_one in known], float)
                lower[:, k], value[k] = np.log(own), own[0] if np.all(own == own[0]) else np.nan
                upper = np.where(found.fixed, lower, found.upper)
                found = replace(found, lower=lower, upper=upper, fixed_value=value)
        return found

    def repeated(self, count: int) -> Bounds:
        """Return the bounds of each spectrum `count` times."""
        lower, upper = (np.repeat(bound, count, axis=0) for bound in (self.lower, self.upper))
        return replace(self, lower=lower, upper=upper)


def bounds_of(template: Template, z: Complexes, grid: Floats, used: Bools) -> Bounds:
    """Return physical bounds, wide in resistance and time, narrowed by the settings of the template.

    Parameters
    ----------
    template : Template
        With its configuration chosen.
    z : ndarray of complex, shape (N, F)
        Measured impedances in ohm.
    grid : ndarray, shape (N, F)
        Frequencies in Hz.
    used : ndarray of bool, shape (N, F)
        Which points take part.
    """
    modulus = np.where(np.abs(z) > 0, np.abs(z), np.nan)
    modulus = np.where(used, modulus, np.nan)
    log_r = np.log(np.nanmin(modulus, axis=1)) - _LOG_REACH, np.log(np.nanmax(modulus, axis=1)) + _LOG_REACH
    log_t = time_range(grid, used)
    lower, upper, fixed, settings = [], [], [], template.effective_settings
    for p in template.circuit.parameters:
        setting = settings.get(p.name, Setting())
        quantity = p.quantity
        if quantity.is_ratio:
            low = np.full(z.shape[0], np.log(quantity.usual[0]) - _RATIO_REACH)
            high = np.full(z.shape[0], np.log(quantity.usual[1]) + _RATIO_REACH)
        elif quantity.is_exponent:
            low = np.full(z.shape[0], np.log(LEAST_EXPONENT))
            high = np.full(z.shape[0], np.log(quantity.upper))
        else:
            powers = (LEAST_EXPONENT, 1.0) if isinstance(quantity.time, str) else (quantity.time,)
            corners = [quantity.resistance * r + b * t for r, b, t in itertools.product(log_r, powers, log_t)]
            low, high = (np.log(quantity.size) + end(corners, axis=0) for end in (np.min, np.max))
        if setting.low:
            low = np.full_like(low, np.log(setting.low))
        if setting.high is not None:
            high = np.full_like(high, np.log(setting.high))
        if setting.fixed is not None:
            low = high = np.full_like(low, np.log(setting.fixed))
        lower.append(low)
        upper.append(high)
        fixed.append(np.nan if setting.fixed is None else setting.fixed)
    value, ties = np.array(fixed, float), ties_of(template)
    bounds = Bounds(np.stack(lower, axis=1), np.stack(upper, axis=1), np.isfinite(value), value, ties)
    if ties is None:
        return bounds
    low, high = ties.narrowed(bounds.lower, bounds.upper)
    return replace(bounds, lower=low, upper=high, fixed=bounds.fixed | ties.tied)


def time_range(grid: Floats, used: Bools) -> tuple[Floats, Floats]:
    """Return the bounds of ln(tau / s) of each spectrum, shapes (N,), from its frequencies (N, F)."""
    outside = DECADES_OUTSIDE * np.log(10)
    omega = 2 * np.pi * np.where(used, grid, np.nan)
    return -np.log(np.nanmax(omega, axis=1)) - outside, -np.log(np.nanmin(omega, axis=1)) + outside


def fixed_parameters(template: Template) -> Bools:
    """Return which parameters are no variables, because the template fixes or ties them, shape (P,)."""
    found = [template.effective_settings.get(p.name, Setting()) for p in template.circuit.parameters]
    return np.array([setting.fixed is not None or setting.tie is not None for setting in found], bool)
