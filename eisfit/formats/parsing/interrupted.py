"""Tables that go on below a comment, a repeated heading line or a spoilt row, joined to the sweep that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eisfit.formats.parsing.groups import Table
from eisfit.spectrum.findings import Finding
from eisfit.tools.frozen import Floats

LARGEST_STEP = 2.5  # of the median step of log f: one point may be missing between


def joined(tables: Sequence[Table]) -> list[Table]:
    """Return tables with the same headings whose frequency runs on from one to the next as one, with a finding.

    Parameters
    ----------
    tables : sequence of Table
        As they stand below each other, each with rows.
    """
    found: list[Table] = []
    for table in tables:
        if found and found[-1].headings == table.headings and _runs_on(found[-1], table):
            text = f"the rows from line {table.line} on go on with the sweep above them and were joined to it"
            before = found[-1]
            note = Finding("columns", text)
            groups = [replace(g, findings=(*g.findings, note)) for g in before.groups]
            found[-1] = replace(before, values=[*before.values, *table.values], groups=groups)
        else:
            found.append(table)
    return found


def _runs_on(above: Table, below: Table) -> bool:
    """Tell whether every frequency of the lower table follows those of the upper one in the same steps."""
    labels = [[g.label for g in t.groups] for t in (above, below)]
    places = {g.place["frequency"] for g in above.groups if "frequency" in g.place}
    return labels[0] == labels[1] and bool(places) and all(_follows(above, below, at) for at in places)


def _follows(above: Table, below: Table, at: int) -> bool:
    upper, lower = (_logs(t, at) for t in (above, below))
    if min(upper.size, lower.size) < 1 or upper.size + lower.size < 4:
        return False
    steps = np.concatenate([np.diff(upper), np.diff(lower)])
    between = lower[0] - upper[-1]
    one_way = bool((steps > 0).all() or (steps < 0).all())
    typical = float(np.median(np.abs(steps)))
    return one_way and between * steps[0] > 0 and abs(between) <= LARGEST_STEP * typical


def _logs(table: Table, at: int) -> Floats:
    values = np.asarray([row[at] for row in table.values], float)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(values)
    return logs if np.isfinite(logs).all() else np.empty(0)
