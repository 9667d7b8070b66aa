"""Fit the spectra of one cell at once, with parameters that are shared or follow laws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from eisfit.cell.links import Link, links_of, place_of
from eisfit.cell.templates import Template
from eisfit.constants import ZERO_CELSIUS_K
from eisfit.engine.following import Following
from eisfit.engine.joint import Block, JointProblem
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.errors import SeriesError
from eisfit.fitting.series import fit_series
from eisfit.joint.minimum import best_joint
from eisfit.joint.names import with_names
from eisfit.joint.report import joint_of
from eisfit.laws.registry import TEMPERATURE
from eisfit.results.fit import Fit
from eisfit.results.joint import Joint
from eisfit.results.outcome import Outcome
from eisfit.results.series import Series, condition_value
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

if TYPE_CHECKING:
    from eisfit.laws.ordinate import Ordinate
    from eisfit.options import Weights

Noise: TypeAlias = Literal["each", "common"]

_LEAST_ERROR = 0.03  # of ln p, by which points weigh for the first lines
NO_ERROR_GIVEN = (
    "no temperature error given: temperatures are taken as exact, and errors scaled by the scatter"
)


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
) -> Joint:
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

    Returns
    -------
    Joint
        Spectra that fail by themselves are left out and named in its remarks.

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
    >>> joint = eisfit.fit_joint(spectra, "R0-p(R1,C1)", share=["C1"], laws={"R1": "arrhenius"})
    >>> f"{joint.law('R1').activation_energy_ev:.4f} eV, {joint['C1'].value:.4g} F"
    '0.5000 eV, 1e-09 F'
    """
    series = fit_series(
        spectra, template, over=over, weights=weights, seed=seed, mask_outliers=mask_outliers, assign=assign
    )
    fits, said = _sound(series)
    series = replace(series, fits=tuple(fits), order=())
    groups = _groups(fits)
    links = links_of([fits[rows[0]].template for rows in groups], share, laws, known)
    _check_enough(fits, links)
    starts = [_start(fits, rows, weights) for rows in groups]
    if noise == "common":
        starts = _with_one_noise(starts)
    joint = _problem(fits, links, starts)
    minimum = best_joint(joint, [s.x for s in starts], [s.weight for s in starts])
    named = with_names(joint, minimum, decided_before=tuple(assign))
    if any(f.over_temperature for b in joint.blocks for f in b.following) and not all(
        b.error.all() for b in joint.blocks
    ):
        said.append(NO_ERROR_GIVEN)
    return joint_of(joint, named, series, [s.independent for s in starts], said)


@dataclass(frozen=True, eq=False)
class _Start:
    """The spectra with one circuit: their places in the series, the minimum of each, and how well that is known."""

    rows: list[int]
    problem: Problem
    independent: tuple[Floats, Floats]
    x: Floats
    weight: Floats
    variance: Floats


def _sound(series: Series) -> tuple[list[Fit], list[str]]:
    """Return the fits that ended, and sentences about the others."""
    fits = [f for f in series if f.outcome is not Outcome.FAILED]
    lost = [f.label for f in series if f.outcome is Outcome.FAILED]
    if not fits:
        raise SeriesError("no spectrum could be fitted by itself, so none can be fitted jointly")
    return fits, [f"left out, as it could not be fitted: {', '.join(lost)}"] if lost else []


def _groups(fits: Sequence[Fit]) -> list[list[int]]:
    """Return the places of the fits with equal circuits."""
    found: dict[object, list[int]] = {}
    for k, f in enumerate(fits):
        found.setdefault(
            (f.template.circuit.text, tuple(s.segment.name for s in f.template.path)), []
        ).append(k)
    return list(found.values())


def _start(fits: Sequence[Fit], rows: list[int], weights: Weights) -> _Start:
    """Return the independent minima of some spectra; where an arc was not seen, its values are those of the others."""
    own = [fits[k] for k in rows]
    problem = pose([f.spectrum for f in own], own[0].template, weights)
    values = np.array([[f.values[name] for name in problem.names] for f in own])
    known = np.isfinite(values) & (values > 0)
    log = np.log(np.where(known, values, 1.0))
    middle = 0.5 * (problem.lower + problem.upper)
    usual = [
        np.median(column[seen]) if seen.any() else np.nan for column, seen in zip(log.T, known.T, strict=True)
    ]
    independent = np.where(known, log, np.where(np.isfinite(usual), usual, middle))
    independent = np.clip(independent, problem.lower, problem.upper)
    free = solve(problem, independent, np.arange(problem.size))
    error = np.array([[p.stderr_log for p in f.parameters] for f in own])
    weight = np.where(
        np.isfinite(error), 1 / (_LEAST_ERROR**2 + np.where(np.isfinite(error), error, 0.0) ** 2), 1.0
    )
    alone = np.where(known, log, np.nan), error
    return _Start(rows, problem, alone, free.x, np.where(known, weight, 0.0), _variance(problem, free))


def _with_one_noise(starts: Sequence[_Start]) -> list[_Start]:
    """Return the spectra with the mean noise of all, weighted by their degrees of freedom."""
    freedom = [s.problem.residuals_used - np.count_nonzero(~s.problem.fixed) for s in starts]
    pairs = list(zip(starts, freedom, strict=True))
    mean = sum(float(s.variance @ own) for s, own in pairs) / sum(float(own.sum()) for own in freedom)
    return [replace(s, variance=np.full(s.variance.size, mean)) for s in starts]


def _problem(fits: Sequence[Fit], links: Sequence[Link], starts: Sequence[_Start]) -> JointProblem:
    """Return the joint problem of some fits."""
    ends = np.cumsum([0, *(link.size for link in links)]).tolist()
    at = {link.name: _conditions(fits, link) for link in links}
    blocks = []
    for start in starts:
        following, places = [], []
        for k, link in enumerate(links):
            if (place := place_of(link.name, start.problem.template)) is not None:
                following.append(
                    Following.of(link, place, at[link.name][start.rows], _centre(link, at[link.name]))
                )
                places.append(slice(ends[k], ends[k + 1]))
        error = np.array([fits[k].spectrum.conditions.temperature_err_c or 0.0 for k in start.rows])
        error = error if any(f.over_temperature for f in following) else np.zeros(error.size)
        rows = np.array(start.rows)
        blocks.append(Block(start.problem, tuple(following), tuple(places), start.variance, error, rows))
    return JointProblem(tuple(blocks), _prior(links))


def _centre(link: Link, at: Floats) -> float:
    straight = None if link.law is None else link.law.straight
    return 0.0 if straight is None else float(straight.abscissa(at)[0].mean())


def _variance(problem: Problem, free: Solution) -> Floats:
    """Return the noise of each spectrum in units of its weights; 1 for given standard deviations."""
    if problem.absolute:
        return np.ones(problem.size)
    freedom = problem.residuals_used - np.count_nonzero(~problem.fixed)
    least = 1e-30 * problem.data.zero_model  # of noise-free data
    return np.maximum(2 * free.cost / np.maximum(freedom, 1), least)


def _prior(links: Sequence[Link]) -> Floats:
    """Return what is known of the common coordinates, and its errors; shape (2, G)."""
    mean: list[float] = []
    sigma: list[float] = []
    for link in links:
        known = link.known
        mean += [0.0] * link.size if known is None else [float(np.log(known[0]))]
        sigma += [np.inf] * link.size if known is None else [known[1] / known[0]]
    return np.array([mean, sigma])


def _conditions(fits: Sequence[Fit], link: Link) -> Floats:
    """Return the condition of the law of a link; of the temperature in kelvin."""
    if link.law is None:
        return np.zeros(len(fits))
    found = np.array([condition_value(f.spectrum, link.law.condition) for f in fits])
    return found + ZERO_CELSIUS_K if link.law.condition == TEMPERATURE else found


def _check_enough(fits: Sequence[Fit], links: Sequence[Link]) -> None:
    for link in links:
        if link.law is not None:
            there, needed = np.unique(_conditions(fits, link)).size, len(link.law.parameters)
            if there < needed:
                raise SeriesError(
                    f"{link.name}: {there} value(s) of {link.law.condition}; {link.law.name} has {needed} "
                    "parameters, so it needs at least as many"
                )
