"""Which fitted circuits are one curve within the window, so that they are ways of writing one function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from eisfit.suggestion.mixed import Fitted, Target
from eisfit.suggestion.search import MET
from eisfit.suggestion.structure import Structure
from eisfit.tools.frozen import Complexes

APART = 4.0  # chi-square between two curves, from which on the data could tell them apart


def same_curves(
    ranked: Sequence[Structure],
    allowed: Sequence[Structure],
    fits: Mapping[Structure, Sequence[Fitted]],
    targets: Sequence[Target],
) -> dict[Structure, Structure]:
    r"""Return, for each circuit that has the curve of an earlier one in the set, that one.

    Parameters
    ----------
    ranked, allowed : sequence of Structure
        Circuits, the best first, and those of the set.
    fits : mapping of Structure to sequence of Fitted
        The values of each for each spectrum.
    targets : sequence of Target
        The spectra.

    Notes
    -----
    Two curves are one where :math:`\sum |Z_1 - Z_2|^2 / (\sigma |Z|)^2 < 4` over all spectra, with the noise
    :math:`\sigma` that the first of all circuits leaves: were one of them exactly true, the expected gain of twice the
    log-likelihood over the other would be less than 4, the difference from which on a circuit leaves the set.
    """
    curves = {s: _weighed(fits[s], fits[ranked[0]], targets) for s in ranked}
    members: list[Structure] = []
    written: dict[Structure, Structure] = {}
    for structure in [*allowed, *(s for s in ranked if s not in allowed)]:
        mine = curves[structure]
        same = next((m for m in members if float(np.sum(np.abs(mine - curves[m]) ** 2)) < APART), None)
        if same is not None:
            written[structure] = same
        elif structure in allowed:
            members.append(structure)
    return written


def _weighed(own: Sequence[Fitted], best: Sequence[Fitted], targets: Sequence[Target]) -> Complexes:
    """Return the curves of a circuit over the noise, all spectra in a row."""
    found = []
    for fitted, first, target in zip(own, best, targets, strict=True):
        free = max(target.size - first.structure.parameters, 1)
        noise = np.sqrt(max(first.misfit / free, MET))
        found.append(fitted.impedance(target.s) / (noise * target.modulus))
    return np.concatenate(found)
