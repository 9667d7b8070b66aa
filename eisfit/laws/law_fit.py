"""The fit of a law to the values of one contribution over a condition."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.laws.checks import Grouping, LineChecks
from eisfit.laws.line import line_error
from eisfit.laws.line_sentences import doubts, sentences
from eisfit.laws.ordinate import Ordinate
from eisfit.laws.registry import TEMPERATURE, Law, law_named
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Bools, Floats, Value
from eisfit.tools.named import item_named
from eisfit.tools.rounding import of_tests, with_error
from eisfit.tools.views import Viewable

Estimated: TypeAlias = Literal["lines", "joint"]


@dataclass(frozen=True)
class Followed:
    """What a law is fitted to; it is carried along.

    Parameters
    ----------
    contribution, role : str
        Name and role of the contribution.
    quantity, unit : str
        ``asr``, ``conductivity`` or ``resistance`` and its unit.
    labels : tuple of str
        Spectra of the points; their numbers if empty.
    points_total : int or None
        Spectra of the series; the number of points if None.
    remarks : tuple of str
        Such as a missing temperature error.
    condition_err_known : bool
        Whether the errors of the condition are known of all points.
    grouping : Grouping or None
        Groups of points that ought to agree at equal temperatures.
    estimate : {"lines", "joint"}
        Whether the law goes through these points, or was fitted to all spectra at once.
    """

    contribution: str = ""
    role: str = ""
    quantity: str = "resistance"
    unit: str = "ohm"
    labels: tuple[str, ...] = ()
    points_total: int | None = None
    remarks: tuple[str, ...] = ()
    condition_err_known: bool = True
    grouping: Grouping | None = None
    estimate: Estimated = "lines"


@dataclass(frozen=True, eq=False)
class LawValue(Value):
    """A fitted parameter of a law, with standard error and 95 % interval in its unit."""

    name: str
    value: float
    stderr: float
    ci95: tuple[float, float]
    unit: str


@dataclass(frozen=True, eq=False)
class ReferenceValue(Value):
    """The law's value at a reference temperature, in the unit of its quantity."""

    temperature_c: float
    value: float
    stderr: float
    extrapolated: bool


@dataclass(frozen=True, eq=False, repr=False)
class LawFit(Presentable, Viewable, Value):
    """A law through the values of one contribution over a condition.

    Parameters
    ----------
    law : str
        Name of the law.
    condition : str
        Name of the condition that it is over.
    contribution, role : str
        What it is of.
    quantity, unit : str
        ``asr``, ``conductivity`` or ``resistance`` and its unit.
    ordinate : str
        What was fitted, such as ``ln(1/R)``.
    parameters : tuple of LawValue
        In the order of the law.
    at : ndarray, shape (n,)
        Values of the condition; of the temperature in kelvin.
    value, value_stderr_log, ordinate_value, ordinate_stderr : ndarray, shape (n,)
        Points with a value; the last error holds that of the temperature.
    used : ndarray of bool, shape (n,)
        Points that were fitted.
    labels : tuple of str
        Spectra of the points.
    coordinates : ndarray, shape (P,)
        What was fitted: level and slope of a straight line, else logarithms or values of the parameters.
    covariance : ndarray, shape (P, P)
        Of the coordinates.
    centre : float
        A straight line is ``level + slope (x - centre)``; nan for other laws.
    quantile : float
        Of the 95 % interval: normal, or Student's t with n - P where the errors come from the scatter.
    chi2_reduced, scatter_ratio : float
        Scatter about the law by the point errors; the ratio is its square root where the covariance was
        scaled by it, else 1; nan without point errors.
    references : tuple of ReferenceValue
        Values at 25 and 60 °C of a law over temperature.
    points_total : int
        Spectra of the series.
    remarks : tuple of str
        Such as a missing temperature error.
    checks : LineChecks
        What tests of a straight line over temperature have shown.
    estimate : {"lines", "joint"}
        Whether the law goes through these points, or was fitted to all spectra at once.
    """

    usual_figure: ClassVar[str] = "arrhenius"

    law: str
    condition: str
    contribution: str
    role: str
    quantity: str
    unit: str
    ordinate: Ordinate
    parameters: tuple[LawValue, ...]
    at: Floats
    value: Floats
    value_stderr_log: Floats
    ordinate_value: Floats
    ordinate_stderr: Floats
    used: Bools
    labels: tuple[str, ...]
    coordinates: Floats
    covariance: Floats
    centre: float
    quantile: float
    chi2_reduced: float
    scatter_ratio: float
    references: tuple[ReferenceValue, ...]
    points_total: int
    remarks: tuple[str, ...] = ()
    checks: LineChecks = field(default_factory=LineChecks)
    estimate: Estimated = "lines"

    def __getitem__(self, name: str) -> LawValue:
        """Return a parameter by its name.

        Raises
        ------
        KeyError
            If there is none of that name; the message lists those there are.
        """
        return item_named(self.parameters, name, self.law, "parameter")

    @property
    def points_used(self) -> int:
        """Number of points that were fitted."""
        return int(np.count_nonzero(self.used))

    @property
    def over_temperature(self) -> bool:
        """Whether the law is over temperature."""
        return self.condition == TEMPERATURE

    @property
    def of_unlike_parts(self) -> bool:
        """Whether it is of a sum of contributions of different roles, which has no law of its own."""
        return len(set(self.role.split(" + "))) > 1

    @property
    def notes(self) -> tuple[str, ...]:
        """What is questionable about it in a few fixed words, such as ``bent``."""
        return doubts(self)

    @property
    def derived(self) -> tuple[LawValue, ...]:
        """What follows from the parameters, such as a time to 95 % of a growth; most laws have none."""
        return ()

    def shown(self, parameter: LawValue) -> str:
        """Return a parameter with its error as text."""
        return with_error(parameter.value, parameter.stderr, "" if parameter.unit == "1" else parameter.unit)

    def sentences(self, files: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """Return what tests of the line have shown, one sentence each.

        Parameters
        ----------
        files : mapping of str to str, optional
            File of each spectrum, by its label.
        """
        return sentences(self, files)

    def line(self, at: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Return the law and its 95 % band.

        Parameters
        ----------
        at : array_like, shape (m,)
            Values of the condition; of the temperature in kelvin.

        Returns
        -------
        line, low, high : ndarray, shape (m,)
            In the ordinate.

        Raises
        ------
        SeriesError
            If no law of that name is registered, as may be after loading.
        """
        y, error = law_line(law_named(self.law), self.coordinates, self.covariance, self.centre, at)
        half = self.quantile * error
        return y, y - half, y + half

    def headline(self) -> str:
        """Return what follows which law, with the parameters."""
        found = ", ".join(f"{p.name} = {self.shown(p)}" for p in self.parameters)
        return f"{self.contribution or 'points'}: {self.law} in {self.ordinate}: {found}"

    def sheets(self) -> list[Sheet]:
        """Return parameters, values at reference temperatures and points."""
        rows = tuple(
            (p.name, self.shown(p).removesuffix(f" {p.unit}"), _interval(p.ci95), p.unit)
            for p in (*self.parameters, *self.derived)
        )
        scatter = f"; scatter x {of_tests(self.scatter_ratio)}" if self.scatter_ratio > 1 else ""
        points = f"{self.points_used} of {self.points_total} points{scatter}"
        found = [
            Sheet(
                "Parameters",
                ("parameter", "value", "95 % interval", "unit"),
                rows,
                (points, *self.remarks, *self.sentences()),
            )
        ]
        if self.references:
            values = tuple(
                (
                    f"{r.temperature_c:g} °C",
                    with_error(r.value, r.stderr),
                    self.unit,
                    "none" if self.checks.rejected else "extrapolated" if r.extrapolated else "",
                )
                for r in self.references
            )
            found.append(Sheet("Reference values", ("at", "value", "unit", "remark"), values))
        offset = ZERO_CELSIUS_K if self.over_temperature else 0.0
        measured = tuple(
            (label, f"{x - offset:.6g}", with_error(v, v * e), "" if used else "not used")
            for label, x, v, e, used in zip(
                self.labels, self.at, self.value, self.value_stderr_log, self.used, strict=True
            )
        )
        found.append(
            Sheet(
                "Points", ("spectrum", self.condition, f"{self.quantity} / {self.unit}", "remark"), measured
            )
        )
        return found


def _interval(ci95: tuple[float, float]) -> str:
    return f"{ci95[0]:.4g} to {ci95[1]:.4g}" if math.isfinite(ci95[0]) else ""


def law_line(
    law: Law, coordinates: Floats, covariance: Floats, centre: float, at: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """Return the ordinate of a law and its standard error, each of shape (m,); see `LawFit` for the arguments."""
    condition = np.asarray(at, float)
    if law.straight is not None:
        x = law.straight.abscissa(condition)[0] - centre
        return coordinates[0] + coordinates[1] * x, line_error(covariance, x)
    y, jacobian = law_model(law, coordinates, condition)
    return y, np.sqrt(np.maximum(np.einsum("ni,ij,nj->n", jacobian, covariance, jacobian), 0.0))


def law_model(law: Law, coordinates: Floats, condition: Floats) -> tuple[Floats, Floats]:
    """Return the ordinate of a law, shape (n,), and its derivatives by the coordinates, shape (n, P)."""
    y, slopes, _ = law.formula(condition, *law_values(law, coordinates))
    return y, np.stack([np.broadcast_to(s, condition.shape) for s in slopes], axis=1)


def law_slope(law: Law, coordinates: Floats, condition: Floats) -> Floats:
    """Return the derivative of the ordinate of a law by the condition, shape (n,)."""
    if law.straight is not None:
        slope: Floats = coordinates[1] / law.straight.abscissa(condition)[1]
        return slope
    return law.formula(condition, *law_values(law, coordinates))[2]


def law_values(law: Law, coordinates: Floats) -> list[float]:
    """Return the values of the parameters from the coordinates in which they are fitted."""
    with np.errstate(over="ignore"):
        return [
            float(np.exp(c)) if p.coordinate == "logarithm" else float(c)
            for p, c in zip(law.parameters, coordinates, strict=True)
        ]
