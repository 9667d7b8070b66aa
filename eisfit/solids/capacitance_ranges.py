"""What an arc may be by its capacitance: overlapping ranges, and probabilities from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.solids.checks import number, one_of
from eisfit.tools.frozen import Floats, Value
from eisfit.tools.real_arguments import real_arguments

PerWhat: TypeAlias = Literal["length", "area"]

EDGE_DECADES = 0.5  # the ranges are orders of magnitude: their ends are known to half of one
UNLIKE = 3.0  # standard deviations beyond every range from which on an arc is like none


@dataclass(frozen=True)
class CapacitanceRange:
    """Where capacitances of a process lie.

    Parameters
    ----------
    low, high : float
        Ends of the range: in F of a sample of 1/cm cell constant (``per = "length"``), or in F/cm² (``"area"``).
    per : {"length", "area"}
        Whether the capacitance goes with area over thickness, as of layers that fill the sample, or with the area
        alone, as of boundaries to something else.
    """

    low: float
    high: float
    per: PerWhat


# Irvine, Sinclair and West, Adv. Mater. 2 (1990) 132, doi 10.1002/adma.19900020304, for a cell constant of 1/cm
RANGES: Mapping[str, CapacitanceRange] = MappingProxyType(
    {
        "bulk": CapacitanceRange(1e-12, 1e-12, "length"),
        "minor second phase": CapacitanceRange(1e-11, 1e-11, "length"),
        "grain boundary": CapacitanceRange(1e-11, 1e-8, "length"),
        "bulk ferroelectric": CapacitanceRange(1e-10, 1e-9, "length"),
        "surface layer": CapacitanceRange(1e-9, 1e-7, "area"),
        "interface": CapacitanceRange(1e-7, 1e-5, "area"),
        "electrochemical reaction": CapacitanceRange(1e-4, 1e-4, "area"),
    }
)


@dataclass(frozen=True, eq=False)
class CapacitanceAssignment(Value):
    """What arcs may be, by their capacitance alone.

    Parameters
    ----------
    names : tuple of str
        Of the processes.
    probability : ndarray, shape (..., n)
        Of each process, in the order of `names`; they add up to 1. Their weights before are the `priors`.
    per_cell_constant_f : float or ndarray
        Capacitance times thickness over area, for a cell constant of 1/cm: the normalisation of layers.
    per_area_f_cm2 : float or ndarray
        Capacitance over area: the normalisation of interfaces.
    unlike_all : bool or ndarray of bool
        Whether the capacitance lies outside every range by more than three standard deviations of its ends.
    """

    names: tuple[str, ...]
    probability: Floats
    per_cell_constant_f: Floats
    per_area_f_cm2: Floats
    unlike_all: npt.NDArray[np.bool_]

    def __getitem__(self, name: str) -> Floats:
        """Return the probability of a process by its name."""
        one_of("process", name, dict.fromkeys(self.names))
        found: Floats = self.probability[..., self.names.index(name)]
        return found

    @property
    def likely(self) -> tuple[str, ...]:
        """Processes that together hold 95 % of the probability of a single arc, the likeliest first."""
        if self.probability.ndim != 1:
            raise InputError("likely is for one arc: give one capacitance, or read probability")
        order = np.argsort(-self.probability, kind="stable")
        n = int(np.searchsorted(np.cumsum(self.probability[order]), 0.95)) + 1
        return tuple(self.names[k] for k in order[:n])

    @property
    def notes(self) -> tuple[str, ...]:
        """What limits the assignment, as sentences."""
        if np.any(self.unlike_all):
            return (
                "a capacitance lies outside the range of every process: "
                "check area, thickness and whether it is effective",
            )
        return ()


@real_arguments(InputError)
def assign_by_capacitance(
    capacitance_f: npt.ArrayLike,
    *,
    area_cm2: npt.ArrayLike | None,
    thickness_cm: npt.ArrayLike | None,
    stderr_decades: npt.ArrayLike = 0.0,
    priors: Mapping[str, float] | None = None,
) -> CapacitanceAssignment:
    r"""Return what arcs may be, by overlapping ranges of capacitance.

    Of each process the decade of the capacitance is taken as uniform in its range, with ends that are known to half a
    decade (and the error of the capacitance added to it); the probabilities follow by the rule of Bayes.

    Parameters
    ----------
    capacitance_f : array_like
        Effective capacitances in F, see `effective_capacitance`; Q of a constant-phase element is none.
    area_cm2, thickness_cm : array_like
        Of the sample.
    stderr_decades : array_like
        Standard error of the decimal logarithm of the capacitance.
    priors : mapping of str to float, optional
        Weights of the processes before, by name; a process that is not named has none. Equal weights if not given;
        without ``"bulk ferroelectric"``, which is for ferroelectrics near their transition and must be asked for.

    Raises
    ------
    InputError
        If geometry is missing, a number is out of range, or a process is not known.

    Notes
    -----
    A capacitance alone does not name a process: interphases of 1e-7 F/cm² lie where surface layers end and interfaces
    begin. Source: Irvine, Sinclair and West, Adv. Mater. 2 (1990) 132, doi 10.1002/adma.19900020304.

    Examples
    --------
    >>> found = assign_by_capacitance(3e-7, area_cm2=1.0, thickness_cm=0.1)
    >>> found.likely
    ('interface', 'surface layer', 'grain boundary')
    """
    why = "layers are told from interfaces by thickness and area"
    value = number("capacitance_f", capacitance_f)
    area, thickness = number("area_cm2", area_cm2, why), number("thickness_cm", thickness_cm, why)
    error = np.asarray(stderr_decades, float)
    if not np.all(np.isfinite(error) & (error >= 0)):
        raise InputError(
            "stderr_decades must be 0 or larger: the relative error of the capacitance over 2.303"
        )
    weights = _weights(priors)
    by = {"length": value * thickness / area, "area": value / area}
    width = np.hypot(EDGE_DECADES, error)
    shape = np.broadcast_shapes(value.shape, area.shape, thickness.shape, width.shape)
    logs, far = [], []
    for name in weights:
        low, high = math.log10(RANGES[name].low), math.log10(RANGES[name].high)
        x = np.log10(by[RANGES[name].per])
        logs.append(np.broadcast_to(_log_density(x, low, high, width) + math.log(weights[name]), shape))
        far.append(np.broadcast_to(np.maximum(low - x, x - high) / width, shape))
    log_p = np.stack(logs, axis=-1)
    p = np.exp(log_p - log_p.max(axis=-1, keepdims=True))
    return CapacitanceAssignment(
        names=tuple(weights),
        probability=p / p.sum(axis=-1, keepdims=True),
        per_cell_constant_f=by["length"],
        per_area_f_cm2=by["area"],
        unlike_all=np.min(np.stack(far, axis=-1), axis=-1) > UNLIKE,
    )


def _weights(priors: Mapping[str, float] | None) -> dict[str, float]:
    """Return the weights of the processes that have one, in the order of the ranges."""
    if priors is None:
        return {name: 1.0 for name in RANGES if name != "bulk ferroelectric"}
    for name, weight in priors.items():
        one_of("process", name, RANGES)
        if not (math.isfinite(weight) and weight >= 0):
            raise InputError(f"the prior of {name!r} is {weight!r}: give a weight of 0 or larger")
    found = {name: float(priors[name]) for name in RANGES if priors.get(name, 0.0) > 0}
    if not found:
        raise InputError("no prior is above 0: give at least one process a weight")
    return found


def _log_density(x: Floats, low: float, high: float, width: Floats) -> Floats:
    """Return the logarithm of the density of a uniform range whose ends are blurred by a normal distribution."""
    from scipy.special import log_ndtr

    if low == high:
        found: Floats = -0.5 * ((x - low) / width) ** 2 - np.log(width * math.sqrt(2 * math.pi))
        return found
    # Phi(b) - Phi(a) = Phi(-a) - Phi(-b), taken on the side where neither is near 1
    a, b = (x - high) / width, (x - low) / width
    swap = a > 0
    upper, lower = np.where(swap, -a, b), np.where(swap, -b, a)
    top, bottom = log_ndtr(upper), log_ndtr(lower)
    result: Floats = top + np.log1p(-np.exp(bottom - top)) - math.log(high - low)
    return result
