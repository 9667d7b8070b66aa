"""A study: what several cells have in common, and what follows what sets them apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eisfit.errors import InputError
from eisfit.laws import EqualSlope, MeyerNeldel
from eisfit.results.series import Series
from eisfit.results.trend_of_cells import TrendOfCells
from eisfit.studies.covariates import Covariates, covariate_of
from eisfit.studies.over_covariate import Asked, trends_of
from eisfit.studies.said import energy_words, sentences, sheets_of
from eisfit.studies.studied_lines import StudiedLines, studied_lines
from eisfit.tables.columns import Row
from eisfit.tables.comparison import comparison_rows
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Value
from eisfit.tools.nearest import did_you_mean

REFERENCES_C = (25.0, 60.0)


@dataclass(frozen=True, eq=False, repr=False)
class Study(Presentable, Value):
    """Several cells beside each other.

    Parameters
    ----------
    cells : mapping of str to Series
        By name.
    at_c : tuple of float
        Reference temperatures in °C.
    contributions : tuple of str
        Which were compared.
    rows : tuple of dict
        Activation energies with their ordinate and values at the reference temperatures, by contribution and cell.
    slopes : mapping of str to EqualSlope
        By contribution the test of one activation energy, in eV, with the common one.
    compensation : mapping of str to MeyerNeldel
        By contribution of five cells or more the test of the Meyer-Neldel rule.
    covariate : str
        What the cells are ordered by; empty if nothing was asked for.
    trends : tuple of TrendOfCells
        Over it.
    left_out : tuple of str
        What takes no part in the tests, and why.
    """

    cells: Mapping[str, Series] = field(repr=False)
    at_c: tuple[float, ...]
    contributions: tuple[str, ...]
    rows: tuple[Row, ...]
    slopes: Mapping[str, EqualSlope]
    compensation: Mapping[str, MeyerNeldel]
    covariate: str
    trends: tuple[TrendOfCells, ...]
    left_out: tuple[str, ...]

    def headline(self) -> str:
        """Return which cells and contributions there are."""
        return f"{len(self.cells)} cells ({', '.join(self.cells)}): {', '.join(self.contributions)}"

    def sheets(self) -> list[Sheet]:
        """Return activation energies, common ones, and trends."""
        return sheets_of(self.rows, self.slopes, self.trends, (*self.sentences(), *self.left_out))

    @property
    def compared(self) -> tuple[str, ...]:
        """Contributions that have a line in two cells or more that can be compared; all where there is none."""
        return tuple(self.slopes) or self.contributions

    def energies_in_words(self, unit: str = "eV") -> dict[str, str]:
        """Return by contribution the common activation energy, or the range of those that differ.

        Parameters
        ----------
        unit : {"eV", "kJ/mol"}
            Of the energies.
        """
        return {name: energy_words(equal, unit) for name, equal in self.slopes.items()}

    def sentences(self) -> tuple[str, ...]:
        """Return what the tests say, one sentence each."""
        return sentences(self.slopes, self.compensation, self.trends)


def compare_series(
    cells: Mapping[str, Series],
    *,
    contributions: Sequence[str] = (),
    at_c: Sequence[float] = REFERENCES_C,
    over: str = "",
    covariates: Covariates | Mapping[str, Mapping[str, object]] | None = None,
    group: str = "",
    logarithm: bool = False,
) -> Study:
    """Set several cells beside each other.

    Parameters
    ----------
    cells : mapping of str to Series
        Two or more series over temperature, by the names of the cells.
    contributions : sequence of str
        Which to compare; all that have a line if empty.
    at_c : sequence of float
        Temperatures in °C at which values are taken from the lines.
    over : str
        A covariate: a column of `covariates`, a condition that is the same in all spectra of a cell
        (``concentration``), or a number of one's own (``water_ppm``).
    covariates : Covariates or mapping, optional
        By cell its numbers and words, such as ``{"A": {"donor_number": 15.1}}``.
    group : str
        A column of words, such as the solid electrolyte: trends are sought within each group.
    logarithm : bool
        Whether trends are lines over the logarithm of the covariate.

    Returns
    -------
    Study
        With a sentence for everything that could not be compared; all else is.

    Raises
    ------
    InputError
        If there are fewer than two cells, no line at all, or no such contribution, covariate or group.

    Examples
    --------
    >>> study = compare_series({"EC:DMC 1:1": a, "EC:DMC 1:9": b, "DMC": c})  # doctest: +SKIP
    >>> study.slopes["interface"].p  # doctest: +SKIP
    0.003
    """
    if len(cells) < 2:
        raise InputError(f"{len(cells)} cell was given: a study needs two or more")
    if logarithm and not over:
        raise InputError("a logarithm was asked for without a covariate: name it by over")
    table = covariates if isinstance(covariates, Covariates) else Covariates.given(covariates or {})
    table.check_cells(list(cells))
    asked = _asked(cells, table, over, group, logarithm) if over or group else None
    names = _names(cells, contributions)
    studied = [studied_lines(cells, name) for name in names]
    rows = [row for at in at_c for row in comparison_rows(cells, contributions=contributions, at_c=at)]
    found = [(lines, trends_of(lines, rows, asked)) for lines in studied] if asked else []
    return Study(
        cells=dict(cells),
        at_c=tuple(map(float, at_c)),
        contributions=tuple(dict.fromkeys(row["contribution"] for row in rows)),
        rows=tuple(_with_covariate(row, asked) for row in rows),
        slopes={s.contribution: e for s in studied if (e := s.equal()) is not None},
        compensation={s.contribution: m for s in studied if (m := s.compensation()) is not None},
        covariate=over,
        trends=tuple(t for _, (trends, _) in found for t in trends),
        left_out=(*_unused(studied), *(text for _, (_, said) in found for text in said)),
    )


def _asked(cells: Mapping[str, Series], table: Covariates, over: str, group: str, logarithm: bool) -> Asked:
    if not over:
        raise InputError(f"group {group!r} was given without a covariate: name it by over")
    if group and group not in table.columns:
        raise InputError(
            f"no column {group!r} of groups{did_you_mean(group, table.columns)}; columns of the covariates: "
            f"{', '.join(table.columns) or 'none; give a CSV file with this column'}"
        )
    values = covariate_of(cells, table, over, logarithm=logarithm)
    return Asked(over, values, {cell: table.text(cell, group) if group else "" for cell in cells}, logarithm)


def _names(cells: Mapping[str, Series], contributions: Sequence[str]) -> list[str]:
    known = list(dict.fromkeys(name for series in cells.values() for name in series.names))
    for name in contributions:
        if name not in known:
            raise InputError(
                f"no contribution {name!r} in these cells{did_you_mean(name, known)}; there are {', '.join(known)}"
            )
    return list(contributions or known)


def _with_covariate(row: Row, asked: Asked | None) -> Row:
    if asked is None:
        return {**row, "covariate": "", "covariate_value": math.nan, "group": ""}
    cell = row["cell"]
    return {
        **row,
        "covariate": asked.name,
        "covariate_value": asked.values[cell],
        "group": asked.groups[cell],
    }


def _unused(studied: Sequence[StudiedLines]) -> list[str]:
    """Return what takes no part in tests; what is said of a whole cell stands once."""
    said: dict[str, None] = {}
    for lines in studied:
        for text in (*lines.left_out, *([lines.refused] if lines.refused else [])):
            whole = text.removeprefix(f"{lines.contribution} of ")
            said[whole if ": is over " in whole else text] = None
    return list(said)
