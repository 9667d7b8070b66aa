"""The Arrhenius plot: lines over 1000/T with their 95 % bands, one panel per quantity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import InputError
from eisfit.fit import Fit
from eisfit.laws.arrhenius import Arrhenius
from eisfit.plots._axes import celsius_on_top
from eisfit.plots._corner import lay_out, legend_in_corner, root
from eisfit.plots._kind import Kind
from eisfit.plots._log import log_ticks
from eisfit.plots._style import MARKERS, blank, em, role_colours, settle, styled
from eisfit.plots._units import with_error
from eisfit.series import Series
from eisfit.spectrum import Spectrum
from eisfit.values import Floats

Lines: TypeAlias = Series | Arrhenius | Iterable[Arrhenius]

QUANTITIES = {
    ("ln(sigma T)", "conductivity"): ("σT", "S K cm⁻¹"),
    ("ln(sigma)", "conductivity"): ("σ", "S cm⁻¹"),
    ("ln(1/R)", "asr"): ("1/ASR", "Ω⁻¹ cm⁻²"),
    ("ln(T/R)", "asr"): ("T/ASR", "K Ω⁻¹ cm⁻²"),
    ("ln(1/R)", "resistance"): ("1/R", "Ω⁻¹"),
    ("ln(T/R)", "resistance"): ("T/R", "K Ω⁻¹"),
}
_BEYOND = 0.07  # of the measured span: how far a line is carried on, dashed
_STEPS = 120
_BESIDE_EM = 22  # least width of a panel beside others


def lines_of(result: Lines) -> list[Arrhenius]:
    """Return the lines to draw: of a series the default one of each contribution.

    Raises
    ------
    InputError
        If there is no line.
    """
    if isinstance(result, Series):
        found = [line for line, default in result.lines() if default]
    elif isinstance(result, Spectrum | Fit):
        raise InputError(f"an Arrhenius plot needs a series: a {type(result).__name__} has one temperature")
    else:
        found = [result] if isinstance(result, Arrhenius) else list(result)
    if not found:
        raise InputError(
            "there is no Arrhenius line to draw: no contribution has a value at two temperatures or more"
        )
    return found


def panels_of(lines: Sequence[Arrhenius]) -> list[list[Arrhenius]]:
    """Group lines so that one panel never mixes two quantities."""
    groups: dict[tuple[str, str], list[Arrhenius]] = {}
    for line in lines:
        groups.setdefault((line.ordinate, line.quantity), []).append(line)
    return list(groups.values())


def arrhenius(result: Lines, *, axes: Axes | Sequence[Axes] | None = None) -> Figure:
    """Draw Arrhenius lines over 1000/T, with °C on top.

    Parameters
    ----------
    result : Series, Arrhenius, or an iterable of Arrhenius
        What to draw; of a series the default ordinate of each contribution.
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
    the line. It is dashed beyond the points that it was drawn through; open points took no part.
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


def _draw(axes: list[Axes], lines: list[Arrhenius], beside: bool = False) -> list[Axes]:
    groups = panels_of(lines)
    if len(axes) != len(groups):
        raise InputError(f"{len(axes)} axes were given for {len(groups)} quantities: give one for each")
    span = _span(lines)
    names = list(dict.fromkeys(line.contribution for line in lines))
    roles = {line.contribution: line.role for line in lines}
    colours = dict(zip(names, role_colours([roles[n] for n in names]), strict=True))
    for ax, group in zip(axes, groups, strict=True):
        ax.set_yscale("log")
        log_ticks(ax.yaxis)
        ax.set_xlim(*span)
        for line in group:
            k = names.index(line.contribution)
            _line(ax, line, colours[line.contribution], MARKERS[k % len(MARKERS)], "\n" if beside else " ")
        symbol, unit = QUANTITIES[group[0].ordinate, group[0].quantity]
        ax.set_ylabel(f"{_italic(symbol)} / {unit}")
    for ax in axes if beside else axes[-1:]:
        ax.set_xlabel("1000 $T$$^{-1}$ / K$^{-1}$")
    for ax in axes if beside else axes[:1]:
        celsius_on_top(ax)
    lay_out(axes[0].figure)
    for ax, group in zip(axes, groups, strict=True):
        legend_in_corner(ax, title=f"$E_\\mathrm{{A}}$ from {_ordinate(group[0])}")
    return axes


def _line(ax: Axes, line: Arrhenius, colour: str, marker: str, gap: str) -> None:
    energy = with_error(line.activation_energy_ev, line.activation_energy_stderr_ev, "eV")
    x, y = 1000 / line.temperature_k, np.exp(line.ordinate_value)
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
    for grid, style, gid in _pieces(line, ax.get_xlim()):
        centre, under, above = (np.exp(part) for part in line.line(1000 / grid))
        ax.plot(grid, centre, style, color=colour, gid=gid, zorder=2.2)
        if np.isfinite(under).all():
            ax.fill_between(grid, under, above, color=colour, alpha=0.2, linewidth=0, zorder=1.5)
    ax.plot(
        [],
        [],
        "-",
        color=colour,
        marker=marker,
        markersize=0.5 * 72 * em(),
        label=f"{line.contribution}:{gap}{energy}",
    )


def _pieces(line: Arrhenius, limits: tuple[float, float]) -> list[tuple[Floats, str, str]]:
    """Return the grids of a line: solid through its points, dashed beyond them."""
    inside = 1000 / line.temperature_k[line.used]
    low, high = float(inside.min()), float(inside.max())
    pieces = [(np.linspace(low, high, _STEPS), "-", "line")]
    if limits[0] < low:
        pieces.append((np.linspace(limits[0], low, _STEPS), "--", "extrapolated"))
    if limits[1] > high:
        pieces.append((np.linspace(high, limits[1], _STEPS), "--", "extrapolated"))
    return pieces


def _span(lines: Sequence[Arrhenius]) -> tuple[float, float]:
    x = 1000 / np.concatenate([line.temperature_k for line in lines])
    beyond = _BEYOND * float(np.ptp(x))
    return float(x.min()) - beyond, float(x.max()) + beyond


def _italic(symbol: str) -> str:
    """Set the symbols of quantities in italics."""
    return symbol.replace("σ", "$\\sigma$").replace("T", "$T$").replace("R", "$R$").replace("AS$R$", "ASR")


def _ordinate(line: Arrhenius) -> str:
    symbol = QUANTITIES[line.ordinate, line.quantity][0]
    return f"ln({_italic(symbol)})"


def data(result: Lines) -> list[dict[str, Any]]:
    """Return the plotted numbers: points with their errors, and the lines with their bands."""
    rows: list[dict[str, Any]] = []
    lines = lines_of(result)
    span = _span(lines)
    for line in lines:
        unit = QUANTITIES[line.ordinate, line.quantity][1]
        head = {"contribution": line.contribution, "ordinate": line.ordinate, "unit": unit}
        y = np.exp(line.ordinate_value)
        for k, label in enumerate(line.labels):
            error = float(line.ordinate_stderr[k])
            rows.append(
                {
                    **head,
                    "kind": "used" if line.used[k] else "not used",
                    "spectrum": label,
                    "temperature_c": float(line.temperature_k[k]) - ZERO_CELSIUS_K,
                    "inverse_temperature_1000_per_k": 1000 / float(line.temperature_k[k]),
                    "value": float(y[k]),
                    "low": float(y[k] * np.exp(-error)),
                    "high": float(y[k] * np.exp(error)),
                }
            )
        for grid, _, kind in _pieces(line, span):
            columns = (np.exp(part) for part in line.line(1000 / grid))
            for x, value, low, high in zip(grid, *columns, strict=True):
                rows.append(
                    {
                        **head,
                        "kind": kind,
                        "spectrum": "",
                        "temperature_c": float(1000 / x) - ZERO_CELSIUS_K,
                        "inverse_temperature_1000_per_k": float(x),
                        "value": float(value),
                        "low": float(low),
                        "high": float(high),
                    }
                )
    return rows


KIND = Kind("activation energies of all contributions", paint, data)
