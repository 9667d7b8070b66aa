"""Sentences about a line: what its tests have shown, and what to do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.tools.rounding import with_error

if TYPE_CHECKING:
    from eisfit.laws.arrhenius import Arrhenius
    from eisfit.laws.checks import Hysteresis
    from eisfit.laws.law_fit import LawFit

LOWEST_EV, HIGHEST_EV = 0.02, 2.5  # outside, an activation energy is questioned
_KELVIN = 200.0  # °C; above, a temperature may be one in kelvin
_CLEARLY = 2.0  # standard errors
_SURELY = 1e-6  # below, a probability is shown as such


def doubts(line: LawFit) -> tuple[str, ...]:
    """Return what is questionable about a line in a few fixed words, for a cell of a table.

    Examples are ``bent``, ``heating and cooling differ``, ``of a sum``, ``not determined``.
    """
    checks, found = line.checks, []
    if checks.curvature.bent:
        found.append("bent")
    if checks.hysteresis.differs:
        found.append(
            "heating and cooling differ" if checks.hysteresis.kind == "branches" else "spectra differ"
        )
    if checks.odd.label:
        found.append(f"odd point {checks.odd.label}")
    if energy := _energy(line):
        if not energy.determined:
            found.append("not determined")
        if line.of_unlike_parts:
            found.append("of a sum")
    return tuple(found)


def sentences(line: LawFit, files: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return what the tests of a line have shown, one sentence each.

    Parameters
    ----------
    line : LawFit
        The line.
    files : mapping of str to str, optional
        File of each spectrum, by its label.
    """
    checks, name = line.checks, line.contribution or "points"
    found = []
    if checks.curvature.bent:
        found.append(_bent(line))
    if checks.hysteresis.differs:
        found.append(_differing(line, checks.hysteresis))
    if checks.odd.label:
        found.append(_odd([line], files or {}))
    if energy := _energy(line):
        found += _of_energy(energy)
    return tuple(f"{name}: {text}" for text in found)


def sentences_of(lines: Sequence[LawFit], files: Mapping[str, str] | None = None) -> list[str]:
    """Return the sentences of several lines; one point that is odd in several of them has one sentence.

    Parameters
    ----------
    lines : sequence of LawFit
        Of one series.
    files : mapping of str to str, optional
        As in `sentences`.
    """
    odd: dict[str, list[LawFit]] = {}
    for line in lines:
        if line.checks.odd.label:
            odd.setdefault(line.checks.odd.label, []).append(line)
    gathered = {
        f"{line.contribution or 'points'}: {_odd([line], files or {})}": same
        for same in odd.values()
        if len(same) > 1
        for line in same
    }
    found: dict[str, None] = {}
    for line in lines:
        for text in sentences(line, files):
            same = gathered.get(text)
            found[text if same is None else f"{_named(same)}: {_odd(same, files or {})}"] = None
    return list(found)


def _named(lines: Sequence[LawFit]) -> str:
    return ", ".join(line.contribution for line in lines)


def energy_text(line: Arrhenius, unit: str = "") -> str:
    """Return an activation energy with its error and what is questionable about it; no number that means nothing."""
    if not line.determined:
        return "not determined"
    number = with_error(line.activation_energy_ev, line.activation_energy_stderr_ev, unit)
    if line.checks.curvature.bent:
        return f"{number} (mean slope)"
    if line.checks.hysteresis.differs:
        return f"{number} (mean)"
    words = ["joint fit"] * (line.estimate == "joint") + ["of a sum"] * line.of_unlike_parts
    return f"{number} ({', '.join(words)})" if words and number else number


def _energy(line: LawFit) -> Arrhenius | None:
    from eisfit.laws.arrhenius import Arrhenius

    return line if isinstance(line, Arrhenius) else None


def _bent(line: LawFit) -> str:
    bend = line.checks.curvature
    used = line.at[line.used] - ZERO_CELSIUS_K
    ends = f"{used.min():.4g} to {used.max():.4g} °C"
    text = f"the line over 1/T is bent ({_probability(bend.p)})"
    if energy := _energy(line):
        cold, warm = (-slope * BOLTZMANN_EV_PER_K for slope in bend.end_slopes)
        low, high = (k - ZERO_CELSIUS_K for k in bend.kink)
        text += (
            f": its slope is {cold:.2f} eV at {used.min():.4g} °C and {warm:.2f} eV at {used.max():.4g} °C, "
        )
        if bend.has_kink:
            text += f"two slopes with a kink between {low:.1f} and {high:.1f} °C"
        elif cold > warm:
            text += "as of VTF, or of two slopes"
        else:
            text += "as of two processes, or of a sample that is not at the temperature stated"
        mean = with_error(energy.activation_energy_ev, energy.activation_energy_stderr_ev, "eV")
        text += f"; E_A {mean} is the mean slope over {ends}"
    return f"{text}; no value at 25 and 60 °C follows from it: take those of single spectra, or fit parts of the range"


def _differing(line: LawFit, found: Hysteresis) -> str:
    first, second = found.names
    place = int(np.argmax(np.abs(found.differences)))
    rising = "sigma" in line.ordinate or line.ordinate == "ln(R)"
    quantity = "the conductivity" if "sigma" in line.ordinate else "the resistance"
    logarithms = [d if rising else -d for d in found.differences]
    percent = 100 * math.expm1(sum(logarithms) / len(logarithms))
    most = 100 * math.expm1(logarithms[place])
    at = found.conditions[place] - ZERO_CELSIUS_K
    much = f"{quantity} is {abs(percent):.2g} % {'higher' if percent > 0 else 'lower'}"
    several = f" on average over {len(logarithms)} temperatures, {abs(most):.2g} % at {at:.4g} °C"
    much += several if len(logarithms) > 1 else f" at {at:.4g} °C"
    if found.kind == "names":
        return (
            f"spectra named {second!r} and {first!r} differ at equal temperatures ({_probability(found.p)}): {much} "
            f"in {second!r}; no value at 25 and 60 °C: are these two cells in one folder, or heating and cooling? Fit "
            "each by itself"
        )
    if found.kind == "branches":
        return (
            f"heating and cooling differ at equal temperatures ({_probability(found.p)}): {much} on {second}; no "
            "value at 25 and 60 °C: the cell changes, or is not at the temperature stated; wait longer, cycle until "
            "both agree, or fit one branch by itself"
        )
    return (
        f"{first} and {second} differ at equal temperatures ({_probability(found.p)}): {much} on {second}; no value at "
        "25 and 60 °C: the cell changes, or there are two cells in one folder; fit each pass by itself"
    )


def _odd(lines: Sequence[LawFit], files: Mapping[str, str]) -> str:
    """Return what is said of the point that is odd in some lines."""
    points = [line.checks.odd for line in lines]
    first = points[0]
    name, at = files.get(first.label) or first.label, first.condition - ZERO_CELSIUS_K
    falls = ", ".join(f"from x {p.scatter:.1f} to x {p.scatter_without:.1f}" for p in points)
    text = f"without {name} ({at:.4g} °C) the scatter falls {falls}"
    places = [p.on_line_at - ZERO_CELSIUS_K for p in points if math.isfinite(p.on_line_at)]
    if places:
        low, high = f"{min(places):.1f}", f"{max(places):.1f}"
        text += f"; it would lie on the line at {low if low == high else f'{low} to {high}'} °C"
    return f"{text}: check its temperature, or leave it out"


def _of_energy(line: Arrhenius) -> list[str]:
    energy, error = line.activation_energy_ev, line.activation_energy_stderr_ev
    if not line.determined:
        return [
            f"E_A is not determined: its error, {error:.2g} eV, is above 0.5 eV or above half of the value; measure "
            "more temperatures, or further apart"
        ]
    margin = _CLEARLY * error if math.isfinite(error) else 0.0
    shown = with_error(energy, error, "eV")
    if energy + margin < 0:
        return [
            f"E_A {shown} is negative: the resistance rises on heating, as that of a contact or of a metal does; check "
            "the contacts, the temperatures, and which arc it is"
        ]
    if energy + margin < LOWEST_EV and line.role != "lead":
        return [f"E_A {shown} is below {LOWEST_EV} eV: a contact or a lead may be what it is of"]
    if energy - margin > HIGHEST_EV:
        coldest = float(line.at.min()) - ZERO_CELSIUS_K
        cure = "check the temperatures and which arc it is"
        if coldest > _KELVIN:
            centre = 1 / line.centre_per_k
            as_kelvin = energy * ((centre - ZERO_CELSIUS_K) / centre) ** 2
            cure = (
                f"if the temperatures are kelvin, it is {as_kelvin:.2f} eV: write temperature_c 273.15 lower"
            )
        return [f"E_A {shown} is above {HIGHEST_EV} eV: {cure}"]
    return []


def _probability(p: float) -> str:
    return f"p = {p:.1g}" if p >= _SURELY else f"p < {_SURELY:.0e}"
