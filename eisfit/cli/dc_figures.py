"""The figure of stored answers from direct current."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.errors import InputError
from eisfit.tools.nearest import did_you_mean

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from eisfit.polarisation import DcAnswer

KIND = "current_overpotential"


def dc_figures(
    kind: str, answers: Sequence[DcAnswer], file: Path, style: Any, width: Any
) -> tuple[list[Figure], list[dict[str, Any]]]:
    """Return a figure of each answer, and the points of all.

    Raises
    ------
    InputError
        If another figure is asked for.
    """
    from eisfit import plots
    from eisfit.polarisation import point_rows

    if kind != KIND:
        raise InputError(
            f"{file}: holds answers from direct current, of which there is no figure {kind!r}"
            f"{did_you_mean(kind, [KIND])}; draw {KIND}"
        )
    drawn = [
        plots.current_overpotential(each.fit or each.curve, style=style, width=width) for each in answers
    ]
    rows = [{"label": each.curve.label, **row} for each in answers for row in point_rows(each)]
    return drawn, rows
