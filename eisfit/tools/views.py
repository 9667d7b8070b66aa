"""Methods of a value whose work is done in rooms that stand upon it: a figure, a data frame."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

DONE_BY: dict[
    str, str
] = {}  # "figure", "frame", "published": the module and function that makes one; the package names them


class Viewable:
    """Base of values that can be drawn and laid out as a data frame."""

    usual_figure: ClassVar[str] = "nyquist"

    def plot(self, kind: str | None = None, **options: Any) -> Figure:
        """Return a figure, which shows itself in a notebook.

        Parameters
        ----------
        kind : str, optional
            A key of `eisfit.plots.KINDS`. Default: ``"nyquist"``; ``"arrhenius"`` for a line.
        **options
            As `eisfit.plots.figure` takes them: `style`, `width`.

        Raises
        ------
        InputError
            If there is no such kind, or this holds nothing for it.
        """
        figure: Figure = done_by("figure")(kind or self.usual_figure, self, **options)
        return figure

    def to_dataframe(self, table: str | None = None) -> pd.DataFrame:
        """Return a table as a data frame of pandas.

        Parameters
        ----------
        table : str, optional
            A table with the columns of the CSV file of this name: ``"contributions"`` (the default),
            ``"parameters"`` or ``"spectra"``; of a series also ``"arrhenius"`` and ``"laws"``, of a line
            ``"arrhenius"`` or ``"laws"``, of a spectrum ``"points"`` or ``"spectra"``, of a plan ``"measurements"`` or
            ``"predicted_errors"``. A number that is not known is nan.

        Raises
        ------
        InputError
            If there is no such table.
        """
        frame: pd.DataFrame = done_by("frame")(self, table)
        return frame


def done_by(what: str) -> Any:
    """Return the function that makes a figure, a data frame, or rows beside published ones."""
    module, _, function = DONE_BY[what].partition(":")
    return getattr(import_module(module), function)
