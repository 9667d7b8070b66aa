"""Fit the spectra of one cell together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.cell.find import resolve_cell, views_of
from eisfit.cell.known_values import known_names, with_known_values
from eisfit.cell.plausible_conditions import implausible
from eisfit.cell.probe_parts import check_parts
from eisfit.cell.templates import Template
from eisfit.errors import SeriesError, TemplateError
from eisfit.fitting.spectra import fit_cell
from eisfit.results.fit import Fit
from eisfit.results.order import measured_order
from eisfit.results.series import Series
from eisfit.spectrum.given import many_spectra
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.keywords import known_keywords
from eisfit.tools.progress import Told, untold

if TYPE_CHECKING:
    from eisfit.fitting.complement import Complement
    from eisfit.formats.reading import Unread
    from eisfit.laws.ordinate import Ordinate
    from eisfit.options import Weights

TIME = "time_h"


@known_keywords
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
    progress: Told = untold,
    joint: bool = False,
    share: Sequence[str] = (),
    laws: Mapping[str, str | tuple[str, Ordinate]] | None = None,
    known: Mapping[str, tuple[float, float]] | None = None,
    complements: Sequence[Complement] = (),
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
    progress : callable
        Called with what is done, how much of it is done, and how much there is; 0 of 0 where that is not known.
    keep : sequence of str
        Labels of spectra that take part in lines although their fit misses the data, or their data are those of an
        earlier one.
    joint : bool
        Whether all spectra are fitted at once too: `Series.joint`.
    share, laws, known, complements
        Of the joint fit, as in `fit_joint`.

    Returns
    -------
    Series
        A spectrum that cannot be fitted has ``Outcome.FAILED``; the others are done.

    Raises
    ------
    InputError
        If `spectra` is one spectrum, a path, or holds anything but spectra.
    SeriesError
        If there is no spectrum, one does not know the condition, or `keep` names none of them; if a spectrum knows the
        value of a parameter that there is not, or that another one does not know; if links are given without `joint`,
        or are none, as in `fit_joint`.
    """
    spectra = many_spectra(spectra, "fit_series")
    if not spectra:
        raise SeriesError("no file of the series could be read" if unread else "the series has no spectrum")
    resolved = resolve_cell(template, spectra)
    views = _views(resolved, spectra)
    if not joint and (share or laws or known or complements):
        raise SeriesError(
            "share, laws, known and complements belong to a joint fit; give joint=True with them"
        )
    labels = [s.label for s in spectra]
    if lost := [label for label in keep if label not in labels]:
        raise SeriesError(f"keep names {lost[0]!r}, which is no spectrum of the series: {', '.join(labels)}")
    place, order = measured_order(spectra, over)
    how = {"over": over, "weights": weights, "loss": loss, "seed": seed, "progress": progress}
    made: dict[int, Fit] = {}
    for view, own, rows in views:
        in_order = [k for k in place if k in rows]
        among = _of_view(assign, view, resolved)
        fits = _seen(view, own, [rows.index(k) for k in in_order], mask_outliers, among, how)
        made |= dict(zip(in_order, fits, strict=True))
    found = Series(over, tuple(made[k] for k in place), tuple(unread), order=order, keep=tuple(keep))
    if not joint:
        return found
    from eisfit.fitting.joint import with_joint

    return with_joint(found, share=share, laws=laws, known=known, complements=complements, assign=assign)


def _views(cell: Template, spectra: Sequence[Spectrum]) -> list[tuple[Template, list[Spectrum], list[int]]]:
    """Return what each pair of probes sees of a cell, with its spectra and their places."""
    found = [
        (view, _of_pair(view, [spectra[k] for k in rows]), rows) for view, rows in views_of(cell, spectra)
    ]
    _check_pairs(cell, [s for _, own, _ in found for s in own])
    check_parts([view for view, _, _ in found], [own[0].conditions for _, own, _ in found])
    for view, own, _ in found:
        _check_known_values(own, view)
    return found


def _seen(
    view: Template,
    spectra: Sequence[Spectrum],
    order: Sequence[int],
    mask_outliers: bool,
    assign: Sequence[str],
    how: dict[str, Any],
) -> list[Fit]:
    """Check the spectra of one pair of probes, or of a cell without pairs, and fit them in an order."""
    said = implausible(spectra, view)
    noted = [s.noting(*findings) for s, findings in zip(spectra, said, strict=True)]
    tested = _checked(noted, how["over"], mask_outliers)
    return fit_cell([tested[k] for k in order], view, assign=assign, **how)


def _of_pair(view: Template, spectra: Sequence[Spectrum]) -> list[Spectrum]:
    """Return spectra under the usual name of their pair of probes."""
    if not (pair := view.configuration.pair):
        return list(spectra)
    return [s.under(s.conditions.updated(probe_pair=pair)) for s in spectra]


def _of_view(assign: Sequence[str], view: Template, cell: Template) -> list[str]:
    """Return the segments in a known order of their arcs that a pair of probes sees; all where there are no pairs."""
    if view is cell:
        return list(assign)
    there = [s.segment.name for s in view.path]
    return [name for name in assign if name in there or name not in {s.name for s in cell.segments}]


def _check_pairs(cell: Template, spectra: Sequence[Spectrum]) -> None:
    """Raise SeriesError where spectra of several pairs of probes would be one series by a template without pairs."""
    pairs = list(dict.fromkeys(p for s in spectra if (p := s.conditions.probe_pair) is not None))
    if len(pairs) > 1 and not cell.configuration.open_pair:
        raise SeriesError(
            f"the spectra were measured between the pairs of probes {', '.join(pairs)}, and {cell.name} has no such "
            'probes: take a template with eight electrodes, such as template = "le_se_eight", or fit each pair by '
            "itself"
        )


def _check_known_values(spectra: Sequence[Spectrum], template: Template) -> None:
    """Raise SeriesError where known values of parameters are impossible, or not known of all spectra."""
    for spectrum in spectra:
        try:
            with_known_values(template, [spectrum])
        except TemplateError as error:
            raise SeriesError(f"{spectrum.label or 'spectrum'}: {error}") from None
    names = [known_names(template, spectrum) for spectrum in spectra]
    for name in sorted(frozenset().union(*names)):
        having = sum(name in known for known in names)
        if having < len(spectra):
            without = next(s.label for s, known in zip(spectra, names, strict=True) if name not in known)
            raise SeriesError(
                f"{name} is fixed in {having} of {len(spectra)} spectra, and not in {without}: state its value for "
                "each of them, or one for all the others"
            )


def _checked(spectra: Sequence[Spectrum], over: str, mask_outliers: bool) -> list[Spectrum]:
    """Return the spectra with what a check of each has shown; over time, sweeps may differ but not change meanwhile."""
    from eisfit.validity.checks import checked

    found = checked(spectra, mask_outliers=mask_outliers, changes_are_sought=over != TIME)
    if over != TIME:
        return found
    from eisfit.validity.drift_correction import drift_within_sweeps

    within = drift_within_sweeps(found)
    return [s if said is None else s.noting(said) for s, said in zip(found, within, strict=True)]
