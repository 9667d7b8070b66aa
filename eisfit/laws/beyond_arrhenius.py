"""Laws over temperature beyond one Arrhenius line: two lines that meet, a glass former, ln C in 1/T."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.laws.arrhenius import reciprocal
from eisfit.laws.law_fit import LawFit
from eisfit.laws.ordinate import ORDINATES
from eisfit.laws.registry import (
    FAMILIES,
    OF_ORDINATE,
    TEMPERATURE,
    Evaluated,
    Law,
    LawParameter,
    Straight,
    law,
)
from eisfit.tools.frozen import Floats

BROKEN = "broken arrhenius"
_ROOM_PER_K = 1 / 298.15
_KNOTS = 60  # break temperatures, or Vogel temperatures, with which a fit may begin
_LOWEST_T0_K = -300.0  # below, an Arrhenius law is as good for any measured range
_SURE = 2.0  # standard errors of T0 within which 0 makes it an Arrhenius law


def _broken(t: Floats, at_break: float, e_low: float, e_high: float, t_break: float) -> Evaluated:
    x = (1 / t - 1 / t_break) / BOLTZMANN_EV_PER_K
    cold = t < t_break
    energy = np.where(cold, e_low, e_high)
    slopes = (np.ones_like(t), np.where(cold, -x, 0.0), np.where(cold, 0.0, -x))
    return np.log(at_break) - energy * x, slopes, energy / (BOLTZMANN_EV_PER_K * t**2)


def _two_lines(t: Floats, y: Floats, knots: Floats) -> tuple[float, float, float, float]:
    """Return level, energies and break of the best two lines that meet at one of some temperatures."""
    best = (np.inf, 1.0, 0.5, 0.5, float(knots[0]))
    for knot in knots:
        x = (1 / t - 1 / knot) / BOLTZMANN_EV_PER_K
        design = np.stack([np.ones_like(t), np.where(t < knot, -x, 0.0), np.where(t < knot, 0.0, -x)], axis=1)
        found = np.linalg.lstsq(design, y, rcond=None)[0]
        off = float(np.sum((design @ found - y) ** 2))
        if off < best[0]:
            best = (off, float(np.exp(found[0])), float(found[1]), float(found[2]), float(knot))
    return best[1:]


def _start_broken(t: Floats, y: Floats) -> tuple[float, float, float, float]:
    distinct = np.unique(t)
    inner = distinct[1:-1] if distinct.size > 3 else distinct
    return _two_lines(t, y, np.linspace(inner[0], inner[-1], _KNOTS))


@law(
    BROKEN,
    LawParameter("at_break", OF_ORDINATE),
    LawParameter("E_low", "eV", coordinate="value"),
    LawParameter("E_high", "eV", coordinate="value"),
    LawParameter("T_break", "K"),
    ordinates=ORDINATES,
    condition=TEMPERATURE,
    source="two Arrhenius laws, as of two phases",
    start=_start_broken,
)
def broken_arrhenius(
    temperature_k: Floats, at_break: float, e_low: float, e_high: float, t_break: float
) -> Evaluated:
    r"""Two Arrhenius lines that meet at a temperature, which is fitted too; below it `E_low`, above it `E_high`."""
    y, slopes, rate = _broken(temperature_k, at_break, e_low, e_high, t_break)
    energy = np.where(temperature_k < t_break, e_low, e_high)
    return y, (*slopes, -energy / (BOLTZMANN_EV_PER_K * t_break)), rate  # by ln T_break


@dataclass(frozen=True)
class _At:
    """A broken Arrhenius law whose break temperature is known."""

    t_break: float

    def formula(self, temperature_k: Floats, at_break: float, e_low: float, e_high: float) -> Evaluated:
        """Two Arrhenius lines that meet at a known temperature."""
        return _broken(temperature_k, at_break, e_low, e_high, self.t_break)

    def start(self, temperature_k: Floats, y: Floats) -> tuple[float, float, float]:
        return _two_lines(temperature_k, y, np.array([self.t_break]))[:3]


def _known_break(name: str) -> Law | None:
    """Return the law ``broken arrhenius at 60 °C``; None for another name."""
    found = re.fullmatch(rf"{BROKEN} at\s+(-?\d+(?:\.\d+)?)\s*(?:°C|degC|C)", name)
    if found is None:
        return None
    at = _At(float(found[1]) + ZERO_CELSIUS_K)
    free = law_parameters(BROKEN)
    return Law(name, free[:3], at.formula, ORDINATES, TEMPERATURE, "two Arrhenius laws", start=at.start)


def law_parameters(name: str) -> tuple[LawParameter, ...]:
    """Return the parameters of a registered law."""
    from eisfit.laws.registry import LAWS

    return LAWS[name].parameters


FAMILIES.append((f"{BROKEN} at 60 °C", _known_break))


class Vft(LawFit):
    """A Vogel-Fulcher-Tammann law; where the points do not show a Vogel temperature, that is said."""

    @property
    def determined(self) -> bool:
        """Whether the Vogel temperature differs from 0 K, where the law is that of Arrhenius, by two errors."""
        t0 = self["T0"]
        return bool(abs(t0.value) > _SURE * t0.stderr)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is questionable about it in a few fixed words."""
        return super().notes if self.determined else (*super().notes, "T0 not determined")

    def sentences(self, files: object = None) -> tuple[str, ...]:
        """Return what is to be said of it."""
        if self.determined:
            return super().sentences()
        t0 = self["T0"]
        return (
            *super().sentences(),
            f"T0 {self.shown(t0)} is 0 K within its error: an Arrhenius law describes the points as well; B and T0 are "
            "known together only, measure over a wider range of temperatures",
        )


def _start_vft(t: Floats, y: Floats) -> tuple[float, float, float]:
    best = (np.inf, 1.0, 0.5, 0.0)
    for t0 in np.linspace(_LOWEST_T0_K, 0.97 * float(t.min()), _KNOTS):
        design = np.stack([np.ones_like(t), -1 / (BOLTZMANN_EV_PER_K * (t - t0))], axis=1)
        found = np.linalg.lstsq(design, y, rcond=None)[0]
        off = float(np.sum((design @ found - y) ** 2))
        if off < best[0]:
            best = (off, float(np.exp(found[0])), float(found[1]), float(t0))
    return best[1:]


@law(
    "vft",
    LawParameter("A", OF_ORDINATE),
    LawParameter("B", "eV", coordinate="value"),
    LawParameter("T0", "K", coordinate="value"),
    ordinates=ORDINATES,
    condition=TEMPERATURE,
    source="Fulcher, J. Am. Ceram. Soc. 8 (1925) 339, doi 10.1111/j.1151-2916.1925.tb16731.x",
    start=_start_vft,
    result=Vft,
)
def vft(temperature_k: Floats, a: float, b: float, t0: float) -> Evaluated:
    r"""Vogel-Fulcher-Tammann, :math:`y = \ln A - B / (k (T - T_0))`; T0 = 0 is the Arrhenius law."""
    away = np.where(temperature_k > t0, temperature_k - t0, np.nan)
    term = 1 / (BOLTZMANN_EV_PER_K * away)
    y = np.log(a) - b * term
    return y, (np.ones_like(away), -term, -b * term / away), b * term / away


def _from_room(temperature_k: Floats) -> tuple[Floats, Floats]:
    inverse, per = reciprocal(temperature_k)
    return inverse - _ROOM_PER_K, per


@law(
    "linear in 1/T",
    LawParameter("value_25c", OF_ORDINATE),
    LawParameter("slope", "K", coordinate="value"),
    ordinates=("ln(R)",),
    condition=TEMPERATURE,
    source="an expansion of the logarithm, as of a capacitance",
    straight=Straight(_from_room),
)
def linear_in_reciprocal(temperature_k: Floats, value_25c: float, slope: float) -> Evaluated:
    r"""Logarithm linear in 1/T, :math:`\ln p = \ln p_{25} + b (1/T - 1/T_{25})`, as of a capacitance."""
    x = 1 / temperature_k - _ROOM_PER_K
    return np.log(value_25c) + slope * x, (np.ones_like(x), x), -slope / temperature_k**2
