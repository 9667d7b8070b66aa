"""What the terms of a fitted structure are: parameters of its circuit, and the arcs and tails that it shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from eisfit.suggestion.mixed import Fitted
from eisfit.suggestion.structure import TERMS

Shape: TypeAlias = Literal["arc", "45 degrees", "tail"]
_TOP = {"G": 1 / math.sqrt(3.0), "Ws": 1 / 2.5407, "Wsn": 1 / 2.5407}  # time at the top over tau
BEYOND = 4.0  # from which factor outside the window on the top of an arc is not seen


@dataclass(frozen=True)
class Feature:
    """An arc or a tail of a spectrum.

    Parameters
    ----------
    shape : {"arc", "45 degrees", "tail"}
        45 degrees: it rises at 45° or less at high frequencies, as diffusion and pores do.
    resistance_ohm, capacitance_f, exponent : float
        Of an arc the effective capacitance at its top; of a tail capacitance and modulus at the lowest frequency.
    frequency_hz : float
        Of its top; of a tail the lowest frequency.
    """

    shape: Shape
    resistance_ohm: float
    capacitance_f: float
    exponent: float
    frequency_hz: float


def features(fitted: Fitted, f_min_hz: float, f_max_hz: float) -> tuple[Feature, ...]:
    """Return the arcs and tails of a fitted structure, the fastest first.

    An arc above the window is a resistor, and has no capacitance; one below it is the beginning of a tail.
    """
    omega = 2 * math.pi * f_min_hz
    found = []
    for kind, p in zip(fitted.structure.kinds, fitted.log_p, strict=True):
        r, tau, exponent = np.exp(np.clip(p, -200, 200)).tolist()
        if TERMS[kind].tail:
            power = {"CPE": exponent, "W": 0.5, "Won": 2 * exponent}.get(kind, 1.0)
            size = r * (omega * tau) ** -power
            shape: Shape = "45 degrees" if kind in ("Wo", "Won") else "tail"
            found.append(Feature("tail", size, 1 / (omega * size), power, f_min_hz))
            if shape != "tail":
                found.append(Feature(shape, r / 3, 3 * tau / r, 0.5, 1 / (2 * math.pi * tau)))
            continue
        top = tau * _TOP.get(kind, 1.0)
        if 2 * math.pi * f_max_hz * top < 1 / BEYOND:
            continue
        if omega * top > BEYOND:
            size = r * (omega * tau) ** -(exponent if kind == "Zarc" else 1.0)
            found.append(Feature("tail", size, 1 / (omega * size), exponent, f_min_hz))
            continue
        steep = kind in ("K", "Zarc") and exponent > 0.62
        found.append(
            Feature(
                "arc" if steep else "45 degrees",
                r,
                top / r,
                exponent if kind in ("K", "Zarc") else 0.5,
                1 / (2 * math.pi * top),
            )
        )
    for name, value in zip(fitted.structure.linear, fitted.linear, strict=True):
        if name == "C" and value > 0:
            found.append(Feature("tail", value / omega, 1 / value, 1.0, f_min_hz))
    return tuple(sorted(found, key=lambda x: -x.frequency_hz))


def parameters(fitted: Fitted) -> dict[str, float]:
    """Return the parameters of its circuit by name, in the units of the elements."""
    linear = dict(zip(fitted.structure.linear, fitted.linear.tolist(), strict=True))
    found = {f"{name}0": linear[name] for name in ("L", "R") if name in linear}
    number = 0
    pairs = list(zip(fitted.structure.kinds, fitted.log_p, strict=True))
    for kind, p in sorted(pairs, key=lambda pair: TERMS[pair[0]].tail):
        number += 1
        r, tau, exponent = np.exp(np.clip(p, -300, 300)).tolist()
        if kind == "K":
            found |= {f"R{number}": r, f"C{number}": tau / r}
        elif kind == "Zarc":
            found |= {f"R{number}": r, f"CPE{number}_Q": tau**exponent / r, f"CPE{number}_alpha": exponent}
        elif kind == "W":
            found[f"W{number}"] = r / math.sqrt(2 * tau)
        elif kind == "CPE":
            found |= {f"CPE{number}_Q": tau**exponent / r, f"CPE{number}_alpha": exponent}
        else:
            found |= {f"{kind}{number}_R": r, f"{kind}{number}_tau": tau}
            if kind in ("Wsn", "Won"):
                found[f"{kind}{number}_p"] = exponent
    if "C" in linear:
        found[f"C{number + 1}"] = 1 / linear["C"] if linear["C"] > 0 else math.inf
    return found
