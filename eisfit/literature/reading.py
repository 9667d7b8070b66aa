"""Facts from CSV files: those that ship with eisfit, and those of a user in the same columns."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from eisfit.constants import KJ_PER_MOL_PER_EV
from eisfit.errors import InputError
from eisfit.literature.fact import CLASSES, COLUMNS, FURTHER, KJ, Fact
from eisfit.tools.nearest import did_you_mean, file_like

UNITS = {  # what turns a published unit into that of figures
    "resistance": {
        "ohm cm2": 1.0,
        "Ω cm²": 1.0,
        "kohm cm2": 1e3,
        "kΩ cm²": 1e3,
        "Mohm cm2": 1e6,
        "ohm m2": 1e4,
    },
    "activation energy": {
        "eV": 1.0,
        "meV": 1e-3,
        KJ: 1 / KJ_PER_MOL_PER_EV,
        "kJ mol-1": 1 / KJ_PER_MOL_PER_EV,
    },
}
SHOWN_UNIT = {"resistance": "ohm cm2", "activation energy": "eV"}
_CURES = {
    "resistance": "give the resistance of one interface times its area, in ohm cm2",
    "activation energy": "give it in eV or kJ/mol",
}
_SHIPPED = "values.csv"


def facts(*files: str | Path) -> tuple[Fact, ...]:
    """Return published values with their sources, and those of further files behind them.

    Parameters
    ----------
    *files : str or Path
        CSV files of one's own, with the columns of the shipped one.

    Raises
    ------
    InputError
        As `read_facts`.

    Examples
    --------
    >>> found = facts()
    >>> next(f["value"] for f in found if f["quantity"] == "R_SLEI" and f.amount.kind == "about")
    'about 300'
    """
    return (*_shipped(), *(fact for file in files for fact in read_facts(file)))


@cache
def _shipped() -> tuple[Fact, ...]:
    from importlib import resources  # imported when asked: it is slow to import

    text = resources.files("eisfit.literature").joinpath(_SHIPPED).read_text(encoding="utf-8")
    return _parsed(text, _SHIPPED)


def read_facts(file: str | Path) -> tuple[Fact, ...]:
    """Return the values of a CSV file of one's own.

    Parameters
    ----------
    file : str or Path
        With the columns of the shipped file; `reference`, `solid`, `medium`, `salt`, `ion` and `ordinate` may be
        added, and `note`, `review_reference` and `doi` left out. Each value needs a `doi` or a `reference`.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing or not known, or a value has no source or an unknown unit.
    """
    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file{file_like(path)}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: cannot be read as text in UTF-8 ({error}); save it as a CSV file"
        ) from None
    return _parsed(text, str(path))


def _parsed(text: str, file: str) -> tuple[Fact, ...]:
    reader = csv.reader(io.StringIO(text))
    head = next((row for row in ([cell.strip() for cell in each] for each in reader) if any(row)), [])
    if len(head) == 1 and (";" in head[0] or "\t" in head[0]):
        raise InputError(f"{file}: its columns are not separated by commas; save it as CSV with commas")
    if not head:
        raise InputError(f"{file}: it is empty; its first line must name the columns {', '.join(COLUMNS)}")
    _check_columns(head, file)
    found = []
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(head):
            raise InputError(
                f"{file}, line {reader.line_num}: {len(row)} cells under {len(head)} columns; "
                "put texts that hold a comma between quotation marks"
            )
        cells = [*(cell.strip() for cell in row), *[""] * (len(head) - len(row))]
        fact = Fact(reader.line_num, file, tuple(zip(head, cells, strict=True)))
        _check(fact)
        found.append(fact)
    return tuple(found)


def _check_columns(head: Sequence[str], file: str) -> None:
    known = (*COLUMNS, *FURTHER)
    for name in head:
        if name not in known:
            raise InputError(
                f"{file}: no column {name!r}{did_you_mean(name, known)}; known: {', '.join(known)}"
            )
    if twice := sorted({name for name in head if head.count(name) > 1}):
        raise InputError(f"{file}: the column {twice[0]!r} stands there twice; leave one out")
    optional = {"note", "review_reference", "doi", "reference"}
    if missing := [name for name in COLUMNS if name not in head and name not in optional]:
        raise InputError(f"{file}: the column {missing[0]!r} is missing; it must have {', '.join(COLUMNS)}")


def _check(fact: Fact) -> None:
    if fact["class"] not in CLASSES:
        raise InputError(
            f"{fact.where}: class {fact['class']!r} is not known{did_you_mean(fact['class'], CLASSES)}; "
            f"known: {', '.join(CLASSES)}"
        )
    if not fact.reference:
        raise InputError(
            f"{fact.where}: neither doi nor reference: a value needs its source; add one of both"
        )
    kind = fact.plotted_as
    if not kind or fact.amount.kind == "text":
        return
    if fact["unit"] not in UNITS[kind]:
        raise InputError(
            f"{fact.where}: {fact['quantity']} in {fact['unit']!r}{did_you_mean(fact['unit'], UNITS[kind])} is no "
            f"{kind} of an interface; {_CURES[kind]}"
        )
    if not fact.amount.middle > 0:
        raise InputError(
            f"{fact.where}: {fact['quantity']} = {fact['value']} must be above 0; check its sign"
        )


def in_shown_unit(fact: Fact) -> tuple[float, float, float]:
    """Return middle, low and high end of a value in the unit of figures; nan where there is none."""
    if not fact.plotted_as or fact.amount.kind == "text":
        return math.nan, math.nan, math.nan
    known = fact.amount.times(UNITS[fact.plotted_as][fact["unit"]])
    return known.middle, known.low, known.high


def table(found: Iterable[Fact]) -> list[dict[str, str]]:
    """Return facts as rows with all columns, texts as they stand in their files."""
    return [{name: fact[name] for name in (*COLUMNS, "reference")} for fact in found]
