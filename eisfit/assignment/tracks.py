"""How the arc of one segment goes on from spectrum to spectrum: a Gaussian process in ln R and ln C."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from eisfit.assignment.seen import Place, Seen
from eisfit.assignment.settings import AssignmentSettings
from eisfit.assignment.sightings import Sighting
from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.tools.frozen import Floats

_NEAREST, _SPREAD = (
    32,
    16,
)  # of a long history: the spectra next to a new one, and others spread over the rest


@dataclass(frozen=True)
class Expected:
    """What is expected of an arc in one spectrum: ln R and ln C, mean (2,) and covariance (2, 2)."""

    mean: Floats
    covariance: Floats

    @property
    def log_r(self) -> float:
        """Ln R."""
        return float(self.mean[0])

    @property
    def log_tau(self) -> float:
        """Ln tau = ln R + ln C."""
        return float(self.mean.sum())

    @property
    def sigma(self) -> float:
        """Standard deviation of the less known one of both."""
        variance_tau = float(self.covariance.sum())
        return float(np.sqrt(max(variance_tau, float(self.covariance[0, 0]), 0.0)))


@dataclass(frozen=True, eq=False)
class TrackModel:
    """The prior of the arcs of one segment over a series.

    Parameters
    ----------
    axis : ndarray, shape (N,)
        1/(kT) in 1/eV from the first spectrum on, falling with temperature; or the number of the spectrum.
    over_temperature : bool
        Which of both.
    log_r : ndarray, shape (N,)
        Where ln R is expected to lie, roughly: ln |Z|.
    energy_ev : (float, float)
        Expected activation energy and its standard deviation.
    middle, sigma : ndarray, shape (N,)
        Expected ln C.
    sightings : list of list of Sighting
        Of each spectrum.
    settings : AssignmentSettings
        Spreads.
    """

    axis: Floats
    over_temperature: bool
    log_r: float
    energy_ev: tuple[float, float]
    middle: Floats
    sigma: Floats
    sightings: list[list[Sighting]]
    settings: AssignmentSettings
    _known: dict[tuple[Seen, int], Expected] = field(default_factory=dict)
    _densities: dict[tuple[Seen, int], Floats] = field(default_factory=dict)
    _arcs: dict[int, tuple[Floats, Floats, Floats]] = field(default_factory=dict)

    def expected(self, seen: Seen, i: int) -> Expected:
        """Return what is expected in spectrum i after the arcs that were seen."""
        key = (seen, i)
        if key not in self._known:
            self._known[key] = self._expected(seen, i)
        return self._known[key]

    def log_density(self, seen: Seen, i: int) -> Floats:
        """Return how well the arcs of all sightings of spectrum i go on from those seen, one after the other."""
        key = (seen, i)
        if key not in self._densities:
            self._densities[key] = self._log_density(self.expected(seen, i), i)
        return self._densities[key]

    def _log_density(self, expected: Expected, i: int) -> Floats:
        r, c, covariance = self._shown(i)
        r, c, total = r - expected.mean[0], c - expected.mean[1], expected.covariance + covariance
        rr, rc, cc = total[:, 0, 0], total[:, 0, 1], total[:, 1, 1]
        determinant = rr * cc - rc**2
        square = (cc * r**2 - 2 * rc * r * c + rr * c**2) / determinant
        return np.asarray(-0.5 * square - 0.5 * np.log(determinant) - np.log(2 * np.pi))

    def _shown(self, i: int) -> tuple[Floats, Floats, Floats]:
        """Return ln R (K,), ln C (K,) and their covariance (K, 2, 2) of the arcs of all sightings of a spectrum."""
        if i not in self._arcs:
            own = self.sightings[i]
            parts = ([s.log_r for s in own], [s.log_c for s in own], [s.covariance for s in own])
            r, c, covariance = (np.concatenate(part) for part in parts)
            self._arcs[i] = r, c, covariance
        return self._arcs[i]

    def _prior(self, rows: list[int]) -> tuple[Floats, Floats]:
        """Return mean (2n,) and covariance (2n, 2n) of ln R, then ln C, in some spectra."""
        s, n = self.settings, len(rows)
        v = self.axis[rows]
        least = np.minimum(v[:, None], v) - self.axis.min()
        r_mean = np.full(n, self.log_r)
        r = s.resistance_sigma**2 + np.eye(n) * s.resistance_jitter**2
        if self.over_temperature:
            centred = v - self.axis.mean()
            r_mean = r_mean + self.energy_ev[0] * centred
            r = r + self.energy_ev[1] ** 2 * np.outer(centred, centred) + s.resistance_walk**2 * least
        else:
            r = r + s.step_sigma**2 * least
        sigma = self.sigma[rows]
        c = np.outer(sigma, sigma) + s.capacitance_walk**2 * least + np.eye(n) * s.capacitance_jitter**2
        covariance = np.zeros((2 * n, 2 * n))
        covariance[:n, :n], covariance[n:, n:] = r, c
        return np.concatenate([r_mean, self.middle[rows]]), covariance

    def _remembered(self, seen: Seen, i: int) -> tuple[Place, ...]:
        """Return the arcs that say what to expect in spectrum i: all, but of a long history those that count.

        Arcs next to it tell the walks about the line, and a few more over the whole range its slope; with all of them
        the time for N spectra would grow as N^3.
        """
        places = seen.places
        if len(places) <= _NEAREST + _SPREAD:
            return places
        v = self.axis[[spectrum for spectrum, _, _ in places]]
        near = np.argsort(np.abs(v - self.axis[i]), kind="stable")
        rest = near[_NEAREST:][np.argsort(v[near[_NEAREST:]], kind="stable")]
        spread = rest[np.linspace(0, rest.size - 1, _SPREAD).astype(int)]
        return tuple(places[k] for k in sorted([*near[:_NEAREST].tolist(), *spread.tolist()]))

    def _expected(self, seen: Seen, i: int) -> Expected:
        places = self._remembered(seen, i)
        rows = [spectrum for spectrum, _, _ in places]
        mean, covariance = self._prior([*rows, i])
        n = len(rows)
        new = [n, 2 * n + 1]
        if not n:
            return Expected(mean, covariance)
        old = np.array([*range(n), *range(n + 1, 2 * n + 1)])
        found = [(self.sightings[a][b], k) for a, b, k in places]
        r, tau = np.array([(s.log_r[k], s.log_tau[k]) for s, k in found]).T
        noisy = covariance[old[:, None], old]
        noisy.reshape(2, n, 2, n)[:, np.arange(n), :, np.arange(n)] += [s.covariance[k] for s, k in found]
        shared = covariance[old[:, None], new]
        gain = np.linalg.solve(noisy, shared).T
        return Expected(
            mean[new] + gain @ (np.concatenate([r, tau - r]) - mean[old]),
            covariance[np.ix_(new, new)] - gain @ shared,
        )


def axis_of(condition: str, values: Floats) -> tuple[Floats, bool]:
    """Return the axis of a series: 1/(kT) in 1/eV over temperature, else the number of the spectrum."""
    if condition == "temperature_c":
        return 1 / (BOLTZMANN_EV_PER_K * (values + ZERO_CELSIUS_K)), True
    return np.arange(values.size, dtype=float), False
