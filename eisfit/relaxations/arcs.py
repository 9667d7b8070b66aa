"""Depressed arcs in series, fitted from many starts at once."""

from __future__ import annotations

import math

import numpy as np

from eisfit.relaxations.system import System
from eisfit.tools.frozen import Floats

LOWEST_EXPONENT = 0.3
HIGHEST_EXPONENT = 1.0
_ROUNDS = 30
_RESTING = 1e-5  # relative fall of the sum of squares below which a fit rests
_FIRST_DAMPING = 1e-3
_LONGEST = 1.5  # change of a logarithm in one round
_LARGEST_DAMPING = 1e8


def arc_gamma(log_tau: Floats, arcs: Floats) -> Floats:
    r"""Return the distribution of depressed arcs in ohm, shape (m,).

    :math:`\gamma = R/(2\pi) \sin((1-\alpha)\pi) / (\cosh(\alpha \ln(\tau/\tau_0)) - \cos((1-\alpha)\pi))`

    Parameters
    ----------
    log_tau : ndarray, shape (m,)
        Logarithms of time constants in s.
    arcs : ndarray, shape (n, 3)
        ln R (ohm), ln tau0 (s) and alpha below 1 of each.

    Notes
    -----
    Source: Cole and Cole, J. Chem. Phys. 9 (1941) 341, doi 10.1063/1.1750906.
    """
    log_r, log_t, alpha = arcs.T[:, :, None]
    away = np.minimum(np.abs(alpha * (log_tau - log_t)), 600.0)
    sine, cosine = np.sin((1 - alpha) * math.pi), np.cos((1 - alpha) * math.pi)
    return np.asarray((np.exp(log_r) / (2 * math.pi) * sine / (np.cosh(away) - cosine)).sum(axis=0))


def log_gamma_slopes(log_tau: Floats, arcs: Floats) -> Floats:
    """Return the derivatives of ln gamma by ln R, ln tau0 and alpha of each arc, shape (m, 3 n)."""
    log_r, log_t, alpha = arcs.T[:, :, None]
    x = np.clip(log_tau - log_t, -600 / alpha, 600 / alpha)
    sine, cosine = np.sin((1 - alpha) * math.pi), np.cos((1 - alpha) * math.pi)
    below = np.cosh(alpha * x) - cosine
    gamma = np.exp(log_r) * sine / below
    share = gamma / np.maximum(gamma.sum(axis=0), 1e-300)
    by_tau = alpha * np.sinh(alpha * x) / below
    by_alpha = -math.pi * cosine / sine - (x * np.sinh(alpha * x) - math.pi * sine) / below
    return np.asarray(np.stack([share, share * by_tau, share * by_alpha], axis=1).reshape(-1, log_tau.size).T)


def fit_arcs(
    system: System, starts: Floats, log_tau_range: tuple[float, float], highest: float = HIGHEST_EXPONENT
) -> tuple[Floats, Floats]:
    """Return the least-squares arcs from each start, shape (s, n, 3), and their sums of squares, shape (s,).

    Parameters
    ----------
    system : System
        Data; its terms in series take whatever value fits.
    starts : ndarray, shape (s, n, 3)
        ln R, ln tau and alpha of n arcs, for each of s starts.
    log_tau_range : (float, float)
        Bounds of ln tau.
    highest : float
        Upper bound of alpha.

    Notes
    -----
    Levenberg-Marquardt steps with exact derivatives, all starts at once, bounds by projection.
    """
    low = np.array([-np.inf, log_tau_range[0], LOWEST_EXPONENT])
    high = np.array([np.inf, log_tau_range[1], highest])
    at = np.clip(starts, low, high)
    residual, slope = _evaluated(system, at)
    cost = np.einsum("si,si->s", residual, residual)
    damping = np.full(cost.size, _FIRST_DAMPING)
    moving = np.ones(cost.size, bool)
    for _ in range(_ROUNDS):
        k = np.flatnonzero(moving)
        step = _step(slope[k], residual[k], damping[k], at[k], low, high)
        tried = np.clip(at[k] + np.clip(step, -_LONGEST, _LONGEST), low, high)
        new_residual, new_slope = _evaluated(system, tried)
        new_cost = np.einsum("si,si->s", new_residual, new_residual)
        better = new_cost < cost[k]
        rests = better & (cost[k] - new_cost < _RESTING * cost[k])
        won = k[better]
        at[won], residual[won], slope[won] = tried[better], new_residual[better], new_slope[better]
        cost[won] = new_cost[better]
        damping[k] = np.where(better, damping[k] / 5, damping[k] * 8)
        moving[k] = ~rests & (damping[k] < _LARGEST_DAMPING)
        if not moving.any():
            break
    return at, cost


def arcs_covariance(system: System, arcs: Floats) -> Floats:
    """Return the covariance of ln R, ln tau and alpha of fitted arcs, shape (3 n, 3 n)."""
    residual, slope = _evaluated(system, arcs[None])
    freedom = max(system.target.size - len(system.terms) - arcs.size, 1)
    normal = slope[0].T @ slope[0]
    scale = np.sqrt(np.maximum(normal.diagonal(), 1e-300))
    inverse = np.linalg.pinv(normal / np.outer(scale, scale), rcond=1e-12, hermitian=True)
    return np.asarray(inverse / np.outer(scale, scale) * float(residual[0] @ residual[0]) / freedom)


def _step(slope: Floats, residual: Floats, damping: Floats, at: Floats, low: Floats, high: Floats) -> Floats:
    """Return the damped step of each start; what rests on its bound and is pulled beyond stays there."""
    count, size = at.shape[0], at.shape[1] * 3
    turned = slope.transpose(0, 2, 1)
    pull = (turned @ residual[:, :, None]).reshape(at.shape)
    held = (((at <= low) & (pull < 0)) | ((at >= high) & (pull > 0))).reshape(count, size)
    free = np.where(held, 0.0, 1.0)
    normal = turned @ slope * free[:, :, None] * free[:, None, :]
    diagonal = np.einsum("spp->sp", normal)
    floor = 1e-12 * diagonal.max(axis=1, keepdims=True) + 1e-300
    idx = np.arange(size)
    normal[:, idx, idx] += damping[:, None] * diagonal + np.where(held, 1.0, floor)
    solved = np.linalg.solve(normal, (pull.reshape(count, size) * free)[:, :, None])[:, :, 0]
    return np.asarray(solved.reshape(at.shape))


def _evaluated(system: System, at: Floats) -> tuple[Floats, Floats]:
    """Return residuals, shape (s, 2 n), and derivatives of the model, shape (s, 2 n, 3 arcs)."""
    log_r, log_t, alpha = (at[..., k, None] for k in range(3))
    log_u = np.log(system.omega) + log_t
    size = np.exp(np.clip(alpha * log_u, -300, 300))
    u = size * (np.cos(alpha * math.pi / 2) + 1j * np.sin(alpha * math.pi / 2))
    z = np.exp(log_r) / (1 + u) / system.modulus
    dz = -z * u / (1 + u)
    parts = np.stack([z, dz * alpha, dz * (log_u + 1j * math.pi / 2)], axis=2)
    columns = np.concatenate([parts.real, parts.imag], axis=-1).reshape(at.shape[0], -1, system.target.size)
    columns = columns - (columns @ system.taken) @ system.taken.T
    model = columns[:, ::3].sum(axis=1)
    return system.target - model, columns.transpose(0, 2, 1)
