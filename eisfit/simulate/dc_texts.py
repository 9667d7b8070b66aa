"""Simulated dc data as a table, as a file of EC-Lab, and with their truth beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from eisfit.errors import InputError
from eisfit.polarisation import DcData
from eisfit.simulate.direct_current import ANCHORS, LETTER, MECHANISM, NAME, TITLE, DcSimulation
from eisfit.tools.whole_files import write_together

TABLE, INSTRUMENT = "cell.csv", "cell.mpt"
_HOLD_S, _EVERY_S, _SETTLES_S = (
    120.0,
    2.0,
    8.0,
)  # of each step: its length, between points, until it is steady


def write_dc(simulation: DcSimulation, folder: str | Path, *, overwrite: bool = False) -> Path:
    """Write simulated dc data to a folder: a table, a file of EC-Lab, truth.toml and README.md.

    Parameters
    ----------
    simulation : DcSimulation
        The data.
    folder : str or Path
        Made if it does not exist.
    overwrite : bool
        Whether data that the folder holds already may be replaced.

    Raises
    ------
    InputError
        If the folder holds such data already.
    """
    folder = Path(folder)
    texts = {
        TABLE: table_text(simulation.data),
        INSTRUMENT: ec_lab_text(simulation),
        "truth.toml": _truth(simulation),
        "README.md": _readme(simulation),
    }
    if not overwrite and (folder / "truth.toml").exists():
        raise InputError(
            f"{folder}: holds a simulation already; choose another folder, or --force to replace it"
        )
    write_together(folder, {name: text.encode() for name, text in texts.items()})
    return folder


def table_text(data: DcData) -> str:
    """Return steady states as the table with places of probes that `eisfit dc` reads."""
    assert data.layout is not None
    errors = data.potential_stderr_v
    low, high = data.layout.solid_mm
    places = ", ".join(f"{name}={x:g}" for name, x in data.layout.positions_mm.items())
    heads = ["current/uA", *([] if data.current_stderr_a is None else ["stderr(current)/uA"])]
    for name in data.probes:
        heads += [f"{name}/mV", *([] if errors is None else [f"stderr({name})/mV"])]
    lines = [
        f"# area_cm2: {data.area_cm2:g}",
        f"# temperature_c: {data.temperature_c:g}",
        f"# position_mm: {places}",
        f"# solid_mm: {low:g}..{high:g}",
        ",".join(heads),
    ]
    for k, current in enumerate(data.current_a):
        cells = [1e6 * current, *([] if data.current_stderr_a is None else [1e6 * data.current_stderr_a[k]])]
        for j, value in enumerate(data.potential_v[k]):
            cells += [1e3 * value, *([] if errors is None else [1e3 * errors[k, j]])]
        lines.append(",".join(f"{cell:.7g}" for cell in cells))
    return "\n".join(lines) + "\n"


def ec_lab_text(simulation: DcSimulation) -> str:
    """Return the record of a chronopotentiometry as EC-Lab prints it, the probes at its analog inputs.

    Each step settles within seconds; its noise is such that the mean of its last fifth has the noise of the cell.
    """
    data, cell = simulation.data, simulation.cell
    rng = np.random.default_rng((simulation.seed, 1))
    at = np.arange(0.0, _HOLD_S, _EVERY_S)
    noise = cell.noise_v * np.sqrt(at.size / 5)
    head = ["Chronopotentiometry", "", f"Electrode surface area : {cell.area_cm2:g} cm²", ""]
    lines = ["EC-Lab ASCII FILE", f"Nb header lines : {len(head) + 3}", *head]
    inputs = [f"Analog IN {k}/V" for k in range(1, len(data.probes) + 1)]
    lines.append("\t".join(["Ns", "time/s", "Ewe/V", "I/mA", *inputs]))
    clean = cell.potentials_v(data.current_a / cell.area_cm2)
    for k, current in enumerate(data.current_a):
        for t in at:
            still = 1 - 0.1 * np.exp(-t / _SETTLES_S)
            u = clean[k] * still + noise * rng.standard_normal(len(data.probes))
            ewe = 1.2 * (u[0] - u[-1])
            row = [f"{k}", f"{k * _HOLD_S + t:.3f}", f"{ewe:.7E}", f"{1e3 * current:.7E}"]
            lines.append("\t".join([*row, *(f"{v:.7E}" for v in u)]))
    return "\r\n".join(lines) + "\r\n"


def instrument_command(simulation: DcSimulation, folder: str = "FOLDER") -> str:
    """Return the command that reads the file of the instrument, which does not tell where its inputs stand."""
    cell = simulation.cell
    low, high = cell.solid_mm
    parts = [f"eisfit dc {folder}/{INSTRUMENT} --temperature-c {cell.law.temperature_c:g}"]
    for k, place in enumerate(cell.places_mm.values(), 1):
        parts.append(f'--probe "Analog IN {k}" --position "Analog IN {k}={place:g}"')
    return " ".join([*parts, f"--solid-mm {low:g}..{high:g}"])


def _truth(simulation: DcSimulation) -> str:
    cell = simulation.cell
    return "\n".join(
        [
            "# the truth behind the simulated data; no program but a test should look here",
            f"seed = {simulation.seed}",
            f'mechanism = "{MECHANISM}"',
            f"i0_a_per_cm2 = {cell.law.i0_a_per_cm2!r}",
            f"alpha = {cell.law.alpha!r}",
            f"r_slei_ohm_cm2 = {cell.law.r_slei_ohm_cm2!r}",
            f"temperature_c = {cell.law.temperature_c!r}",
            f"noise_v = {cell.noise_v!r} # standard error of each potential",
            "",
        ]
    )


def _readme(simulation: DcSimulation) -> str:
    cell = simulation.cell
    return "\n".join(
        [
            f"# {NAME}, scenario {LETTER}",
            "",
            f"**These data are simulated, not measured.** Shows {TITLE}. Current enters the solid at one face "
            f"and leaves it at the other, at {len(cell.densities_a_per_cm2)} densities; area {cell.area_cm2:g} cm².",
            "",
            ANCHORS,
            "",
            f"`{TABLE}` holds the steady states with their errors, `{INSTRUMENT}` the record over time with the probes "
            "at the analog inputs. Read them with",
            "",
            f"    eisfit dc FOLDER/{TABLE}",
            f"    {instrument_command(simulation)}",
            "",
            f"`truth.toml` holds what a fit must find. Made with `eisfit simulate {LETTER} --seed {simulation.seed} "
            "-o FOLDER`.",
            "",
        ]
    )
