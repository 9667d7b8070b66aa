"""The contributions of spectra that were fitted at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from eisfit.assignment.plan import Claim
from eisfit.cell.roles import names_in
from eisfit.circuit.circuit import span
from eisfit.engine.joint import Block, JointProblem
from eisfit.engine.problem import Problem
from eisfit.fitting.joint_circuits import segment_of, unseen
from eisfit.joint.absence import Absence
from eisfit.joint.laws import Scale
from eisfit.joint.names import NamedMinimum, name_of
from eisfit.joint.report import covariance_of_spectra
from eisfit.reporting.at_once import AtOnce, joint_contributions
from eisfit.results.contribution import Contribution
from eisfit.results.fit import Fit
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.frozen import Floats


def joint_rows(
    joint: JointProblem,
    named: NamedMinimum,
    absence: Absence,
    scale: Scale,
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
    scale : Scale
        How errors are scaled.
    apart : collection of str
        Segments that are known from elsewhere.
    conditions : sequence of Conditions
        Of all spectra.
    """
    found: dict[int, tuple[Contribution, ...]] = {}
    solution = named.minimum.solution
    covariances = covariance_of_spectra(joint, named.minimum, scale)
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
            variance=block.variance * scale.factor**2,
            absent=_absent(block, absence),
            trials=absence.trials[k],
            claims=claims,
            apart=frozenset(apart),
            converged=solution.converged,
        )
        rows = joint_contributions(own, [conditions[row] for row in block.rows])
        if block.extents:
            common = solution.state.common
            more = solution.whole_covariance_log[k] - solution.covariance_log[k]
            whole = replace(
                own,
                problem=_with_found_lengths(block, common),
                x=block.unextended(own.x, common),
                covariance_log=own.covariance_log + more * scale.factor**2,
            )
            of_whole = joint_contributions(whole, [conditions[row] for row in block.rows])
            rows = [_with_specific(*pair) for pair in zip(rows, of_whole, strict=True)]
        found |= dict(zip(block.rows.tolist(), rows, strict=True))
    return tuple(found[row] for row in sorted(found))


def _absent(block: Block, absence: Absence) -> np.ndarray:
    return np.array([s.segment.name in absence.segments for s in block.problem.template.path])


def _with_found_lengths(block: Block, common: Floats) -> Problem:
    """Return the problem of a block that sees the parts of layers between where its probes were found to stand."""
    template = block.problem.template
    counts = dict(template.configuration.segments)
    for extent in block.extents:
        columns = {column for column, _ in extent.columns}
        for s in template.path:
            own = span(s.node)
            if not columns.isdisjoint(range(own.start, own.stop)):
                counts[s.segment.name] *= float(np.exp(extent.log_ratio(common)[0]))
    configuration = replace(template.configuration, segments=tuple(counts.items()))
    seen = replace(template, configurations=(configuration,), chosen=configuration.name)
    return replace(block.problem, template=seen, circuit=seen.circuit)


def _with_specific(
    rows: Sequence[Contribution], of_whole: Sequence[Contribution]
) -> tuple[Contribution, ...]:
    """Return rows with the parts of layers, conductivities and capacitances that others have."""
    known = {c.name: c for c in of_whole}
    return tuple(
        replace(
            c,
            count=known[c.name].count,
            conductivity_s_cm=known[c.name].conductivity_s_cm,
            conductivity_stderr_s_cm=known[c.name].conductivity_stderr_s_cm,
            capacitance_f=known[c.name].capacitance_f,
            capacitance_stderr_f=known[c.name].capacitance_stderr_f,
        )
        if c.name in known
        else c
        for c in rows
    )


def with_rows_alone(
    rows: Sequence[tuple[Contribution, ...]], fits: Sequence[Fit], linked: Sequence[Sequence[str]]
) -> tuple[tuple[Contribution, ...], ...]:
    """Return rows in which arcs that follow no link, and that a spectrum by itself does not show, are as it has them.

    Parameters
    ----------
    rows : sequence of tuple of Contribution
        Of a joint fit, by spectrum.
    fits : sequence of Fit
        Of the same spectra, each by itself.
    linked : sequence of (sequence of str)
        The names of the links of each spectrum.
    """
    return tuple(_alone(row, fit, names) for row, fit, names in zip(rows, fits, linked, strict=True))


def _alone(row: tuple[Contribution, ...], fit: Fit, linked: Sequence[str]) -> tuple[Contribution, ...]:
    seen = (fit.template.asked or fit.template).configuration
    gone = (
        set() if seen.pair else set(unseen(fit, linked))
    )  # what one pair of probes does not show, others do
    if not gone:
        return row
    group = set(gone)
    for c in fit.contributions:
        parts = set(names_in(c.name))
        group |= parts if parts & gone else set()
    group -= {segment_of(name) for name in linked}
    order = [s.segment.name for s in fit.template.path]
    found = [c for c in row if not set(names_in(c.name)) <= group]
    found += [c for c in fit.contributions if set(names_in(c.name)) <= group]
    return tuple(sorted(found, key=lambda c: _place(names_in(c.name), order)))


def _place(parts: Sequence[str], order: Sequence[str]) -> float:
    """Return where a row stands: in the order of the path, a sum behind its parts."""
    places = [order.index(name) for name in parts if name in order]
    return max(places, default=len(order)) + 0.5 * (len(parts) > 1)
