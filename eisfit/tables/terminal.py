"""Tables for people, printed by rich."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from eisfit.laws.arrhenius import Arrhenius
from eisfit.laws.law_fit import LawFit, ReferenceValue
from eisfit.laws.line_sentences import energy_text
from eisfit.results.doubted import misses
from eisfit.results.fit import Fit
from eisfit.results.joint import Joint
from eisfit.results.quantity import conductivity_unit
from eisfit.results.series import Series
from eisfit.tables.contribution_tables import UTF8, WIDE, contribution_forms, left_out
from eisfit.tables.parameter_table import parameter_tables
from eisfit.tables.remarks import echoes, remarks
from eisfit.tables.wide_and_narrow import Column, Form, fitting
from eisfit.tools.plain_text import encodable, one_line
from eisfit.tools.rounding import of_tests, with_error

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def arrhenius_table(lines: Sequence[tuple[Arrhenius, bool]], encoding: str = UTF8) -> Table:
    """Return the table of activation energies in their default ordinate, for a terminal."""
    return _energies(lines).spelled(encoding).table()


def _energies(lines: Sequence[tuple[Arrhenius, bool]]) -> Form:
    columns = (
        Column("contribution"),
        Column("E_A / eV", words=True),
        Column("95 % interval / eV"),
        Column("ordinate"),
        Column("at 25 °C"),
        Column("at 60 °C"),
        Column("points", words=True),
    )
    rows = []
    for line in _default(lines):
        values = [
            f"{value} {unit}{' (extrapolated)' if beyond else ''}" if value != "none" else value
            for value, unit, beyond in _references(line)
        ]
        rows.append(
            (line.contribution, energy_text(line), _interval(line), line.ordinate, *values, _points(line))
        )
    return Form("Activation energies", columns, rows)


def _narrow_energies(lines: Sequence[tuple[Arrhenius, bool]]) -> list[Form]:
    """Return the table of activation energies as two that stand below each other: energies, then values."""
    energies = [
        (line.contribution, energy_text(line), _interval(line), line.ordinate, _points(line))
        for line in _default(lines)
    ]
    values = [
        (
            line.contribution,
            *(f"{value}{' (extrapolated)' if beyond else ''}" for value, _, beyond in _references(line)),
            next(unit for _, unit, _ in _references(line)),
        )
        for line in _default(lines)
    ]
    columns = (
        Column("contribution", words=True),
        Column("E_A / eV", words=True),
        Column("95 % interval / eV"),
        Column("ordinate"),
        Column("points", words=True),
    )
    at = (
        Column("contribution", words=True),
        Column("at 25 °C", words=True),
        Column("at 60 °C", words=True),
        Column("unit", words=True),
    )
    return [
        Form("Activation energies", columns, energies),
        Form("Values of the lines", at, values),
    ]


def _default(lines: Sequence[tuple[Arrhenius, bool]]) -> list[Arrhenius]:
    return [line for line, default in lines if default]


def _interval(line: Arrhenius) -> str:
    low, high = line.ci95_ev
    return f"{low:.3f} to {high:.3f}" if math.isfinite(low) and line.determined else ""


def _points(line: Arrhenius) -> str:
    scatter = f", scatter x {of_tests(line.scatter_ratio)}" if line.scatter_ratio > 1 else ""
    return f"{line.points_used} of {line.points_total}{scatter}"


def _references(line: Arrhenius) -> list[tuple[str, str, bool]]:
    """Return the values at 25 and 60 °C as text, their unit, and whether they are extrapolated."""
    units = {"asr": "Ω cm²", "conductivity": conductivity_unit(line.role), "resistance": "Ω"}
    return [
        (with_error(r.value, r.stderr) or "none", units[line.quantity], _beyond(line, r))
        for r in line.references
    ]


def _beyond(line: LawFit, value: ReferenceValue) -> bool:
    return value.extrapolated and not line.checks.rejected


def law_table(fits: Sequence[LawFit], encoding: str = UTF8) -> Table:
    """Return the table of the parameters of laws, for a terminal."""
    return _laws(fits).spelled(encoding).table()


def _laws(fits: Sequence[LawFit]) -> Form:
    headings = ("contribution", "parameter", "law", "value", "95 % interval", "ordinate", "points")
    rows: list[tuple[str, ...]] = []
    for fit in fits:
        scatter = f", scatter x {of_tests(fit.scatter_ratio)}" if fit.scatter_ratio > 1 else ""
        for p in fit.parameters:
            low, high = p.ci95
            interval = f"{low:.4g} to {high:.4g}" if math.isfinite(low) else ""
            points = f"{fit.points_used} of {fit.points_total}{scatter}"
            rows.append((fit.contribution, p.name, fit.law, fit.shown(p), interval, fit.ordinate, points))
    return Form("Laws", [Column(heading, words=heading == "points") for heading in headings], rows)


def _joint(joint: Joint) -> list[Form]:
    """Return what the links of a joint fit cost, and its shared values."""
    tests = [
        (
            t.parameter,
            t.link,
            f"{of_tests(t.chi2)} / {t.constraints}",
            f"{t.p:.2g}",
            f"{t.spectrum}: {of_tests(t.deviation)}",
        )
        for t in joint.tests
    ]
    heads = ("joint fit", "link", "chi-square / saved", "p", "largest deviation")
    found = [Form("What each link costs", [Column(h, words=h == "link") for h in heads], tests)]
    shared = [(p.name, with_error(p.value, p.stderr), p.unit) for p in joint.shared]
    if shared:
        found.append(
            Form("Shared by all spectra", [Column(h) for h in ("parameter", "value", "unit")], shared)
        )
    return found


def print_result(console: Console, result: Series | Sequence[Fit]) -> None:
    """Print how many fits miss their data, implausible conditions, tables and remarks on a terminal."""
    if text := misses(tuple(result)):
        _say(console, text, style="bold")
    for text in echoes(result):
        _say(console, f"! {text}")
    width, encoding = console.width, console.encoding
    forms = [*contribution_forms(result, width, encoding)]
    compact = forms[0].title != WIDE
    if isinstance(result, Series) and (lines := result.lines()):
        wide, *narrow = (form.spelled(encoding) for form in (_energies(lines), *_narrow_energies(lines)))
        forms += fitting(width, [wide], narrow)
    if isinstance(result, Series) and result.laws:
        forms += _laws(result.laws).spelled(encoding).cut(width, 2)
    if isinstance(result, Series) and result.joint is not None:
        forms += [form.spelled(encoding) for form in _joint(result.joint)]
    for form in forms:
        console.print(form.table())
    for item in parameter_tables(tuple(result)):
        console.print(item)
    if text := left_out(result):
        _say(console, text)
    for text in remarks(result, all_notes=compact):
        _say(console, f"- {text}")


def _say(console: Console, text: str, style: str | None = None) -> None:
    """Print a sentence, broken between words at the edge of the terminal."""
    from rich.text import Text

    console.print(Text(encodable(one_line(text), console.encoding), style=style or ""))
