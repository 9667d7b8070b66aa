"""Starting values by exchange: replace one term at a time by the best of a dictionary of terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.circuit.circuit import Node, evaluate, leaves, span
from eisfit.search.amplitudes import adding, of_unit_length, raised_from_zero, solved_amplitudes
from eisfit.search.draws import Draws
from eisfit.search.terms import scaling_of, term_kind
from eisfit.tools.frozen import Complexes, Floats, Ints


@dataclass(frozen=True)
class _Block:
    """The atoms of all terms of one kind.

    Parameters
    ----------
    node : Placed, InSeries or InParallel
        The first term of the kind.
    x : ndarray, shape (A, P)
        Logarithms of the parameters, of which those of the node count.
    first : int
        Number of the first atom.
    """

    node: Node
    x: Floats
    first: int

    @property
    def size(self) -> int:
        """Number of atoms."""
        return int(self.x.shape[0])


@dataclass(frozen=True)
class _View:
    """The atoms at the frequencies and weights of one spectrum.

    Parameters
    ----------
    basis : ndarray, shape (A, 2 F)
        Weighted impedances of length 1.
    norm : ndarray, shape (A,)
        Their lengths before.
    target : ndarray, shape (2 F,)
        Weighted data.
    """

    basis: Floats
    norm: Floats
    target: Floats


class TermDictionary:
    """Atoms: terms with drawn time constants and exponents, whose amplitudes are solved for.

    The normal matrix of all atoms is computed once per spectrum; the cost of any choice of atoms follows from it
    alone.

    Parameters
    ----------
    draws : Draws
        Problem, terms, seed and settings.
    """

    def __init__(self, draws: Draws) -> None:
        self.draws, self.settings = draws, draws.settings
        self.counts = np.array([count for _, count in draws.terms])
        kinds = [self._kind(node) for node, _ in draws.terms]
        first = [kinds.index(kind) for kind in kinds]
        self.block_of = [sorted(set(first)).index(t) for t in first]
        self.slots = [t for t, (node, _) in enumerate(draws.terms) if self._size(node) > 1]
        # whether all terms to place are of one kind, and which of all terms have many free parameters
        self.alike = len({self.block_of[t] for t in self.slots}) == 1
        self.intricate = [t for t, (node, _) in enumerate(draws.terms) if self._form(node) > 2]
        self._atoms: dict[tuple[float, float], tuple[_Block, ...]] = {}
        self._impedance: dict[tuple[float, float], Complexes] = {}
        self._views: dict[int, _View] = {}

    def _kind(self, node: Node) -> tuple[str, ...]:
        """Return a key that two terms share if they differ in their labels only."""
        settings = self.draws.problem.template.effective_settings
        names = self.draws.problem.names[span(node)]
        return (term_kind(node), *(str(settings.get(name)) for name in names))

    def _form(self, node: Node) -> int:
        """Return how many free parameters a term has beside its amplitude; with a set resistance it has none."""
        part, problem = span(node), self.draws.problem
        quantities = [p.quantity for p in problem.template.circuit.parameters[part]]
        resistances = np.array([q.resistance == 1 and q.time == 0 for q in quantities])
        fixed = problem.fixed[part]
        no_amplitude = (fixed & resistances).any() or not all(
            any(scaling_of(k, problem.fixed)) for k in leaves(node)
        )
        return int(np.count_nonzero(~fixed)) - (0 if no_amplitude else 1)

    def _size(self, node: Node) -> int:
        """Return the number of atoms of a term."""
        form, sizes = self._form(node), (1, self.settings.line, self.settings.plane, self.settings.space)
        return sizes[min(max(form, 0), 3)]

    def _blocks(self, i: int) -> tuple[_Block, ...]:
        """Return the atoms for the window of a spectrum, one block for each kind of term."""
        window = float(self.draws.low_hz[i]), float(self.draws.high_hz[i])
        if window not in self._atoms:
            found: list[_Block] = []
            for b in range(max(self.block_of) + 1):
                t = self.block_of.index(b)
                node = self.draws.terms[t][0]
                first = found[-1].first + found[-1].size if found else 0
                found.append(_Block(node, self.draws.far(i, t, self._size(node)), first))
            self._atoms[window] = tuple(found)
        return self._atoms[window]

    def _impedances(self, i: int) -> Complexes:
        """Return the impedances of the atoms at the frequencies of a spectrum, (A, F)."""
        problem = self.draws.problem
        window = float(self.draws.low_hz[i]), float(self.draws.high_hz[i])
        one_grid = problem.s.omega.ndim == 1
        if one_grid and window in self._impedance:
            return self._impedance[window]
        s, width = problem.s.rows(np.array([i])), problem.data.length
        parts = [evaluate(block.node, s, np.exp(block.x)) for block in self._blocks(i)]
        z = np.concatenate([np.broadcast_to(part, (part.shape[0], width)) for part in parts])
        if one_grid:
            self._impedance[window] = z
        return z

    def _view(self, i: int) -> _View:
        if i not in self._views:
            self._views[i] = self._viewed(i)
        return self._views[i]

    def _viewed(self, i: int) -> _View:
        problem = self.draws.problem
        basis, norm = of_unit_length(problem.data.weighted(self._impedances(i), problem.weight[i : i + 1]))
        return _View(basis, norm, problem.data.weighted(problem.z_ohm[i], problem.weight[i]))

    def starts(self, i: int) -> tuple[Floats, Floats]:
        """Return starts (K, P) of spectrum i: of sets bettered by exchange, the best first, and of loose ones."""
        rng, settings = np.random.default_rng((self.draws.seed, 5)), self.settings
        keep, sets = settings.bettered, settings.sets
        kinds = self._blocks(i)
        blocks = [kinds[b] for b in self.block_of]
        drawn = np.stack([b.first + rng.integers(0, b.size, sets + settings.loose) for b in blocks], axis=1)
        view = self._view(i)
        gram, right = view.basis @ view.basis.T, view.basis @ view.target
        chosen, cost = self._bettered(blocks, drawn[:sets], gram, right)
        chosen = _apart(chosen[np.argsort(cost, kind="stable")], gram, keep, settings.apart)
        if chosen.shape[0] < keep and self.slots:
            varied = self._varied(blocks, chosen[0], view, gram, right)
            chosen = np.concatenate([chosen, varied])[:keep]
        bettered = chosen.shape[0]
        if self.slots:
            chosen = np.concatenate([chosen, drawn[sets:]])
        a = solved_amplitudes(gram[chosen[:, :, None], chosen[:, None, :]], right[chosen])
        x = np.zeros((chosen.shape[0], len(self.draws.problem.names)))
        for t, block in enumerate(blocks):
            part = span(self.draws.terms[t][0])
            x[:, part] = block.x[chosen[:, t] - block.first, span(block.node)]
        x = self._scaled(i, x, np.log(raised_from_zero(a) / view.norm[chosen] / self.counts))
        return x[:bettered], x[bettered:]

    def _varied(
        self, blocks: Sequence[_Block], chosen: Ints, view: _View, gram: Floats, right: Floats
    ) -> Ints:
        """Return the set with one atom replaced by the next best ones that are unlike it, (M, T)."""
        found = []
        for t in self.slots:
            block, others = blocks[t], np.delete(chosen, t)
            atoms = slice(block.first, block.first + block.size)
            left, _, _ = adding(
                gram[others[:, None], others][None],
                gram[others][None, :, atoms],
                right[others][None],
                right[atoms],
            )
            order = np.argsort(left[0], kind="stable")
            keep = 1 + self.settings.bettered // len(self.slots)
            places = np.array(_unlike(order, view.basis[atoms], keep, self.settings.alike)[1:], int)
            row = np.tile(chosen, (places.size, 1))
            row[:, t] = block.first + places
            found.append(row)
        return np.concatenate(found)

    def _scaled(self, i: int, x: Floats, log_amplitude: Floats) -> Floats:
        return self.draws.within(i, x + log_amplitude @ self.draws.scaling)

    def _bettered(
        self, blocks: Sequence[_Block], chosen: Ints, gram: Floats, right: Floats
    ) -> tuple[Ints, Floats]:
        """Return all sets (M, T) that exchanges lead through, and their costs."""
        chosen = chosen.copy()
        passed: list[Ints] = []
        costs: list[Floats] = []
        for _ in range(self.settings.sweeps):
            cost = np.zeros(chosen.shape[0])
            for t in self.slots:
                block = blocks[t]
                atoms = slice(block.first, block.first + block.size)
                others = chosen[:, [k for k in range(chosen.shape[1]) if k != t]]
                left, _, _ = adding(
                    gram[others[:, :, None], others[:, None, :]],
                    gram[:, atoms][others],
                    right[others],
                    right[atoms],
                )
                best = np.argmin(left, axis=1)
                chosen[:, t] = block.first + best
                cost = left[np.arange(best.size), best]
            chosen, index = distinct_rows(self._ordered(chosen))
            passed.append(chosen.copy())
            costs.append(cost[index])
            if len(passed) > 1 and np.array_equal(chosen, passed[-2]):
                break
        distinct, index = distinct_rows(np.concatenate(passed))
        return distinct, np.concatenate(costs)[index]

    def _ordered(self, chosen: Ints) -> Ints:
        """Return sets with the atoms of like terms in order, so that equal sets are equal."""
        out = chosen.copy()
        for b in set(self.block_of):
            same = [t for t, own in enumerate(self.block_of) if own == b]
            out[:, same] = np.sort(chosen[:, same], axis=1)
        return out

    def insertions(self, i: int, t: int, x: Floats, keep: int) -> Floats:
        """Return starts (K, P) for spectrum i with term t of x (P,) placed where it leaves least of the data.

        Parameters
        ----------
        i, t : int
            Number of the spectrum and of the term.
        x : ndarray, shape (P,)
            Logarithms of the parameters; those of term t do not count.
        keep : int
            Number of places, unlike each other.
        """
        problem, terms = self.draws.problem, self.draws.terms
        s, values, view = problem.s.rows(np.array([i])), np.exp(x)[None], self._view(i)
        others = [k for k in range(len(terms)) if k != t]
        z = np.concatenate([evaluate(terms[k][0], s, values) * self.counts[k] for k in others])
        own, norm = of_unit_length(problem.data.weighted(z, problem.weight[i : i + 1]))
        block = self._blocks(i)[self.block_of[t]]
        atoms = view.basis[block.first : block.first + block.size]
        g_oo, g_oj = own @ own.T, own @ atoms.T
        b_o, b_j = own @ view.target, atoms @ view.target
        cost, a_o, a_j = adding(g_oo[None], g_oj[None], b_o[None], b_j)
        places = _unlike(np.argsort(cost[0], kind="stable"), atoms, keep, self.settings.alike)
        found = np.tile(x, (len(places), 1))
        found[:, span(terms[t][0])] = block.x[places][:, span(block.node)]
        amplitude = np.insert(a_o[0][:, places].T, t, a_j[0, places], axis=1)
        lengths = np.tile(np.insert(norm, t, 1.0), (len(places), 1))
        lengths[:, t] = view.norm[block.first + np.array(places)] * self.counts[t]
        return self._scaled(i, found, np.log(raised_from_zero(amplitude) / lengths))


def _apart(chosen: Ints, gram: Floats, keep: int, apart: float) -> Ints:
    """Return the first sets (M, T) of those given that differ in an atom from each before them."""
    found: list[int] = []
    for m in range(chosen.shape[0]):
        if np.all(gram[chosen[found], chosen[m]].min(axis=1) < apart):
            found.append(m)
        if len(found) == keep:
            break
    return chosen[found]


def distinct_rows(chosen: Ints) -> tuple[Ints, Ints]:
    """Return the rows of an array that differ, in lexical order, and where each stands first."""
    order = np.lexsort(chosen.T[::-1])
    rows = chosen[order]
    new = np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)])
    return rows[new], order[new]


def _unlike(order: Ints, atoms: Floats, keep: int, alike: float) -> list[int]:
    """Return the first atoms of an order that are unlike those before them, by the cosine `alike`."""
    found: list[int] = []
    left = np.ones(order.size, bool)
    for j in order.tolist():
        if left[j]:
            found.append(j)
            if len(found) == keep:
                break
            left &= atoms @ atoms[j] < alike
    return found
