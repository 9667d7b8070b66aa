"""Suggestions in HDF5: tables of circuits, of templates, and of the values of each circuit for each spectrum."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, get_args

import numpy as np

from eisfit.spectrum.spectrum import Spectrum
from eisfit.store.hdf5 import (
    Array,
    Group,
    Unusable,
    add_group,
    child,
    floats,
    has,
    integers,
    read_attributes,
    read_table,
    texts,
    write_table,
)
from eisfit.store.spectra import row_of
from eisfit.suggestion import RankedCircuit, RankedTemplate, Suggestion
from eisfit.suggestion.mixed import Fitted
from eisfit.suggestion.structure import LINEAR, Kind, Structure
from eisfit.tools.frozen import frozen_array

_NAME = "suggestion"  # of the group
_CIRCUITS, _TEMPLATES, _FITS, _TERMS, _REFUSED = (
    f"suggestion_{what}" for what in ("circuits", "templates", "fits", "terms", "refused")
)
_OF_CIRCUIT = {  # fields in columns, by the kind of their values
    "text": ("circuit", "same_curve_as", "decided_by"),
    "number": ("bic_difference", "misfit_percent", "noise_ratio"),
    "truth": ("allowed", "fits_as_well"),
    "whole": ("parameters",),
    "words": ("same_function",),
}
_OF_TEMPLATE = {
    "text": ("name", "title", "decided_by"),
    "number": ("difference",),
    "truth": ("allowed",),
    "whole": ("electrodes",),
    "words": ("against",),
}
_LOGARITHMS = ("log_resistance_ohm", "log_time_s", "log_exponent")
_KINDS = frozenset(get_args(Kind))


def write_suggestion(entry: Group, found: Suggestion | None, spectra: Sequence[Spectrum]) -> None:
    """Write a suggestion, if there is one, beside the spectra that it is of.

    Parameters
    ----------
    entry : h5py.Group
        Gets the group ``suggestion``, and five tables.
    found : Suggestion or None
        Of some or all of `spectra`.
    spectra : sequence of Spectrum
        As they are written.

    Raises
    ------
    StoreError
        If it is of another spectrum.
    """
    if found is None:
        return
    rows = [row_of(s, spectra, "the suggestion", "eisfit.suggest") for s in found.spectra]
    add_group(
        entry,
        _NAME,
        "NXcollection",
        spectrum_rows=json.dumps(rows),
        remarks=json.dumps(found.remarks),
        noise_percent=found.noise_percent,
    )
    tables = child(entry, "tables")
    write_table(tables, _CIRCUITS, _columns(found.circuits, _OF_CIRCUIT))
    write_table(tables, _TEMPLATES, _columns(found.templates, _OF_TEMPLATE))
    fits = [(k, j, f) for k, c in enumerate(found.circuits) for j, f in enumerate(c.fits)]
    write_table(tables, _FITS, _fits(fits))
    write_table(tables, _TERMS, _terms([f for _, _, f in fits]))
    refused = [texts(each[k] for each in found.refused) for k in (0, 1)]
    write_table(tables, _REFUSED, dict(zip(("spectrum", "reason"), refused, strict=True)))


def _columns(found: Sequence[Any], fields: dict[str, tuple[str, ...]]) -> dict[str, Array]:
    """Return fields of ranked circuits or templates as columns."""
    columns: dict[str, Array] = {}
    for kind, names in fields.items():
        for name in names:
            values = [getattr(each, name) for each in found]
            if kind == "text":
                columns[name] = texts(values)
            elif kind == "words":
                columns[name] = texts(json.dumps(value) for value in values)
            elif kind == "truth":
                columns[name] = np.array(values, bool)
            else:
                columns[name] = integers(values) if kind == "whole" else floats(values)
    return columns


def _fits(fits: Sequence[tuple[int, int, Fitted]]) -> dict[str, Array]:
    return {
        "circuit": integers(k for k, _, _ in fits),
        "spectrum": integers(j for _, j, _ in fits),
        "linear": texts(" ".join(f.structure.linear) for _, _, f in fits),
        "kinds": texts(" ".join(f.structure.kinds) for _, _, f in fits),
        "misfit": floats(f.misfit for _, _, f in fits),
        "log_tau_first": floats(f.log_tau[0] for _, _, f in fits),
        "log_tau_last": floats(f.log_tau[1] for _, _, f in fits),
    }


def _terms(fits: Sequence[Fitted]) -> dict[str, Array]:
    """Return one row for each term of each fit: linear ones have a value, others logarithms."""
    rows: list[tuple[int, str, float, Sequence[float]]] = []
    for k, fitted in enumerate(fits):
        linear = zip(fitted.structure.linear, fitted.linear.tolist(), strict=True)
        rows += [(k, name, value, (np.nan,) * 3) for name, value in linear]
        terms = zip(fitted.structure.kinds, fitted.log_p.tolist(), strict=True)
        rows += [(k, kind, np.nan, log_p) for kind, log_p in terms]
    return {
        "fit": integers(row[0] for row in rows),
        "term": texts(row[1] for row in rows),
        "value": floats(row[2] for row in rows),
        **{name: floats(row[3][n] for row in rows) for n, name in enumerate(_LOGARITHMS)},
    }


def read_suggestion(entry: Group, spectra: Sequence[Spectrum]) -> Suggestion | None:
    """Return the suggestion that a file holds, of its spectra; None where there is none, as in older files.

    Raises
    ------
    KeyError, Unusable
        If a part is missing, or no part of such a file.
    """
    if not has(entry, _NAME):
        return None
    known, tables = read_attributes(child(entry, _NAME)), child(entry, "tables")
    rows = [int(k) for k in json.loads(known["spectrum_rows"])]
    for k in rows:
        if not 0 <= k < len(spectra):
            raise Unusable(f"the suggestion is of spectrum {k}, and there are {len(spectra)}")
    fits = _read_fits(read_table(tables, _FITS), read_table(tables, _TERMS))
    circuits = tuple(
        RankedCircuit(**own, fits=tuple(fits.get(k, ())))
        for k, own in enumerate(_rows(read_table(tables, _CIRCUITS), _OF_CIRCUIT))
    )
    if any(len(c.fits) != len(rows) for c in circuits):
        raise Unusable("circuits of the suggestion lack values for some of its spectra")
    templates = tuple(RankedTemplate(**own) for own in _rows(read_table(tables, _TEMPLATES), _OF_TEMPLATE))
    refused = read_table(tables, _REFUSED)
    return Suggestion(
        tuple(spectra[k] for k in rows),
        circuits,
        templates,
        float(known["noise_percent"]),
        tuple(zip(refused["spectrum"], refused["reason"], strict=True)),
        tuple(json.loads(known["remarks"])),
    )


def _rows(table: dict[str, list[Any]], fields: dict[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """Return the fields of ranked circuits or templates from their columns."""
    made: dict[str, Callable[[Any], Any]] = {"truth": bool, "whole": int}
    made["words"] = lambda value: tuple(json.loads(value))
    names = [(name, made.get(kind, lambda value: value)) for kind, own in fields.items() for name in own]
    count = len(table[names[0][0]])
    return [{name: of(table[name][k]) for name, of in names} for k in range(count)]


def _read_fits(fits: dict[str, list[Any]], terms: dict[str, list[Any]]) -> dict[int, list[Fitted]]:
    """Return the fits of each circuit, in the order of the spectra."""
    own: dict[int, list[int]] = {}
    for row, fit in enumerate(terms["fit"]):
        own.setdefault(int(fit), []).append(row)
    found: dict[int, list[Fitted]] = {}
    for k, circuit in enumerate(fits["circuit"]):
        linear, kinds = tuple(fits["linear"][k].split()), tuple(fits["kinds"][k].split())
        rows = own.get(k, [])
        if tuple(terms["term"][row] for row in rows) != (*linear, *kinds) or not (
            set(linear) <= set(LINEAR) and set(kinds) <= _KINDS
        ):
            raise Unusable(f"the terms of fit {k} of the suggestion are not those of its circuit")
        values = [terms["value"][row] for row in rows[: len(linear)]]
        log_p = [[terms[name][row] for name in _LOGARITHMS] for row in rows[len(linear) :]]
        found.setdefault(int(circuit), []).append(
            Fitted(
                Structure(linear, kinds),
                frozen_array(np.reshape(log_p, (-1, 3)), float),
                frozen_array(values, float),
                fits["misfit"][k],
                (fits["log_tau_first"][k], fits["log_tau_last"][k]),
            )
        )
    return found
