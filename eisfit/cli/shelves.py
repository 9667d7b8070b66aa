"""The commands templates and simulate."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eisfit.cli.app import app
from eisfit.cli.options import Force, Json
from eisfit.errors import InputError

if TYPE_CHECKING:
    from eisfit.cell.templates import Template


@app.command()
def templates(
    name: Annotated[str | None, typer.Argument(help="Template to show. Default: list all.")] = None,
    toml: Annotated[bool, typer.Option("--toml", help="Print the file of the template.")] = False,
    as_json: Json = False,
) -> None:
    """List the templates, or show one: its circuits, what each segment expects, and what is to be given."""
    from eisfit.cell.find import shipped
    from eisfit.cell.find import template as find
    from eisfit.cell.limits import SYSTEMS

    if name is not None:
        print(find(name).text.rstrip() if toml else _shown(find(name), as_json))
        return
    rows: list[dict[str, Any]] = []
    for each in shipped():
        t = find(each)
        counts = [c.electrodes for c in t.configurations]
        rows.append(
            {"template": each, "system": t.system, "title": t.title, "use": t.use, "electrodes": counts}
        )
    rows.sort(key=lambda row: SYSTEMS.index(row["system"]))
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    system = ""
    for row in rows:
        if row["system"] != system:
            system = row["system"]
            print(f"# {system}")
        print(
            f"{row['template']}: {row['title']}; {row['use']}; {', '.join(map(str, row['electrodes']))} electrodes"
        )


def _shown(template: Template, as_json: bool) -> str:
    """Return a template as text that the terminal can print, or as JSON."""
    from eisfit.cell.description import described
    from eisfit.cell.drawing import plain

    if as_json:
        segments = [
            {"segment": s.name, "role": s.role, "circuit": s.circuit, "capacitance": s.capacitance}
            for s in template.segments
        ]
        seen = [{"electrodes": c.electrodes, "segments": dict(c.segments)} for c in template.configurations]
        about: dict[str, Any] = {"template": template.name, "title": template.title, "use": template.use}
        limits = [
            {"cannot_tell": x.cannot_tell, "told_by": x.told_by, "complement": x.complement}
            for x in template.limits
        ]
        about |= {"system": template.system, "source": template.source}
        parts = {"segments": segments, "configurations": seen, "limits": limits}
        return json.dumps(about | parts, indent=1)
    text = described(template)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return plain(text)
    return text


Scenario = Annotated[
    str,
    typer.Argument(help="Name or letter of a scenario; 'list' names them all. With --many also a circuit."),
]
SimulatedTo = Annotated[
    Path | None, typer.Option("-o", "--output", help="Folder to write into; with --many a file in .h5.")
]
Complements = Annotated[
    Path | None,
    typer.Option(help="Folder for the folders of complementary cells. Default: below the output."),
]
NoiseSeed = Annotated[int, typer.Option(help="Seed of the noise and the temperatures.")]
Noise = Annotated[
    float | None,
    typer.Option(
        help="Standard deviation of Re Z and Im Z, by |Z|. Default: the scenario's; with --many 0.005."
    ),
]
TemperatureError = Annotated[
    float | None, typer.Option(help="Standard error of the temperatures in °C. Default: the scenario's.")
]
LeadInductance = Annotated[float, typer.Option(help="Inductance of the leads in henry.")]
Reference = Annotated[
    tuple[float, float] | None, typer.Option(help="Resistances of both voltage probes in ohm.")
]
InputCapacitance = Annotated[
    float, typer.Option(help="Capacitance from each voltage probe to ground in farad.")
]
Many = Annotated[
    int | None, typer.Option("--many", help="Write so many spectra into one columnar HDF5 file.")
]
Value = Annotated[
    list[str] | None, typer.Option("--value", help="With --many: middle of a parameter, as R0=20. Repeat.")
]
Spread = Annotated[
    float, typer.Option(help="With --many: standard deviation of the logarithms of parameters.")
]


@app.command()
def simulate(
    name: Scenario,
    output: SimulatedTo = None,
    complements: Complements = None,
    seed: NoiseSeed = 1,
    noise: Noise = None,
    temperature_err_c: TemperatureError = None,
    lead_inductance_h: LeadInductance = 0.0,
    reference_ohm: Reference = None,
    input_capacitance_f: InputCapacitance = 1e-10,
    many: Many = None,
    value: Value = None,
    spread: Spread = 0.2,
    force: Force = False,
) -> None:
    """Write a simulated series with its truth beside it, and its complementary cells where it has some."""
    from eisfit import simulate as room

    if name == "list":
        print(_scenarios())
        return
    if room.is_direct_current(name):
        unmeant: dict[str, object] = {
            "--noise": noise,
            "--temperature-err-c": temperature_err_c,
            "--reference-ohm": reference_ohm,
        }
        unmeant |= {"--complements": complements, "--lead-inductance-h": lead_inductance_h or None}
        print(_simulated_dc(name, seed, output, force, unmeant))
        return
    if many is not None or value:
        from eisfit.cli.batch import write_many

        print(write_many(name, many, output, value or [], noise, spread, seed, force))
        return
    artefacts = room.Artefacts(lead_inductance_h, reference_ohm or (), input_capacitance_f)
    made = room.simulate(
        name, seed=seed, noise=noise, temperature_err_c=temperature_err_c, artefacts=artefacts
    )
    if output is None:
        raise InputError("say where to write the series: -o FOLDER")
    print(room.write_simulation(made, output, overwrite=force, complements=complements))


def _simulated_dc(name: str, seed: int, output: Path | None, force: bool, unmeant: dict[str, object]) -> Path:
    """Write simulated dc data, which have none of some options of spectra, and return the folder."""
    from eisfit.simulate import simulate_dc, write_dc

    for option, value in unmeant.items():
        if value is not None:
            raise InputError(
                f"{option}: scenario {name!r} is dc data and has no such thing; leave the option out"
            )
    if output is None:
        raise InputError("say where to write the data: -o FOLDER")
    return write_dc(simulate_dc(seed=seed), output, overwrite=force)


def _scenarios() -> str:
    """Return a line for each scenario: single cells, then those with complements by their letters."""
    from eisfit.simulate import CAMPAIGNS, SCENARIOS
    from eisfit.simulate.direct_current import LETTER, NAME, TITLE

    lines = [f"{scenario.name}: {scenario.title}" for scenario in SCENARIOS.values()]
    for campaign in CAMPAIGNS.values():
        beside = ", ".join(c.name for c in campaign.complements)
        lines.append(
            f"{campaign.letter}, {campaign.name}: {campaign.title}{f'; with {beside}' if beside else ''}"
        )
    lines.append(f"{LETTER}, {NAME}: {TITLE}")
    return "\n".join(lines)
