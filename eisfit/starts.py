"""Starting values from the data: drawn time constants, amplitudes solved linearly, the best kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.circuit import Leaf, Node, Series, evaluate, leaves
from eisfit.problem import Problem
from eisfit.solve import solve
from eisfit.templates import Setting, Template
from eisfit.values import Floats, Ints

CANDIDATES = 384
SELECTION = 1e-6  # relative gain at which a start has shown what it is worth
ROUNDS = ((18, 6), (8, 20), (4, 200))  # (rows kept per spectrum, iterations) of each round
_BEYOND_WINDOW = np.log(30.0)  # drawn time constants reach this far outside the window, as a logarithm
_FAINT = 1e-3  # an amplitude that the linear solution sets to zero starts at this fraction of the largest
_SWEEPS = 80  # of the non-negative least-squares iteration


@dataclass(frozen=True)
class Minima:
    """Several minima per spectrum, the most likely first.

    Parameters
    ----------
    x : ndarray, shape (N, K, P)
        Logarithms of the parameters.
    cost : ndarray, shape (N, K)
        Half the sum of squares.
    """

    x: Floats
    cost: Floats


def minima_from_data(problem: Problem, *, candidates: int = CANDIDATES, seed: int = 0) -> Minima:
    """Find the best minima of every spectrum of a problem without being given a start.

    Parameters
    ----------
    problem : Problem
        N spectra and one circuit.
    candidates : int
        Number of drawn starts that are ranked.
    seed : int
        Of the draw; the same seed gives the same result.
    """
    starts = ranked_starts(problem, ROUNDS[0][0], candidates=candidates, seed=seed)
    n, _, size = starts.shape
    for (_, iterations), keep in zip(ROUNDS, [k for k, _ in ROUNDS[1:]] + [ROUNDS[-1][0]], strict=True):
        k = starts.shape[1]
        rows = np.repeat(np.arange(n), k)
        found = solve(problem, starts.reshape(-1, size), rows, max_iterations=iterations, tolerance=SELECTION)
        score = (problem.deviance(found.cost, rows) + problem.implausibility(found.x, rows)).reshape(n, k)
        order = np.argsort(score, axis=1, kind="stable")[:, :keep]
        starts = np.take_along_axis(found.x.reshape(n, k, size), order[:, :, None], axis=1)
        cost = np.take_along_axis(found.cost.reshape(n, k), order, axis=1)
    return Minima(starts, cost)


def ranked_starts(problem: Problem, keep: int, *, candidates: int = CANDIDATES, seed: int = 0) -> Floats:
    """Return the most promising starts of each spectrum, best first.

    Parameters
    ----------
    problem : Problem
        N spectra and one circuit.
    keep : int
        Number of starts wanted per spectrum.
    candidates, seed : int
        As in `minima_from_data`.

    Returns
    -------
    ndarray, shape (N, keep, P)
        Logarithms within the bounds.
    """
    n = problem.size
    rng = np.random.default_rng(seed)
    terms = _terms(problem.template)
    low_hz, high_hz = problem.window_hz()
    log_t = (
        -np.log(2 * np.pi * high_hz.max()) - _BEYOND_WINDOW,
        -np.log(2 * np.pi * low_hz.min()) + _BEYOND_WINDOW,
    )
    unit = _drawn(problem, terms, log_t, candidates, rng)
    _draw_by_capacitance(problem, unit[: candidates // 2], rng)
    best = np.empty((n, keep, unit.shape[1]))
    for i in range(n):
        row = np.array([i])
        scaled = unit + _amplitudes(problem, terms, unit, row) @ _scaling(problem.template, terms)
        x = np.clip(scaled, problem.lower[i], problem.upper[i])
        each = np.repeat(row, candidates)
        cost = 0.5 * np.sum(problem.residual(x, each) ** 2, axis=1)
        score = problem.deviance(cost, each) + problem.implausibility(x, each)
        best[i] = x[np.argsort(score, kind="stable")[:keep]]
    return best


def _terms(template: Template) -> list[tuple[Node, float]]:
    """Return the parts in series, each with its count; their impedances add up linearly."""
    found: list[tuple[Node, float]] = []
    for seen in template.seen:
        parts = seen.node.parts if isinstance(seen.node, Series) else (seen.node,)
        found += [(part, float(seen.count)) for part in parts]
    return found


def _scaling(template: Template, terms: Sequence[tuple[Node, float]]) -> Floats:
    """Return how the logarithm of a term's impedance enters the logarithms of the parameters, (T, P)."""
    matrix = np.zeros((len(terms), len(template.circuit.parameters)))
    for k, (node, _) in enumerate(terms):
        for leaf in leaves(node):
            for j, quantity in enumerate(leaf.element.quantities, leaf.first):
                matrix[k, j] = quantity.resistance
    return matrix


def _drawn(
    problem: Problem,
    terms: Sequence[tuple[Node, float]],
    log_t: tuple[float, float],
    candidates: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw parameters of terms with an impedance of the order of 1 ohm, as logarithms (candidates, P)."""
    x = np.zeros((candidates, len(problem.names)))
    alike: dict[str, list[int]] = {}
    times: list[Floats] = []
    for k, (node, _) in enumerate(terms):
        alike.setdefault(_shape(node), []).append(k)
        times.append(_stratified(*log_t, candidates, rng))
    for group in alike.values():  # equal terms: the faster first, as the segments of a cell are listed
        ordered = np.sort([times[k] for k in group], axis=0)
        for k, values in zip(group, ordered, strict=True):
            times[k] = values
    for (node, _), t in zip(terms, times, strict=True):
        for number, leaf in enumerate(leaves(node)):
            relative = 0.0 if number < 2 else rng.uniform(-2.3, 2.3, candidates)
            own_t = t if number < 2 else _stratified(*log_t, candidates, rng)
            _draw_leaf(problem, leaf, relative, own_t, x, rng)
    return x


def _draw_by_capacitance(problem: Problem, x: Floats, rng: np.random.Generator) -> None:
    """Replace time constants by R C with C from the soft range and R up to the largest |Z|, in place."""
    largest = np.log(np.abs(problem.z_ohm).max())
    for arc in problem.soft:
        log_c = _stratified(float(arc.low.min()), float(arc.high.max()), x.shape[0], rng)
        log_r = largest - _stratified(0.0, np.log(1e3), x.shape[0], rng)
        if not problem.fixed[arc.tau]:
            x[:, arc.tau] = log_c + log_r


def _draw_leaf(
    problem: Problem,
    leaf: Leaf,
    log_r: Floats | float,
    log_t: Floats,
    x: Floats,
    rng: np.random.Generator,
) -> None:
    exponents: dict[str, Floats] = {}
    for j, quantity in enumerate(leaf.element.quantities, leaf.first):
        if quantity.dimensionless:
            usual = np.log(quantity.usual)
            high = min(problem.upper[:, j].min(), max(problem.lower[:, j].max(), usual[1]))
            low = min(high, max(problem.lower[:, j].max(), usual[0]))
            if quantity.is_exponent:
                x[:, j] = np.log(_stratified(np.exp(low), np.exp(high), x.shape[0], rng))
                exponents[quantity.name] = np.exp(x[:, j])
            else:
                x[:, j] = _stratified(low, high, x.shape[0], rng)
    for j, quantity in enumerate(leaf.element.quantities, leaf.first):
        if not quantity.dimensionless:
            power = exponents[quantity.time] if isinstance(quantity.time, str) else quantity.time
            x[:, j] = quantity.resistance * log_r + power * log_t
    for j, p in enumerate(
        problem.template.circuit.parameters[leaf.first : leaf.first + leaf.size], leaf.first
    ):
        setting = problem.template.settings.get(p.name, Setting())
        given = setting.fixed if setting.fixed is not None else setting.start
        if given is not None:
            x[:, j] = np.log(given)


def _stratified(low: float, high: float, n: int, rng: np.random.Generator) -> Floats:
    """Draw n numbers, one from each of n equal strata, in random order."""
    return np.asarray(low + (high - low) * (rng.permutation(n) + rng.random(n)) / n)


def _shape(node: Node) -> str:
    if isinstance(node, Leaf):
        return node.element.name if node.wall is None else f"{node.element.name}({_shape(node.wall)})"
    inner = ",".join(_shape(part) for part in node.parts)
    return f"{type(node).__name__}({inner})"


def _amplitudes(problem: Problem, terms: Sequence[tuple[Node, float]], unit: Floats, row: Ints) -> Floats:
    """Return the logarithms of the best non-negative amplitudes of the terms, (candidates, T)."""
    s, z, weight = problem.s.rows(row), problem.z_ohm[row], problem.weight[row]
    basis = np.stack(
        [problem._weighted(count * evaluate(node, s, np.exp(unit)), weight) for node, count in terms], axis=1
    )
    target = problem._weighted(z, weight)[0]
    norm = np.sqrt(np.einsum("ctf,ctf->ct", basis, basis))
    norm = np.where(norm > 0, norm, 1.0)
    basis /= norm[:, :, None]
    amplitude = non_negative(basis @ basis.transpose(0, 2, 1), basis @ target)
    floor = _FAINT * np.maximum(amplitude.max(axis=1, keepdims=True), 1e-300)
    result: Floats = np.log(np.maximum(amplitude, floor) / norm)
    return result


def non_negative(gram: Floats, right: Floats) -> Floats:
    """Solve many small non-negative least-squares problems by coordinate descent.

    Parameters
    ----------
    gram : ndarray, shape (M, T, T)
        Normal matrices with unit diagonal.
    right : ndarray, shape (M, T)
        Right-hand sides.

    Returns
    -------
    ndarray, shape (M, T)
        Coefficients, none below 0.
    """
    a = np.maximum(right, 0.0) / right.shape[1]
    for _ in range(_SWEEPS):
        for t in range(right.shape[1]):
            rest = right[:, t] - np.einsum("mt,mt->m", gram[:, t], a) + a[:, t]
            a[:, t] = np.maximum(rest, 0.0)
    return np.asarray(a)
