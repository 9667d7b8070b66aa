"""Ties as arrays: which logarithm follows which, and what that does to derivatives, bounds and held parameters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from eisfit.cell.templates import Template
from eisfit.cell.ties import parse_tie
from eisfit.tools.frozen import Bools, Floats, Ints


@dataclass(frozen=True)
class Ties:
    """Of P parameters, those that follow others: ``ln p = ln p[master] + shift``.

    Parameters
    ----------
    master : ndarray of int, shape (P,)
        Which parameter each follows, one that is not tied; its own place where it is not tied itself.
    shift : ndarray, shape (P,)
        Logarithm of the factor; 0 where it is not tied.
    """

    master: Ints
    shift: Floats

    @cached_property
    def tied(self) -> Bools:
        """Which parameters follow another one, shape (P,)."""
        return np.asarray(self.master != np.arange(self.master.size))

    @cached_property
    def places(self) -> Ints:
        """The tied parameters."""
        return np.flatnonzero(self.tied)

    @cached_property
    def masters(self) -> Bools:
        """Which parameters others follow, shape (P,)."""
        return np.asarray(np.isin(np.arange(self.master.size), self.master[self.places]))

    def followed(self, x: Floats) -> Floats:
        """Return logarithms (..., P) in which what is tied follows."""
        out = x.copy()
        out[..., self.places] = x[..., self.master[self.places]] + self.shift[self.places]
        return out

    def gather(self, slopes: Floats) -> None:
        """Add the derivatives (batch, P, F) by tied parameters to those by what they follow, in place."""
        for k in self.places:
            slopes[:, self.master[k]] += slopes[:, k]
            slopes[:, k] = 0

    def standing(self, held: Bools) -> Bools:
        """Return which of some held parameters (..., P) stand still: those that nothing follows that is not held."""
        out = held.copy()
        for k in self.places:
            out[..., self.master[k]] &= held[..., k]
        return out

    def group(self, k: int) -> Ints:
        """Return all parameters that move with one of them."""
        return np.flatnonzero(self.master == self.master[k])

    def narrowed(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        """Return bounds (N, P) within which all that is tied together keeps its own."""
        lower, upper = lower.copy(), upper.copy()
        for k in self.places:
            m = self.master[k]
            lower[:, m] = np.maximum(lower[:, m], lower[:, k] - self.shift[k])
            upper[:, m] = np.minimum(upper[:, m], upper[:, k] - self.shift[k])
        return self.followed(lower), self.followed(upper)

    def averaged(self, x: Floats) -> Floats:
        """Return logarithms (..., P) on the ties that are nearest to some that are not."""
        out = x.copy()
        for m in np.flatnonzero(self.masters):
            members = self.group(int(m))
            out[..., m] = np.mean(x[..., members] - self.shift[members], axis=-1)
        return self.followed(out)

    def recovered(self, x: Floats, known: Bools) -> Floats:
        """Return logarithms (P,) in which what others follow is known where one of those is."""
        out = x.copy()
        for k in self.places:
            if known[k] and not known[self.master[k]]:
                out[self.master[k]] = x[k] - self.shift[k]
        return self.followed(out)


def ties_of(template: Template) -> Ties | None:
    """Return the ties between the parameters of a template's circuit; None where there are none."""
    names = template.circuit.names
    settings = template.effective_settings
    master, shift = np.arange(len(names)), np.zeros(len(names))
    for k, name in enumerate(names):
        setting = settings.get(name)
        if setting is not None and setting.tie is not None:
            tie = parse_tie(setting.tie)
            master[k], shift[k] = names.index(tie.name), np.log(tie.factor)
    ties = Ties(master, shift)
    return ties if ties.places.size else None
