"""Terms of several kinds in series, fitted from many starts at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.elements import Laplace
from eisfit.suggestion.structure import LINEAR, Linear, Structure, bounds, evaluated, held
from eisfit.tools.frozen import Bools, Complexes, Floats, Ints

REACH = (np.log(1e14), np.log(1e8))  # how far outside the window time constants may lie
_ROUNDS, _ROUNDS_EXACT = 60, 300
_EXACT = 1e-8  # relative fall below which a fit that is sought rests where data have no noise
_SCREENED = 6  # rounds after which starts without hope are dropped
_HOPELESS = 30.0  # sum of squares over the best with the same linear terms
_COMPARED = (12, 24, 48, 96)  # rounds after which starts far behind others of their structure are dropped
_LEFT_BEHIND = 300.0  # sum of squares over the least
_CRAWLED = 20  # rounds that must lower a sum of squares where data have no noise
_CRAWLING = 0.7  # to no more than this share of it
_FIRST_DAMPING = 1e-3
_LONGEST = 1.5
_LARGEST_DAMPING = 1e8
_LEAST_DAMPING = 1e-20  # of squared lengths of independent directions; below it, rounding


class Target:
    """A spectrum over its modulus, with the columns of resistor, inductor and capacitor.

    Parameters
    ----------
    frequency_hz, z_ohm : ndarray, shape (n,)
        The used points.
    """

    def __init__(self, frequency_hz: Floats, z_ohm: Complexes) -> None:
        self.s = Laplace(frequency_hz)
        self.z_ohm, self.modulus = z_ohm, np.abs(z_ohm)
        omega, none = self.s.omega, np.zeros(frequency_hz.size)
        self.columns: dict[Linear, Floats] = {
            "R": np.concatenate([1 / self.modulus, none]),
            "L": np.concatenate([none, omega / self.modulus]),
            "C": np.concatenate([none, -1 / (omega * self.modulus)]),
        }
        weighed = z_ohm / self.modulus
        self.rows = np.concatenate([weighed.real, weighed.imag])
        self.log_tau = (-float(np.log(omega.max())), -float(np.log(omega.min())))
        self._basis: dict[tuple[Linear, ...], Floats] = {}

    @property
    def size(self) -> int:
        """Number of real residuals."""
        return self.rows.size

    def basis(self, linear: tuple[Linear, ...]) -> Floats:
        """Return orthonormal columns (2 n, 3) of linear terms, with zeros for those that are not there."""
        if linear not in self._basis:
            found = np.zeros((self.size, len(LINEAR)))
            if linear:
                given = np.column_stack([self.columns[x] for x in linear])
                found[:, : len(linear)] = np.linalg.qr(given / np.linalg.norm(given, axis=0))[0]
            self._basis[linear] = found
        return self._basis[linear]

    def linear_values(self, linear: tuple[Linear, ...], z_ohm: Complexes) -> Floats:
        """Return resistance, inductance and reciprocal capacitance that fit what terms leave of the spectrum."""
        if not linear:
            return np.zeros(0)
        left = (self.z_ohm - z_ohm) / self.modulus
        columns = np.column_stack([self.columns[x] for x in linear])
        scale = np.linalg.norm(columns, axis=0)
        rows = np.concatenate([left.real, left.imag])
        return np.asarray(np.linalg.lstsq(columns / scale, rows, rcond=None)[0] / scale)


@dataclass(frozen=True, eq=False)
class Fitted:
    """A structure with the values that fit a spectrum best.

    Parameters
    ----------
    structure : Structure
    log_p : ndarray, shape (k, 3)
        Logarithms of resistance in ohm, time in s and exponent of each term.
    linear : ndarray
        Values of its linear terms: ohm, H, 1/F.
    misfit : float
        Sum of squared residuals relative to the modulus.
    log_tau : (float, float)
        Logarithms of the reciprocal angular frequencies at the ends of the window.
    """

    structure: Structure
    log_p: Floats
    linear: Floats
    misfit: float
    log_tau: tuple[float, float]

    @property
    def plainest(self) -> Structure:
        """The structure without linear terms that are zero."""
        pairs = zip(self.structure.linear, self.linear, strict=True)
        return Structure(tuple(name for name, value in pairs if value > 0), self.structure.kinds)

    def impedance(self, s: Laplace) -> Complexes:
        """Return the impedance in ohm."""
        z = terms_impedance(self.structure, s, self.log_p)
        for name, value in zip(self.structure.linear, self.linear, strict=True):
            z = z + value * {"R": np.ones_like(s.s), "L": s.s, "C": 1 / s.s}[name]
        return np.asarray(z)


def terms_impedance(structure: Structure, s: Laplace, log_p: Floats) -> Complexes:
    """Return the impedance in ohm of the terms that are not linear."""
    z = np.zeros(s.omega.size, complex)
    for kind, p in zip(structure.kinds, log_p, strict=True):
        z = z + evaluated(kind, s, p[None])[0][0]
    return z


class _Batch:
    """Rows of structures, padded to the same number of terms."""

    def __init__(self, target: Target, structures: Sequence[Structure], starts: Sequence[Floats]) -> None:
        self.target, self.structures = target, structures
        self.slots = max(len(s.kinds) for s in structures)
        count = len(structures)
        self.at = np.zeros((count, self.slots, 3))
        self.held = np.ones((count, self.slots, 3), bool)
        self.low = np.full((count, self.slots, 3), -np.inf)
        self.high = np.full((count, self.slots, 3), np.inf)
        reach = target.log_tau[0] - REACH[0], target.log_tau[1] + REACH[1]
        self.places: dict[str, tuple[Ints, Ints]] = {}
        found: dict[str, list[tuple[int, int]]] = {}
        for k, (structure, start) in enumerate(zip(structures, starts, strict=True)):
            for j, kind in enumerate(structure.kinds):
                found.setdefault(kind, []).append((k, j))
                self.at[k, j], self.held[k, j] = start[j], held(kind)
                self.low[k, j, 1:], self.high[k, j, 1:] = zip(reach, bounds(kind), strict=True)
        self.places = {kind: (np.array(p)[:, 0], np.array(p)[:, 1]) for kind, p in found.items()}
        self.at = np.clip(self.at, self.low, self.high)
        self.taken = np.stack([target.basis(s.linear) for s in structures])
        self.goal = target.rows - np.einsum(
            "rnt,rt->rn", self.taken, np.einsum("rnt,n->rt", self.taken, target.rows)
        )

    def least_of_each(self, cost: Floats, alike: Callable[[Structure], Hashable]) -> Floats:
        """Return, for each row, the least of the rows whose structure is alike."""
        keys = [alike(s) for s in self.structures]
        least: dict[Hashable, float] = {}
        for key, value in zip(keys, cost.tolist(), strict=True):
            least[key] = min(value, least.get(key, value))
        return np.array([least[key] for key in keys])

    def evaluated(self, rows: Ints, at: Floats) -> tuple[Floats, Floats]:
        """Return residuals (r, 2 n), and derivatives of the model (r, 3 slots, 2 n), of some rows."""
        n = self.target.modulus.size
        parts = np.zeros((rows.size, self.slots, 4, n), complex)
        where = np.full(len(self.structures), -1)
        where[rows] = np.arange(rows.size)
        for kind, (k, j) in self.places.items():
            mine = where[k] >= 0
            if mine.any():
                r, c = where[k[mine]], j[mine]
                z, slopes = evaluated(kind, self.target.s, at[r, c])  # type: ignore[arg-type]
                parts[r, c] = np.stack([z, *slopes], axis=1)
        parts /= self.target.modulus
        z = parts[:, :, 0].sum(axis=1)
        derivatives = parts[:, :, 1:].reshape(rows.size, -1, n)
        columns = np.concatenate([derivatives.real, derivatives.imag], axis=-1)
        model = np.concatenate([z.real, z.imag], axis=-1)
        taken = self.taken[rows]
        columns -= (columns @ taken) @ taken.transpose(0, 2, 1)
        model = model - (taken @ (model[:, None, :] @ taken).transpose(0, 2, 1))[:, :, 0]
        return self.goal[rows] - model, columns


def fit(
    target: Target, structures: Sequence[Structure], starts: Sequence[Floats], resting: float = 1e-5
) -> list[Fitted]:
    """Return the least-squares terms of each structure from its start.

    Parameters
    ----------
    target : Target
        Data.
    structures, starts : sequences
        What to fit, and from which logarithms (k, 3).
    resting : float
        Relative fall of the sum of squares below which a fit rests.

    Notes
    -----
    Levenberg-Marquardt steps with exact derivatives, bounds by projection; linear terms take whatever value fits.
    """
    if not structures:
        return []
    if max(len(s.kinds) for s in structures) == 0:
        batch_at, cost = np.zeros((len(structures), 0, 3)), _linear_cost(target, structures)
    else:
        batch = _Batch(target, structures, starts)
        cost = _stepped(batch, resting)
        batch_at = batch.at
    found = []
    for structure, at, misfit in zip(structures, batch_at, cost, strict=True):
        log_p = at[: len(structure.kinds)]
        linear = target.linear_values(structure.linear, terms_impedance(structure, target.s, log_p))
        found.append(Fitted(structure, log_p, linear, float(misfit), target.log_tau))
    return found


def _linear_cost(target: Target, structures: Sequence[Structure]) -> Floats:
    taken = [target.basis(s.linear) for s in structures]
    left = [target.rows - t @ (t.T @ target.rows) for t in taken]
    return np.array([float(x @ x) for x in left])


def _stepped(batch: _Batch, resting: float) -> Floats:
    """Step all rows to their minima, and return their sums of squares."""
    rows = np.arange(len(batch.structures))
    residual, slope = batch.evaluated(rows, batch.at)
    cost = np.einsum("rn,rn->r", residual, residual)
    damping = np.full(cost.size, _FIRST_DAMPING)
    moving = np.ones(cost.size, bool)
    exact = resting < _EXACT
    earlier = cost.copy()
    for turn in range(_ROUNDS_EXACT if exact else _ROUNDS):
        k = np.flatnonzero(moving)
        step = (_careful_step if exact else _step)(slope[k], residual[k], damping[k], batch, k)
        tried = np.clip(batch.at[k] + np.clip(step, -_LONGEST, _LONGEST), batch.low[k], batch.high[k])
        new_residual, new_slope = batch.evaluated(k, tried)
        new_cost = np.einsum("rn,rn->r", new_residual, new_residual)
        better = new_cost < cost[k]
        rests = better & (cost[k] - new_cost < resting * cost[k])
        won = k[better]
        batch.at[won], residual[won], slope[won] = tried[better], new_residual[better], new_slope[better]
        cost[won] = new_cost[better]
        damping[k] = np.where(better, damping[k] / 5, damping[k] * 8)
        if exact:
            rests &= damping[k] < _FIRST_DAMPING  # a short step is no rest
        moving[k] = ~rests & (damping[k] < _LARGEST_DAMPING) & (cost[k] > 1e-20)
        if turn == _SCREENED and not exact:
            moving &= cost < _HOPELESS * np.maximum(batch.least_of_each(cost, _linear), 1e-6)
        if exact and turn % _CRAWLED == _CRAWLED - 1:
            moving &= cost < _CRAWLING * earlier
            earlier = cost.copy()
        if exact and turn in _COMPARED:
            moving &= cost < _LEFT_BEHIND * batch.least_of_each(cost, _itself)
        if not moving.any():
            break
    return np.asarray(cost)


def _itself(structure: Structure) -> Structure:
    return structure


def _linear(structure: Structure) -> tuple[Linear, ...]:
    return structure.linear


def _step(slope: Floats, residual: Floats, damping: Floats, batch: _Batch, k: Ints) -> Floats:
    """Return the damped step of each row; what rests on its bound and is pulled beyond stays there."""
    pull = (slope @ residual[:, :, None])[:, :, 0]
    size = pull.shape[1]
    fixed = _fixed(batch, k, pull)
    free = np.where(fixed, 0.0, 1.0)
    normal = (slope @ slope.transpose(0, 2, 1)) * free[:, :, None] * free[:, None, :]
    diagonal = np.einsum("spp->sp", normal)
    floor = 1e-12 * diagonal.max(axis=1, keepdims=True) + 1e-300
    idx = np.arange(size)
    normal[:, idx, idx] += damping[:, None] * diagonal + np.where(fixed, 1.0, floor)
    solved = np.linalg.solve(normal, (pull * free)[:, :, None])[:, :, 0]
    return np.asarray(solved.reshape(batch.at[k].shape))


def _fixed(batch: _Batch, k: Ints, pull: Floats) -> Bools:
    """Tell which values of each row are no parameters, or rest on a bound and are pulled beyond it."""
    at, shaped = batch.at[k], pull.reshape(batch.at[k].shape)
    fixed: Bools = (
        batch.held[k] | ((at <= batch.low[k]) & (shaped < 0)) | ((at >= batch.high[k]) & (shaped > 0))
    )
    return fixed.reshape(pull.shape)


def _careful_step(slope: Floats, residual: Floats, damping: Floats, batch: _Batch, k: Ints) -> Floats:
    """Return the damped step of each row from the derivatives themselves, not from their products.

    Products lose what a spectrum without noise still tells of an arc far outside the window.
    """
    fixed = _fixed(batch, k, (slope @ residual[:, :, None])[:, :, 0])
    columns = np.where(fixed[:, :, None], 0.0, slope)
    scale = np.sqrt(np.einsum("spn,spn->sp", columns, columns))
    scale = np.where(scale > 0, scale, 1.0)
    rows = np.concatenate([columns / scale[:, :, None], residual[:, None, :]], axis=1)
    triangle = np.asarray(np.linalg.qr(rows.transpose(0, 2, 1), mode="r"))
    size = scale.shape[1]
    u, lengths, v = np.linalg.svd(triangle[:, :size, :size])
    along: Floats = (u.transpose(0, 2, 1) @ triangle[:, :size, size:])[:, :, 0]
    along *= lengths / (lengths**2 + damping[:, None] + _LEAST_DAMPING)
    step = (v.transpose(0, 2, 1) @ along[:, :, None])[:, :, 0] / scale
    return np.asarray(np.where(fixed, 0.0, step).reshape(batch.at[k].shape))
