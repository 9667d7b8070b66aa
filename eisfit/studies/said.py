"""What a study says: small tables and sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from eisfit.constants import KJ_PER_MOL_PER_EV
from eisfit.laws import EqualSlope, MeyerNeldel
from eisfit.results.trend_of_cells import TrendOfCells
from eisfit.tables.columns import Row
from eisfit.tools.display import Sheet
from eisfit.tools.rounding import with_error
from eisfit.tools.statistics import NORMAL_95

_LEAST_P = 1e-4
_UNITS = {"ohm cm2": "Ω cm²", "S cm-1": "S/cm", "ohm": "Ω"}


def sentences(
    slopes: Mapping[str, EqualSlope], compensation: Mapping[str, MeyerNeldel], trends: Sequence[TrendOfCells]
) -> tuple[str, ...]:
    """Return what the tests say, one sentence each."""
    found = [_of_slopes(name, equal) for name, equal in slopes.items()]
    found += [_of_compensation(name, rule) for name, rule in compensation.items()]
    found += [_of_trend(each) for each in trends if each.found.can_show and each.found.p_rank < 0.05]
    few = [each for each in trends if not each.found.can_show]
    found += list(dict.fromkeys(_too_few(each) for each in few))
    if len(few) < len(trends) and not any(each.found.p_rank < 0.05 for each in trends):
        found.append(f"no trend over {trends[0].covariate} is seen")
    return tuple(found)


def sheets_of(
    rows: Sequence[Row],
    slopes: Mapping[str, EqualSlope],
    trends: Sequence[TrendOfCells],
    notes: Sequence[str],
) -> list[Sheet]:
    """Return the tables of a study, with its sentences below the last."""
    found = [_energies(rows)]
    if slopes:
        found.append(_slopes(slopes))
    if trends:
        found.append(_trends(trends))
    last = found[-1]
    return [*found[:-1], Sheet(last.title, last.columns, last.rows, tuple(notes))]


def energy_words(equal: EqualSlope, unit: str = "eV") -> str:
    """Return the activation energy that lines have in common, or the range of those that differ."""
    factor = KJ_PER_MOL_PER_EV if unit == "kJ/mol" else 1.0
    if equal.differ:
        low, high = factor * float(equal.slopes.min()), factor * float(equal.slopes.max())
        digits = 1 if factor > 1 else 3
        return f"{low:.{digits}f} to {high:.{digits}f} {unit}"
    return f"{with_error(factor * equal.slope, factor * equal.slope_stderr, unit)}, one for all"


def probability(p: float) -> str:
    """Return a probability as ``p = 0.032``; what is below 0.0001 is said so."""
    if math.isnan(p):
        return "not tested"
    return f"p < {_LEAST_P:g}" if p < _LEAST_P else f"p = {p:.2g}"


def _of_slopes(name: str, equal: EqualSlope) -> str:
    if math.isnan(equal.p):
        return f"{name}: too few points to test whether the activation energies are equal"
    tested = f"{equal.test} test, {probability(equal.p)}"
    if equal.differ:
        own = ", ".join(f"{cell} {e:.3f}" for cell, e in zip(equal.names, equal.slopes, strict=True))
        return f"{name}: activation energies differ ({tested}): {own} eV"
    common = with_error(equal.slope, equal.slope_stderr, "eV")
    return f"{name}: one activation energy describes all {len(equal.names)} cells ({tested}): {common}"


def _of_compensation(name: str, rule: MeyerNeldel) -> str:
    if not rule.compensated:
        return f"{name}: no Meyer-Neldel rule: {rule.reason}"
    low, high = rule.isokinetic_ci95_k
    return (
        f"{name}: Meyer-Neldel rule beyond the errors of the lines ({probability(rule.p)}): energy "
        f"{1000 * rule.energy_ev:.0f} meV, isokinetic temperature {rule.isokinetic_k:.0f} K ({low:.0f} to {high:.0f})"
    )


def _of_trend(each: TrendOfCells) -> str:
    found = each.found
    how = "all orders" if found.exact else f"{found.permutations} orders"
    shown = "rises" if found.rank_correlation > 0 else "falls"
    tested = f"rank correlation {found.rank_correlation:.2f}, {probability(found.p_rank)} by {how}"
    return f"{each.contribution}: {_what(each)} {shown} with {each.covariate} ({tested})"


def _too_few(each: TrendOfCells) -> str:
    found = each.found
    return (
        f"{found.points} cells cannot show a trend over {each.covariate}: the smallest p that they can have is "
        f"{found.least_p:.2g}; measure more cells"
    )


def _what(each: TrendOfCells) -> str:
    return "activation energy" if each.of_energy else f"{each.quantity} at {each.reference_c:g} °C"


def _energies(rows: Sequence[Row]) -> Sheet:
    references = list(dict.fromkeys(row["reference_c"] for row in rows))
    covariate = str(rows[0]["covariate"])
    by: dict[tuple[str, str], dict[float, Row]] = {}
    for row in rows:
        by.setdefault((row["contribution"], row["cell"]), {})[row["reference_c"]] = row
    lines = []
    order = list(dict.fromkeys(name for name, _ in by))
    for name in order:
        first = True
        for (contribution, cell), values in by.items():
            if contribution != name:
                continue
            row = values[references[0]]
            further = (_number(row["covariate_value"]),) if covariate else ()
            lines.append(
                (name if first else "", cell, *further, _energy(row), row["ordinate"],
                 *(_value(values[at]) for at in references))
            )  # fmt: skip
            first = False
    heads = ("contribution", "cell", *((covariate,) if covariate else ()), "E_A / eV", "from",
             *(f"at {at:g} °C" for at in references))  # fmt: skip
    return Sheet("Activation energies and values of the lines", heads, tuple(lines))


def _energy(row: Row) -> str:
    return with_error(row["activation_energy_ev"], row["activation_energy_stderr_ev"])


def _value(row: Row) -> str:
    half = (row["ci95_high"] - row["ci95_low"]) / 2
    text = with_error(row["value"], half / NORMAL_95, _UNITS.get(str(row["unit"]), str(row["unit"])))
    if not text:
        return "none"
    return f"{text} (extrapolated)" if row["extrapolated"] == "yes" else text


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:g}"


def _slopes(slopes: Mapping[str, EqualSlope]) -> Sheet:
    lines = tuple(
        (name, f"{len(equal.names)}", "" if equal.differ else with_error(equal.slope, equal.slope_stderr), equal.test,
         probability(equal.p).removeprefix("p ").removeprefix("= "), f"{equal.delta_aicc:.1f}")
        for name, equal in slopes.items()
    )  # fmt: skip
    heads = ("contribution", "cells", "common E_A / eV", "test", "p", "AICc own - one")
    return Sheet("One activation energy?", heads, lines)


def _trends(trends: Sequence[TrendOfCells]) -> Sheet:
    lines = tuple(
        (each.contribution, _what(each), f"{each.found.points}", f"{each.found.rank_correlation:.2f}",
         probability(each.found.p_rank).removeprefix("p ").removeprefix("= "),
         with_error(each.found.slope, each.found.slope_stderr), "eV" if each.of_energy else "ln")
        for each in trends
    )  # fmt: skip
    covariate = f"ln {trends[0].covariate}" if trends[0].logarithm else trends[0].covariate
    heads = ("contribution", "value", "cells", "rank corr.", "p", f"slope per {covariate}", "of")
    return Sheet(f"Trends over {trends[0].covariate}", heads, lines)
