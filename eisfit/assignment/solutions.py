"""All solutions that are compared: every number of arcs, on the bench of the series, with and without a resistor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eisfit.assignment.bench import on_bench
from eisfit.assignment.skeleton import Skeleton
from eisfit.assignment.structures import Structure, scored, structures_of
from eisfit.engine.solver import solve
from eisfit.options import Weights
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.progress import Told, untold

_ITERATIONS, _TOLERANCE = 60, 1e-7


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
    found = on_bench(skeleton, found, spectra, weights, one=along_series)
    if skeleton.resistors:
        return found
    bare = [_without_resistor(s) for s in found if s.arcs]
    if not skeleton.may_have_resistor:
        return bare
    return bare + found


def _without_resistor(structure: Structure) -> Structure:
    """Return a structure whose resistor is held at nothing."""
    problem, held, x = structure.problem, structure.held.copy(), structure.x.copy()
    held[structure.resistor] = True
    x[:, structure.resistor] = problem.lower[:, structure.resistor]
    done = solve(
        problem,
        x,
        np.arange(problem.size),
        held=np.broadcast_to(held, x.shape),
        max_iterations=_ITERATIONS,
        tolerance=_TOLERANCE,
    )
    before = scored(problem, structure.x, structure.cost, structure.held).score
    price = np.where(np.isfinite(structure.score), structure.score - before, np.inf)
    new = scored(problem, done.x, done.cost, held)
    kept = {name: getattr(structure, name) for name in ("lead_h", "stray_f", "stray_sigma_f")}
    return replace(new, score=new.score + price, **kept)
