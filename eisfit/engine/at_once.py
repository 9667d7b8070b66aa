"""Spectra that were measured at once: parameters that they share, and layers of which each sees a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from eisfit.tools.frozen import Bools, Floats, Ints

if TYPE_CHECKING:
    from eisfit.engine.joint_problem import Block


@dataclass(frozen=True, eq=False)
class AtOnce:
    """How the spectra of a block share parameters with those of other blocks.

    Parameters
    ----------
    family : int
        The blocks of equal numbers share.
    group : ndarray of int, shape (N,)
        Which spectra were measured at once, from 0; no two of one block.
    slots : ndarray of int, shape (P + 1,)
        Where each parameter of a spectrum, and the shift of its temperature, stands among all U of its group.
    first : ndarray of int, shape (G,)
        Place in the series of the first spectrum of each group.
    shared : ndarray of bool, shape (U,)
        Which of the U may belong to several spectra.
    """

    family: int
    group: Ints
    slots: Ints
    first: Ints
    shared: Bools


@dataclass(frozen=True)
class Extent:
    """A layer that a block sees between two places which are not known exactly.

    Parameters
    ----------
    columns : tuple of (int, float)
        Parameters of the layer, and by which power of its length each grows.
    ends_cm : (float, float)
        Where its ends are stated to be.
    coordinates : (int or None, int or None)
        Common coordinates that are these places in cm; None where a place is exact.
    """

    columns: tuple[tuple[int, float], ...]
    ends_cm: tuple[float, float]
    coordinates: tuple[int | None, int | None]

    def log_ratio(self, common: Floats) -> tuple[float, list[tuple[int, float]]]:
        """Return ln of the length by the stated one, and its derivatives by common coordinates.

        It is nan where the ends have changed places.
        """
        low, high = (
            end if k is None else float(common[k])
            for end, k in zip(self.ends_cm, self.coordinates, strict=True)
        )
        if not high > low:
            return float("nan"), []
        pairs = zip(self.coordinates, (-1.0, 1.0), strict=True)
        slopes = [(k, sign / (high - low)) for k, sign in pairs if k is not None]
        return float(np.log((high - low) / (self.ends_cm[1] - self.ends_cm[0]))), slopes


@dataclass(frozen=True, eq=False)
class Family:
    """Blocks whose spectra share parameters, or one block by itself.

    The own parameters of G groups of spectra are arrays (G, U): all parameters of the blocks, and the shift of the
    temperature. A block by itself has one spectrum in each group.

    Parameters
    ----------
    members : tuple of int
        Places of the blocks in the problem.
    blocks : tuple of Block
        They.
    places : tuple of (ndarray, ndarray)
        Group of each spectrum (N,), and place of each parameter and of the shift (P + 1,), of each block.
    """

    members: tuple[int, ...]
    blocks: tuple[Block, ...]
    places: tuple[tuple[Ints, Ints], ...]

    @classmethod
    def of(cls, members: Sequence[int], blocks: Sequence[Block]) -> Family:
        """Return the family of some blocks."""
        own = [
            (np.arange(b.problem.size), np.arange(len(b.problem.names) + 1))
            if b.at_once is None
            else (b.at_once.group, b.at_once.slots)
            for b in blocks
        ]
        return cls(tuple(members), tuple(blocks), tuple(own))

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Number of groups and of own parameters: (G, U)."""
        return (
            1 + max(int(group.max()) for group, _ in self.places),
            1 + max(int(slots.max()) for _, slots in self.places),
        )

    @cached_property
    def error(self) -> Floats:
        """Standard error of the temperature of each group in kelvin (G,); 0 where it is exact."""
        found = np.zeros(self.shape[0])
        for block, (group, _) in zip(self.blocks, self.places, strict=True):
            found[group] = np.maximum(found[group], block.error)
        return found

    @cached_property
    def shift_place(self) -> int:
        """Where the shift of the temperature stands."""
        return int(self.places[0][1][-1])

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Bounds of the own parameters (G, U), those of all blocks that have them."""
        low, high = np.full(self.shape, np.inf), np.full(self.shape, -np.inf)
        for block, (group, slots) in zip(self.blocks, self.places, strict=True):
            at = np.ix_(group, slots[:-1])
            low[at] = np.minimum(low[at], block.problem.lower)
            high[at] = np.maximum(high[at], block.problem.upper)
        unbounded = low > high
        return np.where(unbounded, -np.inf, low), np.where(unbounded, np.inf, high)

    @cached_property
    def variable(self) -> Bools:
        """Which own parameters are sought (G, U): those of a spectrum that follow nothing and are not fixed."""
        found = np.zeros(self.shape, bool)
        for block, (group, slots) in zip(self.blocks, self.places, strict=True):
            found[np.ix_(group, slots[:-1])] |= ~(block.linked | block.problem.fixed)
        found[:, self.shift_place] = self.error > 0
        return found

    def gathered(
        self, x: Sequence[Floats], shift: Sequence[Floats], weight: Sequence[Floats] | None = None
    ) -> Floats:
        """Return own parameters (G, U) from those of each spectrum.

        Parameters
        ----------
        x : sequence of ndarray, each of shape (N, P)
            Logarithms, as if all layers had their stated lengths.
        shift : sequence of ndarray, each of shape (N,)
            Of the temperatures.
        weight : sequence of ndarray, each of shape (N, P), optional
            How much the value of each spectrum counts.
        """
        total, count = np.zeros(self.shape), np.zeros(self.shape)
        plain, number = np.zeros(self.shape), np.zeros(self.shape)
        for k, (group, slots) in enumerate(self.places):
            own = np.concatenate([x[k], shift[k][:, None]], axis=1)
            w = np.ones_like(own)
            if weight is not None:
                w[:, :-1] = weight[k]
            at = np.ix_(group, slots)
            total[at], count[at] = total[at] + w * own, count[at] + w
            plain[at], number[at] = plain[at] + own, number[at] + 1
        with np.errstate(invalid="ignore"):
            found = np.where(count > 0, total / count, plain / number)
        return np.where(number > 0, found, 0.0)

    def spread(self, own: Floats, k: int) -> tuple[Floats, Floats]:
        """Return the logarithms (N, P) and the shifts (N,) of the spectra of block k of the family."""
        group, slots = self.places[k]
        found = own[np.ix_(group, slots)]
        return found[:, :-1], found[:, -1]
