"""The Bode plot: modulus and phase over frequency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Result
from eisfit.plots.canvas.panels import View, draw_views, paint_views, rows_of
from eisfit.plots.kind import Kind
from eisfit.tools.frozen import Complexes, Floats
from eisfit.tools.keywords import known_keywords


def _minus_phase(z: Complexes) -> Floats:
    degrees: Floats = -np.angle(z, deg=True)
    return degrees


VIEWS = (
    View("|$Z$| / Ω", "z_modulus_ohm", np.abs, logarithmic=True),
    View("−$φ$ / °", "minus_phase_deg", _minus_phase, steps=(1, 1.5, 3, 10)),
)


@known_keywords
def bode(result: Result, *, axes: Sequence[Axes] | None = None) -> Figure:
    """Draw modulus and phase over frequency.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw.
    axes : sequence of two Axes, optional
        For modulus and phase; on a new figure of one column if not given.

    Returns
    -------
    Figure
        The data are in ohm and degrees; the phase carries a minus sign, as capacitive phases are negative.
    """
    return draw_views(result, VIEWS, axes)


def paint(figure: Figure, result: Result, choice: Choice = BY_DEFAULT) -> list[Axes]:
    """Draw on a whole figure."""
    return paint_views(figure, result, VIEWS, choice)


def data(result: Result, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers."""
    return rows_of(result, VIEWS, choice)


KIND = Kind("modulus and phase over frequency", paint, data, frozenset({"labels", "xlim", "ylim"}))
