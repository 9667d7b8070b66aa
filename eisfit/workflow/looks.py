"""What is looked at beside the fits of a series, where it was asked for: distributions, and what the data allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eisfit.tools.progress import Progress, told_by

if TYPE_CHECKING:
    from eisfit.results.series import Series

_LOOKING, _SUGGESTING = "distributions of relaxation times", "what the data allow"


def with_looks(series: Series, progress: Progress, *, drt: bool, suggest: bool) -> Series:
    """Return a series with the distributions and the suggestion of its spectra that are asked for.

    Parameters
    ----------
    series : Series
        With its fits.
    progress : callable
        Told how many spectra are done.
    drt, suggest : bool
        What is asked for.
    """
    told = told_by(progress)
    if drt:
        series = series.with_relaxations(done=lambda done, total: told(_LOOKING, done, total))
    if suggest:
        series = series.with_suggestion(done=lambda done, total: told(_SUGGESTING, done, total))
    return series
