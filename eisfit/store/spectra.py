"""Spectra in HDF5: one NXdata group each, with conditions and source as attributes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from types import MappingProxyType

import numpy as np

from eisfit.errors import StoreError
from eisfit.spectrum.conditions import CONDITION_NUMBERS, Conditions
from eisfit.spectrum.findings import Checked, Finding, Source
from eisfit.spectrum.spectrum import Spectrum
from eisfit.store.hdf5 import (
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
    read_attributes,
    read_table,
    read_texts,
    texts,
    write_table,
    write_variables,
)
from eisfit.tables.columns import SPECTRA
from eisfit.tables.rows import own_conditions, spectrum_row
from eisfit.tools.frozen import Complexes

_LOG_FREQUENCY = json.dumps({"axes_scale_types": ["log"]})  # tells silx to draw a logarithmic axis
_DIM = ("frequency_hz",)
_OF_FIT = (
    "spectrum",
    "chi2_reduced",
    "outcome",
    "finding",
)  # columns of spectra.csv that stand elsewhere here
_KK = "kk_max_residual_percent"  # an attribute of spectra that were checked


def write_spectra(entry: Group, spectra: Sequence[Spectrum], models: Sequence[Complexes | None]) -> None:
    """Write spectra, each with the model impedance of its fit where there is one.

    Parameters
    ----------
    entry : h5py.Group
        Gets the groups ``spectra`` and ``tables/spectra``, ``tables/findings``.
    spectra : sequence of Spectrum
        In the order of the result.
    models : sequence of (ndarray of complex or None)
        At the frequencies of each spectrum.
    """
    names = link_names([s.label for s in spectra], "spectrum")
    group = add_group(entry, "spectra", "NXcollection", default=names[0] if names else None)
    for name, spectrum, model in zip(names, spectra, models, strict=True):
        _write_spectrum(group, name, spectrum, model)
    tables = child(entry, "tables")
    write_table(tables, "spectra", _index(names, spectra))
    found = [(row, n, finding) for row, s in enumerate(spectra) for n, finding in enumerate(s.all_findings)]
    columns = {
        "spectrum_row": integers(row for row, _, _ in found),
        "spectrum": texts(spectra[row].label for row, _, _ in found),
        "kind": texts(finding.kind for _, _, finding in found),
        "text": texts(finding.text for _, _, finding in found),
        "of_check": np.array([n >= len(spectra[row].findings) for row, n, _ in found], bool),
    }
    write_table(tables, "findings", columns)


def row_of(spectrum: Spectrum, spectra: Sequence[Spectrum], what: str, maker: str) -> int:
    """Return the place of a spectrum among those that are written.

    Parameters
    ----------
    spectrum : Spectrum
        That something is of.
    spectra : sequence of Spectrum
        As they are written.
    what, maker : str
        What is of it, and the function that makes it, for the message.

    Raises
    ------
    StoreError
        If it is none of them.
    """
    same = [k for k, other in enumerate(spectra) if other is spectrum]
    same = same or [k for k, other in enumerate(spectra) if other == spectrum]
    if not same:
        raise StoreError(
            f"{what} of {spectrum.label!r} is of none of the spectra that are saved; make it of them by {maker}"
        )
    return same[0]


def _index(names: Sequence[str], spectra: Sequence[Spectrum]) -> dict[str, np.ndarray]:
    own = dict.fromkeys(name for s in spectra for name in own_conditions(s.conditions))
    return {
        "group": texts(names),
        "spectrum": texts(s.label for s in spectra),
        **columns_of([spectrum_row(s) for s in spectra], [name for name in SPECTRA if name not in _OF_FIT]),
        **{name: floats(s.conditions.number(name) for s in spectra) for name in (*CONDITION_NUMBERS, *own)},
    }


def _write_spectrum(parent: Group, name: str, spectrum: Spectrum, model: Complexes | None) -> None:
    variables = {
        "frequency_hz": Variable(_DIM, spectrum.frequency_hz, "Hz"),
        "z_real_ohm": Variable(_DIM, spectrum.z_ohm.real, "ohm"),
        "z_imag_ohm": Variable(_DIM, spectrum.z_ohm.imag, "ohm"),
        "mask": Variable(_DIM, spectrum.mask),
    }
    if model is not None:
        variables["z_fit_real_ohm"] = Variable(_DIM, model.real, "ohm")
        variables["z_fit_imag_ohm"] = Variable(_DIM, model.imag, "ohm")
    if spectrum.time_s is not None:
        variables["time_s"] = Variable(_DIM, spectrum.time_s, "s")
    if any(spectrum.mask_reason):
        variables["mask_reason"] = Variable(_DIM, texts(spectrum.mask_reason))
    curves = [key for key in ("z_imag_ohm", "z_fit_real_ohm", "z_fit_imag_ohm") if key in variables]
    group = add_group(
        parent,
        name,
        "NXdata",
        signal="z_real_ohm",
        auxiliary_signals=curves,
        axes="frequency_hz",
        SILX_style=_LOG_FREQUENCY,
        label=spectrum.label,
        **_conditions(spectrum.conditions),
        **_source(spectrum.source),
        **({_KK: spectrum.checked.kk_max_residual_percent} if spectrum.checked else {}),
    )
    write_variables(group, variables)


def _conditions(conditions: Conditions) -> dict[str, object]:
    known = {f.name: getattr(conditions, f.name) for f in fields(conditions)}
    layers, own, fixed = known.pop("layers"), known.pop("own"), known.pop("fixed")
    probes = known.pop("probes_cm")
    return known | {
        "layers_cm": json.dumps(dict(layers)) if layers else None,
        "probes_cm": json.dumps(dict(probes)) if probes else None,
        "own_conditions": json.dumps(dict(own)) if own else None,
        "fixed_parameters": json.dumps(dict(fixed)) if fixed else None,
    }


def _source(source: Source | None) -> dict[str, object]:
    return {} if source is None else {f"source_{f.name}": getattr(source, f.name) for f in fields(source)}


def read_spectra(entry: Group) -> list[Spectrum]:
    """Return the spectra in the order in which they were written."""
    group, tables = child(entry, "spectra"), child(entry, "tables")
    names = read_table(tables, "spectra")["group"]
    noticed: list[list[Finding]] = [[] for _ in names]
    shown: list[list[Finding]] = [[] for _ in names]
    table = read_table(tables, "findings")
    of_checks = table.get("of_check", [False] * len(table["kind"]))  # files from before there were checks
    for row, kind, text, of_check in zip(
        table["spectrum_row"], table["kind"], table["text"], of_checks, strict=True
    ):
        (shown if of_check else noticed)[row].append(Finding(kind, text))
    return [
        _read_spectrum(child(group, name), *found) for name, *found in zip(names, noticed, shown, strict=True)
    ]


def _read_spectrum(group: Group, noticed: Sequence[Finding], shown: Sequence[Finding]) -> Spectrum:
    frequency = read(group, "frequency_hz")
    z = np.empty(frequency.shape, complex)
    z.real, z.imag = read(group, "z_real_ohm"), read(group, "z_imag_ohm")
    attributes = read_attributes(group)
    reasons = read_texts(group, "mask_reason") if has(group, "mask_reason") else [""] * frequency.size
    return Spectrum(
        frequency,
        z,
        time_s=read(group, "time_s") if has(group, "time_s") else None,
        mask=read(group, "mask").astype(bool),
        mask_reason=tuple(reasons),
        conditions=_read_conditions(attributes),
        label=str(attributes["label"]),
        source=_read_source(attributes),
        findings=tuple(noticed),
        checked=Checked(float(attributes[_KK]), tuple(shown)) if _KK in attributes else None,
    )


def _read_conditions(attributes: dict[str, object]) -> Conditions:
    known = {f.name: attributes.get(f.name) for f in fields(Conditions)}
    electrodes = known["electrodes"]
    known["electrodes"] = None if electrodes is None else int(electrodes)  # type: ignore[call-overload]
    known["layers"] = MappingProxyType(json.loads(str(attributes.get("layers_cm", "{}"))))
    known["probes_cm"] = MappingProxyType(json.loads(str(attributes.get("probes_cm", "{}"))))
    known["own"] = MappingProxyType(json.loads(str(attributes.get("own_conditions", "{}"))))
    known["fixed"] = MappingProxyType(json.loads(str(attributes.get("fixed_parameters", "{}"))))
    return Conditions(**known)  # type: ignore[arg-type]


def _read_source(attributes: dict[str, object]) -> Source | None:
    if "source_file" not in attributes:
        return None
    file, sha256, form, sweep = (attributes[f"source_{f.name}"] for f in fields(Source))
    return Source(str(file), str(sha256), str(form), int(sweep))  # type: ignore[call-overload]
