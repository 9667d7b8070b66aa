"""What is said of a series that has no line over temperature."""

from __future__ import annotations

from collections.abc import Sequence

from eisfit.laws.hysteresis import EQUAL_WITHIN
from eisfit.results.fit import Fit
from eisfit.results.series import Series


def why_no_line(result: Series | Sequence[Fit]) -> str:
    """Return why a series over temperature has no activation energy; empty where it has one, or is none."""
    if not isinstance(result, Series) or result.condition != "temperature_c" or result.lines():
        return ""
    known = [t for f in result if (t := f.spectrum.conditions.temperature_c) is not None]
    if not known:
        return ""
    if max(known) - min(known) <= EQUAL_WITHIN:
        what = "one spectrum" if len(known) == 1 else f"{len(known)} spectra"
        return (
            f"{what} at one temperature ({known[0]:g} °C): there is no activation energy, which needs spectra at two "
            "temperatures at least, at four for a useful interval"
        )
    return (
        "no contribution has a value at two temperatures, so there is no activation energy; see the column 'known' "
        "for the reasons"
    )
