"""Published values as a data frame of pandas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from eisfit.literature.reading import SHOWN_UNIT, facts, in_shown_unit, table

if TYPE_CHECKING:
    import pandas as pd


def data_frame(*files: str | Path) -> pd.DataFrame:
    """Return published values as a data frame, a row each.

    Parameters
    ----------
    *files : str or Path
        CSV files of one's own, as for `facts`.

    Returns
    -------
    DataFrame
        The columns of the files as texts; then family of the solid, medium, salt and ion; then, for resistances and
        activation energies of interfaces, the number with its ends in Ω cm² or eV (nan for others), and how it was
        printed.

    Raises
    ------
    InputError
        As `read_facts`.

    Examples
    --------
    >>> found = data_frame()
    >>> sorted(found.loc[found["quantity"] == "R_int", "shown_value"].dropna())[:2]
    [16.0, 32.0]
    """
    import pandas as pd

    found = facts(*files)
    rows = []
    for fact, row in zip(found, table(found), strict=True):
        middle, low, high = in_shown_unit(fact)
        named = {"solid": fact.solid, "medium": fact.medium, "salt": fact.salt, "ion": fact.ion}
        shown = {"shown_value": middle, "shown_low": low, "shown_high": high}
        unit = SHOWN_UNIT.get(fact.plotted_as, "") if middle == middle else ""
        rows.append({**row, **named, **shown, "shown_unit": unit, "printed_as": fact.amount.kind})
    return pd.DataFrame(rows)
