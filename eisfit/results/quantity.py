"""The quantity of a contribution that is followed over a condition, and its ordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from eisfit.cell.roles import role_of, roles_of
from eisfit.errors import SeriesError
from eisfit.results.contribution import Contribution
from eisfit.tools.frozen import Floats

if TYPE_CHECKING:
    from eisfit.laws.ordinate import Ordinate
    from eisfit.laws.registry import Law


def quantity_of(rows: Sequence[Contribution]) -> tuple[str, str]:
    """Return which of area-specific resistance, conductivity and resistance all rows know, and its unit."""
    if all(np.isfinite(c.asr_ohm_cm2) for c in rows):
        return "asr", "ohm cm2"
    if all(np.isfinite(c.conductivity_s_cm) for c in rows):
        return "conductivity", "S cm-1"
    return "resistance", "ohm"


def conductivity_unit(role: str) -> str:
    """Return the unit of a conductivity as people read it; that of grain boundaries is called apparent."""
    return "S/cm apparent" if role_of(role).apparent else "S/cm"


def quantity_value(row: Contribution, quantity: str) -> float:
    """Return the value of a quantity of a contribution."""
    by_name = {
        "asr": row.asr_ohm_cm2,
        "conductivity": row.conductivity_s_cm,
        "resistance": row.resistance_ohm,
    }
    return by_name[quantity]


def parts_seen(rows: Sequence[Contribution], quantity: str) -> Floats:
    """Return by what values of rows are divided so that they are of one thing: of a layer of which rows have parts."""
    if quantity != "resistance" or all(float(c.count).is_integer() for c in rows):
        return np.ones(len(rows))
    return np.array([c.count for c in rows], float)


def ordinates_of_quantity(quantity: str) -> tuple[Ordinate, Ordinate]:
    """Return the ordinates of a quantity, with and without T."""
    return ("ln(sigma T)", "ln(sigma)") if quantity == "conductivity" else ("ln(T/R)", "ln(1/R)")


def ordinates_of(row: Contribution, quantity: str) -> tuple[Ordinate, Ordinate]:
    """Return the two ordinates of a quantity, the default of the role first.

    Sums with a boundary that has no T in its default ordinate have none either, unless they hold a layer.
    """
    with_t, without_t = ordinates_of_quantity(quantity)
    roles = roles_of(row.role)
    plain = any(not r.temperature_in_ordinate for r in roles) and all(r.kind != "layer" for r in roles)
    return (without_t, with_t) if plain else (with_t, without_t)


def quantity_for_law(rows: Sequence[Contribution], law: Law) -> tuple[str, str, list[Ordinate]]:
    """Return the quantity of rows that a law can follow, its unit, and the ordinates of the law, the default first.

    A conductivity is followed by its resistance where the law has ordinates of resistances only.

    Raises
    ------
    SeriesError
        If no ordinate of the law suits.
    """
    from eisfit.laws.ordinate import suits

    for quantity, unit in (quantity_of(rows), ("resistance", "ohm")):
        usual = [o for o in ordinates_of(rows[0], quantity) if o in law.ordinates]
        if choices := usual + [o for o in law.ordinates if suits(o, quantity) and o not in usual]:
            return quantity, unit, choices
    raise SeriesError(f"law {law.name!r} has no ordinate that suits {rows[0].name!r}")
