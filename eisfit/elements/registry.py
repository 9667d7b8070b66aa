"""What an element is: a formula with its derivatives, named, with units and ranges."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from eisfit.tools.frozen import Complexes, Floats, Ints

Evaluated: TypeAlias = tuple[Complexes, tuple[Complexes, ...]]
Formula: TypeAlias = Callable[..., Evaluated]
TimePower: TypeAlias = float | str


class Laplace:
    """The variable ``s = j omega`` on a frequency grid, with its logarithm.

    Parameters
    ----------
    frequency_hz : ndarray, shape (F,) or (batch, F)
        Frequencies in Hz, positive; 0 is allowed for formulas without a power of s.
    """

    def __init__(self, frequency_hz: Floats) -> None:
        self.omega: Floats = 2 * np.pi * np.asarray(frequency_hz, float)

    @cached_property
    def log_omega(self) -> Floats:
        """Natural logarithm of the angular frequencies."""
        return np.asarray(np.log(self.omega))

    @cached_property
    def s(self) -> Complexes:
        """The values of s in 1/s."""
        return 1j * self.omega

    @cached_property
    def log(self) -> Complexes:
        """Natural logarithm of s (principal branch)."""
        return self.log_omega + 0.5j * np.pi

    def power(self, exponent: Floats | float, log_tau: Floats | float = 0.0) -> Complexes:
        """Return ``(s tau)**exponent`` with one real exponential per point.

        Parameters
        ----------
        exponent : float or ndarray, shape (batch, 1)
            Any real exponent.
        log_tau : float or ndarray, shape (batch, 1)
            Natural logarithm of the time constant in s; 0 leaves s as it is.
        """
        angle = 0.5 * np.pi * exponent
        rotation = np.cos(angle) + 1j * np.sin(angle)
        return np.exp(exponent * (self.log_omega + log_tau)) * rotation

    def rows(self, index: Ints) -> Laplace:
        """Return the grid of some rows of a batch; a grid common to all rows is returned as it is."""
        if self.omega.ndim == 1:
            return self
        part = object.__new__(Laplace)
        part.omega = self.omega[index]
        part.log_omega = self.log_omega[index]
        return part


@dataclass(frozen=True)
class Quantity:
    """One parameter of an element.

    Parameters
    ----------
    name : str
        Symbol, such as ``"tau"``.
    unit : str
        Unit in text.
    resistance, time : float
        Exponents a and b with which the quantity scales as ohm^a s^b; b may be the name of an exponent
        of the same element (a str). A value follows from a resistance and a time by them.
    upper : float, optional
        Physical upper limit. The lower limit is 0 for every quantity.
    usual : (float, float), optional
        Range in which a dimensionless quantity usually lies; it is no bound.
    size : float
        Its value at 1 ohm and 1 s, for units other than those of ohm and second.
    factor : float
        Exponent with which a dimensionless quantity follows the impedance where all else stays; 0 for none.
    """

    name: str
    unit: str
    resistance: float = 0.0
    time: TimePower = 0.0
    upper: float = math.inf
    usual: tuple[float, float] = (0.4, 1.0)
    size: float = 1.0
    factor: float = 0.0

    @property
    def dimensionless(self) -> bool:
        """Whether neither a resistance nor a time scales it."""
        return self.resistance == 0 and self.time == 0

    @property
    def is_exponent(self) -> bool:
        """Whether it is an exponent: dimensionless with an upper limit; drawn evenly from its usual range."""
        return self.dimensionless and math.isfinite(self.upper)

    @property
    def is_ratio(self) -> bool:
        """Whether it is a ratio: dimensionless without a limit; its logarithm is drawn evenly."""
        return self.dimensionless and not self.is_exponent


RESISTANCE_AND_TIME = (Quantity("R", "ohm", resistance=1), Quantity("tau", "s", time=1))  # of many elements


@dataclass(frozen=True)
class Element:
    """A named formula.

    Parameters
    ----------
    name : str
        Name in circuit strings.
    quantities : tuple of Quantity
        Parameters in order.
    formula : callable
        ``formula(s, *values) -> (z, (dz/dln p, ...))``; values have shape (batch, 1), results
        (batch, F), in ohm. With inner circuits ``formula(s, *inner, *values) -> (z, (dz/dln inner, ...,
        dz/dln p, ...))``, where each of `inner` (batch, F) is the impedance of one.
    dc : str
        What remains at zero frequency: the name of a quantity in ohm, ``"open"``, ``"short"``, or
        ``"formula"``: the formula itself at s = 0, with the resistances of its inner circuits at dc.
    inner : tuple of str
        What the sub-circuits are that it takes, in order: ``("wall",)``. Empty for most elements.
    open_with : tuple of str
        Those inner circuits that block direct current in the element where all of them do.
    arc : tuple of str
        Of an arc, a resistor parallel to a capacitor or a constant-phase element: the names of its resistance,
        of the time constant at its top, and of its exponent where it has one. Empty for other elements.
    limit_of : tuple of str
        Names of the elements of which it is a special case or a limit.
    determined : int, optional
        How many of its quantities a spectrum determines, where these are not all.
    exchangeable : tuple of str
        Quantities that can change places at the same impedance; a fit has the larger first.
    """

    name: str
    quantities: tuple[Quantity, ...]
    formula: Formula
    dc: str
    inner: tuple[str, ...] = ()
    open_with: tuple[str, ...] = ()
    arc: tuple[str, ...] = ()
    limit_of: tuple[str, ...] = ()
    determined: int | None = None
    exchangeable: tuple[str, ...] = ()

    @property
    def doc(self) -> str:
        """First line of the formula's docstring."""
        return (self.formula.__doc__ or "").strip().split("\n")[0]


REGISTERED: dict[str, Element] = {}  # `element` alone adds to it; all others read ELEMENTS
ELEMENTS = MappingProxyType(REGISTERED)


def element(
    name: str,
    *quantities: Quantity,
    dc: str,
    inner: tuple[str, ...] = (),
    open_with: tuple[str, ...] | None = None,
    arc: tuple[str, ...] = (),
    limit_of: tuple[str, ...] = (),
    determined: int | None = None,
    exchangeable: tuple[str, ...] = (),
) -> Callable[[Formula], Formula]:
    """Register the decorated formula as an element of circuit strings; see `Element` for what it declares.

    Without `open_with` the element blocks direct current where all of its inner circuits do.
    """

    def register(formula: Formula) -> Formula:
        if name in REGISTERED:
            raise ValueError(f"an element {name!r} exists already: choose another name")
        through = inner if open_with is None else open_with
        REGISTERED[name] = Element(
            name, quantities, formula, dc, inner, through, arc, limit_of, determined, exchangeable
        )
        return formula

    return register
