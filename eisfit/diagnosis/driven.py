"""Whether the interface follows the current, as a charge transfer does, or is ohmic, as an interphase is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.diagnosis.answer import HOLDS, SEEN, Answer, p_text, unknown
from eisfit.diagnosis.tracks import Point, Track, group_over
from eisfit.diagnosis.trend import chi2_probability, two_sided
from eisfit.errors import InputError
from eisfit.polarisation import DcAnswer, InterfaceFit, compare_directions
from eisfit.tools.rounding import with_error

BESIDE = "charge transfer and an ohmic part"
ALONE = "charge transfer alone"
OHMIC = "ohmic"
ASYMMETRIC, SYMMETRIC = "differs between both directions", "the same in both directions"
_SMALL = 0.1  # part of R_p that an ohmic part may have where a charge transfer alone is named
_DRIFTING = 0.5  # part of the steps that may drift


@dataclass(frozen=True)
class Driven:
    """The answer to the question of the current, whether it is of steady currents, and of the interface alone."""

    answer: Answer
    steady: bool = False
    at_faces: bool = False


def driven(tracks: Sequence[Track], dc: Sequence[DcAnswer]) -> Driven:
    """Answer the question of the current, by dc data before impedance under bias."""
    fitted = [(each, each.fit) for each in dc if each.fit is not None]
    if fitted:
        with_points, fit = max(fitted, key=lambda pair: (pair[1].determined, pair[0].curve.drop_v.size))
        steady = [bool(s) for state in with_points.states for s in state.steady]
        return Driven(_by_current(fit), bool(np.mean(steady) > 1 - _DRIFTING), bool(fit.curve.faces))
    under_bias = _under_bias(tracks)
    if under_bias is not None:
        return Driven(under_bias)
    why = "; ".join(text for each in dc for text in each.unanswered)
    return Driven(unknown("bias", why))


def _by_current(fit: InterfaceFit) -> Answer:
    law, error = fit.law, fit.stderr
    if not fit.determined:
        value, stderr = fit.r_p_ohm_cm2
        why = f"only R_p = {with_error(value, stderr, 'ohm cm2')} is known: i0 and R_SLEI are not told apart"
        return unknown("bias", why)
    bent = _bends(fit)
    text = (
        f"i0 = {with_error(1e6 * law.i0_a_per_cm2, 1e6 * error['i0_a_per_cm2'], 'uA/cm2')}, "
        f"alpha = {with_error(law.alpha, error['alpha'])}, "
        f"R_SLEI = {with_error(law.r_slei_ohm_cm2, error['r_slei_ohm_cm2'], 'ohm cm2')} "
        f"({p_text(bent)} of a straight line)"
    )
    test = "Butler-Volmer with a resistance against a straight line"
    r, stderr = law.r_slei_ohm_cm2, error["r_slei_ohm_cm2"]
    of_r = two_sided(r / stderr) if stderr > 0 else math.nan
    p = max(bent, of_r) if math.isfinite(of_r) else bent
    if bent > SEEN:
        return Answer("bias", OHMIC, text, "interface", r, stderr, "ohm cm2", test, bent)
    if not _fits(fit):
        return Answer("bias", "no charge transfer fits", text, "interface", r, stderr, "ohm cm2", test, bent)
    if r > 0 and of_r < SEEN:
        return Answer("bias", BESIDE, text, "interface", r, stderr, "ohm cm2", test, p)
    if abs(r) + 3 * stderr < _SMALL * law.r_p_ohm_cm2:
        return Answer("bias", ALONE, text, "interface", r, stderr, "ohm cm2", test, bent)
    return unknown("bias", f"{text}: the ohmic part is not known well enough")


def _fits(fit: InterfaceFit) -> bool:
    """Whether the points lie on the curve within their errors, or have none."""
    if not math.isfinite(fit.chi2_reduced):
        return True
    freedom = fit.curve.drop_v.size - len(fit.free)
    return chi2_probability(fit.chi2_reduced * freedom, freedom) > HOLDS


def _bends(fit: InterfaceFit) -> float:
    """Return the probability of so large a deviation from a straight line, the errors of both coordinates counted."""
    curve = fit.curve
    i, u = curve.current_a_per_cm2, curve.drop_v
    sigma = np.hypot(
        np.nan_to_num(curve.drop_stderr_v, nan=0.0),
        fit.law.r_p_ohm_cm2 * np.nan_to_num(curve.current_stderr_a_per_cm2, nan=0.0),
    )
    freedom = i.size - 1
    if not (sigma > 0).all():
        left = u - fit.law.drop_v(i)
        scale = math.sqrt(float(np.sum(left**2)) / max(i.size - len(fit.free), 1))
        sigma = np.full(i.size, max(scale, 1e-12))
    slope = float(np.sum(u * i / sigma**2) / np.sum(i**2 / sigma**2))
    chi2 = float(np.sum(((u - slope * i) / sigma) ** 2))
    return chi2_probability(chi2, freedom)


def _under_bias(tracks: Sequence[Track]) -> Answer | None:
    """Return whether the impedance under bias of equal size and both signs differs."""
    for track in (t for t in tracks if t.whole or t.pure):
        points = group_over("bias_v", track.points)
        pairs = [
            (a, b)
            for a in points
            for b in points
            if a.bias_v < 0 < b.bias_v and abs(a.bias_v + b.bias_v) < 0.05 * b.bias_v
        ]
        if pairs:
            return _directions(track, *max(pairs, key=lambda pair: pair[1].bias_v))
    return None


def _directions(track: Track, negative: Point, positive: Point) -> Answer | None:
    try:
        test = compare_directions(
            negative.value, negative.value * negative.error, positive.value, positive.value * positive.error
        )
    except InputError:
        return None
    word = ASYMMETRIC if test.p_value < SEEN else SYMMETRIC
    text = f"{test} (at {positive.bias_v:g} V of both signs)"
    return Answer(
        "bias",
        word,
        text,
        track.name,
        test.ratio,
        test.ratio_stderr,
        "1",
        "ratio of both directions",
        test.p_value,
    )
