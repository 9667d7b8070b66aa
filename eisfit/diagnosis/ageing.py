"""Chemical instability: whether a contribution drifts in time, and whether it thickens or closes its pores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from eisfit.diagnosis.answer import DOES_NOT_APPLY, SEEN, Answer, p_text, unknown
from eisfit.diagnosis.tracks import Point, Track, columns, group_over
from eisfit.diagnosis.trend import constant_probability, monotonic, rise
from eisfit.errors import InputError
from eisfit.results.series import Series
from eisfit.solids.thickening import CONSTANT, NEITHER, RISES, thickening_test
from eisfit.tools.rounding import with_error

__all__ = ["CONSTANT", "DRIFTS", "NEITHER", "RISES", "STEADY", "Ageing", "ageing"]
FEWEST = 3  # times from which on a drift is tested
FEWEST_TO_NAME = 4
_SMALLEST = 0.03  # change of ln R that counts as a drift
_SHARE = 0.2  # of the drift, that another contribution may drift if the area of the contact is to be the same
_INTERFACIAL_F = 1e-7  # capacitance of an arc that is no grain boundary, for areas of the order of 1 cm2
DRIFTS, STEADY = "drifts", "no drift"


@dataclass(frozen=True)
class Ageing:
    """What is known of the drift of one cell.

    Parameters
    ----------
    drift, thickness : Answer
        To the first two questions.
    track : Track or None
        What drifts, at the times at which it was tested.
    upwards : bool
        Whether its resistance rises throughout.
    area_kept : bool
        Whether another part of the interface stays, so that the contact has not lost area.
    """

    drift: Answer
    thickness: Answer
    track: Track | None = None
    upwards: bool = False
    area_kept: bool = False


def ageing(tracks: Sequence[Track], results: Sequence[Series]) -> Ageing:
    """Answer the questions of drift; values at equal conditions but the time are compared."""
    looked_at = [t for t in tracks if t.holds_interface or (not t.roles and t.has_arc)]
    tested = [
        (t, found) for track in looked_at if (found := _tested(t := track.at(_times(track)))) is not None
    ]
    if not tested:
        return Ageing(_returned(results) or unknown("drift", _how_many(looked_at)), unknown("thickness"))
    track, (p, change, error) = min(tested, key=lambda each: (each[1][0], -abs(each[1][1])))
    p = min(1.0, p * len(tested))
    first, last = track.points[0], track.points[-1]
    evidence = (
        f"{first.value:.4g} {track.unit} at {first.time_h:g} h, {last.value:.4g} at {last.time_h:g} h "
        f"({len(track.points)} times, {p_text(p)})"
    )
    drifts = p < SEEN and abs(change) > max(_SMALLEST, 3.29 * error)
    answer = Answer(
        "drift",
        DRIFTS if drifts else STEADY,
        evidence,
        track.name,
        change,
        error,
        "ln R, end less begin",
        "chi-square against one value",
        p,
    )
    if not drifts:
        return Ageing(answer, Answer("thickness", DOES_NOT_APPLY, "nothing drifts"))
    upwards = change > 0 and monotonic(*columns(track.points), 1.0)
    return Ageing(answer, _thickness(track), track, upwards, _others_stay(track, tracks, abs(change)))


def _times(track: Track) -> tuple[Point, ...]:
    return group_over("time_h", track.points)


def _how_many(tracks: Sequence[Track]) -> str:
    most = max((len({p.time_h for p in _times(t)}) for t in tracks), default=0)
    return f"{most} times at otherwise equal conditions" if most else ""


def _tested(track: Track) -> tuple[float, float, float] | None:
    if len({p.time_h for p in track.points}) < FEWEST:
        return None
    y, sigma = columns(track.points)
    return (constant_probability(y, sigma), *rise(y, sigma))


def _thickness(track: Track) -> Answer:
    """Return how R C goes with R: not at all for a layer that thickens, as R itself for pores that close."""
    points = [p for p in track.points if math.isfinite(p.product_s) and math.isfinite(p.product_stderr_log)]
    if len(points) < FEWEST:
        return unknown("thickness", f"{len(points)} times with a capacitance")
    try:
        test = thickening_test(
            [p.value for p in points], [p.product_s for p in points], [p.product_error for p in points]
        )
    except InputError as fault:
        return unknown("thickness", str(fault))
    evidence = (
        f"R C goes as R to the power {with_error(test.power, test.stderr)} ({p_text(test.p_value)}); "
        "0 thickens, 1 closes its pores"
    )
    return Answer(
        "thickness",
        test.word,
        evidence,
        track.name,
        test.power,
        test.stderr,
        "1",
        "weighted line",
        test.p_value,
    )


def _others_stay(track: Track, tracks: Sequence[Track], change: float) -> bool:
    """Whether another arc of the interface stays, which a smaller area of contact would not allow.

    Of a circuit without roles an arc counts as one of the interface by its capacitance.
    """
    times = {p.time_h for p in track.points}
    for other in tracks:
        if other.name == track.name or not (_is_part(other) if track.roles else _is_interfacial(other)):
            continue
        points = [p for p in _times(other) if p.time_h in times]
        if len(points) >= FEWEST and abs(rise(*columns(points))[0]) < _SHARE * change:
            return True
    return False


def _is_part(track: Track) -> bool:
    return track.pure and not track.whole


def _is_interfacial(track: Track) -> bool:
    return track.has_arc and min(p.capacitance_f for p in track.points) > _INTERFACIAL_F


def _returned(results: Sequence[Series]) -> Answer | None:
    """Return whether repeated temperatures agree, where a series went over them more than once."""
    for series in results:
        for line, default in series.lines():
            test = line.checks.hysteresis
            holds = set(line.role.split(" + ")) & {"interface", "interphase", "charge_transfer"}
            if not default or not holds or not math.isfinite(test.p):
                continue
            return Answer(
                "drift",
                DRIFTS if test.differs else STEADY,
                f"{test.kind} over temperature {'differ' if test.differs else 'agree'} ({p_text(test.p)})",
                line.contribution,
                test="hysteresis",
                p_value=test.p,
            )
    return None
