"""Real and imaginary part over frequency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Result
from eisfit.plots.canvas.panels import View, draw_views, paint_views, rows_of
from eisfit.plots.kind import Kind
from eisfit.tools.keywords import known_keywords

VIEWS = (
    View("$Z$′ / Ω", "z_real_ohm", lambda z: z.real, logarithmic=True),
    View("−$Z$″ / Ω", "minus_z_imag_ohm", lambda z: -z.imag, logarithmic=True, noisy=True),
)


@known_keywords
def real_imaginary(result: Result, *, axes: Sequence[Axes] | None = None) -> Figure:
    """Draw real and negative imaginary part over frequency.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw.
    axes : sequence of two Axes, optional
        For the real and the imaginary part; on a new figure of one column if not given.

    Returns
    -------
    Figure
        Both axes are logarithmic. Points that are not positive have no place on them, and the lower one shows four
        decades of each spectrum, and below them what is more than 3 % of the modulus: the rest may be noise. A line
        below says how many points are not shown.
    """
    return draw_views(result, VIEWS, axes)


def paint(figure: Figure, result: Result, choice: Choice = BY_DEFAULT) -> list[Axes]:
    """Draw on a whole figure."""
    return paint_views(figure, result, VIEWS, choice)


def data(result: Result, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers."""
    return rows_of(result, VIEWS, choice)


KIND = Kind("real and imaginary part over frequency", paint, data, frozenset({"labels", "xlim", "ylim"}))
