"""Activation energies as figures and tables write them: in eV or kJ/mol, with equal digits where they are compared."""

from __future__ import annotations

import math
from collections.abc import Sequence

from eisfit.constants import KJ_PER_MOL_PER_EV
from eisfit.laws.arrhenius import Arrhenius
from eisfit.laws.law_fit import LawFit
from eisfit.laws.line_sentences import energy_text
from eisfit.plots.canvas.choice import EnergyUnit
from eisfit.tools.rounding import with_error


def per_ev(unit: EnergyUnit) -> float:
    """Return what turns eV into a unit."""
    return KJ_PER_MOL_PER_EV if unit == "kJ/mol" else 1.0


def common_decimals(lines: Sequence[LawFit], unit: EnergyUnit) -> int | None:
    """Return the decimals that show two digits of the largest error; None if no energy has an error."""
    errors = [
        per_ev(unit) * line.activation_energy_stderr_ev
        for line in lines
        if isinstance(line, Arrhenius) and line.determined and line.activation_energy_stderr_ev > 0
    ]
    return max(0, 1 - math.floor(math.log10(max(errors)))) if errors else None


def energy(line: Arrhenius, unit: EnergyUnit, decimals: int | None = None) -> str:
    """Return an activation energy with its error and what is questionable about it.

    Parameters
    ----------
    line : Arrhenius
        The line.
    unit : {"eV", "kJ/mol"}
        Of the energy.
    decimals : int, optional
        Of the energy and its error; as in tables if not given.
    """
    plain = energy_text(line, "eV")
    if not line.determined or (unit == "eV" and decimals is None):
        return plain
    remark = plain[plain.index(" (") :] if " (" in plain else ""
    value, error = (
        per_ev(unit) * part for part in (line.activation_energy_ev, line.activation_energy_stderr_ev)
    )
    if decimals is None or not math.isfinite(error):
        return f"{with_error(value, error, unit)}{remark}"
    return f"{value:.{decimals}f} ± {error:.{decimals}f} {unit}{remark}"
