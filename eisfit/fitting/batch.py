"""Fit many spectra block by block, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np

from eisfit.cell.known_values import known_names, with_known_values
from eisfit.engine.backends.choice import PROCESSOR
from eisfit.engine.backends.cpu import at_most
from eisfit.engine.posing import check_fittable, unsound_rows
from eisfit.engine.solver import stepped_on
from eisfit.errors import FitError, TemplateError
from eisfit.fitting.neighbours import NOTHING, FirstFound, first_found, from_first_found, places_to_search
from eisfit.fitting.on_demand import FitsOnDemand, StoredSolution
from eisfit.fitting.task import Task
from eisfit.fitting.variants import chosen_variants
from eisfit.reporting.estimate import Estimate
from eisfit.reporting.fit_report import columns_of, fits_of
from eisfit.reporting.many_rows import many_of, many_of_fits
from eisfit.results.fit import Fit, failed
from eisfit.results.fits import FitColumns, Fits
from eisfit.results.many_fits import ManyFits
from eisfit.spectrum.columns import SpectraColumns, some_of
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Ints

BLOCK = 4096  # spectra that are fitted at once
BLOCK_ON_CARD = 65_536  # the same on a graphics processor, which many rows keep busy


@dataclass(frozen=True)
class SolvedBlock:
    """Variants of the template with the places of the spectra that they were chosen for; reasons of failures."""

    parts: list[tuple[Estimate, list[int]]]
    lost: dict[int, str]


def all_fits(task: Task, spectra: Sequence[Spectrum]) -> list[Fit]:
    """Fit all spectra as one batch."""
    block = solve_block(task, spectra)
    results: list[Fit | None] = [None] * len(spectra)
    for i, reason in block.lost.items():
        results[i] = failed(spectra[i], task.template, reason, task.options)
    for estimate, places in block.parts:
        found = fits_of(estimate, [spectra[k] for k in places], task.options)
        for k, result in zip(places, found, strict=True):
            results[k] = result
    return [r for r in results if r is not None]


@dataclass(frozen=True)
class FittedBlock:
    """What is kept of the fits of a block.

    Parameters
    ----------
    columns : list of (ndarray of int, FitColumns)
        Places within the block, and the numbers of their fits.
    kept : list of StoredSolution
        From which the fits are made when they are asked for, with the same places.
    lost : dict of int to str
        Why spectra could not be fitted, by their place.
    """

    columns: list[tuple[Ints, FitColumns]]
    kept: list[StoredSolution]
    lost: dict[int, str]


def fit_columns(
    task: Task, spectra: Sequence[Spectrum], workers: int = 1, threads: int | None = None
) -> Fits:
    """Fit independent spectra block by block; what is kept of each is its row of numbers.

    Parameters
    ----------
    task : Task
        Template and options.
    spectra : sequence of Spectrum
        All of them.
    workers : int
        Processes that fit them; 1 for this one.
    threads : int, optional
        Of each process, at most.
    """
    first = NOTHING
    if isinstance(spectra, SpectraColumns):
        first = first_found(task, spectra.rows(np.array(places_to_search(len(spectra)))))
    columns: list[tuple[Ints, FitColumns]] = []
    kept: list[StoredSolution] = []
    lost: dict[int, str] = {}
    with at_most(threads):
        for begin, block in sorted(_blocks(task, spectra, first, workers, threads), key=itemgetter(0)):
            columns += [(begin + places, part) for places, part in block.columns]
            kept += [replace(part, places=begin + part.places) for part in block.kept]
            lost |= {begin + i: reason for i, reason in block.lost.items()}
    return Fits(FitsOnDemand(task, spectra, kept, lost), FitColumns.joined(columns, len(spectra)))


def _blocks(
    task: Task, spectra: Sequence[Spectrum], first: FirstFound, workers: int, threads: int | None
) -> Iterator[tuple[int, FittedBlock]]:
    """Go through the blocks, with the places at which they begin."""
    size = BLOCK if task.device == PROCESSOR else BLOCK_ON_CARD
    if workers > 1:
        from eisfit.fitting.worker_processes import fitted_in_processes

        yield from fitted_in_processes(task, spectra, first, size, workers, threads or 1)
        return
    for begin in range(0, len(spectra), size):
        yield begin, fitted_block(task, spectra[begin : begin + size], first)


def fitted_block(task: Task, spectra: Sequence[Spectrum], first: FirstFound) -> FittedBlock:
    """Fit the spectra of a block, and return what is kept of them."""
    with stepped_on(task.device):
        block = solve_block(task, spectra, first)
    columns, kept = [], []
    for e, places in block.parts:
        where = np.array(places)
        columns.append((where, columns_of(e)))
        of = e.problem.template, e.solution, e.reweighting, e.placement, e.others, e.otherwise
        kept.append(StoredSolution(where, *of))
    return FittedBlock(columns, kept, block.lost)


def many_fits(task: Task, spectra: SpectraColumns, first: FirstFound) -> ManyFits:
    """Fit the rows of some columns, and return the numbers alone; each row is as it would be without the others.

    Parameters
    ----------
    task : Task
        Template and options.
    spectra : SpectraColumns
        As many as are to be fitted at once.
    first : FirstFound
        As `first_found` gives it for all rows of the file.
    """
    with stepped_on(task.device):
        block = solve_block(task, spectra, first)
    parts = [(np.array(places), _many(task, spectra, e, places)) for e, places in block.parts]
    names = dict.fromkeys([*task.template.circuit.names, *sorted({n for _, p in parts for n in p.names})])
    path = dict.fromkeys(s.segment.name for s in task.template.path)
    rows = {n for _, p in parts for n in p.contributions}
    contributions = [*(n for n in path if n in rows), *sorted(rows - set(path))]
    out = ManyFits.empty(spectra.row, tuple(names), contributions, spectra.conditions)
    for where, part in parts:
        out.put(where, part)
    return replace(out, reasons=block.lost)


def _many(task: Task, spectra: SpectraColumns, estimate: Estimate, places: list[int]) -> ManyFits:
    """Return the columns of an estimate; of a template, whose arcs were given to segments, from the whole report."""
    row = spectra.row[np.array(places)]
    if estimate.placement is None and estimate.reweighting is None:
        return many_of(estimate, row)
    fits = fits_of(estimate, some_of(spectra, places), task.options)
    return many_of_fits(fits, estimate.problem.names, row)


def solve_block(task: Task, spectra: Sequence[Spectrum], first: FirstFound = NOTHING) -> SolvedBlock:
    """Solve all spectra that can be fitted, and say why the others cannot."""
    if isinstance(spectra, SpectraColumns):
        return _solve_columns(task, spectra, first)
    lost = _unknown(task, spectra)
    groups: dict[frozenset[str], list[int]] = {}
    for i, spectrum in enumerate(spectra):
        if i not in lost:
            groups.setdefault(known_names(task.template, spectrum), []).append(i)
    parts = []
    for places in groups.values():
        own = [spectra[i] for i in places]
        asked = replace(task, template=with_known_values(task.template, own))
        reasons = _unsound(asked, own)
        lost |= {places[k]: reason for k, reason in reasons.items()}
        sound = [i for k, i in enumerate(places) if k not in reasons]
        if sound:
            for estimate, index in chosen_variants(asked, [spectra[i] for i in sound]):
                parts.append((estimate, [sound[k] for k in index]))
    return SolvedBlock(parts, lost)


def _solve_columns(task: Task, spectra: SpectraColumns, first: FirstFound) -> SolvedBlock:
    """Solve all rows of some columns, which know no values of parameters of their own."""
    asked = replace(task, template=with_known_values(task.template, spectra[:1]))
    lost = unsound_rows(spectra, task.options.weights)
    sound = [k for k in range(len(spectra)) if k not in lost]
    if not sound:
        return SolvedBlock([], lost)
    own = some_of(spectra, sound)
    check_fittable(own, asked.template, task.options.weights)
    found = from_first_found(asked, own, first)
    return SolvedBlock([(estimate, [sound[k] for k in index]) for estimate, index in found], lost)


def _unknown(task: Task, spectra: Sequence[Spectrum]) -> dict[int, str]:
    """Return the reasons of the spectra that know impossible values of parameters, or not those that must be given."""
    lost = {}
    for i, spectrum in enumerate(spectra):
        if spectrum.conditions.fixed or task.template.given:
            try:
                with_known_values(task.template, [spectrum])
            except TemplateError as error:
                lost[i] = f"{spectrum.label or 'spectrum'}: {error}"
    return lost


def _unsound(task: Task, spectra: Sequence[Spectrum]) -> dict[int, str]:
    """Return the reasons of the spectra that cannot be fitted."""
    try:
        check_fittable(spectra, task.template, task.options.weights)
    except FitError:
        lost = {}
        for i, spectrum in enumerate(spectra):
            try:
                check_fittable([spectrum], task.template, task.options.weights)
            except FitError as error:
                lost[i] = str(error)
        return lost
    return {}
