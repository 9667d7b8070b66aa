"""One page for each shipped template, drawn from its TOML file."""

from __future__ import annotations

import re
from pathlib import Path

from pieces import cell, code, doi, number, span, table

import eisfit
from eisfit import plots
from eisfit.cell.description import sources_of
from eisfit.cell.limits import SYSTEMS
from eisfit.cell.roles import role_of
from eisfit.cell.segments import Configuration, Segment, Setting
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import parse
from eisfit.plots import save

_HEADER = re.compile(r"^\[+(segment|check|configuration)(?:\.([\w\"' -]+))?\]+[ \t]*(?:#[ \t]*(.*))?$", re.M)


def pages() -> dict[str, str]:
    """Return the pages and their index."""
    found = {f"templates/{name}": _page(eisfit.template(name)) for name in eisfit.shipped()}
    return {"templates/index": _index(), **found}


def draw(folder: Path) -> None:
    """Draw the circuit of every configuration of every template."""
    for name in eisfit.shipped():
        for configuration in eisfit.template(name).configurations:
            on_path = _seen(eisfit.template(name), configuration)
            figure = plots.figure("circuit", on_path, width="double")
            save(figure, folder / f"circuit_{name}_{configuration.name}", ["svg"])


def _seen(template: Template, configuration: Configuration) -> Template:
    return template.with_electrodes(configuration.electrodes)


def _electrodes(configuration: Configuration) -> str:
    return f"{configuration.electrodes} electrodes"


def _index() -> str:
    names = eisfit.shipped()
    groups: dict[str, list[tuple[str, str, str, str]]] = {system: [] for system in SYSTEMS}
    for name in names:
        t = eisfit.template(name)
        counts = ", ".join(str(c.electrodes) for c in t.configurations)
        groups[t.system].append((f"[`{name}`]({name}.md)", t.title, t.use, counts))
    columns = ("name", "cell", "use", "electrodes")
    return (
        "# Templates\n\n"
        "A template says what the current crosses, and which of it each set of electrodes sees. "
        "`eisfit templates` lists those that ship; `eisfit templates NAME` shows one in the terminal, and "
        "with `--toml` prints its file, "
        "as a beginning for [one of your own](../../howto/template.md).\n\n"
        + "\n".join(f"## {_title(system)}\n\n{table(columns, rows)}" for system, rows in groups.items())
        + "\n```{toctree}\n:hidden:\n\n"
        + "\n".join(names)
        + "\n```\n"
    )


def _title(system: str) -> str:
    """Return the heading of a group of templates, with which the names of phases stand."""
    said = system.replace(" | ", " and ")
    return said[0].upper() + said[1:]


def _asked(t: Template) -> list[str]:
    """Return what such a cell is measured over, what is to be given, and what it cannot tell, as lists."""
    given = [(f"`{c.name}`", f"{c.meaning}; {c.least} or more") for c in t.counts]
    given += [(f"`fixed.{name}`", meaning) for name, meaning in t.given]
    over = [(f"`{name}`", meaning) for name, meaning in t.conditions]
    parts = []
    for title, rows in (("Must be given", given), ("Measured over", over)):
        if rows:
            parts += [f"## {title}\n", "\n".join(f"- {name}: {meaning}" for name, meaning in rows) + "\n"]
    if t.limits:
        parts += ["## What it cannot tell\n", table(("open", "told by", "cell"), _limits(t))]
    return parts


def _limits(t: Template) -> list[tuple[str, str, str]]:
    return [
        (limit.cannot_tell, limit.told_by, ", ".join(f"[`{name}`]({name}.md)" for name in limit.complement))
        for limit in t.limits
    ]


def _page(t: Template) -> str:
    notes = _notes(t.text)
    parts = [f"# {t.name}: {t.title}\n", f"Use: {t.use}.\n"]
    parts += ["## Segments\n", "In the order in which the current crosses them.\n", _segments(t, notes)]
    parts += ["## Configurations\n", *(_configuration(t, c, notes) for c in t.configurations)]
    parts += _asked(t)
    parts += ["## Parameters\n", PARAMETERS, _parameters(t)]
    if t.checks:
        parts += ["## Worked checks\n", CHECKS, _checks(t, notes)]
    if sources := sources_of(t):
        parts += ["## Sources\n", "\n".join(f"- {doi(s)}" for s in sources) + "\n"]
    parts += ["## File\n", f"```{{code-block}} toml\n{t.text.rstrip()}\n```\n"]
    return "\n".join(parts)


PARAMETERS = (
    "Of one segment. A range is hard: no fit leaves it. A start, a fixed value or another range may be given "
    "in a `[parameter.NAME]` table of `series.toml`; see [the tutorial](../../tutorial.md#change-a-range).\n"
)
CHECKS = "Values worked by hand that the template must reproduce; a test compares them.\n"


def _notes(text: str) -> dict[str, list[str]]:
    """Return the comments behind the headers of tables: in order for segments and checks, else by name."""
    found: dict[str, list[str]] = {"segment": [], "check": []}
    for kind, name, comment in _HEADER.findall(text):
        if kind == "configuration":
            found.setdefault(f"configuration {name}", []).append(comment)
        else:
            found[kind].append(comment)
    return found


def _note(notes: dict[str, list[str]], kind: str, k: int = 0) -> str:
    listed = notes.get(kind, [])
    return listed[k] if k < len(listed) else ""


def _segments(t: Template, notes: dict[str, list[str]]) -> str:
    rows = [
        (s.name, s.role.replace("_", " "), code(s.circuit), _capacitance(s), _note(notes, "segment", k))
        for k, s in enumerate(t.segments)
    ]
    columns = ["segment", "role", "circuit", "expected capacitance", "note"]
    if not any(row[-1] for row in rows):
        columns, rows = columns[:-1], [row[:-1] for row in rows]  # type: ignore[misc]
    return (
        table(columns, rows)
        + "\nAn expected capacitance is soft: it tells arcs apart, and excludes none. It is meant at "
        "thickness/area = 1 cm⁻¹ for layers, and per cm² for interfaces.\n"
    )


def _capacitance(s: Segment) -> str:
    if s.capacitance is None:
        return ""
    return f"{span(*s.capacitance)} {'F at 1 cm⁻¹' if role_of(s.role).kind == 'layer' else 'F/cm²'}"


def _configuration(t: Template, c: Configuration, notes: dict[str, list[str]]) -> str:
    on_path = _seen(t, c)
    counts = ", ".join(f"{n} × {name}" if n > 1 else name for name, n in c.segments)
    note = _note(notes, f"configuration {c.name}")
    said = f"{note[0].upper()}{note[1:]}. " if note else ""
    joined = ""
    if on_path.interface_with_electrode:
        joined = (
            "The electrodes are reversible and lie in series with the interface. Impedance cannot part them, so "
            "the table has one row `interface + electrode` and none called `interface`.\n\n"
        )
    elif {"interphase", "charge_transfer"} <= {s.segment.role for s in on_path.path}:
        joined = (
            "The interface has two arcs. Their sum has a row of its own, `interface`; the split into interphase "
            "and charge transfer depends on topology, and its rows say so.\n\n"
        )
    figure = (
        f"```{{figure}} ../figures/circuit_{t.name}_{c.name}.svg\n"
        f":alt: circuit of {t.name} with {_electrodes(c)}\n"
        f":width: 100%\n\n{cell(t.title)}, {_electrodes(c)}.\n```\n"
    )
    return (
        f"### {_electrodes(c).capitalize()}\n\n{said}Seen: {counts}. Circuit: `{on_path.circuit.text}`.\n\n"
        f"{joined}{figure}"
    )


def _parameters(t: Template) -> str:
    rows = []
    for s in t.segments:
        for p in parse(s.circuit).parameters:
            setting = t.settings.get(p.name, Setting())
            low = 0.0 if setting.low is None else setting.low
            high = p.quantity.upper if setting.high is None else setting.high
            laid_down = [
                f"{what} {number(value)}"
                for what, value in (("start", setting.start), ("fixed", setting.fixed))
                if value is not None
            ]
            rows.append((code(p.name), s.name, p.unit, span(low, high), ", ".join(laid_down)))
    columns = ["parameter", "segment", "unit", "range", "laid down"]
    if not any(row[-1] for row in rows):
        columns, rows = columns[:-1], [row[:-1] for row in rows]  # type: ignore[misc]
    return table(columns, rows)


def _checks(t: Template, notes: dict[str, list[str]]) -> str:
    rows = []
    electrodes = {c.name: c.electrodes for c in t.configurations}
    for k, check in enumerate(t.checks):
        values = ", ".join(f"`{name}` = {number(value)}" for name, value in check.values)
        z = check.z_ohm
        imaginary = f" {'-' if z.imag < 0 else '+'} {abs(z.imag):.7g}j" if z.imag else ""
        frequency = number(float(f"{check.frequency_hz:.6g}"))
        note = _note(notes, "check", k)
        rows.append((electrodes[check.configuration], frequency, f"{z.real:.7g}{imaginary}", note, values))
    return table(("electrodes", "f / Hz", "Z / Ω", "why", "values"), rows)
