"""A study as tables of rows: activation energies and values, common slopes, trends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from eisfit.studies.over_covariate import ENERGY
from eisfit.tables.columns import Row

if TYPE_CHECKING:
    from eisfit.studies.study import Study

ENERGIES = (
    "contribution", "cell", "role", "covariate", "covariate_value", "group", "quantity", "unit", "ordinate",
    "activation_energy_ev", "activation_energy_stderr_ev", "ci95_low_ev", "ci95_high_ev", "without_low_ev",
    "without_high_ev", "decisive", "reference_c", "value", "ci95_low", "ci95_high", "extrapolated", "points_used",
    "note",
)  # fmt: skip
SLOPES = (
    "contribution", "ordinate", "cells", "test", "p", "differ", "common_energy_ev", "common_energy_stderr_ev",
    "ci95_low_ev", "ci95_high_ev", "delta_aicc", "chi2_common", "chi2_separate", "freedom", "scatter_ratio",
    "meyer_neldel_p", "meyer_neldel_ev", "isokinetic_k", "note",
)  # fmt: skip
TRENDS = (
    "contribution", "quantity", "reference_c", "unit", "ordinate", "covariate", "logarithm", "cells", "points",
    "rank_correlation", "p_rank", "correlation", "p_line", "slope", "slope_stderr", "ci95_low", "ci95_high",
    "scatter_ratio", "permutations", "exact", "least_p", "note",
)  # fmt: skip


def study_tables(study: Study) -> dict[str, tuple[tuple[str, ...], list[Row]]]:
    """Return columns and rows of the tables ``study``, ``slopes`` and, where there are some, ``trends``."""
    found = {
        "study": (ENERGIES, [_energy(study, row) for row in study.rows]),
        "slopes": (SLOPES, [_slope(study, name) for name in study.slopes]),
    }
    if study.trends:
        found["trends"] = (TRENDS, [_trend(study, k) for k in range(len(study.trends))])
    return {name: table for name, table in found.items() if table[1]}


def _energy(study: Study, row: Row) -> Row:
    """Return a row with the range of the energy when each point is left out in turn."""
    from eisfit.laws.without_each import leave_one_out_of

    line = study.cells[row["cell"]].arrhenius(row["contribution"], row["ordinate"])
    without = leave_one_out_of(line)
    further: dict[str, Any] = {"without_low_ev": np.nan, "without_high_ev": np.nan, "decisive": ""}
    if without is not None:
        further = {
            "without_low_ev": float(np.nanmin(without.without)),
            "without_high_ev": float(np.nanmax(without.without)),
            "decisive": without.decisive,
        }
    return {name: (row | further)[name] for name in ENERGIES}


def _slope(study: Study, name: str) -> Row:
    equal, rule = study.slopes[name], study.compensation.get(name)
    ordinate = next(
        row["ordinate"] for row in study.rows if (row["contribution"], row["cell"]) == (name, equal.names[0])
    )
    return {
        "contribution": name,
        "ordinate": ordinate,
        "cells": ", ".join(equal.names),
        "test": equal.test,
        "p": equal.p,
        "differ": "yes" if equal.differ else "no",
        "common_energy_ev": equal.slope,
        "common_energy_stderr_ev": equal.slope_stderr,
        "ci95_low_ev": equal.slope_ci95[0],
        "ci95_high_ev": equal.slope_ci95[1],
        "delta_aicc": equal.delta_aicc,
        "chi2_common": equal.chi2_common,
        "chi2_separate": equal.chi2_separate,
        "freedom": equal.freedom,
        "scatter_ratio": equal.scatter_ratio,
        "meyer_neldel_p": rule.p if rule else np.nan,
        "meyer_neldel_ev": rule.energy_ev if rule else np.nan,
        "isokinetic_k": rule.isokinetic_k if rule else np.nan,
        "note": rule.reason if rule else "",
    }


def _trend(study: Study, k: int) -> Row:
    each = study.trends[k]
    found = each.found
    return {
        "contribution": each.contribution,
        "quantity": each.quantity,
        "reference_c": each.reference_c,
        "unit": "eV" if each.quantity == ENERGY else f"ln({each.unit})",
        "ordinate": each.ordinate,
        "covariate": each.covariate,
        "logarithm": "yes" if each.logarithm else "no",
        "cells": ", ".join(each.cells),
        "points": found.points,
        "rank_correlation": found.rank_correlation,
        "p_rank": found.p_rank,
        "correlation": found.correlation,
        "p_line": found.p_line,
        "slope": found.slope,
        "slope_stderr": found.slope_stderr,
        "ci95_low": found.slope_ci95[0],
        "ci95_high": found.slope_ci95[1],
        "scatter_ratio": found.scatter_ratio,
        "permutations": found.permutations,
        "exact": "yes" if found.exact else "no",
        "least_p": found.least_p,
        "note": each.note,
    }
