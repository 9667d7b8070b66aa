"""A template in words for one who is to use it: its circuits, what each segment expects, what is to be given."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill
from typing import TYPE_CHECKING

from eisfit.cell.drawing import WIDTH, drawing
from eisfit.cell.probes import between
from eisfit.cell.roles import Role, role_of
from eisfit.circuit.circuit import parse
from eisfit.tools.display import Sheet

if TYPE_CHECKING:
    from eisfit.cell.segments import Segment
    from eisfit.cell.templates import Template

_SOFT = (
    "of one segment: of a layer times thickness / area, of a boundary per area;",
    "it tells arcs apart, and excludes none",
)
_LARGE, _SMALL = 1e4, 1e-2  # numbers beyond are written with a power


def described(template: Template) -> str:
    """Return a template as text: its circuits, segments, what one has to give, parameters and an example.

    Parameters
    ----------
    template : Template
        Without a chosen configuration all of them are drawn.
    """
    parts = [f"{template.name}: {template.title}", fill(f"for {template.use}", WIDTH), ""]
    for configuration in template.configurations:
        if template.chosen and configuration.name != template.chosen:
            continue
        on_path = template.with_electrodes(configuration.electrodes)
        parts += [f"{configuration.electrodes} electrodes", "", drawing(on_path), ""]
        if on_path.interface_with_electrode:
            parts += ["interface and electrode lie in series and are one row: interface + electrode", ""]
        parts += _pairs(on_path)
    for sheet in (expected(template), to_give(template), _parameters(template)):
        parts += [sheet.text(), ""]
    if template.conditions:
        parts += [_listed("Measured over", (f"{name}: {text}" for name, text in template.conditions)), ""]
    if template.limits:
        parts += [_listed("Cannot tell", (limit.text for limit in template.limits)), ""]
    if sources := sources_of(template):
        parts += [fill(f"Sources (doi): {', '.join(sources)}", WIDTH, break_long_words=False), ""]
    return "\n".join([*parts, _example(template), f"eisfit templates {template.name} --toml"])


def _pairs(template: Template) -> list[str]:
    """Return what the named pairs of voltage probes see, a line each."""
    configuration = template.configuration
    if not configuration.probes:
        return []
    probes = ", ".join(name for name, _ in configuration.probes)
    said = [f"probes, in the order of the current: {probes}"]
    for name, pair in configuration.pairs:
        first, last = pair.split("-")
        seen = between(configuration, template.segments, (first, last))
        said += fill(f"{pair} ({name}): {', '.join(seen)}", WIDTH, subsequent_indent="  ").splitlines()
    return [*said, ""]


def _listed(title: str, texts: Iterable[str]) -> str:
    return "\n".join([title, *(fill(f"- {text}", WIDTH, subsequent_indent="  ") for text in texts)])


def sources_of(template: Template) -> tuple[str, ...]:
    """Return the DOIs of a template and of the expected capacitances of its segments, each once."""
    every = (*template.source, *(doi for segment in template.segments for doi in segment.source))
    return tuple(dict.fromkeys(every))


def _example(template: Template) -> str:
    if template.counts:  # these stand in a manifest
        return "eisfit series FOLDER"
    solid = any(role_of(s.role).of_solid for s in template.segments)
    thick = " --thickness-cm 0.1" if solid else ""
    count = template.configurations[0].electrodes
    return f"eisfit series FOLDER/* --template {template.name} --electrodes {count} \\\n    --area-cm2 0.785{thick}"


def expected(template: Template) -> Sheet:
    """Return the table of segments: role, circuit, range of capacitance with its unit, and whose thickness counts."""
    rows = tuple(
        (
            s.name if s.role in s.name.replace(" ", "_") else f"{s.name} ({s.role})",
            s.circuit,
            capacitance(s),
            thickness(role_of(s.role)),
        )
        for s in template.segments
    )
    columns = ("segment", "circuit", "expected capacitance", "by")
    return Sheet("Segments, in the order of the current", columns, rows, _SOFT)


def capacitance(segment: Segment) -> str:
    """Return where the capacitance of a segment is expected, with its unit.

    Examples
    --------
    >>> import eisfit
    >>> [capacitance(s) for s in eisfit.template("le_se").segments][1:4]
    ['1e-13 to 3e-11 F/cm', '1e-11 to 3e-8 F/cm', '1e-7 to 1e-5 F/cm2']
    """
    if segment.capacitance is None:
        return ""
    low, high = (number(value) for value in segment.capacitance)
    return f"{low} to {high} {'F/cm2' if role_of(segment.role).per_area else 'F/cm'}"


def thickness(role: Role) -> str:
    """Return what the values of a role are per: an area, or the thickness of a layer over it."""
    if role.kind == "layer":
        return f"{role.thickness_key} / area_cm2"
    if role.has_wall:
        return "area_cm2, true_area_cm2"
    return "area_cm2" if role.per_area else ""


def to_give(template: Template) -> Sheet:
    """Return the table of what is to be given, and what follows from it."""
    counts = " or ".join(str(c.electrodes) for c in template.configurations)
    roles = [role_of(s.role) for s in template.segments]
    probes = [name for c in template.configurations for name, _ in c.probes]
    rows = [
        (f"electrodes = {counts}", "which segments lie between the probes"),
        ("temperature_c", "of each file: activation energies"),
        ("area_cm2", "ohm cm2 of boundaries, and with a thickness S/cm of layers"),
    ]
    rows += [(f"{count.name} = {count.least}", count.meaning) for count in template.counts]
    rows += [(f"fixed.{name}", meaning) for name, meaning in template.given]
    solid = [role.name.replace("_", " ") for role in roles if role.of_solid]
    if solid:
        rows.append(("thickness_cm", f"of the solid: {' and '.join(solid)}"))
    if probes:
        rows.append(("pair", f"of each file: two of {', '.join(probes)}"))
        rows.append(("probes_cm", "where those in the solid stand, from its left face"))
        rows.append(("probe_err_cm", "how well that is known"))
    for role in dict.fromkeys(roles):
        key = role.layer or role.name
        if role.thickness == "own" and f"layers.{key}" not in dict(rows):
            rows.append((f"layers.{key}", f"its thickness in cm: layers = {{ {key} = 0.01 }}"))
        if role.has_wall:
            rows.append(("true_area_cm2", "of the wall of the pores: its ohm cm2"))
    return Sheet("To give", ("key", "for"), tuple(rows), ("without a geometry there are resistances only",))


def _parameters(template: Template) -> Sheet:
    rows = []
    for segment in template.segments:
        for p in parse(segment.circuit).parameters:
            setting = template.settings.get(p.name)
            low = setting.low if setting is not None and setting.low is not None else 0.0
            high = setting.high if setting is not None and setting.high is not None else p.quantity.upper
            span = f"{number(low)} to {number(high)}" if high < float("inf") else f"above {number(low)}"
            rows.append((p.name, segment.name, p.unit, span))
    zarc = "Zarc: a resistor beside a constant-phase element, Z = R / (1 + (s tau)^alpha)"
    notes = (zarc,) if any("Zarc" in segment.circuit for segment in template.segments) else ()
    return Sheet(
        "Parameters, of one segment each", ("parameter", "segment", "unit", "range"), tuple(rows), notes
    )


def number(value: float) -> str:
    """Return a number as short as it can be.

    Examples
    --------
    >>> number(3e-08), number(0.5), number(1e-13)
    ('3e-8', '0.5', '1e-13')
    """
    if value == 0 or _SMALL <= abs(value) < _LARGE:
        return f"{value:g}"
    mantissa, _, exponent = f"{value:.3e}".partition("e")
    return f"{float(mantissa):g}e{int(exponent)}"
