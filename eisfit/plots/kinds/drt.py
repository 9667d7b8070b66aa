"""The distribution of relaxation times: beside the spectrum in the complex plane, or of a series as a waterfall."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.errors import InputError
from eisfit.plots.canvas.axes import colour_bar
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Curves, Result, curves
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.plane import draw
from eisfit.plots.canvas.style import GREY, PALETTE, blank, em, set_height, settle, styled
from eisfit.plots.canvas.units import prefix, scaled
from eisfit.plots.kind import Kind
from eisfit.relaxations.distribution import DepressedArc, Distribution
from eisfit.relaxations.over_series import DistributionSeries, as_series, drt_series
from eisfit.relaxations.track_lines import basin_edges
from eisfit.results.series import Series
from eisfit.tools.frozen import Complexes, Floats
from eisfit.tools.keywords import known_keywords
from eisfit.tools.rounding import with_error

Drawn: TypeAlias = Distribution | DistributionSeries | Result

TAKES = frozenset({"xlim", "ylim"})  # of a `Choice`
MOST_DRAWN = 40  # distributions of a waterfall
_HEIGHT_EM = 17.0  # of a distribution, and of the complex plane at its flattest
_STEP_EM = 1.6  # between two distributions of a waterfall
_PEAK = 0.25  # height of a distribution whose peak is the highest, as a share of the waterfall
_HEADROOM = 1.12
_LINE = 0.062  # height of a line of text, as a share of a waterfall
_LETTER = 0.026  # width of a letter of an energy, as a share of the axis


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
        drawn relative to its own highest peak, above that before it.

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
    found = _found(result)
    if len(found.distributions) > 1:
        set_height(figure, _HEIGHT_EM + _STEP_EM * len(found.distributions))
        ax = settle(figure.subplots())
    else:
        set_height(figure, 2 * _HEIGHT_EM)
        plane, ax = figure.subplots(2, 1)
        spectrum_of(found.distributions[0], settle(plane))
    _draw(settle(ax), found)
    if choice.xlim:
        ax.set_xlim(*choice.xlim)
    if choice.ylim:
        ax.set_ylim(*choice.ylim)
    return ax


def _draw(ax: Axes, found: DistributionSeries) -> Axes:
    ax.set_xscale("log")
    log_ticks(ax.xaxis)
    ax.set_xlabel("$τ$ / s")
    (_one if len(found.distributions) == 1 else _waterfall)(ax, found)
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


def _height(found: Distribution) -> float:
    """Return the height that the axis shows: of the highest peak, or of the window where there is none."""
    places = [int(np.argmin(np.abs(np.log(found.tau_s / peak.tau_s)))) for peak in found.peaks]
    return float(found.gamma_ohm[places].max() if places else found.gamma_ohm[_window(found)].max())


def _window(found: Distribution) -> Any:
    f = found.spectrum.frequency_hz[found.spectrum.used]
    return (found.tau_s >= 1 / (2 * np.pi * f.max())) & (found.tau_s <= 1 / (2 * np.pi * f.min()))


def _one(ax: Axes, series: DistributionSeries) -> None:
    found = series.distributions[0]
    ax.plot(found.tau_s, found.gamma_ohm, "-", color="black", gid="distribution", zorder=2.2)
    ax.fill_between(
        found.tau_s, found.gamma_low_ohm, found.gamma_high_ohm, color=GREY, alpha=0.3, linewidth=0, zorder=1.5
    )
    edges, top = basin_edges(found), _height(found)
    for k, (colour, peak) in enumerate(zip(_colours(found), found.peaks, strict=True)):
        mine = (found.tau_s >= edges[k]) & (found.tau_s <= edges[k + 1])
        ax.fill_between(
            found.tau_s[mine], found.gamma_ohm[mine], color=colour, alpha=0.35, linewidth=0, zorder=1.8
        )
        height = float(np.interp(np.log(peak.tau_s), np.log(found.tau_s), found.gamma_ohm))
        ax.plot(
            peak.tau_s,
            height,
            "v",
            color=colour,
            markerfacecolor=colour if peak.stands else "none",
            gid="peak",
            zorder=2.5,
        )
    for arc, colour in zip(found.arcs, _arc_colours(found), strict=True):
        ax.axvline(arc.tau_s, ymax=0.07, color=colour, linewidth=2.5 * rcParams["axes.linewidth"], gid="arc")
    window = found.tau_s[_window(found)]
    ax.set_xlim(window[0] / 2, window[-1] * 2)
    ax.set_ylim(0, _HEADROOM * top)
    factor, letter = prefix(_HEADROOM * top)
    ax.yaxis.set_major_formatter(scaled(factor))
    ax.set_ylabel(f"$γ$ / {letter}Ω")


def _waterfall(ax: Axes, series: DistributionSeries) -> None:
    found = series.distributions
    shown: Curves = curves([d.spectrum for d in found])
    if shown.over != series.over:
        shown = Curves(
            tuple(type(c)(c.spectrum, None, c.spectrum.conditions.number(series.over)) for c in shown.curves),
            series.over,
        )
    step = 1 / (_PEAK * max(len(found), 4))
    for k, (d, colour) in enumerate(zip(found, shown.colours, strict=True)):
        relative = np.minimum(d.gamma_ohm / _height(d), _HEADROOM)
        ax.plot(d.tau_s, k * step + relative, "-", color=colour, gid="distribution", zorder=3 - k * 1e-3)
    for track in series.tracks:
        tau = [peak.tau_s for _, peak in track.peaks]
        y = [place * step + _relative(found[place], peak.tau_s) for place, peak in track.peaks]
        ax.plot(tau, y, ":", color=GREY, gid="track", zorder=2.0)
        for (place, peak), height in zip(track.peaks, y, strict=True):
            ax.plot(
                peak.tau_s,
                height,
                "o",
                markersize=0.35 * 72 * em(),
                color=shown.colours[place],
                markerfacecolor=shown.colours[place] if peak.stands else "white",
                gid="peak",
                zorder=3.1,
            )
    windows = [d.tau_s[_window(d)] for d in found]
    ax.set_xlim(min(w[0] for w in windows) / 2, max(w[-1] for w in windows) * 2)
    top = (len(found) - 1) * step + 1.05 * _HEADROOM
    ax.set_ylim(0, top + _energies(ax, series, top, _LINE * (top + 1)))
    ax.set_yticks([])
    ax.set_ylabel("$γ$ / $γ$$_{max}$, shifted")
    colour_bar(ax, shown)


def _energies(ax: Axes, series: DistributionSeries, bottom: float, line: float) -> float:
    """Write the apparent energy of each peak above its last distribution; return the height that this takes."""
    told = [(track.peaks[-1][1].tau_s, track.line) for track in series.tracks if track.line is not None]
    low, high = np.log10(ax.get_xlim())
    ends: list[float] = []  # log10 tau where the last text of each row ends
    for tau_s, law in sorted(told, key=lambda each: each[0]):
        value = with_error(law.activation_energy_ev, law.activation_energy_stderr_ev)
        text = f"$E_A$ = {value.replace(' ± ', chr(10) + '± ')} eV"
        half = 0.5 * _LETTER * (high - low) * max(map(len, f"EA = {value} eV".split("±")))
        at = float(np.clip(np.log10(tau_s), low + half, high - half))
        row = next((k for k, end in enumerate(ends) if end < at - half), len(ends))
        ends[row : row + 1] = [at + half]
        place = (10**at, bottom + 2 * row * line)
        ax.text(*place, text, ha="center", va="bottom", fontsize=72 * em(), gid="energy")
    return (2 * len(ends) + 0.3) * line if ends else 0.0


def _relative(found: Distribution, tau_s: float) -> float:
    """Return the height of a distribution at a time constant, over that of its highest peak."""
    height = float(np.interp(np.log(tau_s), np.log(found.tau_s), found.gamma_ohm))
    return min(height / _height(found), _HEADROOM)


def _data(result: Drawn, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers: the distributions with their bands, and the peaks."""
    rows: list[dict[str, Any]] = []
    for d in _found(result).distributions:
        points = zip(d.tau_s, d.gamma_ohm, d.gamma_low_ohm, d.gamma_high_ohm, strict=True)
        rows += [_row(d, "distribution", *map(float, point)) for point in points]
        for peak in d.peaks:
            height = np.interp(np.log(peak.tau_s), np.log(d.tau_s), d.gamma_ohm)
            rows.append(_row(d, "peak", peak.tau_s, float(height)))
    return rows


def _row(
    of: Distribution, kind: str, tau: float, gamma: float, low: float | None = None, high: float | None = None
) -> dict[str, Any]:
    """Return one plotted point."""
    values = {"tau_s": tau, "gamma_ohm": gamma, "gamma_low_ohm": low, "gamma_high_ohm": high}
    return {"spectrum": of.spectrum.label, "kind": kind, **values}


KIND = Kind("distribution of relaxation times", _paint, _data, TAKES)
