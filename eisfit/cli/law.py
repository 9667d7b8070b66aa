"""The command law."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eisfit.cli.app import DONE, SOME_FAILED, app
from eisfit.cli.console import say, table_console
from eisfit.cli.law_branches import print_branches, refuse_others
from eisfit.cli.law_exchange import check_options, exchange_of, print_exchange
from eisfit.cli.law_layers import print_layers
from eisfit.cli.options import Json
from eisfit.cli.stored import results_in
from eisfit.errors import InputError
from eisfit.tools.nearest import did_you_mean

if TYPE_CHECKING:
    from eisfit.laws import LawFit
    from eisfit.tables.wide_and_narrow import Form

LIST = "list"
Name = Annotated[
    str, typer.Argument(help="Law or formula, such as 'arrhenius' or brick_layer; 'list' shows all.")
]
File = Annotated[
    Path | None,
    typer.Argument(
        help="File eisfit.h5 of 'series', its folder, or a CSV with the columns that 'list' names."
    ),
]
OfContribution = Annotated[
    list[str] | None, typer.Option("--contribution", help="Follow this one only. Repeat for further ones.")
]
Against = Annotated[
    list[str] | None, typer.Option("--against", help="Law to compare with by AICc. Repeat for further ones.")
]
InOrdinate = Annotated[str | None, typer.Option("--ordinate", help="What is fitted, such as 'ln(1/R)'.")]
Permittivity = Annotated[
    float | None, typer.Option(help="Relative permittivity of the layer, for 'layer growth'.")
]
TemperatureC = Annotated[
    float | None, typer.Option(help="Of all points in °C, for the exchange current; in place of the file's.")
]
Charge = Annotated[int, typer.Option(help="Charge number of the ion, for the exchange current.")]
PermittivityStderr = Annotated[float, typer.Option(help="Its standard error.")]


@app.command()
def law(
    name: Name,
    file: File = None,
    contribution: OfContribution = None,
    ordinate: InOrdinate = None,
    against: Against = None,
    temperature_c: TemperatureC = None,
    charge: Charge = 1,
    permittivity: Permittivity = None,
    permittivity_stderr: PermittivityStderr = 0.0,
    as_json: Json = False,
) -> None:
    """Fit a law to the values of a results file or CSV, or apply a formula for solids or dc to each line of a CSV."""
    if name == LIST:
        _list(as_json)
        return
    kind = _named(name)
    check_options(kind, temperature_c, charge)
    if file is None:
        raise InputError(
            f"name the file for {kind!r}: results of 'series', or a CSV; 'eisfit law list' names its columns"
        )
    from eisfit.workflow.branch_points import HEATING_COOLING
    from eisfit.workflow.formula_rows import FORMULAS
    from eisfit.workflow.layer_points import LAYER

    if kind == HEATING_COOLING:
        refuse_others(kind, bool(against), permittivity is not None or bool(permittivity_stderr))
        raise typer.Exit(print_branches(file, _series(file), contribution or [], ordinate, as_json))
    if kind == LAYER:
        if ordinate or against:
            raise InputError(f"{kind} has no ordinate and no rivals: leave --ordinate and --against out")
        layers = (file, _series(file), contribution or [], permittivity, permittivity_stderr)
        raise typer.Exit(print_layers(*layers, as_json))
    if permittivity is not None or permittivity_stderr:
        raise InputError(f"--permittivity belongs to {LAYER!r}, not to {kind!r}")
    if kind in FORMULAS:
        if contribution or ordinate or against:
            raise InputError(
                f"{kind} is a formula for each line; --contribution, --ordinate and --against belong to laws"
            )
        raise typer.Exit(_formula(kind, file, as_json))
    names = list(dict.fromkeys([kind, *(_named(other) for other in against or ())]))
    raise typer.Exit(_laws(names, file, contribution or [], ordinate, (temperature_c, charge), as_json))


def _named(name: str) -> str:
    """Return a law or formula by its name, also with other spelling of blanks and capitals."""
    from eisfit.laws.registry import FAMILIES, LAWS, law_known
    from eisfit.workflow.branch_points import HEATING_COOLING
    from eisfit.workflow.formula_rows import FORMULAS
    from eisfit.workflow.layer_points import LAYER

    others = (*FORMULAS, LAYER, HEATING_COOLING)
    plain = {each.replace("_", " ").lower(): each for each in (*LAWS, *others)}
    if (found := plain.get(name.replace("_", " ").lower())) is not None:
        return found
    if law_known(name) is not None:
        return name
    known = [*sorted(LAWS), *(example for example, _ in FAMILIES), *sorted(FORMULAS), LAYER, HEATING_COOLING]
    raise InputError(f"no law {name!r}{did_you_mean(name, known)}; there are {', '.join(map(repr, known))}")


def _laws(
    names: Sequence[str],
    file: Path,
    contributions: Sequence[str],
    ordinate: str | None,
    transfer: tuple[float | None, int],
    as_json: bool,
) -> int:
    """Fit a law, and those it is compared with; print the first, and how they rank."""
    from eisfit.workflow.exchange_points import exchange_data
    from eisfit.workflow.law_points import compared, law_data, laws_of_file

    series = _series(file)
    answers = laws_of_file(names, file, series, contributions, ordinate)
    first = answers[names[0]]
    ranked = compared(answers) if len(names) > 1 else []
    behind = [exchange_of(fit, file, series, *transfer) for fit in first.fits]
    if as_json:
        rows = [
            law_data(fit) | ({} if e is None else {"exchange_current": exchange_data(e)})
            for fit, e in zip(first.fits, behind, strict=True)
        ]
        data: dict[str, Any] = {"law": names[0], "fits": rows}
        print(json.dumps(data | ({"compared": ranked} if ranked else {}), indent=1))
    for fit, exchange in zip(first.fits, behind, strict=True):
        if not as_json:
            _print_law(fit)
            if exchange is not None:
                print_exchange(fit, exchange)
        for text in (*fit.remarks, *fit.sentences()):
            say(f"{fit.contribution}: {text}" if fit.contribution else text)
    for each in ranked:
        if not as_json:
            _print_ranked(each)
    failed = [text for answer in answers.values() for text in answer.failed]
    for text in failed:
        say(text)
    return SOME_FAILED if failed else DONE


def _print_ranked(ranked: dict[str, Any]) -> None:
    from eisfit.tables.wide_and_narrow import Column, Form

    def shown(value: float | None) -> str:
        return "" if value is None else f"{value:.3g}"

    headings = ("law", "above the best by AICc", "chi-square", "p of the simplest", "ruled out")
    columns = tuple(Column(heading, words=True) for heading in headings)
    rows = [
        (
            r["law"],
            shown(r["delta_aicc"]),
            shown(r["chi2"]),
            shown(r["p_simplest"]),
            "" if r["open"] else "yes",
        )
        for r in ranked["laws"]
    ]
    table_console().print(Form(f"{ranked['contribution'] or 'points'}: laws by AICc", columns, rows).table())


def _series(file: Path) -> Any:
    """Return the series of a results file; None of a CSV."""
    if file.suffix.lower() in (".csv", ".tsv", ".txt") and not file.is_dir():
        return None
    from eisfit import store
    from eisfit.results.series import Series

    path = results_in(file)
    found = store.load(path)
    if not isinstance(found, Series):
        raise InputError(
            f"{path}: holds results of single fits, which follow no condition; fit them by 'eisfit series'"
        )
    return found


def _print_law(fit: LawFit) -> None:
    from eisfit.tables.wide_and_narrow import Column, Form

    columns = (Column("parameter", words=True), Column("value"), Column("95 % interval"), Column("unit"))
    rows = [
        (p.name, fit.shown(p).removesuffix(f" {p.unit}"), _between(p.ci95), "" if p.unit == "1" else p.unit)
        for p in (*fit.parameters, *fit.derived)
    ]
    of = fit.contribution or "points"
    title = f"{of}: {fit.law} in {fit.ordinate}, {fit.points_used} of {fit.points_total} points"
    table_console().print(Form(title, columns, rows).table())


def _between(ci95: tuple[float, float]) -> str:
    return f"{ci95[0]:.4g} to {ci95[1]:.4g}" if ci95[0] == ci95[0] else ""


def _formula(name: str, file: Path, as_json: bool) -> int:
    from eisfit.workflow.formula_rows import formula_rows
    from eisfit.workflow.number_table import number_table

    rows, failed = formula_rows(name, number_table(file))
    if as_json:
        print(json.dumps({"law": name, "rows": rows}, indent=1))
    for row in rows:
        if not as_json:
            table_console().print(_form(name, row).table())
        for note in row["notes"]:
            say(f"line {row['line']}: {note}")
    for text in failed:
        say(text)
    return SOME_FAILED if failed else DONE


def _form(name: str, row: dict[str, Any]) -> Form:
    """Return the results of one line as a table: name with unit, and value with its error."""
    from eisfit.tables.wide_and_narrow import Column, Form
    from eisfit.tools.rounding import with_error
    from eisfit.workflow.formula_rows import OWN_STDERR, STDERR

    cells: list[tuple[str, str]] = []
    for key, value in row.items():
        if key in ("line", "notes", OWN_STDERR) or key.endswith(STDERR) or value is None:
            continue
        error = row.get(key + STDERR)
        if error is None and not cells:
            error = row.get(OWN_STDERR)
        cells.append((key, f"{value:.5g}" if error is None else with_error(value, error)))
    return Form(f"{name}, line {row['line']}", (Column("quantity", words=True), Column("value")), cells)


def _list(as_json: bool) -> None:
    from eisfit.laws.registry import LAWS
    from eisfit.workflow import branch_points
    from eisfit.workflow.formula_rows import FORMULAS, columns_of
    from eisfit.workflow.law_points import NAME, further_columns, value_columns
    from eisfit.workflow.layer_points import COLUMNS, LAYER, WHAT

    rows: list[dict[str, Any]] = []
    for found in LAWS.values():
        columns = [found.condition, " or ".join(value_columns(found))]
        rows.append(
            {"law": found.name, "what": found.doc, "columns": columns, "optional": further_columns(found)}
        )
    for each in FORMULAS:
        needed, further = columns_of(each)
        what = (FORMULAS[each][0].__doc__ or "").strip().split("\n")[0]
        rows.append({"law": each, "what": what, "columns": needed, "optional": further})
    rows.append(
        {"law": branch_points.HEATING_COOLING, "what": branch_points.WHAT, "columns": list(branch_points.COLUMNS),
         "optional": list(branch_points.FURTHER)}
    )  # fmt: skip
    rows.append({"law": LAYER, "what": WHAT, "columns": list(COLUMNS), "optional": [NAME]})
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    for row in rows:
        also = f" ({', '.join(row['optional'])})" if row["optional"] else ""
        print(f"{row['law']}: {', '.join(row['columns'])}{also}")
