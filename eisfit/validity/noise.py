"""The noise of a spectrum over frequency, from what the Kramers-Kronig relations cannot reproduce in it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eisfit.tools.frozen import Complexes, Floats, Ints
from eisfit.tools.statistics import STEP_LIMIT, scale_step
from eisfit.validity.kk_relations import RCOND, basis_of, time_constants

FEWEST_POINTS = 8  # number of points below which no level is sought
SMOOTH_POINTS = 16.0  # neighbours that a level is averaged over
ROUNDS = 3  # of the test with the weights that the level before it asks for
_DENSITIES = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)  # time constants per decade
_BEYOND = (0.0, 1.0)  # decades by which time constants go on outside the window
_LEAST_FREEDOM = 0.3  # of a point that the test leaves less than this its residual says nothing
_FLOOR = 1e-2  # of the median level: no point is trusted without limit
_FLAT = 0.4  # scatter of ln |Z| below which no power of it is sought: noise of a logarithm over its prior
_LEAST = 1e-6  # relative to |Z|: no instrument is quieter
_ROUNDING = 1e-10
_EULER = 0.5772156649015329  # minus the mean logarithm of an exponential variable of mean 1


def noise_level(frequency_hz: Floats, z_ohm: Complexes) -> Floats:
    """Return the standard deviation of Re Z and of Im Z at each point, in ohm, shape (n,).

    Parameters
    ----------
    frequency_hz, z_ohm : ndarray, shape (n,)
        At least `FEWEST_POINTS` points in any order, none with an impedance of 0.

    Notes
    -----
    The residuals of the linear Kramers-Kronig test, relative to the modulus, are squared and averaged over their
    neighbours as logarithms, beside a power of the modulus that suits the whole spectrum: a single point far off
    then says little. Where the level makes a step (`scale_step`) no average goes across it. Each residual is divided
    by the share that the test leaves free (1 less its leverage), and the test is made anew with the level as its
    weights, so that quiet points do not inherit the noise of loud ones. The number of time constants follows from
    the Bayesian information criterion: under loud points that of Akaike asks for functions that follow them. Real
    and imaginary part have one level. It is meant as a relative one: a fit scales it by its own chi-square.

    Source of the test: Boukamp, J. Electrochem. Soc. 142 (1995) 1885, doi 10.1149/1.2044210.
    """
    order = np.argsort(frequency_hz, kind="stable")
    f, z = frequency_hz[order], z_ohm[order]
    level = np.ones(f.size)
    targets: list[Complexes] = [
        z,
        1 / z,
    ]  # the admittance passes for a system that is stable under voltage control only
    for _ in range(ROUNDS):
        tests = [_test(f, target, level) for target in targets]
        best = min(range(len(tests)), key=lambda k: tests[k].score)
        test, targets = tests[best], [targets[best]]
        logs = np.log(np.maximum(test.squares * level**2, _LEAST**2)) + _EULER
        level = np.exp(0.5 * _smoothed(logs, np.log(np.abs(z)), test.free))
        level = np.maximum(level, _FLOOR * np.median(level))
    found = np.empty(f.size)
    found[order] = level * np.abs(z)
    return found


@dataclass(frozen=True)
class _Test:
    """A weighted Kramers-Kronig test: squared residuals over the share left free, that share, the criterion."""

    squares: Floats
    free: Floats
    score: float


def _test(f: Floats, target: Complexes, level: Floats) -> _Test:
    """Return the test with the lowest Bayesian criterion over numbers and reach of time constants."""
    omega = 2 * np.pi * f
    decades = math.log10(omega.max() / omega.min())
    sizes = {
        (min(max(2, round(density * (decades + 2 * beyond)) + 1), omega.size - 3), beyond)
        for density in _DENSITIES
        for beyond in _BEYOND
    }
    tests = [_residuals(omega, target, level, number, beyond) for number, beyond in sorted(sizes)]
    return min(tests, key=lambda test: test.score)


def _residuals(omega: Floats, target: Complexes, level: Floats, number: int, beyond: float) -> _Test:
    sigma = np.abs(target) * level
    weighted = basis_of(omega, time_constants(omega, number, beyond)) / sigma[:, None]
    wanted = target / sigma
    a = np.concatenate([weighted.real, weighted.imag])
    b = np.concatenate([wanted.real, wanted.imag])
    size = np.sqrt(np.einsum("nm,nm->m", a, a))
    left, singular, _ = np.linalg.svd(a / size, full_matrices=False)
    left = left[:, singular > RCOND * singular[0]]
    residual = b - left @ (left.T @ b)
    free = 1 - np.einsum("nm,nm->n", left, left).reshape(2, -1)
    squares = (residual.reshape(2, -1) ** 2 / np.maximum(free, _LEAST_FREEDOM)).mean(axis=0)
    total = max(float(residual @ residual), _LEAST**2 * b.size)
    score = b.size * math.log(total / b.size) + left.shape[1] * math.log(b.size)
    return _Test(squares, free.mean(axis=0), score)


def _smoothed(values: Floats, log_modulus: Floats, free: Floats) -> Floats:
    """Return a power of the modulus, times what averages over neighbours with a normal kernel leave of it."""
    weight = np.where(free > _LEAST_FREEDOM, free, 0.0)
    if not weight.any():
        weight = np.ones_like(free)
    x = log_modulus - np.average(log_modulus, weights=weight)
    slope = float((weight * x) @ (values - np.average(values, weights=weight)) / ((weight * x) @ x + _FLAT))
    left = values - slope * x
    place = np.arange(values.size)
    sound = np.flatnonzero(weight)
    part = _parts(left[sound])[np.argmin(np.abs(place[:, None] - sound), axis=1)]
    width = SMOOTH_POINTS / (2 * math.sqrt(math.pi))  # a normal kernel of this width averages over so many
    kernel = np.exp(-0.5 * ((place[:, None] - place) / width) ** 2) * weight
    kernel[part[:, None] != part] = 0.0
    return np.asarray(slope * x + kernel @ left / kernel.sum(axis=1))


def _parts(values: Floats) -> Ints:
    """Return in which part each point lies, where steps of the logarithm of the noise part the spectrum."""
    place, size = scale_step(np.exp(values))
    if size < STEP_LIMIT:
        return np.zeros(values.size, int)
    left, right = _parts(values[:place]), _parts(values[place:])
    return np.concatenate([left, left.max() + 1 + right])
