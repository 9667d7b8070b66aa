"""The Arrhenius plot: lines over 1000/T with their 95 % bands, one panel per quantity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.cell.roles import role_of
from eisfit.errors import InputError
from eisfit.laws.arrhenius import Arrhenius
from eisfit.laws.law_fit import LawFit
from eisfit.laws.line_sentences import energy_text
from eisfit.plots.canvas.arrhenius_lines import (
    QUANTITIES,
    Lines,
    data,
    italic,
    lines_of,
    ordinate,
    panels_of,
    pieces,
    span,
)
from eisfit.plots.canvas.axes import celsius_on_top
from eisfit.plots.canvas.curves import as_drawn
from eisfit.plots.canvas.legends import fits_in_a_line, lay_out, legend_in_corner, root
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.style import MARKERS, blank, em, role_colours, settle, styled
from eisfit.plots.kind import Kind

_BESIDE_EM = 22  # least width of a panel beside others


def arrhenius(result: Lines, *, axes: Axes | Sequence[Axes] | None = None) -> Figure:
    """Draw Arrhenius lines, or other laws, over 1000/T, with °C on top.

    Parameters
    ----------
    result : Series, LawFit, or an iterable of LawFit
        What to draw; of a series the default ordinate of each contribution, and its laws over temperature.
    axes : Axes or sequence of Axes, optional
        One per quantity, from the top; on a new figure of one column if not given.

    Returns
    -------
    Figure
        The panels are its axes, from the top; their y data are the exponential of the ordinate.

    Raises
    ------
    InputError
        If there is no line, or the number of axes is not that of the quantities.

    Notes
    -----
    Bars are one standard error of a point, with that of its temperature; bands are the 95 % interval of
    the line. It is dashed beyond the points that it was drawn through, and everywhere where they contradict it (it is
    bent, or heating and cooling differ); open points took no part.
    """
    lines = lines_of(result)
    if axes is None:
        with styled("paper"):
            figure = blank()
            paint(figure, lines)
            return figure
    given = [axes] if isinstance(axes, Axes) else list(axes)
    _draw(given, lines)
    return root(given[0])


def paint(figure: Figure, result: Lines) -> list[Axes]:
    """Draw on a whole figure, panels below each other or, where it is wide, side by side."""
    lines = lines_of(result)
    n = len(panels_of(lines))
    if 1 < n <= figure.get_figwidth() / em() / _BESIDE_EM:
        figure.set_figheight(24.0 * em())
        return _draw([settle(figure.add_subplot(1, n, k + 1)) for k in range(n)], lines, beside=True)
    one = 21.0 if n == 1 else 15.5
    figure.set_figheight((n * one + 6) * em())
    found = figure.subplots(n, 1, sharex=True, squeeze=False)[:, 0]
    return _draw([settle(ax) for ax in found], lines)


def _draw(axes: list[Axes], lines: list[LawFit], beside: bool = False) -> list[Axes]:
    groups = panels_of(lines)
    if len(axes) != len(groups):
        raise InputError(f"{len(axes)} axes were given for {len(groups)} quantities: give one for each")
    limits = span(lines)
    names = list(dict.fromkeys(line.contribution for line in lines))
    roles = {line.contribution: line.role for line in lines}
    colours = dict(zip(names, role_colours([roles[n] for n in names]), strict=True))
    for ax, group in zip(axes, groups, strict=True):
        ax.set_yscale("log")
        log_ticks(ax.yaxis)
        ax.set_xlim(*limits)
        one_line = not beside and fits_in_a_line(ax, [f"{_named(line)}: {_found(line)}" for line in group])
        for line in group:
            k = names.index(line.contribution)
            marker = MARKERS[k % len(MARKERS)]
            _line(ax, line, colours[line.contribution], marker, " " if one_line else "\n")
        symbol, unit = QUANTITIES[group[0].ordinate, group[0].quantity]
        ax.set_ylabel(f"{italic(symbol)} / {unit}")
    for ax in axes if beside else axes[-1:]:
        ax.set_xlabel("1000 $T$$^{-1}$ / K$^{-1}$")
    for ax in axes if beside else axes[:1]:
        celsius_on_top(ax)
    lay_out(axes[0].figure)
    for ax, group in zip(axes, groups, strict=True):
        energies = any(isinstance(line, Arrhenius) for line in group)
        shown = f"$E_\\mathrm{{A}}$ from {ordinate(group[0])}" if energies else ordinate(group[0])
        legend_in_corner(ax, title=shown)
    return axes


def _found(line: LawFit) -> str:
    """Return the activation energy of a line, the name of any other law."""
    if not isinstance(line, Arrhenius):
        return line.law
    return energy_text(line, "eV").replace("-", "−")


def _named(line: LawFit) -> str:
    """Return what a line is of; the conductivity of grain boundaries is called apparent."""
    apparent = line.quantity == "conductivity" and role_of(line.role).apparent
    name = as_drawn(line.contribution)
    return f"{name} (apparent)" if apparent else name


def _line(ax: Axes, line: LawFit, colour: str, marker: str, gap: str) -> None:
    x, y = 1000 / line.at, np.exp(line.ordinate_value)
    low, high = (y * -np.expm1(-line.ordinate_stderr), y * np.expm1(line.ordinate_stderr))
    for chosen, fill, gid in ((line.used, colour, "points"), (~line.used, "none", "unused")):
        if not chosen.any():
            continue
        error = None if np.isnan(low[chosen]).all() else np.stack([low[chosen], high[chosen]])
        bars = ax.errorbar(
            x[chosen],
            y[chosen],
            error,
            fmt=marker,
            color=colour,
            markerfacecolor=fill,
            markersize=0.5 * 72 * em(),
            elinewidth=0.1 * 72 * em(),
            capsize=0.2 * 72 * em(),
            capthick=0.1 * 72 * em(),
            zorder=3,
        )
        bars.lines[0].set_gid(gid)
    for grid, style, gid in pieces(line, ax.get_xlim()):
        centre, under, above = (np.exp(part) for part in line.line(1000 / grid))
        ax.plot(grid, centre, style, color=colour, gid=gid, zorder=2.2)
        if np.isfinite(under).all():
            ax.fill_between(grid, under, above, color=colour, alpha=0.2, linewidth=0, zorder=1.5)
    ax.plot(
        [],
        [],
        "--" if line.checks.rejected else "-",
        color=colour,
        marker=marker,
        markersize=0.5 * 72 * em(),
        label=f"{_named(line)}:{gap}{_found(line)}",
    )


KIND = Kind("activation energies of all contributions", paint, data)
