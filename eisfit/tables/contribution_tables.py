"""The contributions of fits for a terminal: one row for each, or one row for each spectrum where that is too wide."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from eisfit.results.contribution import Contribution
from eisfit.results.fit import Fit
from eisfit.results.quantity import conductivity_unit
from eisfit.results.series import Series
from eisfit.tables.wide_and_narrow import MOST_ROWS, Column, Form, fitting, short
from eisfit.tools.rounding import with_error

if TYPE_CHECKING:
    from rich.table import Table

UTF8 = "utf-8"
WIDE = "Contributions"  # title of the form with one row for each contribution
SURE = ("yes", "sum only", "blocking", "misfit")  # states that one or two words say


def contribution_table(result: Series | Sequence[Fit], encoding: str = UTF8) -> Table:
    """Return the table of contributions per spectrum, for a terminal.

    Parameters
    ----------
    result : Series or sequence of Fit
        The fits.
    encoding : str
        Of the terminal.
    """
    return _full(result).spelled(encoding).table()


def contribution_forms(result: Series | Sequence[Fit], width: int, encoding: str) -> Sequence[Form]:
    """Return the contributions in the form that fits into a width.

    Parameters
    ----------
    result : Series or sequence of Fit
        The fits.
    width : int
        Letters of a line.
    encoding : str
        Of the terminal.
    """
    return fitting(width, [_full(result).spelled(encoding)], _compact(result, width, encoding))


def left_out(result: Series | Sequence[Fit]) -> str:
    """Return where the spectra stand that the tables on a terminal leave out; '' where there are none."""
    more = len(result) - MOST_ROWS
    text = f"{more} more spectra: -o FOLDER writes them into contributions.csv, --json prints them"
    return text if more > 0 else ""


def _full(result: Series | Sequence[Fit]) -> Form:
    condition = _condition(result)
    columns = (
        Column("spectrum"),
        Column(_heading(condition), justify="right"),
        Column("contribution"),
        Column("R / Ω", justify="right"),
        Column("per area or length", justify="right"),
        Column("f_top / Hz", justify="right"),
        Column("known", words=True),
    )
    rows: list[tuple[str, ...]] = []
    for f in _first(result):
        value = _value(f, condition)
        if not f.contributions:
            rows.append((short(f.label), value, "", "", "", "", _why(f)))
        for number, c in enumerate(f.contributions):
            begin = ("", "") if number else (short(f.label), value)
            rows.append((*begin, *_cells(c)))
    return Form(WIDE, columns, rows + _unread(result, len(columns)))


def _compact(result: Series | Sequence[Fit], width: int, encoding: str) -> list[Form]:
    """Return resistances, then values per area or length, with one row for each spectrum."""
    fits, condition = _first(result), _condition(result)
    names = list(dict.fromkeys(c.name for f in fits for c in f.contributions))
    counts = {c.name: c.count for f in fits for c in f.contributions}
    heads = [f"{counts[name]:g} x {name}" if counts[name] > 1 else name for name in names]
    begin = [Column("spectrum"), Column(_heading(condition), justify="right")]
    resistances: list[tuple[str, ...]] = []
    specific: list[tuple[str, ...]] = []
    units: dict[str, str] = {}
    stated = [_states(f) for f in fits if f.contributions]
    common = {
        name: state
        for name, state in (stated[0].items() if len(stated) > 1 else ())
        if all(each.get(name) == state for each in stated)
    }
    for f in fits:
        by_name = {c.name: c for c in f.contributions}
        first = (short(f.label), _value(f, condition))
        resistances.append((*first, *(_resistance(by_name.get(n)) for n in names), _remark(f, common)))
        for c in f.contributions:
            units.setdefault(c.name, _specific(c)[1])
        specific.append((*first, *(_specific(by_name[n])[0] if n in by_name else "" for n in names)))
    numbers = [Column(head, justify="right") for head in heads]
    columns = [*begin, *numbers, Column("known", words=True)]
    said = [f"{name}: {state}" for name, state in common.items()]
    if all(row[-1] == "yes" for row in resistances):
        said += ["all others known" if said else "all known"]
        resistances = [(*row[:-1], "") for row in resistances]
    title = "; ".join(["R / Ω", *said])
    said = [f"{name}: {state}" for name, state in common.items()]
    if all(row[-1] == "yes" for row in resistances):
        said += ["all others known" if said else "all known"]
        resistances = [(*row[:-1], "") for row in resistances]
    title = "; ".join(["R / Ω", *said])
    whole = Form(title, columns, resistances + _unread(result, len(columns)))
    forms = list(whole.spelled(encoding).cut(width, 2))
    if any(units.values()):
        columns = [*begin, *(Column(f"{n} / {units[n]}", justify="right") for n in names)]
        forms += Form("Per area or length", columns, specific).spelled(encoding).cut(width, 2)
    return forms


def _first(result: Series | Sequence[Fit]) -> list[Fit]:
    return list(result)[:MOST_ROWS]


def _condition(result: Series | Sequence[Fit]) -> str:
    return result.condition if isinstance(result, Series) else "temperature_c"


def _heading(condition: str) -> str:
    return condition.replace("temperature_c", "T / °C")


def _value(fit: Fit, condition: str) -> str:
    value = fit.spectrum.conditions.number(condition)
    return "" if value is None else f"{value:g}"


def _unread(result: Series | Sequence[Fit], columns: int) -> list[tuple[str, ...]]:
    unread = result.unread if isinstance(result, Series) else ()
    return [(short(u.label), *[""] * (columns - 2), u.reason) for u in unread]


def _cells(c: Contribution) -> tuple[str, str, str, str, str]:
    value, unit = _specific(c)
    name = f"{c.count} x {c.name}" if c.count > 1 else c.name
    known = c.known if c.resolved in SURE else f"{c.resolved}: {c.note}"
    if c.resolved == "upper limit":
        known = "upper limit (95 %)"
    frequency = f"{c.frequency_hz:.3g}" if math.isfinite(c.frequency_hz) else ""
    return name, _resistance(c), f"{value} {unit}".strip(), frequency, known


def _resistance(c: Contribution | None) -> str:
    if c is None:
        return ""
    if c.resolved == "upper limit":
        return f"< {c.limit_ohm:.3g}"
    if c.resolved == "no" and math.isfinite(c.limit_ohm):
        return f"> {c.limit_ohm:.3g}"
    return with_error(c.resistance_ohm, c.resistance_stderr_ohm)


def _specific(c: Contribution) -> tuple[str, str]:
    """Return a value per area or length with its unit; both empty where it is not known."""
    if asr := with_error(c.asr_ohm_cm2, c.asr_stderr_ohm_cm2):
        return asr, "Ω cm²"
    sigma = with_error(c.conductivity_s_cm, c.conductivity_stderr_s_cm)
    return (sigma, conductivity_unit(c.role)) if sigma else ("", "")


def _why(fit: Fit) -> str:
    """Return why a spectrum has no contributions, without its label, which stands in front."""
    return fit.sentence.replace(f"; {fit.label}: ", ": ")


def _states(fit: Fit) -> dict[str, str]:
    """Return the state of each contribution of a fit that is not simply known."""
    states = {c.name: c.known if c.resolved in SURE else c.resolved for c in fit.contributions}
    return {name: state for name, state in states.items() if state != "yes"}


def _remark(fit: Fit, common: Mapping[str, str]) -> str:
    """Return what is not simply known of a fit, and not the same in all; the reason where it failed."""
    if not fit.contributions:
        return _why(fit)
    by_state: dict[str, list[str]] = {}
    for name, state in _states(fit).items():
        if common.get(name) != state:
            by_state.setdefault(state, []).append(name)
    if len(by_state) == 1 and len(fit.contributions) == len(next(iter(by_state.values()))):
        return next(iter(by_state))
    return "; ".join(f"{', '.join(names)}: {state}" for state, names in by_state.items()) or "yes"
