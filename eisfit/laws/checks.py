"""What tests of a straight line over temperature have shown: values, without a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from eisfit.tools.frozen import Floats, Value

NAN = float("nan")
NO_RANGE = (NAN, NAN)

GroupKind: TypeAlias = Literal["names", "branches", "passes"]


@dataclass(frozen=True, eq=False)
class CheckedPoints(Value):
    """The used points of a line as its tests see them.

    Parameters
    ----------
    condition, x, y, sigma : ndarray, shape (n,)
        Condition, abscissa less its centre, ordinate, and standard error of the ordinate with that of the condition.
    residual : ndarray, shape (n,)
        Ordinate less the fitted line.
    known : bool
        Whether `sigma` is the whole error, that of the temperature included; else only its ratios count.
    scatters : bool
        Whether the points scatter more than their errors allow; True where these are not known.
    """

    condition: Floats
    x: Floats
    y: Floats
    sigma: Floats
    residual: Floats
    known: bool
    scatters: bool

    @property
    def chi2(self) -> float:
        """Chi-square of the line."""
        return float(((self.residual / self.sigma) ** 2).sum())


@dataclass(frozen=True, eq=False)
class Curvature(Value):
    """Whether a line is bent.

    Parameters
    ----------
    p : float
        Probability of so large a quadratic term by chance; nan where it cannot be tested.
    bent : bool
        Whether no straight line describes the points.
    end_slopes : (float, float)
        Slopes dy/dx at the lowest and the highest condition, of the description that fits better: two straight
        lines that meet, or a parabola.
    kink : (float, float)
        95 % interval of the condition at which two straight lines meet; nan where a parabola fits as well.
    """

    p: float = NAN
    bent: bool = False
    end_slopes: tuple[float, float] = NO_RANGE
    kink: tuple[float, float] = NO_RANGE

    @property
    def has_kink(self) -> bool:
        """Whether two straight lines describe the points better than a parabola."""
        return math.isfinite(self.kink[0])


@dataclass(frozen=True)
class Grouping:
    """Groups of points that ought to agree at equal temperatures.

    Parameters
    ----------
    kind : str
        ``branches``: heating and cooling. ``passes``: several passes over the temperatures, in the order measured.
        ``names``: files whose names differ in more than the temperature.
    names : tuple of str
        Of the groups.
    of : tuple of int
        Group of each point; -1 for a point of none.
    """

    kind: GroupKind
    names: tuple[str, ...]
    of: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Hysteresis(Value):
    """Whether groups of points disagree at equal temperatures.

    Parameters
    ----------
    p : float
        Probability of so large differences by chance; nan where no temperature occurs in two groups.
    differs : bool
        Whether they disagree.
    kind : str
        Kind of the groups, as in `Grouping`.
    names : (str, str)
        The two groups that differ most.
    conditions, differences : tuple of float
        Where both were measured, and the ordinate of the second less that of the first there.
    """

    p: float = NAN
    differs: bool = False
    kind: GroupKind = "branches"
    names: tuple[str, str] = ("", "")
    conditions: tuple[float, ...] = ()
    differences: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class OddPoint(Value):
    """The one point that alone makes the scatter.

    Parameters
    ----------
    label : str
        Its spectrum; empty where there is none.
    p : float
        Probability of so large a deviation from the line of the others by chance, over all points.
    condition, on_line_at : float
        Its condition, and that at which its value lies on the line of the others.
    scatter, scatter_without : float
        Square roots of the reduced chi-square with and without it.
    """

    label: str = ""
    p: float = NAN
    condition: float = NAN
    on_line_at: float = NAN
    scatter: float = NAN
    scatter_without: float = NAN


@dataclass(frozen=True, eq=False)
class LineChecks(Value):
    """All tests of a line; `rejected` where no value at a reference temperature follows from it."""

    curvature: Curvature = field(default_factory=Curvature)
    hysteresis: Hysteresis = field(default_factory=Hysteresis)
    odd: OddPoint = field(default_factory=OddPoint)

    @property
    def rejected(self) -> bool:
        """Whether the points contradict one straight line."""
        return self.curvature.bent or self.hysteresis.differs
