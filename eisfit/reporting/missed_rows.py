"""Take the word `yes` from rows whose value the data contradict: the model misses them there, or altogether."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from eisfit.cell.set_parameters import set_parameters
from eisfit.circuit.arc import is_resistor
from eisfit.reporting.disagreement import Disagreement
from eisfit.reporting.path_values import PathValues
from eisfit.reporting.rows import Row, Rows
from eisfit.results.outcome import NAN
from eisfit.tools.frozen import Bools
from eisfit.tools.quotients import SMALLEST_DIVISOR

_AROUND = 3.0  # factor of frequency on either side of the top of an arc within which it shows


def mark_missed(path: PathValues, rows: Rows) -> Rows:
    """Mark the rows of fits that miss the data as `misfit`, and single rows where the data are missed around them.

    A limit of a fit that misses the data is none; its row has no value either. Where parameters were fixed, tied or
    kept within a range, and the fit misses the data by more than their noise, what was set is the likely cause.
    """
    estimate = path.estimate
    is_set = bool(set_parameters(estimate.problem.template))
    return tuple(_marked(path, row, estimate.disagreements[row.spectrum], is_set) for row in rows)


def _marked(path: PathValues, row: Row, found: Disagreement, is_set: bool) -> Row:
    if row.joined_in:
        return row
    percent = found.percent_where_set if is_set else found.percent
    if percent > 0:
        resistance = row.resistance if row.has_value else NAN
        missed = replace(row, resistance=resistance, at_least=NAN, at_most=NAN)
        return replace(missed, resolved="misfit", cause="data missed", misfit_percent=percent)
    if not (row.has_value and np.isfinite(row.resistance) and row.resistance > 0):
        return row
    share = found.share(_shows(path, row, found), row.resistance)
    if share == 0:
        return row
    return replace(row, resolved="misfit", cause="row missed", misfit_percent=100 * min(share, 1.0))


def _shows(path: PathValues, row: Row, found: Disagreement) -> Bools:
    """Return at which points a row shows: around the tops of its arcs; for a resistor where |Z| is least."""
    f = found.frequency_hz
    points = np.zeros(f.size, bool)
    for k in row.parts:
        top = path.top_hz(row.spectrum, k)
        if np.isfinite(top):
            points |= (f > top / _AROUND) & (f < top * _AROUND)
            points[np.argmin(np.abs(np.log(f) - np.log(max(top, SMALLEST_DIVISOR))))] = True
        elif is_resistor(path.segments[k].node):
            points[np.argmin(np.abs(found.z_ohm))] = True
    return points
