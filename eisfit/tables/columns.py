"""The columns of each table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from eisfit.errors import InputError

Row: TypeAlias = dict[str, Any]


CONTRIBUTIONS = (
    "spectrum",
    "temperature_c",
    "contribution",
    "role",
    "count",
    "resistance_ohm",
    "resistance_stderr_ohm",
    "ci95_low_ohm",
    "ci95_high_ohm",
    "limit_ohm",
    "asr_ohm_cm2",
    "asr_stderr_ohm_cm2",
    "conductivity_s_cm",
    "conductivity_stderr_s_cm",
    "capacitance_f",
    "frequency_hz",
    "resolved",
    "odds",
    "outcome",
    "estimate",
)


PARAMETERS = (
    "spectrum",
    "temperature_c",
    "parameter",
    "value",
    "stderr",
    "unit",
    "outcome",
    "state",
    "asr_ohm_cm2",
    "asr_stderr_ohm_cm2",
)


ARRHENIUS = (
    "contribution",
    "role",
    "quantity",
    "unit",
    "ordinate",
    "default",
    "law",
    "activation_energy_ev",
    "activation_energy_stderr_ev",
    "ci95_low_ev",
    "ci95_high_ev",
    "value_25c",
    "value_25c_stderr",
    "value_60c",
    "value_60c_stderr",
    "extrapolated",
    "scatter_ratio",
    "points_used",
    "points_total",
    "curvature_p",
    "hysteresis_p",
    "note",
    "estimate",
)


LAWS = (
    "contribution",
    "role",
    "quantity",
    "unit",
    "ordinate",
    "default",
    "law",
    "parameter",
    "value",
    "stderr",
    "ci95_low",
    "ci95_high",
    "parameter_unit",
    "extrapolated",
    "scatter_ratio",
    "points_used",
    "points_total",
    "curvature_p",
    "hysteresis_p",
    "note",
    "estimate",
)


SPECTRA = (
    "spectrum",
    "file",
    "sha256",
    "format",
    "points",
    "masked",
    "f_min_hz",
    "f_max_hz",
    "temperature_c",
    "kk_max_residual_percent",
    "chi2_reduced",
    "outcome",
    "finding",
)


POINTS = (
    "spectrum",
    "file",
    "sweep",
    "temperature_c",
    "amplitude_v",
    "amplitude_a",
    "point",
    "frequency_hz",
    "z_real_ohm",
    "z_imag_ohm",
    "time_s",
)


MEASUREMENTS = (
    "measurement",
    "measurement_kind",
    "contribution",
    "quantity",
    "temperature_c",
    "unit",
    "stderr_before",
    "stderr_after",
    "gain",
    "told",
    "reason",
)


PREDICTED_ERRORS = (
    "contribution",
    "quantity",
    "temperature_c",
    "estimate",
    "cells",
    "value",
    "stderr",
    "unit",
    "told",
    "reason",
)


TABLES = {
    "spectra": SPECTRA,
    "parameters": PARAMETERS,
    "contributions": CONTRIBUTIONS,
    "arrhenius": ARRHENIUS,
}
JOINT = (
    "parameter",
    "link",
    "value",
    "stderr",
    "ci95_low",
    "ci95_high",
    "unit",
    "chi2",
    "constraints",
    "p",
    "spectrum",
    "deviation",
    "note",
)

RELAXATIONS = (
    "spectrum",
    "temperature_c",
    "kind",
    "number",
    "peak",
    "tau_s",
    "tau_stderr_s",
    "frequency_hz",
    "resistance_ohm",
    "resistance_stderr_ohm",
    "capacitance_f",
    "alpha",
    "alpha_stderr",
    "stands",
    "possible_numbers",
    "reason",
)

RELAXATION_LINES = (
    "peak",
    "seen",
    "standing",
    "frequency_low_hz",
    "frequency_high_hz",
    "resistance_low_ohm",
    "resistance_high_ohm",
    "ordinate",
    "activation_energy_ev",
    "activation_energy_stderr_ev",
    "scatter_ratio",
    "points_used",
    "note",
)

RELAXATION_CURVES = ("spectrum", "temperature_c", "tau_s", "gamma_ohm", "gamma_low_ohm", "gamma_high_ohm")

RELAXATION_TABLES = {  # of distributions of relaxation times
    "drt": RELAXATIONS,
    "drt_lines": RELAXATION_LINES,
    "drt_curves": RELAXATION_CURVES,
}

SUGGESTED_CIRCUITS = (
    "circuit",
    "allowed",
    "member",
    "fits_as_well",
    "bic_difference",
    "parameters",
    "misfit_percent",
    "noise_ratio",
    "same_function",
    "same_curve_as",
    "decided_by",
)

SUGGESTED_TEMPLATES = ("template", "title", "electrodes", "allowed", "difference", "against", "decided_by")

SUGGESTED_VALUES = ("circuit", "spectrum", "parameter", "value")

SUGGESTION_TABLES = {  # of circuits and templates that the data allow
    "suggested_circuits": SUGGESTED_CIRCUITS,
    "suggested_templates": SUGGESTED_TEMPLATES,
    "suggested_values": SUGGESTED_VALUES,
}

_OF_FITS = TABLES | {"laws": LAWS, "joint": JOINT}
ALL_TABLES = (
    _OF_FITS | RELAXATION_TABLES | SUGGESTION_TABLES
)  # with those written only where there is something

PLAN_TABLES = {"measurements": MEASUREMENTS, "predicted_errors": PREDICTED_ERRORS}  # of a plan

# kinds of columns; all others hold numbers, unknown where a row has none
WHOLE = frozenset(
    {"count", "points", "masked", "sweep", "point", "points_used", "points_total"}
    | {"number", "peak", "seen", "standing", "member", "parameters"}
)
TRUTHS = frozenset({"default", "stands", "told", "allowed", "fits_as_well"})
TEXTS = frozenset(
    {
        "cells",
        "estimate",
        "kind",
        "link",
        "measurement",
        "measurement_kind",
        "reason",
        "spectrum",
        "file",
        "sha256",
        "format",
        "outcome",
        "state",
        "finding",
        "contribution",
        "role",
        "resolved",
        "parameter",
        "parameter_unit",
        "possible_numbers",
        "quantity",
        "unit",
        "ordinate",
        "law",
        "extrapolated",
        "note",
        "circuit",
        "same_function",
        "same_curve_as",
        "decided_by",
        "template",
        "title",
        "against",
    }
)

# names that a condition of one's own cannot have: those of all columns, here and in the HDF5 file
TAKEN = frozenset(column for columns in (*_OF_FITS.values(), POINTS) for column in columns) | frozenset(
    {
        "name",
        "kind",
        "cause",
        "note",
        "segments",
        "doubts",
        "rivals",
        "unexpected",
        "group",
        "row",
        "model",
        "label",
    }
    | {"spectrum_row", "stderr_log", "misfit_percent", "capacitance_formula"}
)


def refuse_taken(name: str) -> None:
    """Raise InputError where a condition of one's own has the name of a column of the tables."""
    if name in TAKEN:
        raise InputError(f"{name!r} is a column of the tables: give the condition of your own another name")


def columns_in(table: str, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the columns of a table; further conditions of its rows follow the temperature.

    Parameters
    ----------
    table : str
        Such as ``"contributions"``.
    rows : sequence of dict
        Its rows; what they hold beyond the fixed columns are conditions.
    """
    fixed = ALL_TABLES[table]
    further = tuple(dict.fromkeys(name for row in rows for name in row if name not in fixed))
    if not further:
        return fixed
    place = fixed.index("temperature_c") + 1 if "temperature_c" in fixed else 1
    return (*fixed[:place], *further, *fixed[place:])
