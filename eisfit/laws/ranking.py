"""Several laws through the same points, compared by AICc and, where one contains another, by the F test."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eisfit.errors import SeriesError
from eisfit.laws.follow import fit_law
from eisfit.laws.law_fit import Followed, LawFit
from eisfit.laws.ordinate import Ordinate
from eisfit.laws.registry import law_named
from eisfit.tools.frozen import Value
from eisfit.tools.statistics import nested_probability

CLOSE = 4.0  # AICc above the best below which a law is not ruled out


@dataclass(frozen=True, eq=False)
class RivalLaw(Value):
    """One law through points that others go through as well.

    Parameters
    ----------
    law : str
        Its name.
    fit : LawFit or None
        None where it could not be fitted.
    why_not : str
        Why not.
    chi2 : float
        Sum of squares of the residuals over the errors; of the residuals alone where these are not known.
    aicc, delta_aicc : float
        Akaike's criterion for few points, and how far it is above the lowest; infinite where the points are too few.
    p_simplest : float
        Probability by chance that it fits so much better than the first of fewer parameters; nan where it has no more.
    """

    law: str
    fit: LawFit | None
    why_not: str
    chi2: float
    aicc: float
    delta_aicc: float
    p_simplest: float

    @property
    def open(self) -> bool:
        """Whether it is not ruled out: within 4 of the best in AICc."""
        return self.delta_aicc < CLOSE


def rival_laws(
    laws: Sequence[str],
    condition: npt.ArrayLike,
    value: npt.ArrayLike,
    stderr_log: npt.ArrayLike | None = None,
    *,
    ordinate: Ordinate | None = None,
    of: Followed | None = None,
) -> tuple[RivalLaw, ...]:
    """Return several laws through the same points, the best by AICc first.

    Parameters
    ----------
    laws : sequence of str
        Names, at least two, over one condition and in one ordinate.
    condition, value, stderr_log, ordinate, of
        As for `fit_law`.

    Raises
    ------
    SeriesError
        If there are fewer than two laws, one is unknown, or they are over different conditions.

    Notes
    -----
    AICc is chi-square + 2 k + 2 k (k + 1) / (n - k - 1) with known errors, else n ln(RSS / n) in place of chi-square
    and one parameter more. The F test is against the law of fewest parameters, exact where that one is contained.

    Source: Hurvich and Tsai, Biometrika 76 (1989) 297, doi 10.1093/biomet/76.2.297.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([0.5, 2, 8, 25, 80, 200])
    >>> r = 50 + 300 * (1 - np.exp(-t / 50))
    >>> names = ["linear growth", "parabolic growth", "saturating growth"]
    >>> best, second, *_ = rival_laws(names, t, r, np.full(6, 0.01))
    >>> best.law, second.open
    ('saturating growth', False)
    """
    kinds = [law_named(name) for name in laws]
    if len(kinds) < 2:
        raise SeriesError(f"laws are compared with each other, and {len(kinds)} is named: name two or more")
    if len(over := dict.fromkeys(kind.condition for kind in kinds)) > 1:
        raise SeriesError(f"the laws are over {' and '.join(over)}: compare laws over one condition")
    common = [o for o in kinds[0].ordinates if all(o in kind.ordinates for kind in kinds)]
    chosen = ordinate if ordinate is not None else common[0] if common else None
    fits, failed = [], {}
    for kind in kinds:
        try:
            fits.append(fit_law(kind.name, condition, value, stderr_log, ordinate=chosen, of=of))
        except SeriesError as error:
            failed[kind.name] = str(error)
    return ranked_laws(fits, failed)


def ranked_laws(fits: Sequence[LawFit], failed: Mapping[str, str] | None = None) -> tuple[RivalLaw, ...]:
    """Return fits of several laws to the same points, the best by AICc first; those that failed, with the reason, last.

    Raises
    ------
    SeriesError
        If the fits are in different ordinates, or use different points.
    """
    if len({fit.ordinate for fit in fits}) > 1 or len({fit.at[fit.used].tobytes() for fit in fits}) > 1:
        raise SeriesError(
            "the laws were fitted in different ordinates or to different points: compare them in one ordinate, to the "
            "same points"
        )
    known = all(bool(np.all(fit.ordinate_stderr[fit.used] > 0)) for fit in fits)
    found = [
        RivalLaw(name, None, reason, math.nan, math.inf, math.inf, math.nan)
        for name, reason in (failed or {}).items()
    ]
    for fit in fits:
        chi2 = _chi2(fit, known)
        aicc = _aicc(chi2, fit.points_used, len(fit.parameters), known)
        found.append(RivalLaw(fit.law, fit, "", chi2, aicc, math.nan, math.nan))
    return _ranked(found, known)


def _chi2(fit: LawFit, known: bool) -> float:
    residual = (fit.ordinate_value - fit.line(fit.at)[0])[fit.used]
    return float(np.sum((residual / (fit.ordinate_stderr[fit.used] if known else 1.0)) ** 2))


def _aicc(chi2: float, points: int, parameters: int, known: bool) -> float:
    k = parameters if known else parameters + 1
    if points <= k + 1:
        return math.inf
    misfit = chi2 if known else points * math.log(max(chi2, 1e-300) / points)
    return misfit + 2 * k + 2 * k * (k + 1) / (points - k - 1)


def _ranked(found: Sequence[RivalLaw], known: bool) -> tuple[RivalLaw, ...]:
    lowest = min((r.aicc for r in found), default=math.inf)
    fitted = [r for r in found if r.fit is not None]
    simplest = min(fitted, key=lambda r: len(r.fit.parameters) if r.fit is not None else 0, default=None)
    made = [
        RivalLaw(
            r.law, r.fit, r.why_not, r.chi2, r.aicc,
            r.aicc - lowest if math.isfinite(r.aicc) else math.inf, _p(r, simplest, known),
        )
        for r in found
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda r: (r.aicc, r.fit is None)))


def _p(rival: RivalLaw, simplest: RivalLaw | None, known: bool) -> float:
    if rival.fit is None or simplest is None or simplest.fit is None:
        return math.nan
    more = len(rival.fit.parameters) - len(simplest.fit.parameters)
    freedom = rival.fit.points_used - len(rival.fit.parameters)
    if more < 1 or freedom < 1 or rival.chi2 > simplest.chi2:
        return math.nan
    return nested_probability(simplest.chi2, rival.chi2, more, freedom, known)
