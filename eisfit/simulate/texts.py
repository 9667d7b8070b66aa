"""The texts beside a simulated series: its manifest, its truth, and what a reader should know."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict

from eisfit.laws.registry import TEMPERATURE
from eisfit.simulate.campaign import Campaign
from eisfit.simulate.part import REFERENCE_C, Part
from eisfit.simulate.particles import FRACTION
from eisfit.simulate.scenario import CONCENTRATION, TIME, Scenario
from eisfit.simulate.simulation import Simulation

_WORDS = {
    TEMPERATURE: ("temperatures", "°C"),
    TIME: ("ages", "h"),
    CONCENTRATION: ("concentrations", "mol/L"),
    FRACTION: ("pellets with volume shares of particles", "vol/vol"),
}


def series_toml(simulation: Simulation, complements: Sequence[str] = ()) -> str:
    """Return the manifest; `complements` are the folders of the complementary cells, seen from this one."""
    scenario, conditions = simulation.scenario, simulation.scenario.conditions
    head = [
        f"# simulated: {scenario.title}",
        _model(simulation),
        f"electrodes = {conditions.electrodes}",
        f"area_cm2 = {conditions.area_cm2}",
    ]
    if conditions.thickness_cm is not None:
        head.append(f"thickness_cm = {conditions.thickness_cm} # of the solid electrolyte")
    if conditions.temperature_err_c is not None:
        head.append(f"temperature_err_c = {conditions.temperature_err_c}")
    if conditions.layers:
        inner = ", ".join(f"{role} = {cm}" for role, cm in conditions.layers.items())
        head.append(f"layers = {{ {inner} }} # thickness in cm")
    if conditions.probes_cm:
        inner = ", ".join(f"{name} = {cm}" for name, cm in conditions.probes_cm.items())
        head.append(f"probes_cm = {{ {inner} }} # from the left face of the solid")
    if conditions.probe_err_cm is not None:
        head.append(f"probe_err_cm = {conditions.probe_err_cm}")
    if scenario.pairs:
        head.append("joint = true # all pairs of probes at once")
    if conditions.true_area_cm2 is not None:
        head.append(f"true_area_cm2 = {conditions.true_area_cm2} # wall of all pores of one side")
    if scenario.without and not _circuit(simulation):
        head.append(f"without = {_listed(scenario.without)}")
    if scenario.over != TEMPERATURE:
        head.append(f'over = "{scenario.over}"')
    if simulation.campaign is not None:
        head += _joint(simulation.campaign, complements)
    for s in simulation.spectra:
        head += [
            "",
            "[[spectrum]]",
            f'file = "{s.label}{scenario.formats[0]}"',
            f"temperature_c = {s.conditions.temperature_c}",
        ]
        if scenario.over != TEMPERATURE:
            head.append(f"{scenario.over} = {s.conditions.number(scenario.over)}")
        if s.conditions.probe_pair:
            head.append(f'pair = "{s.conditions.probe_pair}"')
    return "\n".join(head) + "\n"


def _circuit(simulation: Simulation) -> str:
    """Return the circuit that fits the series; empty where it is that of the template."""
    return simulation.campaign.circuit if simulation.campaign is not None else ""


def _model(simulation: Simulation) -> str:
    circuit = _circuit(simulation)
    return f'circuit = "{circuit}"' if circuit else f'template = "{simulation.scenario.template}"'


def _joint(campaign: Campaign, complements: Sequence[str]) -> list[str]:
    """Return the keys of a joint fit."""
    lines = [f"share = {_listed(campaign.share)}"] if campaign.share else []
    if campaign.laws:
        lines += ["", "[law]", *(f'"{name}" = "{law}"' for name, law in campaign.laws.items())]
    for beside, folder in zip(campaign.complements if complements else (), complements, strict=True):
        lines += [
            "",
            "[[complement]]",
            f'name = "{beside.name}"',
            f'series = "{folder}"',
            f"shares = {_listed(beside.shares)}",
            f"geometry_err = {beside.geometry_err}",
        ]
    return lines


def _listed(words: Sequence[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return f"[{', '.join(quoted)}]"


def truth_toml(simulation: Simulation) -> str:
    """Return what a fit must find."""
    scenario = simulation.scenario
    lines = [
        "# the truth behind the simulated series; no program but a test should look here",
        f"seed = {simulation.seed}",
        f"noise = {scenario.noise} # standard deviation of Re Z and of Im Z, each by |Z|",
    ]
    if simulation.true_geometry != 1:
        lines.append(f"geometry = {simulation.true_geometry:.9g} # true over stated thickness / area")
    if simulation.true_probes_cm:
        inner = ", ".join(f"{name} = {cm:.9g}" for name, cm in simulation.true_probes_cm.items())
        lines.append(f"probes_cm = {{ {inner} }}")
    if simulation.campaign is not None:
        campaign = simulation.campaign
        lines.append(f"mechanism = {json.dumps(campaign.mechanism, ensure_ascii=False)}")
        lines.append(f"why = {json.dumps(campaign.why, ensure_ascii=False)}")
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
        lines += [f"{name} = {value}" for name, value in _further(part).items()]
        if part.capacitance_f_cm2 is not None:
            lines += [f"capacitance_f_cm2 = {part.capacitance_f_cm2}", f"alpha = {part.alpha}"]
    for k, s in enumerate(simulation.spectra):
        lines += ["", "[[spectrum]]", f'label = "{s.label}"']
        lines += [
            f"true_temperature_c = {simulation.true_temperatures_c[k]:.6f}",
            "[spectrum.resistance_ohm]",
        ]
        true = {name: simulation.true_resistance_ohm(k, name) for name in (*scenario.parts, *scenario.sums)}
        if s.conditions.probe_pair:  # only what lies between its probes
            true = {
                name: ohm
                for name, ohm in true.items()
                if all(true[p] for p in scenario.sums.get(name, (name,)))
            }
        lines += [f'"{name}" = {ohm:.9g}' for name, ohm in true.items()]
    return "\n".join(lines) + "\n"


def _further(part: Part) -> dict[str, float]:
    """Return what else its resistance depends on."""
    names = ("melting_c", "activation_energy_below_ev", "concentration_power", "growth_h")
    further = {name: value for name in names if (value := getattr(part, name)) is not None}
    return further | ({} if part.particles is None else asdict(part.particles))


def readme(simulation: Simulation) -> str:
    """Return what was simulated, by what choices, and from which sources."""
    scenario = simulation.scenario
    one = all(p.reference_c == REFERENCE_C for p in scenario.parts.values())
    formats = " and as ".join(f"`{ending}`" for ending in scenario.formats)
    name = simulation.asked or scenario.name
    of = f", scenario {simulation.asked}" if simulation.asked else ""
    return "\n".join(
        [
            f"# {scenario.name}{of}",
            "",
            f"**These spectra are simulated, not measured.** {_about(simulation)}",
            "",
            f"| contribution | count | Ω cm² of one{' at 25 °C' if one else ''} | E_A / eV | F cm⁻² | exponent |",
            "|---|---|---|---|---|---|",
            *(_readme_row(name, part, one) for name, part in scenario.parts.items()),
            *_readme_sums(scenario),
            "",
            *_purpose(simulation),
            scenario.anchors,
            "",
            f"Sources: {'; '.join(f'[{k}] doi {doi}' for k, doi in enumerate(scenario.source, 1))}.",
            "",
            f"Every spectrum lies here as {formats}. `truth.toml` holds what a fit must find. "
            f"Made with `eisfit simulate {name} --seed {simulation.seed} -o FOLDER`.",
            "",
        ]
    )


def _purpose(simulation: Simulation) -> list[str]:
    """Return what a campaign is for, and why its parts behave as they do."""
    campaign = simulation.campaign
    if campaign is None:
        return []
    return [f"Shows {campaign.title}. {campaign.why or campaign.mechanism}", ""]


def _about(simulation: Simulation) -> str:
    """Return the cell, its window and its errors in one sentence or two."""
    scenario, conditions = simulation.scenario, simulation.scenario.conditions
    high, low = scenario.frequency_hz
    thick = conditions.thickness_cm
    return (
        f"{scenario.title[0].upper()}{scenario.title[1:]}; {_range(simulation)}, {high:g} to {low:g} Hz, "
        f"noise {100 * scenario.noise:g} % of \\|Z\\| on the real and on the imaginary part, area "
        f"{conditions.area_cm2:g} cm²{f', solid {thick:g} cm thick' if thick is not None else ''}."
        + (
            " Each true temperature differs from the stated one by a draw with a standard deviation of "
            f"{conditions.temperature_err_c:g} °C."
            if conditions.temperature_err_c is not None
            else ""
        )
        + (
            f" Each probe in the solid stands off its stated place by a draw of {conditions.probe_err_cm:g} cm."
            if conditions.probe_err_cm is not None
            else ""
        )
    )


def _range(simulation: Simulation) -> str:
    """Return over what the series is."""
    scenario = simulation.scenario
    stated = [s.conditions.number(scenario.over) or 0.0 for s in simulation.spectra]
    word, unit = _WORDS[scenario.over]
    at = "" if scenario.over == TEMPERATURE else f" at {scenario.temperatures_c[0]:g} °C"
    size = len(dict.fromkeys(stated)) if scenario.pairs else len(stated)
    at += f", each seen by the pairs {', '.join(scenario.pairs)}" if scenario.pairs else ""
    return f"{size} {word} from {min(stated):g} to {max(stated):g} {unit}{at}"


def _readme_row(name: str, part: Part, one_reference: bool) -> str:
    at = "" if one_reference or part.asr_ohm_cm2 == 0 else f" at {part.reference_c:g} °C"
    law = f"{part.asr_ohm_cm2:g}{at} | {part.activation_energy_ev:g} by {part.ordinate}"
    if math.isinf(part.asr_ohm_cm2):
        law = "blocks | "
    arc = " | " if part.capacitance_f_cm2 is None else f"{part.capacitance_f_cm2:g} | {part.alpha:g}"
    return f"| {name} | {part.count} | {law}{_law_beside(part)} | {arc} |"


def _law_beside(part: Part) -> str:
    """Return what else its resistance depends on, in words."""
    said = ""
    if part.melting_c is not None:
        said += f", {part.activation_energy_below_ev:g} below {part.melting_c:g} °C"
    if part.concentration_power is not None:
        said += f"; by (c / 1 mol/L)^{part.concentration_power:g}"
    if part.growth_h is not None:
        said += f"; by 1 - exp(-t / {part.growth_h:g} h)"
    if (filled := part.particles) is not None:
        said += (
            f"; with particles of {filled.particle_s_cm:g} S/cm and {1e4 * filled.radius_cm:g} µm, each behind "
            f"{filled.interface_ohm_cm2:g} Ω cm²"
        )
    return said


def _readme_sums(scenario: Scenario) -> list[str]:
    if not scenario.sums:
        return []
    said = [f"`{name}` ({' and '.join(parts)})" for name, parts in scenario.sums.items()]
    return ["", f"A fit reports as one: {', '.join(said)}."]
