"""How many parameters of a fitted circuit the data determine, and its criterion with that number."""

from __future__ import annotations

import math

import numpy as np

from eisfit.suggestion.mixed import Fitted, Target
from eisfit.suggestion.search import MET, criterion
from eisfit.suggestion.structure import evaluated, held
from eisfit.tools.frozen import Floats

KNOWN_BEFORE = math.log(100.0)  # standard deviation of the logarithm of a parameter before the data


def determined_parameters(fitted: Fitted, target: Target) -> float:
    r"""Return how many parameters a spectrum determines, between none and all.

    Parameters
    ----------
    fitted : Fitted
        A circuit with its values.
    target : Target
        The spectrum.

    Returns
    -------
    float
        Sum of :math:`\lambda / (1 + \lambda)` over the directions of the parameters' logarithms, where
        :math:`\lambda` is the variance before the data over that after them. A parameter that the data know better
        than a factor of 100 counts; an arc that is nothing but a resistor counts once, a vanished inductor not at all.

    Source: MacKay, Neural Comput. 4 (1992) 415, doi 10.1162/neco.1992.4.3.415.
    """
    slopes = _slopes(fitted, target)
    if not slopes:
        return 0.0
    free = max(target.size - fitted.structure.parameters, 1)
    variance = max(fitted.misfit / free, MET)
    lengths = np.linalg.svd(np.column_stack(slopes), compute_uv=False)
    gained = lengths**2 * KNOWN_BEFORE**2 / variance
    return float(np.sum(gained / (1 + gained)))


def determined_criterion(fitted: Fitted, target: Target) -> float:
    """Return the Bayesian information criterion of a fit, in which only the parameters count that are determined."""
    return criterion(fitted.misfit, target.size, determined_parameters(fitted, target))


def _slopes(fitted: Fitted, target: Target) -> list[Floats]:
    """Return derivatives of real and imaginary parts over the modulus by the logarithms of free parameters."""
    found = []
    for kind, p in zip(fitted.structure.kinds, fitted.log_p, strict=True):
        _, by_each = evaluated(kind, target.s, p[None])
        for slope, is_held in zip(by_each, held(kind), strict=True):
            if not is_held:
                weighed = slope[0] / target.modulus
                found.append(np.concatenate([weighed.real, weighed.imag]))
    for name, value in zip(fitted.structure.linear, fitted.linear.tolist(), strict=True):
        found.append(target.columns[name] * value)
    return found
