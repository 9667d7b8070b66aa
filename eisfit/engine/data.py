"""Measured spectra and their weights, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from eisfit.elements import Laplace
from eisfit.tools.frozen import Bools, Complexes, Floats, Ints

_NOISE_FREE = 1e-20  # costs below this fraction of the zero model's are rounding, and count as equal


@dataclass(frozen=True)
class Data:
    """N spectra on one or several grids, with the weights of their points.

    Parameters
    ----------
    s : Laplace
        Grid, shape (F,) where all spectra share it, else (N, F) padded at the end.
    z_ohm : ndarray of complex, shape (N, F)
        Measured impedances.
    weight : ndarray, shape (N, 2 F)
        Reciprocal standard deviations of the real, then of the imaginary parts; 0 leaves a point out.
    absolute : bool
        Whether the weights are standard deviations in ohm, so that a chi-square has a scale.
    counted : ndarray, shape (N,), optional
        Effective number of real residuals, where a robust loss reduces the weight of some.
    """

    s: Laplace
    z_ohm: Complexes
    weight: Floats
    absolute: bool
    counted: Floats | None = None

    @property
    def size(self) -> int:
        """Number of spectra N."""
        return int(self.z_ohm.shape[0])

    @property
    def length(self) -> int:
        """Number of points F of the longest spectrum."""
        return int(self.z_ohm.shape[1])

    @property
    def frequency_hz(self) -> Floats:
        """Frequencies in Hz, shape (N, F)."""
        return np.broadcast_to(self.s.omega / (2 * np.pi), self.z_ohm.shape)

    @cached_property
    def used(self) -> Bools:
        """Which points take part, shape (N, F)."""
        return np.asarray((self.weight[:, : self.length] > 0) | (self.weight[:, self.length :] > 0))

    @cached_property
    def residuals_used(self) -> Floats:
        """Number of real residuals per spectrum, shape (N,)."""
        if self.counted is not None:
            return self.counted
        return np.asarray(np.count_nonzero(self.weight, axis=1), float)

    @cached_property
    def zero_model(self) -> Floats:
        """Cost of a model without any impedance, shape (N,)."""
        data = self.weighted(self.z_ohm, self.weight)
        return np.asarray(0.5 * np.einsum("bf,bf->b", data, data))

    @cached_property
    def pair_weight(self) -> Floats:
        """The weights point by point, that of the real part before that of the imaginary part, (N, 2 F)."""
        pairs = self.weight.reshape(self.size, 2, -1).transpose(0, 2, 1)
        return np.ascontiguousarray(pairs).reshape(self.size, -1)

    @staticmethod
    def weighted(z: Complexes, weight: Floats) -> Floats:
        """Return the weighted real, then the weighted imaginary parts of impedances (..., F), shape (..., 2 F)."""
        n = z.shape[-1]
        out = np.empty((*z.shape[:-1], 2 * n))
        np.multiply(z.real, weight[..., :n], out=out[..., :n])
        np.multiply(z.imag, weight[..., n:], out=out[..., n:])
        return out

    def reweighted(self, factor: Floats, counted: Floats | None = None) -> Data:
        """Return the same spectra with the weights of their points multiplied by factors (N, F)."""
        weight = self.weight * np.tile(factor, 2)
        return replace(self, weight=weight, counted=self.counted if counted is None else counted)

    def deviance(self, cost: Floats, rows: Ints) -> Floats:
        """Return -2 ln L of costs up to a constant, shape (batch,).

        Without an absolute scale of the weights the noise level is a free parameter: n ln(cost). Costs at the
        level of rounding count as equal.
        """
        if self.absolute:
            return 2 * cost
        n = self.residuals_used[rows]
        return np.asarray(n * np.log(2 * np.maximum(cost, _NOISE_FREE * self.zero_model[rows]) / n))

    def window_hz(self) -> tuple[Floats, Floats]:
        """Return the lowest and the highest used frequency of each spectrum, shapes (N,)."""
        f, used = self.frequency_hz, self.used
        return np.where(used, f, np.inf).min(axis=1), np.where(used, f, -np.inf).max(axis=1)
