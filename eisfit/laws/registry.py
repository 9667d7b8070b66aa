"""What a law is: a formula with its derivatives, named, with units, ordinates and the condition it is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from eisfit.errors import SeriesError
from eisfit.laws.ordinate import Ordinate
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean

if TYPE_CHECKING:
    from eisfit.laws.law_fit import LawFit

Evaluated: TypeAlias = tuple[Floats, tuple[Floats, ...], Floats]
Formula: TypeAlias = Callable[..., Evaluated]
Coordinate: TypeAlias = Literal["logarithm", "value"]
Abscissa: TypeAlias = Callable[[Floats], tuple[Floats, Floats]]
Refusal: TypeAlias = Callable[[Floats, Floats, "Floats | None"], str]
Start: TypeAlias = Callable[[Floats, Floats], tuple[float, ...]]

TEMPERATURE = "temperature_c"  # condition that formulas get in kelvin
OF_ORDINATE = (
    "ordinate"  # word in the unit of a parameter for the unit of the ordinate, without its logarithm
)


@dataclass(frozen=True)
class LawParameter:
    """One parameter of a law.

    Parameters
    ----------
    name : str
        Symbol, such as ``"E"``.
    unit : str
        Unit in text; the word ``ordinate`` in it stands for the unit of what is in the logarithm of the ordinate, as in
        ``"ordinate h^-1/2"``. A parameter with it scales as all values do.
    coordinate : {"logarithm", "value"}
        In what it is fitted: its logarithm, so that it stays positive, or its value, which may be negative.
    """

    name: str
    unit: str
    coordinate: Coordinate = "logarithm"


@dataclass(frozen=True)
class Straight:
    """A law of two parameters that is a straight line ``level + slope x`` in its ordinate.

    The coordinate of its first parameter is the level at x = 0, that of the second is ``factor * slope``.

    Parameters
    ----------
    abscissa : callable
        ``abscissa(condition) -> (x, d condition / dx)``.
    factor : float
        Second coordinate per slope.
    """

    abscissa: Abscissa
    factor: float = 1.0


@dataclass(frozen=True)
class Law:
    """A named formula for how a quantity follows a condition.

    Parameters
    ----------
    name : str
        Such as ``"arrhenius"``.
    parameters : tuple of LawParameter
        In order.
    formula : callable
        ``formula(condition, *values) -> (y, (dy/dc, ...), dy/dcondition)``: the ordinate, its derivatives by the
        coordinates of the parameters, and by the condition; arrays of shape (n,) in and out.
    ordinates : tuple of str
        Ordinates in which the formula holds.
    condition : str
        Name of the condition, such as ``"time_h"``; of ``"temperature_c"`` the formula gets kelvin.
    source : str
        Where the law is published.
    straight : Straight or None
        Set where the law is a straight line in its ordinate.
    start : callable or None
        ``start(condition, y) -> values`` from which the fit of a law that is no straight line begins.
    result : type or None
        Subclass of LawFit that fits of this law have; LawFit if None.
    refuses : callable or None
        ``refuses(condition, value, stderr_log) -> str``: why it cannot hold for points, or ''.
    """

    name: str
    parameters: tuple[LawParameter, ...]
    formula: Formula
    ordinates: tuple[Ordinate, ...]
    condition: str
    source: str
    straight: Straight | None = None
    start: Start | None = None
    result: type[LawFit] | None = None
    refuses: Refusal | None = None

    @property
    def doc(self) -> str:
        """First line of the formula's docstring."""
        return (self.formula.__doc__ or "").strip().split("\n")[0]


REGISTERED: dict[str, Law] = {}  # `law` alone adds to it; all others read LAWS
LAWS = MappingProxyType(REGISTERED)
Family: TypeAlias = Callable[[str], Law | None]
FAMILIES: list[
    tuple[str, Family]
] = []  # laws with a known number in their name: an example, and what reads it


def law(
    name: str,
    *parameters: LawParameter,
    ordinates: tuple[Ordinate, ...],
    condition: str,
    source: str,
    straight: Straight | None = None,
    start: Start | None = None,
    result: type[LawFit] | None = None,
    refuses: Refusal | None = None,
) -> Callable[[Formula], Formula]:
    """Register the decorated formula as a law; see `Law` for what it declares.

    Raises
    ------
    ValueError
        If the name is taken, the law is neither a straight line nor has a start, or an ordinate holds T in a law
        over another condition.
    """
    if name in REGISTERED:
        raise ValueError(f"a law {name!r} exists already: choose another name")
    if (straight is None) == (start is None):
        raise ValueError(f"law {name!r}: give straight= for a straight line, start= for any other law")
    if straight is not None and len(parameters) != 2:
        raise ValueError(f"law {name!r}: a straight line has two parameters, not {len(parameters)}")
    if condition != TEMPERATURE and any("T" in o for o in ordinates):
        raise ValueError(f"law {name!r}: an ordinate with T needs a law over {TEMPERATURE}")

    def register(formula: Formula) -> Formula:
        REGISTERED[name] = Law(
            name, parameters, formula, ordinates, condition, source, straight, start, result, refuses
        )
        return formula

    return register


def law_known(name: str) -> Law | None:
    """Return a law by its name; None if there is none of that name."""
    return REGISTERED.get(name) or next((f for _, read in FAMILIES if (f := read(name)) is not None), None)


def law_named(name: str) -> Law:
    """Return a law by its name.

    Raises
    ------
    SeriesError
        If there is none of that name; the message lists those there are.
    """
    if (found := law_known(name)) is not None:
        return found
    names = [*sorted(REGISTERED), *(example for example, _ in FAMILIES)]
    raise SeriesError(f"no law {name!r}{did_you_mean(name, names)}; there are {', '.join(map(repr, names))}")
