"""One contribution followed through all results of a cell: values with their errors and conditions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.results.contribution import DETERMINED, Contribution
from eisfit.results.fit import Fit
from eisfit.results.series import Series
from eisfit.tools.frozen import Floats

NAN = float("nan")
PARTS = ("interphase", "charge_transfer")
OF_INTERFACE = ("interface", *PARTS)
_FLOOR = 2e-3  # relative error that a value has at least: that of its circuit
_PRODUCT_FLOOR = 5e-3  # relative error that R C has at least
_SLOPE_EV = 0.5  # activation energy by which an error of the temperature counts where none is known


@dataclass(frozen=True)
class Point:
    """One value of a contribution.

    Parameters
    ----------
    value : float
        Area-specific resistance in ohm cm², or the resistance in ohm where the area is not known.
    stderr_log : float
        Standard error of its logarithm from the fit.
    product_s, product_stderr_log : float
        R C in s and the standard error of its logarithm; nan where there is no capacitance.
    capacitance_f : float
        Of one segment.
    temperature_c, temperature_err_k, time_h, concentration_mol_l, bias_v : float
        Conditions; nan where not known.
    """

    value: float
    stderr_log: float
    product_s: float
    product_stderr_log: float
    capacitance_f: float
    temperature_c: float
    temperature_err_k: float
    time_h: float
    concentration_mol_l: float
    bias_v: float

    @property
    def error(self) -> float:
        """Standard error of the logarithm with that of the temperature, for values at one stated temperature."""
        by_t = 0.0
        if math.isfinite(self.temperature_c) and math.isfinite(self.temperature_err_k):
            kelvin = self.temperature_c + ZERO_CELSIUS_K
            by_t = _SLOPE_EV / (BOLTZMANN_EV_PER_K * kelvin**2) * self.temperature_err_k
        return math.sqrt(self.stderr_log**2 + by_t**2 + _FLOOR**2)

    @property
    def product_error(self) -> float:
        """Standard error of ln(R C)."""
        return math.hypot(self.product_stderr_log, _PRODUCT_FLOOR)


@dataclass(frozen=True)
class Track:
    """A contribution through all results.

    Parameters
    ----------
    name : str
        Its name in the tables.
    roles : tuple of str
        Of its parts; empty for an arc of a circuit without a template.
    per_area : bool
        Whether its values are area-specific.
    points : tuple of Point
        In the order of the results.
    """

    name: str
    roles: tuple[str, ...]
    per_area: bool
    points: tuple[Point, ...]

    @property
    def pure(self) -> bool:
        """Whether it is an interface or a part of one, and nothing else."""
        return bool(self.roles) and set(self.roles) <= set(OF_INTERFACE)

    @property
    def whole(self) -> bool:
        """Whether it is a whole interface."""
        return self.roles == ("interface",) or set(self.roles) == set(PARTS)

    @property
    def holds_interface(self) -> bool:
        """Whether an interface is in it, be it with an electrode."""
        return bool(set(self.roles) & set(OF_INTERFACE))

    @property
    def has_arc(self) -> bool:
        """Whether it is one arc with a capacitance."""
        return any(math.isfinite(p.product_s) for p in self.points)

    @property
    def unit(self) -> str:
        """Of its values."""
        return "ohm cm2" if self.per_area else "ohm"

    def at(self, points: Sequence[Point]) -> Track:
        """Return the same with other points."""
        return replace(self, points=tuple(points))


def tracks_of(results: Sequence[Series]) -> tuple[Track, ...]:
    """Return what single fits tell of each contribution, in the order in which they first occur."""
    return _tracks((fit, row) for series in results for fit in series.fits for row in fit.contributions)


def joint_tracks(results: Sequence[Series]) -> tuple[Track, ...]:
    """Return what joint fits tell of each contribution of the first cells."""
    return _tracks(
        (fit, row)
        for series in results
        if series.joint is not None and series.joint.rows
        for k, fit in enumerate(series.fits)
        for row in series.joint.contributions(k)
    )


def _tracks(rows: Iterable[tuple[Fit, Contribution]]) -> tuple[Track, ...]:
    found: dict[str, list[tuple[Fit, Contribution]]] = {}
    for fit, row in rows:
        known = row.resolved in DETERMINED and math.isfinite(row.resistance_ohm) and row.resistance_ohm > 0
        if known and not row.rivals and row.kind != "wall" and not set(row.roles) & {"unassigned", "lead"}:
            found.setdefault(row.name, []).append((fit, row))
    return tuple(_track(name, of) for name, of in found.items())


def _track(name: str, rows: Sequence[tuple[Fit, Contribution]]) -> Track:
    by_area = all(math.isfinite(row.asr_ohm_cm2) for _, row in rows)
    points = tuple(_point(fit, row, by_area) for fit, row in rows if math.isfinite(row.stderr_log))
    roles = tuple(r for r in rows[0][1].roles if r)
    return Track(name, roles, by_area, points)


def _point(fit: Fit, row: Contribution, by_area: bool) -> Point:
    under = fit.spectrum.conditions
    product, error = _product(row)
    return Point(
        row.asr_ohm_cm2 if by_area else row.resistance_ohm,
        row.stderr_log,
        product,
        error,
        row.capacitance_f,
        _number(under.temperature_c),
        _number(under.temperature_err_c),
        _number(under.time_h),
        _number(under.concentration_mol_l),
        _number(under.bias_v),
    )


def _product(row: Contribution) -> tuple[float, float]:
    """Return R C of an arc from the frequency of its top, and the error of its logarithm."""
    if not (math.isfinite(row.capacitance_f) and math.isfinite(row.frequency_hz)) or row.frequency_hz <= 0:
        return NAN, NAN
    return 1 / (2 * math.pi * row.frequency_hz), row.frequency_stderr_hz / row.frequency_hz


def _number(value: float | None) -> float:
    return NAN if value is None else float(value)


def _log(value: float) -> float:
    return math.log(value) if value > 0 else NAN


_EQUAL: dict[
    str, tuple[Callable[[Point], float], float]
] = {  # a condition, and within what it counts as equal
    "temperature_c": (lambda p: p.temperature_c, 0.6),
    "concentration_mol_l": (lambda p: _log(p.concentration_mol_l), 0.01),
    "bias_v": (lambda p: p.bias_v, 2e-3),
}
_UNKNOWN = 1e9  # in place of a condition that is not known: unknown ones count as equal


def group_over(condition: str, points: Sequence[Point]) -> tuple[Point, ...]:
    """Return the points with the most values of a condition among those that agree in all others, by its value.

    Parameters
    ----------
    condition : str
        ``time_h``, ``concentration_mol_l`` or ``bias_v``. Over the last two, points may differ in time.
    points : sequence of Point
        Those that do not know the condition are left out.
    """
    known = [p for p in points if math.isfinite(getattr(p, condition))]
    if not known:
        return ()
    values = np.array([getattr(p, condition) for p in known])
    alike = np.ones((len(known), 0))
    within = []
    for name, (of, reach) in _EQUAL.items():
        if name != condition:
            column = np.array([of(p) for p in known])
            alike = np.column_stack([alike, np.where(np.isfinite(column), column, _UNKNOWN)])
            within.append(reach)
    best = np.zeros(len(known), bool)
    most, left = 0, np.ones(len(known), bool)
    for k in range(len(known)):
        if not left[k]:
            continue
        mine = np.all(np.abs(alike - alike[k]) <= within, axis=1)
        left &= ~mine
        if (n := np.unique(values[mine]).size) > most:
            best, most = mine, n
    return tuple(
        sorted(
            (p for p, chosen in zip(known, best, strict=True) if chosen), key=lambda p: getattr(p, condition)
        )
    )


def columns(points: Sequence[Point]) -> tuple[Floats, Floats]:
    """Return ln value and its standard error, shape (n,) each."""
    return np.log([p.value for p in points]), np.array([p.error for p in points])
