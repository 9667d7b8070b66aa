"""Whether the interface is small enough for space charge."""

from __future__ import annotations

import math
from collections.abc import Sequence

from eisfit.diagnosis.answer import TWIN, Answer, p_text, unknown
from eisfit.diagnosis.tracks import Track
from eisfit.diagnosis.trend import two_sided
from eisfit.polarisation import DcAnswer
from eisfit.results.series import Series
from eisfit.solids.depletion import CALCULATED_OHM_CM2
from eisfit.tools.rounding import with_error

TOO_LARGE, SMALL, NOT_SEEN = "too large", "small enough", "no interface is seen"
_ROOM_C = 25.0
_BOUND = "space charge between solids is calculated to be below 1 ohm cm2"


def magnitude(
    tracks: Sequence[Track], joint: Sequence[Track], results: Sequence[Series], dc: Sequence[DcAnswer]
) -> Answer:
    """Answer whether space charge could be all of the interface, at the temperature nearest to 25 °C."""
    pure = [t for t in (*tracks, *joint) if t.pure]
    chosen = [t for t in pure if t.whole] or pure
    by_area = [t for t in chosen if t.per_area and t.points]
    if not by_area:
        found = _of_dc(dc)
        if found is not None:
            return found
        if not pure and (limit := _limit(results)) is not None:
            text = f"below {limit:.2g} ohm cm2 (95 %) by the spectrum that tells most; none shows it"
            return Answer("space charge", NOT_SEEN, text, "interface", test="upper limit")
        held = next((t.name for t in tracks if t.holds_interface), "")
        why = f"{held} is a sum" if held and not pure else "the area is not known" if pure else ""
        return unknown(
            "space charge",
            why,
            TWIN if not pure and any("electrode" in t.roles for t in tracks if t.holds_interface) else "",
        )
    track = by_area[0]
    point = min(
        track.points,
        key=lambda p: abs(p.temperature_c - _ROOM_C) if p.temperature_c == p.temperature_c else 0,
    )
    at = f" at {point.temperature_c:g} °C" if math.isfinite(point.temperature_c) else ""
    return _answer(track.name, point.value, point.value * point.error, at)


def _answer(name: str, value: float, error: float, at: str) -> Answer:
    p = two_sided((value - CALCULATED_OHM_CM2) / error) if error > 0 else math.nan
    word = TOO_LARGE if value - 3.29 * error > CALCULATED_OHM_CM2 else SMALL
    text = f"{with_error(value, error, 'ohm cm2')}{at}; {_BOUND} ({p_text(p)})"
    return Answer("space charge", word, text, name, value, error, "ohm cm2", "against 1 ohm cm2", p)


def _of_dc(dc: Sequence[DcAnswer]) -> Answer | None:
    fits = [each.fit for each in dc if each.fit is not None]
    if not fits:
        return None
    value, error = fits[0].r_p_ohm_cm2
    return _answer("interface", value, error, f" at {fits[0].curve.temperature_c:g} °C")


def _limit(results: Sequence[Series]) -> float | None:
    """Return the smallest upper limit of an interface that no spectrum shows; by joint fits where there are some."""
    limits, seen = [], False
    for series in results:
        for k, fit in enumerate(series.fits):
            rows = fit.contributions
            if series.joint is not None and series.joint.rows:
                rows = series.joint.rows[k]
            for row in rows:
                if row.role != "interface":
                    continue
                area = fit.spectrum.conditions.area_cm2
                if row.resolved == "upper limit" and area is not None and row.count:
                    limits.append(row.limit_ohm * area / row.count)
                else:
                    seen = True
    return min(limits) if limits and not seen else None
