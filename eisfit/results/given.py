"""What is handed over as a fit, or as a row of fits: taken, or refused with the way to what is taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eisfit.errors import FitError, SeriesError
from eisfit.results.fit import Fit
from eisfit.spectrum.spectrum import Spectrum


def one_fit(given: object, verb: str) -> Fit:
    """Return what was given if it is one fit.

    Parameters
    ----------
    given : object
        What the caller handed over.
    verb : str
        Name of the function, for the message.

    Raises
    ------
    FitError
        If it is a series, a list, a spectrum or anything else; the message says how to get a fit from it.
    """
    if isinstance(given, Fit):
        return given
    name = type(given).__name__
    if isinstance(given, Spectrum):
        raise FitError(
            f"{verb} takes one Fit, and this is a Spectrum; fit it first: eisfit.fit(spectrum, template)"
        )
    if isinstance(given, Sequence) or hasattr(given, "fits"):
        raise FitError(f"{verb} takes one Fit, and this is a {name}; take one of it, as [0]")
    raise FitError(f"{verb} takes one Fit, as eisfit.fit gives, and this is a {name}")


def many_fits(given: object, verb: str) -> Sequence[Fit]:
    """Return what was given as a row of fits.

    Parameters
    ----------
    given : object
        What the caller handed over.
    verb : str
        Name of the function, for the message.

    Raises
    ------
    SeriesError
        If it is one fit, or holds anything but fits.
    """
    if isinstance(given, Fit):
        raise SeriesError(f"{verb} takes a list of fits, and this is one Fit; write [fit]")
    if not isinstance(given, Iterable):
        raise SeriesError(f"{verb} takes a list of fits, and this is a {type(given).__name__}")
    fits = tuple(given)
    for k, item in enumerate(fits):
        if not isinstance(item, Fit):
            cure = "; fit it first, as eisfit.fit_series does" if isinstance(item, Spectrum) else ""
            raise SeriesError(
                f"{verb} takes a list of fits, and item {k} of it is a {type(item).__name__}{cure}"
            )
    return fits
