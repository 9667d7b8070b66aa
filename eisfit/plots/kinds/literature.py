"""Resistances and activation energies of interfaces by solid electrolyte, one's own on top of published ones."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from eisfit.errors import InputError
from eisfit.plots.canvas.cells import cells_of
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.legends import legend_on_top
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.style import (
    GREY,
    MARKERS,
    PALETTE,
    Style,
    Width,
    blank,
    em,
    ink,
    page_em,
    set_height,
    settle,
    styled,
)
from eisfit.plots.kind import Kind
from eisfit.results.series import Series
from eisfit.tools.keywords import known_keywords
from eisfit.tools.views import done_by

_PANELS = {"resistance": "$R A$ / Ω cm²", "activation energy": "$E_\\mathrm{A}$ / eV"}
_LEAST, _BESIDE = 1.2, 0.6  # least width of a column, and room beside its values, by the distance of two
_SIZE_EM, _OWN_EM = 0.62, 0.95
_PANEL_EM = 16.0
_LETTER_EM = 0.5
_ROOMY_EM = 3.2  # distance of two values from which on letters stand beside them, else above
_SIDES_EM = 6.0  # of the width of a figure beside its panels
_HEADROOM = 0.2  # above the highest value, for its letters
_NARROW_EM, _LOW_EM = (
    30.0,
    40.0,
)  # a slide of one column: letters and salts are not explained, the table has them
_NARROW = 0.63  # of a letter by its height
_NOT_STATED = "not stated"
_ALL = {"resistance": "resistances", "activation energy": "energies"}
_OWN = "own"  # name of a series that has none
_SYMBOL = re.compile(r"\bR_(\w+)")
_FORMULA = re.compile(r"(?:[A-Z][a-z]?\d*){2,}")


@dataclass(frozen=True)
class _Look:
    """Colours of media, symbols of salts, letters of marks, places of solids, and distance of two values."""

    colours: Mapping[str, str]
    symbols: Mapping[str, str]
    letters: Mapping[str, str]
    columns: Mapping[str, tuple[float, float]]
    distance_em: float


@known_keywords
def literature_comparison(
    rows: Sequence[Mapping[str, Any]], *, style: Style = "paper", width: Width = "double"
) -> Figure:
    """Draw resistances and activation energies of interfaces by solid electrolyte.

    Parameters
    ----------
    rows : sequence of dict
        As `eisfit.tables.literature_rows` returns them; those that are not plotted are left out.
    style : {"paper", "talk"}
        Black on white at journal size, or for slides.
    width : {"single", "double"}
        Of the journal column.

    Returns
    -------
    Figure
        Colours are solvents or polymers, symbols salts, open ones sodium; one's own values are large, with a black
        edge and their 95 % interval. A bar is a range as printed, an arrow a limit. Letters, explained below, say in
        what a value differs from the others.

    Raises
    ------
    InputError
        If no row is plotted.
    """
    with styled(style):
        figure = blank(width, style)
        paint(figure, rows)
    return figure


def paint(figure: Figure, result: Any, choice: Choice = BY_DEFAULT) -> list[Axes]:
    """Draw on a whole figure: rows, or series with the published values."""
    shown = [row for row in data(result, choice) if row["plotted"] == "yes"]
    if not shown:
        raise InputError("no value to draw: all rows are marked as not plotted; see their marks")
    panels = [name for name in _PANELS if any(row["panel"] == name for row in shown)]
    axes = [settle(ax) for ax in figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]]
    brief = figure.get_figwidth() / em() < _NARROW_EM and page_em() < _LOW_EM
    look = _look(shown, figure.get_figwidth() / em() - _SIDES_EM, marked=not brief)
    for ax, name in zip(axes, panels, strict=True):
        _panel(ax, [row for row in shown if row["panel"] == name], look)
        ax.set_ylabel(_PANELS[name])
    _columns(axes, look)
    key = "" if brief else _key(shown, look, figure.get_figwidth() / em())
    down = _below_em(axes[-1])
    axes[-1].annotate(key, (0, 0), (0, -down * 72 * em()), "axes fraction", "offset points", va="top")
    above = legend_on_top(figure, _entries(shown, look, salts=not brief))
    rest = above + (1.3 * (key.count("\n") + 1) if key else 0.0) + down + 2.5
    set_height(figure, _PANEL_EM * len(axes) + rest)
    return axes


def data(result: Any, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the rows that are drawn, each with its reference: published values, then those of the series."""
    items: list[Any] = [result] if isinstance(result, Series) else list(result)
    if all(isinstance(item, Mapping) for item in items):
        return [{**row} for row in items]
    if not all(isinstance(item, Series) for item in items):
        raise InputError(
            "the figure 'literature' shows lines over temperature beside published values; "
            "fit spectra as a series with eisfit series"
        )
    names, series = cells_of(items, choice.labels or None)
    rows: list[dict[str, Any]] = done_by("published")(dict(zip(names or (_OWN,), series, strict=True)))
    return [{name: _plain(row[name]) for name in rows[0]} for row in rows]


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, float) else value


def _look(shown: Sequence[Mapping[str, Any]], width_em: float, marked: bool = True) -> _Look:
    def of(column: str) -> list[str]:
        found = dict.fromkeys(str(row[column]) for row in shown)
        return [name for name in found if name != _NOT_STATED]

    colours = {name: list(PALETTE.values())[k % len(PALETTE)] for k, name in enumerate(of("medium"))}
    symbols = {name: MARKERS[1 + k % (len(MARKERS) - 1)] for k, name in enumerate(of("salt"))}
    common = {mark for marks in _common(shown).values() for mark in marks}
    marks = dict.fromkeys(mark for row in shown for mark in _marks(row) if mark not in common)
    letters = {mark: _letter(k) for k, mark in enumerate(marks)} if marked else {}
    columns = _places(shown)
    distance = width_em / max(right for _, right in columns.values())
    return _Look(
        {**colours, _NOT_STATED: GREY}, {**symbols, _NOT_STATED: MARKERS[0]}, letters, columns, distance
    )


def _common(shown: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[str]]:
    """Return the marks that all published, or all own, values of a panel have, and that no other value has."""
    found = {}
    for panel in _PANELS:
        for own in ("no", "yes"):
            inside = [row for row in shown if (row["panel"], row["own"]) == (panel, own)]
            outside = {mark for row in shown if row not in inside for mark in _marks(row)}
            shared = (
                [m for m in _marks(inside[0]) if all(m in _marks(row) for row in inside)] if inside else []
            )
            found[panel, own] = [mark for mark in shared if mark not in outside]
    return found


def _places(shown: Sequence[Mapping[str, Any]]) -> dict[str, tuple[float, float]]:
    """Return left and right end of the column of each solid, as wide as its values need."""
    found, left = {}, 0.0
    for solid in dict.fromkeys(row["solid"] for row in shown):
        most = max(sum((row["solid"], row["panel"]) == (solid, panel) for row in shown) for panel in _PANELS)
        found[solid] = (left, left + max(most, _LEAST) + _BESIDE)
        left = found[solid][1]
    return found


def _marks(row: Mapping[str, Any]) -> list[str]:
    return [mark for mark in str(row["marks"]).split("; ") if mark]


def _letter(k: int) -> str:
    return ascii_lowercase[k] if k < 26 else _letter(k // 26 - 1) + ascii_lowercase[k % 26]


def _panel(ax: Axes, rows: Sequence[Mapping[str, Any]], look: _Look) -> None:
    if rows[0]["panel"] == "resistance":
        ax.set_yscale("log")
        log_ticks(ax.yaxis, powers=True)
    by_column: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_column.setdefault(row["solid"], []).append(row)
    for solid, group in by_column.items():
        middle = sum(look.columns[solid]) / 2
        places = middle + np.arange(len(group)) - 0.5 * len(group) + 0.3
        for x, row in zip(places, group, strict=True):
            _point(ax, float(x), row, look)
    if rows[0]["panel"] == "resistance":
        low, high = np.log10(ax.get_ylim())
        ax.set_ylim(10 ** (low - 0.05 * (high - low)), 10 ** (high + _HEADROOM * (high - low)))
    else:
        ax.set_ylim(0, (1 + _HEADROOM) * max(float(np.nanmax([row["value"], row["high"]])) for row in rows))


def _point(ax: Axes, x: float, row: Mapping[str, Any], look: _Look) -> None:
    own, colour = row["own"] == "yes", look.colours[row["medium"]]
    points = 72 * em()
    drawn: dict[str, Any] = {
        "marker": look.symbols[row["salt"]],
        "color": colour,
        "linestyle": "none",
        "markersize": (_OWN_EM if own else _SIZE_EM) * points,
        "markerfacecolor": "none" if row["ion"] == "Na" else colour,
        "markeredgecolor": ink() if own else colour,
        "markeredgewidth": (0.16 if own else 0.12) * points,
        "zorder": 4 if own else 3,
    }
    y = [row["low"], row["high"]] if row["printed_as"] == "range" else [row["value"]]
    if row["low"] < row["high"]:
        ax.plot(
            [x, x], [row["low"], row["high"]], "-", color=ink() if own else colour, linewidth=0.1 * points
        )
    ax.plot([x] * len(y), y, gid="own" if own else "published", **drawn)
    if row["printed_as"] in ("upper limit", "lower limit"):
        down = -1 if row["printed_as"] == "upper limit" else 1
        ax.annotate(
            "",
            (x, row["value"]),
            (0, down * 1.9 * points),
            textcoords="offset points",
            arrowprops={"arrowstyle": "<-", "color": colour, "linewidth": 0.1 * points},
        )
    text = ",".join(look.letters[mark] for mark in _marks(row) if mark in look.letters)
    beside = look.distance_em >= _ROOMY_EM
    place = (_LETTER_EM * points, 0.15 * points) if beside else (0, 0.6 * points)
    ax.annotate(
        text,
        (x, y[-1]),
        place,
        textcoords="offset points",
        fontsize=points,
        color=ink(),
        horizontalalignment="left" if beside else "center",
    )


def _columns(axes: Sequence[Axes], look: _Look) -> None:
    ends = list(look.columns.values())
    for ax in axes:
        ax.set_xlim(0, ends[-1][1])
        ax.tick_params(axis="x", which="both", length=0)
        for left, _ in ends[1:]:
            ax.axvline(left, color=GREY, linewidth=0.3, zorder=0.5)
    rooms = [look.distance_em * (right - left) / _NARROW for left, right in ends]
    whole = [_formula(name) for name in look.columns]
    broken = [name.replace(" ", "\n") for name in whole]
    ways = (whole, broken)
    fitting = next((names for names in ways if all(map(_fits, names, rooms))), None)
    axes[-1].set_xticks([sum(pair) / 2 for pair in ends], fitting or whole)
    if fitting is None:
        axes[-1].tick_params(axis="x", rotation=90)


def _fits(name: str, letters: float) -> bool:
    return max(map(len, name.split("\n"))) < letters


def _below_em(ax: Axes) -> float:
    """Return how far the names of the columns reach below an axis, with a line of room."""
    heights = [label.get_window_extent().height for label in ax.get_xticklabels()]
    return max(heights) / (ax.figure.dpi * em()) + 1.6


def _formula(name: str) -> str:
    """Return a chemical formula with its numbers below the line, another name as it is."""
    return re.sub(r"\d", lambda d: "₀₁₂₃₄₅₆₇₈₉"[int(d[0])], name) if _FORMULA.fullmatch(name) else name


def _key(shown: Sequence[Mapping[str, Any]], look: _Look, width_em: float) -> str:
    """Return what the letters mean, and what holds for all values of a panel, in lines as wide as the figure."""
    words = {"no": "published", "yes": "own"}
    texts = [f"{letter}: {mark}" for mark, letter in look.letters.items()]
    texts += [
        f"all {words[own]} {_ALL[panel]}: {', '.join(marks)}"
        for (panel, own), marks in _common(shown).items()
        if marks
    ]
    lines = textwrap.wrap(";  ".join(text.replace(" ", "\xa0") for text in texts), int(1.85 * width_em) - 8)
    return _SYMBOL.sub(r"$R_\\mathrm{\1}$", "\n".join(lines))


def _entries(shown: Sequence[Mapping[str, Any]], look: _Look, salts: bool = True) -> list[Line2D]:
    def entry(label: str, marker: str, colour: str, **more: Any) -> Line2D:
        size: dict[str, Any] = {"markersize": _SIZE_EM * 72 * em(), "linestyle": "none"}
        return Line2D([], [], marker=marker, color=colour, label=_formula(label), **(size | more))

    media = {str(row["medium"]) for row in shown}
    of_salts = {str(row["salt"]) for row in shown} if salts else set()
    named = {_NOT_STATED: "medium not stated"}
    found = [entry(named.get(n, n), MARKERS[0], c) for n, c in look.colours.items() if n in media]
    named = {_NOT_STATED: "salt not stated, or none"}
    found += [
        entry(named.get(n, n), m, ink(), markerfacecolor="none")
        for n, m in look.symbols.items()
        if n in of_salts
    ]
    if any(row["ion"] == "Na" for row in shown):
        found.append(entry("open: sodium", MARKERS[0], GREY, markerfacecolor="none"))
    if any(row["own"] == "yes" for row in shown):
        edge = {
            "markersize": _OWN_EM * 72 * em(),
            "markeredgecolor": ink(),
            "markeredgewidth": 0.16 * 72 * em(),
        }
        found.append(entry("own result", MARKERS[0], GREY, **edge))
    return found


KIND = Kind(
    "own interfaces beside published ones, by solid electrolyte",
    paint,
    data,
    frozenset({"labels"}),
)
