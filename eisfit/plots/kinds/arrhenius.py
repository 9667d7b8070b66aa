"""The Arrhenius plot: lines over 1000/T with their 95 % bands, one panel per quantity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.cell.roles import role_of
from eisfit.errors import InputError
from eisfit.laws.arrhenius import Arrhenius
from eisfit.laws.law_fit import LawFit
from eisfit.plots.canvas.arrhenius_lines import (
    Drawn,
    Lines,
    data,
    lines_of,
    ordinate,
    panels_of,
    pieces,
    span,
)
from eisfit.plots.canvas.axes import celsius_on_top
from eisfit.plots.canvas.cells import cell_colour
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice, EnergyUnit, Limits
from eisfit.plots.canvas.curves import as_drawn
from eisfit.plots.canvas.energies import common_decimals, energy
from eisfit.plots.canvas.layout import lay_out
from eisfit.plots.canvas.legends import fits_in_a_line, legend_in_corner, root
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.style import MARKERS, blank, em, role_colours, set_height, settle, styled
from eisfit.plots.kind import Kind
from eisfit.tools.keywords import known_keywords

_BESIDE_EM = 22  # least width of a panel beside others
_ALONE_EM, _STACKED_EM = 21.0, 11.0  # height of a panel
_ENTRY_EM = 2.0  # for a further line of the legend
_FILLED = 0.95  # of the height of an axis, by its title
_ASPECT = 0.6  # least height by width of a panel on its own


@known_keywords
def arrhenius(
    result: Lines,
    *,
    labels: Sequence[str] | None = None,
    ordinate: str = "",
    contributions: Sequence[str] = (),
    energy_unit: EnergyUnit = "eV",
    xlim: Limits | None = None,
    ylim: Limits | None = None,
    axes: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw Arrhenius lines, or other laws, over 1000/T, with °C on top.

    Parameters
    ----------
    result : Series, LawFit, or an iterable of them
        What to draw; of a series the default ordinate of each contribution, and its laws over temperature. Several
        series are cells, each in a colour of its own.
    labels : sequence of str, optional
        Names of the cells, one for each item of `result`.
    ordinate : str
        Such as ``log10(sigma)``, ``ln(sigma T)``, ``sigma``, ``asr``; the default of each role if empty.
    contributions : sequence of str
        Which to draw; all if empty.
    energy_unit : {"eV", "kJ/mol"}
        Of the activation energies in the legend.
    xlim : (float, float), optional
        Limits of 1000 K / T.
    ylim : (float, float), optional
        Limits of the ordinate of the upper panel, as it is shown.
    axes : Axes or sequence of Axes, optional
        One per quantity, from the top; on a new figure of one column if not given.

    Returns
    -------
    Figure
        The panels are its axes, from the top; their y data are the exponential of the ordinate, unless another
        ordinate is asked for.

    Raises
    ------
    InputError
        If there is no line, no such ordinate or contribution, or the number of axes is not that of the quantities.

    Notes
    -----
    Bars are one standard error of a point, with that of its temperature; bands are the 95 % interval of
    the line. It is dashed beyond the points that it was drawn through, and everywhere where they contradict it (it is
    bent, or heating and cooling differ); open points took no part.
    """
    given = {"labels": labels, "contributions": contributions, "xlim": xlim, "ylim": ylim}
    choice = Choice.of({**given, "ordinate": ordinate, "energy_unit": energy_unit})
    if axes is None:
        with styled("paper"):
            figure = blank()
            paint(figure, result, choice)
            return figure
    places = [axes] if isinstance(axes, Axes) else list(axes)
    _draw(places, lines_of(result, choice), choice)
    return root(places[0])


def paint(figure: Figure, result: Lines, choice: Choice = BY_DEFAULT) -> list[Axes]:
    """Draw on a whole figure, panels below each other or, where it is wide, side by side."""
    lines = lines_of(result, choice)
    n = len(panels_of(lines))
    wide = figure.get_figwidth() / em()
    if 1 < n <= wide / _BESIDE_EM:
        set_height(figure, 24.0)
        beside = [settle(figure.add_subplot(1, n, k + 1)) for k in range(n)]
        return _draw(beside, lines, choice, beside=True)
    entries = max(len(group) for group in panels_of(lines))
    one = max(_ALONE_EM, _ASPECT * wide - 6) if n == 1 else _STACKED_EM + _ENTRY_EM * (entries - 1)
    set_height(figure, n * one + 6)
    found = [settle(ax) for ax in figure.subplots(n, 1, sharex=True, squeeze=False)[:, 0]]
    return _draw(found, lines, choice)


@dataclass(frozen=True)
class Look:
    """Colour, symbol and words of a line."""

    drawn: Drawn
    colour: tuple[float, ...] | str
    marker: str
    name: str
    found: str


def looks_of(lines: Sequence[Drawn], choice: Choice) -> list[Look]:
    """Return how lines look: coloured by contribution, or by cell where there are several."""
    names = list(dict.fromkeys(d.line.contribution for d in lines))
    roles = {d.line.contribution: d.line.role for d in lines}
    colours = dict(zip(names, role_colours([roles[n] for n in names]), strict=True))
    cells = any(d.cell_name for d in lines)
    digits = common_decimals([d.line for d in lines], choice.energy_unit) if cells else None
    found = []
    for d in lines:
        name = _named(d.line, choice)
        of_panel = [other for other in lines if other.title == d.title]
        alone = len({other.line.contribution for other in of_panel}) == 1
        k = of_panel.index(d) if cells else names.index(d.line.contribution)
        cell = as_drawn(d.cell_name)
        found.append(
            Look(
                d,
                cell_colour(d.cell) if cells else colours[d.line.contribution],
                MARKERS[k % len(MARKERS)],
                (cell if alone else f"{cell}, {name}") if cells else name,
                _found(d.line, choice.energy_unit, digits),
            )
        )
    return found


def _draw(axes: list[Axes], lines: list[Drawn], choice: Choice, beside: bool = False) -> list[Axes]:
    groups = panels_of(lines)
    if len(axes) != len(groups):
        raise InputError(f"{len(axes)} axes were given for {len(groups)} quantities: give one for each")
    looks = looks_of(lines, choice)
    for ax, group in zip(axes, groups, strict=True):
        ax.set_xlim(*(choice.xlim or span(lines)))
        if not group[0].shown.form:
            ax.set_yscale("log")
            log_ticks(ax.yaxis, powers=True)
        of_panel = [look for look in looks if look.drawn in group]
        one_line = not beside and fits_in_a_line(ax, [f"{look.name}: {look.found}" for look in of_panel])
        for look in of_panel:
            draw_line(ax, look, " " if one_line else "\n")
        ax.set_ylabel(group[0].title)
    for ax in axes if beside else axes[-1:]:
        ax.set_xlabel("1000 K / $T$")
    for ax in axes if beside else axes[:1]:
        celsius_on_top(ax)
    if choice.ylim:
        axes[0].set_ylim(*choice.ylim)
    lay_out(root(axes[0]))
    for ax in axes:
        ax.set_ylabel(_wrapped(ax, ax.get_ylabel()))
    for k, (ax, group) in enumerate(zip(axes, groups, strict=True)):
        title, fixed = _legend_title(group, choice), bool(choice.ylim) and k == 0
        legend_in_corner(ax, title=_broken_where_too_long(ax, title), fixed=fixed)
    return axes


def _broken_where_too_long(ax: Axes, title: str) -> str:
    """Put energies below their names where an entry of the legend is longer than the axes are wide.

    Returns
    -------
    str
        The title, broken first where it is.
    """
    if _too_wide(ax, title):
        title = title.replace(": ", ":\n", 1)
    if _too_wide(ax, title):
        for line in ax.lines:
            if ": " in (label := str(line.get_label())):
                line.set_label(label.replace(": ", ":\n", 1))
    return title


def _too_wide(ax: Axes, title: str) -> bool:
    legend = ax.legend(title=title)
    wide = legend.get_window_extent().width > _FILLED * ax.get_window_extent().width
    legend.remove()
    return bool(wide)


def _wrapped(ax: Axes, title: str) -> str:
    """Break a title before its unit where it is longer than the axis."""
    room = ax.get_window_extent().height
    return (
        title.replace(" / ", "\n/ ") if ax.yaxis.label.get_window_extent().height > _FILLED * room else title
    )


def _legend_title(group: Sequence[Drawn], choice: Choice) -> str:
    """Return from which ordinate energies are, and of what where all lines are of one contribution of many cells."""
    fitted = ordinate(group[0].line)
    energies = any(isinstance(d.line, Arrhenius) for d in group)
    title = f"$E_\\mathrm{{A}}$ from {fitted}" if energies else fitted
    names = {_named(d.line, choice) for d in group}
    return f"{names.pop()}: {title}" if group[0].cell_name and len(names) == 1 else title


def _found(line: LawFit, unit: EnergyUnit, decimals: int | None) -> str:
    """Return the activation energy of a line, the name of any other law."""
    if not isinstance(line, Arrhenius):
        return line.law
    return energy(line, unit, decimals).replace("-", "−")


def _named(line: LawFit, choice: Choice) -> str:
    """Return what a line is of; the conductivity of grain boundaries is called apparent."""
    apparent = line.quantity == "conductivity" and role_of(line.role).apparent
    name = as_drawn(choice.named(line.contribution))
    return f"{name} (apparent)" if apparent else name


def draw_line(ax: Axes, look: Look, gap: str) -> None:
    """Draw points, line and band of one line, and give it a name for a legend."""
    line, shown, colour = look.drawn.line, look.drawn.shown, look.colour
    found = look.found.replace(" (", "\n(") if gap == "\n" else look.found
    x, y = 1000 / line.at, shown.of(line.ordinate_value)
    low, high = shown.ordered(
        line.ordinate_value - line.ordinate_stderr, line.ordinate_value + line.ordinate_stderr
    )
    for chosen, fill, gid in ((line.used, colour, "points"), (~line.used, "none", "unused")):
        if not chosen.any():
            continue
        error = None if np.isnan(low[chosen]).all() else np.stack([(y - low)[chosen], (high - y)[chosen]])
        bars = ax.errorbar(
            x[chosen],
            y[chosen],
            error,
            fmt=look.marker,
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
        centre, under, above = line.line(1000 / grid)
        ax.plot(grid, shown.of(centre), style, color=colour, gid=gid, zorder=2.2)
        if np.isfinite(under).all():
            band = shown.ordered(under, above)
            ax.fill_between(grid, *band, color=colour, alpha=0.2, linewidth=0, zorder=1.5)
    ax.plot(
        [],
        [],
        "--" if line.checks.rejected else "-",
        color=colour,
        marker=look.marker,
        markersize=0.5 * 72 * em(),
        label=f"{look.name}:{gap}{found}",
    )


KIND = Kind(
    "activation energies of all contributions",
    paint,
    data,
    frozenset({"labels", "ordinate", "contributions", "energy_unit", "xlim", "ylim", "names"}),
)
