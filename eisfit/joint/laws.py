"""The laws of a joint fit as `LawFit`, with the values of the independent fits as points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.cell.geometry import layer_thickness_cm
from eisfit.cell.roles import role_of
from eisfit.cell.segments import PathSegment
from eisfit.circuit.circuit import span
from eisfit.engine.following import Following
from eisfit.engine.joint import Block, JointProblem
from eisfit.engine.temperature_scatter import TemperatureScatter
from eisfit.joint.exchanges import matched
from eisfit.joint.names import NamedMinimum, name_of
from eisfit.laws.follow import fit_law
from eisfit.laws.law_fit import Followed, LawFit
from eisfit.laws.line import Regression
from eisfit.laws.ordinate import Ordinate
from eisfit.laws.registry import OF_ORDINATE
from eisfit.results.series import Series
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.frozen import Floats

_UNKNOWN = 10.0  # error of ln p of a point that no independent fit has
JOINT_REMARK = "joint fit of all spectra; the points are the independent fits"


@dataclass(frozen=True)
class Scale:
    """How the errors of a joint fit are scaled.

    Parameters
    ----------
    quantile : float
        Of 95 % intervals.
    chi2_reduced, ratio : float
        Chi-square of the links over the parameters that they save; its root where that is more than chance, else 1.
    factor : float
        By which all errors are multiplied: the ratio, or 1 where errors of temperatures explain it.
    temperature : TemperatureScatter or None
        What temperatures without a known error add besides.
    """

    quantile: float
    chi2_reduced: float
    ratio: float
    factor: float = 1.0
    temperature: TemperatureScatter | None = None


@dataclass(frozen=True)
class _Quantity:
    """What a law is shown of: its name, unit and ordinate; value = factor * R ** power, R of one segment."""

    name: str
    unit: str
    ordinate: Ordinate
    power: int
    factor: float

    @property
    def shift(self) -> float:
        """What the ordinate differs by from that of R."""
        sign = 1.0 if self.power < 0 or "/R" not in self.ordinate else -1.0
        return float(sign * np.log(self.factor))


def law_of_link(
    joint: JointProblem,
    named: NamedMinimum,
    series: Series,
    independent: Sequence[tuple[Floats, Floats]],
    which: tuple[int, str],
    found: tuple[Floats, Scale],
) -> LawFit:
    """Return one law of a joint fit.

    Parameters
    ----------
    joint, named, series, independent
        As in `joint_of`.
    which : (int, str)
        The first block that has the link, and its name.
    found : (ndarray, shape (P, P), Scale)
        Covariance of its coordinates, and how errors are scaled.
    """
    (k, name), (covariance, scale) = which, found
    block = joint.blocks[k]
    f, at = block.first(name)
    assert f.link.law is not None
    points = _points(joint, named, independent, name, len(series))
    segment, conditions = _segment(block, f), [s.spectrum.conditions for s in series]
    rivals = named.rivals.get(segment.segment.name, ()) if segment is not None else ()
    shown = _quantity(f, segment, conditions, block, known=not rivals)

    def regression(centre: float) -> Regression:
        coordinates, own = _moved(f, named.minimum.solution.state.common[at], covariance, centre)
        coordinates = coordinates + shown.shift * _scaling(f)
        ones = np.ones(len(points.rows))
        return Regression(
            coordinates, own, scale.quantile, scale.chi2_reduced, scale.ratio, ones, coordinates
        )

    return fit_law(
        f.link.law.name,
        points.at,
        shown.factor * points.value**shown.power,
        points.stderr_log,
        condition_err=points.temperature_err if f.over_temperature else None,
        ordinate=shown.ordinate,
        of=Followed(
            contribution=_contribution(named, name, segment, rivals),
            role="" if segment is None else segment.segment.role,
            quantity=shown.name,
            unit=shown.unit,
            labels=tuple(series.fits[row].label for row in points.rows),
            points_total=len(series),
            remarks=(JOINT_REMARK,),
            estimate="joint",
            condition_err_known=bool(np.all(points.temperature_err > 0)),
        ),
        found_at=regression,
    )


def _scaling(f: Following) -> Floats:
    """Return 1 for each coordinate of a law that is the logarithm of what scales with all values, else 0."""
    assert f.link.law is not None
    return np.array(
        [float(OF_ORDINATE in p.unit and p.coordinate == "logarithm") for p in f.link.law.parameters]
    )


def _contribution(named: NamedMinimum, name: str, segment: PathSegment | None, rivals: Sequence[str]) -> str:
    """Return what a law is of; the names of all segments that its arc may belong to."""
    if segment is None or not segment.segment.role:
        return name
    if not rivals:
        return segment.segment.name
    return name_of(named, segment.segment.name)


@dataclass(frozen=True, eq=False)
class _Points:
    """The independent fits as points: place in the series, condition, value, errors of ln(value) and temperature."""

    rows: list[int]
    at: Floats
    value: Floats
    stderr_log: Floats
    temperature_err: Floats


def _segment(block: Block, f: Following) -> PathSegment | None:
    """Return the segment that a parameter belongs to."""
    for on_path in block.problem.template.path:
        own = span(on_path.node)
        if own.start <= f.column < own.stop:
            return on_path
    return None


def _points(
    joint: JointProblem,
    named: NamedMinimum,
    independent: Sequence[tuple[Floats, Floats]],
    name: str,
    count: int,
) -> _Points:
    """Return the points of a law in the first `count` spectra.

    Where the independent fit has no value, a point has that of the law, with a large error; of several pairs of probes
    those that have one are enough.
    """
    found: list[tuple[int, float, float, float, float]] = []
    for block, x, (own, error) in zip(joint.blocks, named.minimum.solution.state.x, independent, strict=True):
        columns, each = matched(block.problem, own, x), np.arange(len(own))
        if block.shared.any():  # what a pair of probes sees tells its arcs apart
            columns = np.broadcast_to(np.arange(x.shape[1]), x.shape)
        for f in block.following:
            if f.link.name == name:
                value, sigma = own[each, columns[:, f.column]], error[each, columns[:, f.column]]
                known = np.isfinite(value) & np.isfinite(sigma)
                value, sigma = np.where(known, value, x[:, f.column]), np.where(known, sigma, _UNKNOWN)
                rows = (
                    block.rows.tolist(),
                    f.at.tolist(),
                    value.tolist(),
                    sigma.tolist(),
                    block.error.tolist(),
                )
                found += zip(*rows, strict=True)
    told = [point for point in found if point[3] < _UNKNOWN]
    if any(block.shared.any() for block in joint.blocks) and len({point[1] for point in told}) > 2:
        found = told
    place, at, log, sigma, err = (
        np.array(part) for part in zip(*sorted(p for p in found if p[0] < count), strict=True)
    )
    return _Points([int(row) for row in place], at, np.exp(log), sigma, err)


def _moved(f: Following, coordinates: Floats, covariance: Floats, centre: float) -> tuple[Floats, Floats]:
    """Return the coordinates of a straight line, and their covariance, at another centre."""
    if f.link.law is None or f.link.law.straight is None:
        return coordinates.copy(), covariance
    moved = np.array([[1.0, centre - f.centre], [0.0, 1.0]])
    return moved @ coordinates, moved @ covariance @ moved.T


def _quantity(
    f: Following, segment: PathSegment | None, conditions: Sequence[Conditions], block: Block, *, known: bool
) -> _Quantity:
    """Return what a law is shown of: area-specific resistance or conductivity where the geometry is known and one."""
    law, ordinate = f.link.law, f.link.ordinate
    assert law is not None
    unit = "F" if f.beside is not None else block.problem.template.circuit.parameters[f.column].unit
    part = segment is None or segment.count < 1  # of a layer that is seen in part: all of it
    count = 1 if segment is None or part else segment.count
    plain = _Quantity("resistance" if unit == "ohm" else "parameter", unit, ordinate, 1, float(count))
    areas = {c.area_cm2 for c in conditions}
    area = areas.pop() if len(areas) == 1 else None
    if segment is None or not segment.segment.role or area is None or not known or unit != "ohm":
        return plain
    roles = segment.segment.roles
    if all(role_of(role).per_area for role in roles):
        return _Quantity("asr", "ohm cm2", ordinate, 1, area)
    lengths = {layer_thickness_cm(role, c) for role in roles for c in conditions}
    length = lengths.pop() if len(lengths) == 1 else None
    as_sigma: Ordinate = "ln(sigma T)" if "T" in ordinate else "ln(sigma)"
    if length is None or as_sigma not in law.ordinates:
        return plain
    return _Quantity("conductivity", "S cm-1", as_sigma, -1, length / area)
