"""Which values of a series are doubted, and what is said of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from eisfit.cell.set_parameters import set_parameters
from eisfit.errors import SeriesError
from eisfit.results.contribution import Contribution
from eisfit.results.fit import Fit
from eisfit.tools.frozen import Bools
from eisfit.tools.rounding import with_error

_NAMED = 4  # values left out of a line, or parameters, that a remark names


def misses(fits: Sequence[Fit]) -> str:
    """Return how many fits miss the data, as a sentence with the remedy; empty if none does."""
    count = sum(f.missed for f in fits)
    if not count:
        return ""
    verb = "disagrees" if count == 1 else "disagree"
    how_many = f"{count} of {len(fits)} {'fits' if len(fits) > 1 else 'fit'} {verb} with the data"
    missed = [f for f in fits if f.missed]
    what = "circuit" if all(f.template.is_circuit for f in missed) else "template"
    held = list(
        dict.fromkeys(
            name for f in missed for name in (*set_parameters(f.template), *f.spectrum.conditions.fixed)
        )
    )
    if not held:
        return f"{how_many}: try another {what}"
    return f"{how_many}: leave free what is set ({_listed(held)}), or try another {what}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def shown(row: Contribution) -> str:
    """Return a resistance with what must be known beside it."""
    value = with_error(row.resistance_ohm, row.resistance_stderr_ohm)
    if row.resolved == "misfit":
        return f"{value} ({row.known})" if value else row.known
    return value or row.resolved.removeprefix("yes")


def _doubt(fit: Fit, row: Contribution) -> str:
    """Return why a value takes no part in lines unless it is asked for."""
    if row.resolved == "misfit":
        return row.known
    findings = fit.spectrum.checked.findings if fit.spectrum.checked else ()
    return "the same data twice" if any(finding.kind == "twin" for finding in findings) else ""


def chosen(
    contribution: str,
    rows: Sequence[tuple[Fit, Contribution]],
    leave_out: Sequence[str],
    keep: Collection[str],
) -> tuple[Bools, list[str]]:
    """Return which values take part in a line, and what is said of those that are doubted.

    Raises
    ------
    SeriesError
        If none is left beside doubted ones.
    """
    doubted = {f.label: why for f, c in rows if (why := _doubt(f, c)) and f.label not in keep}
    used = ~np.isin([f.label for f, _ in rows], [*leave_out, *doubted])
    said = _left_out(contribution, doubted, len(rows))
    if said and not used.any():
        raise SeriesError(f"{said[0]}; none is left: try another template, or name those to keep")
    return used, said


def _left_out(contribution: str, doubted: Mapping[str, str], points: int) -> list[str]:
    """Say which values were left out of a line, and why."""
    if not doubted:
        return []
    named = ", ".join(f"{label} ({why})" for label, why in list(doubted.items())[:_NAMED])
    more = f" and {len(doubted) - _NAMED} more" if len(doubted) > _NAMED else ""
    return [f"{contribution}: {len(doubted)} of {points} values are not in the line: {named}{more}"]
