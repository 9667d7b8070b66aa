"""Fit the spectra of one cell at once, with parameters that are shared or follow laws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eisfit.cell.links import Link, links_of
from eisfit.cell.templates import Template
from eisfit.constants import ZERO_CELSIUS_K
from eisfit.engine.following import Following
from eisfit.engine.joint import JointProblem
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.errors import SeriesError
from eisfit.fitting.series import fit_series
from eisfit.laws.registry import TEMPERATURE
from eisfit.reporting.joint_report import joint_of
from eisfit.results.fit import Fit
from eisfit.results.joint import Joint
from eisfit.results.outcome import Outcome
from eisfit.results.series import Series, condition_value
from eisfit.search.exchanges import matched
from eisfit.search.joint import best_joint
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

if TYPE_CHECKING:
    from eisfit.laws.ordinate import Ordinate
    from eisfit.options import Weights


def fit_joint(
    spectra: Sequence[Spectrum],
    circuit: str | Path | Template,
    *,
    share: Sequence[str] = (),
    laws: Mapping[str, str | tuple[str, Ordinate]] | None = None,
    known: Mapping[str, tuple[float, float]] | None = None,
    over: str = TEMPERATURE,
    weights: Weights = "modulus",
    seed: int = 0,
) -> Joint:
    """Fit the spectra of one cell at once.

    Parameters
    ----------
    spectra : sequence of Spectrum
        As in `fit_series`. A ``temperature_err_c`` makes the temperature of a spectrum a parameter with that error.
    circuit : str, Path or Template
        A circuit string; templates come later.
    share : sequence of str
        Parameters with one value in all spectra, such as ``["CPE1_Q", "CPE1_alpha"]``; of an arc written as ``Zarc1``
        also ``Zarc1_C``, its effective capacitance.
    laws : mapping of str to str or (str, str), optional
        Law that a parameter follows, and its ordinate: ``{"R1": "arrhenius", "R2": ("arrhenius", "ln(T/R)")}``.
    known : mapping of str to (float, float), optional
        Parameters with one value in all spectra that is known from elsewhere: value and standard error.
    over, weights, seed
        As in `fit_series`.

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
    The sum of squares of each spectrum is divided by its own noise, taken from the independent fit. What links cost is
    the rise of chi-square; where all of them together cost more than chance allows, all errors are multiplied by the
    scatter, as for a line through points.

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
    series = fit_series(spectra, circuit, over=over, weights=weights, seed=seed)
    fits, said = _sound(series)
    template = fits[0].template
    if not template.is_circuit:
        raise SeriesError("a joint fit takes a circuit string; write the cell as one, such as R0-p(R1,CPE1)")
    links = links_of(template.circuit.names, share, laws, known)
    problem = pose([f.spectrum for f in fits], template, weights)
    setting = _setting(problem, fits, links)
    minimum = best_joint(setting.joint, setting.x)
    columns = matched(problem, setting.x, minimum.solution.state.x)
    used = replace(series, fits=tuple(fits), order=())
    return joint_of(setting.joint, minimum, used, columns, (*said, *setting.remarks))


@dataclass(frozen=True, eq=False)
class _Setting:
    """A joint problem, the logarithms it starts from (N, P), and what is to be said of it."""

    joint: JointProblem
    x: Floats
    remarks: tuple[str, ...]


def _sound(series: Series) -> tuple[list[Fit], list[str]]:
    """Return the fits that ended, and sentences about the others."""
    fits = [f for f in series if f.outcome is not Outcome.FAILED]
    lost = [f.label for f in series if f.outcome is Outcome.FAILED]
    if not fits:
        raise SeriesError("no spectrum could be fitted by itself, so none can be fitted jointly")
    return fits, [f"left out, as it could not be fitted: {', '.join(lost)}"] if lost else []


def _setting(problem: Problem, fits: Sequence[Fit], links: Sequence[Link]) -> _Setting:
    """Return the joint problem of some spectra."""
    spectra = [f.spectrum for f in fits]
    _check_enough(spectra, links)
    following = tuple(Following.of(link, problem.names, _conditions(spectra, link)) for link in links)
    values = np.array([[f.values[name] for name in problem.names] for f in fits])
    x = np.clip(np.log(np.where(np.isfinite(values), values, 1.0)), problem.lower, problem.upper)
    free = solve(problem, x, np.arange(problem.size))
    remarks: list[str] = []
    error = np.zeros(len(spectra))
    if any(f.over_temperature for f in following):
        stated = [s.conditions.temperature_err_c for s in spectra]
        error = np.array([e or 0.0 for e in stated])
        if None in stated:
            remarks.append(
                "no temperature error given: temperatures are taken as exact, and errors scaled by the scatter"
            )
    joint = JointProblem(problem, following, _variance(problem, free), error, _prior(following))
    return _Setting(joint, free.x, tuple(remarks))


def _variance(problem: Problem, free: Solution) -> Floats:
    """Return the noise of each spectrum in units of its weights; 1 for given standard deviations."""
    if problem.absolute:
        return np.ones(problem.size)
    freedom = problem.residuals_used - np.count_nonzero(~problem.fixed)
    least = 1e-30 * problem.data.zero_model  # of noise-free data
    return np.maximum(2 * free.cost / np.maximum(freedom, 1), least)


def _prior(following: Sequence[Following]) -> Floats:
    """Return what is known of the common coordinates, and its errors; shape (2, G)."""
    mean, sigma = [], []
    for f in following:
        known = f.link.known
        mean += [0.0] * f.size if known is None else [float(np.log(known[0]))]
        sigma += [np.inf] * f.size if known is None else [known[1] / known[0]]
    return np.array([mean, sigma])


def _conditions(spectra: Sequence[Spectrum], link: Link) -> Floats:
    """Return the condition of the law of a link; of the temperature in kelvin."""
    if link.law is None:
        return np.zeros(len(spectra))
    found = np.array([condition_value(s, link.law.condition) for s in spectra])
    return found + ZERO_CELSIUS_K if link.law.condition == TEMPERATURE else found


def _check_enough(spectra: Sequence[Spectrum], links: Sequence[Link]) -> None:
    for link in links:
        if link.law is not None:
            there, needed = np.unique(_conditions(spectra, link)).size, len(link.law.parameters)
            if there < needed:
                raise SeriesError(
                    f"{link.parameter}: {there} value(s) of {link.law.condition}; {link.law.name} has {needed} "
                    "parameters, so it needs at least as many"
                )
