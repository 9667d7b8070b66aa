"""Formulas for solids and direct current, applied to each row of a table with the names of their arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from eisfit import solids
from eisfit.errors import EisfitError, InputError
from eisfit.laws import molarity_of_eo_ratio, molarity_of_molality
from eisfit.polarisation import electronic_conductivity, transference_number
from eisfit.workflow.concentrations import CONCENTRATION
from eisfit.workflow.law_points import finite
from eisfit.workflow.number_table import NumberTable

STDERR = "_stderr"  # and before it the name of an argument: a column of its standard errors
OWN_STDERR = "stderr"  # of the first number, where a function returns it
FORMULAS: Mapping[str, tuple[Callable[..., Any], str]] = {  # and what a function that returns a number gives
    "hsu_mansfeld": (solids.hsu_mansfeld, "capacitance_f"),
    "brug": (solids.brug, "capacitance_f"),
    "power_law_capacitance": (solids.power_law, "capacitance_f_cm2"),
    "relative_permittivity": (solids.relative_permittivity, "permittivity"),
    "layer_thickness_cm": (solids.layer_thickness_cm, "thickness_cm"),
    "brick_layer": (solids.brick_layer, ""),
    "hasselman_johnson": (solids.hasselman_johnson, "conductivity_s_cm"),
    "bruggeman": (solids.bruggeman, "conductivity_s_cm"),
    "break_even_radius_cm": (solids.break_even_radius_cm, "radius_cm"),
    "break_even_interface_ohm_cm2": (solids.break_even_interface_ohm_cm2, "asr_ohm_cm2"),
    "interface_bound": (solids.interface_bound, ""),
    "implied_layer": (solids.implied_layer, ""),
    "space_charge": (solids.space_charge, ""),
    "frenkel_relaxation": (solids.frenkel_relaxation, ""),
    "product_layer_ohm_cm2": (solids.product_layer_ohm_cm2, "asr_ohm_cm2"),
    "transference_number": (transference_number, ""),
    "electronic_conductivity": (electronic_conductivity, ""),
    "molarity_of_molality": (molarity_of_molality, CONCENTRATION),
    "molarity_of_eo_ratio": (molarity_of_eo_ratio, CONCENTRATION),
    "thickest_product_layer_cm": (solids.thickest_product_layer_cm, "thickness_cm"),
}


def columns_of(name: str) -> tuple[list[str], list[str]]:
    """Return the columns that a formula needs, and those that it also takes."""
    found = inspect.signature(FORMULAS[name][0]).parameters.values()
    needed = [p.name for p in found if p.default is inspect.Parameter.empty]
    return needed, [p.name for p in found if p.name not in needed and not isinstance(p.default, str)]


def formula_rows(name: str, table: NumberTable) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the results of a formula for each row of a table, and why some rows have none.

    Raises
    ------
    InputError
        If a needed column is missing, or a cell is no number.
    """
    function, scalar = FORMULAS[name]
    needed, further = columns_of(name)
    optional = [column for column in further if column in table.columns]
    given = {column: table.numbers(column) for column in (*needed, *optional)}
    errors = {column: table.numbers(column + STDERR) for column in given if column + STDERR in table.columns}
    rows, failed = [], []
    for k, line in enumerate(table.lines):
        own = {c: float(v[k]) for c, v in given.items() if np.isfinite(v[k])}
        wrong = {c: float(v[k]) for c, v in errors.items() if np.isfinite(v[k]) and c in own}
        try:
            if lacking := [c for c in needed if c not in own]:
                raise InputError(
                    f"{lacking[0]} is empty: {name} needs it; write the number, or leave the line out"
                )
            rows.append({"line": line, **_row(function, scalar, own, wrong)})
        except EisfitError as error:
            failed.append(f"{table.path}, line {line}: {error}")
    return rows, failed


def _row(
    function: Callable[..., Any], scalar: str, own: dict[str, float], errors: dict[str, float]
) -> dict[str, Any]:
    found = function(**own)
    stderr = solids.standard_errors(function, own, errors) if errors else {}
    values = _numbers(found, scalar)
    row: dict[str, Any] = {}
    for name, value in values.items():
        row[name] = finite(value)
        key = "value" if name == scalar else name
        if key in stderr:
            row[name + STDERR] = finite(float(stderr[key]))
    return {**row, "notes": list(getattr(found, "notes", ()))}


def _numbers(found: Any, scalar: str) -> dict[str, float]:
    if not is_dataclass(found):
        return {scalar: float(np.real(found))}
    values = {f.name: getattr(found, f.name) for f in fields(found)}
    return {
        name: float(v) for name, v in values.items() if np.ndim(v) == 0 and np.asarray(v).dtype.kind in "iuf"
    }
