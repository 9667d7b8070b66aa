"""What may be said of a joint fit: laws, shared values, what each link costs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eisfit.engine.following import Following
from eisfit.engine.joint import Block, JointProblem
from eisfit.joint.cost_of_links import cost_of_link, first_place, seen_in_order
from eisfit.joint.cost_of_pairs import costs_of_pairs
from eisfit.joint.exchanges import named_arcs
from eisfit.joint.laws import Scale, law_of_link
from eisfit.joint.minimum import JointMinimum, coordinates_like, other_links, rise_of, spectra_like
from eisfit.joint.names import NamedMinimum
from eisfit.joint.scatter import scatter_sentence
from eisfit.laws.arrhenius import ARRHENIUS
from eisfit.laws.law_fit import LawFit, LawValue
from eisfit.results.common import Common, CommonLink
from eisfit.results.contribution import FittedParameter
from eisfit.results.joint import Joint
from eisfit.results.outcome import NAN
from eisfit.results.series import Series
from eisfit.tools.frozen import Floats, frozen_array
from eisfit.tools.rounding import of_tests

_EQUAL = 2.0  # standard errors within which two energies are equal


def joint_of(
    joint: JointProblem,
    named: NamedMinimum,
    series: Series,
    labels: Sequence[str],
    independent: Sequence[tuple[Floats, Floats]],
    remarks: Sequence[str],
    scale: Scale,
) -> Joint:
    """Return the result of a joint fit.

    Parameters
    ----------
    joint : JointProblem
        Blocks of N spectra.
    named : NamedMinimum
        Where it ended.
    series : Series
        The independent fits of the first cell.
    labels : sequence of str
        Of all spectra, those of complements last.
    independent : sequence of (ndarray, ndarray), each of shape (N, P)
        Logarithms of the parameters there, and their standard errors; nan where there is none.
    remarks : sequence of str
        What was said before.
    scale : Scale
        As `scale_of` gives it.

    Notes
    -----
    Where all links together cost more than chance allows, the covariance is multiplied by the reduced chi-square of
    the links, or holds what unknown errors of temperatures do, and intervals are Student's, by the rule for lines
    through points. Minima that the data allow as well add
    their distances, weighted by their likelihood.
    """
    solution = named.minimum.solution
    covariance = _covariance(joint, named.minimum, scale)
    laws, shared = [], []
    for name in seen_in_order(joint):
        k, f, at = first_place(joint, name)
        if f.link.law is None:
            common = solution.state.common[at]
            shared.append(_shared(joint.blocks[k], f, common, covariance[at, at], scale.quantile))
        else:
            laws.append(
                law_of_link(joint, named, series, independent, (k, name), (covariance[at, at], scale))
            )
    tests = tuple(cost_of_link(joint, named.minimum, name, labels) for name in seen_in_order(joint))
    tests = (*tests, *costs_of_pairs(joint, named.minimum, labels))
    refused = {t.parameter: t.sentence for t in tests if t.rejected}
    named_laws = [name for name in seen_in_order(joint) if first_place(joint, name)[1].link.law is not None]
    laws = [_without_values(law, refused.get(name, "")) for law, name in zip(laws, named_laws, strict=True)]
    shifts = np.zeros((2, joint.spectra))
    for k, block in enumerate(joint.blocks):
        shifts[:, block.rows] = solution.state.shift[k], solution.shift_stderr[k]
    return Joint(
        series.condition,
        tuple(labels),
        tuple(laws),
        tuple(shared),
        _parameters(joint, named, scale),
        frozen_array(shifts[0], float),
        frozen_array(shifts[1], float),
        tests,
        scale.chi2_reduced,
        scale.ratio,
        named.odds,
        (*remarks, *_remarks(joint, named, scale)),
        common=_common(joint, solution.state.common, covariance),
    )


def _common(joint: JointProblem, coordinates: Floats, covariance: Floats) -> Common:
    """Return the coordinates of all links with their covariance."""
    links: list[CommonLink] = []
    places: list[int] = []
    for name in seen_in_order(joint):
        _, f, at = first_place(joint, name)
        law = "" if f.link.law is None else f.link.law.name
        links.append(CommonLink(name, law, f.link.ordinate, f.centre, f.size))
        places += range(at.start, at.stop)
    found = np.array(places, np.int64)
    return Common(
        tuple(links),
        frozen_array(coordinates[found], float),
        frozen_array(covariance[np.ix_(found, found)], float),
    )


def _without_values(law: LawFit, sentence: str) -> LawFit:
    """Return a law without values at reference temperatures where the data contradict it."""
    if not sentence:
        return law
    nothing = tuple(replace(r, value=NAN, stderr=NAN) for r in law.references)
    return replace(law, references=nothing, remarks=(*law.remarks, sentence))


def _covariance(joint: JointProblem, minimum: JointMinimum, scale: Scale) -> Floats:
    """Return the covariance of the common coordinates."""
    found = minimum.solution.common_covariance * scale.factor**2 + _between(joint, minimum)
    return found if scale.temperature is None else found + scale.temperature.common


def _between(joint: JointProblem, minimum: JointMinimum) -> Floats:
    """Return what minima that the data allow as well add to the covariance: their distances, by their likelihood."""
    best, total = minimum.solution, 1.0
    found = np.zeros((joint.size, joint.size))
    for other in minimum.others:
        weight = float(np.exp(-0.5 * rise_of(joint, best, other)))
        off = coordinates_like(joint, best, other) - best.state.common
        found += weight * np.outer(off, off)
        total += weight
    return found / total


def covariance_of_spectra(
    joint: JointProblem, minimum: JointMinimum, scale: Scale | None = None
) -> list[Floats]:
    """Return the covariance (N, P, P) of the logarithms in each block.

    Parameters
    ----------
    joint : JointProblem
        Blocks of N spectra.
    minimum : JointMinimum
        Where it ended; minima that the data allow as well add their distances, weighted by their likelihood.
    scale : Scale, optional
        How errors are scaled.
    """
    best = minimum.solution
    found = list(best.covariance_log)
    if scale is not None:
        found = [own * scale.factor**2 for own in found]
    if scale is not None and scale.temperature is not None:
        found = [own + more for own, more in zip(found, scale.temperature.log, strict=True)]
    weights = [float(np.exp(-0.5 * rise_of(joint, best, other))) for other in minimum.others]
    for weight, other in zip(weights, minimum.others, strict=True):
        like = spectra_like(joint, best, other)
        for k, (there, here) in enumerate(zip(like, best.state.x, strict=True)):
            off = np.where(np.diagonal(found[k], axis1=1, axis2=2) > 0, there - here, 0.0)
            found[k] = found[k] + weight / (1 + sum(weights)) * off[:, :, None] * off[:, None, :]
    return found


def _remarks(joint: JointProblem, named: NamedMinimum, scale: Scale) -> list[str]:
    """Return what is questionable about a joint fit, in sentences."""
    said = []
    if sentence := scatter_sentence(scale):
        said.append(sentence)
    if named.minimum.others:
        said.append(_other_minima(joint, named.minimum))
    said += _undecided(named)
    said += _equal_energies(joint, named)
    if not named.minimum.solution.converged:
        said.append("the joint fit did not converge: values and errors are not to be trusted")
    return said


def _undecided(named: NamedMinimum) -> list[str]:
    if not named.rivals:
        return []
    names = " or ".join(named.rivals)
    return [
        f"which arc is {names} is not decided (odds {of_tests(named.odds)}:1): give assign, known values of one of "
        "them, or a complementary cell"
    ]


def _equal_energies(joint: JointProblem, named: NamedMinimum) -> list[str]:
    """Name arcs that temperature does not tell apart: their energies are equal, and nothing else of them is linked."""
    common, covariance = named.minimum.solution.state.common, named.minimum.solution.common_covariance
    found: dict[tuple[str, str], None] = {}
    for block in joint.blocks:
        arcs = list(named_arcs(block.problem).values())
        laws = [
            (f, at)
            for f, at in zip(block.following, block.places, strict=True)
            if f.link.law is not None and f.link.law.name == ARRHENIUS
        ]
        free = {a.resistance for a in arcs if not block.linked[a.storage]}
        for (one, at), (other, there) in itertools.combinations(laws, 2):
            if {one.column, other.column} <= free and one.geometry is None and other.geometry is None:
                a, b = at.start + 1, there.start + 1
                variance = covariance[a, a] + covariance[b, b] - 2 * covariance[a, b]
                if abs(common[a] - common[b]) < _EQUAL * float(np.sqrt(max(variance, 0.0))):
                    found[one.link.name, other.link.name] = None
    return [
        f"{one} and {other} have equal energies within their errors: their laws do not tell them apart; share or know "
        "the capacitance of one, or add a complementary cell"
        for one, other in found
    ]


def _other_minima(joint: JointProblem, minimum: JointMinimum) -> str:
    """Return what the other minima say of the links."""
    best = minimum.solution
    links = {name for other in minimum.others for name in other_links(joint, best, other)}
    names = [name for name in seen_in_order(joint) if name in links]
    rise = min(2 * (s.cost - best.cost) for s in minimum.others)
    return (
        f"another minimum fits as well (chi-square {of_tests(max(rise, 0.0))} higher) with other values of "
        f"{', '.join(names)}, whose errors cover both; share a capacitance or an exponent, or add a "
        "complementary measurement"
    )


def _shared(block: Block, f: Following, common: Floats, covariance: Floats, quantile: float) -> LawValue:
    """Return what has one value in all spectra."""
    level, error = float(common[0]), float(np.sqrt(covariance[0, 0]))
    if f.beside is None and np.isscalar(f.offset):  # within the bounds of the parameter
        low, high = block.problem.lower[:, f.column], block.problem.upper[:, f.column]
        level = float(np.clip(level, low.max(), high.min()))
    value = float(np.exp(level))
    unit = "F" if f.beside is not None else block.problem.template.circuit.parameters[f.column].unit
    ends = (float(np.exp(level - quantile * error)), float(np.exp(level + quantile * error)))
    return LawValue(f.link.name, value, value * error, ends, "" if unit == "1" else unit)


def _parameters(
    joint: JointProblem, named: NamedMinimum, scale: Scale
) -> tuple[tuple[FittedParameter, ...], ...]:
    """Return the parameters of each spectrum in the order of the series."""
    found: dict[int, tuple[FittedParameter, ...]] = {}
    solution = named.minimum.solution
    covariances = covariance_of_spectra(joint, named.minimum, scale)
    for block, x, covariance in zip(joint.blocks, solution.state.x, covariances, strict=True):
        problem = block.problem
        values = problem.values(x)
        error = np.sqrt(np.maximum(np.diagonal(covariance, axis1=1, axis2=2), 0.0))
        own = ~(block.linked | problem.fixed)
        rests = np.where(
            x <= problem.lower, "lower bound", np.where(x >= problem.upper, "upper bound", "free")
        )
        for i, row in enumerate(block.rows.tolist()):
            made = []
            for k, p in enumerate(problem.template.circuit.parameters):
                tied = problem.ties is not None and problem.ties.tied[k]
                kind = "tied" if tied else "fixed"
                state = kind if problem.fixed[k] else str(rests[i, k]) if own[k] else "free"
                e = float(error[i, k]) if state in ("free", "tied") else NAN
                value = float(values[i, k])
                made.append(FittedParameter(p.name, p.unit, value, value * e, e, state=state))  # type: ignore[arg-type]
            found[row] = tuple(made)
    return tuple(found[row] for row in sorted(found))
