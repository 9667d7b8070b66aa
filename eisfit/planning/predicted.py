"""The standard errors that fits of planned cells will have: by lines through single fits, and by joint fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.cell.links import Link, links_of, place_of
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import span
from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.engine.following import Following
from eisfit.errors import InputError
from eisfit.laws.arrhenius import ARRHENIUS
from eisfit.laws.ordinate import Ordinate
from eisfit.planning.information import Foreseen, foreseen
from eisfit.planning.joint_problem import posed
from eisfit.planning.planned_cell import PlannedCell
from eisfit.planning.trust import LARGE, LARGEST_ERROR, reasons
from eisfit.results.plan import Estimate, PredictedError, Quantity
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean

_FEWEST = 2  # temperatures of a line


@dataclass(frozen=True)
class Wanted:
    """How planned cells will be fitted.

    Parameters
    ----------
    share : tuple of str
        What has one value at all temperatures in the estimate ``shared``; all capacitances and exponents if empty.
    laws : mapping of str to str or (str, str)
        Laws of the joint fit; that of Arrhenius for each resistance if empty.
    reference_c : float
        Temperature in °C at which the resistance of a law is told.
    """

    share: tuple[str, ...]
    laws: Mapping[str, str | tuple[str, Ordinate]]
    reference_c: float


def contributions_of(template: Template) -> list[str]:
    """Return what has a resistance: segments that are a resistor or an arc, and parameters in ohm of all others.

    A resistance that is fixed or follows another one has no error of its own, and is left out.
    """
    held = {n for n, s in template.effective_settings.items() if s.fixed is not None or s.tie is not None}
    ohms = [p for p in template.circuit.parameters if p.unit == "ohm" and p.name not in held]
    if template.is_circuit:
        return [p.name for p in ohms]
    found: list[str] = []
    for part in template.path:
        own, place = span(part.node), place_of(part.segment.name, template)
        inside = template.circuit.names[own.start : own.stop]
        if place is None:
            found += [p.name for p in ohms if p.name in inside]
        elif template.circuit.names[place[0]] not in held:
            found.append(part.segment.name)
    return found


def predicted(cells: Sequence[PlannedCell], estimate: Estimate, wanted: Wanted) -> list[PredictedError]:
    """Return the errors of all contributions of the first cell.

    Parameters
    ----------
    cells : sequence of PlannedCell
        The cell, then the complements that are fitted with it.
    estimate : {"lines", "joint", "shared"}
        From which fit.
    wanted : Wanted
        Links and reference.

    Raises
    ------
    InputError
        If a link names something unknown, or a geometry is missing.
    """
    links = _links(cells, estimate, wanted)
    known = foreseen(posed(cells, links))
    names = contributions_of(cells[0].template)
    found = [e for name in names for e in _resistances(known, name, estimate)]
    if len(set(cells[0].temperatures_c)) < _FEWEST:
        return found
    for name in names:
        own = [e for e in found if e.contribution == name]
        found += (
            _by_line(known, name, own, wanted)
            if estimate == "lines"
            else _by_law(known, links, name, own, wanted)
        )
    return found


def _links(cells: Sequence[PlannedCell], estimate: Estimate, wanted: Wanted) -> tuple[Link, ...]:
    """Return the links of a fit; none where each spectrum is fitted by itself."""
    if estimate == "lines":
        return ()
    templates = [cell.template for cell in cells]
    together = {
        n: ARRHENIUS for cell in cells[1:] for n in cell.shares if place_of(n, templates[0]) is not None
    }
    beside = [f"{name}{end}" for name in together for end in (" C", " alpha")]
    several = len(set(cells[0].temperatures_c)) >= _FEWEST
    laws = dict(wanted.laws) or {n: (ARRHENIUS, o) for n, o in straight(cells[0]).items()}
    laws = {**together, **laws} if several else {}
    share = [name for name in beside if any(place_of(name, t) is not None for t in templates)]
    if not several:
        share += list(together)
    if estimate == "shared":
        share += list(wanted.share) or shareable(templates[0])
    share = [n for n in dict.fromkeys(share) if n not in laws and not _is_set(n, templates[0])]
    return links_of(templates, share, laws) if share or laws else ()


def straight(cell: PlannedCell) -> dict[str, Ordinate]:
    """Return the contributions whose resistance is expected to follow a straight line, and in which ordinate."""
    found = {
        n: cell.rates[cell.template.circuit.names[_column(cell, n)]].ordinate
        for n in contributions_of(cell.template)
    }
    return {name: ordinate for name, ordinate in found.items() if ordinate is not None}


def _is_set(name: str, template: Template) -> bool:
    """Tell whether a parameter is fixed or tied within each spectrum, so that it has no value of its own to share."""
    place = place_of(name, template)
    setting = None if place is None else template.effective_settings.get(template.circuit.names[place[0]])
    return setting is not None and (setting.tie is not None or setting.fixed is not None)


def shareable(template: Template) -> list[str]:
    """Return the capacitances and exponents of all arcs of a template, or the parameters of those of a circuit."""
    if template.is_circuit:
        units = {p.name: p.unit for p in template.circuit.parameters}
        by_time = [n.removesuffix("_tau") + "_C" for n in units if n.endswith("_tau")]
        plain = [n for n, unit in units.items() if unit not in ("ohm", "s")]
        return [*(n for n in by_time if place_of(n, template) is not None), *plain]
    names = [f"{s.segment.name}{end}" for s in template.path for end in (" C", " alpha")]
    return [name for name in names if place_of(name, template) is not None]


def _count(cell: PlannedCell, name: str) -> float:
    return next((s.count for s in cell.template.path if s.segment.name == name), 1)


def _resistances(known: Foreseen, name: str, estimate: Estimate) -> list[PredictedError]:
    """Return the errors of the resistance of a contribution at each temperature."""
    cell, x, covariance = known.posed.cells[0], known.x[0], known.covariance_log[0]
    column = _column(cell, name)
    error, values = np.sqrt(covariance[:, column, column]), _count(cell, name) * np.exp(x[:, column])
    told = reasons(cell, name, x, covariance)
    rows = zip(cell.temperatures_c, values.tolist(), error.tolist(), told, strict=True)
    with_cells = " + ".join(c.name for c in known.posed.cells[1:])
    return [
        PredictedError(name, "resistance", estimate, with_cells, t, value, value * e, "ohm", why)
        for t, value, e, why in rows
    ]


def _column(cell: PlannedCell, name: str) -> int:
    place = place_of(name, cell.template)
    assert place is not None
    return place[0]


def _by_line(
    known: Foreseen, name: str, own: Sequence[PredictedError], wanted: Wanted
) -> list[PredictedError]:
    """Return the errors of an activation energy, and of the resistance at the reference, by a line through single fits.

    Points that are not told take no part, as in a series, unless too few are left: the line is then not told itself.
    """
    cell = known.posed.cells[0]
    rate, at = cell.rates[cell.template.circuit.names[_column(cell, name)]], np.array(cell.temperatures_c)
    kelvin = at + ZERO_CELSIUS_K
    told = np.array([e.told for e in own])
    why = "" if np.unique(at[told]).size >= _FEWEST else _commonest(own)
    used = np.ones(at.size, bool) if why else told
    moved = (rate.power / kelvin - rate.slope_k / kelvin**2) * cell.temperature_err_c
    weight = used / (np.array([e.stderr / e.value for e in own]) ** 2 + moved**2)
    x = 1 / kelvin
    mean = float(weight @ x) / float(weight.sum())
    slope = 1 / np.sqrt(weight @ (x - mean) ** 2)
    off = 1 / (wanted.reference_c + ZERO_CELSIUS_K) - mean
    level = float(np.sqrt(1 / weight.sum() + (off * slope) ** 2))
    return _pair(known, name, own[0].estimate, (float(slope), level), why, wanted)


def _pair(
    known: Foreseen, name: str, estimate: Estimate, errors: tuple[float, float], why: str, wanted: Wanted
) -> list[PredictedError]:
    """Return an activation energy with its error, and a resistance at the reference with that of its logarithm."""
    cell = known.posed.cells[0]
    rate = cell.rates[cell.template.circuit.names[_column(cell, name)]]
    value = _count(cell, name) * float(np.exp(rate.log_values(np.array([wanted.reference_c]))[0]))
    with_cells = " + ".join(c.name for c in known.posed.cells[1:])
    energy = rate.energy_ev(float(np.mean(cell.temperatures_c)) + ZERO_CELSIUS_K)
    nan = float("nan")
    energy_err, ohm_err = BOLTZMANN_EV_PER_K * errors[0], value * errors[1]
    by_law: Quantity = "resistance by the law"
    large = "" if errors[1] <= LARGEST_ERROR else LARGE
    at = wanted.reference_c
    return [
        PredictedError(name, "activation energy", estimate, with_cells, nan, energy, energy_err, "eV", why),
        PredictedError(name, by_law, estimate, with_cells, at, value, ohm_err, "ohm", why or large),
    ]


def _commonest(own: Sequence[PredictedError]) -> str:
    return Counter(e.reason for e in own if not e.told).most_common(1)[0][0]


def _by_law(
    known: Foreseen, links: Sequence[Link], name: str, own: Sequence[PredictedError], wanted: Wanted
) -> list[PredictedError]:
    """Return the errors of an activation energy, and of the resistance at the reference, by the law of a joint fit."""
    block = known.posed.joint.blocks[0]
    found = next(
        ((f, at) for f, at in zip(block.following, block.places, strict=True) if f.link.name == name), None
    )
    if found is None:
        return []
    f, at = found
    if f.link.law is None or f.link.law.name != ARRHENIUS:
        return []
    covariance = known.common_covariance[at, at]
    slope = float(np.sqrt(covariance[1, 1]))
    level = _level_error(f, covariance, wanted.reference_c)
    told = sum(e.told for e in own)
    why = "" if told >= _FEWEST else _commonest(own)
    return _pair(known, name, own[0].estimate, (slope, level), why, wanted)


def _level_error(f: Following, covariance: Floats, reference_c: float) -> float:
    gradient = np.array([1.0, 1 / (reference_c + ZERO_CELSIUS_K) - f.centre])
    return float(np.sqrt(gradient @ covariance @ gradient))


def target_of(text: str, cell: PlannedCell) -> tuple[str, bool]:
    """Return the contribution that a user names, and whether its resistance is meant.

    ``"interface"`` is its activation energy (its resistance at a single temperature), ``"interface R"`` its resistance.

    Raises
    ------
    InputError
        If there is no such contribution.
    """
    names = contributions_of(cell.template)
    name = text.removesuffix(" R") if text not in names else text
    if name not in names:
        raise InputError(
            f"no contribution {text!r}{did_you_mean(name, names)}; name one of {', '.join(names)}, or its resistance "
            f"as {names[0] + ' R'!r}"
        )
    return name, name != text or len(set(cell.temperatures_c)) < _FEWEST
