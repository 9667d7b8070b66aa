"""Laws over 1/T as they are drawn: grouped by quantity, solid within the points and dashed beyond."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import InputError, SeriesError
from eisfit.laws.arrhenius import ARRHENIUS
from eisfit.laws.law_fit import LawFit
from eisfit.laws.ordinate import is_logarithm
from eisfit.plots.canvas.cells import cells_of
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.ordinates import QUANTITIES, Asked, Shown, italic, ordinate_named
from eisfit.results.fit import Fit
from eisfit.results.series import Series
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean

Lines: TypeAlias = Series | LawFit | Iterable[Series | LawFit]

_BEYOND = 0.07  # a line continues dashed by this fraction of the measured span
_STEPS = 120
_NOT_A_SERIES = "these are results of single fits: eisfit series fits spectra over a condition"


@dataclass(frozen=True)
class Drawn:
    """A line, how its axis shows it, and of which cell it is."""

    line: LawFit
    shown: Shown
    cell: int = 0
    cell_name: str = ""

    @property
    def title(self) -> str:
        """Title of its axis."""
        return self.shown.axis_title(self.line)


def lines_of(result: Lines, choice: Choice = BY_DEFAULT) -> list[Drawn]:
    """Return the lines to draw: of a series the default one of each contribution, and its laws over 1/T.

    Raises
    ------
    InputError
        If there is no line, or one that was handed over is not over temperature or not a logarithm; or no
        contribution is of the name or has the ordinate that is asked for.
    """
    if isinstance(result, Spectrum | Fit):
        raise InputError(f"an Arrhenius plot needs a series: a {type(result).__name__} has one temperature")
    asked = ordinate_named(choice.ordinate) if choice.ordinate else None
    names, items = ((), [result]) if isinstance(result, LawFit) else cells_of(result, choice.labels or None)
    found = []
    for cell, item in enumerate(items):
        where = (cell, names[cell]) if names else (0, "")
        if isinstance(item, Series):
            found += [
                Drawn(line, asked.shown if asked else Shown(), *where) for line in _of_series(item, asked)
            ]
        elif isinstance(item, LawFit):
            if asked and (item.ordinate, item.quantity) not in [(asked.fitted, q) for q in asked.quantities]:
                continue
            found.append(Drawn(item, asked.shown if asked else Shown(), *where))
        elif isinstance(item, Spectrum | Fit):
            raise InputError(f"an Arrhenius plot needs a series; {_NOT_A_SERIES}")
        else:
            raise InputError(
                f"cannot draw {type(item).__name__}: give a Series, its lines, or a list of series"
            )
    found = _chosen(found, choice, [i for i in items if isinstance(i, Series)])
    if not found:
        raise InputError(_nothing(items, asked))
    _check(found)
    return found


def _of_series(series: Series, asked: Asked | None) -> list[LawFit]:
    if asked is None:
        shown = [line for line, default in series.law_fits() if default and _fits_here(line)]
        at_once = {line.contribution for line in shown if line.estimate == "joint"}
        return [line for line in shown if line.estimate == "joint" or line.contribution not in at_once]
    found: list[LawFit] = []
    for name in series.names:
        try:
            line = series.arrhenius(name, asked.fitted)
        except SeriesError:  # another quantity, or too few temperatures: other contributions are drawn
            continue
        if line.quantity in asked.quantities:
            found.append(line)
    return found


def _chosen(found: list[Drawn], choice: Choice, series: list[Series]) -> list[Drawn]:
    """Return the lines of the contributions that are asked for."""
    known = list(
        dict.fromkeys([*(n for s in series for n in s.names), *(d.line.contribution for d in found)])
    )
    for name in [*choice.contributions, *(name for name, _ in choice.names)]:
        if name not in known:
            raise InputError(
                f"no contribution {name!r}{did_you_mean(name, known)}; there are {', '.join(map(repr, known))}"
            )
    if not choice.contributions:
        return found
    place = {name: k for k, name in enumerate(choice.contributions)}
    return [d for d in found if d.line.contribution in place]


def _nothing(items: Sequence[Any], asked: Asked | None) -> str:
    if asked is None or not any(isinstance(i, Series) for i in items):
        return "there is no Arrhenius line to draw: no contribution has a value at two temperatures or more"
    quantities = {
        line.contribution: line.quantity
        for series in items
        if isinstance(series, Series)
        for line, _ in series.lines()
    }
    has = ", ".join(f"{name} has {quantity}" for name, quantity in quantities.items())
    cure = "; conductivities need area_cm2 and thickness_cm, asr needs area_cm2" if has else ""
    return f"ordinate {asked.name!r} suits none of the contributions ({has or 'none has a line'}){cure}"


def _check(found: Sequence[Drawn]) -> None:
    for line in (drawn.line for drawn in found):
        if not _fits_here(line):
            raise InputError(
                f"{line.contribution}: {line.law} of {line.ordinate} over {line.condition} cannot be drawn here: "
                "an Arrhenius plot shows logarithms over 1/T"
            )


def _fits_here(line: LawFit) -> bool:
    return line.over_temperature and is_logarithm(line.ordinate)


def panels_of(lines: Sequence[Drawn]) -> list[list[Drawn]]:
    """Group lines so that one panel never mixes two quantities."""
    groups: dict[str, list[Drawn]] = {}
    for drawn in lines:
        groups.setdefault(drawn.title, []).append(drawn)
    return list(groups.values())


def pieces(line: LawFit, limits: tuple[float, float]) -> list[tuple[Floats, str, str]]:
    """Return the grids of a line: solid through its points, dashed beyond them and where it is rejected."""
    inside = 1000 / line.at[line.used]
    low, high = float(inside.min()), float(inside.max())
    style = "--" if line.checks.rejected else "-"
    pieces = [(np.linspace(low, high, _STEPS), style, "line")]
    if limits[0] < low:
        pieces.append((np.linspace(limits[0], low, _STEPS), "--", "extrapolated"))
    if limits[1] > high:
        pieces.append((np.linspace(high, limits[1], _STEPS), "--", "extrapolated"))
    return pieces


def span(lines: Sequence[Drawn]) -> tuple[float, float]:
    """Return the limits of 1000/T: all points, and a little beyond."""
    x = 1000 / np.concatenate([drawn.line.at for drawn in lines])
    beyond = _BEYOND * float(np.ptp(x))
    return float(x.min()) - beyond, float(x.max()) + beyond


def ordinate(line: LawFit) -> str:
    """Return the ordinate that was fitted as text, such as ln(σT)."""
    return f"ln({italic(QUANTITIES[line.ordinate, line.quantity][0])})"


def data(result: Lines, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers: points with their errors, and the lines with their bands."""
    rows: list[dict[str, Any]] = []
    lines = lines_of(result, choice)
    limits = choice.xlim or span(lines)
    others = any(drawn.line.law != ARRHENIUS for drawn in lines)
    cells = any(drawn.cell_name for drawn in lines)
    for drawn in lines:
        line, shown = drawn.line, drawn.shown
        head: dict[str, Any] = {"cell": drawn.cell_name} if cells else {}
        unit = shown.symbol(line)[1]
        head |= {"contribution": line.contribution, "ordinate": _ordinate_text(drawn), "unit": unit}
        if others:
            head["law"] = line.law
        y, error = line.ordinate_value, line.ordinate_stderr
        kinds = ["used" if used else "not used" for used in line.used]
        columns = (shown.of(y), *shown.ordered(y - error, y + error))
        rows += _rows(head, kinds, line.labels, 1000 / line.at, columns)
        for grid, _, kind in pieces(line, limits):
            centre, low, high = line.line(1000 / grid)
            columns = (shown.of(centre), *shown.ordered(low, high))
            rows += _rows(head, [kind] * grid.size, [""] * grid.size, grid, columns)
    return rows


def _ordinate_text(drawn: Drawn) -> str:
    """Return the ordinate as tables name it, or what is shown in its place."""
    if drawn.shown == Shown():
        return drawn.line.ordinate
    symbol = drawn.shown.symbol(drawn.line)[0].replace("σ", "sigma").replace("sigmaT", "sigma T")
    return f"{drawn.shown.form}({symbol})" if drawn.shown.form else symbol


def _rows(
    head: dict[str, Any],
    kinds: Sequence[str],
    labels: Sequence[str],
    inverse: Floats,
    columns: tuple[Floats, Floats, Floats],
) -> list[dict[str, Any]]:
    return [
        {
            **head,
            "kind": kind,
            "spectrum": label,
            "temperature_c": float(1000 / x) - ZERO_CELSIUS_K,
            "inverse_temperature_1000_per_k": float(x),
            "value": float(value),
            "low": float(low),
            "high": float(high),
        }
        for kind, label, x, value, low, high in zip(kinds, labels, inverse, *columns, strict=True)
    ]
