"""Whether the interface follows the salt concentration, as a charge transfer beside an interphase does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.diagnosis.answer import HOLDS, NOT_MEASURED, SEEN, Answer, p_text, unknown
from eisfit.diagnosis.tracks import Point, Track, columns, group_over
from eisfit.diagnosis.trend import (
    chi2_probability,
    constant_probability,
    monotonic,
    polynomial,
    rise,
    two_sided,
)
from eisfit.errors import SeriesError
from eisfit.laws import LawFit, fit_law
from eisfit.tools.frozen import Floats
from eisfit.tools.rounding import with_error
from eisfit.tools.statistics import nested_probability

FEWEST = 3
FEWEST_TO_NAME, DECADES_TO_NAME = 4, 1.5
LAW = "power of concentration"
BESIDE, ALONE, CONSTANT = "falls to a constant", "falls by a power", "does not follow"
FALLS, RISES, TURNS = "falls", "rises", "falls and rises"
_SMALL = 0.1  # part of the smallest resistance that a constant may have where a power alone is named
_RISE = 9.0  # of chi-square at a constant that is larger than can be, three standard errors
_NONE = 0.02  # change of ln R that counts as none


@dataclass(frozen=True)
class Dilution:
    """The answer to the question of the concentration, and whether it suffices to name a mechanism."""

    answer: Answer
    range_suffices: bool = False
    with_time: bool = False


def dilution(tracks: Sequence[Track]) -> Dilution:
    """Answer the question of the concentration by the whole interface; else by the part that follows it most."""
    whole = [t for t in tracks if t.whole] or [t for t in tracks if t.pure]
    found = [t.at(_over(t)) for t in whole]
    found = [t for t in found if len({p.concentration_mol_l for p in t.points}) >= FEWEST]
    if not found:
        most = max((len({p.concentration_mol_l for p in _over(t)}) for t in whole), default=0)
        return Dilution(unknown("concentration", f"{most} concentration{'s' * (most != 1)}" if most else ""))
    track = max(found, key=lambda t: len(t.points))
    c = np.array([p.concentration_mol_l for p in track.points])
    decades = math.log10(c[-1] / c[0])
    suffices = len(set(c.tolist())) >= FEWEST_TO_NAME and decades >= DECADES_TO_NAME
    return Dilution(_answer(track, c), suffices, _rises_with_time(track.points))


def _over(track: Track) -> tuple[Point, ...]:
    return group_over("concentration_mol_l", track.points)


def _rises_with_time(points: Sequence[Point]) -> bool:
    """Whether the concentrations were measured one after the other, upwards or downwards: a drift would do the same."""
    t = np.array([p.time_h for p in points])
    steps = np.diff(t)
    return bool(np.isfinite(t).all() and steps.any() and (np.all(steps >= 0) or np.all(steps <= 0)))


def _answer(track: Track, c: Floats) -> Answer:
    y, sigma = columns(track.points)
    change, error = rise(y, sigma)
    same = constant_probability(y, sigma)
    ends = f"{track.points[0].value:.4g} {track.unit} at {c[0]:g} mol/L, {track.points[-1].value:.4g} at {c[-1]:g}"
    if same > SEEN or float(np.ptp(y)) < _NONE:
        slope = polynomial(np.log(c), y, sigma, 1)
        value, stderr = float(slope.coefficients[1]), slope.error(1)
        text = f"power {with_error(value, stderr)} of the concentration ({p_text(same)}); {ends}"
        word = CONSTANT if abs(value) + 3 * stderr < 0.1 else NOT_MEASURED
        if word == NOT_MEASURED:
            return unknown("concentration", text)
        return Answer(
            "concentration", word, text, track.name, value, stderr, "1", "chi-square against one value", same
        )
    law = _law(track, c, y, sigma)
    if monotonic(y, sigma, -1.0) and law is not None and law["n"].value > 0:
        return _falling(track, c, (y, sigma), law, ends)
    word = FALLS if monotonic(y, sigma, -1.0) else RISES if monotonic(y, sigma, 1.0) else TURNS
    evidence = f"{ends} ({p_text(same)})"
    return Answer(
        "concentration",
        word,
        evidence,
        track.name,
        change,
        error,
        "ln R, end less begin",
        "chi-square against one value",
        same,
    )


def _law(track: Track, c: Floats, y: Floats, sigma: Floats) -> LawFit | None:
    try:
        with np.errstate(
            invalid="ignore", divide="ignore", over="ignore"
        ):  # where R_0 is none, its error is not known
            return fit_law(LAW, c, np.exp(y), sigma)
    except (SeriesError, np.linalg.LinAlgError):
        return None


def _falling(track: Track, c: Floats, points: tuple[Floats, Floats], law: LawFit, ends: str) -> Answer:
    """Return whether a constant is needed beside the power."""
    y, sigma = points
    power = polynomial(np.log(c), y, sigma, 1)
    freedom = y.size - 3
    chi2 = law.chi2_reduced * max(freedom, 0) if math.isfinite(law.chi2_reduced) else 0.0
    needed = nested_probability(power.chi2, chi2, 1, freedom, known=True)
    r0, n = law["R0"], law["n"]
    if needed < SEEN:
        fits = chi2_probability(chi2, freedom)
        text = (
            f"R_0 + K c^-n with R_0 = {with_error(r0.value, r0.stderr, track.unit)}, "
            f"n = {with_error(n.value, n.stderr)} "
            f"({p_text(needed)} without R_0); {ends}"
        )
        word = BESIDE if fits > HOLDS and _of_transfer(n.value, n.stderr) else FALLS
        return Answer(
            "concentration",
            word,
            text,
            track.name,
            n.value,
            n.stderr,
            "1",
            "fall of chi-square by R_0",
            needed,
        )
    value, stderr = -float(power.coefficients[1]), power.error(1)
    fits = chi2_probability(power.chi2, power.freedom)
    text = f"c^-n with n = {with_error(value, stderr)}, no constant beside it ({p_text(needed)}); {ends}"
    small = _without(c, y, sigma, _SMALL * float(np.exp(y.min()))) - power.chi2 > _RISE
    word = ALONE if fits > HOLDS and _of_transfer(value, stderr) and small else FALLS
    falls = two_sided(value / stderr)
    return Answer("concentration", word, text, track.name, value, stderr, "1", "weighted line", falls)


def _without(c: Floats, y: Floats, sigma: Floats, constant: float) -> float:
    """Return chi-square of a power beside a given constant."""
    left = np.exp(y) - constant
    return polynomial(np.log(c), np.log(left), sigma * np.exp(y) / left, 1).chi2


def _of_transfer(n: float, stderr: float) -> bool:
    """Whether n may be 1 - alpha: between 0 and 1, and known."""
    return n - 3.29 * stderr > 0 and n - 3.29 * stderr < 1 and stderr < 0.15
