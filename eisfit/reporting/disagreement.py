"""How far a model lies off the data beyond their noise, over frequency."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Bools, Complexes, Floats
from eisfit.validity.noise import FEWEST_POINTS, noise_level

NOTHING = 0.3  # of |Z|: a model that is so far off half of the points describes nothing, whatever the noise
FAR_OFF = 0.2  # of |Z|: a systematic deviation anywhere from which on the model misses the data
GENERALLY_OFF = 0.1  # of |Z|: the same at half of the points
OF_RESISTANCE = 0.1  # of a resistance: an arc that the circuit lacks and that is a fifth of it is so high
OFF_WHERE_SET = 0.05  # of |Z|: the same where parameters were fixed, tied or kept within a range
BEYOND_NOISE = 5.0  # systematic deviation over noise from which on it is none of chance
_TRUSTED = (
    3.0  # the model-free noise may lie below that of the residuals by this factor: it may follow loud points
)
_NEIGHBOURS = 5  # points over which the noise of residuals is taken from their differences


@dataclass(frozen=True, eq=False)
class Disagreement:
    """The deviations of one fit, ordered by frequency.

    Parameters
    ----------
    frequency_hz : ndarray, shape (n,)
        Of the used points, rising.
    z_ohm : ndarray of complex, shape (n,)
        Measured.
    residual_ohm : ndarray of complex, shape (n,)
        Measured minus fitted.
    scale_ohm : ndarray, shape (n,)
        By what a deviation is judged: |Z|, or more where the weights ask less of a point than its modulus does.

    Notes
    -----
    A deviation counts as systematic where the median of three neighbours exceeds five times the noise, which no
    single point far off does. The noise is the lesser of two: what the Kramers-Kronig relations cannot reproduce in
    the data (no model enters it), and what the differences of neighbouring residuals leave (no smooth misfit enters
    it, and no fault of the data that breaks those relations), but not less than a third of the latter.
    """

    frequency_hz: Floats
    z_ohm: Complexes
    residual_ohm: Complexes
    scale_ohm: Floats

    @cached_property
    def smooth_ohm(self) -> Floats:
        """Size of the median of three neighbouring residuals, shape (n,)."""
        return np.abs(_median3(self.residual_ohm.real) + 1j * _median3(self.residual_ohm.imag))

    @cached_property
    def noise_ohm(self) -> Floats:
        """Standard deviation of Re Z and of Im Z, shape (n,)."""
        relative = self.residual_ohm / np.abs(self.z_ohm)
        noise = _difference_noise(np.stack([relative.real, relative.imag])) * np.abs(self.z_ohm)
        if self.z_ohm.size < FEWEST_POINTS:
            return noise
        model_free = noise_level(self.frequency_hz, self.z_ohm)
        return np.clip(model_free, noise / _TRUSTED, noise)

    @cached_property
    def percent(self) -> float:
        """By how many percent of |Z| the model misses the data, 100 at most; 0 where it does not miss them.

        It misses them where half of the points are off by 30 %, whatever the noise is; where a systematic deviation
        exceeds 20 % anywhere, or 10 % at half of the points.
        """
        smooth = self.smooth_ohm / self.scale_ohm
        far, half = smooth > FAR_OFF, np.count_nonzero(smooth > GENERALLY_OFF) * 2 > smooth.size
        if not (self.describes_nothing or far.any() or half):
            return 0.0
        systematic = self._systematic()
        largest = float(np.max(smooth, where=systematic, initial=0.0))
        generally = np.count_nonzero(systematic & (smooth > GENERALLY_OFF)) * 2 > smooth.size
        if self.describes_nothing or largest > FAR_OFF or generally:
            return 100 * min(max(self.typical, largest), 1.0)
        return 0.0

    @cached_property
    def percent_where_set(self) -> float:
        """The same where the data did not decide alone: from a systematic deviation of 5 % of |Z| on."""
        if self.percent > 0:
            return self.percent
        smooth = self.smooth_ohm / self.scale_ohm
        if not (smooth > OFF_WHERE_SET).any():
            return 0.0
        largest = float(np.max(smooth, where=self._systematic(), initial=0.0))
        return 100 * largest if largest > OFF_WHERE_SET else 0.0

    @property
    def typical(self) -> float:
        """Median deviation, noise included, as a share of |Z|."""
        return float(np.median(np.abs(self.residual_ohm) / self.scale_ohm))

    @property
    def describes_nothing(self) -> bool:
        """Whether half of the points are off by 30 % of |Z| or more, whatever the noise is."""
        return self.typical > NOTHING

    def share(self, points: Bools, resistance_ohm: float) -> float:
        """Return the largest systematic deviation at some points as a share of a resistance; 0 below `OF_RESISTANCE`.

        Parameters
        ----------
        points : ndarray of bool, shape (n,)
            Where the resistance shows.
        resistance_ohm : float
            Positive.
        """
        large = points & (self.smooth_ohm > OF_RESISTANCE * resistance_ohm)
        if not large.any():
            return 0.0
        return float(np.max(self.smooth_ohm, where=large & self._systematic(), initial=0.0)) / resistance_ohm

    def _systematic(self) -> Bools:
        return np.asarray(self.smooth_ohm > BEYOND_NOISE * self.noise_ohm)


def disagreement(problem: Problem, i: int, residual: Floats) -> Disagreement:
    """Return how far spectrum i of a problem is off its model.

    Parameters
    ----------
    problem : Problem
        Of N spectra.
    i : int
        Which of them.
    residual : ndarray, shape (2 F,)
        Its weighted residuals.
    """
    length = problem.z_ohm.shape[1]
    weight = problem.weight[i].reshape(2, length)
    used = np.flatnonzero((weight > 0).all(axis=0))
    f = problem.data.frequency_hz[i, used]
    used = used[np.argsort(f, kind="stable")]
    z = problem.z_ohm[i, used]
    real, imaginary = residual.reshape(2, length)[:, used] / weight[:, used]
    relative_sigma = 1 / (np.sqrt(np.prod(weight[:, used], axis=0)) * np.abs(z))
    scale = np.abs(z) * np.maximum(relative_sigma / np.median(relative_sigma), 1.0)
    return Disagreement(problem.data.frequency_hz[i, used], z, -(real + 1j * imaginary), scale)


def _median3(values: Floats) -> Floats:
    """Return medians of three neighbours; at the ends the lesser of the last two, 0 where their signs differ."""
    if values.size < 3:
        return values
    inner = np.median(np.stack([values[:-2], values[1:-1], values[2:]]), axis=0)
    ends = [np.median([0.0, *values[:2]]), np.median([0.0, *values[-2:]])]
    return np.concatenate([ends[:1], inner, ends[1:]])


def _difference_noise(relative: Floats) -> Floats:
    """Return the standard deviation of random noise in residuals (2, n) from their differences around each point.

    It follows from the median, which no single step enters; that of an exponential variable is ln 2 of its mean.
    """
    n = relative.shape[1]
    if n < 2:
        return np.full(n, math.inf)
    steps = np.mean(np.diff(relative, axis=1) ** 2, axis=0) / 2
    width = min(_NEIGHBOURS - 1, steps.size)
    around = np.median(np.lib.stride_tricks.sliding_window_view(steps, width), axis=1)
    first = np.clip(np.arange(n) - width // 2, 0, steps.size - width)
    return np.asarray(np.sqrt(around[first] / math.log(2)))
