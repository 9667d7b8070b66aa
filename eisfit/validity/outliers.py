"""Single points that stand out from the nearest consistent curve through all others."""

from __future__ import annotations

import numpy as np

from eisfit.spectrum.findings import Finding
from eisfit.tools.frozen import Bools, Complexes, Floats
from eisfit.tools.quotients import SMALLEST_DIVISOR
from eisfit.tools.statistics import largest_deviation
from eisfit.validity.kk_relations import RCOND, KramersKronig, basis_of, kramers_kronig, time_constants

OUTLIER_LEVEL = 5e-3  # probability of an outlier in a sound spectrum
MEDIAN_EFFICIENCY = 0.37  # degrees of freedom per number of a noise from a median (Huber 1981)
FAR_PERCENT = 1.0  # distance from the curve through all others below which no point is an outlier
OUTLIERS_AT_MOST = 0.1  # share of the points; where more stand out, the spectrum is wrong and not they
SPOILS = 3.0  # deviation over the limit from which on a point has spoilt the choice of time constants
LEAVE_OUT = "a disturbance, or a step there; leave out with drop, or measure again"
MASKED = "they take no part in the fit"


def standing_out(f: Floats, z: Complexes, kk: KramersKronig) -> Bools:
    """Return single points that stand out from the nearest consistent curve through all others.

    The worst is left out and the curve is fitted again, until none stands out; where they are more than one in
    ten, none is called an outlier. The level of the test is 0.5 % per spectrum: the limit is the largest of n
    deviations at that probability, for a noise known from as many numbers as the test leaves free. A point that
    the curve follows closely, whatever it is, says nothing.
    A point that is far off has also spoilt the choice of time constants, which is then made again without it.
    """
    odd = np.zeros(f.size, bool)
    freedom = MEDIAN_EFFICIENCY * max(kk.freedom, 1)
    limit = largest_deviation(f.size, freedom, OUTLIER_LEVEL)
    design = _design(f, z, kk)
    for _ in range(int(OUTLIERS_AT_MOST * f.size) + 1):
        keep = np.flatnonzero(~odd)
        deviation, alone = _deviations(*(part[keep] for part in design))
        stands_out = (deviation > limit) & (100 * alone > FAR_PERCENT)
        if not stands_out.any():
            return odd
        worst = int(np.argmax(np.where(stands_out, deviation, 0.0)))
        odd[keep[worst]] = True
        if deviation[worst] > SPOILS * limit:
            design = _design(f, z, kramers_kronig(f[~odd], z[~odd]))
    return np.zeros(f.size, bool)


def _design(f: Floats, z: Complexes, kk: KramersKronig) -> tuple[Complexes, Complexes]:
    """Return what a test was made of at all frequencies, and the data, both relative to the data."""
    omega = 2 * np.pi * f
    target = z if kk.representation == "impedance" else 1 / z
    used = 2 * np.pi * kk.frequency_hz
    basis = basis_of(omega, time_constants(used, kk.count, kk.decades_beyond))
    return basis / np.abs(target)[:, None], target / np.abs(target)


def _deviations(basis: Complexes, wanted: Complexes) -> tuple[Floats, Floats]:
    """Return how far each point is off: in units of the noise, and from the curve through all others."""
    a, b = (np.concatenate([part.real, part.imag]) for part in (basis, wanted))
    u, values, _ = np.linalg.svd(a / np.sqrt(np.einsum("nm,nm->m", a, a)), full_matrices=False)
    u = u[:, values > RCOND * values[0]]
    misfit = (b - u @ (u.T @ b)).reshape(2, -1)
    left = np.maximum(1 - np.einsum("nm,nm->n", u, u).reshape(2, -1), 1e-6)
    noise = 1.4826 * float(np.median(np.abs(misfit) / np.sqrt(left)))
    deviation = np.sqrt(np.sum(misfit**2 / left, axis=0)) / max(noise, SMALLEST_DIVISOR)
    return deviation, np.sqrt(np.sum((misfit / left) ** 2, axis=0))


def outlier_finding(places_hz: Floats, noise_percent: float, cure: str) -> Finding:
    """Say where points stand out, and what can be done or was done about it."""
    places = ", ".join(f"{value:.4g} Hz" for value in places_hz[:4]) + (" ..." if places_hz.size > 4 else "")
    points = "1 point stands" if places_hz.size == 1 else f"{places_hz.size} points stand"
    return Finding(
        "outlier", f"{points} out, at {places} (noise of the others {noise_percent:.2g} %): {cure}"
    )


def step(f: Floats, odd: Bools) -> bool:
    """Tell whether points that stand out are neighbours, which is no accident of single points.

    It has the level of `standing_out` at most, since it takes two of its points.
    """
    place = np.flatnonzero(odd[np.argsort(f, kind="stable")])
    return bool(np.any(np.diff(place) == 1))


def step_finding(f: Floats, odd: Bools, kk: KramersKronig) -> Finding:
    """Return the finding that Z jumps between two points."""
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
