"""Starting values from the data: draw time constants, solve amplitudes linearly, keep the best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.cell.segments import Setting
from eisfit.circuit.arc import Arc, arc_of
from eisfit.circuit.circuit import Node, Placed, evaluate, leaves
from eisfit.engine.problem import Problem
from eisfit.search.amplitudes import non_negative, raised_from_zero
from eisfit.search.settings import DEFAULT, SearchSettings
from eisfit.search.terms import scaling, term_kind, terms_of
from eisfit.tools.frozen import Floats, Ints


class Draws:
    """Drawn parameters of a problem, ranked by their cost after a linear fit of the amplitudes.

    Parameters
    ----------
    problem : Problem
        N spectra and one circuit.
    seed : int
        Of the draws; they depend on the spectrum alone, not on its companions in a batch.
    settings : SearchSettings
        How many draws, and how far they reach.
    """

    def __init__(self, problem: Problem, *, seed: int = 0, settings: SearchSettings = DEFAULT) -> None:
        self.problem, self.seed, self.settings = problem, seed, settings
        self.terms = terms_of(problem.template)
        self.scaling = scaling(problem.template, self.terms, problem.fixed)
        self.low_hz, self.high_hz = problem.window_hz()
        self.constrained = _constrained_arcs(problem, self.terms)

    def drawn(self, i: int) -> Floats:
        """Return draws for spectrum i, as logarithms (candidates, P); terms have about 1 ohm."""
        rng, count = np.random.default_rng((self.seed, 0)), self.settings.candidates
        x = _drawn(self.problem, self.terms, self._log_t(i, self.settings.reach), count, rng)
        _draw_by_capacitance(self.problem, i, x[: count // 2], rng)
        return x

    def far(self, i: int, t: int, count: int) -> Floats:
        """Return draws of term t for spectrum i that reach farther out, as logarithms (count, P)."""
        rng, settings = np.random.default_rng((self.seed, t, count)), self.settings
        log_t = self._log_t(i, settings.reach_of_dictionary)
        return _drawn(self.problem, self.terms[t : t + 1], log_t, count, rng, ideal=settings.ideal)

    def _log_t(self, i: int, beyond: float) -> tuple[float, float]:
        fastest, slowest = (-np.log(2 * np.pi * hz[i]) for hz in (self.high_hz, self.low_hz))
        return float(fastest - beyond), float(slowest + beyond)

    def within(self, i: int, x: Floats) -> Floats:
        """Return starts (M, P) for spectrum i within the bounds and on the ties; arcs keep their time constants."""
        lower, upper, ties = self.problem.lower[i], self.problem.upper[i], self.problem.ties
        inside = np.clip(x, lower, upper)
        if ties is not None:
            inside = np.clip(ties.averaged(inside), lower, upper)
        for arc in self.constrained:
            inside = np.clip(arc.with_log_tau(inside, arc.log_tau(x)), lower, upper)
        return self.problem.followed(inside)

    def best(self, i: int, x: Floats) -> Floats:
        """Return the most promising of some sets of parameters (M, P) after their amplitudes are solved for."""
        problem, row = self.problem, np.array([i])
        scaled = self.within(i, x + _amplitudes(problem, self.terms, x, row) @ self.scaling)
        each = np.repeat(row, x.shape[0])
        cost = 0.5 * np.sum(problem.residual(scaled, each) ** 2, axis=1)
        score = problem.deviance(cost, each) + problem.capacitance_penalty(scaled, each)
        return np.asarray(scaled[np.argsort(score, kind="stable")[: self.settings.ranked]])


def _constrained_arcs(problem: Problem, terms: Sequence[tuple[Node, float]]) -> list[Arc]:
    """Return the arcs with fixed or tied parameters whose time constant can be chosen nevertheless."""
    no_variable = problem.fixed if problem.ties is None else problem.fixed | problem.ties.masters
    arcs = [arc for node, _ in terms if (arc := arc_of(node)) is not None]
    return [arc for arc in arcs if no_variable[list(arc.columns)].any() and not problem.fixed[arc.storage]]


def _drawn(
    problem: Problem,
    terms: Sequence[tuple[Node, float]],
    log_t: tuple[float, float],
    candidates: int,
    rng: np.random.Generator,
    *,
    ideal: float = 0.0,
) -> Floats:
    """Draw parameters of terms with an impedance of the order of 1 ohm, as logarithms (candidates, P)."""
    x = np.zeros((candidates, len(problem.names)))
    alike: dict[str, list[int]] = {}
    times: list[Floats] = []
    for k, (node, _) in enumerate(terms):
        alike.setdefault(term_kind(node), []).append(k)
        times.append(_stratified(*log_t, candidates, rng))
    # equal terms: the faster first, as the segments of a cell are listed
    for group in alike.values():
        ordered = np.sort([times[k] for k in group], axis=0)
        for k, values in zip(group, ordered, strict=True):
            times[k] = values
    for (node, _), t in zip(terms, times, strict=True):
        for number, leaf in enumerate(leaves(node)):
            relative = 0.0 if number < 2 else rng.uniform(-2.3, 2.3, candidates)
            own_t = t if number < 2 else _stratified(*log_t, candidates, rng)
            _draw_leaf(problem, leaf, relative, own_t, x, rng, ideal)
    return x


def _draw_by_capacitance(problem: Problem, i: int, x: Floats, rng: np.random.Generator) -> None:
    """Replace time constants by R C with C from its expected range and R up to the largest |Z|, in place."""
    largest = np.log(np.abs(problem.z_ohm[i]).max())
    for expected in problem.expected:
        log_c = _stratified(float(expected.low[i]), float(expected.high[i]), x.shape[0], rng)
        log_r = largest - _stratified(0.0, np.log(1e3), x.shape[0], rng)
        if not problem.fixed[expected.arc.storage]:
            x[...] = expected.arc.with_log_tau(x, log_c + log_r)


def _draw_leaf(
    problem: Problem,
    leaf: Placed,
    log_r: Floats | float,
    log_t: Floats,
    x: Floats,
    rng: np.random.Generator,
    ideal: float,
) -> None:
    exponents: dict[str, Floats] = {}
    for j, quantity in enumerate(leaf.element.quantities, leaf.first):
        if quantity.dimensionless:
            usual = np.log(quantity.usual)
            high = min(problem.upper[:, j].min(), max(problem.lower[:, j].max(), usual[1]))
            low = min(high, max(problem.lower[:, j].max(), usual[0]))
            if quantity.is_exponent:
                width = (np.exp(high) - np.exp(low)) / (1 - ideal)
                drawn = _stratified(np.exp(low), np.exp(low) + width, x.shape[0], rng)
                x[:, j] = np.minimum(np.log(drawn), high)
                exponents[quantity.name] = np.exp(x[:, j])
            else:
                x[:, j] = _stratified(low, high, x.shape[0], rng)
    resistances = 0
    for j, quantity in enumerate(leaf.element.quantities, leaf.first):
        if quantity.resistance == 1 and quantity.time == 0:
            resistances += 1
            if resistances > 1:  # equal ones would be a saddle where they can change places
                x[:, j] = log_r + rng.uniform(-2.3, 2.3, x.shape[0])
                continue
        if not quantity.dimensionless:
            power = exponents[quantity.time] if isinstance(quantity.time, str) else quantity.time
            x[:, j] = np.log(quantity.size) + quantity.resistance * log_r + power * log_t
    for j, p in enumerate(
        problem.template.circuit.parameters[leaf.first : leaf.first + leaf.size], leaf.first
    ):
        setting = problem.template.effective_settings.get(p.name, Setting())
        given = setting.fixed if setting.fixed is not None else setting.start
        if given is not None:
            x[:, j] = np.log(given)


def _stratified(low: float, high: float, n: int, rng: np.random.Generator) -> Floats:
    """Draw n numbers, one from each of n equal strata, in random order."""
    return np.asarray(low + (high - low) * (rng.permutation(n) + rng.random(n)) / n)


def _amplitudes(problem: Problem, terms: Sequence[tuple[Node, float]], unit: Floats, row: Ints) -> Floats:
    """Return the logarithms of the best non-negative amplitudes of the terms, (candidates, T)."""
    s, z, weight = problem.s.rows(row), problem.z_ohm[row], problem.weight[row]
    basis = np.stack(
        [problem.data.weighted(count * evaluate(node, s, np.exp(unit)), weight) for node, count in terms],
        axis=1,
    )
    target = problem.data.weighted(z, weight)[0]
    norm = np.sqrt(np.einsum("ctf,ctf->ct", basis, basis))
    norm = np.where(norm > 0, norm, 1.0)
    basis /= norm[:, :, None]
    result: Floats = np.log(
        raised_from_zero(non_negative(basis @ basis.transpose(0, 2, 1), basis @ target)) / norm
    )
    return result
