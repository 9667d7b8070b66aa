"""Fits of laws in HDF5: one NXdata group each, which is read back, and a table of their parameters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from eisfit.laws.checks import Curvature, Hysteresis, LineChecks, OddPoint
from eisfit.laws.law_fit import LawFit, LawValue, ReferenceValue
from eisfit.laws.registry import law_known
from eisfit.store.hdf5 import (
    Group,
    Variable,
    add_group,
    child,
    columns_of,
    floats,
    has,
    link_names,
    read,
    read_attributes,
    read_texts,
    texts,
    write_table,
    write_variables,
)
from eisfit.tables.columns import LAWS as COLUMNS
from eisfit.tables.rows import law_rows
from eisfit.tools.frozen import Floats, frozen_array

_GROUP = "laws"
_WORDS = ("law", "condition", "contribution", "role", "quantity", "unit", "ordinate")
_NUMBERS = ("centre", "quantile", "chi2_reduced", "scatter_ratio")
_ARRAYS = ("at", "value", "value_stderr_log", "ordinate_value", "ordinate_stderr")
_PARAMETER = ("parameter",)
_COORDINATES = ("coordinate", "with_coordinate")
_REFERENCE = ("reference",)


def write_laws(entry: Group, fits: Sequence[LawFit], shown: Sequence[tuple[LawFit, bool]]) -> None:
    """Write fits of laws.

    Parameters
    ----------
    entry : h5py.Group
        Gets the groups ``laws`` and ``tables/laws``; nothing where there is no fit.
    fits : sequence of LawFit
        As a series holds them.
    shown : sequence of (LawFit, bool)
        All lines and laws of the series, for the table, as `Series.law_fits` gives them.
    """
    if not fits:
        return
    write_table(child(entry, "tables"), _GROUP, columns_of(law_rows(shown), COLUMNS))
    names = link_names([f"{fit.contribution} {fit.law}" for fit in fits], "law")
    group = add_group(entry, _GROUP, "NXcollection", default=names[0], order=json.dumps(names))
    for name, fit in zip(names, fits, strict=True):
        _write_law(group, name, fit)


def _write_law(parent: Group, name: str, fit: LawFit) -> None:
    size, axis = len(fit.coordinates), np.arange(len(fit.coordinates))
    variables = {
        "point": Variable(("point",), np.arange(fit.at.size)),
        **{key: Variable(("point",), getattr(fit, key)) for key in _ARRAYS},
        "used": Variable(("point",), fit.used),
        "spectrum": Variable(("point",), texts(fit.labels)),
        "parameter": Variable(_PARAMETER, texts(p.name for p in fit.parameters)),
        "parameter_value": Variable(_PARAMETER, floats(p.value for p in fit.parameters)),
        "parameter_stderr": Variable(_PARAMETER, floats(p.stderr for p in fit.parameters)),
        "parameter_ci95_low": Variable(_PARAMETER, floats(p.ci95[0] for p in fit.parameters)),
        "parameter_ci95_high": Variable(_PARAMETER, floats(p.ci95[1] for p in fit.parameters)),
        "parameter_unit": Variable(_PARAMETER, texts(p.unit for p in fit.parameters)),
        "coordinate": Variable(_COORDINATES[:1], axis),
        "with_coordinate": Variable(_COORDINATES[1:], axis),
        "coordinates": Variable(_COORDINATES[:1], fit.coordinates),
        "covariance": Variable(_COORDINATES, fit.covariance.reshape(size, size)),
    }
    if fit.references:
        variables |= {
            "reference": Variable(_REFERENCE, floats(r.temperature_c for r in fit.references), "degC"),
            "reference_value": Variable(_REFERENCE, floats(r.value for r in fit.references), fit.unit),
            "reference_stderr": Variable(_REFERENCE, floats(r.stderr for r in fit.references), fit.unit),
            "extrapolated": Variable(_REFERENCE, np.array([r.extrapolated for r in fit.references], bool)),
        }
    group = add_group(
        parent,
        name,
        "NXdata",
        signal="ordinate_value",
        axes="point",
        points_total=fit.points_total,
        remarks=json.dumps(fit.remarks),
        checks=json.dumps(asdict(fit.checks)),
        estimate=fit.estimate,
        **{key: getattr(fit, key) for key in (*_WORDS, *_NUMBERS)},
    )
    write_variables(group, variables)


def read_laws(entry: Group) -> tuple[LawFit, ...]:
    """Return the fits of laws in the order in which they were written; older files hold none."""
    if not has(entry, _GROUP):
        return ()
    group = child(entry, _GROUP)
    return tuple(_read_law(child(group, name)) for name in json.loads(read_attributes(group)["order"]))


def _read_law(group: Group) -> LawFit:
    attributes = read_attributes(group)
    registered = law_known(attributes["law"])
    known: dict[str, Any] = {
        **{key: str(attributes[key]) for key in _WORDS},
        **{key: float(attributes[key]) for key in _NUMBERS},
        **{key: _floats(group, key) for key in (*_ARRAYS, "coordinates", "covariance")},
    }
    return ((registered and registered.result) or LawFit)(
        **known,
        parameters=tuple(_read_parameters(group)),
        used=frozen_array(read(group, "used"), bool),
        labels=tuple(read_texts(group, "spectrum")),
        references=tuple(_read_references(group)),
        points_total=int(attributes["points_total"]),
        remarks=tuple(json.loads(attributes["remarks"])),
        checks=_read_checks(json.loads(attributes.get("checks", "{}"))),
        estimate="joint" if attributes.get("estimate") == "joint" else "lines",
    )


def _read_checks(kept: dict[str, dict[str, Any]]) -> LineChecks:
    """Return the tests of a line; older files hold none."""
    known: dict[str, dict[str, Any]] = {
        part: {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
        for part, values in kept.items()
    }
    return LineChecks(
        Curvature(**known.get("curvature", {})),
        Hysteresis(**known.get("hysteresis", {})),
        OddPoint(**known.get("odd", {})),
    )


def _floats(group: Group, name: str) -> Floats:
    return frozen_array(read(group, name), float)


def _read_parameters(group: Group) -> list[LawValue]:
    numbers = ("parameter_value", "parameter_stderr", "parameter_ci95_low", "parameter_ci95_high")
    rows = zip(
        read_texts(group, "parameter"),
        *(read(group, key).tolist() for key in numbers),
        read_texts(group, "parameter_unit"),
        strict=True,
    )
    return [LawValue(name, value, stderr, (low, high), unit) for name, value, stderr, low, high, unit in rows]


def _read_references(group: Group) -> list[ReferenceValue]:
    if not has(group, "reference"):
        return []
    numbers = ("reference", "reference_value", "reference_stderr", "extrapolated")
    rows = zip(*(read(group, key).tolist() for key in numbers), strict=True)
    return [ReferenceValue(at, value, stderr, bool(outside)) for at, value, stderr, outside in rows]
