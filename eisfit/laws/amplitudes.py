"""Where the fit of a sum of positive terms begins: the best of many shapes, with amplitudes that are not negative."""

from __future__ import annotations

import numpy as np

from eisfit.tools.frozen import Floats

_LEAST = 1e-6  # of the largest value: an amplitude that the points do not ask for begins here


def best_amplitudes(value: Floats, second: Floats) -> tuple[int, float, float]:
    """Return which shape describes values best as ``a + b * shape``, and both amplitudes.

    Parameters
    ----------
    value : ndarray, shape (n,)
        Positive; relative deviations count.
    second : ndarray, shape (m, n)
        The shapes that are tried.
    """
    best = (np.inf, 0, 1.0, 1.0)
    for k, shape in enumerate(second):
        design = np.stack([1 / value, shape / value], axis=1)
        for kept in ([0, 1], [0], [1]):
            part = design[:, kept]
            size = np.maximum(np.linalg.norm(part, axis=0), 1e-300)
            found = np.linalg.lstsq(part / size, np.ones(value.size), rcond=None)[0] / size
            if np.any(found < 0):
                continue
            off = float(np.sum((part @ found - 1) ** 2))
            if off < best[0] * (1 - 1e-9):
                both = np.zeros(2)
                both[kept] = found
                best = (off, k, float(both[0]), float(both[1]))
    _, k, first, other = best
    top, scale = float(value.max()), float(np.max(np.abs(second[k])))
    return k, max(first, _LEAST * top), max(other, _LEAST * top / max(scale, 1e-300))
