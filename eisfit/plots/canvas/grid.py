"""Panels of equal axes side by side: one for each spectrum."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas.curves import Curve, Curves, Result, condition_text, curves
from eisfit.plots.canvas.style import em, settle

Panel: TypeAlias = Callable[[Axes, Curve, Curves, int], None]

MOST_PANELS = 24  # as many panels as fit on a page
PANEL_EM = 16.0  # least width of a panel with its labels
_AROUND_EM = (5.0, 4.9)  # width and height of the labels of a panel


def grid(figure: Figure, result: Result, draw: Panel, extra_em: float = 0) -> list[Axes]:
    """Draw each curve on a panel of its own, all of one shape, and give the figure its height.

    Of more curves than a page holds some are drawn, evenly spread, and the figure says so.

    Parameters
    ----------
    figure : Figure
        Empty.
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw.
    draw : callable
        Draws one curve on its axes and sets limits and equal axes; gets the index of the curve too.
    extra_em : float
        Further height, such as for a legend.
    """
    shown = curves(result)
    chosen = spread(len(shown.curves), MOST_PANELS)
    n = len(chosen)
    if n < len(shown.curves):
        figure.supxlabel(f"{n} of {len(shown.curves)} spectra", fontsize=72 * em())
    wide = figure.get_figwidth() / em()
    columns = min(n, max(1, int(wide // (PANEL_EM - 1e-6))))
    rows = -(-n // columns)
    axes = [settle(figure.add_subplot(rows, columns, k + 1)) for k in range(n)]
    for k, ax in zip(chosen, axes, strict=True):
        curve = shown.curves[k]
        draw(ax, curve, shown, k)
        ax.set_title(condition_text(curve, shown.over), pad=0.35 * 72 * em(), fontsize=72 * em())
    ratio = _one_shape(axes)
    width = wide / columns - _AROUND_EM[0]
    figure.set_figheight((rows * (width * ratio + _AROUND_EM[1]) + extra_em) * em())
    return axes


def spread(n: int, most: int) -> list[int]:
    """Return all indices of n things, or as many as allowed, evenly spread from the first to the last."""
    return sorted({round(k) for k in np.linspace(0, n - 1, min(n, most))})


def _one_shape(axes: list[Axes]) -> float:
    """Raise the upper limits so that all panels have the shape of the highest; return height by width."""
    spans = [(ax.get_xlim(), ax.get_ylim()) for ax in axes]
    ratio = max((y1 - y0) / (x1 - x0) for (x0, x1), (y0, y1) in spans)
    for ax, ((x0, x1), (y0, _)) in zip(axes, spans, strict=True):
        ax.set_ylim(y0, y0 + ratio * (x1 - x0))
        ax.locator_params(axis="both", nbins=4, steps=[1, 2, 2.5, 5, 10])
    return ratio
