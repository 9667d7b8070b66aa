"""What is said of a series that has no line over temperature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eisfit.laws.hysteresis import EQUAL_WITHIN
from eisfit.results.fit import Fit
from eisfit.results.series import Series

_FEW_CELLS = 3  # fewer with one spectrum each may well be meant


def why_no_line(result: Series | Sequence[Fit]) -> str:
    """Return why a series over temperature has no activation energy; empty where it has one, or is none."""
    if not isinstance(result, Series) or result.condition != "temperature_c" or result.lines():
        return ""
    known = [t for f in result if (t := f.spectrum.conditions.temperature_c) is not None]
    if not known:
        return ""
    if max(known) - min(known) <= EQUAL_WITHIN:
        what = "one spectrum" if len(known) == 1 else f"{len(known)} spectra"
        return (
            f"{what} at one temperature ({known[0]:g} °C): there is no activation energy, which needs spectra at two "
            "temperatures at least, at four for a useful interval"
        )
    return (
        "no contribution has a value at two temperatures, so there is no activation energy; see the column 'known' "
        "for the reasons"
    )


def each_alone(spectra: Mapping[str, int]) -> str:
    """Return that each spectrum became a cell of its own, with the cure, as a sentence; empty if not so.

    Parameters
    ----------
    spectra : mapping of str to int
        How many each cell has, by its name.

    Examples
    --------
    >>> each_alone({"A": 8, "B": 1, "C": 1})
    ''
    """
    if len(spectra) < _FEW_CELLS or max(spectra.values()) > 1:
        return ""
    names = ", ".join(map(repr, list(spectra)[:2]))
    return (
        f"each of the {len(spectra)} spectra became a cell of its own ({names}, ...), so there is no activation "
        "energy: let {cell} stand for what the names of one cell have in common, as --cell-from-name '{cell}/' for "
        "folders, or leave cell and cell_from_name out where all spectra are of one cell"
    )
