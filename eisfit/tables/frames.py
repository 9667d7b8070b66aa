"""Results as data frames of pandas, with the columns of the CSV tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from eisfit.errors import InputError
from eisfit.laws.arrhenius import Arrhenius
from eisfit.laws.law_fit import LawFit
from eisfit.relaxations.distribution import Distribution
from eisfit.relaxations.over_series import DistributionSeries
from eisfit.results.contribution import Contribution
from eisfit.results.fit import Fit
from eisfit.results.fits import Fits
from eisfit.results.plan import Plan
from eisfit.results.quantity import ordinates_of
from eisfit.results.series import Series
from eisfit.spectrum.spectrum import Spectrum
from eisfit.suggestion import Suggestion
from eisfit.tables.columns import ALL_TABLES, PLAN_TABLES, POINTS, TEXTS, TRUTHS, WHOLE, Row, columns_in
from eisfit.tables.files import as_frame
from eisfit.tables.plan_rows import measurement_rows, predicted_error_rows
from eisfit.tables.relaxation_table import curve_rows, relaxation_line_rows, relaxation_rows
from eisfit.tables.rows import (
    arrhenius_rows,
    contribution_rows,
    law_rows,
    parameter_rows,
    point_rows,
    spectrum_row,
    spectrum_rows,
)
from eisfit.tables.suggestion_table import circuit_rows, template_rows, value_rows
from eisfit.tools.nearest import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

Result: TypeAlias = (
    Spectrum | Fit | Fits | Series | LawFit | Plan | Distribution | DistributionSeries | Suggestion
)


def data_frame(result: Result, table: str | None = None) -> pd.DataFrame:
    """Return one table of a result as a data frame.

    Parameters
    ----------
    result : Spectrum, Fit, Fits, Series, LawFit, Plan, Distribution, DistributionSeries or Suggestion
        What to lay out.
    table : str, optional
        Its name, as in `Series.to_dataframe`; the first of those that the result has if not given.

    Returns
    -------
    DataFrame
        With the columns of the CSV file of that name. Numbers are floats, whole ones integers where all are known; nan
        where not known.

    Raises
    ------
    InputError
        If the result has no such table.

    Examples
    --------
    >>> import eisfit
    >>> spectrum = eisfit.Spectrum([1e3, 1e2], [10 - 2j, 11 - 5j], label="cell")
    >>> spectrum.to_dataframe()[["spectrum", "frequency_hz", "z_real_ohm"]]
      spectrum  frequency_hz  z_real_ohm
    0     cell        1000.0        10.0
    1     cell         100.0        11.0
    """
    known = _tables_of(result)
    name = next(iter(known)) if table is None else table
    if name not in known:
        raise InputError(
            f"{type(result).__name__} has no table {name!r}{did_you_mean(name, known)}; there are {', '.join(known)}"
        )
    rows = known[name]()
    columns = columns_in(name, rows) if name in ALL_TABLES else PLAN_TABLES.get(name, POINTS)
    return _typed(as_frame(rows, columns))


def _tables_of(result: Result) -> Mapping[str, Callable[[], Sequence[Row]]]:
    """Return the tables of a result by name, the usual one first; the rows are made when asked for."""
    if isinstance(result, Spectrum):
        own = {"spectrum": result.label}
        return {"points": lambda: point_rows([result]), "spectra": lambda: [own | spectrum_row(result)]}
    if isinstance(result, Plan):
        return {
            "measurements": lambda: measurement_rows(result),
            "predicted_errors": lambda: predicted_error_rows(result),
        }
    if isinstance(result, LawFit):
        laws = {"laws": lambda: law_rows([(result, _is_default(result))])}
        if isinstance(result, Arrhenius):
            return {"arrhenius": lambda: arrhenius_rows([(result, _is_default(result))]), **laws}
        return laws
    if isinstance(result, Distribution | DistributionSeries):
        return _of_distributions(result)
    if isinstance(result, Suggestion):
        return _of_suggestion(result)
    fits = [result] if isinstance(result, Fit) else result
    found: dict[str, Callable[[], Sequence[Row]]] = {
        "contributions": lambda: contribution_rows(fits),
        "parameters": lambda: parameter_rows(fits),
        "spectra": lambda: spectrum_rows(fits),  # type: ignore[arg-type]
    }
    if isinstance(result, Series):
        found["arrhenius"] = lambda: arrhenius_rows(result.arrhenius_fits())
        found["laws"] = lambda: law_rows(result.law_fits())
        if result.relaxations is not None:
            found |= _of_distributions(result.relaxations)
        if result.suggestion is not None:
            found |= _of_suggestion(result.suggestion)
    return found


def _of_suggestion(result: Suggestion) -> dict[str, Callable[[], Sequence[Row]]]:
    return {
        "suggested_circuits": lambda: circuit_rows(result),
        "suggested_templates": lambda: template_rows(result),
        "suggested_values": lambda: value_rows(result),
    }


def _of_distributions(result: Distribution | DistributionSeries) -> dict[str, Callable[[], Sequence[Row]]]:
    lines = [] if isinstance(result, Distribution) else relaxation_line_rows(result)
    return {
        "drt": lambda: relaxation_rows(result),
        "drt_lines": lambda: lines,
        "drt_curves": lambda: curve_rows(result),
    }


def _is_default(line: LawFit) -> bool:
    """Tell whether a line has the ordinate that its role has by default; other laws always count as that."""
    usual = ordinates_of(Contribution(line.contribution, line.role, 1), line.quantity)
    return line.ordinate == usual[0] or line.ordinate not in usual


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose columns of numbers are numbers, also where none is known, and whose texts are texts."""
    for name in frame.columns:
        if name in TEXTS:
            frame[name] = frame[name].astype(object).where(frame[name].notna(), "")
        elif name not in TRUTHS and not (name in WHOLE and frame[name].notna().all()):
            frame[name] = frame[name].astype(float)
    return frame
