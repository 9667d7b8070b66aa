"""The commands templates and simulate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from eisfit.cli.app import app
from eisfit.cli.options import Force, Json
from eisfit.errors import InputError


@app.command()
def templates(
    name: Annotated[str | None, typer.Argument(help="Template to show. Default: list all.")] = None,
    as_json: Json = False,
) -> None:
    """List the templates, or show one."""
    from eisfit.cell.find import shipped
    from eisfit.cell.find import template as find

    if name is not None:
        print(find(name).text.rstrip())
        return
    rows = []
    for each in shipped():
        t = find(each)
        counts = [c.electrodes for c in t.configurations]
        rows.append({"template": each, "title": t.title, "use": t.use, "electrodes": counts})
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    for row in rows:
        print(
            f"{row['template']}: {row['title']}; {row['use']}; {', '.join(map(str, row['electrodes']))} electrodes"
        )


@app.command()
def simulate(
    name: Annotated[str, typer.Argument(help="Name of a scenario; 'list' names them all.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Folder to write into.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the noise and the temperatures.")] = 1,
    force: Force = False,
) -> None:
    """Write a simulated series with its truth beside it."""
    from eisfit import simulate as room

    if name == "list":
        for scenario in room.SCENARIOS.values():
            print(f"{scenario.name}: {scenario.title}")
        return
    made = room.simulate(name, seed=seed)
    if output is None:
        raise InputError("say where to write the series: -o FOLDER")
    print(room.write_simulation(made, output, overwrite=force))
