"""The lines of one contribution of several cells, in one ordinate, and whether they have one activation energy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eisfit.errors import SeriesError
from eisfit.laws import Arrhenius, EqualSlope, MeyerNeldel, equal_energy, meyer_neldel
from eisfit.laws.compensation import FEWEST
from eisfit.laws.line_checks import ASSUMED_ERRORS_K
from eisfit.results.series import Series

TEMPERATURE = "temperature_c"


@dataclass(frozen=True, eq=False)
class StudiedLines:
    """The lines of one contribution.

    Parameters
    ----------
    contribution : str
        Its name.
    lines : mapping of str to Arrhenius
        By cell, those that take part in tests.
    left_out : tuple of str
        Which cells take no part, and why.
    refused : str
        Why the lines cannot be compared at all; empty where they can.
    complete : bool
        Whether the errors of the temperatures are known in all cells.
    """

    contribution: str
    lines: Mapping[str, Arrhenius]
    left_out: tuple[str, ...]
    refused: str
    complete: bool

    @property
    def ordinate(self) -> str:
        """The ordinate of all lines; empty without a line."""
        return next((line.ordinate for line in self.lines.values()), "")

    @property
    def one_unit(self) -> bool:
        """Whether values of all lines have one unit."""
        return len({(line.quantity, line.unit) for line in self.lines.values()}) == 1

    @property
    def units(self) -> str:
        """Which cell has which quantity, for a sentence."""
        return ", ".join(f"{cell} {line.quantity} in {line.unit}" for cell, line in self.lines.items())

    def equal(self) -> EqualSlope | None:
        """Return the test of one activation energy; None with fewer than two lines, or where they are refused.

        Where errors of temperatures are not known, the test is made with 0, 0.1, 0.3 and 1 K, and the largest
        probability counts.
        """
        if self.refused or len(self.lines) < 2:
            return None
        lines, names = list(self.lines.values()), list(self.lines)
        if self.complete:
            return equal_energy(lines, names)
        made = [
            equal_energy(lines, names, complete=False, further_err_k=kelvin) for kelvin in ASSUMED_ERRORS_K
        ]
        return max(made, key=lambda found: -1.0 if math.isnan(found.p) else found.p)

    def compensation(self) -> MeyerNeldel | None:
        """Return the test of the Meyer-Neldel rule; None with fewer than five lines with errors, or mixed units."""
        lines = [line for line in self.lines.values() if line.activation_energy_stderr_ev > 0]
        if self.refused or not self.one_unit or len(lines) < FEWEST:
            return None
        return meyer_neldel(lines)


def studied_lines(cells: Mapping[str, Series], contribution: str) -> StudiedLines:
    """Return the lines of a contribution in the ordinate of the first cell that has one."""
    found: dict[str, Arrhenius] = {}
    left_out: dict[str, list[str]] = {}
    for cell, series in cells.items():
        line, why = _line(series, contribution, list(found.values()))
        if line is not None and not why:
            found[cell] = line
        elif why:
            left_out.setdefault(why, []).append(cell)
    complete = all(
        fit.spectrum.conditions.temperature_err_c is not None for cell in found for fit in cells[cell]
    )
    said = tuple(f"{contribution} of {', '.join(of)}: {why}" for why, of in left_out.items())
    return StudiedLines(contribution, found, said, _mixed(contribution, found), complete)


def _line(series: Series, name: str, before: Sequence[Arrhenius]) -> tuple[Arrhenius | None, str]:
    """Return the line of a contribution, and why it takes no part in tests."""
    if series.condition != TEMPERATURE:
        return (
            None,
            f"is over {series.condition}, and has no activation energy; fit it as a series over temperature_c",
        )
    if name not in series.names:
        return None, ""
    try:
        line = series.arrhenius(name)
        first = before[0] if before else line
        if line.quantity == first.quantity and line.ordinate != first.ordinate:
            line = series.arrhenius(name, first.ordinate)
    except SeriesError as error:
        return None, f"no line ({error})"
    if line.of_unlike_parts:
        return (
            line,
            "is a sum of unlike parts, which has no activation energy of its own; fix one part, or fit jointly",
        )
    if line.checks.rejected:
        return (
            line,
            f"its points contradict one line ({'; '.join(line.notes)}); see its sentences in the series",
        )
    if not line.determined:
        return line, "its activation energy is not determined; measure more temperatures"
    return line, ""


def _mixed(contribution: str, lines: Mapping[str, Arrhenius]) -> str:
    """Return why lines are not compared where they are of different ordinates."""
    if len({line.ordinate for line in lines.values()}) < 2:
        return ""
    by = ", ".join(f"{cell} is in {line.ordinate}" for cell, line in lines.items())
    return (
        f"{contribution}: not compared, {by}: resistances and conductivities do not mix; "
        "give area and thickness of all cells, or of none"
    )
