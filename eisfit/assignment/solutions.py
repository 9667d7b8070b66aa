"""All solutions that are compared: every number of arcs, on the bench of the series, with and without a resistor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eisfit.assignment.bench import on_bench
from eisfit.assignment.skeleton import Skeleton
from eisfit.assignment.structures import Structure, scored, structures_of
from eisfit.assignment.together import solved_together
from eisfit.options import Weights
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.progress import Told, untold


def solutions_of(
    skeleton: Skeleton,
    spectra: Sequence[Spectrum],
    weights: Weights,
    *,
    seed: int,
    along_series: bool,
    told: Told = untold,
) -> list[Structure]:
    """Return the solutions of N spectra among which an assignment chooses.

    Parameters
    ----------
    skeleton, spectra, weights, seed, along_series
        As in `structures_of`.
    told : callable
        Called with what is done, how much of it is done, and how much there is.
    """
    found = structures_of(skeleton, spectra, weights, seed=seed, along_series=along_series, told=told)
    told("what the leads add", 0, 0)
    found = on_bench(skeleton, found, spectra, weights, one=along_series)
    if skeleton.resistors:
        return found
    bare = _without_resistor([s for s in found if s.arcs])
    if not skeleton.may_have_resistor:
        return bare
    return bare + found


def _without_resistor(structures: Sequence[Structure]) -> list[Structure]:
    """Return structures whose resistor is held at nothing."""
    starts, still = [], []
    for s in structures:
        held, x = s.held.copy(), s.x.copy()
        held[s.resistor] = True
        x[:, s.resistor] = s.problem.lower[:, s.resistor]
        starts.append(x)
        still.append(held)
    found = []
    done = solved_together(structures, starts, still)
    for s, held, (x, cost) in zip(structures, still, done, strict=True):
        before = scored(s.problem, s.x, s.cost, s.held).score
        price = np.where(np.isfinite(s.score), s.score - before, np.inf)
        new = scored(s.problem, x, cost, held)
        kept = {name: getattr(s, name) for name in ("lead_h", "stray_f", "stray_sigma_f")}
        found.append(replace(new, score=new.score + price, **kept))
    return found
