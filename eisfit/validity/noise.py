"""The noise of a spectrum over frequency, from what the Kramers-Kronig relations cannot reproduce in it."""

from __future__ import annotations

import math

import numpy as np

from eisfit.tools.frozen import Complexes, Floats
from eisfit.validity.kk_relations import RCOND, KramersKronig, kramers_kronig

FEWEST_POINTS = 8  # number of points below which no level is sought
SMOOTH_POINTS = 16.0  # neighbours that a level is averaged over
ROUNDS = 2  # number of tests, each with the weights of the level before it
_LEAST_FREEDOM = 0.1  # least value of 1 - leverage of a number, which divides its squared residual
_FLOOR = 1e-2  # lowest level relative to the median level, so that no point has unlimited weight
_FLAT = 0.4  # scatter of ln |Z| below which no power of it is sought: noise of a logarithm over its prior
_LEAST = 1e-6  # lowest level relative to |Z|: no instrument is quieter
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
    then says little. Each is divided by the share that the test leaves free (1 less its leverage), and the test
    is repeated with the level as its weights, so that quiet points do not inherit the noise of loud ones. Real
    and imaginary part have one level. It is meant as a relative one: a fit scales it by its own chi-square.

    Source of the test: Boukamp, J. Electrochem. Soc. 142 (1995) 1885, doi 10.1149/1.2044210.
    """
    order = np.argsort(frequency_hz, kind="stable")
    f, z = frequency_hz[order], z_ohm[order]
    level = np.ones(f.size)
    for _ in range(ROUNDS):
        test = kramers_kronig(f, z, level / np.median(level))
        logs = np.log(np.maximum(_squares(test, z, level), _LEAST**2)) + _EULER
        level = np.exp(0.5 * _smoothed(logs, np.log(np.abs(z))))
        level = np.maximum(level, _FLOOR * np.median(level))
    found = np.empty(f.size)
    found[order] = level * np.abs(z)
    return found


def _squares(test: KramersKronig, z: Complexes, level: Floats) -> Floats:
    """Return the squared relative residuals of the test's functions, fitted with a noise level, shape (n,)."""
    target = z if test.representation == "impedance" else 1 / z
    weighted = test.functions() / (np.abs(target) * level)[:, None]
    wanted = target / (np.abs(target) * level)
    a = np.concatenate([weighted.real, weighted.imag])
    b = np.concatenate([wanted.real, wanted.imag])
    size = np.sqrt(np.einsum("nm,nm->m", a, a))
    left, singular, _ = np.linalg.svd(a / size, full_matrices=False)
    left = left[:, singular > RCOND * singular[0]]
    residual = b - left @ (left.T @ b)
    free = np.maximum(1 - np.einsum("nm,nm->n", left, left), _LEAST_FREEDOM)
    parts = (residual**2 / free).reshape(2, -1)
    return np.asarray(parts.mean(axis=0) * level**2)


def _smoothed(values: Floats, log_modulus: Floats) -> Floats:
    """Return a power of the modulus, times what averages over neighbours with a normal kernel leave of it."""
    x = log_modulus - log_modulus.mean()
    power = x * float(x @ (values - values.mean()) / (x @ x + _FLAT))
    place = np.arange(values.size)
    width = SMOOTH_POINTS / (2 * math.sqrt(math.pi))  # a normal kernel of this width averages over so many
    kernel = np.exp(-0.5 * ((place[:, None] - place) / width) ** 2)
    return np.asarray(power + kernel @ (values - power) / kernel.sum(axis=1))
