"""Write a simulated series to a folder: instrument files, series.toml, truth.toml, README."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

from eisfit.errors import InputError
from eisfit.formats.delimited_text import write_csv
from eisfit.formats.eclab_text import write_mpt
from eisfit.formats.gamry import write_dta
from eisfit.formats.zplot import write_z
from eisfit.simulate.scenario import REFERENCE_C, Part, Scenario, Simulation
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.whole_files import write_together


def write_simulation(simulation: Simulation, folder: str | Path, *, overwrite: bool = False) -> Path:
    """Write a simulated series to a folder, with its truth beside it.

    Parameters
    ----------
    simulation : Simulation
        The series.
    folder : str or Path
        Made if it does not exist. Holds every spectrum in the formats of the scenario, ``series.toml`` (which reads
        the first of them), ``truth.toml`` and ``README.md`` afterwards.
    overwrite : bool
        Whether a series that the folder holds already may be replaced.

    Raises
    ------
    InputError
        If the folder holds a series already.
    """
    folder = Path(folder)
    if (folder / "series.toml").exists() and not overwrite:
        raise InputError(f"{folder}: holds a series already; choose another folder, or --force to replace it")
    with tempfile.TemporaryDirectory() as made:
        for spectrum in simulation.spectra:
            for ending in simulation.scenario.formats:
                _write(Path(made) / f"{spectrum.label}{ending}", spectrum, simulation)
        files = {path.name: path.read_bytes() for path in sorted(Path(made).iterdir())}
    texts = {"truth.toml": _truth_toml, "README.md": _readme, "series.toml": _series_toml}
    files |= {name: text(simulation).encode() for name, text in texts.items()}
    write_together(folder, files)
    return folder


def _write(path: Path, spectrum: Spectrum, simulation: Simulation) -> None:
    comment = f"simulated by eisfit: {simulation.scenario.name}, seed {simulation.seed}"
    if path.suffix == ".mpt":
        write_mpt(path, spectrum, comment=comment)
    elif path.suffix == ".DTA":
        write_dta(path, spectrum, title=comment)
    elif path.suffix == ".z":
        write_z(path, spectrum)
    else:
        write_csv(path, spectrum)


def _series_toml(simulation: Simulation) -> str:
    scenario, conditions = simulation.scenario, simulation.scenario.conditions
    head = [
        f"# simulated: {scenario.title}",
        f'template = "{scenario.template}"',
        f"electrodes = {conditions.electrodes}",
        f"area_cm2 = {conditions.area_cm2}",
        f"thickness_cm = {conditions.thickness_cm} # of the solid electrolyte",
        f"temperature_err_c = {conditions.temperature_err_c}",
    ]
    if conditions.layers:
        inner = ", ".join(f"{role} = {cm}" for role, cm in conditions.layers.items())
        head.append(f"layers = {{ {inner} }} # thickness in cm")
    if conditions.true_area_cm2 is not None:
        head.append(f"true_area_cm2 = {conditions.true_area_cm2} # wall of all pores of one side")
    for s in simulation.spectra:
        head += [
            "",
            "[[spectrum]]",
            f'file = "{s.label}{scenario.formats[0]}"',
            f"temperature_c = {s.conditions.temperature_c}",
        ]
    return "\n".join(head) + "\n"


def _truth_toml(simulation: Simulation) -> str:
    scenario = simulation.scenario
    lines = [
        "# the truth behind the simulated series; no program but a test should look here",
        f"seed = {simulation.seed}",
        f"noise = {scenario.noise} # standard deviation of Re Z and of Im Z, each by |Z|",
    ]
    for name, part in scenario.parts.items():
        lines += [
            "",
            "[[contribution]]",
            f'name = "{name}"',
            f"count = {part.count}",
            f"asr_ohm_cm2_{part.reference_c:g}c = {part.asr_ohm_cm2} # of one segment",
            f"activation_energy_ev = {part.activation_energy_ev}",
            f'ordinate = "{part.ordinate}"',
        ]
        if part.capacitance_f_cm2 is not None:
            lines += [f"capacitance_f_cm2 = {part.capacitance_f_cm2}", f"alpha = {part.alpha}"]
    for k, s in enumerate(simulation.spectra):
        lines += ["", "[[spectrum]]", f'label = "{s.label}"']
        lines += [
            f"true_temperature_c = {simulation.true_temperatures_c[k]:.6f}",
            "[spectrum.resistance_ohm]",
        ]
        names = (*scenario.parts, *scenario.sums)
        lines += [f'"{name}" = {simulation.true_resistance_ohm(k, name):.9g}' for name in names]
    return "\n".join(lines) + "\n"


def _readme(simulation: Simulation) -> str:
    scenario, conditions = simulation.scenario, simulation.scenario.conditions
    one = all(p.reference_c == REFERENCE_C for p in scenario.parts.values())
    low, high = min(scenario.temperatures_c), max(scenario.temperatures_c)
    formats = " and as ".join(f"`{ending}`" for ending in scenario.formats)
    return "\n".join(
        [
            f"# {scenario.name}",
            "",
            "**These spectra are simulated, not measured.** "
            f"{scenario.title[0].upper()}{scenario.title[1:]}; {len(simulation.spectra)} temperatures "
            f"from {low:g} to {high:g} °C, "
            f"{scenario.frequency_hz[0]:g} to {scenario.frequency_hz[1]:g} Hz, "
            f"noise {100 * scenario.noise:g} % of \\|Z\\| on the real and on the imaginary part, area "
            f"{conditions.area_cm2:g} cm², solid {conditions.thickness_cm:g} cm thick. Each true temperature "
            f"differs from the stated one by a draw with a standard deviation of "
            f"{conditions.temperature_err_c:g} °C.",
            "",
            f"| contribution | count | Ω cm² of one{' at 25 °C' if one else ''} | E_A / eV | F cm⁻² | exponent |",
            "|---|---|---|---|---|---|",
            *(_readme_row(name, part, one) for name, part in scenario.parts.items()),
            *_readme_sums(scenario),
            "",
            scenario.anchors,
            "",
            f"Sources: {'; '.join(f'[{k}] doi {doi}' for k, doi in enumerate(scenario.source, 1))}.",
            "",
            f"Every spectrum lies here as {formats}. `truth.toml` holds what a fit must find. "
            f"Made with `eisfit simulate {scenario.name} --seed {simulation.seed} -o FOLDER`.",
            "",
        ]
    )


def _readme_row(name: str, part: Part, one_reference: bool) -> str:
    at = "" if one_reference or part.asr_ohm_cm2 == 0 else f" at {part.reference_c:g} °C"
    law = f"{part.asr_ohm_cm2:g}{at} | {part.activation_energy_ev:g} by {part.ordinate}"
    if math.isinf(part.asr_ohm_cm2):
        law = "blocks | "
    arc = " | " if part.capacitance_f_cm2 is None else f"{part.capacitance_f_cm2:g} | {part.alpha:g}"
    return f"| {name} | {part.count} | {law} | {arc} |"


def _readme_sums(scenario: Scenario) -> list[str]:
    if not scenario.sums:
        return []
    said = [f"`{name}` ({' and '.join(parts)})" for name, parts in scenario.sums.items()]
    return ["", f"A fit reports as one: {', '.join(said)}."]
