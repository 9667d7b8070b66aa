"""Spectra of several pairs of probes of one cell as blocks of a joint fit: what they share, and what each sees."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from eisfit.cell.probes import Stretch, part_of, stretches
from eisfit.cell.resistors_apart import with_resistors_apart
from eisfit.cell.roles import names_in
from eisfit.cell.simplify import with_arcs_as_own_resistors
from eisfit.cell.templates import Template
from eisfit.circuit.arc import arc_of, is_resistor
from eisfit.circuit.circuit import span
from eisfit.engine.at_once import AtOnce, Extent
from eisfit.fitting.joint_starts import Cell, Start, start_of
from eisfit.laws.registry import TEMPERATURE
from eisfit.options import Weights
from eisfit.results.fit import Fit
from eisfit.results.order import condition_value
from eisfit.tools.frozen import Floats

_AT_ONCE_K = 0.5  # temperatures in one set of measurements differ by no more
_AT_ONCE = 1e-6  # other conditions, relative
_UNKNOWN_ERROR = 0.1  # relative, of a sum of resistors
_LEAST_SHARE = 0.02  # of a sum of resistors that any one of them has at the start


@dataclass(frozen=True, eq=False)
class View:
    """What one pair of probes sees: the cell between them, the circuit of the joint fit, and its spectra.

    Parameters
    ----------
    cell : Template
        With all arcs.
    joint : Template
        With resistors for the arcs that lie above the window, and what was added by the fits.
    fits : list of Fit
        By themselves.
    places : list of int
        Of these among those of the cell.
    """

    cell: Template
    joint: Template
    fits: list[Fit]
    places: list[int]


def has_pairs(fits: Sequence[Fit]) -> bool:
    """Tell whether fits are of several pairs of probes of one cell."""
    return len({_asked(f).configuration for f in fits if _asked(f).configuration.pair}) > 1


def starts_at_once(
    number: int, cell: Cell, first: int, over: str, weights: Weights, apart: Collection[str] = ()
) -> list[Start]:
    """Return where a joint fit of several pairs of probes starts.

    Parameters
    ----------
    number : int
        Of the cell.
    cell : Cell
        Its fits.
    first : int
        Place of its first spectrum among all.
    over : str
        The condition that orders them.
    weights : str or array
        Of the points.
    apart : collection of str
        Segments that are known from elsewhere, and stand apart from resistors in series with them.
    """
    views = _views(cell.fits, apart)
    groups = _groups(cell.fits, views, over)
    slots, shared = _slots(views)
    sums = _filled(views, groups)
    at = np.full(int(groups.max()) + 1, first + len(cell.fits))
    np.minimum.at(at, groups, first + np.arange(groups.size))
    found = []
    for view, own, filled in zip(views, slots, sums, strict=True):
        rows = [first + k for k in view.places]
        start = start_of(number, view.fits, rows, weights, view.joint, filled)
        found.append(replace(start, at_once=AtOnce(number, groups[view.places], own, at, shared)))
    return found


def templates_at_once(fits: Sequence[Fit], apart: Collection[str]) -> list[Template]:
    """Return the circuits of a joint fit of several pairs of probes."""
    return [view.joint for view in _views(fits, apart)]


def _asked(fit: Fit) -> Template:
    return fit.template.asked or fit.template


def _views(fits: Sequence[Fit], apart: Collection[str]) -> list[View]:
    """Return what the pairs see, with circuits that tell each resistor apart where all pairs together can."""
    own: dict[object, list[int]] = {}
    for k, f in enumerate(fits):
        own.setdefault(_asked(f).configuration, []).append(k)
    cells = [_asked(fits[places[0]]) for places in own.values()]
    arcs = {s.segment.name: None for cell in cells for s in cell.path if arc_of(s.node) is not None}
    seen = {s.segment.name for f in fits for s in f.template.path if arc_of(s.node) is not None}
    faded = [name for name in arcs if name not in seen]
    made = [with_arcs_as_own_resistors(cell, faded) for cell in cells]
    if not _told_apart(made):
        made = [with_resistors_apart(cell.with_arcs_as_resistors(tuple(faded)), apart) for cell in cells]
    return [
        View(cell, _with_added(template, cell, [fits[k] for k in places]), [fits[k] for k in places], places)
        for cell, template, places in zip(cells, made, own.values(), strict=True)
    ]


def _told_apart(templates: Sequence[Template]) -> bool:
    """Tell whether the sums of resistors that the pairs see determine each resistor."""
    counts = [_free_resistors(t) for t in templates]
    names = list(dict.fromkeys(name for own in counts for name in own))
    table = np.array([[own.get(name, 0.0) for name in names] for own in counts])
    return bool(np.linalg.matrix_rank(table) == len(names))


def _free_resistors(template: Template) -> dict[str, float]:
    """Return the counts of the resistors in series by the names of their parameters."""
    settings, names = template.effective_settings, template.circuit.names
    found = {names[span(s.node).start]: s.count for s in template.path if is_resistor(s.node)}
    return {name: n for name, n in found.items() if name not in settings or settings[name].fixed is None}


def _with_added(template: Template, cell: Template, fits: Sequence[Fit]) -> Template:
    """Return a template with the segments that fits have found besides: leads, contacts, arcs of nothing known."""
    known = {s.name for s in cell.segments}
    added, settings = {}, dict(template.settings)
    for f in fits:
        for s in f.template.path:
            if not set(names_in(s.segment.name)) <= known:
                added[s.segment.name] = s.segment
                for name in f.template.circuit.names[span(s.node)]:
                    if (setting := f.template.settings.get(name)) is not None and setting.fixed is None:
                        settings[name] = setting
    counts = (*template.configuration.segments, *((name, 1) for name in added))
    return replace(
        template,
        segments=(*template.segments, *added.values()),
        configurations=(replace(template.configuration, segments=counts),),
        settings=MappingProxyType(settings),
        stray=any(f.template.stray for f in fits),
    )


def _groups(fits: Sequence[Fit], views: Sequence[View], over: str) -> np.ndarray:
    """Return which spectra were measured at once: one of each pair, at one condition, in the order of the series."""
    of = {k: number for number, view in enumerate(views) for k in view.places}
    found, open_sets = np.zeros(len(fits), int), list[tuple[float, set[int]]]()
    for k, f in enumerate(fits):
        value = condition_value(f.spectrum, over)
        within = _AT_ONCE_K if over == TEMPERATURE else _AT_ONCE * abs(value)
        for number, (at, members) in enumerate(open_sets):
            if abs(value - at) <= within and of[k] not in members:
                members.add(of[k])
                found[k] = number
                break
        else:
            found[k] = len(open_sets)
            open_sets.append((value, {of[k]}))
    return found


def _slots(views: Sequence[View]) -> tuple[list[np.ndarray], np.ndarray]:
    """Return where the parameters of each view stand among those of a set, the shift last, and which are shared."""
    keys: list[list[object]] = []
    for number, view in enumerate(views):
        of_cell = {s.name for s in view.cell.segments}
        own: list[object] = [(number, name) for name in view.joint.circuit.names]
        for s in view.joint.path:
            if s.segment.name in of_cell:
                own[span(s.node)] = view.joint.circuit.names[span(s.node)]
        keys.append(own)
    place = {key: k for k, key in enumerate(dict.fromkeys(key for own in keys for key in own))}
    shared = np.zeros(len(place) + 1, bool)
    for key, k in place.items():
        shared[k] = sum(key in own for own in keys) > 1
    return [np.array([*(place[key] for key in own), len(place)]) for own in keys], shared


def _filled(views: Sequence[View], groups: np.ndarray) -> list[tuple[Floats, Floats]]:
    """Return for each view logarithms (N, P) that follow from what its fits call otherwise, and their errors, else nan.

    Resistances of which a fit knows a sum alone follow from the sums of all pairs in a set.
    """
    from scipy.optimize import nnls

    shapes = [(len(view.fits), len(view.joint.circuit.names)) for view in views]
    found = [(np.full(shape, np.nan), np.full(shape, np.nan)) for shape in shapes]
    for (logs, _), view in zip(found, views, strict=True):
        for i, f in enumerate(view.fits):
            _fill_arcs(logs[i], view, f)
    places = [_resistances(view.joint) for view in views]
    open_names = {part for f in (f for v in views for f in v.fits) for part in _joined(f)}
    for number in range(int(groups.max()) + 1):
        rows = [
            row
            for v, view in enumerate(views)
            for i, k in enumerate(view.places)
            if groups[k] == number
            for row in _sums(view, view.fits[i], open_names & places[v].keys())
        ]
        names = list(dict.fromkeys(name for counts, _, _ in rows for name in counts))
        if not names:
            continue
        table = np.array([[counts.get(name, 0.0) / seen for name in names] for counts, seen, _ in rows])
        values, _ = nnls(table, np.ones(len(rows)))
        values = np.maximum(values, _LEAST_SHARE / table.max(axis=0))
        by_error = table / np.array([error for _, _, error in rows])[:, None]
        error = np.sqrt(np.diag(np.linalg.pinv(by_error.T @ by_error))) / values
        for v, view in enumerate(views):
            for i, k in enumerate(view.places):
                for name in names if groups[k] == number else ():
                    if name in places[v]:
                        n = names.index(name)
                        found[v][0][i, places[v][name]] = np.log(values[n])
                        found[v][1][i, places[v][name]] = error[n] if error[n] < 1 else np.nan
    return found


def _fill_arcs(logs: Floats, view: View, fit: Fit) -> None:
    """Fill in the parameters of arcs that a fit writes in other elements."""
    there = {s.segment.name: arc_of(s.node) for s in fit.template.path}
    names = fit.template.circuit.names
    with np.errstate(invalid="ignore", divide="ignore"):
        x = np.log([fit.values.get(name, np.nan) for name in names])
    for s in view.joint.path:
        own, other = arc_of(s.node), there.get(s.segment.name)
        if own is None or other is None or not own.by_time:
            continue
        if view.joint.circuit.names[own.storage] in names or not np.isfinite(x[list(other.columns)]).all():
            continue
        logs[own.resistance], logs[own.storage] = x[other.resistance], float(other.log_tau(x))
        if own.exponent is not None:
            logs[own.exponent] = 0.0 if other.exponent is None else x[other.exponent]


def _resistances(template: Template) -> dict[str, int]:
    """Return the places of the resistances of arcs and resistors among the parameters, by segment."""
    found: dict[str, int] = {}
    for s in template.path:
        if (arc := arc_of(s.node)) is not None:
            found[s.segment.name] = arc.resistance
        elif is_resistor(s.node):
            found[s.segment.name] = span(s.node).start
    return found


def _joined(fit: Fit) -> list[str]:
    """Return the segments whose sum alone a fit knows as one resistor."""
    joined = (names_in(s.segment.name) for s in fit.template.path if is_resistor(s.node))
    return [part for parts in joined if len(parts) > 1 for part in parts]


def _sums(view: View, fit: Fit, wanted: set[str]) -> list[tuple[dict[str, float], float, float]]:
    """Return what a fit says of some resistances: counts by segment, their sum in ohm, its relative error."""
    names, counts = fit.template.circuit.names, dict(view.joint.configuration.segments)
    errors = {p.name: p.stderr_log for p in fit.parameters}
    found = []
    for segment, column in _resistances(fit.template).items():
        parts, value = names_in(segment), fit.values[names[column]]
        if set(parts) <= wanted and np.isfinite(value) and value > 0:
            here = counts if len(parts) > 1 else dict(fit.template.configuration.segments)
            total = value if len(parts) > 1 else value * here[segment]
            error = errors[names[column]]
            sound = np.isfinite(error) and error > 0
            found.append(({part: here[part] for part in parts}, total, error if sound else _UNKNOWN_ERROR))
    return found


def places_of(starts: Sequence[Start]) -> dict[tuple[int, str], tuple[float, float]]:
    """Return places of probes that are parameters, in cm, and their errors, by cell and probe."""
    found: dict[tuple[int, str], tuple[float, float]] = {}
    for start in starts:
        error = start.fits[0].spectrum.conditions.probe_err_cm
        for stretch in _parts(start) if error else ():
            for probe, at in zip((stretch.low, stretch.high), stretch.ends_cm, strict=True):
                if probe:
                    found.setdefault((start.cell, probe), (at, float(error or 0.0)))
    return found


def sees_parts(starts: Sequence[Start]) -> bool:
    """Tell whether any spectrum sees a part of a layer, whose length its probes bound."""
    return any(_parts(start) for start in starts)


def extents_of(start: Start, places: Mapping[tuple[int, str], int]) -> tuple[Extent, ...]:
    """Return the layers that spectra see in part, with the common coordinates that are the places of their ends."""
    template, found = start.problem.template, []
    for stretch in _parts(start):
        low, high = (places.get((start.cell, probe)) for probe in (stretch.low, stretch.high))
        if low is None and high is None:
            continue
        columns = [
            (k, template.circuit.parameters[k].quantity.resistance)
            for s in template.path
            if s.segment.name in stretch.segments
            for k in range(span(s.node).start, span(s.node).stop)
        ]
        powers = tuple((k, power) for k, power in columns if power)
        found.append(Extent(powers, stretch.ends_cm, (low, high)))
    return tuple(found)


def _parts(start: Start) -> list[Stretch]:
    """Return the layers of which the spectra see a part."""
    cell = _asked(start.fits[0])
    if start.at_once is None or not cell.configuration.pair:
        return []
    low, high = cell.configuration.pair.split("-")
    conditions = start.fits[0].spectrum.conditions
    _, layers = stretches(cell.configuration, cell.segments, (low, high), conditions)
    return [layer for layer in layers if part_of(layer) != 1]
