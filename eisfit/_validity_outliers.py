"""Single points that stand out from the nearest consistent curve through all others."""

from __future__ import annotations

import math

import numpy as np

from eisfit.kramers_kronig import RCOND, KramersKronig, basis_of, time_constants
from eisfit.spectrum import Finding
from eisfit.values import Bools, Complexes, Floats

FAR_PERCENT = 1.0  # distance from the curve through all others below which no point is an outlier
OUTLIERS_AT_MOST = 0.1  # share of the points; where more stand out, the spectrum is wrong and not they
LEAVE_OUT = "a disturbance, or a step there; leave out with drop, or measure again"
MASKED = "they take no part in the fit"


def standing_out(f: Floats, z: Complexes, kk: KramersKronig) -> Bools:
    """Return single points that stand out from the nearest consistent curve through all others.

    The worst is left out and the curve drawn anew, until none stands out; where they are more than one in
    ten, none is called an outlier. The limit is the largest of n normal deviations at a probability of 0.1 %.
    """
    odd = np.zeros(f.size, bool)
    limit = math.sqrt(2 * math.log(1e3 * f.size))
    omega = 2 * np.pi * f
    target = z if kk.representation == "impedance" else 1 / z
    basis = basis_of(omega, time_constants(omega, kk.count, kk.decades_beyond)) / np.abs(target)[:, None]
    wanted = target / np.abs(target)
    for _ in range(int(OUTLIERS_AT_MOST * f.size) + 1):
        keep = ~odd
        a = np.concatenate([basis.real[keep], basis.imag[keep]])
        b = np.concatenate([wanted.real[keep], wanted.imag[keep]])
        u, values, _ = np.linalg.svd(a / np.sqrt(np.einsum("nm,nm->m", a, a)), full_matrices=False)
        u = u[:, values > RCOND * values[0]]
        misfit = (b - u @ (u.T @ b)).reshape(2, -1)
        left = np.maximum(1 - np.einsum("nm,nm->n", u, u).reshape(2, -1), 1e-6)
        noise = 1.4826 * float(np.median(np.abs(misfit) / np.sqrt(left)))
        deviation = np.sqrt(np.sum(misfit**2 / left, axis=0))  # in units of the noise, of the point itself
        alone = np.sqrt(np.sum((misfit / left) ** 2, axis=0))  # from the curve through all others
        stands_out = (deviation > limit * noise) & (100 * alone > FAR_PERCENT)
        if not stands_out.any():
            return odd
        odd[np.flatnonzero(keep)[np.argmax(np.where(stands_out, deviation, 0.0))]] = True
    return np.zeros(f.size, bool)


def outlier_finding(places_hz: Floats, noise_percent: float, cure: str) -> Finding:
    """Say where points stand out, and what can be done or was done about it."""
    places = ", ".join(f"{value:.4g} Hz" for value in places_hz[:4]) + (" ..." if places_hz.size > 4 else "")
    points = "1 point stands" if places_hz.size == 1 else f"{places_hz.size} points stand"
    return Finding(
        "outlier", f"{points} out, at {places} (noise of the others {noise_percent:.2g} %): {cure}"
    )


def step(f: Floats, odd: Bools) -> bool:
    """Tell whether points that stand out are neighbours, which is no accident of single points."""
    place = np.flatnonzero(odd[np.argsort(f, kind="stable")])
    return bool(np.any(np.diff(place) == 1))


def step_finding(f: Floats, odd: Bools, kk: KramersKronig) -> Finding:
    order = np.argsort(f, kind="stable")
    place = np.flatnonzero(odd[order])
    first = place[np.flatnonzero(np.diff(place) == 1)[0]]
    low, high = f[order[first]], f[order[first + 1]]
    return Finding(
        "Kramers-Kronig",
        f"real and imaginary part do not belong together: up to {kk.max_residual_percent:.2g} % of |Z|, a "
        f"step near {low:.3g} to {high:.3g} Hz (noise {kk.noise_percent:.2g} %): a change of the measuring "
        "range; measure again in one range",
    )
