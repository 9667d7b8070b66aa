"""The growth of layers in a series over time, from resistance and top frequency of their arcs."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from eisfit.diagnosis.tracks import Track, group_over, tracks_of
from eisfit.errors import InputError
from eisfit.results.series import Series
from eisfit.solids import LayerGrowth, layer_growth

Grower: TypeAlias = Callable[[float | None, float], LayerGrowth]  # of a permittivity and its standard error


def layers_of_series(series: Series, where: Path, *, every: bool = False) -> dict[str, Grower]:
    """Return what tells the growth of each layer of a series.

    Parameters
    ----------
    series : Series
        Over time.
    where : Path
        Its file, for messages.
    every : bool
        Whether arcs that are no interface count too.

    Raises
    ------
    InputError
        If there is no arc with a capacitance.
    """
    tracks = [t for t in tracks_of([series]) if t.has_arc and (every or t.holds_interface or not t.roles)]
    if not tracks:
        raise InputError(f"{where}: no contribution of an interface is an arc with a capacitance")
    return {track.name: _grower(track) for track in tracks}


def _grower(track: Track) -> Grower:
    def grown(permittivity: float | None, permittivity_stderr: float) -> LayerGrowth:
        points = [p for p in group_over("time_h", track.points) if math.isfinite(p.product_s)]
        if not points:
            raise InputError("no spectrum with a capacitance knows its time_h: give it in the manifest")
        if permittivity is not None and not track.per_area:
            raise InputError(
                "no area-specific values, so no thickness: give area_cm2 and a template, or leave --permittivity out "
                "for R C alone"
            )
        return layer_growth(
            [p.time_h for p in points],
            [p.value for p in points],
            [p.product_s / p.value for p in points],
            asr_stderr_log=[p.error for p in points],
            capacitance_stderr_log=[math.hypot(p.error, p.product_error) for p in points],
            product_stderr_log=[p.product_error for p in points],
            permittivity=permittivity,
            permittivity_stderr=permittivity_stderr,
        )

    return grown
