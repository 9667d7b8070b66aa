"""Tables for people, printed by rich."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from eisfit.laws.arrhenius import Arrhenius
from eisfit.laws.law_fit import LawFit, ReferenceValue
from eisfit.laws.line_sentences import energy_text
from eisfit.results.contribution import Contribution
from eisfit.results.doubted import misses
from eisfit.results.fit import Fit
from eisfit.results.quantity import conductivity_unit
from eisfit.results.series import Series
from eisfit.tables.parameter_table import parameter_tables
from eisfit.tables.remarks import echoes, remarks
from eisfit.tools.plain_text import one_line
from eisfit.tools.rounding import with_error

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def contribution_table(result: Series | Sequence[Fit]) -> Table:
    """Return the table of contributions per spectrum, for a terminal."""
    from rich.table import Table
    from rich.text import Text

    condition = result.condition if isinstance(result, Series) else "temperature_c"
    table = Table(title="Contributions", title_justify="left", header_style="bold", pad_edge=False)
    for heading, justify in (
        ("spectrum", "left"),
        (condition.replace("temperature_c", "T / °C"), "right"),
        ("contribution", "left"),
        ("R / Ω", "right"),
        ("per area or length", "right"),
        ("f_top / Hz", "right"),
        ("known", "left"),
    ):
        table.add_column(Text(one_line(heading)), justify=justify, overflow="fold")  # type: ignore[arg-type]
    for f in result:
        value = f.spectrum.conditions.number(condition)
        shown = "" if value is None else f"{value:g}"
        if not f.contributions:
            _add_row(table, f.label, shown, "", "", "", "", f.sentence)
        for number, c in enumerate(f.contributions):
            first = number == 0
            _add_row(table, f.label if first else "", shown if first else "", *_contribution_cells(c))
    if isinstance(result, Series):
        for u in result.unread:
            _add_row(table, u.label, "", "", "", "", "", u.reason)
    return table


def _add_row(table: Table, *cells: str) -> None:
    """Add a row whose cells stand as they are: brackets are no markup, and control characters are escapes."""
    from rich.text import Text

    table.add_row(*(Text(one_line(cell)) for cell in cells))


def _contribution_cells(c: Contribution) -> tuple[str, str, str, str, str]:
    specific = with_error(c.asr_ohm_cm2, c.asr_stderr_ohm_cm2, "Ω cm²") or with_error(
        c.conductivity_s_cm, c.conductivity_stderr_s_cm, conductivity_unit(c.role)
    )
    name = f"{c.count} x {c.name}" if c.count > 1 else c.name
    known = c.known if c.resolved in ("yes", "sum only", "blocking", "misfit") else f"{c.resolved}: {c.note}"
    resistance = with_error(c.resistance_ohm, c.resistance_stderr_ohm)
    if c.resolved == "upper limit":
        resistance, known = f"< {c.limit_ohm:.3g}", "upper limit (95 %)"
    if c.resolved == "no" and math.isfinite(c.limit_ohm):
        resistance = f"> {c.limit_ohm:.3g}"
    frequency = f"{c.frequency_hz:.3g}" if math.isfinite(c.frequency_hz) else ""
    return name, resistance, specific, frequency, known


def arrhenius_table(lines: Sequence[tuple[Arrhenius, bool]]) -> Table:
    """Return the table of activation energies in their default ordinate, for a terminal."""
    from rich.table import Table

    table = Table(title="Activation energies", title_justify="left", header_style="bold", pad_edge=False)
    for heading in (
        "contribution",
        "E_A / eV",
        "95 % interval / eV",
        "ordinate",
        "at 25 °C",
        "at 60 °C",
        "points",
    ):
        table.add_column(heading, overflow="fold")
    for line, default in lines:
        if not default:
            continue
        low, high = line.ci95_ev
        units = {"asr": "Ω cm²", "conductivity": conductivity_unit(line.role), "resistance": "Ω"}
        unit = units[line.quantity]
        references = [
            (with_error(r.value, r.stderr, unit) or "none") + (" (extrapolated)" if _beyond(line, r) else "")
            for r in line.references
        ]
        scatter = f", scatter x {line.scatter_ratio:.1f}" if line.scatter_ratio > 1 else ""
        _add_row(
            table,
            line.contribution,
            energy_text(line),
            f"{low:.3f} to {high:.3f}" if math.isfinite(low) and line.determined else "",
            line.ordinate,
            *references,
            f"{line.points_used} of {line.points_total}{scatter}",
        )
    return table


def _beyond(line: LawFit, value: ReferenceValue) -> bool:
    return value.extrapolated and not line.checks.rejected


def law_table(fits: Sequence[LawFit]) -> Table:
    """Return the table of the parameters of laws, for a terminal."""
    from rich.table import Table

    table = Table(title="Laws", title_justify="left", header_style="bold", pad_edge=False)
    for heading in ("contribution", "law", "parameter", "value", "95 % interval", "ordinate", "points"):
        table.add_column(heading, overflow="fold")
    for fit in fits:
        scatter = f", scatter x {fit.scatter_ratio:.1f}" if fit.scatter_ratio > 1 else ""
        for p in fit.parameters:
            low, high = p.ci95
            _add_row(
                table,
                fit.contribution,
                fit.law,
                p.name,
                fit.shown(p),
                f"{low:.4g} to {high:.4g}" if math.isfinite(low) else "",
                fit.ordinate,
                f"{fit.points_used} of {fit.points_total}{scatter}",
            )
    return table


def print_result(console: Console, result: Series | Sequence[Fit]) -> None:
    """Print how many fits miss their data, implausible conditions, tables and remarks on a terminal."""
    if text := misses(tuple(result)):
        console.print(one_line(text), style="bold", highlight=False, markup=False)
    for text in echoes(result):
        console.print(f"! {one_line(text)}", highlight=False, emoji=False, markup=False)
    console.print(contribution_table(result))
    for item in parameter_tables(tuple(result)):
        console.print(item)
    if isinstance(result, Series) and (lines := result.lines()):
        console.print(arrhenius_table(lines))
    if isinstance(result, Series) and result.laws:
        console.print(law_table(result.laws))
    for text in remarks(result):
        console.print(f"- {one_line(text)}", highlight=False, emoji=False, markup=False)
