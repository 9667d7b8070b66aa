"""Distributions of relaxation times in HDF5: one NXdata group each, and tables of peaks, arcs and energies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from eisfit.relaxations.distribution import ArcCount, DepressedArc, Distribution, Peak
from eisfit.relaxations.over_series import DistributionSeries, followed_as, tracks_of
from eisfit.spectrum.spectrum import Spectrum
from eisfit.store.hdf5 import (
    Array,
    Group,
    Unusable,
    Variable,
    add_group,
    child,
    floats,
    has,
    integers,
    link_names,
    read,
    read_attributes,
    read_table,
    texts,
    write_table,
    write_variables,
)
from eisfit.store.spectra import row_of
from eisfit.tables.columns import RELAXATION_LINES
from eisfit.tables.relaxation_table import condition_column, relaxation_line_rows
from eisfit.tools.frozen import frozen_array

_NAME = "relaxations"  # of the group, and of the table of its members
_PEAKS, _ARCS, _LINES, _REFUSED = (f"relaxation_{what}" for what in ("peaks", "arcs", "lines", "refused"))
_DIM = ("tau_s",)
_CURVES = ("gamma_ohm", "gamma_low_ohm", "gamma_high_ohm")
_NUMBERS = (
    "resistance_ohm",
    "resistance_stderr_ohm",
    "series_resistance_ohm",
    "inductance_h",
    "capacitance_f",
    "residual_percent",
)
_COUNTED = ("odds_fewer", "odds_more", "bic")
_OF_PEAK = tuple(f.name for f in fields(Peak) if f.name != "stands")
_OF_ARC = tuple(f.name for f in fields(DepressedArc))
_LOG_TAU = json.dumps({"axes_scale_types": ["log"]})  # tells silx to draw a logarithmic axis


def write_relaxations(entry: Group, found: DistributionSeries | None, spectra: Sequence[Spectrum]) -> None:
    """Write distributions, if there are any, beside the spectra that they are of.

    Parameters
    ----------
    entry : h5py.Group
        Gets the group ``relaxations``, and five tables.
    found : DistributionSeries or None
        Of some or all of `spectra`.
    spectra : sequence of Spectrum
        As they are written.

    Raises
    ------
    StoreError
        If a distribution is of none of the spectra.
    """
    if found is None:
        return
    what, maker = "the distribution of relaxation times", "eisfit.drt_series"
    rows = [row_of(d.spectrum, spectra, what, maker) for d in found]
    names = link_names([d.spectrum.label for d in found], "spectrum")
    group = add_group(entry, _NAME, "NXcollection", default=names[0] if names else None, over=found.over)
    for name, one in zip(names, found, strict=True):
        _write_curve(group, name, one)
    tables = child(entry, "tables")
    write_table(tables, _NAME, _members(found, names, rows))
    write_table(tables, _PEAKS, _peaks(found))
    write_table(tables, _ARCS, _arcs(found))
    write_table(tables, _LINES, _lines(found))
    refused = [texts(each[k] for each in found.refused) for k in (0, 1)]
    write_table(tables, _REFUSED, dict(zip(("spectrum", "reason"), refused, strict=True)))


def _write_curve(parent: Group, name: str, found: Distribution) -> None:
    variables = {"tau_s": Variable(_DIM, found.tau_s, "s")}
    variables |= {curve: Variable(_DIM, getattr(found, curve), "ohm") for curve in _CURVES}
    group = add_group(
        parent,
        name,
        "NXdata",
        signal=_CURVES[0],
        auxiliary_signals=list(_CURVES[1:]),
        axes="tau_s",
        SILX_style=_LOG_TAU,
        label=found.spectrum.label,
    )
    write_variables(group, variables)


def _members(found: DistributionSeries, names: Sequence[str], rows: Sequence[int]) -> dict[str, Array]:
    return {
        "group": texts(names),
        "spectrum_row": integers(rows),
        **_places(found, range(len(found))),
        "arcs": integers(d.count.number for d in found),
        "possible_numbers": texts(" ".join(map(str, d.count.possible)) for d in found),
        **{name: floats(getattr(d.count, name) for d in found) for name in _COUNTED},
        **{name: floats(getattr(d, name) for d in found) for name in _NUMBERS},
        "goes_on": np.array([d.goes_on for d in found], bool),
        "remarks": texts(json.dumps(d.remarks) for d in found),
    }


def _peaks(found: DistributionSeries) -> dict[str, Array]:
    followed = followed_as(found)
    rows = [(k, n, peak) for k, d in enumerate(found) for n, peak in enumerate(d.peaks)]
    return {
        **_places(found, [k for k, _, _ in rows]),
        "number": integers(n + 1 for _, n, _ in rows),
        "peak": integers(followed.get((k, n), 0) for k, n, _ in rows),
        **{name: floats(getattr(p, name) for _, _, p in rows) for name in _OF_PEAK},
        "frequency_hz": floats(p.frequency_hz for _, _, p in rows),
        "capacitance_f": floats(p.capacitance_f for _, _, p in rows),
        "stands": np.array([p.stands for _, _, p in rows], bool),
    }


def _arcs(found: DistributionSeries) -> dict[str, Array]:
    rows = [(k, n, arc) for k, d in enumerate(found) for n, arc in enumerate(d.arcs)]
    return {
        **_places(found, [k for k, _, _ in rows]),
        "number": integers(n + 1 for _, n, _ in rows),
        **{name: floats(getattr(a, name) for _, _, a in rows) for name in _OF_ARC},
        "frequency_hz": floats(a.frequency_hz for _, _, a in rows),
        "capacitance_f": floats(a.capacitance_f for _, _, a in rows),
    }


def _lines(found: DistributionSeries) -> dict[str, Array]:
    rows = relaxation_line_rows(found)
    columns: dict[str, Array] = {}
    for name in RELAXATION_LINES:
        values = [row.get(name) for row in rows]
        columns[name] = texts(v or "" for v in values) if name in ("ordinate", "note") else floats(values)
    return columns


def _places(found: DistributionSeries, places: Sequence[int]) -> dict[str, Array]:
    """Return the columns that tell of which distribution each row is."""
    of = [found.distributions[k] for k in places]
    return {
        "distribution": integers(places),
        "spectrum": texts(d.spectrum.label for d in of),
        condition_column(found.over): floats(d.spectrum.conditions.number(found.over) for d in of),
    }


def read_relaxations(entry: Group, spectra: Sequence[Spectrum]) -> DistributionSeries | None:
    """Return the distributions that a file holds, of its spectra; None where there are none, as in older files.

    Peaks are followed as they were; the line of each is fitted again to what is stored of it.

    Raises
    ------
    KeyError, Unusable
        If a part is missing, or no part of such a file.
    """
    if not has(entry, _NAME):
        return None
    group, tables = child(entry, _NAME), child(entry, "tables")
    known, peaks, arcs, refused = (read_table(tables, name) for name in (_NAME, _PEAKS, _ARCS, _REFUSED))
    own_peaks, own_arcs = _grouped(peaks), _grouped(arcs)
    found = tuple(
        _read(
            child(group, name),
            {column: values[k] for column, values in known.items()},
            spectra,
            tuple(_peak(row) for row in own_peaks.get(k, ())),
            tuple(DepressedArc(**{f: row[f] for f in _OF_ARC}) for row in own_arcs.get(k, ())),
        )
        for k, name in enumerate(known["group"])
    )
    over = str(read_attributes(group)["over"])
    followed: dict[int, list[tuple[int, Peak]]] = {}
    for k, rows in own_peaks.items():
        for n, row in enumerate(rows):
            followed.setdefault(row["peak"], []).append((k, found[k].peaks[n]))
    tracks = tracks_of(found, [followed[number] for number in sorted(followed) if number > 0], over)
    return DistributionSeries(
        over, found, tracks, tuple(zip(refused["spectrum"], refused["reason"], strict=True))
    )


def _grouped(table: dict[str, list[Any]]) -> dict[int, list[dict[str, Any]]]:
    """Return the rows of each distribution."""
    rows: dict[int, list[dict[str, Any]]] = {}
    for values in zip(*table.values(), strict=True):
        row = dict(zip(table, values, strict=True))
        rows.setdefault(int(row["distribution"]), []).append(row)
    return rows


def _peak(row: dict[str, Any]) -> Peak:
    return Peak(**{name: row[name] for name in _OF_PEAK}, stands=bool(row["stands"]))


def _read(
    group: Group,
    row: dict[str, Any],
    spectra: Sequence[Spectrum],
    peaks: tuple[Peak, ...],
    arcs: tuple[DepressedArc, ...],
) -> Distribution:
    if not 0 <= row["spectrum_row"] < len(spectra):
        raise Unusable(f"{group.name} is of spectrum {row['spectrum_row']}, and there are {len(spectra)}")
    possible = tuple(int(n) for n in row["possible_numbers"].split())
    curves = [frozen_array(read(group, curve), float) for curve in _CURVES]
    return Distribution(
        spectrum=spectra[row["spectrum_row"]],
        tau_s=frozen_array(read(group, "tau_s"), float),
        gamma_ohm=curves[0],
        gamma_low_ohm=curves[1],
        gamma_high_ohm=curves[2],
        peaks=peaks,
        count=ArcCount(arcs, row["odds_fewer"], row["odds_more"], possible, row["bic"]),
        **{name: row[name] for name in _NUMBERS},
        goes_on=bool(row["goes_on"]),
        remarks=tuple(json.loads(row["remarks"])),
    )
