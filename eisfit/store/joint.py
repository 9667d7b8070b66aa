"""A joint fit in HDF5: what each link costs, shared values, parameters and temperatures of each spectrum."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np

from eisfit.laws.law_fit import LawFit, LawValue
from eisfit.results.common import Common, CommonLink
from eisfit.results.contribution import Contribution, FittedParameter
from eisfit.results.joint import Consistency, Joint, LinkTest
from eisfit.store.contributions import contribution_columns, read_contributions
from eisfit.store.hdf5 import (
    Group,
    child,
    columns_of,
    floats,
    has,
    integers,
    read_attributes,
    read_table,
    set_attributes,
    texts,
    write_table,
)
from eisfit.tables.columns import CONTRIBUTIONS, JOINT
from eisfit.tables.rows import contribution_row, joint_rows
from eisfit.tools.frozen import frozen_array

_NAME = "joint"
_PARAMETERS = "joint_parameters"
_TEMPERATURES = "joint_temperatures"
_CONTRIBUTIONS = "joint_contributions"
_FIELDS = ("name", "unit", "value", "stderr", "stderr_log", "note", "state")
_NUMBERS = ("value", "stderr", "stderr_log")


def write_joint(entry: Group, joint: Joint | None) -> None:
    """Write a joint fit, if there is one: the table that people read, and two further ones beside it."""
    if joint is None:
        return
    tables = child(entry, "tables")
    write_table(tables, _NAME, columns_of(joint_rows(joint), JOINT))
    rows = [(k, p) for k, own in enumerate(joint.parameters) for p in own]
    columns = {"spectrum_row": integers(k for k, _ in rows)}
    for field in _FIELDS:
        column = [getattr(p, field) for _, p in rows]
        columns[field] = floats(column) if field in _NUMBERS else texts(column)
    write_table(tables, _PARAMETERS, columns)
    shifts = {
        "label": texts(joint.labels),
        "shift_k": joint.temperature_shift_k,
        "shift_stderr_k": joint.temperature_shift_stderr_k,
    }
    write_table(tables, _TEMPERATURES, shifts)
    people = [
        contribution_row(label, c, "joint")
        for label, own in zip(joint.labels, joint.rows, strict=False)
        for c in own
    ]
    named = [name for name in CONTRIBUTIONS if name != "temperature_c"]
    write_table(tables, _CONTRIBUTIONS, columns_of(people, named) | contribution_columns(joint.rows))
    kept = {
        "condition": joint.condition,
        "shared": [asdict(p) for p in joint.shared],
        "tests": [asdict(t) for t in joint.tests],
        "chi2_reduced": joint.chi2_reduced,
        "scatter_ratio": joint.scatter_ratio,
        "odds": joint.odds,
        "remarks": joint.remarks,
        "consistency": [asdict(c) for c in joint.consistency],
        "common": {
            "links": [asdict(link) for link in joint.common.links],
            "coordinates": joint.common.coordinates.tolist(),
            "covariance": joint.common.covariance.tolist(),
        },
    }
    set_attributes(entry.id, {_NAME: json.dumps(kept)})


def read_joint(entry: Group, laws: tuple[LawFit, ...]) -> Joint | None:
    """Return the joint fit that a file holds; its laws are those of the series that were fitted at once."""
    known = read_attributes(entry)
    tables = child(entry, "tables")
    if _NAME not in known or not has(tables, _PARAMETERS):
        return None
    kept: dict[str, Any] = json.loads(known[_NAME])
    temperatures = read_table(tables, _TEMPERATURES)
    return Joint(
        kept["condition"],
        tuple(temperatures["label"]),
        tuple(law for law in laws if law.estimate == "joint"),
        tuple(LawValue(**{**p, "ci95": tuple(p["ci95"])}) for p in kept["shared"]),
        _parameters(read_table(tables, _PARAMETERS), len(temperatures["label"])),
        frozen_array(temperatures["shift_k"], float),
        frozen_array(temperatures["shift_stderr_k"], float),
        tuple(LinkTest(**t) for t in kept["tests"]),
        kept["chi2_reduced"],
        kept["scatter_ratio"],
        kept["odds"],
        tuple(kept["remarks"]),
        _contributions(tables, len(temperatures["label"])),
        tuple(Consistency(**c) for c in kept.get("consistency", ())),
        _common(kept.get("common")),
    )


def _common(kept: dict[str, Any] | None) -> Common:
    """Return the coordinates of the links; files of earlier versions hold none."""
    if kept is None:
        return Common()
    size = len(kept["coordinates"])
    covariance = frozen_array(np.reshape(kept["covariance"], (size, size)), float)
    links = tuple(CommonLink(**link) for link in kept["links"])
    return Common(links, frozen_array(kept["coordinates"], float), covariance)


def _contributions(tables: Group, spectra: int) -> tuple[tuple[Contribution, ...], ...]:
    """Return the contributions of each spectrum; files of earlier versions hold none."""
    if not has(tables, _CONTRIBUTIONS):
        return ()
    return tuple(map(tuple, read_contributions(read_table(tables, _CONTRIBUTIONS), [None] * spectra)))


def _parameters(table: dict[str, Any], spectra: int) -> tuple[tuple[FittedParameter, ...], ...]:
    found: list[list[FittedParameter]] = [[] for _ in range(spectra)]
    for row, *values in zip(table["spectrum_row"], *(table[field] for field in _FIELDS), strict=True):
        found[int(row)].append(FittedParameter(**dict(zip(_FIELDS, values, strict=True))))
    return tuple(map(tuple, found))
