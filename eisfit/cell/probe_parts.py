"""Whether the parts of a layer that several pairs of probes see can be compared."""

from __future__ import annotations

from collections.abc import Sequence

from eisfit.cell.probes import Stretch, stretches
from eisfit.cell.templates import Template
from eisfit.errors import SeriesError
from eisfit.spectrum.conditions import Conditions


def check_parts(views: Sequence[Template], conditions: Sequence[Conditions]) -> None:
    """Raise SeriesError where pairs see different parts of a layer beside the solid whose lengths are not known.

    Parameters
    ----------
    views : sequence of Template
        What each pair sees.
    conditions : sequence of Conditions
        Of one spectrum of each.
    """
    seen: dict[tuple[str, ...], tuple[str, Stretch]] = {}
    for view, known in zip(views, conditions, strict=True):
        configuration = view.configuration
        if not configuration.pair:
            continue
        low, high = configuration.pair.split("-")
        for part in stretches(configuration, view.segments, (low, high), known)[1]:
            pair, first = seen.setdefault(part.segments, (configuration.pair, part))
            if (first.low, first.high) == (part.low, part.high):
                continue
            if part.whole_cm == part.whole_cm and part.length_cm == part.length_cm:
                continue
            body = [name for name, segments in configuration.probes if segments == part.segments]
            lost = [name for name in body if name not in known.probes_cm]
            raise SeriesError(
                f"pairs {pair} and {configuration.pair} see different parts of {' and '.join(part.segments)}, and "
                f"where {' and '.join(lost)} stand is not known; write probes_cm = {{ {lost[0]} = ... }}, in cm from "
                "the left face of the solid, or leave one of the pairs out"
            )
