"""Distributions of relaxation times of a series above each other, with the tracks of their peaks and the energies."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from eisfit.plots.canvas.axes import colour_bar
from eisfit.plots.canvas.curves import Curves, curves
from eisfit.plots.canvas.legends import note_below, root
from eisfit.plots.canvas.style import GREY, em
from eisfit.relaxations.distribution import Distribution
from eisfit.relaxations.over_series import DistributionSeries, Track
from eisfit.relaxations.track_lines import basin_edges
from eisfit.tools.frozen import Floats
from eisfit.tools.rounding import with_error

HEADROOM = 1.12  # above the highest peak
TAIL = ":"
TAIL_SAID = "dotted: a tail, which goes on beyond the window"
_PEAK = 0.25  # height of a distribution whose peak is the highest, as a share of the waterfall
_LINE_EM, _LETTER_EM = 1.35, 0.56  # height of a line, and width of a letter


def waterfall(ax: Axes, series: DistributionSeries) -> None:
    """Draw each distribution relative to its own highest peak, above that before it."""
    found = series.distributions
    shown: Curves = curves([d.spectrum for d in found])
    if shown.over != series.over:
        shown = Curves(
            tuple(type(c)(c.spectrum, None, c.spectrum.conditions.number(series.over)) for c in shown.curves),
            series.over,
        )
    step = 1 / (_PEAK * max(len(found), 4))
    for k, (d, colour) in enumerate(zip(found, shown.colours, strict=True)):
        _one_line(ax, d, k * step, colour, 3 - k * 1e-3)
    for track in series.tracks:
        _track(ax, track, series, shown, step)
    windows = [d.tau_s[window(d)] for d in found]
    ax.set_xlim(min(w[0] for w in windows) / 2, max(w[-1] for w in windows) * 2)
    top = (len(found) - 1) * step + 1.05 * HEADROOM
    ax.set_ylim(0, _energies(ax, series, top))
    ax.set_yticks([])
    ax.set_ylabel("$γ$ / $γ$$_{max}$, shifted")
    if any(line.get_gid() == "tail" for line in ax.lines):
        note_below(ax, TAIL_SAID)
    colour_bar(ax, shown)


def _one_line(ax: Axes, found: Distribution, foot: float, colour: Any, zorder: float) -> None:
    """Draw one distribution; its tail is dotted, and ends where it is higher than the highest peak."""
    relative = found.gamma_ohm / height(found)
    process, tail = parts(found)
    for part, look, gid, shade in ((process, "-", "distribution", colour), (tail, TAIL, "tail", GREY)):
        seen = part & (relative <= HEADROOM)
        if seen.any():
            y = np.where(seen, foot + relative, np.nan)
            ax.plot(found.tau_s, y, look, color=shade, gid=gid, zorder=zorder)


def _track(ax: Axes, track: Track, series: DistributionSeries, shown: Curves, step: float) -> None:
    found = series.distributions
    tau = [peak.tau_s for _, peak in track.peaks]
    y = [place * step + _relative(found[place], peak.tau_s) for place, peak in track.peaks]
    ax.plot(tau, y, ":", color=GREY, gid="track", zorder=2.0)
    for (place, peak), at in zip(track.peaks, y, strict=True):
        ax.plot(
            peak.tau_s,
            at,
            "o",
            markersize=0.35 * 72 * em(),
            color=shown.colours[place],
            markerfacecolor=shown.colours[place] if peak.stands else "white",
            gid="peak",
            zorder=3.1,
        )


def _energies(ax: Axes, series: DistributionSeries, top: float) -> float:
    """Write the apparent energy of each peak above its last distribution; return how high the axis then is."""
    told = [(track.peaks[-1][1].tau_s, track.line) for track in series.tracks if track.line is not None]
    if not told:
        return top
    low, high = np.log10(ax.get_xlim())
    dpi = root(ax).dpi
    wide, tall = (side / dpi / em() for side in (ax.bbox.width, ax.bbox.height))
    ends: list[float] = []  # log10 tau where the last text of each row ends
    placed = []
    for tau_s, law in sorted(told, key=lambda each: each[0]):
        value = with_error(law.activation_energy_ev, law.activation_energy_stderr_ev)
        lines = f"$E_A$ = {value} eV".replace(" ± ", "\n± ")
        letters = max(len(line.replace("$E_A$", "EA")) for line in lines.split("\n"))
        half = 0.5 * (letters + 2) * _LETTER_EM / wide * (high - low)
        at = float(np.clip(np.log10(tau_s), low + half, high - half))
        row = next((k for k, end in enumerate(ends) if end < at - half), len(ends))
        ends[row : row + 1] = [at + half]
        placed.append((10**at, row, lines))
    rows = 2 * len(ends) + 0.3
    line = top * _LINE_EM / max(tall - rows * _LINE_EM, rows * _LINE_EM)
    for x, row, text in placed:
        ax.text(x, top + 2 * row * line, text, ha="center", va="bottom", fontsize=72 * em(), gid="energy")
    return top + rows * line


def _relative(found: Distribution, tau_s: float) -> float:
    """Return the height of a distribution at a time constant, over that of its highest peak."""
    at = float(np.interp(np.log(tau_s), np.log(found.tau_s), found.gamma_ohm))
    return min(at / height(found), HEADROOM)


def height(found: Distribution) -> float:
    """Return the height that the axis shows: of the highest peak, or of the window where there is none."""
    places = [int(np.argmin(np.abs(np.log(found.tau_s / peak.tau_s)))) for peak in found.peaks]
    return float(found.gamma_ohm[places].max() if places else found.gamma_ohm[window(found)].max())


def window(found: Distribution) -> Any:
    """Return which time constants lie in the measured window."""
    f = found.spectrum.frequency_hz[found.spectrum.used]
    return (found.tau_s >= 1 / (2 * np.pi * f.max())) & (found.tau_s <= 1 / (2 * np.pi * f.min()))


def parts(found: Distribution) -> tuple[Any, Any]:
    """Return which time constants belong to processes, and which to a tail that goes on beyond the window."""
    tau: Floats = found.tau_s
    if not found.goes_on:
        return np.ones(tau.size, bool), np.zeros(tau.size, bool)
    end = basin_edges(found)[-1] if found.peaks else tau[0]
    return tau <= end, tau >= end
