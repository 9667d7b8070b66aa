"""A joint problem: spectra with one circuit as blocks, common coordinates, and what is measured at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from eisfit.circuit.arc import is_resistor
from eisfit.engine.at_once import AtOnce, Extent, Family
from eisfit.engine.following import Following
from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Block:
    """N spectra with one circuit, of which some parameters follow common coordinates.

    Parameters
    ----------
    problem : Problem
        The spectra, each with all its parameters.
    following : tuple of Following
        The parameters that follow.
    places : tuple of slice
        Where the coordinates of each of them stand among the common ones.
    variance : ndarray, shape (N,)
        By which the sum of squares of each spectrum is divided: what its noise is in units of its weights.
    error : ndarray, shape (N,)
        Standard error of each temperature in kelvin; 0 where it is exact.
    rows : ndarray of int, shape (N,)
        Place of each spectrum in the series.
    extents : tuple of Extent
        Layers of which the spectra see a part, whose length is not known exactly.
    at_once : AtOnce or None
        How they share parameters with spectra of other blocks that were measured at once; None if they do not.
    """

    problem: Problem
    following: tuple[Following, ...]
    places: tuple[slice, ...]
    variance: Floats
    error: Floats
    rows: Ints
    extents: tuple[Extent, ...] = ()
    at_once: AtOnce | None = None

    @cached_property
    def linked(self) -> Bools:
        """Which parameters follow, shape (P,)."""
        found = np.zeros(len(self.problem.names), bool)
        found[[f.column for f in self.following]] = True
        return found

    def first(self, name: str) -> tuple[Following, slice]:
        """Return what follows a link, and where its coordinates stand; StopIteration where nothing does."""
        return next((f, at) for f, at in zip(self.following, self.places, strict=True) if f.link.name == name)

    def placed(self, x: Floats, common: Floats, shift: Floats) -> tuple[Floats, Floats, Floats]:
        """Return where a state puts the logarithms.

        Parameters
        ----------
        x : ndarray, shape (N, P)
            Logarithms; those that follow are replaced.
        common : ndarray, shape (G,)
            Common coordinates.
        shift : ndarray, shape (N,)
            Of the temperatures, in kelvin.

        Returns
        -------
        x : ndarray, shape (N, P)
            The logarithms; those that follow stay within their bounds, for layers of their stated lengths.
        to_common : ndarray, shape (N, P, G)
            Their derivatives by the common coordinates.
        to_own : ndarray, shape (N, P, P + 1)
            By the parameters of each spectrum, and by its temperature.
        """
        x = x.copy()
        n, size = x.shape
        to_common, to_own = np.zeros((n, size, common.size)), np.zeros((n, size, size + 1))
        to_own[:, np.arange(size), np.arange(size)] = ~self.linked
        pairs = sorted(zip(self.following, self.places, strict=True), key=lambda p: p[0].beside is not None)
        for f, at in pairs:
            condition = f.at + shift if f.over_temperature else f.at
            x[:, f.column], to_common[:, f.column, at], rate = f.log_values(common[at], condition)
            x[:, f.column] += f.offset
            to_own[:, f.column, size] = rate if f.over_temperature else 0.0
            if f.geometry is not None:
                x[:, f.column] += f.geometry[1] * common[f.geometry[0]]
                to_common[:, f.column, f.geometry[0]] += f.geometry[1]
            if f.beside is not None:
                x[:, f.column] += x[:, f.beside]
                to_common[:, f.column] += to_common[:, f.beside]
                to_own[:, f.column] += to_own[:, f.beside]
            low, high = self.problem.lower[:, f.column], self.problem.upper[:, f.column]
            x[:, f.column] = np.clip(x[:, f.column], low, high)  # the derivatives lead back
        for extent in self.extents:
            ratio, slopes = extent.log_ratio(common)
            for column, power in extent.columns:
                x[:, column] += power * ratio
                for k, slope in slopes:
                    to_common[:, column, k] += power * slope
        return x, to_common, to_own

    def extents_at(self, place: Mapping[int, int] | Ints) -> tuple[Extent, ...]:
        """Return the extents with common coordinates that have moved to other places."""
        moved = []
        for extent in self.extents:
            low, high = (None if k is None else int(place[k]) for k in extent.coordinates)
            moved.append(replace(extent, coordinates=(low, high)))
        return tuple(moved)

    @cached_property
    def shared(self) -> Bools:
        """Which parameters spectra of other blocks, measured at once, may have too, shape (P,)."""
        if self.at_once is None:
            return np.zeros(len(self.problem.names), bool)
        return self.at_once.shared[self.at_once.slots[:-1]]

    @property
    def set_of(self) -> Ints:
        """Number of the spectra that were measured at once with each (N,); its row where it was measured by itself."""
        return self.rows if self.at_once is None else self.at_once.first[self.at_once.group]

    def unextended(self, x: Floats, common: Floats) -> Floats:
        """Return logarithms (N, P) as if all layers had their stated lengths."""
        out = x.copy()
        for extent in self.extents:
            for column, power in extent.columns:
                out[:, column] -= power * extent.log_ratio(common)[0]
        return out

    def unextended_slopes(self, to_common: Floats, common: Floats) -> Floats:
        """Return how logarithms move with the common coordinates (N, P, G) of layers of their stated lengths."""
        out = to_common.copy()
        for extent in self.extents:
            for k, slope in extent.log_ratio(common)[1]:
                for column, power in extent.columns:
                    out[:, column, k] -= power * slope
        return out


@dataclass(frozen=True, eq=False)
class JointProblem:
    """Blocks of spectra that follow the same common coordinates.

    Parameters
    ----------
    blocks : tuple of Block
        The spectra.
    prior : ndarray, shape (2, G)
        Known coordinates and their standard errors; inf where nothing is known.
    correlation : ndarray, shape (G, G), optional
        Of the errors of known coordinates; none are correlated if not given.
    """

    blocks: tuple[Block, ...]
    prior: Floats
    correlation: Floats | None = None

    @property
    def size(self) -> int:
        """Number of common coordinates G."""
        return int(self.prior.shape[1])

    @property
    def spectra(self) -> int:
        """Number of spectra in all blocks."""
        return sum(block.problem.size for block in self.blocks)

    @cached_property
    def prior_covariance(self) -> Floats:
        """Covariance of what is known of the common coordinates (G, G); of those that are not, 0."""
        error = np.where(self.known, self.prior[1], 0.0)
        return np.outer(error, error) * (np.eye(self.size) if self.correlation is None else self.correlation)

    @cached_property
    def precision(self) -> Floats:
        """Inverse of that covariance; of what is not known, 0."""
        found, known = np.zeros((self.size, self.size)), np.ix_(self.known, self.known)
        if self.known.any():
            error = self.prior[1][self.known]
            scale = np.outer(error, error)
            found[known] = np.linalg.inv(self.prior_covariance[known] / scale) / scale
        return found

    @property
    def known(self) -> Bools:
        """Which common coordinates something is known of from elsewhere (G,)."""
        return np.asarray(np.isfinite(self.prior[1]))

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """The blocks, those whose spectra were measured at once together."""
        found: dict[object, list[int]] = {}
        for k, block in enumerate(self.blocks):
            found.setdefault((k,) if block.at_once is None else block.at_once.family, []).append(k)
        return tuple(Family.of(members, [self.blocks[k] for k in members]) for members in found.values())

    def prior_cost(self, own: Sequence[Floats], common: Floats) -> float:
        """Return half the chi-square of the temperatures and of the known coordinates.

        Parameters
        ----------
        own : sequence of ndarray, each of shape (G, U)
            Own parameters of each family.
        common : ndarray, shape (G,)
            The common coordinates.
        """
        off = common - self.prior[0]
        cost = 0.5 * off @ self.precision @ off
        for family, values in zip(self.families, own, strict=True):
            known = family.error > 0
            moved = values[known, family.shift_place] / family.error[known]
            cost += 0.5 * moved @ moved
        return float(cost)

    def saved(self) -> int:
        """Return how many parameters all links save, and what is shared among spectra that were measured at once.

        Resistors in series of one spectrum are one parameter of it by itself.
        """
        count = -sum(self._unknown(at) for at in self._places.values())
        for family in self.families:
            own = family.variable.copy()
            own[:, family.shift_place] = False
            count -= int(own.sum())
            for block in family.blocks:
                there = int(np.count_nonzero(~block.problem.fixed | block.linked))
                if block.at_once is not None:
                    resistors = sum(is_resistor(s.node) for s in block.problem.template.path)
                    there -= max(resistors - 1, 0)
                count += block.problem.size * there
        return count

    @cached_property
    def _places(self) -> dict[str, slice]:
        """Where the coordinates of each link stand."""
        pairs = [pair for b in self.blocks for pair in zip(b.following, b.places, strict=True)]
        return {f.link.name: at for f, at in pairs}

    def _unknown(self, at: slice) -> int:
        """Return how many coordinates are parameters only, and no measured values besides."""
        return int(np.count_nonzero(~self.known[at]))

    def freed(self, name: str) -> int:
        """Return how many parameters take the place of one link where it is left out, less those of the link."""
        count = -self._unknown(self._places[name])
        for family in self.families:
            groups = [
                group
                for block, (group, _) in zip(family.blocks, family.places, strict=True)
                if any(f.link.name == name for f in block.following)
            ]
            count += np.unique(np.concatenate(groups)).size if groups else 0
        return count

    def started(self, x: Sequence[Floats], weight: Sequence[Floats]) -> State:
        """Return the state that meets logarithms (N, P) of each block best, each weighted (N, P)."""
        common = self.prior[0].copy()
        found: dict[tuple[int, int], list[tuple[Following, Floats, Floats]]] = {}
        for block, own, w in zip(self.blocks, x, weight, strict=True):
            for f, at in zip(block.following, block.places, strict=True):
                value = own[:, f.column] - (0.0 if f.beside is None else own[:, f.beside]) - f.offset
                found.setdefault((at.start, at.stop), []).append((f, value, w[:, f.column]))
        for (start, stop), parts in found.items():
            conditions = np.concatenate([f.at for f, _, _ in parts])
            values = np.concatenate([value for _, value, _ in parts])
            weights = np.concatenate([w for _, _, w in parts])
            if np.any(weights > 0):
                common[start:stop] = replace(parts[0][0], at=conditions).fitted(values, weights)
        shift = [np.zeros(own.shape[0]) for own in x]
        return State(self._agreed(x, weight, shift), common, tuple(shift))

    def _agreed(
        self, x: Sequence[Floats], weight: Sequence[Floats], shift: Sequence[Floats]
    ) -> tuple[Floats, ...]:
        """Return logarithms (N, P) of each block in which shared parameters have one value, the weighted mean."""
        found = list(x)
        for family in self.families:
            if len(family.members) > 1:
                parts = [[of[k] for k in family.members] for of in (x, shift, weight)]
                own = family.gathered(*parts)
                for place, k in enumerate(family.members):
                    found[k] = family.spread(own, place)[0]
        return tuple(found)


@dataclass(frozen=True, eq=False)
class State:
    """Where a joint fit is.

    Parameters
    ----------
    x : tuple of ndarray, each of shape (N, P)
        Logarithms of the parameters of each block; those that follow are the values of their laws in a solution.
    common : ndarray, shape (G,)
        The common coordinates.
    shift : tuple of ndarray, each of shape (N,)
        By how much each temperature differs from the stated one, in kelvin.
    """

    x: tuple[Floats, ...]
    common: Floats
    shift: tuple[Floats, ...]
