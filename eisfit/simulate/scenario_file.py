"""Scenario files: the TOML of a simulated cell, read into a Scenario."""

from __future__ import annotations

import math
import re
from dataclasses import fields
from typing import cast

from eisfit.cell.roles import names_in
from eisfit.errors import InputError
from eisfit.laws.ordinate import Ordinate
from eisfit.simulate.part import REFERENCE_C, Part
from eisfit.simulate.particles import particles_in
from eisfit.simulate.scenario import FORMATS, Scenario
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.toml_table import Table

_ORDINATES = ("ln(1/R)", "ln(T/R)")  # a part is given by its resistance
_GIVEN_ELSEWHERE = ("temperature_c", "own", "fixed")  # from other keys, or in no scenario
_WALL = "interface"  # part that lines the pores


def parse_scenario(name: str, text: str) -> Scenario:
    """Read the TOML text of a scenario.

    Raises
    ------
    InputError
        If it is no TOML, a key is unknown or missing, a source is not cited, or the parts are not those that lie
        between the probes of its template.
    """
    return scenario_from(name, Table.parse(text, f"scenario {name!r}", InputError))


def scenario_from(name: str, table: Table) -> Scenario:
    """Read a scenario from its table.

    Raises
    ------
    InputError
        As `parse_scenario` does.
    """
    where = table.where
    parts = [_part(t) for t in table.tables("part", "name")]
    names = [each for each, _ in parts]
    if len(set(names)) < len(names):
        raise InputError(f"{where}: two parts have the same name; each needs its own")
    sums = Table(table.take("sums", {}), f"{where}, sums", InputError)
    result = Scenario(
        name=name,
        title=table.string("title"),
        template=table.string("template"),
        parts=dict(parts),
        above_window=table.strings("above_window", ()),
        conditions=_conditions(Table(table.take("conditions"), f"{where}, conditions", InputError)),
        temperatures_c=table.numbers("temperatures_c"),
        frequency_hz=_window(table),
        points_per_decade=table.whole_number("points_per_decade"),
        noise=table.required_number("noise"),
        anchors=table.string("anchors").strip(),
        source=table.strings("source"),
        sums={key: sums.strings(key) for key in sums.data},
        formats=table.strings("formats"),
        without=table.strings("without", ()),
        times_h=_positive(table, "times_h"),
        concentrations_mol_l=_positive(table, "concentrations_mol_l"),
        particle_fractions=_shares(table, "particle_fractions"),
        pairs=table.strings("pairs", ()),
    )
    table.finish()
    _check_series(result, where)
    _check_words(result, where)
    _check_cell(result, where)
    _check_particles(result, where)
    return result


def _part(table: Table) -> tuple[str, Part]:
    ordinate = table.string("ordinate")
    if ordinate not in _ORDINATES:
        raise InputError(f"{table.where}: unknown ordinate {ordinate!r}; known: {', '.join(_ORDINATES)}")
    alpha, reference = table.number("alpha"), table.number("reference_c")
    result = Part(
        asr_ohm_cm2=table.required_number("asr_ohm_cm2"),
        activation_energy_ev=table.required_number("activation_energy_ev"),
        ordinate=cast(Ordinate, ordinate),
        count=table.whole_number("count", 1),
        capacitance_f_cm2=table.number("capacitance_f_cm2"),
        alpha=1.0 if alpha is None else alpha,
        reference_c=REFERENCE_C if reference is None else reference,
        melting_c=table.number("melting_c"),
        activation_energy_below_ev=table.number("activation_energy_below_ev"),
        concentration_power=table.number("concentration_power"),
        growth_h=table.number("growth_h"),
        particles=particles_in(table),
    )
    name = table.string("name")
    table.finish()
    if (result.melting_c is None) != (result.activation_energy_below_ev is None):
        raise InputError(
            f"{table.where}: melting_c and activation_energy_below_ev belong together; give both or none"
        )
    if result.growth_h is not None and not result.growth_h > 0:
        raise InputError(f"{table.where}: growth_h is {result.growth_h:g}; it must be above 0 hours")
    return name, result


def _positive(table: Table, key: str) -> tuple[float, ...]:
    values = table.numbers(key) if key in table.data else ()
    if not all(v > 0 for v in values):
        raise InputError(f"{table.where}: {key} is {list(values)}; each must be above 0")
    return values


def _shares(table: Table, key: str) -> tuple[float, ...]:
    values = table.numbers(key) if key in table.data else ()
    if not all(0 <= v < 1 for v in values):
        raise InputError(f"{table.where}: {key} is {list(values)}; each must be 0 or larger, and below 1")
    return values


def _check_series(scenario: Scenario, where: str) -> None:
    """Raise where more than one condition changes."""
    several = [
        key
        for key, values in (
            ("temperatures_c", scenario.temperatures_c if len(scenario.temperatures_c) > 1 else ()),
            ("times_h", scenario.times_h),
            ("concentrations_mol_l", scenario.concentrations_mol_l),
            ("particle_fractions", scenario.particle_fractions),
        )
        if values
    ]
    if len(several) > 1:
        raise InputError(
            f"{where}: {' and '.join(several)} change at once; a series is over one of them: write one temperature, "
            "and times, concentrations or shares of particles"
        )


def _conditions(table: Table) -> Conditions:
    """Read what all spectra have in common."""
    layers = Table(table.take("layers", {}), f"{table.where}, layers", InputError)
    found: dict[str, object] = {"layers": {role: layers.required_number(role) for role in layers.data}}
    for field in fields(Conditions):
        if field.name not in (*found, *_GIVEN_ELSEWHERE):
            found[field.name] = table.take(field.name, None)
    table.finish()
    try:
        return Conditions(**{k: v for k, v in found.items() if v is not None})  # type: ignore[arg-type]
    except InputError as error:
        raise InputError(f"{table.where}: {error}") from None


def _window(table: Table) -> tuple[float, float]:
    window = table.numbers("frequency_hz")
    if len(window) == 2 and window[0] > window[1] > 0:
        return window[0], window[1]
    raise InputError(
        f"{table.where}: frequency_hz is {list(window)}; write the highest and the lowest frequency, as [1e6, 0.1]"
    )


def _check_words(scenario: Scenario, where: str) -> None:
    """Raise where a format is unknown, or sources and citations do not agree."""
    for ending in scenario.formats:
        if ending not in FORMATS:
            raise InputError(f"{where}: unknown format {ending!r}; known: {', '.join(FORMATS)}")
    if not scenario.formats:
        raise InputError(f"{where}: formats is empty; name at least one of {', '.join(FORMATS)}")
    cited = {int(k) for k in re.findall(r"\[(\d+)\]", scenario.anchors)}
    for k in sorted(cited ^ set(range(1, len(scenario.source) + 1))):
        wrong = (
            "is cited in anchors and missing from source"
            if k in cited
            else "of source is not cited in anchors"
        )
        raise InputError(f"{where}: [{k}] {wrong}")


def _check_particles(scenario: Scenario, where: str) -> None:
    """Raise where particles have no shares, shares no particles, or a matrix another conductivity than its layer."""
    filled = {name: part for name, part in scenario.parts.items() if part.particles is not None}
    if bool(filled) != bool(scenario.particle_fractions):
        raise InputError(
            f"{where}: particle_fractions and the particles of a part belong together; give both"
        )
    for name, part in filled.items():
        assert part.particles is not None
        layer = (scenario.conditions.thickness_cm or math.nan) / part.asr_ohm_cm2
        if not abs(layer / part.particles.matrix_s_cm - 1) < 1e-6:
            raise InputError(
                f"{where}: part {name!r} of thickness_cm over asr_ohm_cm2 = {layer:g} S/cm, but its matrix_s_cm is "
                f"{part.particles.matrix_s_cm:g}; they state the same, so make them equal"
            )


def _check_cell(scenario: Scenario, where: str) -> None:
    """Raise where the parts are not those between the probes of the template."""
    try:
        path = scenario.cell.path
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    _check_pairs(scenario, where)
    known = {name for s in path for name in names_in(s.segment.name)}
    for name in scenario.above_window:
        if name not in known:
            raise InputError(
                f"{where}: above_window: unknown segment {name!r}; known: {', '.join(sorted(known))}"
            )
    for name, parts in scenario.sums.items():
        for part in parts:
            if part not in scenario.parts:
                raise InputError(
                    f"{where}: sum {name!r}: unknown part {part!r}; known: {', '.join(scenario.parts)}"
                )
    used = {part for s in path for part in scenario.sums.get(s.segment.name, (s.segment.name,))}
    used |= {_WALL} if "pore" in used else set()
    for part in sorted(used - set(scenario.parts)):
        raise InputError(
            f"{where}: it has no part {part!r}, which lies between the probes of {scenario.template}"
        )
    for part in sorted(set(scenario.parts) - used):
        raise InputError(f"{where}: part {part!r} does not lie between the probes of {scenario.template}")


def _check_pairs(scenario: Scenario, where: str) -> None:
    """Raise where pairs of probes are missing, or one is none of the template."""
    if scenario.cell.configuration.open_pair and not scenario.pairs:
        raise InputError(
            f'{where}: pairs are missing; write which are measured, as pairs = ["L2-S1", "S1-S2"]'
        )
    for pair in scenario.pairs:
        try:
            scenario.cell.between(pair, scenario.conditions)
        except InputError as error:
            raise InputError(f"{where}: pairs: {error}") from None
