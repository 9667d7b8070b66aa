"""Template files: the TOML of a cell, read into a Template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from eisfit.cell.counts import Count, parse_count
from eisfit.cell.limits import SYSTEMS, Limit
from eisfit.cell.probe_tables import with_probes
from eisfit.cell.roles import ROLES
from eisfit.cell.segments import STRAY, Check, Configuration, Segment, Setting
from eisfit.cell.setting_checks import check_settings
from eisfit.cell.setting_texts import joined_settings
from eisfit.cell.templates import Template
from eisfit.cell.ties import named_tie
from eisfit.circuit.arc import arc_or_wall
from eisfit.circuit.circuit import parse
from eisfit.errors import TemplateError
from eisfit.spectrum.conditions import CONDITION_FIELDS, CONDITION_NUMBERS
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.toml_table import Table, shown


def parse_template(name: str, text: str) -> Template:
    """Read the TOML text of a template.

    Raises
    ------
    TemplateError
        If it is no TOML, a key is unknown or missing, or its parts contradict each other.
    """
    where = f"template {name!r}"
    table = Table.parse(text, where, TemplateError)
    segments = tuple(_segment(t) for t in table.tables("segment", "name"))
    if not segments:
        raise TemplateError(f"{where}: it has no [[segment]]; a cell needs at least one")
    if len({s.name for s in segments}) < len(segments):
        raise TemplateError(f"{where}: two segments have the same name; each needs its own")
    counts = {key: _count(key, t) for key, t in table.named_tables("count").items()}
    settings = parse_settings(table)
    result = Template(
        name=name,
        title=table.string("title"),
        use=table.string("use", ""),
        source=table.strings("source", ()),
        text=text,
        segments=segments,
        configurations=tuple(
            _configuration(key, t, segments, counts) for key, t in table.named_tables("configuration").items()
        ),
        settings=MappingProxyType(settings),
        checks=tuple(_check(t) for t in table.tables("check")),
        system=_system(table),
        counts=tuple(counts.values()),
        conditions=tuple(_condition(key, t, where) for key, t in table.named_tables("condition").items()),
        limits=tuple(_limit(t) for t in table.tables("limit")),
        given=tuple((key, _meaning(t)) for key, t in table.named_tables("given").items()),
        stray=STRAY in settings,
    )
    table.finish()
    _check_parts(result)
    check_settings(result)
    return result


def _check_parts(result: Template) -> None:
    """Refuse a template whose parts contradict each other."""
    where, segments = f"template {result.name!r}", result.segments
    if not result.configurations:
        raise TemplateError(
            f"{where}: it has no [configuration.NAME]; say which segments lie between the probes"
        )
    for check in result.checks:
        if check.configuration not in {c.name for c in result.configurations}:
            raise TemplateError(f"{where}: a check names the unknown configuration {check.configuration!r}")
    parameters = [p.name for s in segments for p in parse(s.circuit).parameters]
    doubled = sorted({p for p in parameters if parameters.count(p) > 1})
    if doubled:
        raise TemplateError(f"{where}: {doubled[0]!r} belongs to two segments; label the elements apart")
    for name, _ in result.given:
        if name not in parameters:
            near = did_you_mean(name, parameters)
            raise TemplateError(f"{where}: [given.{name}] is of an unknown parameter{near}")
    used = {term for c in result.configurations for _, term in c.counted}
    for count in result.counts:
        if not any(re.search(rf"\b{count.name}\b", term) for term in used):
            raise TemplateError(f"{where}: nothing is counted by [count.{count.name}]; leave it out")


def _system(table: Table) -> str:
    system = table.string("system", "")
    if system and system not in SYSTEMS:
        near = did_you_mean(system, SYSTEMS)
        raise TemplateError(f"{table.where}: unknown system {system!r}{near}; known: {', '.join(SYSTEMS)}")
    return system


def _count(name: str, table: Table) -> Count:
    result = Count(name, table.string("meaning"), table.whole_number("least", 1))
    table.finish()
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or name in CONDITION_FIELDS:
        raise TemplateError(
            f"{table.where}: {name!r} cannot be counted; take a word of letters that is no condition of its own"
        )
    return result


def _condition(name: str, table: Table, where: str) -> tuple[str, str]:
    meaning = _meaning(table)
    known = (*CONDITION_NUMBERS, *(f"layers.{role.layer or role.name}" for role in ROLES.values()))
    if name not in known:
        raise TemplateError(
            f"{where}: unknown condition {name!r}{did_you_mean(name, known)}; known: {', '.join(CONDITION_NUMBERS)}"
        )
    return name, meaning


def _meaning(table: Table) -> str:
    meaning = table.string("meaning")
    table.finish()
    return meaning


def _limit(table: Table) -> Limit:
    result = Limit(table.string("cannot_tell"), table.string("told_by"), table.strings("complement", ()))
    table.finish()
    return result


def _segment(table: Table) -> Segment:
    role = table.string("role")
    if role not in ROLES:
        near = did_you_mean(role, ROLES)
        raise TemplateError(f"{table.where}: unknown role {role!r}{near}; known: {', '.join(ROLES)}")
    circuit = table.string("circuit")
    root = parse(circuit).root
    result = Segment(
        table.string("name"), role, circuit, table.pair("capacitance"), table.strings("source", ())
    )
    table.finish()
    if result.capacitance is not None and arc_or_wall(root) is None:
        raise TemplateError(
            f"{table.where}: it has a capacitance, but its circuit {circuit!r} is no single arc, nor a pore whose "
            "wall is one: leave the capacitance out, or make each arc a segment of its own, such as Zarc_x, K_x, "
            "p(R_x,CPE_x) or p(R_x,C_x)"
        )
    return result


def _configuration(
    name: str, table: Table, segments: tuple[Segment, ...], numbers: Mapping[str, Count]
) -> Configuration:
    electrodes = table.whole_number("electrodes")
    counts = table.take("segments")
    probes, pairs = table.take("probe", {}), table.take("pair", {})
    table.finish()
    if not isinstance(counts, dict):
        raise TemplateError(f"{table.where}: segments is {shown(counts)}; write a table as {{ bulk = 1 }}")
    known, counted = [s.name for s in segments], {}
    for key, count in counts.items():
        if key not in known:
            raise TemplateError(
                f"{table.where}: unknown segment {key!r}{did_you_mean(key, known)}; known: {', '.join(known)}"
            )
        if isinstance(count, str):
            term = parse_count(count, numbers, f"{table.where}: segment {key!r}")
            counted[key], counts[key] = count, term.of(numbers[term.name].shown)
        elif not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise TemplateError(
                f"{table.where}: segment {key!r} lies {shown(count)} times between the probes; "
                "write a whole number from 1"
            )
    found = Configuration(name, electrodes, tuple(counts.items()), tuple(counted.items()))
    return found if probes == {} and pairs == {} else with_probes(found, segments, probes, pairs, table.where)


def parse_setting(table: Table) -> Setting:
    """Read a ``[parameter.NAME]`` table: start, fixed, range, tie."""
    start, fixed, tie = table.number("start"), table.number("fixed"), table.optional_string("tie")
    low, high = table.pair("range") or (None, None)
    table.finish()
    try:
        return Setting(start, fixed, low, high, tie)
    except TemplateError as error:
        raise table.error(f"{table.where}: {error}") from None


def parse_settings(table: Table) -> dict[str, Setting]:
    """Read what a table says of parameters: ``[parameter.NAME]`` tables, ``fixed``, and the list ``tie``."""
    found = {name: parse_setting(t) for name, t in table.named_tables("parameter").items()}
    values = Table(table.take("fixed", {}), f"{table.where}, fixed", table.error)
    parts = [{name: Setting(fixed=values.required_number(name))} for name in values.data]
    given = table.take("tie", [])
    texts = [given] if isinstance(given, str) else given
    if not (isinstance(texts, list) and all(isinstance(text, str) for text in texts)):
        raise table.error(f'{table.where}: tie is {shown(given)}; write tie = ["R2 = 2*R1"]')
    try:
        parts += [{name: Setting(tie=tie)} for name, tie in map(named_tie, texts)]
        return joined_settings([found, *parts])
    except TemplateError as error:
        raise table.error(f"{table.where}: {error}") from None


def _check(table: Table) -> Check:
    inner = Table(table.take("values"), f"{table.where}, values", TemplateError)
    values = tuple((key, inner.required_number(key)) for key in inner.data)
    z = table.numbers("z_ohm")
    if len(z) != 2:
        raise TemplateError(f"{table.where}: z_ohm has {len(z)} numbers; write [real, imaginary]")
    frequency = table.required_number("frequency_hz")
    result = Check(table.string("configuration"), values, frequency, complex(*z))
    table.finish()
    return result
