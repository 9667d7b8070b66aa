"""Non-negative amplitudes of terms with a given shape."""

from __future__ import annotations

import numpy as np

from eisfit.tools.frozen import Floats
from eisfit.tools.quotients import SMALLEST_DIVISOR

_RIDGE = 1e-8  # keeps the normal matrix of two equal atoms invertible
_FAINT = 1e-3  # an amplitude of 0 in the linear solution starts at this fraction of the largest
_SWEEPS = 80  # iterations of the non-negative least squares


def of_unit_length(vectors: Floats) -> tuple[Floats, Floats]:
    """Return vectors (A, F) scaled to length 1, and their lengths."""
    norm = np.sqrt(np.einsum("af,af->a", vectors, vectors))
    norm = np.where(norm > 0, norm, 1.0)
    return vectors / norm[:, None], norm


def adding(g_oo: Floats, g_oj: Floats, b_o: Floats, b_j: Floats) -> tuple[Floats, Floats, Floats]:
    """Add each of A atoms to M sets and solve for all amplitudes; those below 0 are set to 0.

    Parameters
    ----------
    g_oo : ndarray, shape (M, K, K)
        Normal matrices of the sets.
    g_oj : ndarray, shape (M, K, A)
        Between sets and atoms.
    b_o, b_j : ndarray, shapes (M, K) and (A,)
        Right-hand sides.

    Returns
    -------
    cost : ndarray, shape (M, A)
        Cost up to a constant.
    a_o, a_j : ndarray, shapes (M, K, A) and (M, A)
        Amplitudes.
    """
    inverse = np.linalg.inv(
        g_oo + _RIDGE * np.eye(g_oo.shape[1])
    )  # small matrices with many right-hand sides
    v, u = inverse @ g_oj, (inverse @ b_o[:, :, None])[:, :, 0]
    without = b_j - (u[:, None] @ g_oj)[:, 0]
    shared = np.einsum("mka,mka->ma", g_oj, v)
    a_j = np.maximum(without / np.maximum(1 + _RIDGE - shared, _RIDGE), 0.0)
    a_o = v * -a_j[:, None, :]
    a_o += u[:, :, None]
    np.maximum(a_o, 0.0, out=a_o)
    slope = g_oo @ (0.5 * a_o)
    slope += g_oj * a_j[:, None, :]
    slope -= b_o[:, :, None]
    return np.einsum("mka,mka->ma", a_o, slope) + a_j * (0.5 * a_j - b_j), a_o, a_j


def solved_amplitudes(gram: Floats, right: Floats) -> Floats:
    """Return amplitudes (M, T) solved for twice, the second time without those that were negative."""
    eye = np.eye(right.shape[1])
    first = np.linalg.solve(gram + _RIDGE * eye, right[:, :, None])[:, :, 0]
    kept = first > 0
    gram = (
        np.where(kept[:, :, None] & kept[:, None, :], gram, 0.0)
        + eye * np.where(kept, _RIDGE, 1.0)[:, :, None]
    )
    again = np.linalg.solve(gram, np.where(kept, right, 0.0)[:, :, None])[:, :, 0]
    return np.asarray(np.maximum(again, 0.0))


def raised_from_zero(amplitude: Floats) -> Floats:
    """Return amplitudes (M, T) with those near 0 raised to a small fraction of the largest of their row."""
    floor = _FAINT * np.maximum(amplitude.max(axis=1, keepdims=True), SMALLEST_DIVISOR)
    return np.asarray(np.maximum(amplitude, floor))


def non_negative(gram: Floats, right: Floats) -> Floats:
    """Solve many small non-negative least-squares problems by coordinate descent.

    Parameters
    ----------
    gram : ndarray, shape (M, T, T)
        Normal matrices with unit diagonal.
    right : ndarray, shape (M, T)
        Right-hand sides.

    Returns
    -------
    ndarray, shape (M, T)
        Coefficients, none below 0.
    """
    a = np.maximum(right, 0.0) / right.shape[1]
    for _ in range(_SWEEPS):
        for t in range(right.shape[1]):
            rest = right[:, t] - np.einsum("mt,mt->m", gram[:, t], a) + a[:, t]
            a[:, t] = np.maximum(rest, 0.0)
    return np.asarray(a)
