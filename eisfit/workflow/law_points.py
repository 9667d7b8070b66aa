"""A law through the points of a file: the contributions of a series, or a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import EisfitError, InputError
from eisfit.laws import Followed, Law, LawFit, LawValue, fit_law, law_named
from eisfit.laws.ordinate import Ordinate, suits
from eisfit.laws.ranking import ranked_laws
from eisfit.laws.registry import TEMPERATURE
from eisfit.tools.frozen import Bools, Floats
from eisfit.workflow.concentrations import CONCENTRATION, concentrations_of, other_concentration, refused
from eisfit.workflow.number_table import NumberTable, number_table

if TYPE_CHECKING:
    from eisfit.results.series import Series

QUANTITIES = {  # column of values: that of their standard errors, quantity and unit
    "asr_ohm_cm2": ("asr_stderr_ohm_cm2", "asr", "ohm cm2"),
    "conductivity_s_cm": ("conductivity_stderr_s_cm", "conductivity", "S cm-1"),
    "resistance_ohm": ("resistance_stderr_ohm", "resistance", "ohm"),
}
NAME = "contribution"  # column that tells which points belong together


@dataclass(frozen=True)
class LawAnswer:
    """The laws through what a file holds, and why some have none."""

    fits: tuple[LawFit, ...]
    failed: tuple[str, ...]


def law_of_series(
    series: Series, law: Law, contributions: Sequence[str], ordinate: str | None, where: Path
) -> LawAnswer:
    """Fit a law to contributions of a series; all if none is named.

    Raises
    ------
    InputError
        If a contribution is none of the series.
    """
    names = list(contributions or series.names)
    if unknown := [name for name in names if name not in series.names]:
        raise InputError(
            f"{where}: no contribution {unknown[0]!r}; there are {', '.join(map(repr, series.names))}"
        )
    if law.condition == CONCENTRATION:
        _refuse_other_measure(series, law, where)
    return _each(names, lambda name: series.follow(name, law.name, cast(Ordinate, ordinate)), where)


def _refuse_other_measure(series: Series, law: Law, where: Path) -> None:
    """Raise where no spectrum has its concentration in mol/L, and a condition of one's own is another measure of it."""
    known = [fit.spectrum.conditions for fit in series.fits]
    if any(c.concentration_mol_l is not None for c in known):
        return
    name, what = other_concentration(dict.fromkeys(own for c in known for own in c.own))
    if name:
        raise InputError(
            f"{where}: {refused(name, what, law.name)} in the manifest, and run 'eisfit series' again"
        )


def law_of_table(
    table: NumberTable, law: Law, contributions: Sequence[str], ordinate: str | None
) -> LawAnswer:
    """Fit a law to the points of a table, those of each contribution by themselves.

    Raises
    ------
    InputError
        If a column is missing, or a contribution does not occur.
    """
    measured = concentrations_of(table, law.name) if law.condition == CONCENTRATION else None
    condition = table.numbers(law.condition) if measured is None else measured.mol_l
    column = _value_column(table, law)
    value = table.numbers(column)
    stderr = table.numbers(QUANTITIES[column][0]) if QUANTITIES[column][0] in table.columns else None
    names = table.texts(NAME)
    there = list(dict.fromkeys(names))
    if unknown := [name for name in contributions if name not in there]:
        listed = ", ".join(map(repr, there)) if NAME in table.columns else f"no column {NAME!r}"
        raise InputError(f"{table.path}: no contribution {unknown[0]!r}; there are {listed}")

    def fitted(name: str) -> LawFit:
        rows = np.array([each == name for each in names]) & np.isfinite(condition) & np.isfinite(value)
        fit = _fitted(table, law, (condition, value, stderr), column, rows, ordinate, name)
        return fit if measured is None else replace(fit, remarks=(*measured.remarks, *fit.remarks))

    return _each(list(contributions or there), fitted, table.path)


def _each(names: Sequence[str], fitted: Any, where: Path) -> LawAnswer:
    fits, failed = [], []
    for name in names:
        try:
            fits.append(fitted(name))
        except EisfitError as error:
            failed.append(f"{where}: {error}")
    return LawAnswer(tuple(fits), tuple(failed))


def value_columns(law: Law) -> list[str]:
    """Return the columns of values that a law can follow, the first that a table has being taken."""
    return [
        name
        for name, (_, quantity, _) in QUANTITIES.items()
        if any(suits(o, quantity) for o in law.ordinates)
    ]


def further_columns(law: Law) -> list[str]:
    """Return the columns that a law also takes: standard errors, and the name of what it is of."""
    errors = [QUANTITIES[name][0] for name in value_columns(law)]
    return [*errors, *(["temperature_err_c"] if law.condition == TEMPERATURE else []), NAME]


def _value_column(table: NumberTable, law: Law) -> str:
    suiting = value_columns(law)
    for name in suiting:
        if name in table.columns and np.isfinite(table.numbers(name)).any():
            return name
    raise InputError(
        f"{table.path}: no column of values for {law.name!r}; name one {' or '.join(suiting)}, and that of its "
        f"standard errors {QUANTITIES[suiting[0]][0]}; its columns are {', '.join(table.columns)}"
    )


def _fitted(
    table: NumberTable,
    law: Law,
    points: tuple[Floats, Floats, Floats | None],
    column: str,
    rows: Bools,
    ordinate: str | None,
    name: str,
) -> LawFit:
    condition, value, stderr = points
    _, quantity, unit = QUANTITIES[column]
    over_temperature = law.condition == TEMPERATURE
    at = condition[rows] + (ZERO_CELSIUS_K if over_temperature else 0.0)
    if over_temperature and np.any(at <= 0):
        raise InputError(
            f"temperature_c is {condition[rows].min():g}: it lies below absolute zero (kelvin or °C?)"
        )
    known = over_temperature and "temperature_err_c" in table.columns
    error = table.numbers("temperature_err_c")[rows] if known else None
    choices = [o for o in law.ordinates if suits(o, quantity)]
    if ordinate is not None and ordinate not in choices:
        raise InputError(f"ordinate {ordinate!r} does not suit {column}; take {' or '.join(choices)}")
    return fit_law(
        law.name,
        at,
        value[rows],
        None if stderr is None else stderr[rows] / value[rows],
        condition_err=error,
        ordinate=choices[0] if ordinate is None else ordinate,
        of=Followed(
            contribution=name,
            quantity=quantity,
            unit=unit,
            labels=tuple(f"line {k}" for k, used in zip(table.lines, rows, strict=True) if used),
            points_total=int(rows.sum()),
            remarks=() if known or not over_temperature else ("no temperature error given: not in the error bar",),
            condition_err_known=known,
        ),
    )  # fmt: skip


def laws_of_file(
    names: Sequence[str],
    file: Path,
    series: Series | None,
    contributions: Sequence[str],
    ordinate: str | None,
) -> dict[str, LawAnswer]:
    """Return the answers of several laws over what a file holds; of one ordinate where they are several.

    Raises
    ------
    InputError
        If a column is missing, a contribution does not occur, or the laws are over different conditions.
    """
    kinds = [law_named(name) for name in names]
    if len(over := dict.fromkeys(kind.condition for kind in kinds)) > 1:
        raise InputError(f"the laws are over {' and '.join(over)}: compare laws over one condition")
    if series is not None:
        return {kind.name: law_of_series(series, kind, contributions, ordinate, file) for kind in kinds}
    table = number_table(file)
    return {kind.name: law_of_table(table, kind, contributions, ordinate) for kind in kinds}


def compared(answers: Mapping[str, LawAnswer]) -> list[dict[str, Any]]:
    """Return how laws rank for each contribution, as JSON has it."""
    found: dict[str, list[LawFit]] = {}
    for answer in answers.values():
        for fit in answer.fits:
            found.setdefault(fit.contribution, []).append(fit)
    return [
        {
            "contribution": name,
            "laws": [
                {
                    "law": r.law, "chi2": finite(r.chi2), "aicc": finite(r.aicc),
                    "delta_aicc": finite(r.delta_aicc), "p_simplest": finite(r.p_simplest), "open": r.open,
                }
                for r in ranked_laws(fits)
            ],
        }
        for name, fits in found.items()
        if len(fits) > 1
    ]  # fmt: skip


def law_data(fit: LawFit) -> dict[str, Any]:
    """Return a fitted law as JSON has it: None for what is not known."""
    return {
        "contribution": fit.contribution,
        "law": fit.law,
        "condition": fit.condition,
        "ordinate": fit.ordinate,
        "points_used": fit.points_used,
        "points_total": fit.points_total,
        "chi2_reduced": finite(fit.chi2_reduced),
        "parameters": [_value_data(p) for p in fit.parameters],
        "derived": [_value_data(p) for p in fit.derived],
        "remarks": [*fit.remarks, *fit.sentences()],
    }


def _value_data(p: LawValue) -> dict[str, Any]:
    return {
        "parameter": p.name,
        "value": finite(p.value),
        "stderr": finite(p.stderr),
        "ci95_low": finite(p.ci95[0]),
        "ci95_high": finite(p.ci95[1]),
        "unit": p.unit,
    }


def finite(value: float) -> float | None:
    """Return a number, None where it is not finite."""
    return float(value) if np.isfinite(value) else None
