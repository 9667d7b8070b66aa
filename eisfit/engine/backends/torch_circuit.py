"""The impedance of a circuit with its derivatives on a graphics processor; the formulas are those of the elements."""

from __future__ import annotations

import math
from typing import Any

from eisfit.circuit.circuit import InParallel, Node, Placed, span
from eisfit.elements import Laplace
from eisfit.engine.backends.torch_arrays import OnDevice, Tensor

_LARGEST_LOG = 350.0  # cap on ln|R Q s^alpha|, as on the processor


def grid_of(omega: Tensor, log_omega: Tensor) -> Laplace:
    """Return the grid of angular frequencies (F,) or (batch, F) on a device, and their logarithms."""
    made: Any = object.__new__(Laplace)
    made.omega, made.log_omega = OnDevice(omega), OnDevice(log_omega)
    return made  # type: ignore[no-any-return]


def impedance_on(node: Node, s: Laplace, values: Tensor, dz: Tensor) -> Tensor:
    """Return the impedance of a tree (batch, F), as `evaluate` does.

    Parameters
    ----------
    node : Placed, InSeries or InParallel
        The tree.
    s : Laplace
        Grid on the device.
    values : torch.Tensor, shape (batch, P)
        Parameters of the whole circuit, in their units.
    dz : torch.Tensor of complex128, shape (batch, P, F)
        Where dZ/d(ln p) is written for the parameters below the node.
    """
    if isinstance(node, Placed):
        return _element(node, s, values, dz)
    if isinstance(node, InParallel):
        if node.resistor_and_storage is not None:
            return _arc(*node.resistor_and_storage, s, values, dz)
        parts = [1 / impedance_on(part, s, values, dz) for part in node.parts]
        z = 1 / sum(parts[1:], start=parts[0])
        for part, y in zip(node.parts, parts, strict=True):
            dz[:, span(part)] *= ((z * y) ** 2)[:, None]
        return z
    total = None
    for part, count in zip(node.parts, node.counts, strict=True):
        z = impedance_on(part, s, values, dz)
        if count != 1:
            z = count * z
            dz[:, span(part)] *= count
        total = z if total is None else total + z
    return total


def _element(leaf: Placed, s: Laplace, values: Tensor, dz: Tensor) -> Tensor:
    columns = [OnDevice(values[:, k : k + 1]) for k in range(leaf.first, leaf.first + leaf.size)]
    if leaf.inner:
        columns = [*(OnDevice(impedance_on(part, s, values, dz)) for part in leaf.inner), *columns]
    evaluated: Any = leaf.element.formula(s, *columns)
    z, slopes = evaluated
    for part, slope, zeta in zip(leaf.inner, slopes, columns, strict=False):
        dz[:, span(part)] *= (slope / zeta).tensor[:, None]
    for k, slope in enumerate(slopes[len(leaf.inner) :], leaf.first):
        dz[:, k] = slope.tensor
    return z.tensor


def _arc(resistor: Placed, storage: Placed, s: Any, values: Tensor, dz: Tensor) -> Tensor:
    """Return R / (1 + R Q s^alpha); its power is capped, which the elements by themselves cannot do."""
    r, q = values[:, resistor.first, None], values[:, storage.first, None]
    alpha = values[:, storage.first + 1, None] if storage.size > 1 else r.new_ones(r.shape)
    size = (alpha * s.log_omega.tensor + (r * q).log()).clamp(max=_LARGEST_LOG).exp()
    angle = 0.5 * math.pi * alpha
    real, imag = 1 + size * angle.cos(), size * angle.sin()
    z = (real - 1j * imag) * (r / (real * real + imag * imag))
    by_r = z * z / r
    by_q = by_r - z
    dz[:, resistor.first], dz[:, storage.first] = by_r, by_q
    if storage.size > 1:
        dz[:, storage.first + 1] = alpha * by_q * s.log.tensor
    return z
