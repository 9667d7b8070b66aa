"""Fit the spectra of one cell at once, with parameters that are shared or follow laws."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from eisfit.cell.links import Link, place_of
from eisfit.cell.templates import Template
from eisfit.engine.following import Following
from eisfit.engine.joint import Block, JointProblem
from eisfit.errors import SeriesError
from eisfit.fitting.complement import Complement, log_geometry
from eisfit.fitting.complement_results import ComplementResults, prior_with
from eisfit.fitting.joint_circuits import linked_in, segment_of
from eisfit.fitting.joint_links import links_asked, shared_by, takes_part
from eisfit.fitting.joint_pairs import (
    extents_of,
    has_pairs,
    places_of,
    sees_parts,
    starts_at_once,
)
from eisfit.fitting.joint_rows import joint_rows, with_rows_alone
from eisfit.fitting.joint_starts import Cell, Start, starts_by_circuit, with_one_noise
from eisfit.fitting.link_conditions import centre_of, check_enough, conditions_of, prior_of
from eisfit.fitting.series import fit_series
from eisfit.joint.absence import without_unsupported
from eisfit.joint.consistency import Twin, consistency_of
from eisfit.joint.minimum import best_joint
from eisfit.joint.names import with_names
from eisfit.joint.plausible import changed_places
from eisfit.joint.report import joint_of
from eisfit.joint.scatter import scale_of
from eisfit.laws.registry import TEMPERATURE
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.results.series import Series
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.keywords import known_keywords
from eisfit.tools.progress import Told, untold

if TYPE_CHECKING:
    from eisfit.laws.ordinate import Ordinate
    from eisfit.options import Weights

Noise: TypeAlias = Literal["each", "common"]

NO_ERROR_GIVEN = "no temperature error given: temperatures are taken as exact, and errors hold the scatter"
NO_PLACE_ERROR_GIVEN = "no error of the places of probes given (probe_err_cm): they are taken as exact"


@known_keywords
def fit_joint(
    spectra: Sequence[Spectrum],
    template: str | Path | Template,
    *,
    share: Sequence[str] = (),
    laws: Mapping[str, str | tuple[str, Ordinate]] | None = None,
    known: Mapping[str, tuple[float, float]] | None = None,
    over: str = TEMPERATURE,
    weights: Weights = "modulus",
    seed: int = 0,
    mask_outliers: bool = False,
    assign: Sequence[str] = (),
    noise: Noise = "each",
    complements: Sequence[Complement | ComplementResults] = (),
    loss: str = "linear",
) -> Series:
    """Fit the spectra of one cell at once.

    Parameters
    ----------
    spectra : sequence of Spectrum
        As in `fit_series`. A ``temperature_err_c`` makes the temperature of a spectrum a parameter with that error.
    template : str, Path or Template
        A template, its name or path, or a circuit string.
    share : sequence of str
        Parameters with one value in all spectra, such as ``["CPE1_Q", "CPE1_alpha"]``; of an arc written as ``Zarc_gb``
        also ``Zarc_gb_C``, its effective capacitance.
    laws : mapping of str to str or (str, str), optional
        Law that a parameter, or the resistance of a segment, follows, and its ordinate:
        ``{"interface": "arrhenius", "R1": ("arrhenius", "ln(T/R)")}``. The ordinate of a segment is the usual one of
        its role if not given, that of a parameter ``ln(1/R)``.
    known : mapping of str to (float, float), optional
        Parameters with one value in all spectra that is known from elsewhere: value and standard error.
    over, weights, seed, mask_outliers, assign
        As in `fit_series`.
    noise : {"each", "common"}
        Whether each spectrum weighs by its own noise, or all by one, as in a plain sum of squared residuals.
    complements : sequence of Complement or ComplementResults
        Other cells that share segments with this one. Each shared segment follows its law in both (Arrhenius if none is
        given), and its capacitance in the geometry and its exponent have one value. Of results, what they know of
        these is a prior with its covariance.
    loss : str
        As in `fit`. Under a robust loss each point keeps the weight that its independent fit has given it.

    Returns
    -------
    Series
        The independent fits; its `joint` is the joint fit, whose laws stand among its `laws`. Spectra that fail by
        themselves take no part in it and are named in its remarks.

    Raises
    ------
    SeriesError
        If a link names an unknown parameter, law or ordinate, nothing is linked, a spectrum does not know the condition
        of a law, or there are fewer spectra than a law has parameters.

    Notes
    -----
    No start is asked: the joint fit starts from the independent fits, also with arcs exchanged from each spectrum on.
    The sum of squares of each spectrum is divided by its noise, taken from the independent fit. What links cost is
    the rise of chi-square; where all of them together cost more than chance allows, all errors are multiplied by the
    scatter, as for a line through points. Which arc belongs to which segment of a template is decided by the
    capacitances of the joint fit, with odds of 20:1 or not at all.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f = np.logspace(6, 0, 61)
    >>> def cell(t):
    ...     r = 1e4 * np.exp(0.5 / 8.617333262e-5 * (1 / (t + 273.15) - 1 / 298.15))
    ...     z = 20 + r / (1 + 2j * np.pi * f * r * 1e-9)
    ...     return eisfit.Spectrum(f, z, conditions=eisfit.Conditions(temperature_c=t), label=f"{t} degC")
    >>> spectra = [cell(t) for t in (0, 20, 40)]
    >>> joint = eisfit.fit_joint(spectra, "R0-p(R1,C1)", share=["C1"], laws={"R1": "arrhenius"}).joint
    >>> f"{joint.law('R1').activation_energy_ev:.4f} eV, {joint['C1'].value:.4g} F"
    '0.5000 eV, 1e-09 F'
    """
    series = fit_series(
        spectra,
        template,
        over=over,
        weights=weights,
        loss=loss,
        seed=seed,
        mask_outliers=mask_outliers,
        assign=assign,
    )
    return with_joint(
        series, share=share, laws=laws, known=known, noise=noise, complements=complements, assign=assign
    )


def with_joint(
    series: Series,
    *,
    share: Sequence[str] = (),
    laws: Mapping[str, str | tuple[str, Ordinate]] | None = None,
    known: Mapping[str, tuple[float, float]] | None = None,
    noise: Noise = "each",
    complements: Sequence[Complement | ComplementResults] = (),
    assign: Sequence[str] = (),
    told: Told = untold,
) -> Series:
    """Return a series with a joint fit of its spectra, made from its independent fits.

    Parameters
    ----------
    series : Series
        As `fit_series` gives it.
    share, laws, known, noise, complements, assign
        As in `fit_joint`. Where nothing is linked, each resistance follows an Arrhenius law.
    told : callable
        Called with the step of the joint fit, how much of it is done, and how much there is; 0 where that is not known.

    Raises
    ------
    SeriesError
        As in `fit_joint`.
    """
    left_out = [f"{c.name} is left out, as asked" for c in complements if not c.use]
    finished = [c for c in complements if c.use and isinstance(c, ComplementResults)]
    others = [c for c in complements if c.use and isinstance(c, Complement)]
    cells, said = _cells(series, others)
    apart = {segment_of(name) for name in (*shared_by([*others, *finished], ("",)), *(known or {}))}
    links = links_asked(cells, others, finished, apart, share, laws or {}, known, over=series.condition)
    for link in links:
        check_enough([f for cell in cells for f in cell.fits], link, takes_part(link, cells, others))
    linked = linked_in([link.name for link in links], [c.shares for c in others])
    starts = _starts(cells, linked, series.condition, cells[0].fits[0].options.weights, apart)
    joint = _problem(cells, links, with_one_noise(starts) if noise == "common" else starts, others, finished)
    minimum = best_joint(joint, [s.x for s in starts], [s.weight for s in starts], told)
    told("joint fit, what the data do not show", 0, 0)
    absence = without_unsupported(joint, minimum, [s.x for s in starts], [s.weight for s in starts])
    joint, said = absence.joint, [*said, *left_out, *absence.sentences]
    named = with_names(joint, absence.minimum, decided_before=tuple(assign)).also_open(absence.rivals)
    named = named.also_open({} if assign else changed_places(joint, named.minimum.solution.state.x))
    said += _not_given(joint, starts)
    sound = replace(series, fits=tuple(cells[0].fits), order=())
    labels = [f"{cell.name}: {f.label}" if cell.name else f.label for cell in cells for f in cell.fits]
    told("joint fit, errors", 0, 0)
    scale = scale_of(joint, named.minimum)
    found = joint_of(joint, named, sound, labels, [s.independent for s in starts], said, scale)
    twins = [
        Twin(c.name, tuple(k for k, s in enumerate(starts) if s.cell == n), c.tolerance)
        for n, c in enumerate(others, 1)
    ]
    found = replace(found, consistency=consistency_of(joint, named.minimum, twins))
    alone = [(f, linked[k]) for k, cell in enumerate(cells) for f in cell.fits]
    rows = joint_rows(joint, named, absence, scale, apart, [f.spectrum.conditions for f, _ in alone])
    rows = with_rows_alone(rows, *zip(*alone, strict=True))
    found = replace(found, rows=rows, minimised=(joint, named.minimum.solution, scale))
    return replace(series.with_laws(*found.laws), joint=found)


def _not_given(joint: JointProblem, starts: Sequence[Start]) -> list[str]:
    """Return sentences about errors of temperatures and places of probes that were not given."""
    said = []
    if not all(b.error.all() for b in joint.blocks if any(f.over_temperature for f in b.following)):
        said.append(NO_ERROR_GIVEN)
    if sees_parts(starts) and not places_of(starts):
        said.append(NO_PLACE_ERROR_GIVEN)
    return said


def _cells(series: Series, complements: Sequence[Complement]) -> tuple[list[Cell], list[str]]:
    """Return the cells with their independent fits, and sentences about spectra that are left out."""
    cells, said = [], []
    options = series.fits[0].options
    as_first: dict[str, Any] = {"weights": options.weights, "loss": options.loss, "seed": options.seed}
    for name, found in [
        ("", series),
        *(
            (
                c.name,
                fit_series(c.spectra, c.template, over=series.condition, **as_first),
            )
            for c in complements
        ),
    ]:
        fits, lost = _sound(found, name)
        cells.append(Cell(name, fits))
        said += lost
    return cells, said


def _sound(series: Series, name: str) -> tuple[list[Fit], list[str]]:
    """Return the fits of a cell that ended, and sentences about the others."""
    fits = [f for f in series if f.outcome is not Outcome.FAILED]
    lost = [f.label for f in series if f.outcome is Outcome.FAILED]
    if not fits:
        of = f" of {name}" if name else ""
        raise SeriesError(f"no spectrum{of} could be fitted by itself, so none can be fitted jointly")
    return fits, [f"left out, as it could not be fitted: {', '.join(lost)}"] if lost else []


def _starts(
    cells: Sequence[Cell],
    linked: Sequence[Sequence[str]],
    over: str,
    weights: Weights,
    apart: Collection[str],
) -> list[Start]:
    """Return where the joint fit starts: a block for each circuit of a cell, or for each pair of its probes."""
    found: list[Start] = []
    first = 0
    for k, cell in enumerate(cells):
        if has_pairs(cell.fits):
            found += starts_at_once(k, cell, first, over, weights, apart)
        else:
            found += starts_by_circuit(k, cell, first, linked[k], weights, apart)
        first += len(cell.fits)
    return found


def _problem(
    cells: Sequence[Cell],
    links: Sequence[Link],
    starts: Sequence[Start],
    complements: Sequence[Complement],
    finished: Sequence[ComplementResults],
) -> JointProblem:
    """Return the joint problem of some cells."""
    ends = np.cumsum([0, *(link.size for link in links)]).tolist()
    fits = [f for cell in cells for f in cell.fits]
    at = {link.name: conditions_of(fits, link, takes_part(link, cells, complements)) for link in links}
    probes = places_of(starts)
    places_at = {key: ends[-1] + len(complements) + k for k, key in enumerate(probes)}
    blocks = []
    for start in starts:
        following, places = [], []
        for k, link in enumerate(links):
            place = place_of(link.name, start.problem.template)
            shared = segment_of(link.name) in (complements[start.cell - 1].shares if start.cell else ())
            if place is None or (start.cell and not shared):
                continue
            f = Following.of(link, place, at[link.name][start.rows], centre_of(link, at[link.name]))
            if start.cell:
                f = _in_geometry(f, start, cells, complements[start.cell - 1], ends[-1] + start.cell - 1)
            following.append(f)
            places.append(slice(ends[k], ends[k + 1]))
        error = np.array([f.spectrum.conditions.temperature_err_c or 0.0 for f in start.fits])
        error = error if any(f.over_temperature for f in following) else np.zeros(error.size)
        rows = np.array(start.rows)
        blocks.append(
            Block(
                start.problem,
                tuple(following),
                tuple(places),
                start.variance,
                error,
                rows,
                extents_of(start, places_at),
                start.at_once,
            )
        )
    prior = prior_of(links, complements, list(probes.values()))
    return JointProblem(tuple(blocks), *prior_with(prior, links, at, finished, cells[0].fits[0]))


def _in_geometry(
    f: Following, start: Start, cells: Sequence[Cell], complement: Complement, geometry: int
) -> Following:
    """Return a parameter of a complement that follows what it is in the geometry of the first cell."""
    segment = segment_of(f.link.name)
    if f.link.name.endswith(" alpha"):
        return f
    role = next(s.segment.role for s in start.problem.template.path if s.segment.name == segment)
    own = log_geometry(segment, role, start.fits, complement.name)
    first = log_geometry(segment, role, cells[0].fits[:1], "the first cell")[0]
    sign = -1.0 if f.link.name.endswith(" C") else 1.0
    return replace(f, offset=sign * (own - first), geometry=(geometry, sign))
