"""Residuals in percent of |Z| over frequency, with the band of the noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from eisfit.errors import InputError
from eisfit.plots.canvas.axes import colour_bar
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import (
    Curve,
    Curves,
    Result,
    as_drawn,
    condition_label,
    condition_text,
    curves,
)
from eisfit.plots.canvas.legends import Entry, legend_on_top, root
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.panels import limited, over_frequency
from eisfit.plots.canvas.style import GREY, PALETTE, blank, em, ink, page_em, set_height, settle, styled
from eisfit.plots.kind import Kind
from eisfit.results.outcome import Outcome
from eisfit.tools.frozen import Floats
from eisfit.tools.keywords import known_keywords
from eisfit.tools.statistics import NORMAL_95

LABELS = ("Δ$Z$′ / |$Z$| / %", "Δ$Z$″ / |$Z$| / %")
MOST_STRIPS, WORST = 10, 6
WARNING = PALETTE["raspberry"]
_STRIP_EM, _OVERVIEW_EM = 5.4, 9.0  # heights
_AROUND_EM, _AROUND_BOTH_EM = 5.5, 9.0  # titles of axes without and with the overview
_FEWEST = 3  # strips below an overview; on a slide, which has no room for so many, there are strips alone
_FEW_EM = 15.0  # least height of all strips
_BAND = 0.3  # opacity
_ROOM = 1.15


@known_keywords
def residuals(result: Result, *, axes: Sequence[Axes] | None = None) -> Figure:
    """Draw (measured - model) / |measured| of the real and of the imaginary part.

    Parameters
    ----------
    result : Fit, Series, or an iterable of them
        What to draw; fits that failed are left out.
    axes : sequence of two Axes, optional
        For the real and the imaginary part; on a new figure of one column if not given.

    Returns
    -------
    Figure
        A strip for each of up to ten spectra (on a slide the worst four); of more, the root mean square of all and
        strips of the six that exceed their noise most. The grey band holds 95 % of noise as large as the scatter of
        neighbouring points.

    Raises
    ------
    InputError
        If there is no fit that has a model.
    """
    if axes is None:
        with styled("paper"):
            figure = blank()
            paint(figure, result)
            return figure
    _draw(list(axes), _fitted(result))
    return root(axes[0])


def paint(figure: Figure, result: Result, choice: Choice = BY_DEFAULT) -> list[Axes]:
    """Draw on a whole figure: a strip for each spectrum; of many the root mean squares, and the worst in strips."""
    shown = _fitted(result, choice)
    n = len(shown.curves)
    above_em = legend_on_top(figure, _handles())
    room = page_em() - above_em
    strips = max(1, int((room - _AROUND_EM) / _STRIP_EM))
    below = min(WORST, int((room - _OVERVIEW_EM - _AROUND_BOTH_EM) / _STRIP_EM))
    worst = sorted(range(n), key=lambda k: -_excess(shown.curves[k]))
    if n > min(MOST_STRIPS, strips) and below >= _FEWEST:
        return _with_overview(figure, shown, sorted(worst[:below]), choice, above_em)
    chosen = sorted(worst[:strips])
    strip = max(_STRIP_EM, _FEW_EM / len(chosen))
    set_height(figure, strip * len(chosen) + _AROUND_EM + above_em)
    found = [settle(ax) for ax in figure.subplots(len(chosen), 1, sharex=True, squeeze=False)[:, 0]]
    _strips(figure, found, shown, chosen)
    if len(chosen) < n:
        found[-1].set_xlabel(f"{found[-1].get_xlabel()}\nthe {len(chosen)} worst of {n} spectra")
    return limited(found, choice)


def _with_overview(
    figure: Figure, shown: Curves, worst: Sequence[int], choice: Choice, above_em: float
) -> list[Axes]:
    """Draw the root mean squares of all spectra, and the worst in strips."""
    n = len(worst)
    set_height(figure, _STRIP_EM * n + _OVERVIEW_EM + _AROUND_BOTH_EM + above_em)
    whole = figure.add_gridspec(2, 1, height_ratios=[_OVERVIEW_EM + 3.0, _STRIP_EM * n])
    above = settle(figure.add_subplot(whole[0]))
    below = whole[1].subgridspec(n, 1)
    first = figure.add_subplot(below[0])
    rest = [figure.add_subplot(below[k], sharex=first) for k in range(1, n)]
    for ax in [first, *rest[:-1]]:
        ax.tick_params(labelbottom=False)
    _overview(above, shown, worst)
    strips = _strips(figure, [settle(ax) for ax in (first, *rest)], shown, worst)
    for ax in strips[:-1]:
        ax.tick_params(labelbottom=False)
    return [above, *limited(strips, choice)]


def _handles() -> list[Entry]:
    size = 0.45 * 72 * em()
    return [
        Line2D([], [], color=ink(), marker="o", markersize=size, linestyle="none", label="real"),
        Line2D(
            [],
            [],
            color=ink(),
            marker="o",
            markersize=size,
            markerfacecolor="none",
            linestyle="none",
            label="imaginary part",
        ),
        Patch(facecolor=(GREY, _BAND), label="95 % of the noise"),
    ]


def _rms_and_noise(curve: Curve) -> tuple[float, float]:
    assert curve.fit is not None
    if curve.fit.statistics is None:
        return float("nan"), float("nan")
    return curve.fit.statistics.rms_percent, curve.fit.statistics.noise_percent


def _excess(curve: Curve) -> float:
    """Return how many times the noise the residuals are; themselves where it is not known."""
    rms, noise = _rms_and_noise(curve)
    return rms / noise if noise > 0 else rms


def _strips(figure: Figure, axes: list[Axes], shown: Curves, places: Sequence[int]) -> list[Axes]:
    """Draw the residuals of some curves, each on axes of its own with its name and its root mean square above."""
    size = 72 * em()
    colours = shown.colours
    for ax, k in zip(axes, places, strict=True):
        curve = shown.curves[k]
        assert curve.fit is not None
        largest = max(_curve(ax, curve, colours[k], part, crowd=1) for part in (0, 1))
        _, noise = _rms_and_noise(curve)
        largest = max(largest, 3 * noise) if noise > 0 else largest
        ax.axhline(0, color=ink(), linewidth=0.07 * size, zorder=1.9)
        ax.set_ylim(-_ROOM * largest, _ROOM * largest)
        ax.locator_params(axis="y", nbins=3, steps=[1, 2, 5, 10])
        cell = f"{as_drawn(shown.cells[curve.cell])}, " if shown.cells else ""
        ax.set_title(cell + condition_text(curve, shown.over), loc="left", pad=0.25 * size, fontsize=size)
        colour = WARNING if curve.fit.missed else ink()
        ax.set_title(_said(curve), loc="right", pad=0.25 * size, fontsize=size, color=colour)
    over_frequency(axes)
    figure.supylabel("(measured − fit) / |$Z$| / %")
    return axes


def _said(curve: Curve) -> str:
    assert curve.fit is not None
    rms, noise = _rms_and_noise(curve)
    beside = f", noise {noise:.2g} %" if noise > 0 else ""
    return f"{'misfit: ' if curve.fit.missed else ''}rms {rms:.2g} %{beside}"


def _overview(ax: Axes, shown: Curves, worst: Sequence[int]) -> None:
    """Draw the root mean square of all residuals over the condition, those that are shown below filled."""
    values = [_rms_and_noise(curve) for curve in shown.curves]
    x = [float(k + 1 if c.condition is None else c.condition) for k, c in enumerate(shown.curves)]
    ax.set_yscale("log")
    log_ticks(ax.yaxis)
    for k, (rms, _) in enumerate(values):
        fit = shown.curves[k].fit
        colour = WARNING if fit is not None and fit.missed else shown.colours[k]
        face = colour if k in worst else "none"
        ax.plot(x[k], rms, "o", color=colour, markerfacecolor=face, markersize=0.45 * 72 * em(), gid="rms")
    ax.plot(x, [noise for _, noise in values], "_", color=GREY, markersize=0.6 * 72 * em(), gid="noise")
    ax.set_ylabel("rms / %")
    known = all(c.condition is not None for c in shown.curves)
    ax.set_xlabel(condition_label(shown.over) if known else "number of the spectrum")
    ax.margins(x=0.03, y=0.15)
    ax.set_title(
        f"{len(values)} spectra; filled: the {len(worst)} worst, below; dashes: noise",
        loc="left",
        pad=0.3 * 72 * em(),
        fontsize=72 * em(),
    )


def _fitted(result: Result, choice: Choice = BY_DEFAULT) -> Curves:
    """Return the curves that have a model."""
    shown = curves(result, choice.labels or None)
    kept = tuple(c for c in shown.curves if c.fit is not None and c.fit.outcome is not Outcome.FAILED)
    if not kept:
        raise InputError("there are no residuals to draw: nothing was fitted; give a Fit or a Series")
    return Curves(kept, shown.over, shown.cells)


def _draw(axes: list[Axes], shown: Curves) -> list[Axes]:
    if len(axes) != 2:
        raise InputError(f"{len(axes)} axes were given for 2 panels: give one for each")
    for ax, label, part in zip(axes, LABELS, (0, 1), strict=True):
        largest = 0.0
        for curve, colour in zip(shown.curves, shown.colours, strict=True):
            largest = max(largest, _curve(ax, curve, colour, part, crowd=len(shown.curves)))
        ax.axhline(0, color=ink(), linewidth=0.07 * 72 * em(), zorder=1.9)
        ax.set_ylim(-_ROOM * largest, _ROOM * largest)
        ax.set_ylabel(label)
    over_frequency(axes)
    colour_bar(axes[0], shown, beside=axes)
    return axes


def _curve(ax: Axes, curve: Curve, colour: Any, part: int, crowd: int) -> float:
    """Draw the residuals of one part; return the largest of the points used and of the band."""
    fit = curve.fit
    assert fit is not None
    f, used = curve.spectrum.frequency_hz, curve.spectrum.used
    y: Floats = fit.residual_percent.imag if part else fit.residual_percent.real
    noise = NORMAL_95 * (fit.statistics.noise_percent if fit.statistics else np.nan)
    if np.isfinite(noise):
        window, raised_from_zero = [f[used].min(), f[used].max()], _BAND / 2 if crowd == 1 else _BAND / crowd
        ax.fill_between(window, -noise, noise, color=GREY, alpha=raised_from_zero, linewidth=0, gid="noise")
    size, line = (0.3, 0.06) if crowd == 1 else (0.2, 0.04)
    ax.plot(
        f[used],
        y[used],
        "o-" if crowd > 1 else "o",
        color=colour,
        markerfacecolor="none" if part and crowd == 1 else colour,
        markersize=size * 72 * em(),
        linewidth=line * 72 * em(),
        gid="points",
        label=as_drawn(curve.label),
    )
    ax.plot(f[~used], y[~used], "x", color=GREY, markersize=0.4 * 72 * em(), gid="masked")
    return float(np.nanmax([*np.abs(y[used]), noise if np.isfinite(noise) else 0.0]))


def data(result: Result, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers."""
    shown = _fitted(result, choice)
    rows = []
    for curve in shown.curves:
        assert curve.fit is not None
        s, residual = curve.spectrum, curve.fit.residual_percent
        noise = curve.fit.statistics.noise_percent if curve.fit.statistics else float("nan")
        for k in range(len(s)):
            rows.append(
                {
                    **({"cell": shown.cells[curve.cell]} if shown.cells else {}),
                    "spectrum": curve.label,
                    shown.over: curve.condition,
                    "kind": "masked" if s.mask[k] else "used",
                    "frequency_hz": float(s.frequency_hz[k]),
                    "residual_real_percent": float(residual[k].real),
                    "residual_imag_percent": float(residual[k].imag),
                    "noise_band_percent": NORMAL_95 * noise,
                }
            )
    return rows


KIND = Kind("residuals in percent of |Z|", paint, data, frozenset({"labels", "xlim", "ylim"}))
