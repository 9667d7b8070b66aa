"""What is reported when: fitted arcs become contributions, sums, limits, or an honest nothing."""

from __future__ import annotations

from collections.abc import Sequence

from eisfit.engine.problem import Problem
from eisfit.reporting.rows import Reporter
from eisfit.reporting.specific_values import finished
from eisfit.results.contribution import Contribution
from eisfit.spectrum.conditions import Conditions
from eisfit.uncertainty.detection import Detected


def contributions(
    problem: Problem, state: Detected, conditions: Sequence[Conditions]
) -> list[tuple[Contribution, ...]]:
    """Return the contributions of N solutions by the rules of the reporting table.

    Parameters
    ----------
    problem : Problem
        N spectra and a template.
    state : Detected
        Solutions, what is missing from them, and their confidence.
    conditions : sequence of Conditions, length N
        Geometry of each.

    Returns
    -------
    list of tuple of Contribution
        In the order of the segments; joined rows follow their parts.

    Notes
    -----
    An arc is resolved when its top lies within [2 f_min, f_max / 2] and its resistance has a relative error
    below 0.3. Profiles, tests against absence and limits of all spectra run as one batch each.
    """
    table = Reporter(problem, state)
    table.total()
    table.walls()
    table.profile()
    table.average()
    table.join()
    table.rescue()
    table.limit()
    table.locate()
    table.doubt()
    table.topology()
    return [
        tuple(finished(table, row, conditions[i]) for row in rows)
        for i, rows in enumerate(table.by_spectrum())
    ]
