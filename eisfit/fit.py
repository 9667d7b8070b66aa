"""One spectrum or many, fitted with a template; no starting value is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eisfit.absence import Simplified, simplified
from eisfit.confidence import residual_noise, runs_probability
from eisfit.contributions import contributions
from eisfit.errors import FitError
from eisfit.identity import assumes_geometry, identified
from eisfit.outcome import NAN, Contribution, FittedParameter, Outcome, Statistics
from eisfit.problem import Problem, Weights, check_weights, pose
from eisfit.quantiles import chi2_reduced_limit_95
from eisfit.search import SELECTION, Minima, minima_from_data
from eisfit.show import Presentable, Sheet, quantity, with_error
from eisfit.solve import Solution, solve
from eisfit.spectrum import Spectrum
from eisfit.template_files import template as find_template
from eisfit.templates import Template
from eisfit.values import Complexes, Floats, Ints, Value, frozen_array

NEIGHBOURS = 4  # spectra of a series whose solution each other spectrum is started from as well
RUNS_TOO_FEW = 0.01  # probability of so few runs that counts as not random
_NEGLIGIBLE = 1e-30  # stands for the parameters of a part that is not there: its resistance counts nothing
MISFIT_RATIO = 1.5  # scatter over random noise from which a misfit is said


@dataclass(frozen=True, eq=False, repr=False)
class Fit(Presentable, Value):
    """A spectrum split among the contributions of a template.

    Parameters
    ----------
    spectrum : Spectrum
        What was fitted.
    template : Template
        As it was fitted: arcs above the window are resistors in it.
    parameters : tuple of FittedParameter
        Of one segment each.
    covariance_log : ndarray, shape (P, P)
        Of the natural logarithms of the parameters; nan for parameters fixed or on a bound.
    contributions : tuple of Contribution
        Rows of the table.
    outcome : Outcome
        How it ended.
    remarks : tuple of str
        What else the reader should know.
    statistics : Statistics or None
        Quality of the fit; None where it failed.
    weights : str
        Name of the weights.
    """

    spectrum: Spectrum
    template: Template
    parameters: tuple[FittedParameter, ...]
    covariance_log: Floats
    contributions: tuple[Contribution, ...]
    outcome: Outcome
    remarks: tuple[str, ...]
    statistics: Statistics | None
    weights: str

    def __getitem__(self, name: str) -> Contribution:
        """Return a contribution by its name.

        Raises
        ------
        KeyError
            If there is none of that name; the message lists those there are.
        """
        for contribution in self.contributions:
            if contribution.name == name:
                return contribution
        known = ", ".join(repr(c.name) for c in self.contributions)
        raise KeyError(f"{self.label}: no contribution {name!r}; there are {known or 'none, the fit failed'}")

    def headline(self) -> str:
        """Return label, circuit and outcome."""
        return f"{self.label}: {self.template.circuit.text}; {self.sentence or 'good fit'}"

    def sheets(self) -> list[Sheet]:
        """Return contributions, parameters and statistics."""
        rows = tuple(
            (
                f"{c.count} x {c.name}" if c.count > 1 else c.name,
                with_error(c.resistance_ohm, c.resistance_stderr_ohm),
                with_error(c.asr_ohm_cm2, c.asr_stderr_ohm_cm2)
                or with_error(c.conductivity_s_cm, c.conductivity_stderr_s_cm, "S/cm"),
                with_error(c.capacitance_f, c.capacitance_stderr_f),
                quantity(c.frequency_hz, digits=3),
                c.resolved,
                c.outcome,
            )
            for c in self.contributions
        )
        columns = ("contribution", "R / ohm", "ohm cm2, or S/cm", "C / F", "f / Hz", "known", "remark")
        parameters = tuple(
            (p.name, with_error(p.value, p.stderr), p.unit, p.outcome) for p in self.parameters
        )
        found = [
            Sheet("Contributions", columns, rows),
            Sheet("Parameters", ("parameter", "value", "unit", "remark"), parameters),
        ]
        if (s := self.statistics) is not None:
            numbers = (
                ("points", str(s.points)),
                ("free parameters", str(s.parameters_free)),
                ("rms / % of |Z|", f"{s.rms_percent:.3g}"),
                ("noise / % of |Z|", f"{s.noise_percent:.3g}"),
                ("reduced chi-square", f"{s.chi2_reduced:.4g}"),
                ("AICc", f"{s.aicc:.1f}"),
            )
            found.append(Sheet("Statistics", ("", "value"), numbers))
        return found

    @property
    def label(self) -> str:
        """Label of the spectrum."""
        return self.spectrum.label or "spectrum"

    @property
    def values(self) -> dict[str, float]:
        """Fitted values by parameter name, in their units."""
        return {p.name: p.value for p in self.parameters}

    @property
    def covariance(self) -> Floats:
        """Covariance of the parameters in their units, shape (P, P)."""
        p = np.array([parameter.value for parameter in self.parameters])
        result: Floats = self.covariance_log * p[:, None] * p
        return result

    def impedance(self, frequency_hz: npt.ArrayLike | None = None) -> Complexes:
        """Return the model impedance in ohm.

        Parameters
        ----------
        frequency_hz : array_like, shape (F,), optional
            Where; the frequencies of the spectrum if not given.

        Raises
        ------
        FitError
            If the fit failed.
        """
        if self.outcome is Outcome.FAILED:
            raise FitError(f"{self.label}: the fit failed, so there is no model: {'; '.join(self.remarks)}")
        f = self.spectrum.frequency_hz if frequency_hz is None else frequency_hz
        known = {name: _NEGLIGIBLE if np.isnan(value) else value for name, value in self.values.items()}
        return self.template.circuit.impedance(f, known)

    @property
    def residual_percent(self) -> Complexes:
        """(measured - model) / |measured| in percent, shape (n,); real and imaginary part."""
        z = self.spectrum.z_ohm
        return 100 * (z - self.impedance()) / np.abs(z)

    @property
    def sentence(self) -> str:
        """Outcome and remarks as one text."""
        return "; ".join(text for text in (self.outcome.value, *self.remarks) if text)


def resolve_template(template: str | Path | Template, spectra: Sequence[Spectrum] = ()) -> Template:
    """Return a template from a name, a path, a circuit string or a template, seen by the electrodes used.

    Parameters
    ----------
    template : str, Path or Template
        A lower-case word is a shipped template, a name ending in ``.toml`` a file, anything else a circuit.
    spectra : sequence of Spectrum
        Their ``conditions.electrodes`` choose the configuration where none is chosen.

    Raises
    ------
    TemplateError, CircuitError
        If it is none of them.
    FitError
        If the spectra were measured with different numbers of electrodes.
    """
    if isinstance(template, str) and not (
        template.endswith(".toml") or re.fullmatch(r"[a-z][a-z0-9_]*", template)
    ):
        return Template.from_circuit(template)
    found = find_template(template)
    if not found.chosen:
        used = {s.conditions.electrodes for s in spectra if s.conditions.electrodes is not None}
        if len(used) > 1:
            raise FitError(
                f"the spectra were measured with {', '.join(map(str, sorted(used)))} electrodes: fit each by itself"
            )
        found = found.seen_with(used.pop() if used else None)
    _ = found.configuration
    return found


def fit(
    spectrum: Spectrum,
    template: str | Path | Template,
    *,
    weights: Weights = "modulus",
    seed: int = 0,
) -> Fit:
    """Fit one spectrum.

    Parameters
    ----------
    spectrum : Spectrum
        Its masked points take no part.
    template : str, Path or Template
        A template, its name or path, or a circuit string.
    weights : {"modulus", "unit", "proportional"} or array_like, shape (n,)
        Standard deviation of Re Z and Im Z: proportional to |Z|, constant, proportional to each part, or
        the given values in ohm.
    seed : int
        Of the drawn starts; equal seeds give equal results.

    Returns
    -------
    Fit
        With an outcome that says what the data cannot tell.

    Raises
    ------
    FitError
        If there are fewer numbers than free parameters.
    TemplateError, CircuitError
        If the template is not known or the circuit does not parse.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f = np.logspace(6, -1, 71)
    >>> z = 1e6 / (1 + 2j * np.pi * f * 1e6 * 1e-11)
    >>> fitted = eisfit.fit(eisfit.Spectrum(f, z), "p(R1,C1)")
    >>> {name: float(f"{value:.6g}") for name, value in fitted.values.items()}
    {'R1': 1000000.0, 'C1': 1e-11}
    """
    resolved = resolve_template(template, [spectrum])
    pose([spectrum], resolved, weights)
    return fit_all([spectrum], resolved, weights=weights, seed=seed)[0]


@dataclass(frozen=True)
class Fits:
    """The fits of many spectra: columns for reckoning, `Fit` objects on demand.

    Parameters
    ----------
    fits : tuple of Fit
        In the order of the spectra.
    """

    fits: tuple[Fit, ...]

    def __len__(self) -> int:
        return len(self.fits)

    def __getitem__(self, index: int) -> Fit:
        return self.fits[index]

    def __iter__(self) -> Iterator[Fit]:
        return iter(self.fits)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parameters that occur."""
        return tuple(dict.fromkeys(p.name for f in self.fits for p in f.parameters))

    def column(self, name: str) -> Floats:
        """Return the values of one parameter, shape (N,); nan where a fit has none of that name."""
        return np.array([f.values.get(name, NAN) for f in self.fits])

    def stderr(self, name: str) -> Floats:
        """Return the standard errors of one parameter, shape (N,); nan where not known."""
        return np.array([next((p.stderr for p in f.parameters if p.name == name), NAN) for f in self.fits])

    @property
    def chi2_reduced(self) -> Floats:
        """Reduced chi-squares, shape (N,)."""
        return np.array([NAN if f.statistics is None else f.statistics.chi2_reduced for f in self.fits])


def fit_many(
    spectra: Sequence[Spectrum],
    template: str | Path | Template,
    *,
    weights: Weights = "modulus",
    start: Mapping[str, float] | None = None,
    seed: int = 0,
) -> Fits:
    """Fit many independent spectra as one batch.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Of any cells; grids may differ.
    template, weights, seed
        As in `fit`.
    start : mapping of str to float, optional
        Values to start all spectra from, instead of starts found from the data.

    Returns
    -------
    Fits
        One fit per spectrum; one that could not be fitted has ``Outcome.FAILED`` and its reason.

    Raises
    ------
    FitError
        If a start names an unknown parameter or misses one.
    """
    resolved = resolve_template(template, spectra)
    return Fits(tuple(fit_all(spectra, resolved, weights=weights, seed=seed, start=start)))


def fit_all(
    spectra: Sequence[Spectrum],
    template: Template,
    *,
    weights: Weights = "modulus",
    seed: int = 0,
    start: Mapping[str, float] | None = None,
    one_cell: bool = False,
) -> list[Fit]:
    """Fit spectra; those of one cell share the decision which arcs are resistors, and the arcs' identity.

    Parameters
    ----------
    spectra : sequence of Spectrum
        For one cell in the order of the series.
    template : Template
        With its configuration chosen.
    weights, seed, start
        As in `fit_many`.
    one_cell : bool
        Whether they are one cell under changing conditions.
    """
    check_weights(weights)
    results: list[Fit | None] = [None] * len(spectra)
    sound: list[int] = []
    for i, spectrum in enumerate(spectra):
        try:
            pose([spectrum], template, weights)
            sound.append(i)
        except FitError as error:
            results[i] = failed(spectrum, template, str(error))
    if sound:
        good = [spectra[i] for i in sound]
        for model, index in _fitted(good, template, weights, seed, start, one_cell):
            for k, result in zip(index, model.fits([good[k] for k in index], weights), strict=True):
                results[sound[k]] = result
    return [r for r in results if r is not None]


def failed(spectrum: Spectrum, template: Template, reason: str) -> Fit:
    """Return the fit of a spectrum that could not be fitted."""
    empty = frozen_array(np.empty((0, 0)), float)
    return Fit(spectrum, template, (), empty, (), Outcome.FAILED, (reason,), None, "")


@dataclass(frozen=True)
class _Model:
    """One variant of a template, solved for some spectra."""

    problem: Problem
    solution: Solution

    def fits(self, spectra: Sequence[Spectrum], weights: Weights) -> list[Fit]:
        problem = self.problem
        state = simplified(problem, self.solution.x, self.solution.cost)
        rows = contributions(problem, state, [s.conditions for s in spectra])
        residual = problem.residual(state.x, np.arange(problem.size))
        name = weights if isinstance(weights, str) else "given"
        return [
            _report(self, state, i, spectrum, rows[i], residual[i], name)
            for i, spectrum in enumerate(spectra)
        ]


def _fitted(
    spectra: Sequence[Spectrum],
    template: Template,
    weights: Weights,
    seed: int,
    start: Mapping[str, float] | None,
    one_cell: bool,
) -> Iterable[tuple[_Model, list[int]]]:
    """Solve the variants of a template and yield, for each chosen one, its spectra."""
    variants = [template]
    if template.segments[0].role and start is None:
        variants = [template.as_resistors(names) for names in template.fading()]
    problems = [pose(spectra, variant, weights) for variant in variants]
    found = [identified(p, _minima(p, seed, start, one_cell), along_series=one_cell) for p in problems]
    chosen = _best_variant(problems, found, one_cell)
    for v, variant in enumerate(variants):
        index = [int(k) for k in np.flatnonzero(chosen == v)]
        if index:
            problem = problems[v]
            if len(index) < len(spectra):
                problem = pose([spectra[k] for k in index], variant, weights)
            yield _Model(problem, solve(problem, found[v][0][index], np.arange(len(index)))), index


def _minima(problem: Problem, seed: int, start: Mapping[str, float] | None, one_cell: bool) -> Minima:
    n = problem.size
    if start is not None:
        known = ", ".join(problem.names)
        for name in start:
            if name not in problem.names:
                raise FitError(f"start: unknown parameter {name!r}; the parameters are {known}")
        for name in problem.names:
            if name not in start:
                raise FitError(f"start: {name!r} is missing; it needs a value of each of {known}")
        x = np.tile(np.log([start[name] for name in problem.names]), (n, 1))
        found = solve(problem, x, np.arange(n))
        return Minima(found.x[:, None], found.cost[:, None])
    minima = minima_from_data(problem, seed=seed)
    if not one_cell or n < 2:
        return minima
    # each spectrum once more from the best of its neighbours: what one sees, the next may find too
    offsets = [d for k in range(1, NEIGHBOURS // 2 + 1) for d in (-k, k)]
    origin = np.stack([np.clip(np.arange(n) + d, 0, n - 1) for d in offsets], axis=1)
    rows = np.repeat(np.arange(n), len(offsets))
    again = solve(
        problem, minima.x[origin, 0].reshape(rows.size, -1), rows, max_iterations=60, tolerance=SELECTION
    )
    return Minima(
        np.concatenate([minima.x, again.x.reshape(n, len(offsets), -1)], axis=1),
        np.concatenate([minima.cost, again.cost.reshape(n, len(offsets))], axis=1),
    )


def _best_variant(
    problems: Sequence[Problem], found: Sequence[tuple[Floats, Floats]], one_cell: bool
) -> Ints:
    """Return the variant with the lowest Bayesian information criterion, per spectrum or for all at once.

    Source: Schwarz, Ann. Stat. 6 (1978) 461, doi 10.1214/aos/1176344136.
    """
    scores = []
    for problem, (x, cost) in zip(problems, found, strict=True):
        rows = np.arange(problem.size)
        free = np.count_nonzero(~problem.fixed)
        likely = problem.deviance(cost, rows) + problem.implausibility(x, rows)
        scores.append(likely + free * np.log(problem.residuals_used))
    table = np.array(scores)
    if one_cell:
        return np.full(table.shape[1], int(np.argmin(table.sum(axis=1))))
    best: Ints = np.argmin(table, axis=0)
    return best


def _report(
    model: _Model,
    state: Simplified,
    i: int,
    spectrum: Spectrum,
    rows: tuple[Contribution, ...],
    residual: Floats,
    weights: str,
) -> Fit:
    problem = model.problem
    statistics = _statistics(model, state, i, spectrum, residual)
    parameters = _parameters(problem, state, i)
    remarks = []
    outcome = Outcome.GOOD
    if any(p.outcome.startswith("rests") and not p.outcome.endswith("physical limit") for p in parameters):
        outcome = Outcome.AT_BOUND
    if any(row.resolved == "sum only" and row.outcome == Outcome.NOT_SEPARABLE.value for row in rows):
        outcome = Outcome.NOT_SEPARABLE
    if any(row.unexpected for row in rows):
        outcome = Outcome.UNEXPECTED
    if (cause := _misfit(problem, i, spectrum, statistics, residual)) is not None:
        outcome = Outcome.MISFIT
        remarks.append(cause)
    reduced = bool(state.absent[i].any())
    if not (state.at_rest[i] if reduced else model.solution.converged[i]):
        outcome = Outcome.NOT_CONVERGED
    faded = [
        row.name
        for row in rows
        if "arc lies above the window" in row.outcome or len(row.role.split(" + ")) > 1
    ]
    if rows and spectrum.conditions.area_cm2 is None and problem.template.segments[0].role:
        remarks.append("no area_cm2 given: resistances only")
    elif not faded and assumes_geometry(problem.template, spectrum.conditions):
        remarks.append("no thickness_cm given: arcs were told apart by capacitances for 1 cm^-1")
    return Fit(
        spectrum=spectrum,
        template=problem.template,
        parameters=parameters,
        covariance_log=frozen_array(state.confidence.covariance_log[i], float),
        contributions=rows,
        outcome=outcome,
        remarks=tuple(remarks),
        statistics=statistics,
        weights=weights,
    )


def _parameters(problem: Problem, state: Simplified, i: int) -> tuple[FittedParameter, ...]:
    x, confidence = state.x[i], state.confidence
    values = problem.values(x[None])[0]
    sigma = np.sqrt(np.diagonal(confidence.covariance_log[i]))
    found = []
    for k, p in enumerate(problem.template.circuit.parameters):
        value, text = float(values[k]), ""
        if state.absent[i, k]:
            value, text = NAN, "not seen"
        elif problem.fixed[k]:
            text = "fixed"
        elif confidence.on_bound[i, k]:
            high = x[k] >= problem.upper[i, k] - 1e-9
            bound = float(np.exp(problem.upper[i, k] if high else problem.lower[i, k]))
            text = f"rests on its {'upper' if high else 'lower'} bound {bound:.4g}"
            if high and p.quantity.upper == bound:
                text += ", a physical limit"
            if not high and p.quantity.resistance == 1 and p.quantity.time == 0:
                text = "rests at nothing, a physical limit"
        error = float(sigma[k]) if not text else NAN
        found.append(FittedParameter(p.name, p.unit, value, value * error, error, text))
    return tuple(found)


def _statistics(model: _Model, state: Simplified, i: int, spectrum: Spectrum, residual: Floats) -> Statistics:
    problem, confidence = model.problem, state.confidence
    n, k = int(problem.residuals_used[i]), int(confidence.free[i].sum())
    parts, relative = _parts(problem, i, spectrum, residual)
    aic = float(problem.deviance(state.cost[i : i + 1], np.array([i]))[0]) + 2 * k
    return Statistics(
        points=n // 2,
        parameters_free=k,
        chi2_reduced=float(confidence.chi2_reduced[i]),
        rms_percent=100 * float(np.sqrt(np.mean(relative**2))),
        noise_percent=100 * residual_noise(relative),
        runs_p=runs_probability(parts),
        aicc=aic + 2 * k * (k + 1) / (n - k - 1) if n > k + 1 else NAN,
        bic=aic - 2 * k + k * float(np.log(n)),
        condition=float(confidence.condition[i]),
        iterations=int(model.solution.iterations[i]),
    )


def _parts(problem: Problem, i: int, spectrum: Spectrum, residual: Floats) -> tuple[Floats, Floats]:
    """Return used residuals ordered by frequency, (2, n): weighted, and relative to |Z|."""
    length = problem.z_ohm.shape[1]
    used = np.flatnonzero(problem.weight[i, :length] > 0)
    order = used[np.argsort(spectrum.frequency_hz[used], kind="stable")]
    weighted = np.stack([residual[order], residual[length + order]])
    weight = np.stack([problem.weight[i, order], problem.weight[i, length + order]])
    return weighted, weighted / weight / np.abs(problem.z_ohm[i, order])


def _misfit(
    problem: Problem,
    i: int,
    spectrum: Spectrum,
    statistics: Statistics,
    residual: Floats,
) -> str | None:
    """Say where data and model disagree, if they do beyond the noise."""
    _, relative = _parts(problem, i, spectrum, residual)
    systematic = statistics.rms_percent > MISFIT_RATIO * statistics.noise_percent
    few_runs = statistics.runs_p < RUNS_TOO_FEW
    freedom = 2 * statistics.points - statistics.parameters_free
    too_large = problem.absolute and statistics.chi2_reduced > float(chi2_reduced_limit_95(np.array(freedom)))
    noise_free = statistics.rms_percent < 1e-6
    if noise_free or not ((systematic and few_runs) or too_large):
        return None
    f = np.sort(spectrum.frequency_hz[spectrum.used])
    smooth = np.abs(_smoothed(relative[0]) + 1j * _smoothed(relative[1]))
    worst = int(np.argmax(smooth))
    place = worst / max(f.size - 1, 1)
    cause = "another arc, or a spread of time constants that one exponent does not describe"
    if place > 0.85:
        cause = "lead inductance or an instrument limit at the high-frequency end (cut with f_max_hz)"
    elif place < 0.15:
        cause = "drift or diffusion at the low-frequency end (cut with f_min_hz)"
    return (
        f"up to {100 * smooth[worst]:.2g} % of |Z| near {f[worst]:.3g} Hz "
        f"(noise {statistics.noise_percent:.2g} %); likely {cause}"
    )


def _smoothed(values: Floats) -> Floats:
    kernel = np.ones(min(3, values.size)) / min(3, values.size)
    result: Floats = np.convolve(values, kernel, mode="same")
    return result
