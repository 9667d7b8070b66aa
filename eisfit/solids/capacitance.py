"""The capacitance behind a constant-phase element: three formulas, and which one holds for which arc."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.solids.checks import VACUUM_F_PER_CM, number, one_of
from eisfit.tools.frozen import Floats, Value

Arc: TypeAlias = Literal["bulk", "grain boundary", "interphase", "interface", "double layer", "oxide film"]
Formula: TypeAlias = Literal["Hsu-Mansfeld", "Brug", "power law"]

ONE_PROCESS = 0.7  # an exponent below it is not the spread of one process
_WHY: dict[Formula, str] = {
    "Hsu-Mansfeld": "time constants are spread through the thickness of a layer, so that resistance and capacitance of"
    " the arc itself count: the capacitance at its top, tau / R",
    "Brug": "time constants are spread over the surface of an electrode, and each patch is in series with the"
    " electrolyte: the resistance of that in series counts",
    "power law": "the resistivity falls through a film by a power law down to the value at its outer side,"
    " which counts with the permittivity",
}
ARCS: dict[str, Formula] = {
    "bulk": "Hsu-Mansfeld",
    "grain boundary": "Hsu-Mansfeld",
    "interphase": "Hsu-Mansfeld",
    "interface": "Hsu-Mansfeld",
    "double layer": "Brug",
    "oxide film": "power law",
}


@dataclass(frozen=True, eq=False)
class EffectiveCapacitance(Value):
    """A capacitance, and the formula that gave it.

    Parameters
    ----------
    capacitance : float or ndarray
        In F; in F/cm² where `formula` is the power law.
    unit : {"F", "F/cm2"}
        Its unit.
    formula : {"Hsu-Mansfeld", "Brug", "power law"}
        Which holds for the arc.
    one_process : bool or ndarray of bool
        Whether alpha is at least 0.7.
    """

    capacitance: Floats
    unit: str
    formula: Formula
    one_process: npt.NDArray[np.bool_]

    @property
    def why(self) -> str:
        """Why this formula applies."""
        return f"{self.formula}: {_WHY[self.formula]}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is doubtful about it, as sentences."""
        if np.all(self.one_process):
            return ()
        return (
            f"alpha is below {ONE_PROCESS:g}: one constant-phase element is not one process; split the arc",
        )


def effective_capacitance(
    q: npt.ArrayLike,
    alpha: npt.ArrayLike,
    *,
    arc: str,
    resistance_ohm: npt.ArrayLike | None = None,
    series_ohm: npt.ArrayLike | None = None,
    resistivity_ohm_cm: npt.ArrayLike | None = None,
    permittivity: npt.ArrayLike | None = None,
) -> EffectiveCapacitance:
    """Return the capacitance of an arc by the formula that holds for its kind.

    Parameters
    ----------
    q, alpha : array_like
        Of the constant-phase element, S s^alpha (per cm² for an oxide film) and 1. Q itself is never a capacitance.
    arc : {"bulk", "grain boundary", "interphase", "interface", "double layer", "oxide film"}
        What the arc is. The first four are layers (`hsu_mansfeld`), a double layer is a surface (`brug`), an
        oxide film has a profile of resistivity (`power_law`).
    resistance_ohm : array_like, optional
        Of the arc; needed for layers. For a double layer the charge transfer beside it, blocking if not given.
    series_ohm : array_like, optional
        Ohmic resistance in series; needed for a double layer.
    resistivity_ohm_cm, permittivity : array_like, optional
        Resistivity at the outer side of a film, and its relative permittivity; needed for an oxide film.

    Raises
    ------
    InputError
        If the arc is not known, or what its formula needs is missing or out of range.

    Examples
    --------
    >>> found = effective_capacitance(1e-9, 0.9, arc="grain boundary", resistance_ohm=1e4)
    >>> f"{float(found.capacitance):.3g} {found.unit}", found.formula
    ('2.78e-10 F', 'Hsu-Mansfeld')
    """
    formula = ARCS[one_of("arc", arc, ARCS)]
    if formula == "Hsu-Mansfeld":
        if resistance_ohm is None:
            raise InputError(
                f"resistance_ohm is missing: the capacitance of a {arc} arc is tau / R; give that of the arc"
            )
        value = hsu_mansfeld(resistance_ohm, q, alpha)
    elif formula == "Brug":
        if series_ohm is None:
            raise InputError(
                "series_ohm is missing: a double layer needs the ohmic resistance in series with it"
            )
        value = brug(q, alpha, series_ohm, resistance_ohm)
    else:
        value = power_law(q, alpha, resistivity_ohm_cm, permittivity)
    unit = "F/cm2" if formula == "power law" else "F"
    return EffectiveCapacitance(value, unit, formula, np.asarray(number("alpha", alpha) >= ONE_PROCESS))


def hsu_mansfeld(resistance_ohm: npt.ArrayLike, q: npt.ArrayLike, alpha: npt.ArrayLike) -> Floats:
    r"""Return the capacitance at the top of an arc, :math:`C = Q^{1/\alpha} R^{(1-\alpha)/\alpha} = \tau / R`, in F.

    Parameters
    ----------
    resistance_ohm : array_like
        Of the arc, Ω.
    q, alpha : array_like
        Of its constant-phase element, S s^alpha and 1; alpha = 1 gives Q.

    Raises
    ------
    InputError
        If a number is out of range.

    Notes
    -----
    Source: Hsu and Mansfeld, Corrosion 57 (2001) 747, doi 10.5006/1.3280607.
    """
    n = number("alpha", alpha)
    value: Floats = number("q", q) ** (1 / n) * number("resistance_ohm", resistance_ohm) ** ((1 - n) / n)
    return value


def brug(
    q: npt.ArrayLike,
    alpha: npt.ArrayLike,
    series_ohm: npt.ArrayLike,
    resistance_ohm: npt.ArrayLike | None = None,
) -> Floats:
    r"""Return the capacitance of a surface, :math:`C = Q^{1/\alpha} (1/R_s + 1/R_{ct})^{(\alpha-1)/\alpha}`, in F.

    Parameters
    ----------
    q, alpha : array_like
        Of the constant-phase element, S s^alpha and 1; alpha = 1 gives Q.
    series_ohm : array_like
        Ohmic resistance in series, Ω.
    resistance_ohm : array_like, optional
        Of the charge transfer, Ω; a blocking electrode has none.

    Raises
    ------
    InputError
        If a number is out of range, or the series resistance is zero.

    Notes
    -----
    Source: Brug et al., J. Electroanal. Chem. 176 (1984) 275, doi 10.1016/S0022-0728(84)80324-1.
    """
    n, series = number("alpha", alpha), number("series_ohm", series_ohm)
    if np.any(series == 0):
        raise InputError(
            "series_ohm = 0: the formula of Brug needs an ohmic resistance; take hsu_mansfeld without one"
        )
    conductance = 1 / series
    if resistance_ohm is not None:
        conductance = conductance + 1 / number("resistance_ohm", resistance_ohm)
    value: Floats = number("q", q) ** (1 / n) * conductance ** ((n - 1) / n)
    return value


def power_law(
    q_per_cm2: npt.ArrayLike,
    alpha: npt.ArrayLike,
    resistivity_ohm_cm: npt.ArrayLike | None,
    permittivity: npt.ArrayLike | None,
) -> Floats:
    r"""Return the capacitance of a film, :math:`C = g Q (\rho_\delta \varepsilon \varepsilon_0)^{1-\alpha}`, in F/cm².

    With :math:`g = 1 + 2.88 (1-\alpha)^{2.375}`.

    Parameters
    ----------
    q_per_cm2, alpha : array_like
        Of the constant-phase element, S s^alpha / cm² and 1; alpha = 1 gives Q.
    resistivity_ohm_cm : array_like
        At the outer side of the film, where it is lowest, Ω cm.
    permittivity : array_like
        Relative one of the film.

    Raises
    ------
    InputError
        If a number is missing or out of range.

    Notes
    -----
    Source: Hirschorn et al., Electrochim. Acta 55 (2010) 6218, doi 10.1016/j.electacta.2009.10.065.
    """
    n = number("alpha", alpha)
    why = "the power law needs resistivity and permittivity of the film"
    tau = number("resistivity_ohm_cm", resistivity_ohm_cm, why) * number("permittivity", permittivity, why)
    g = 1 + 2.88 * (1 - n) ** 2.375
    value: Floats = g * number("q", q_per_cm2) * (tau * VACUUM_F_PER_CM) ** (1 - n)
    return value
