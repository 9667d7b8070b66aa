"""How to fit: weights, loss, starts, seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from eisfit.errors import FitError
from eisfit.tools.nearest import did_you_mean

NAMED_WEIGHTS = ("modulus", "unit", "proportional", "noise")
GIVEN = "given"  # name of weights that are standard deviations
LOSSES = ("linear", "soft_l1", "cauchy", "student_t")

Weights: TypeAlias = str | Sequence[float] | npt.NDArray[np.float64]
"""One of NAMED_WEIGHTS, or standard deviations in ohm."""


@dataclass(frozen=True)
class FitOptions:
    """How a spectrum is fitted.

    Parameters
    ----------
    weights : {"modulus", "unit", "proportional", "noise"} or array_like, shape (n,)
        Standard deviations of Re Z and Im Z: what they follow, or their values in ohm, which are kept as a tuple.
        The tuple is empty where values were given but are not known: version 0.1.0 did not store them.
    loss : {"linear", "soft_l1", "cauchy", "student_t"}
        Least squares, or a robust loss.
    seed : int
        Of the drawn starts.
    start : mapping of str to float, optional
        Values to start from, by parameter, instead of starts found from the data.

    Raises
    ------
    FitError
        If weights or loss are not known, or standard deviations are not one row of numbers.
    """

    weights: Weights = "modulus"
    loss: str = "linear"
    seed: int = 0
    start: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        check_weights(self.weights)
        check_loss(self.loss)
        if not isinstance(self.weights, str):
            object.__setattr__(self, "weights", _as_tuple(self.weights))
        object.__setattr__(self, "seed", int(self.seed))
        if self.start is not None:
            start = {name: float(value) for name, value in self.start.items()}
            object.__setattr__(self, "start", MappingProxyType(start))

    def __reduce__(self) -> tuple[type[FitOptions], tuple[object, ...]]:
        start = None if self.start is None else dict(self.start)
        return FitOptions, (self.weights, self.loss, self.seed, start)

    @property
    def weights_name(self) -> str:
        """Name of the weights; ``given`` for standard deviations."""
        return self.weights if isinstance(self.weights, str) else GIVEN

    @property
    def complete(self) -> bool:
        """Whether standard deviations that were given are known."""
        return isinstance(self.weights, str) or len(self.weights) > 0


def check_weights(weights: Weights) -> None:
    """Raise FitError if weights are a name that is not known."""
    if isinstance(weights, str) and weights not in NAMED_WEIGHTS:
        known, near = ", ".join(NAMED_WEIGHTS), did_you_mean(weights, NAMED_WEIGHTS)
        raise FitError(f"unknown weights {weights!r}{near}; known: {known}, or standard deviations in ohm")


def check_loss(loss: str) -> None:
    """Raise FitError if a loss is not known."""
    if loss not in LOSSES:
        raise FitError(f"unknown loss {loss!r}{did_you_mean(str(loss), LOSSES)}; known: {', '.join(LOSSES)}")


def _as_tuple(sigmas: Sequence[float] | npt.NDArray[np.float64]) -> tuple[float, ...]:
    array = np.asarray(sigmas, float)
    if array.ndim != 1:
        raise FitError("sigmas must be positive numbers in ohm, one per point")
    return tuple(array.tolist())


DEFAULT = FitOptions()
