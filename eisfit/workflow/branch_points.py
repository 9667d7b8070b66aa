"""Heating against cooling from a table or a series: which point belongs to which branch, and what sets them apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfit.errors import EisfitError, InputError
from eisfit.laws import HeatingCooling, LawFit, heating_against_cooling, law_named
from eisfit.laws.heating_cooling import BRANCHES
from eisfit.results.passes import heating_of
from eisfit.tools.rounding import with_error
from eisfit.workflow.law_points import NAME, LawAnswer, finite, law_of_series, law_of_table
from eisfit.workflow.number_table import NumberTable

if TYPE_CHECKING:
    from eisfit.results.series import Series

HEATING_COOLING = "heating against cooling"
WHAT = "Whether heating and cooling give one activation energy and one level."
BRANCH, TIME, ERROR = "branch", "time_h", "temperature_err_c"
COLUMNS = ("temperature_c", "asr_ohm_cm2 or conductivity_s_cm or resistance_ohm")
FURTHER = ("asr_stderr_ohm_cm2", ERROR, BRANCH, TIME, NAME)
_FIRST = {"h": True, "u": True, "c": False, "d": False}  # heating, up; cooling, down
_ARRHENIUS = "arrhenius"


@dataclass(frozen=True)
class BranchAnswer:
    """The comparison of each contribution of a file, and why some have none."""

    found: dict[str, tuple[LawFit, HeatingCooling]]
    failed: tuple[str, ...]
    remark: str


def branches_of_table(table: NumberTable, contributions: Sequence[str], ordinate: str | None) -> BranchAnswer:
    """Compare heating with cooling for the points of a table.

    The branch of a point is that of the column ``branch`` (``heating``, ``cooling``), else that of its place in the
    order of ``time_h``, else of lines.

    Raises
    ------
    InputError
        If a column is missing, or a branch is neither heating nor cooling.
    """
    answer = law_of_table(table, law_named(_ARRHENIUS), contributions, ordinate)
    named, of_line = BRANCH in table.columns, {}
    if named:
        of_line = {
            f"line {k}": _branch(table, k, text)
            for k, text in zip(table.lines, table.texts(BRANCH), strict=True)
        }
    times = (
        dict(zip((f"line {k}" for k in table.lines), table.numbers(TIME), strict=True))
        if TIME in table.columns
        else {}
    )

    def heating(fit: LawFit) -> list[bool]:
        if named:
            return [of_line[label] for label in fit.labels]
        when = [times.get(label, k) for k, label in enumerate(fit.labels)]
        return _by_order(fit, np.argsort(np.argsort(when, kind="stable")).tolist())

    told = f"by the column {BRANCH}" if named else f"by the order of {TIME if times else 'the lines'}"
    errors: dict[str, float] = {}
    if ERROR in table.columns:
        errors = dict(zip((f"line {k}" for k in table.lines), table.numbers(ERROR).tolist(), strict=True))
    return _compared(answer, heating, errors, table.path, f"branches {told}")


def branches_of_series(
    series: Series, contributions: Sequence[str], ordinate: str | None, where: Path
) -> BranchAnswer:
    """Compare heating with cooling for contributions of a series, by the order in which spectra were measured.

    Raises
    ------
    InputError
        If a contribution is none of the series.
    """
    answer = law_of_series(series, law_named(_ARRHENIUS), contributions, ordinate, where)
    when = dict(zip((f.label for f in series.fits), series.order, strict=False))

    def heating(fit: LawFit) -> list[bool]:
        if not all(label in when for label in fit.labels):
            raise InputError("the order of measurement is not known: run 'eisfit series' again")
        return _by_order(fit, [when[label] for label in fit.labels])

    known = {f.label: f.spectrum.conditions.temperature_err_c for f in series.fits}
    errors = {label: error for label, error in known.items() if error is not None}
    return _compared(answer, heating, errors, where, "branches by the order of measurement")


def _branch(table: NumberTable, line: int, text: str) -> bool:
    word = text.strip().lower()
    if word[:1] not in _FIRST or not any(name.startswith(word) for name in (*BRANCHES, "up", "down")):
        raise InputError(f"{table.path}, line {line}: {BRANCH} is {text!r}: write {' or '.join(BRANCHES)}")
    return _FIRST[word[0]]


def _by_order(fit: LawFit, order: Sequence[int]) -> list[bool]:
    found = heating_of(fit.at.tolist(), order)
    if found is None:
        raise InputError(
            f"the temperature runs one way in the order measured: there is no second branch; name it in a column "
            f"{BRANCH}, or give {TIME}"
        )
    return list(found)


def _compared(
    answer: LawAnswer,
    heating: Callable[[LawFit], list[bool]],
    errors: Mapping[str, float],
    where: Path,
    remark: str,
) -> BranchAnswer:
    found, reasons = {}, list(answer.failed)
    for fit in answer.fits:
        try:
            up, used = np.array(heating(fit), bool), fit.used
            point = fit.value_stderr_log[used]
            warm = [errors.get(label, float("nan")) for label in fit.labels]
            known = np.array(warm)[used]
            found[fit.contribution] = (
                fit,
                heating_against_cooling(
                    fit.at[used],
                    fit.value[used],
                    point if np.isfinite(point).all() else None,
                    heating=up[used],
                    temperature_err_k=known if np.isfinite(known).all() else None,
                    ordinate=fit.ordinate,
                ),
            )
        except EisfitError as error:
            reasons.append(f"{where}: {fit.contribution + ': ' if fit.contribution else ''}{error}")
    return BranchAnswer(found, tuple(reasons), remark)


def branch_sentence(found: HeatingCooling) -> str:
    """Return what a comparison says, with its numbers."""
    e, ratio = found.energies, with_error(found.ratio, found.ratio_stderr)
    if not found.differ:
        return (
            f"heating and cooling agree: one energy (p = {e.p:.2g}) and one level (cooling over heating {ratio}, "
            f"p = {found.p_ratio:.2g})"
        )
    parts = [f"the energies differ (p = {e.p:.2g})"] if e.p < 0.025 else []
    parts += (
        [f"cooling gives {ratio} times the values of heating (p = {found.p_ratio:.2g})"]
        if found.p_ratio < 0.025
        else []
    )
    return f"heating and cooling differ: {' and '.join(parts)}"


def branch_data(name: str, found: HeatingCooling) -> dict[str, Any]:
    """Return a comparison as JSON has it: None for what is not known."""
    lines = {
        branch: {
            "activation_energy_ev": finite(line.activation_energy_ev),
            "activation_energy_stderr_ev": finite(line.activation_energy_stderr_ev),
            "points": int(line.used.sum()),
        }
        for branch, line in zip(BRANCHES, (found.heating, found.cooling), strict=True)
    }
    return {
        "contribution": name, **lines, "energy_common_ev": finite(found.energies.slope),
        "p_one_energy": finite(found.energies.p),
        "cooling_over_heating": finite(found.ratio), "cooling_over_heating_stderr": finite(found.ratio_stderr),
        "cooling_over_heating_ci95": [finite(end) for end in found.ratio_ci95], "p_one_level": finite(found.p_ratio),
        "p_at_equal_temperatures": finite(found.at_equal.p), "differ": found.differ, "sentence": branch_sentence(found),
    }  # fmt: skip
