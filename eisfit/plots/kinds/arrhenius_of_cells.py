"""The Arrhenius lines of several cells: a panel for each contribution, the cells named once above all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.errors import InputError
from eisfit.plots.canvas.arrhenius_lines import Drawn, lines_of, span
from eisfit.plots.canvas.axes import celsius_on_top
from eisfit.plots.canvas.cells import CELL_MARKERS, cell_colour
from eisfit.plots.canvas.choice import Choice, Limits
from eisfit.plots.canvas.curves import as_drawn
from eisfit.plots.canvas.legends import legend_on_top
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.style import Style, Width, blank, em, set_height, settle, styled
from eisfit.plots.kinds.arrhenius import draw_line, looks_of
from eisfit.results.series import Series

_BESIDE_EM = 22.0  # least width of a panel beside others
_PANEL_EM = 20.0
_ROOM = 0.16  # of the height of a panel above the lines for each line of words


def arrhenius_of_cells(
    cells: Mapping[str, Series],
    contributions: Sequence[str],
    *,
    words: Mapping[str, str] | None = None,
    ordinate: str = "",
    style: Style = "paper",
    width: Width = "double",
    xlim: Limits | None = None,
) -> Figure:
    """Draw the lines of several cells, a panel for each contribution.

    Parameters
    ----------
    cells : mapping of str to Series
        By name, over temperature.
    contributions : sequence of str
        Those to draw, in this order.
    words : mapping of str to str, optional
        By contribution what stands below its name, such as its activation energy.
    ordinate : str
        As in `arrhenius`; the default of each role if empty.
    style : {"paper", "talk"}
        Black on white at journal size, or for slides.
    width : {"single", "double"}
        Of the journal column.
    xlim : (float, float), optional
        Limits of 1000 K / T.

    Returns
    -------
    Figure
        Lines, points and bands as in `arrhenius`; colour and symbol of a cell are the same in all panels. A panel has
        one unit, that of its first cell; it names the cells whose values are in another.

    Raises
    ------
    InputError
        If there is no contribution, or none of a name.
    """
    if not contributions:
        raise InputError("no contribution to draw: name one that has a line in two cells or more")
    chosen = Choice.of({"labels": tuple(cells), "ordinate": ordinate, "xlim": xlim})
    with styled(style):
        figure = blank(width, style)
        parts = [
            lines_of(list(cells.values()), replace(chosen, contributions=(name,))) for name in contributions
        ]
        drawn = [[d for d in lines if d.title == lines[0].title] for lines in parts]
        beside = max(1, min(len(drawn), int(figure.get_figwidth() / em() / _BESIDE_EM)))
        down = -(-len(drawn) // beside)
        axes = [settle(ax) for ax in figure.subplots(down, beside, squeeze=False).ravel()]
        limits = xlim or span([d for lines in drawn for d in lines])
        for ax, lines, name, every in zip(axes, drawn, contributions, parts, strict=False):
            _panel(ax, lines, chosen, limits)
            without = [as_drawn(d.cell_name) for d in every if d not in lines]
            _entitle(ax, as_drawn(name), (words or {}).get(name, ""), without)
        for ax in axes[len(drawn) :]:
            ax.set_axis_off()
        above = legend_on_top(
            figure,
            [
                axes[0].plot(
                    [],
                    [],
                    f"-{CELL_MARKERS[k % len(CELL_MARKERS)]}",
                    color=cell_colour(k),
                    label=as_drawn(cell),
                )[0]
                for k, cell in enumerate(cells)
            ],
        )
        set_height(figure, _PANEL_EM * down + above + 1)
    return figure


def _panel(ax: Axes, lines: Sequence[Drawn], choice: Choice, limits: Limits) -> None:
    ax.set_xlim(*limits)
    if not lines[0].shown.form:
        ax.set_yscale("log")
        log_ticks(ax.yaxis, powers=True)
    for look in looks_of(lines, choice):
        draw_line(ax, replace(look, marker=CELL_MARKERS[look.drawn.cell % len(CELL_MARKERS)]), " ")
    ax.set_xlabel("1000 K / $T$")
    ax.set_ylabel(lines[0].title)
    celsius_on_top(ax)


def _entitle(ax: Axes, name: str, words: str, without: Sequence[str]) -> None:
    """Write the name of a contribution into the upper right corner, above all lines, and lengthen the axis for it."""
    text = f"{name}\n$E_\\mathrm{{A}}$ {words}" if words else name
    text += f"\n{', '.join(without)}: in another unit" if without else ""
    low, high = ax.transData.inverted().transform(ax.transAxes.transform([(0, 0), (0, 1)]))[:, 1]
    room = _ROOM * 0.5 * (text.count("\n") + 1)
    if ax.get_yscale() == "log":
        ax.set_ylim(low, high * (high / low) ** room)
    else:
        ax.set_ylim(low, high + (high - low) * room)
    ax.annotate(text, (0.97, 0.96), xycoords="axes fraction", va="top", ha="right", linespacing=1.4)
