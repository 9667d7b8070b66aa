"""The contributions of spectra that were fitted at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from eisfit.assignment.plan import Claim
from eisfit.engine.joint import Block, JointProblem
from eisfit.joint.absence import Absence
from eisfit.joint.names import NamedMinimum, name_of
from eisfit.joint.report import covariance_of_spectra
from eisfit.reporting.at_once import AtOnce, joint_contributions
from eisfit.results.contribution import Contribution
from eisfit.spectrum.conditions import Conditions


def joint_rows(
    joint: JointProblem,
    named: NamedMinimum,
    absence: Absence,
    ratio: float,
    apart: Collection[str],
    conditions: Sequence[Conditions],
) -> tuple[tuple[Contribution, ...], ...]:
    """Return the contributions of each spectrum of a joint fit, by the rules of the reporting table.

    Parameters
    ----------
    joint : JointProblem
        Blocks of N spectra.
    named : NamedMinimum
        Where it ended.
    absence : Absence
        What all spectra together do not support.
    ratio : float
        By which all errors are multiplied.
    apart : collection of str
        Segments that are known from elsewhere.
    conditions : sequence of Conditions
        Of all spectra.
    """
    found: dict[int, tuple[Contribution, ...]] = {}
    solution = named.minimum.solution
    covariances = covariance_of_spectra(joint, named.minimum, ratio)
    claims = {
        name: Claim(name_of(named, name), False, named.odds, tuple(rivals))
        for name, rivals in named.rivals.items()
    }
    for k, block in enumerate(joint.blocks):
        ties, linked = block.problem.ties, block.linked | block.shared
        own = AtOnce(
            problem=block.problem,
            x=solution.state.x[k],
            covariance_log=covariances[k],
            linked=linked if ties is None else linked[ties.master],
            variance=block.variance * ratio**2,
            absent=_absent(block, absence),
            trials=absence.trials[k],
            claims=claims,
            apart=frozenset(apart),
            converged=solution.converged,
        )
        rows = joint_contributions(own, [conditions[row] for row in block.rows])
        found |= dict(zip(block.rows.tolist(), rows, strict=True))
    return tuple(found[row] for row in sorted(found))


def _absent(block: Block, absence: Absence) -> np.ndarray:
    return np.array([s.segment.name in absence.segments for s in block.problem.template.path])
