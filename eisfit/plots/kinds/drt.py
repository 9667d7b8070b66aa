"""The distribution of relaxation times: beside the spectrum in the complex plane, or of a series as a waterfall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.errors import InputError
from eisfit.plots.canvas.cells import cells_of
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Result, as_drawn, curves
from eisfit.plots.canvas.legends import note_below
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.panels import limited
from eisfit.plots.canvas.plane import draw
from eisfit.plots.canvas.style import GREY, PALETTE, blank, em, set_height, settle, styled
from eisfit.plots.canvas.units import prefix, scaled
from eisfit.plots.kind import Kind
from eisfit.plots.kinds.waterfall import HEADROOM, TAIL, TAIL_SAID, height, parts, waterfall, window
from eisfit.relaxations.distribution import DepressedArc, Distribution
from eisfit.relaxations.over_series import DistributionSeries, as_series, drt_series
from eisfit.relaxations.track_lines import basin_edges
from eisfit.results.series import Series
from eisfit.tools.frozen import Complexes, Floats
from eisfit.tools.keywords import known_keywords

Drawn: TypeAlias = Distribution | DistributionSeries | Result

TAU = "$τ$ / s"
TAKES = frozenset({"xlim", "ylim"})  # of a `Choice`
MOST_DRAWN = 40  # distributions of a waterfall
_HEIGHT_EM = 17.0  # of a distribution, and of the complex plane at its flattest
_STEP_EM = 1.6  # between two distributions of a waterfall
_MOST_CELLS = 6  # whose waterfalls stand below each other on a page


@known_keywords
def drt(result: Drawn, *, ax: Axes | None = None) -> Axes:
    r"""Draw the distribution of relaxation times :math:`\gamma(\ln\tau)` of a spectrum, or of several as a waterfall.

    Parameters
    ----------
    result : Distribution, DistributionSeries, Spectrum, Fit, Series, or an iterable of the last three
        What to draw; of spectra the distributions are found first.
    ax : Axes, optional
        Where; on a new figure of one column if not given, with the spectrum above it if there is one only.

    Returns
    -------
    Axes
        Of the distribution. Peaks that do not stand above their error are open. In a waterfall each distribution is
        drawn relative to its own highest peak, above that before it; of several series each cell has a waterfall. What
        rises to the end of the window is dotted and grey: a tail, no process with a time constant.

    Raises
    ------
    InputError
        If no spectrum has a distribution; the message gives the reason of the first.
    """
    if ax is not None:
        return _draw(ax, _found(result))
    with styled("paper"):
        return _paint(blank(), result)


def _found(result: Drawn) -> DistributionSeries:
    """Return distributions in the order of their condition."""
    if isinstance(result, Distribution):
        return as_series(result)
    if isinstance(result, Series) and result.relaxations is not None:
        result = result.relaxations
    if not isinstance(result, DistributionSeries):
        shown = curves(result).thinned(MOST_DRAWN)
        result = drt_series([c.spectrum for c in shown.curves], over=shown.over)
    if not result.distributions:
        label, reason = result.refused[0]
        raise InputError(f"there is nothing to draw: {label}: {reason}")
    return result


def _paint(figure: Figure, result: Drawn, choice: Choice = BY_DEFAULT) -> Axes:
    cells = _cells(result)
    if len(cells) > 1:
        return _several(figure, cells, choice)
    found = _found(result)
    if len(found.distributions) > 1:
        set_height(figure, _HEIGHT_EM + _STEP_EM * len(found.distributions))
        ax = settle(figure.subplots())
    else:
        set_height(figure, 2 * _HEIGHT_EM)
        plane, ax = figure.subplots(2, 1)
        spectrum_of(found.distributions[0], settle(plane))
    _draw(settle(ax), found)
    note_below(ax, _note(result, found))
    return limited([ax], choice)[0]


def _cells(result: Drawn) -> dict[str, Drawn]:
    """Return what is to be drawn of each cell by its name; all under an empty name where there is one."""
    if isinstance(result, Distribution | DistributionSeries):
        return {"": result}
    names, items = cells_of(result, None)
    return dict(zip(names, items, strict=True)) if names else {"": result if len(items) != 1 else items[0]}


def _several(figure: Figure, cells: Mapping[str, Drawn], choice: Choice) -> Axes:
    """Draw the distributions of several cells below each other over one axis: their peaks are not the same."""
    if len(cells) > _MOST_CELLS:
        raise InputError(
            f"the distributions of {len(cells)} cells do not fit on a page: draw at most {_MOST_CELLS} together"
        )
    found = {name: _found(result) for name, result in cells.items()}
    set_height(figure, sum(_HEIGHT_EM + _STEP_EM * len(each.distributions) for each in found.values()))
    axes = [settle(ax) for ax in figure.subplots(len(cells), 1, sharex=True, squeeze=False)[:, 0]]
    windows: list[tuple[float, float]] = []
    notes: dict[str, None] = {}
    for ax, (name, each) in zip(axes, found.items(), strict=True):
        _draw(ax, each)
        windows.append(ax.get_xlim())
        ax.set_title(as_drawn(name), fontsize=72 * em(), loc="left")
        tails = any(line.get_gid() == "tail" for line in ax.lines)
        few = _note(cells[name], each)
        notes |= dict.fromkeys([TAIL_SAID if tails else "", f"{as_drawn(name)}: {few}" if few else ""])
        ax.set_xlabel("")
    axes[-1].set_xlabel(TAU)
    note_below(axes[-1], *notes)
    axes[0].set_xlim(min(low for low, _ in windows), max(high for _, high in windows))
    return limited(axes, choice)[0]


def _note(result: Drawn, found: DistributionSeries) -> str:
    """Return how many spectra of a result have no distribution in the figure, and empty if all have."""
    if isinstance(result, Distribution):
        return ""
    drawn = len(found.distributions)
    if isinstance(result, DistributionSeries) or (
        isinstance(result, Series) and result.relaxations is not None
    ):
        all_ = drawn + len(found.refused)
    else:
        all_ = len(curves(result).curves)
    return f"{drawn} of {all_} spectra" if drawn < all_ else ""


def _draw(ax: Axes, found: DistributionSeries) -> Axes:
    ax.set_xscale("log")
    log_ticks(ax.xaxis)
    ax.set_xlabel(TAU)
    (_one if len(found.distributions) == 1 else waterfall)(ax, found)
    return ax


def _colours(found: Distribution) -> list[str]:
    palette = list(PALETTE.values())
    return [palette[k % len(palette)] for k in range(len(found.peaks))]


def spectrum_of(found: Distribution, ax: Axes) -> None:
    """Draw the spectrum; its points have the colour of the peak that they belong to."""
    s = found.spectrum
    draw(ax, curves(s), colours=[GREY], bar=False)
    tau = 1 / (2 * np.pi * s.frequency_hz)
    edges = basin_edges(found)
    for colour, z in _semicircles(found):
        ax.plot(
            z.real, -z.imag, "-", color=colour, linewidth=rcParams["axes.linewidth"], gid="arc", zorder=1.9
        )
    for k, (colour, peak) in enumerate(zip(_colours(found), found.peaks, strict=True)):
        mine = s.used & (tau > edges[k]) & (tau <= edges[k + 1])
        ax.plot(
            s.z_ohm[mine].real,
            -s.z_ohm[mine].imag,
            "o",
            color=colour,
            markerfacecolor=colour if peak.stands else "none",
            gid="peak",
            zorder=2.4,
        )


def _arc_colours(found: Distribution) -> list[str]:
    """Return the colour of the peak that each arc lies under; grey where it lies under none."""
    edges, colours = basin_edges(found), _colours(found)
    under = [int(np.searchsorted(edges, arc.tau_s)) - 1 for arc in found.arcs]
    return [colours[k] if 0 <= k < len(colours) else GREY for k in under]


def _semicircles(found: Distribution) -> list[tuple[str, Complexes]]:
    """Return the depressed arcs one after the other, from where the shortest of them begins, in ohm."""
    if not found.arcs:
        return []
    s = found.spectrum
    near = np.flatnonzero(s.used)[
        np.argmin(np.abs(np.log(s.frequency_hz[s.used] / found.arcs[0].frequency_hz)))
    ]
    at = 2 * np.pi * s.frequency_hz[near]
    left = s.z_ohm[near].real - sum(_impedance(arc, np.array([at * arc.tau_s]))[0].real for arc in found.arcs)
    drawn = []
    for arc, colour in zip(found.arcs, _arc_colours(found), strict=True):
        drawn.append((colour, left + _impedance(arc, np.logspace(-6, 6, 241))))
        left += arc.resistance_ohm
    return drawn


def _impedance(arc: DepressedArc, omega_tau: Floats) -> Complexes:
    return np.asarray(arc.resistance_ohm / (1 + (1j * omega_tau) ** arc.alpha))


def _one(ax: Axes, series: DistributionSeries) -> None:
    found = series.distributions[0]
    process, tail = parts(found)
    ax.plot(
        found.tau_s,
        np.where(process, found.gamma_ohm, np.nan),
        "-",
        color="black",
        gid="distribution",
        zorder=2.2,
    )
    if tail.any():
        ax.plot(found.tau_s[tail], found.gamma_ohm[tail], TAIL, color=GREY, gid="tail", zorder=2.1)
        note_below(ax, TAIL_SAID)
    ax.fill_between(
        found.tau_s, found.gamma_low_ohm, found.gamma_high_ohm, color=GREY, alpha=0.3, linewidth=0, zorder=1.5
    )
    edges, top = basin_edges(found), height(found)
    for k, (colour, peak) in enumerate(zip(_colours(found), found.peaks, strict=True)):
        mine = (found.tau_s >= edges[k]) & (found.tau_s <= edges[k + 1])
        ax.fill_between(
            found.tau_s[mine], found.gamma_ohm[mine], color=colour, alpha=0.35, linewidth=0, zorder=1.8
        )
        at = float(np.interp(np.log(peak.tau_s), np.log(found.tau_s), found.gamma_ohm))
        ax.plot(
            peak.tau_s,
            at,
            "v",
            color=colour,
            markerfacecolor=colour if peak.stands else "none",
            gid="peak",
            zorder=2.5,
        )
    for arc, colour in zip(found.arcs, _arc_colours(found), strict=True):
        ax.axvline(arc.tau_s, ymax=0.07, color=colour, linewidth=2.5 * rcParams["axes.linewidth"], gid="arc")
    shown = found.tau_s[window(found)]
    ax.set_xlim(shown[0] / 2, shown[-1] * 2)
    ax.set_ylim(0, HEADROOM * top)
    factor, letter = prefix(HEADROOM * top)
    ax.yaxis.set_major_formatter(scaled(factor))
    ax.set_ylabel(f"$γ$ / {letter}Ω")


def _data(result: Drawn, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers: the distributions with their bands, and the peaks."""
    rows: list[dict[str, Any]] = []
    cells = _cells(result)
    for name, d in ((name, d) for name, each in cells.items() for d in _found(each).distributions):
        start = len(rows)
        points = zip(d.tau_s, d.gamma_ohm, d.gamma_low_ohm, d.gamma_high_ohm, strict=True)
        rows += [_row(d, "distribution", *map(float, point)) for point in points]
        for peak in d.peaks:
            height = np.interp(np.log(peak.tau_s), np.log(d.tau_s), d.gamma_ohm)
            rows.append(_row(d, "peak", peak.tau_s, float(height)))
        if name:
            rows[start:] = [{"cell": name, **row} for row in rows[start:]]
    return rows


def _row(
    of: Distribution, kind: str, tau: float, gamma: float, low: float | None = None, high: float | None = None
) -> dict[str, Any]:
    """Return one plotted point."""
    values = {"tau_s": tau, "gamma_ohm": gamma, "gamma_low_ohm": low, "gamma_high_ohm": high}
    return {"spectrum": of.spectrum.label, "kind": kind, **values}


KIND = Kind("distribution of relaxation times", _paint, _data, TAKES)
