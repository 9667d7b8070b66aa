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

File = Annotated[Path | None, typer.Argument(help="A plan.toml: what is expected, how it is measured.")]
ScenarioName = Annotated[
    str | None, typer.Option(help="A cell of 'eisfit simulate', in place of a plan.toml.")
]
Results = Annotated[
    Path | None, typer.Option("--from", help="An eisfit.h5 of a first measurement, or its folder.")
]
Target = Annotated[
    str | None,
    typer.Option("--for", help="What counts: a contribution for its E_A, 'interface R' for its resistance."),
]
EstimateName = Annotated[
    str | None,
    typer.Option(
        help="joint (default) or shared: by which joint fit measurements are ranked.",
        callback=options.one_of("estimate", ("joint", "shared")),
    ),
]
NoisePercent = Annotated[float | None, typer.Option(help="Noise in percent of |Z|.")]
TemperatureError = Annotated[float | None, typer.Option(help="Standard error of each temperature.")]
FigureFile = Annotated[
    Path | None, typer.Option(help="Draw the ranking: a file that ends in .pdf, .png or .svg.")
]
Tables = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="Folder for measurements.csv and predicted_errors.csv."),
]


@app.command()
def plan(
    file: File = None,
    scenario: ScenarioName = None,
    results: Results = None,
    target: Target = None,
    estimate: EstimateName = None,
    noise_percent: NoisePercent = None,
    temperature_err_c: TemperatureError = None,
    figure: FigureFile = None,
    output: Tables = None,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Foresee standard errors before measuring, and rank which further measurement helps most."""
    if figure is not None and figure.suffix.lower() not in _ENDINGS:
        raise InputError(f"--figure {figure}: the name must end in {', '.join(_ENDINGS)}")
    asked = _request(file, scenario, results)
    found = _with_options(asked, target, estimate, noise_percent, temperature_err_c).made()
    paths = _written(found, output, figure, force)
    if not quiet:
        table_console().print(found)
    if as_json:
        data = {**_tables(found), "remarks": list(found.remarks), "files": list(map(str, paths))}
        print(json.dumps(data, indent=1))
    else:
        for path in paths:
            print(path)


def _rows(found: Plan) -> dict[str, list[dict[str, Any]]]:
    from eisfit import tables

    return {
        "measurements": tables.measurement_rows(found),
        "predicted_errors": tables.predicted_error_rows(found),
    }


def _tables(found: Plan) -> dict[str, Any]:
    """Return the tables of a plan as JSON has them."""
    from eisfit import tables

    return {name: tables.jsonable(rows, tables.PLAN_TABLES[name]) for name, rows in _rows(found).items()}


def _written(found: Plan, output: Path | None, figure: Path | None, force: bool) -> list[Path]:
    """Write tables and figure where they are asked for, and return the files."""
    from eisfit import tables

    paths: list[Path] = []
    if output is not None:
        columns = tables.PLAN_TABLES
        texts = {f"{n}.csv": tables.csv_text(rows, columns[n]).encode() for n, rows in _rows(found).items()}
        paths += write_figures(output, texts, [PLAN], force)
    if figure is not None:
        paths += write_figures(figure.parent, _drawn(found, figure), [figure.stem], force)
    return paths


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

    ending = path.suffix.lower().removeprefix(".")
    (content,) = plots.as_files(plots.figure(PLAN, found), path.stem, [ending]).values()
    return {path.name: content}
