"""Fits in HDF5: per template one group of parameter arrays, per contribution one row of a table."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any

import numpy as np

from eisfit.cell.counts import Count
from eisfit.cell.limits import Limit
from eisfit.cell.segments import Check, Configuration, Segment, Setting
from eisfit.cell.templates import Template
from eisfit.results.contribution import FittedParameter, Statistics
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.spectrum.spectrum import Spectrum
from eisfit.store import older_files
from eisfit.store.contributions import contribution_columns, read_contributions
from eisfit.store.hdf5 import (
    Array,
    Group,
    Variable,
    add_group,
    child,
    columns_of,
    floats,
    has,
    integers,
    link_names,
    read,
    read_table,
    read_texts,
    texts,
    write_table,
    write_variables,
)
from eisfit.store.options import as_text, read_options, sigma_columns
from eisfit.tables.columns import columns_in
from eisfit.tables.rows import contribution_rows
from eisfit.tools.frozen import Floats, frozen_array

_COUNTS = ("points", "parameters_free", "iterations")
_DIMS = ("spectrum", "parameter")


@dataclass
class _Model:
    """Fits with one template and the same parameters."""

    template: Template
    structure: str
    fits: list[Fit] = field(default_factory=list)


def write_fits(entry: Group, fits: Sequence[Fit]) -> None:
    """Write fits, whose spectra are written apart.

    Parameters
    ----------
    entry : h5py.Group
        Gets the groups ``models`` and ``tables/fits``, ``tables/remarks``, ``tables/contributions``,
        ``tables/point_weights``, ``tables/given_sigmas``.
    fits : sequence of Fit
        In the order of the spectra.
    """
    models, places = _models(fits)
    names = link_names([model.template.name for model in models], "template")
    group = add_group(entry, "models", "NXcollection")
    for name, model in zip(names, models, strict=True):
        _write_model(group, name, model)
    tables = child(entry, "tables")
    write_table(tables, "fits", _fit_columns(fits, [names[m] for m, _ in places], [row for _, row in places]))
    remarks = [(row, text) for row, fit in enumerate(fits) for text in fit.remarks]
    write_table(
        tables,
        "remarks",
        {
            "spectrum_row": integers(row for row, _ in remarks),
            "spectrum": texts(fits[row].label for row, _ in remarks),
            "text": texts(text for _, text in remarks),
        },
    )
    shown = contribution_rows(fits)
    write_table(
        tables,
        "contributions",
        columns_of(shown, columns_in("contributions", shown))
        | contribution_columns([fit.contributions for fit in fits]),
    )
    write_table(tables, "point_weights", _point_weight_columns(fits))
    write_table(tables, "given_sigmas", sigma_columns([fit.options for fit in fits]))


def _point_weight_columns(fits: Sequence[Fit]) -> dict[str, Array]:
    """Return the weights of the points of robust fits; in other fits all fitted points have equal weight."""
    robust = [(row, fit) for row, fit in enumerate(fits) if fit.loss not in ("", "linear")]
    return {
        "spectrum_row": integers(row for row, fit in robust for _ in fit.point_weights),
        "frequency_hz": floats(f for _, fit in robust for f in fit.spectrum.frequency_hz),
        "weight": floats(w for _, fit in robust for w in fit.point_weights),
    }


def _models(fits: Sequence[Fit]) -> tuple[list[_Model], list[tuple[int, int]]]:
    """Return the models, and for each fit its model and its row in that model."""
    structures: dict[int, str] = {}
    found: dict[object, int] = {}
    models: list[_Model] = []
    places = []
    for fit in fits:
        if id(fit.template) not in structures:
            structures[id(fit.template)] = _structure(fit.template)
        structure = structures[id(fit.template)]
        key = (structure, fit.template.text, tuple((p.name, p.unit) for p in fit.parameters))
        place = found.setdefault(key, len(models))
        if place == len(models):
            models.append(_Model(fit.template, structure))
        models[place].fits.append(fit)
        places.append((place, len(models[place].fits) - 1))
    return models, places


def _write_model(parent: Group, name: str, model: _Model) -> None:
    group = add_group(parent, name, "NXcollection", template=model.template.name, title=model.template.title)
    scalar: dict[str, Variable] = {
        "template_text": Variable((), texts([model.template.text]).reshape(())),
        "template_structure": Variable((), texts([model.structure]).reshape(())),
    }
    rows = [fit.parameters for fit in model.fits]
    if not rows[0]:
        write_variables(group, scalar)
        return
    parameters = texts(p.name for p in rows[0])
    variables = {
        "spectrum": Variable(("spectrum",), texts(fit.label for fit in model.fits)),
        "parameter": Variable(("parameter",), parameters),
        "with_parameter": Variable(("with_parameter",), parameters),
        "unit": Variable(("parameter",), texts(p.unit for p in rows[0])),
        "value": Variable(_DIMS, np.array([[p.value for p in row] for row in rows], float)),
        "stderr": Variable(_DIMS, np.array([[p.stderr for p in row] for row in rows], float)),
        "stderr_log": Variable(_DIMS, np.array([[p.stderr_log for p in row] for row in rows], float)),
        "outcome": Variable(_DIMS, np.array([texts(p.note for p in row) for row in rows], object)),
        "state": Variable(_DIMS, np.array([texts(p.state for p in row) for row in rows], object)),
        "covariance_log": Variable(
            (*_DIMS, "with_parameter"), np.stack([f.covariance_log for f in model.fits])
        ),
    }
    write_variables(group, variables | scalar)


def _fit_columns(fits: Sequence[Fit], models: Sequence[str], rows: Sequence[int]) -> dict[str, Array]:
    statistics = [fit.statistics for fit in fits]
    columns = {
        "spectrum": texts(fit.label for fit in fits),
        "temperature_c": floats(fit.spectrum.conditions.temperature_c for fit in fits),
        "outcome": texts(fit.outcome.name for fit in fits),
        "sentence": texts(fit.sentence for fit in fits),
        "model": texts(models),
        "model_row": integers(rows),
        "weights": texts(fit.weights for fit in fits),
        "loss": texts(fit.loss for fit in fits),
        "options": texts(as_text(fit.options) for fit in fits),
        "has_statistics": np.array([s is not None for s in statistics], bool),
    }
    for f in fields(Statistics):
        values = [None if s is None else getattr(s, f.name) for s in statistics]
        whole = f.name in _COUNTS
        columns[f.name] = integers(v or 0 for v in values) if whole else floats(values)
    return columns


def read_fits(entry: Group, spectra: Sequence[Spectrum]) -> list[Fit]:
    """Return the fits of the spectra, in their order."""
    tables, group = child(entry, "tables"), child(entry, "models")
    table = read_table(tables, "fits")
    models = {name: _read_model(child(group, name)) for name in dict.fromkeys(table["model"])}
    remarks: list[list[str]] = [[] for _ in spectra]
    noted = read_table(tables, "remarks")
    for row, text in zip(noted["spectrum_row"], noted["text"], strict=True):
        remarks[row].append(text)
    templates = [models[name][0] for name in table["model"]]
    contributions = read_contributions(read_table(tables, "contributions"), templates)
    point_weights = _read_point_weights(tables)
    options = read_options(tables, table)
    rows = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    found = []
    for number, (spectrum, row, said, parts) in enumerate(
        zip(spectra, rows, remarks, contributions, strict=True)
    ):
        failed = Outcome[row["outcome"]] is Outcome.FAILED
        alike = np.where(spectrum.used & (not failed), 1.0, 0.0)
        template, parameters, covariances = models[row["model"]]
        found.append(
            Fit(
                spectrum=spectrum,
                template=template,
                parameters=parameters[row["model_row"]] if parameters else (),
                covariance_log=frozen_array(
                    covariances[row["model_row"]] if parameters else np.empty((0, 0)), float
                ),
                contributions=tuple(parts),
                outcome=Outcome[row["outcome"]],
                remarks=tuple(said),
                statistics=_read_statistics(row),
                options=options[number],
                point_weights=frozen_array(point_weights.get(number, alike), float),
            )
        )
    return found


def _read_model(group: Group) -> tuple[Template, list[tuple[FittedParameter, ...]], Floats]:
    template = _read_template(read_texts(group, "template_structure"), read_texts(group, "template_text"))
    if not has(group, "parameter"):
        return template, [], np.empty((0, 0, 0))
    names, units = read_texts(group, "parameter"), read_texts(group, "unit")
    numbers = [read(group, key).tolist() for key in ("value", "stderr", "stderr_log")]
    notes = read_texts(group, "outcome")
    states = read_texts(group, "state") if has(group, "state") else older_files.states(notes)
    parameters = [
        tuple(FittedParameter(*column) for column in zip(names, units, *row, strict=True))
        for row in zip(*numbers, notes, states, strict=True)
    ]
    return template, parameters, read(group, "covariance_log")


def _read_point_weights(tables: Group) -> dict[int, Floats]:
    """Return the weights of the points of robust fits by the row of the spectrum; older files hold none."""
    if not has(tables, "point_weights"):
        return {}
    table = read_table(tables, "point_weights")
    rows, weights = np.array(table["spectrum_row"], int), np.array(table["weight"], float)
    return {int(row): weights[rows == row] for row in np.unique(rows)}


def _read_statistics(row: Mapping[str, Any]) -> Statistics | None:
    if not row["has_statistics"]:
        return None
    return Statistics(**{f.name: row[f.name] for f in fields(Statistics)})


def _structure(template: Template) -> str:
    """Return everything of a template but its text as JSON."""
    parts = {f.name: getattr(template, f.name) for f in fields(template) if f.name != "text"}
    parts["segments"] = [asdict(s) for s in template.segments]
    parts["configurations"] = [asdict(c) for c in template.configurations]
    parts["settings"] = {
        name: {key: _number(value) for key, value in asdict(setting).items()}
        for name, setting in template.settings.items()
    }
    parts["checks"] = [asdict(c) | {"z_ohm": [c.z_ohm.real, c.z_ohm.imag]} for c in template.checks]
    parts["counts"] = [asdict(c) for c in template.counts]
    parts["limits"] = [asdict(limit) for limit in template.limits]
    parts["asked"] = None if template.asked is None else json.loads(_structure(template.asked))
    return json.dumps(parts)


def _number(value: float | str | None) -> float | str | None:
    """Return a value in a form that JSON can hold: an infinite number as a text that `float` reads."""
    return repr(float(value)) if isinstance(value, float) and not math.isfinite(value) else value


def _read_template(structure: str, text: str) -> Template:
    return _template_of(json.loads(structure), text)


def _template_of(parts: dict[str, Any], text: str) -> Template:
    asked = parts.get("asked")
    settings = {
        name: Setting(**{key: _setting_value(key, v) for key, v in setting.items()})
        for name, setting in parts["settings"].items()
    }
    return Template(
        **parts
        | {
            "text": text,
            "source": tuple(parts["source"]),
            "segments": tuple(Segment(**_with_tuples(s)) for s in parts["segments"]),
            "configurations": tuple(Configuration(**_with_tuples(c)) for c in parts["configurations"]),
            "settings": MappingProxyType(settings),
            "asked": None if asked is None else _template_of(asked, text),
            "counts": tuple(Count(**c) for c in parts.get("counts", ())),
            "conditions": _as_tuple(parts.get("conditions", [])),
            "given": _as_tuple(parts.get("given", [])),
            "limits": tuple(Limit(**_with_tuples(limit)) for limit in parts.get("limits", ())),
            "checks": tuple(
                Check(**_with_tuples(c) | {"z_ohm": complex(*c["z_ohm"])}) for c in parts["checks"]
            ),
        }
    )


def _setting_value(key: str, value: Any) -> Any:
    return value if value is None or key in ("tie", "each") else float(value)


def _with_tuples(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _as_tuple(value) for key, value in parts.items()}


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(v) for v in value) if isinstance(value, list) else value
