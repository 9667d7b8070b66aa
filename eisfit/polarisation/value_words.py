"""What the values of an answer from direct current are called, and in which units they are shown."""

from __future__ import annotations

from collections.abc import Mapping

from eisfit.polarisation.whole_answer import DcAnswer, value_rows
from eisfit.tools.rounding import with_error

NAMES: Mapping[str, tuple[str, float, str]] = {  # name, factor and unit by quantity
    "i0_a_per_cm2": ("i0", 1e6, "µA/cm²"),
    "alpha": ("alpha", 1.0, ""),
    "r_slei_ohm_cm2": ("R_SLEI", 1.0, "Ω cm²"),
    "r_p_ohm_cm2": ("R_p at rest", 1.0, "Ω cm²"),
    "desolvation_ohm_cm2": ("desolvation (liquid to solid)", 1.0, "Ω cm²"),
    "solvation_ohm_cm2": ("solvation (solid to liquid)", 1.0, "Ω cm²"),
    "desolvation_over_solvation": ("desolvation / solvation", 1.0, ""),
}


def shown_values(found: DcAnswer) -> list[tuple[str, str, str, str]]:
    """Return the values of an answer as text: name, value with error, 95 % interval, unit."""
    rows = []
    for row in value_rows(found):
        name, factor, unit = NAMES[row["quantity"]]
        number = factor * row["value"]
        value = f"{number:.5g} (fixed)" if row["fixed"] else with_error(number, factor * row["stderr"])
        low, high = row["ci95_low"], row["ci95_high"]
        interval = "" if low is None else f"{factor * low:.4g} to {factor * high:.4g}"
        rows.append((name, value, interval, unit))
    return rows


def remarks_of(found: DcAnswer) -> list[str]:
    """Return what must be known beside the values: findings, the test of both directions, what has no answer."""
    test = [str(found.directions)] if found.directions is not None else []
    return [*(str(f) for f in found.findings), *test, *found.unanswered]
