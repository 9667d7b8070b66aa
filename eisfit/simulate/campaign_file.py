"""Campaign files: the TOML of a cell with its complements, read into a Campaign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from eisfit.errors import InputError
from eisfit.simulate.campaign import Beside, Campaign
from eisfit.simulate.scenario_file import scenario_from
from eisfit.tools.toml_table import Table, shown

FIRST = "cell"  # as which a complement may be like the first cell
Found = Callable[[str], Mapping[str, Any]]


def parse_campaign(name: str, text: str, like: Found) -> Campaign:
    """Read the TOML text of a campaign.

    Parameters
    ----------
    name : str
        Its name; the part before the first ``_`` is its letter.
    text : str
        The file.
    like : callable
        ``like(name)`` gives the table of a shipped scenario, which a cell may start from; a complement also from
        ``"cell"``, the first cell.

    Raises
    ------
    InputError
        If it is no TOML, a key is unknown or missing, a cell is not sound, or a complement shares what its template
        does not have.
    """
    where = f"scenario {name!r}"
    table = Table.parse(text, where, InputError)
    letter, _, own_name = name.partition("_")
    first = _written(table, where, like)
    cell = scenario_from(own_name, first)
    laws = Table(table.take("law", {}), f"{where}, law", InputError)
    result = Campaign(
        letter=letter.upper(),
        name=own_name,
        title=table.string("title"),
        mechanism=table.string("mechanism").strip(),
        why=table.string("why", "").strip(),
        scenario=cell,
        share=table.strings("share", ()),
        circuit=table.string("circuit", ""),
        laws={key: laws.string(key) for key in laws.data},
        complements=tuple(
            _beside(t, lambda each: first.data if each == FIRST else like(each))
            for t in table.tables("complement", "name")
        ),
    )
    table.finish()
    names = [c.name for c in result.complements]
    if len(set(names)) < len(names):
        raise InputError(f"{where}: two complements have the same name; each needs its own folder")
    return result


def _written(table: Table, where: str, like: Found) -> Table:
    """Return the cell below a table: what is written there, on top of the scenario that it is like."""
    written = Table(table.take("cell"), f"{where}, cell", InputError)
    base = written.optional_string("like")
    data = {key: value for key, value in written.data.items() if key != "like"}
    if base is not None:
        data = _changed(like(base), data, written.where)
    return Table(data, written.where, InputError)


def _changed(base: Mapping[str, Any], changes: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return a table with changes: of tables and of named parts what is given, of other keys the whole value."""
    found = dict(base)
    for key, value in changes.items():
        if key == "part":
            found[key] = _parts(base.get(key, []), value, where)
        elif isinstance(value, Mapping) and isinstance(base.get(key), Mapping):
            found[key] = {**base[key], **value}
        else:
            found[key] = value
    return found


def _parts(base: list[dict[str, Any]], changes: object, where: str) -> list[dict[str, Any]]:
    if not isinstance(changes, list) or not all(isinstance(c, Mapping) and "name" in c for c in changes):
        raise InputError(f"{where}: part is {shown(changes)}; write [[cell.part]] tables, each with a name")
    named = {part["name"]: dict(part) for part in base}
    for change in changes:
        named[change["name"]] = {**named.get(change["name"], {}), **change}
    return list(named.values())


def _beside(table: Table, like: Found) -> Beside:
    name = table.string("name")
    scenario = scenario_from(name, _written(table, table.where, like))
    shares, error = table.strings("shares"), table.required_number("geometry_err")
    table.finish()
    if not error > 0:
        raise InputError(
            f"{table.where}: geometry_err is {error:g}; it is a relative error and must be positive"
        )
    for segment in shares:
        if segment not in scenario.parts:
            known = ", ".join(scenario.parts)
            raise InputError(f"{table.where}: shares the unknown part {segment!r}; known: {known}")
    return Beside(name, scenario, shares, error)
