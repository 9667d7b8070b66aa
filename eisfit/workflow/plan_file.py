"""A plan of a measurement as a TOML file: what is expected, how it is measured, and what counts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from eisfit.errors import InputError
from eisfit.planning.expected import Expected
from eisfit.planning.foresee import plan, planned
from eisfit.planning.further import Allowed
from eisfit.planning.planned_cell import PlannedCell
from eisfit.results.plan import Plan
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.nearest import did_you_mean, file_like
from eisfit.tools.regular_file import text_of
from eisfit.tools.toml_table import Table, shown
from eisfit.workflow.joint_keys import laws_in

if TYPE_CHECKING:
    from eisfit.results.series import Series

USUAL_TARGET = "interface"
_GEOMETRY = ("area_cm2", "area_err_cm2", "thickness_cm", "temperature_err_c")
_PLACES = ("scenario", "results", "template", "circuit")


@dataclass(frozen=True)
class Request:
    """What is to be planned: the arguments of `eisfit.plan`."""

    cell: PlannedCell
    target: str = USUAL_TARGET
    complements: tuple[PlannedCell, ...] = ()
    share: tuple[str, ...] = ()
    laws: Mapping[str, Any] = field(default_factory=dict)
    estimate: Literal["joint", "shared"] = "joint"
    reference_c: float | None = None
    allowed: Allowed = field(default_factory=Allowed)

    def made(self) -> Plan:
        """Return the plan."""
        return plan(
            self.cell,
            self.target,
            complements=self.complements,
            share=self.share,
            laws=self.laws,
            estimate=self.estimate,
            reference_c=self.reference_c,
            allowed=self.allowed,
        )

    def with_cell(self, **changes: Any) -> Request:
        """Return the request with some fields of its cell changed; those that are None stay."""
        error = changes.pop("temperature_err_c", None)
        given = {name: value for name, value in changes.items() if value is not None}
        if error is not None:
            given["conditions"] = self.cell.conditions.updated(temperature_err_c=error)
        return replace(self, cell=replace(self.cell, **given)) if given else self


def cell_of_results(path: Path) -> PlannedCell:
    """Return the cell of the results of a first measurement.

    Raises
    ------
    InputError
        If the file holds no series over temperature.
    """
    from eisfit import store
    from eisfit.results.series import Series
    from eisfit.workflow.write import RESULTS

    file = path / RESULTS if path.is_dir() else path
    found: Series | object = store.load(file)
    if not isinstance(found, Series):
        raise InputError(f"{file}: holds results of single fits; a plan needs those of 'eisfit series'")
    try:
        return planned(found)
    except InputError as error:
        raise InputError(f"{file}: {error}") from None


def read_plan(path: str | Path) -> Request:
    """Read a plan.

    Parameters
    ----------
    path : str or Path
        A TOML file, as docs/planning.md describes it; paths in it count from its folder.

    Raises
    ------
    InputError
        If it is no TOML, a key is unknown or missing, or a value is of the wrong kind.
    """
    path = Path(path)
    if path.is_dir() or not path.exists():
        what = (
            "this is a folder; name a TOML file, as plan.toml" if path.is_dir() else "there is no such file"
        )
        raise InputError(f"{path}: {what}{'' if path.is_dir() else file_like(path)}")
    try:
        table = Table.parse(text_of(path), str(path), InputError)
    except UnicodeDecodeError:
        raise InputError(f"{path}: this is no text in UTF-8; save it as plain text") from None
    cell = _cell(table, path.parent)
    complements = tuple(_complement(below, cell) for below in table.tables("complement", "name"))
    target, share = table.string("for", USUAL_TARGET), table.strings("share", ())
    laws, estimate = laws_in(table), table.string("estimate", "joint")
    reference, allowed = table.number("reference_c"), _allowed(table)
    table.finish()
    return Request(cell, target, complements, share, laws, estimate, reference, allowed)  # type: ignore[arg-type]


def _allowed(table: Table) -> Allowed:
    found = {}
    for key, name in (("temperatures_allowed_c", "temperatures_c"), ("frequency_allowed_hz", "frequency_hz")):
        if key in table.data:
            values = sorted(table.numbers(key))
            if len(values) != 2:
                raise InputError(
                    f"{table.where}: {key} has {len(values)} numbers; write the lowest and the highest"
                )
            found[name] = (values[0], values[1])
        table.take(key, None)
    return Allowed(**found)


def _cell(table: Table, folder: Path) -> PlannedCell:
    """Return the cell: from a scenario or results, with what else is said of it, or from expected values."""
    given = [key for key in _PLACES if key in table.data]
    for key in _PLACES:
        table.take(key, None)
    if len(given) != 1:
        have = " and ".join(given) or "none"
        raise InputError(f"{table.where}: name one of {', '.join(_PLACES)}; it has {have}")
    if given[0] in ("template", "circuit"):
        return _expected_cell(table, given[0])
    text = table.string(given[0])
    try:
        base = planned(text) if given[0] == "scenario" else cell_of_results(folder / text)
    except InputError as error:
        raise InputError(f"{table.where}: {error}") from None
    if "expected" in table.data or "above_window" in table.data:
        raise InputError(
            f"{table.where}: expected and above_window belong to a template; {given[0]} brings its own"
        )
    for key in ("expected", "above_window"):
        table.take(key, None)
    conditions = _conditions(table, base.conditions)
    changes = _how(table)
    if "noise_percent" in changes:
        changes["noise"] = changes.pop("noise_percent") / 100
    return replace(base, conditions=conditions, **changes)


def _expected_cell(table: Table, place: str) -> PlannedCell:
    how = _how(table)
    if "temperatures_c" not in how:
        raise InputError(
            f"{table.where}: 'temperatures_c' is missing; write temperatures_c = [0, 20, 40, 60]"
        )
    conditions, expected = _conditions(table, Conditions()), _expected(table)
    above = table.strings("above_window", ())
    try:
        return PlannedCell.of(table.string(place), expected, conditions=conditions, above_window=above, **how)
    except InputError as error:
        raise InputError(f"{table.where}: {error}") from None


def _how(table: Table) -> dict[str, Any]:
    """Return how a cell is measured, as far as the table says it."""
    found: dict[str, Any] = {}
    for key in ("temperatures_c", "frequency_hz"):
        if table.take(key, None) is not None:
            found[key] = table.numbers(key)
    if "frequency_hz" in found:
        if len(found["frequency_hz"]) != 2:
            raise InputError(f"{table.where}: frequency_hz must be the highest and the lowest, as [1e6, 0.1]")
        found["frequency_hz"] = (max(found["frequency_hz"]), min(found["frequency_hz"]))
    if table.take("points_per_decade", None) is not None:
        found["points_per_decade"] = table.whole_number("points_per_decade")
    noise = table.number("noise_percent")
    if noise is not None:
        if not 0 < noise < 100:
            raise InputError(f"{table.where}: noise_percent is {noise:g}; it is in percent of |Z|, as 0.5")
        found["noise_percent"] = noise
    return found


def _conditions(table: Table, base: Conditions) -> Conditions:
    layers = Table(table.take("layers", {}), f"{table.where}, layers", InputError)
    given: dict[str, Any] = {name: table.number(name) for name in _GEOMETRY}
    if table.take("electrodes", None) is not None:
        given["electrodes"] = table.whole_number("electrodes")
    if layers.data:
        given["layers"] = {role: layers.required_number(role) for role in layers.data}
    try:
        return base.updated(**given)
    except InputError as error:
        raise InputError(f"{table.where}: {error}") from None


def _expected(table: Table) -> dict[str, Expected]:
    known = [f.name for f in fields(Expected)]
    found = {}
    for name, below in table.named_tables("expected").items():
        values: dict[str, Any] = {}
        for key in below.data:
            if key not in known:
                raise InputError(
                    f"{below.where}: unknown key {key!r}{did_you_mean(key, known)}; known: {', '.join(known)}"
                )
            values[key] = below.string(key) if key == "ordinate" else below.required_number(key)
        try:
            found[name] = Expected(**values)
        except InputError as error:
            raise InputError(f"{below.where}: {error}") from None
    return found


def _complement(table: Table, cell: PlannedCell) -> PlannedCell:
    """Return a complementary cell."""
    name, shares = table.string("name"), table.strings("shares")
    given = [key for key in _PLACES[2:] if table.take(key, None) is not None]
    if len(given) != 1:
        raise InputError(f'{table.where}: name its template, as template = "se_blocking", or its circuit')
    measured, error = table.take("measured", False), table.number("geometry_err")
    if not isinstance(measured, bool):
        raise InputError(
            f"{table.where}: measured is {shown(measured)}; write measured = true or measured = false"
        )
    conditions = _conditions(table, Conditions(temperature_err_c=cell.conditions.temperature_err_c))
    what, above, expected = table.string(given[0]), table.strings("above_window", ()), _expected(table)
    how = _how(table)
    table.finish()
    try:
        return cell.complement(
            name,
            what,
            shares,
            expected,
            conditions=conditions,
            above_window=above,
            geometry_err=0.02 if error is None or math.isnan(error) else error,
            measured=measured,
            **how,
        )
    except InputError as fault:
        raise InputError(f"{table.where}: {fault}") from None
