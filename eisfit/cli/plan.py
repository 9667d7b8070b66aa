"""The command plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eisfit.cli import options
from eisfit.cli.app import app
from eisfit.cli.console import table_console
from eisfit.cli.figures import write_figures
from eisfit.errors import InputError

if TYPE_CHECKING:
    from eisfit.results.plan import Plan
    from eisfit.workflow.plan_file import Request

PLAN = "plan"
_ENDINGS = (".pdf", ".png", ".svg")


@app.command()
def plan(
    file: Annotated[
        Path | None, typer.Argument(help="A plan.toml: what is expected, how it is measured.")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="A cell of 'eisfit simulate', in place of a plan.toml.")
    ] = None,
    results: Annotated[
        Path | None, typer.Option("--from", help="An eisfit.h5 of a first measurement, or its folder.")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--for", help="What counts: a contribution for its E_A, 'interface R' for its resistance."
        ),
    ] = None,
    estimate: Annotated[
        str | None,
        typer.Option(
            help="joint (default) or shared: by which joint fit measurements are ranked.",
            callback=options.one_of("estimate", ("joint", "shared")),
        ),
    ] = None,
    noise_percent: Annotated[float | None, typer.Option(help="Noise in percent of |Z|.")] = None,
    temperature_err_c: Annotated[
        float | None, typer.Option(help="Standard error of each temperature.")
    ] = None,
    figure: Annotated[
        Path | None, typer.Option(help="Draw the ranking: a file that ends in .pdf, .png or .svg.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Folder for measurements.csv and predicted_errors.csv."),
    ] = None,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Foresee standard errors before measuring, and rank which further measurement helps most."""
    from eisfit import tables

    asked = _request(file, scenario, results)
    found = _with_options(asked, target, estimate, noise_percent, temperature_err_c).made()
    rows = {
        "measurements": tables.measurement_rows(found),
        "predicted_errors": tables.predicted_error_rows(found),
    }
    paths: list[Path] = []
    if output is not None:
        texts = {f"{n}.csv": tables.csv_text(r, tables.PLAN_TABLES[n]).encode() for n, r in rows.items()}
        paths += write_figures(output, texts, [PLAN], force)
    if figure is not None:
        paths += write_figures(figure.parent, _drawn(found, figure), [figure.stem], force)
    if not quiet:
        table_console().print(found)
    if as_json:
        data: dict[str, Any] = {n: tables.jsonable(r, tables.PLAN_TABLES[n]) for n, r in rows.items()}
        print(json.dumps({**data, "remarks": list(found.remarks), "files": list(map(str, paths))}, indent=1))
    else:
        for path in paths:
            print(path)


def _request(file: Path | None, scenario: str | None, results: Path | None) -> Request:
    """Return what is to be planned, from the one place that is named."""
    from eisfit.planning.foresee import planned
    from eisfit.workflow.plan_file import Request, cell_of_results, read_plan

    given = [
        name for name, value in (("a file", file), ("--scenario", scenario), ("--from", results)) if value
    ]
    if len(given) != 1:
        have = " and ".join(given) or "none of them"
        raise InputError(f"name one of plan.toml, --scenario NAME and --from RESULTS; there is {have}")
    if file is not None:
        return read_plan(file)
    return Request(planned(scenario) if scenario is not None else cell_of_results(results or Path()))


def _with_options(
    asked: Request, target: str | None, estimate: str | None, noise: float | None, error: float | None
) -> Request:
    """Return what is to be planned with what the command line says besides."""
    from dataclasses import replace

    for name, value in (("--noise-percent", noise), ("--temperature-err-c", error)):
        if value is not None and not 0 < value < 100:
            raise InputError(f"{name} {value:g}: it must be positive and below 100")
    changed = asked.with_cell(noise=None if noise is None else noise / 100, temperature_err_c=error)
    changed = changed if target is None else replace(changed, target=target)
    return changed if estimate is None else replace(changed, estimate=estimate)  # type: ignore[arg-type]


def _drawn(found: Plan, path: Path) -> dict[str, bytes]:
    from eisfit import plots

    if path.suffix.lower() not in _ENDINGS:
        raise InputError(f"--figure {path}: the name must end in {', '.join(_ENDINGS)}")
    ending = path.suffix.lower().removeprefix(".")
    (content,) = plots.as_files(plots.figure(PLAN, found), path.stem, [ending]).values()
    return {path.name: content}
