"""Turn fitted arcs into reported contributions: a value, a sum, a limit, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from eisfit.reporting.averaging import average, average_beside_loose
from eisfit.reporting.estimate import Estimate
from eisfit.reporting.intervals import add_limits, add_profile_intervals
from eisfit.reporting.joining import join
from eisfit.reporting.marks import mark_capacitances, mark_topology, mark_tops
from eisfit.reporting.missed_rows import mark_missed
from eisfit.reporting.other_minima import mark_other_minima
from eisfit.reporting.path_values import PathValues
from eisfit.reporting.rows import Rows, by_spectrum, first_rows
from eisfit.reporting.specific_values import contribution_of
from eisfit.reporting.totals import add_pore_walls, add_totals
from eisfit.results.contribution import Contribution
from eisfit.spectrum.conditions import Conditions

Step: TypeAlias = Callable[[PathValues, Rows], Rows]

# The order is part of the rules.
STEPS: tuple[Step, ...] = (
    # Rows beside others come first, so that all further steps treat them like any row.
    add_totals,
    add_pore_walls,
    # Errors: the profile where the covariance is not to be trusted; it is followed at the solution, so before
    # values are averaged.
    add_profile_intervals,
    average,
    # What has no value by its final error: joined with its neighbours; a total whose part is now only known within
    # a sum gets its value by averaging, if it can; what is left gets a limit in place of a value.
    join,
    average_beside_loose,
    add_limits,
    # Only what still has a value is marked with where its top lies, and then with what makes the value doubtful.
    mark_tops,
    mark_capacitances,
    mark_topology,
    mark_other_minima,
    # Last, because it takes back whatever the steps before have granted.
    mark_missed,
)

# Of spectra that were fitted at once, where the covariance is that of all of them: no step looks at one by itself.
AT_ONCE = tuple(
    step for step in STEPS if step not in (add_profile_intervals, average_beside_loose, mark_other_minima)
)


def contributions(estimate: Estimate, conditions: Sequence[Conditions]) -> list[tuple[Contribution, ...]]:
    """Return the contributions of N fits by the rules of the reporting table.

    Parameters
    ----------
    estimate : Estimate
        Where the fits of N spectra ended.
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
    path = PathValues(estimate)
    rows = first_rows(path)
    for step in STEPS if estimate.linked is None else AT_ONCE:
        rows = step(path, rows)
    return [
        tuple(contribution_of(path, row, conditions[i]) for row in own)
        for i, own in enumerate(by_spectrum(path, rows))
    ]
