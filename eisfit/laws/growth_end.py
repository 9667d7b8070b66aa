"""When a layer that grows to an end has grown nearly so far."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from eisfit.errors import SeriesError
from eisfit.laws.law_fit import LawFit, LawValue, law_values
from eisfit.laws.registry import law_named

SHARE = 0.95  # of the growth, that counts as its end
_STEP = 1e-5  # of the logarithms of the parameters, for derivatives
_UNSURE = 1.0  # standard error of the logarithm of a time from which on its end is not known


def _saturating(share: float, r0: float, rise: float, tau: float) -> float:
    return -tau * math.log1p(-share)


def _stretched(share: float, r0: float, rise: float, tau: float, m: float) -> float:
    return float(tau * (-math.log1p(-share)) ** (1 / m))


def _pinholes(share: float, film: float, open_: float, k: float) -> float:
    reached = open_ + share * (film - open_)
    left = (1 / reached - 1 / film) / (1 / open_ - 1 / film) if film != open_ else 1 - share
    return -math.log(left) / k


_END: Mapping[str, Callable[..., float]] = {
    "saturating growth": _saturating,
    "stretched growth": _stretched,
    "pinhole filling": _pinholes,
}


def time_to_share_h(fit: LawFit, share: float = SHARE) -> LawValue:
    r"""Return the time at which a share of the whole growth has been reached.

    Parameters
    ----------
    fit : LawFit
        Of ``saturating growth``, ``stretched growth`` or ``pinhole filling``.
    share : float
        Of the way from the value at the beginning to that at the end, between 0 and 1.

    Returns
    -------
    LawValue
        ``t_95`` in h (of 0.95), with standard error and 95 % interval, both from its logarithm.

    Raises
    ------
    SeriesError
        If the law has no end, or the share is none.

    Notes
    -----
    :math:`-\tau \ln(1 - s)` of first-order growth, 3.0 tau at 95 %; :math:`\tau (-\ln(1 - s))^{1/m}` where it is
    stretched; of pinholes the time at which the resistance itself has made that share of its way. Errors by
    Gauss's propagation with the full covariance of the parameters.

    Examples
    --------
    >>> import numpy as np
    >>> from eisfit.laws import fit_law, time_to_share_h
    >>> t = np.array([1.0, 5.0, 20.0, 60.0, 150.0, 300.0])
    >>> fit = fit_law("saturating growth", t, 20 + 280 * (1 - np.exp(-t / 50)), np.full(6, 0.01))
    >>> f"{time_to_share_h(fit).value:.0f} h"
    '150 h'
    """
    if not 0 < share < 1:
        raise SeriesError(f"share is {share:g}: it must lie between 0 and 1, 0.95 for 95 %")
    formula = _END.get(fit.law)
    if formula is None:
        raise SeriesError(f"{fit.law!r} has no end: fit one of {', '.join(map(repr, _END))}")
    kind = law_named(fit.law)

    def log_time(coordinates: np.ndarray) -> float:
        return math.log(formula(share, *law_values(kind, coordinates)))

    at = np.array(fit.coordinates)
    steps = _STEP * np.eye(at.size)
    gradient = np.array([(log_time(at + s) - log_time(at - s)) / (2 * _STEP) for s in steps])
    error = float(np.sqrt(max(gradient @ fit.covariance @ gradient, 0.0)))
    value, reach = math.exp(log_time(at)), fit.quantile * error
    ends = (value * math.exp(-min(reach, 700.0)), value * math.exp(min(reach, 700.0)))
    return LawValue(f"t_{100 * share:g}", value, value * error, ends, "h")


class GrowthToAnEnd(LawFit):
    """A law of growth that comes to an end, with the time at which 95 % of it are done."""

    @property
    def time_to_95_percent_h(self) -> LawValue:
        """Time at which 95 % of the growth are done, with its error; see `time_to_share_h`."""
        return time_to_share_h(self)

    @property
    def derived(self) -> tuple[LawValue, ...]:
        """What follows from the parameters: the time to 95 %."""
        return (self.time_to_95_percent_h,)

    def sentences(self, files: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """Return what is to be said of it, such as an end that was not measured."""
        found, last = self.time_to_95_percent_h, float(np.max(self.at[self.used]))
        said = super().sentences(files)
        if not found.stderr < _UNSURE * found.value:
            return (
                *said,
                f"the end is not seen by {last:.4g} h: the time to 95 % is known to no better than a factor "
                f"of {math.exp(min(found.stderr / found.value, 99.0)):.2g}; measure longer",
            )
        if found.value > last:
            return (
                *said,
                f"95 % are reached after {found.value:.4g} h, beyond the last point at {last:.4g} h",
            )
        return said
