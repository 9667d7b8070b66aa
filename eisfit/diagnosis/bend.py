"""Whether the interface bends over temperature where the polymer melts; otherwise the polymer does not limit it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.diagnosis.answer import ALIKE, DOES_NOT_APPLY, HOLDS, Answer, p_text, unknown
from eisfit.diagnosis.tracks import Point, Track
from eisfit.diagnosis.trend import polynomial, two_sided
from eisfit.results.series import Series
from eisfit.tools.rounding import with_error

STRAIGHT, BENT_ALIKE = "no, it is straight", "bends as the polymer"
FEWEST = 4
_LEAST_EV = 0.1  # change of a slope that counts as that of a melting polymer
_SHARE = 0.1  # of the electrode in a sum that stands for the interface
_TEMPERATURE_ERR_K = 1.0  # that is taken where none is stated
_SURE = 3.29  # standard errors of a probability of 1e-3
_TAKEN = "; no temperature_err_c is stated: 1 K was taken"


@dataclass(frozen=True)
class Slope:
    """By how much the activation energy of a contribution falls from its lowest to its highest temperature."""

    name: str
    change_ev: float
    stderr_ev: float

    @property
    def text(self) -> str:
        """Name and value."""
        return f"{self.name} {with_error(self.change_ev, self.stderr_ev, 'eV')}"


@dataclass(frozen=True)
class Bend:
    """The answer to the question of the bend, and whether it is of the interface alone."""

    answer: Answer
    of_interface: bool = False


def bend(tracks: Sequence[Track], joint: Sequence[Track], results: Sequence[Series]) -> Bend:
    """Answer whether the interface bends as the polymer does."""
    polymers = [s for t in tracks if "polymer" in t.roles and (s := _slope(t)) is not None]
    holding = [t for t in tracks if t.holds_interface and _slope(t) is not None]
    there = any("polymer" in t.roles for t in (*tracks, *joint))
    if not tracks:
        return Bend(unknown("bend"))
    if not there:
        return Bend(Answer("bend", DOES_NOT_APPLY, "the cell has no polymer"))
    if not polymers or not holding:
        return Bend(unknown("bend", f"fewer than {FEWEST} temperatures"))
    polymer = max(polymers, key=lambda s: abs(s.change_ev) / s.stderr_ev)
    track = next((t for t in holding if t.whole), next((t for t in holding if t.pure), holding[0]))
    own = _slope(track)
    assert own is not None
    alone = track.pure or _electrode_is_small(joint)
    stated = all(math.isfinite(p.temperature_err_k) for p in track.points)
    return Bend(_compared(polymer, own, _contradicted(results), "" if stated else _TAKEN), alone)


def _compared(polymer: Slope, own: Slope, contradicted: bool, taken: str) -> Answer:
    by = own.change_ev - polymer.change_ev
    error = math.hypot(own.stderr_ev, polymer.stderr_ev)
    p_polymer = two_sided(polymer.change_ev / polymer.stderr_ev)
    p_apart = two_sided(by / error)
    text = f"fall of the activation energy over the range: {polymer.text} ({p_text(p_polymer)}), {own.text}{taken}"
    rest = (own.name, by, error, "eV", "quadratic terms over 1/T", p_apart)
    sure = abs(polymer.change_ev) > max(_LEAST_EV, _SURE * polymer.stderr_ev)
    if not sure:
        return unknown("bend", f"{text}: the polymer shows no bend")
    straight = two_sided(own.change_ev / own.stderr_ev) > HOLDS and not contradicted
    if straight and abs(by) > _SURE * error:
        return Answer("bend", STRAIGHT, f"{text} ({p_text(p_apart)} that both are one)", *rest)
    if p_apart >= ALIKE and abs(own.change_ev) > _SURE * own.stderr_ev:
        return Answer("bend", BENT_ALIKE, f"{text} ({p_text(p_apart)} that both are one)", *rest)
    return unknown("bend", f"{text}: neither straight nor bent as the polymer")


def _slope(track: Track) -> Slope | None:
    """Return the change of the slope of ln R over 1/kT along the temperatures, by a parabola."""
    points = [p for p in track.points if math.isfinite(p.temperature_c)]
    if len({round(p.temperature_c) for p in points}) < FEWEST:
        return None
    kelvin = np.array([p.temperature_c for p in points]) + ZERO_CELSIUS_K
    x = 1 / (BOLTZMANN_EV_PER_K * kelvin)
    y = np.log([p.value for p in points])
    centred = x - x.mean()
    energy = float(np.polyfit(centred, y, 1)[0])
    sigma = np.array([_error(p, abs(energy)) for p in points])
    found = polynomial(centred, y, sigma, 2)
    span = 2 * float(np.ptp(x))
    return Slope(track.name, span * float(found.coefficients[2]), span * math.sqrt(found.covariance[2, 2]))


def _error(point: Point, energy: float) -> float:
    """Return the error of ln R with that of the temperature, which counts by the slope."""
    kelvin = point.temperature_c + ZERO_CELSIUS_K
    given = point.temperature_err_k
    error = given if math.isfinite(given) else _TEMPERATURE_ERR_K
    return math.hypot(point.stderr_log, energy * error / (BOLTZMANN_EV_PER_K * kelvin**2), 2e-3)


def _contradicted(results: Sequence[Series]) -> bool:
    """Whether a joint fit has an Arrhenius law of the interface that its data contradict."""
    return any(
        test.rejected
        for series in results
        if series.joint is not None
        for test in series.joint.tests
        if test.link.startswith("arrhenius")
        and test.parameter in ("interface", "interphase", "charge transfer")
    )


def _electrode_is_small(joint: Sequence[Track]) -> bool:
    """Whether a joint fit tells the interface from the electrode, and finds it ten times as large or more."""
    own = next((t for t in joint if t.pure), None)
    electrode = next((t for t in joint if t.roles == ("electrode",)), None)
    if own is None or electrode is None:
        return False
    known = {p.temperature_c: p.value for p in electrode.points}
    shared = [known[p.temperature_c] / p.value for p in own.points if p.temperature_c in known]
    return bool(shared) and max(shared) < _SHARE
