"""Fit the spectra of one cell together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eisfit.cell.find import resolve_template
from eisfit.cell.plausible_conditions import implausible
from eisfit.cell.templates import Template
from eisfit.errors import SeriesError
from eisfit.fitting.spectra import fit_cell
from eisfit.results.series import Series, measured_order
from eisfit.spectrum.given import many_spectra
from eisfit.spectrum.spectrum import Spectrum

if TYPE_CHECKING:
    from eisfit.formats.reading import Unread
    from eisfit.options import Weights


def fit_series(
    spectra: Sequence[Spectrum],
    template: str | Path | Template,
    *,
    over: str = "temperature_c",
    weights: Weights = "modulus",
    loss: str = "linear",
    seed: int = 0,
    mask_outliers: bool = False,
    unread: Sequence[Unread] = (),
    keep: Sequence[str] = (),
    assign: Sequence[str] = (),
) -> Series:
    """Check the spectra of one cell, and fit them together.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Of one cell, in the order in which they were taken, unless all know their ``time_h``; each knows the condition
        `over`.
    template : str, Path or Template
        A template, its name or path, or a circuit string.
    over : str
        The condition that orders the series.
    weights, loss, seed
        As in `fit`.
    mask_outliers : bool
        Whether single points that stand out are left out of the fit; the reason stands beside each.
    unread : sequence of Unread
        Files that belong to the series but could not be read; they are carried into the tables.
    assign : sequence of str
        Segments whose arcs are known to follow each other in this order, the fastest first, where capacitances do not
        decide: ``["grain boundary", "interface"]``.
    keep : sequence of str
        Labels of spectra that take part in lines although their fit misses the data, or their data are those of an
        earlier one.

    Returns
    -------
    Series
        A spectrum that cannot be fitted has ``Outcome.FAILED``; the others are done.

    Raises
    ------
    InputError
        If `spectra` is one spectrum, a path, or holds anything but spectra.
    SeriesError
        If there is no spectrum, one does not know the condition, or `keep` names none of them.
    """
    spectra = many_spectra(spectra, "fit_series")
    if not spectra:
        raise SeriesError("no file of the series could be read" if unread else "the series has no spectrum")
    resolved = resolve_template(template, spectra)
    labels = [s.label for s in spectra]
    if lost := [label for label in keep if label not in labels]:
        raise SeriesError(f"keep names {lost[0]!r}, which is no spectrum of the series: {', '.join(labels)}")
    place, order = measured_order(spectra, over)
    said = implausible(spectra, resolved)
    noted = [s.noting(*findings) for s, findings in zip(spectra, said, strict=True)]
    tested = _checked(noted, over, mask_outliers)
    in_order = [tested[k] for k in place]
    fits = fit_cell(in_order, resolved, over=over, assign=assign, weights=weights, loss=loss, seed=seed)
    return Series(over, tuple(fits), tuple(unread), order=order, keep=tuple(keep))


def _checked(spectra: Sequence[Spectrum], over: str, mask_outliers: bool) -> list[Spectrum]:
    """Return the spectra with what a check of each has shown; changes over time are what some series are for."""
    from eisfit.validity.checks import checked

    return checked(spectra, mask_outliers=mask_outliers, changes_are_sought=over != "time_h")
