"""Rows of contributions in HDF5: the columns that people read, and what makes each row whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from eisfit.cell.templates import Template
from eisfit.results.contribution import Contribution
from eisfit.results.outcome import NAN
from eisfit.store import older_files
from eisfit.store.hdf5 import Array, floats, integers, texts
from eisfit.tables.columns import CONTRIBUTIONS

_TEXTS = ("role", "capacitance_formula", "resolved", "note", "kind", "cause")
_LISTS = ("segments", "doubts", "rivals")  # of texts; each is stored as JSON
_COLUMNS = {"note": "outcome"}  # where a column is named otherwise than its field


def contribution_columns(of: Sequence[Sequence[Contribution]]) -> dict[str, Array]:
    """Return what the table of contributions holds beside its columns for people.

    Parameters
    ----------
    of : sequence of sequence of Contribution
        Those of each spectrum.
    """
    rows = [(k, c) for k, own in enumerate(of) for c in own]
    found = [c for _, c in rows]
    columns: dict[str, Array] = {
        "spectrum_row": integers(k for k, _ in rows),
        "ci95_low_ohm": floats(c.ci95_ohm[0] for c in found),
        "ci95_high_ohm": floats(c.ci95_ohm[1] for c in found),
        "unexpected": floats(c.unexpected for c in found),
        "resolved": texts(c.resolved for c in found),  # the percentage of a misfit has a column of its own
    }
    for f in fields(Contribution):
        column = _COLUMNS.get(f.name, f.name)
        if f.name not in ("name", "ci95_ohm") and column not in CONTRIBUTIONS:
            values = [getattr(c, f.name) for c in found]
            if f.name in _LISTS:
                columns[column] = texts(json.dumps(value) for value in values)
            else:
                columns[column] = texts(values) if f.name in _TEXTS else floats(values)
    return columns


def read_contributions(
    table: dict[str, list[Any]], templates: Sequence[Template | None]
) -> list[list[Contribution]]:
    """Return the contributions of spectra in their order; the templates are asked where an older file tells less."""
    found: list[list[Contribution]] = [[] for _ in templates]
    plain = [f.name for f in fields(Contribution) if f.name not in ("name", "ci95_ohm", *_LISTS)]
    for values in zip(*table.values(), strict=True):
        row = dict(zip(table, values, strict=True))
        template = templates[row["spectrum_row"]]
        if "cause" in row:
            row |= {name: tuple(json.loads(row[name])) for name in _LISTS}
        elif template is not None:
            row |= older_files.origin_and_cause(row, template) | {"rivals": ()}
        row = {"misfit_percent": NAN, "odds": NAN} | row  # files of 0.1.0 know neither
        interval = (row["ci95_low_ohm"], row["ci95_high_ohm"])
        found[row["spectrum_row"]].append(
            Contribution(
                row["contribution"],
                ci95_ohm=interval,
                **{name: _value(row, name) for name in plain},
                **{name: row[name] for name in _LISTS},
            )
        )
    return found


def _value(row: Mapping[str, Any], name: str) -> Any:
    """Return a value of a contribution; numbers that older files do not hold are unknown, texts must be there."""
    column = _COLUMNS.get(name, name)
    if column not in row and name in _TEXTS:
        raise KeyError(f"/entry/tables/contributions/{column}")
    return row.get(column, NAN)
