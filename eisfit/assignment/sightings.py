"""What a solution shows of its arcs: resistance and capacitance of each with their errors, and what it would show."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.assignment.structures import Structure
from eisfit.tools.frozen import Floats
from eisfit.uncertainty.covariance import covariance_of

_LARGEST_SIGMA = 3.0  # of ln R and ln C, where the data hardly determine them
_SHOWS_FROM = 8.0  # resistance over noise, summed over the points of a decade, from which an arc shows
_EDGE = 0.7  # width of the transition at the ends of the window, in ln tau
_MERGED = 1.2  # difference of ln tau below which two arcs look like one
_MAY_BE_ONE = 1.6  # difference of ln tau below which two arcs of a solution may be the halves of one
_MERGED_SIGMA = 0.3  # uncertainty of ln C of two arcs that are taken as one
_SECOND_SIGMA = 1.2  # uncertainty of ln R and ln C of the second one of two arcs that are taken as one
_NO_NOISE = 1e-6  # least relative noise


@dataclass(frozen=True, eq=False)
class Sighting:
    """One solution of one spectrum.

    Parameters
    ----------
    structure : int
        Its place among the structures.
    score : float
        Above the best of the spectrum.
    log_r, log_tau : ndarray, shape (K,)
        Of its arcs.
    covariance : ndarray, shape (K, 2, 2)
        Of ln R and ln C of each.
    arcs : tuple of tuple of int
        The arcs of the structure that each entry stands for: one, or two that look like one. Then the last entry is
        the second one of them, of which little is known, and stands for none.
    log_series : float
        ln of the resistor in series, or of what could be overlooked of one.
    has_resistor : bool
        Whether there is one.
    """

    structure: int
    score: float
    log_r: Floats
    log_tau: Floats
    covariance: Floats
    arcs: tuple[tuple[int, ...], ...]
    log_series: float
    has_resistor: bool

    @property
    def pair(self) -> bool:
        """Whether the last but one entry stands for two arcs."""
        return bool(self.arcs) and not self.arcs[-1]

    @property
    def log_c(self) -> Floats:
        """ln(C / F) of its arcs."""
        return self.log_tau - self.log_r


@dataclass(frozen=True, eq=False)
class View:
    """What one spectrum can show at all.

    Parameters
    ----------
    fastest, slowest : float
        ln tau of arcs with their tops at the ends of the window.
    log_omega, log_z : ndarray, shape (F,)
        Rising frequencies and |Z| there.
    noise : float
        Relative noise.
    per_decade : float
        Points per decade.
    """

    fastest: float
    slowest: float
    log_omega: Floats
    log_z: Floats
    noise: float
    per_decade: float

    def detectable(self, log_r: float, log_tau: float, sigma: float, others: Floats) -> float:
        """Return the probability that an arc shows as one of its own.

        Parameters
        ----------
        log_r, log_tau, sigma : float
            What is expected of it, and the standard deviation of both.
        others : ndarray, shape (K,)
            ln tau of the arcs that are seen.
        """
        width = float(np.hypot(_EDGE, sigma))
        inside = _step((log_tau - self.fastest) / width) * _step((self.slowest - log_tau) / width)
        log_z = float(np.interp(-log_tau, self.log_omega, self.log_z))
        strength = log_r - log_z - np.log(self.noise) + 0.5 * np.log(self.per_decade)
        shows = _step((strength - np.log(_SHOWS_FROM)) / float(np.hypot(0.5, sigma)))
        apart = 1.0
        if others.size:
            distance = float(np.abs(others - log_tau).min())
            apart = _step((distance - _MERGED) / float(np.hypot(0.4, sigma)))
        return float(0.995 * inside * shows * apart)

    def above(self, log_tau: float, sigma: float) -> float:
        """Return the probability that the top of an arc lies above the window."""
        return _step((self.fastest - log_tau) / float(np.hypot(_EDGE, sigma)))


def _step(x: float) -> float:
    return float(1 / (1 + np.exp(-min(max(1.7 * x, -60.0), 60.0))))


def views_of(structures: Sequence[Structure]) -> list[View]:
    """Return what each spectrum can show."""
    problem = structures[0].problem
    low, high = problem.window_hz()
    noise = _noise(structures)
    found = []
    for i in range(problem.size):
        used = problem.data.used[i]
        f, z = problem.data.frequency_hz[i, used], np.abs(problem.z_ohm[i, used])
        order = np.argsort(f)
        decades = max(np.log10(high[i] / low[i]), 1.0)
        found.append(
            View(
                float(-np.log(2 * np.pi * high[i])),
                float(-np.log(2 * np.pi * low[i])),
                np.log(2 * np.pi * f[order]),
                np.log(z[order]),
                float(noise[i]),
                f.size / decades,
            )
        )
    return found


def _noise(structures: Sequence[Structure]) -> Floats:
    """Return the relative residual of the best solution of each spectrum, shape (N,)."""
    best = np.argmin([s.score for s in structures], axis=0)
    found = np.empty(best.size)
    for i, k in enumerate(best):
        problem, x = structures[k].problem, structures[k].x[i : i + 1]
        residual = problem.residual(x, np.array([i]))[0]
        weight = problem.weight[i]
        used = weight > 0
        relative = residual[used] / (weight * np.tile(np.abs(problem.z_ohm[i]), 2))[used]
        found[i] = max(float(np.sqrt(np.mean(relative**2))), _NO_NOISE)
    return found


def sightings_of(structures: Sequence[Structure], most: int, drop: float) -> list[list[Sighting]]:
    """Return the best solutions of each spectrum.

    Parameters
    ----------
    structures : sequence of Structure
        For N spectra.
    most : int
        Solutions of one spectrum.
    drop : float
        Score above the best from which one is left out.
    """
    scores = np.array([s.score for s in structures])
    above = scores - scores.min(axis=0)
    noise = _noise(structures)
    kept = [
        [int(k) for k in np.argsort(above[:, i], kind="stable")[:most] if above[k, i] < drop]
        for i in range(scores.shape[1])
    ]
    confidence = {
        k: covariance_of(s.problem, s.x, s.cost, np.broadcast_to(s.held, s.x.shape))
        for k, s in enumerate(structures)
        if any(k in own for own in kept)
    }
    found = []
    for i, own in enumerate(kept):
        seen: list[Sighting] = []
        for k in own:
            shown = _Shown(structures[k], k, confidence[k].covariance_log[i], i, float(noise[i]))
            single = tuple((arc,) for arc in range(len(structures[k].arcs)))
            seen += [shown.sighting(groups, float(above[k, i])) for groups in (single, *shown.merged())]
        found.append(seen)
    return found


@dataclass(frozen=True, eq=False)
class _Shown:
    """A solution of one spectrum."""

    structure: Structure
    number: int
    covariance: Floats
    i: int
    noise: float

    def merged(self) -> list[tuple[tuple[int, ...], ...]]:
        """Return the arcs with two neighbours taken as one, for each two that are close."""
        x, arcs = self.structure.x[self.i], self.structure.arcs
        order = sorted(range(len(arcs)), key=lambda k: float(arcs[k].log_tau(x)))
        found = []
        for a, b in itertools.pairwise(order):
            if arcs[b].log_tau(x) - arcs[a].log_tau(x) < _MAY_BE_ONE:
                found.append((*((k,) for k in order if k not in (a, b)), (a, b)))
        return found

    def sighting(self, groups: tuple[tuple[int, ...], ...], score: float) -> Sighting:
        """Return what the solution shows with some arcs taken together."""
        x, problem = self.structure.x[self.i], self.structure.problem
        known = np.nan_to_num(self.covariance, nan=0.0, posinf=0.0, neginf=0.0)
        log_r, log_tau, covariance = (
            np.zeros(len(groups)),
            np.zeros(len(groups)),
            np.zeros((len(groups), 2, 2)),
        )
        for k, group in enumerate(groups):
            parts = [self.structure.arcs[a] for a in group]
            own = x[[arc.resistance for arc in parts]]
            log_r[k] = np.logaddexp.reduce(own)
            share = np.exp(own - log_r[k])
            log_tau[k] = float(sum(w * arc.log_tau(x) for w, arc in zip(share, parts, strict=True)))
            r_slope = sum(w * np.eye(x.size)[arc.resistance] for w, arc in zip(share, parts, strict=True))
            tau_slope = sum(w * arc.log_tau_gradient(x) for w, arc in zip(share, parts, strict=True))
            slopes = np.stack([r_slope, tau_slope - r_slope])
            matrix = slopes @ known @ slopes.T
            unknown = any(np.isnan(self.covariance[arc.resistance, arc.resistance]) for arc in parts)
            scale = np.minimum(1.0, _LARGEST_SIGMA / np.sqrt(np.maximum(np.diagonal(matrix), 1e-12)))
            covariance[k] = np.eye(2) * _LARGEST_SIGMA**2 if unknown else matrix * scale[:, None] * scale
            covariance[k, 1, 1] += _MERGED_SIGMA**2 * (len(group) > 1)
        if groups and len(groups[-1]) > 1:
            least_r = min(float(x[self.structure.arcs[a].resistance]) for a in groups[-1])
            log_r, log_tau = np.append(log_r, least_r), np.append(log_tau, log_tau[-1])
            covariance = np.concatenate([covariance, _SECOND_SIGMA**2 * np.eye(2)[None]])
            groups = (*groups, ())
        least = float(np.log(self.noise * np.abs(problem.z_ohm[self.i]).min()))
        has_resistor = self.structure.has_resistor
        resistor = self.structure.resistor
        series = least if resistor is None or not has_resistor else max(float(x[resistor]), least)
        return Sighting(self.number, score, log_r, log_tau, covariance, groups, series, has_resistor)
