"""One's own interfaces beside published ones: each value with its reference and what sets it apart."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eisfit.cell.roles import Role, roles_of
from eisfit.errors import InputError
from eisfit.literature import Fact, facts, in_shown_unit
from eisfit.literature.reading import SHOWN_UNIT
from eisfit.literature.words import NOT_STATED, in_order
from eisfit.results.series import Series
from eisfit.tables.comparison import comparison_rows
from eisfit.tools.nearest import did_you_mean

if TYPE_CHECKING:
    from rich.table import Table

    from eisfit.tables.columns import Row

LITERATURE = (
    "panel",
    "solid",
    "medium",
    "salt",
    "ion",
    "own",
    "name",
    "value",
    "low",
    "high",
    "unit",
    "printed_as",
    "temperature_c",
    "configuration",
    "ordinate",
    "marks",
    "plotted",
    "reference",
)
THIS_CELL = "this cell"
_SAME_C = 1.0  # temperatures that differ by less are not set apart
_WHOLE = {"R_int", "R_p", "R_pol(int)"}  # resistances of a whole interface


@dataclass(frozen=True)
class Between:
    """What one's own interface lies between, in the words of the published values.

    Parameters
    ----------
    solid, medium, salt, ion : str
        Solid electrolyte (such as ``LLTO``), solvent or polymer, salt, and ``Li`` or ``Na``. Without a solid the cell
        stands in a column of its own.
    """

    solid: str = THIS_CELL
    medium: str = NOT_STATED
    salt: str = NOT_STATED
    ion: str = "Li"

    def __post_init__(self) -> None:
        if self.ion not in ("Li", "Na"):
            raise InputError(
                f"ion {self.ion!r} is not known{did_you_mean(self.ion, ('Li', 'Na'))}; known: Li, Na"
            )


def literature_rows(
    facts: Iterable[Fact],
    cells: Mapping[str, Series] | None = None,
    *,
    between: Mapping[str, Between] | None = None,
    at_c: float = 25.0,
) -> list[Row]:
    """Return a row for each published resistance and activation energy of an interface, and for one's own.

    Parameters
    ----------
    facts : iterable of Fact
        Published values, as `eisfit.literature.facts` returns them; those worked out from others are left out.
    cells : mapping of str to Series, optional
        One's own results by their names.
    between : mapping of str to Between, optional
        By name of the cell what its interface lies between.
    at_c : float
        Temperature in °C to which resistances are compared, and at which one's own are taken from their lines.

    Returns
    -------
    list of dict
        With the columns `LITERATURE`, published values first, by solid. `marks` says in what a value differs from the
        others: temperature, configuration, ordinate, part of an interface; `printed_as`, how it was printed. Own rows
        that cannot be plotted stay, with ``plotted = "no"`` and the reason as a mark.

    Raises
    ------
    InputError
        If a cell has no contribution that is an interface.
    """
    own = [
        row
        for name, series in (cells or {}).items()
        for row in _own(name, series, (between or {}).get(name), at_c)
    ]
    alike = {row["configuration"] for row in own}
    published = [_published(fact, at_c, alike) for fact in facts if _shown(fact)]
    order = in_order([row["solid"] for row in published])
    published.sort(key=lambda row: (row["panel"] != "resistance", order.index(row["solid"])))
    return [*published, *own]


def beside_published(cells: Mapping[str, Series]) -> list[Row]:
    """Return the rows of some cells, in columns of their own, after those of the shipped values."""
    return literature_rows(facts(), cells)


def _shown(fact: Fact) -> bool:
    return bool(fact.plotted_as) and fact.reported and fact.amount.kind != "text"


def _published(fact: Fact, at_c: float, alike: set[str]) -> Row:
    middle, low, high = in_shown_unit(fact)
    panel, configuration = fact.plotted_as, _configuration(fact["configuration"])
    marks = [] if configuration in alike else [configuration]
    if panel == "resistance":
        marks = [*_temperature(fact, at_c), *marks]
        marks += [] if fact["quantity"].split(" ")[0] in _WHOLE else [f"{fact['quantity']} alone"]
    elif not fact["ordinate"]:
        marks.append("ordinate not stated")
    return {
        "panel": panel,
        "solid": fact.solid,
        "medium": fact.medium,
        "salt": fact.salt,
        "ion": fact.ion,
        "own": "no",
        "name": f"{fact['electrolyte_a']} | {fact['electrolyte_b']}",
        "value": middle,
        "low": low,
        "high": high,
        "unit": SHOWN_UNIT[panel],
        "printed_as": fact.amount.kind,
        "temperature_c": fact["temperature_C"],
        "configuration": configuration,
        "ordinate": fact["ordinate"],
        "marks": "; ".join(marks),
        "plotted": "yes",
        "reference": fact.reference,
    }


def _temperature(fact: Fact, at_c: float) -> list[str]:
    """Return in what the temperature of a resistance differs from that of the comparison."""
    text, known = fact["temperature_C"], fact.temperature_c
    if not text:
        return ["temperature not stated"]
    if known.kind == "text":
        return [f"at {text.replace('room T', 'room temperature')}"]
    alike = known.low == known.high and abs(known.middle - at_c) < _SAME_C
    return [] if alike else [f"at {text} °C"]


def _configuration(text: str) -> str:
    """Return electrodes and kind of a measurement in the words of one's own."""
    count = re.search(r"(\d)-(?:el\b|el\.|electrode|probe|point)", text)
    electrodes = f"{count[1]} electrodes" if count else "electrodes not stated"
    if "calculation" in text:
        return "calculated"
    return f"{electrodes}, dc" if "dc" in text else electrodes


def _own(name: str, series: Series, between: Between | None, at_c: float) -> list[Row]:
    found = []
    for line in _lines(name, series, at_c):
        parts = roles_of(line["role"])
        marks = [] if all(_of_interface(part) for part in parts) else [f"sum: {line['contribution']}"]
        marks += [f"{line['contribution']} alone"] if all(part.part_of_interface for part in parts) else []
        marks += [line["note"]] if line["note"] else []
        found += [_own_resistance(line, marks, at_c), _own_energy(line, marks)]
    electrodes = {fit.spectrum.conditions.electrodes for fit in series}
    count = electrodes.pop() if len(electrodes) == 1 else None
    place = between or Between()
    common = {
        "solid": place.solid,
        "medium": place.medium,
        "salt": place.salt,
        "ion": place.ion,
        "own": "yes",
        "configuration": f"{count} electrodes" if count else "electrodes not stated",
        "reference": f"own: {name}",
    }
    return [{**row, **common, "name": f"{name}: {row['name']}"} for row in found]


def _of_interface(role: Role) -> bool:
    """Tell whether a role is an interface between two electrolytes, or a part of one."""
    return role.name == "interface" or role.part_of_interface or role.has_wall


def _lines(name: str, series: Series, at_c: float) -> list[Row]:
    """Return the rows of the interfaces of a cell that have a line over temperature."""
    rows = comparison_rows({name: series}, at_c=at_c)
    found = [row for row in rows if any(_of_interface(part) for part in roles_of(row["role"]))]
    if not found:
        there = ", ".join(repr(row["contribution"]) for row in rows)
        raise InputError(
            f"{name}: no line of an interface to compare, only {there}; fit it with a template that has one, as le_se"
        )
    return found


def _own_resistance(line: Row, marks: Sequence[str], at_c: float) -> Row:
    said = list(marks)
    if line["quantity"] != "asr":
        said.append("area not known: a resistance in ohm compares with none; give the area")
    elif math.isnan(line["value"]):
        said.append("the points contradict one line: no value follows from it")
    elif line["extrapolated"] == "yes":
        said.append("extrapolated")
    plotted = line["quantity"] == "asr" and math.isfinite(line["value"])
    return {
        "panel": "resistance",
        "name": line["contribution"],
        "unit": SHOWN_UNIT["resistance"],
        "value": line["value"] if plotted else math.nan,
        "low": line["ci95_low"],
        "high": line["ci95_high"],
        "printed_as": "line",
        "temperature_c": f"{at_c:g}",
        "ordinate": line["ordinate"],
        "marks": "; ".join(said),
        "plotted": "yes" if plotted else "no",
    }


def _own_energy(line: Row, marks: Sequence[str]) -> Row:
    return {
        "panel": "activation energy",
        "name": line["contribution"],
        "unit": SHOWN_UNIT["activation energy"],
        "value": line["activation_energy_ev"],
        "low": line["ci95_low_ev"],
        "high": line["ci95_high_ev"],
        "printed_as": "line",
        "temperature_c": "",
        "ordinate": line["ordinate"],
        "marks": "; ".join([f"from {line['ordinate']}", *marks]),
        "plotted": "yes",
    }


def literature_table(rows: Sequence[Row]) -> Table:
    """Return the comparison for a terminal, own values below; whole references are in the CSV file."""
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title="Own and published interfaces", title_justify="left", header_style="bold", pad_edge=False
    )
    for head in ("solid", "medium, salt", "interface", "value", "differs in", "reference"):
        table.add_column(Text(head), overflow="fold")
    for row in rows:
        source = row["reference"].split("; as told by")[0]
        beside = ", ".join(text for text in (row["medium"], row["salt"]) if text != NOT_STATED)
        cells = (row["solid"], beside, row["name"], shown_value(row), row["marks"], source)
        table.add_row(*(Text(cell, style="bold" if row["own"] == "yes" else "") for cell in cells))
    return table


def shown_value(row: Mapping[str, Any]) -> str:
    """Return the value of a row with its unit, and its range or 95 % interval."""
    if row["plotted"] == "no":
        return "none"
    unit = {"ohm cm2": "Ω cm²"}.get(row["unit"], row["unit"])
    if row["printed_as"] in ("upper limit", "lower limit"):
        return f"{'<' if row['printed_as'] == 'upper limit' else '>'} {_digits(row['value'])} {unit}"
    if row["low"] < row["high"]:
        ends = f"{_digits(row['low'])} to {_digits(row['high'])}"
        return f"{ends} {unit}" if row["own"] == "no" else f"{_digits(row['value'])} ({ends}) {unit}"
    return f"{'about ' if row['printed_as'] == 'about' else ''}{_digits(row['value'])} {unit}"


def _digits(value: float) -> str:
    """Return a number with three digits, without a power of ten up to a million."""
    return f"{float(f'{value:.3g}'):.0f}" if 100 <= value < 1e6 else f"{value:.3g}"
