"""What a user may choose of a figure: limits, ordinate, contributions, names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from eisfit.errors import InputError
from eisfit.tools.nearest import did_you_mean

if TYPE_CHECKING:
    from eisfit.plots.canvas.curves import Quantity

Limits: TypeAlias = tuple[float, float]
EnergyUnit: TypeAlias = Literal["eV", "kJ/mol"]

ENERGY_UNITS: tuple[EnergyUnit, ...] = ("eV", "kJ/mol")


@dataclass(frozen=True)
class Choice:
    """What is asked of a figure beside what it draws; each kind says which of it it takes.

    Parameters
    ----------
    labels : tuple of str
        Names of the cells, one for each.
    quantity : {"ohm", "ohm cm2"}
        Whether impedances are multiplied by the area.
    xlim, ylim : (float, float), optional
        Limits of the axes, in the unit of their titles without its prefix.
    ordinate : str
        Of an Arrhenius plot, such as ``log10(sigma)``; that of each role if empty.
    contributions : tuple of str
        Which to draw; all if empty.
    energy_unit : {"eV", "kJ/mol"}
        Of activation energies.
    names : tuple of (str, str)
        Contributions and what the legend calls them.

    Raises
    ------
    InputError
        If limits are not in rising order, or a unit is not known.
    """

    labels: tuple[str, ...] = ()
    quantity: Quantity = "ohm"
    xlim: Limits | None = None
    ylim: Limits | None = None
    ordinate: str = ""
    contributions: tuple[str, ...] = ()
    energy_unit: EnergyUnit = "eV"
    names: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Choice:
        """Return the choice of some fields by their names; lists become tuples.

        Raises
        ------
        InputError
            If there is no such field.
        """
        known = [f.name for f in fields(cls)]
        for name in given:
            if name not in known:
                raise InputError(
                    f"a figure has no {name!r}{did_you_mean(name, known)}; known: {', '.join(known)}"
                )
        values = {name: value for name, value in given.items() if value is not None}
        for name in ("labels", "contributions"):
            if name in values:
                values[name] = (values[name],) if isinstance(values[name], str) else tuple(values[name])
        if isinstance(values.get("names"), Mapping):
            values["names"] = tuple(values["names"].items())
        for name in ("xlim", "ylim"):
            if name in values:
                values[name] = _limits(name, values[name])
        return cls(**values)

    def __post_init__(self) -> None:
        for name, limits in (("xlim", self.xlim), ("ylim", self.ylim)):
            if limits is not None and not limits[0] < limits[1]:
                raise InputError(
                    f"{name} {limits[0]:g} to {limits[1]:g}: the first limit must be the smaller one"
                )
        if self.energy_unit not in ENERGY_UNITS:
            raise InputError(
                f"energy unit {self.energy_unit!r} is not known{did_you_mean(self.energy_unit, ENERGY_UNITS)}; "
                f"known: {', '.join(ENERGY_UNITS)}"
            )

    @property
    def asked(self) -> list[str]:
        """What is chosen otherwise than by default."""
        return [f.name for f in fields(self) if getattr(self, f.name) != f.default]

    def named(self, contribution: str) -> str:
        """Return what the legend calls a contribution."""
        return dict(self.names).get(contribution, contribution)


BY_DEFAULT = Choice()


def _limits(name: str, given: Any) -> Limits:
    values = list(given)
    if len(values) != 2:
        raise InputError(f"{name} has {len(values)} numbers: give the lower and the upper limit")
    return float(values[0]), float(values[1])


def check_taken(kind: str, choice: Choice, taken: Mapping[str, frozenset[str]]) -> None:
    """Raise InputError if a kind of figure does not take what is chosen; name the kinds that do."""
    for asked in choice.asked:
        if asked not in taken[kind]:
            others = [name for name, takes in taken.items() if asked in takes]
            raise InputError(f"a figure {kind!r} takes no {asked}; it is for {', '.join(others)}")
