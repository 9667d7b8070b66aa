"""Answers from direct current in HDF5: steady states, drops, fit and test of both directions, each as it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from eisfit.polarisation import (
    ChargeTransfer,
    DcAnswer,
    DcData,
    DirectionTest,
    InterfaceCurve,
    InterfaceFit,
    ProbeLayout,
    SteadyStates,
    value_rows,
)
from eisfit.spectrum.findings import Finding
from eisfit.store.hdf5 import (
    Array,
    Group,
    Variable,
    add_group,
    child,
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
from eisfit.tools.frozen import frozen_array

GROUP = "direct_current"
_DATA = {  # arrays of records, their axes and units; those beside the first two may be missing
    "current_a": (("point",), "A"),
    "potential_v": (("point", "probe"), "V"),
    "time_s": (("point",), "s"),
    "step": (("point",), ""),
    "current_stderr_a": (("point",), "A"),
    "potential_stderr_v": (("point", "probe"), "V"),
}
_STATES = ("drift_percent", "p_value", "steady", "points")
_CURVE = {
    "current_a_per_cm2": "A/cm2",
    "drop_v": "V",
    "current_stderr_a_per_cm2": "A/cm2",
    "drop_stderr_v": "V",
}
_PAIRS = ("pair", "face")
_COORDINATES = ("coordinate", "with_coordinate")
_LAW = ("i0_a_per_cm2", "alpha", "r_slei_ohm_cm2", "temperature_c")
_FIT = ("quantile", "chi2_reduced", "scatter_ratio")


def write_answers(entry: Group, answers: Sequence[DcAnswer]) -> None:
    """Write answers into the groups ``direct_current`` and ``tables/direct_current`` of an entry."""
    names = link_names([each.curve.label for each in answers], "dc")
    group = add_group(entry, GROUP, "NXcollection", order=json.dumps(names))
    for name, each in zip(names, answers, strict=True):
        _write(add_group(group, name, "NXcollection", default="curve"), each)
    rows = [{"label": each.curve.label, **row} for each in answers for row in value_rows(each)]
    if rows:
        columns: dict[str, Array] = {key: texts(row[key] for row in rows) for key in ("label", "quantity")}
        columns |= {
            key: floats(row[key] for row in rows) for key in ("value", "stderr", "ci95_low", "ci95_high")
        }
        columns["fixed"] = np.array([row["fixed"] for row in rows], bool)
        write_table(child(entry, "tables"), GROUP, columns)


def read_answers(entry: Group) -> list[DcAnswer]:
    """Return the answers in the order in which they were written."""
    group = child(entry, GROUP)
    return [_read(child(group, name)) for name in json.loads(read_attributes(group)["order"])]


def _write(group: Group, answer: DcAnswer) -> None:
    states = add_group(group, "states", "NXcollection", count=len(answer.states))
    for k, each in enumerate(answer.states):
        _write_states(states, f"{k}", each)
    _write_curve(group, answer.curve)
    if answer.fit is not None:
        _write_fit(group, answer.fit)
    directions = None if answer.directions is None else asdict(answer.directions)
    _write_words(group, unanswered=answer.unanswered, directions=directions)


def _read(group: Group) -> DcAnswer:
    states = child(group, "states")
    curve = _read_curve(group)
    words = _words(group)
    test = words["directions"]
    if test is not None:
        test = DirectionTest(**{**test, "ratio_ci95": tuple(test["ratio_ci95"])})
    return DcAnswer(
        states=tuple(
            _read_states(child(states, f"{k}")) for k in range(int(read_attributes(states)["count"]))
        ),
        curve=curve,
        fit=_read_fit(child(group, "fit"), curve) if has(group, "fit") else None,
        directions=test,
        unanswered=tuple(words["unanswered"]),
    )


def _write_states(parent: Group, name: str, states: SteadyStates) -> None:
    data = states.data
    group = add_group(
        parent, name, "NXdata", signal="potential_v", axes=["point", "probe"], area_cm2=data.area_cm2,
        temperature_c=data.temperature_c, technique=data.technique, label=data.label,
    )  # fmt: skip
    variables = {
        "point": Variable(("point",), np.arange(len(data))),
        "probe": Variable(("probe",), texts(data.probes)),
        **{key: Variable(("point",), np.asarray(getattr(states, key))) for key in _STATES},
    }
    for key, (dims, unit) in _DATA.items():
        if (values := getattr(data, key)) is not None:
            variables[key] = Variable(dims, np.asarray(values), unit)
    write_variables(group, variables)
    layout = None if data.layout is None else asdict(data.layout)
    _write_words(group, layout=layout, findings=[[f.kind, f.text] for f in data.findings])


def _read_states(group: Group) -> SteadyStates:
    attributes, words = read_attributes(group), _words(group)
    arrays = {key: read(group, key) if has(group, key) else None for key in _DATA}
    layout = words["layout"]
    if layout is not None:
        layout = ProbeLayout(**{**layout, "solid_mm": tuple(layout["solid_mm"])})
    data = DcData(
        label=str(attributes["label"]),
        **arrays,  # type: ignore[arg-type]
        probes=tuple(read_texts(group, "probe")),
        area_cm2=_number(attributes, "area_cm2"),
        temperature_c=_number(attributes, "temperature_c"),
        layout=layout,
        technique=str(attributes["technique"]),
        findings=_findings(words),
    )
    kinds = {"steady": bool, "points": int}
    return SteadyStates(
        data, **{key: frozen_array(read(group, key), kinds.get(key, float)) for key in _STATES}
    )


def _write_curve(parent: Group, curve: InterfaceCurve) -> None:
    group = add_group(
        parent, "curve", "NXdata", signal="drop_v", axes="point", label=curve.label, temperature_c=curve.temperature_c
    )  # fmt: skip
    variables = {"point": Variable(("point",), np.arange(curve.drop_v.size))}
    variables |= {key: Variable(("point",), getattr(curve, key), unit) for key, unit in _CURVE.items()}
    if curve.faces:
        variables["side"] = Variable(("point",), texts(curve.faces))
    if len(curve.pairs):
        variables |= {
            "pair": Variable(_PAIRS[:1], np.arange(len(curve.pairs))),
            "face": Variable(_PAIRS[1:], np.arange(2)),
            "pairs": Variable(_PAIRS, curve.pairs),
            "pair_covariance_v2": Variable(_PAIRS[:1], curve.pair_covariance_v2, "V2"),
        }
    write_variables(group, variables)


def _read_curve(parent: Group) -> InterfaceCurve:
    group = child(parent, "curve")
    attributes = read_attributes(group)
    arrays = {key: read(group, key) for key in _CURVE}
    if has(group, "pairs"):
        arrays |= {key: read(group, key) for key in ("pairs", "pair_covariance_v2")}
    return InterfaceCurve(
        label=str(attributes["label"]),
        temperature_c=float(attributes["temperature_c"]),
        faces=tuple(read_texts(group, "side")) if has(group, "side") else (),
        **arrays,
    )


def _write_fit(parent: Group, fit: InterfaceFit) -> None:
    numbers = {key: getattr(fit.law, key) for key in _LAW} | {key: getattr(fit, key) for key in _FIT}
    group = add_group(
        parent, "fit", "NXcollection", charge=fit.law.charge, r_p_stderr=fit.r_p_stderr, **numbers
    )
    axis = np.arange(3)
    write_variables(
        group,
        {
            _COORDINATES[0]: Variable(_COORDINATES[:1], axis),
            _COORDINATES[1]: Variable(_COORDINATES[1:], axis),
            "covariance": Variable(_COORDINATES, np.asarray(fit.covariance)),
        },
    )
    _write_words(group, free=fit.free, findings=[[f.kind, f.text] for f in fit.findings])


def _read_fit(group: Group, curve: InterfaceCurve) -> InterfaceFit:
    attributes, words = read_attributes(group), _words(group)
    law = ChargeTransfer(**{key: float(attributes[key]) for key in _LAW}, charge=int(attributes["charge"]))
    return InterfaceFit(
        curve=curve,
        law=law,
        free=tuple(words["free"]),
        covariance=frozen_array(read(group, "covariance"), float),
        **{key: float(attributes[key]) for key in _FIT},
        findings=_findings(words),
        r_p_stderr=_number(attributes, "r_p_stderr"),
    )


def _write_words(group: Group, **words: Any) -> None:
    """Keep texts, and what has few numbers, as one JSON text."""
    write_variables(group, {"words": Variable((), texts([json.dumps(words)]).reshape(()))})


def _words(group: Group) -> dict[str, Any]:
    return dict(json.loads(read_texts(group, "words")))


def _findings(words: dict[str, Any]) -> tuple[Finding, ...]:
    return tuple(Finding(kind, text) for kind, text in words["findings"])


def _number(attributes: dict[str, Any], name: str) -> float | None:
    return float(attributes[name]) if name in attributes else None
