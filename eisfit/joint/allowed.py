"""What all spectra together allow a segment to be that they do not support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.engine.joint import Block, JointProblem
from eisfit.engine.solver import solve
from eisfit.joint.minimum import JointMinimum
from eisfit.joint.without import at_nothing, columns_of_segment
from eisfit.laws.arrhenius import ARRHENIUS
from eisfit.tools.frozen import Bools, Floats
from eisfit.tools.statistics import NORMAL_95_ONE_SIDED
from eisfit.uncertainty.covariance import covariance_of
from eisfit.uncertainty.detection import Detected
from eisfit.uncertainty.undetected import Undetected, ladders

ENERGIES_EV = np.linspace(0.0, 1.5, 31)  # of a segment that is not seen: resistances fall on heating
_UNLIKELY = 1e-6  # probability below which a trial is left out
_FINER = 6  # capacitances from one that is tried to the next, where one holds in all spectra
_FARTHEST = 20.0  # of ln R beyond the ladder, where the rise is large in any case


@dataclass(frozen=True, eq=False)
class _Spectrum:
    """One segment in one spectrum: how chi-square rises with its resistance, at several capacitances.

    Shapes: `log_r` (R,), `rise` (C, R), `x` (C, R, P), `log_prior` (C,); `shape` (shapes,) is by how much ln R
    lies above a level that is common to all spectra.
    """

    block: int
    row: int
    part: int
    log_r: Floats
    rise: Floats
    x: Floats
    log_prior: Floats
    shape: Floats

    def finer(self) -> _Spectrum:
        """Return it with more capacitances, by monotone splines; with parameters of the nearest that was tried.

        A spline that is not monotone swings below rises that grow a thousandfold from one capacitance to the next.
        """
        known = np.arange(self.rise.shape[0], dtype=float)
        wanted = np.linspace(0, known[-1], _FINER * (known.size - 1) + 1)
        nearest = np.rint(wanted).astype(int)
        from scipy.interpolate import PchipInterpolator  # imported late: it is slow to import

        prior = np.asarray(PchipInterpolator(known, self.log_prior)(wanted))
        rise = np.asarray(PchipInterpolator(known, self.rise)(wanted))
        return replace(self, rise=rise, x=self.x[nearest], log_prior=prior)

    def at(self, log_r: Floats) -> Floats:
        """Return the rise at some logarithms of the resistance (m,), shape (C, m)."""
        known = np.exp(self.log_r)
        root = np.sign(self.rise) * np.sqrt(np.abs(self.rise))
        r = np.exp(np.minimum(log_r, self.log_r[-1] + _FARTHEST))
        inside = np.array([np.interp(r, known, own) for own in root])
        beyond = root[:, -1:] * r / known[-1]
        found = np.where(r > known[-1], beyond, np.where(r < known[0], root[:, :1] * r / known[0], inside))
        return np.asarray(found * np.abs(found))


def allowed(full: JointProblem, minimum: JointMinimum, segments: Sequence[str]) -> tuple[Undetected, ...]:
    """Return weighted trials of segments that all spectra together do not support, for each block.

    Parameters
    ----------
    full : JointProblem
        With these segments.
    minimum : JointMinimum
        The best minimum without them.
    segments : sequence of str
        Their names.

    Notes
    -----
    The likelihood of each spectrum is followed over the resistance of the segment, at capacitances through its expected
    range, all other parameters of the spectrum minimised. The joint likelihood is the product along the law that the
    resistance follows: an Arrhenius law with an energy from 0 to 1.5 eV, or one value. Where the capacitance is linked
    it is the same in all spectra. The limit of a resistance is the largest one at which chi-square has risen by
    1.645² above its minimum, whatever the energy and the capacitance.
    """
    found: list[list[Undetected]] = [[] for _ in full.blocks]
    for name in segments:
        spectra = [s for k in range(len(full.blocks)) for s in _spectra(full, minimum, name, k)]
        common = any(
            f.link.name in (f"{name} C", f"{name}_C") for block in full.blocks for f in block.following
        )
        saved = 2 + 2 * len({int(full.blocks[s.block].set_of[s.row]) for s in spectra})
        numbers = sum(float(block.problem.residuals_used.sum()) for block in full.blocks)
        trials = [_trials(spectra, i, common) for i in range(len(spectra))]
        gain = -min((least for _, _, _, _, least in trials), default=0.0)
        present = float(1 / (1 + np.exp(np.clip(0.5 * (saved * np.log(numbers) - gain), -500, 500))))
        for k in range(len(full.blocks)):
            own = [(s, t) for s, t in zip(spectra, trials, strict=True) if s.block == k]
            if own:
                found[k].append(_undetected(own, present))
    return tuple(_united(parts, block) for parts, block in zip(found, full.blocks, strict=True))


def _spectra(full: JointProblem, minimum: JointMinimum, name: str, k: int) -> list[_Spectrum]:
    """Return how chi-square of each spectrum of a block rises with the resistance of a segment."""
    block = full.blocks[k]
    problem, n = block.problem, block.problem.size
    columns = columns_of_segment(problem, name)
    if not columns.any():
        return []
    held = np.tile(columns, (n, 1))
    start = at_nothing(problem, minimum.solution.state.x[k], columns)
    without = solve(problem, start, np.arange(n), held=held)
    confidence = replace(covariance_of(problem, without.x, without.cost, held), variance=block.variance)
    asked = np.tile([s.segment.name == name for s in problem.template.path], (n, 1))
    state = Detected(without.x, without.cost, asked, held, frozenset(), confidence, without.converged)
    tried = ladders(problem, state, asked)
    shape = _shape(block, columns)
    found = []
    for i in range(n):
        own = np.flatnonzero(tried.spectrum == i)
        if own.size:
            part = int(tried.part[own[0]])
            parts = tried.log_r[own[0]], tried.rise[own], tried.x[own], tried.log_prior[own]
            found.append(_Spectrum(k, i, part, *parts, shape[:, i]))
    return found


def _shape(block: Block, columns: Bools) -> Floats:
    """Return by how much ln R of a segment lies above a common level in each spectrum, for each shape of its law."""
    units = [p.unit for p in block.problem.template.circuit.parameters]
    f = next((f for f in block.following if columns[f.column] and units[f.column] == "ohm"), None)
    n = block.problem.size
    if f is None:
        return np.zeros((1, n))
    law = f.link.law
    if law is not None and law.name == ARRHENIUS:
        log_t = np.log(f.at) if "T" in f.link.ordinate else np.zeros(n)
        return np.asarray(ENERGIES_EV[:, None] / (BOLTZMANN_EV_PER_K * f.at) + log_t + f.offset)
    if law is not None and len(law.parameters) == 1:
        return np.asarray((f.log_values(np.zeros(1), f.at)[0] + f.offset)[None])
    return np.zeros((1, n)) + f.offset


def _trials(
    spectra: Sequence[_Spectrum], i: int, common: bool
) -> tuple[Floats, Floats, float, Floats, float]:
    """Return the trials of spectrum i by all spectra.

    Returns
    -------
    weight, x : ndarray, shapes (m,) and (m, P)
        Of those that are likely.
    limit : float
        Of the resistance of one segment in ohm.
    rise : ndarray, shape (m,)
    least : float
        Smallest rise of all.
    """
    own = spectra[i]
    rungs, shapes = own.log_r.size, own.shape.size
    if common := common and all(s.rise.shape[0] == own.rise.shape[0] > 3 for s in spectra):
        spectra = [s.finer() for s in spectra]
        own = spectra[i]
    count = own.rise.shape[0]
    total = np.zeros((shapes, count, rungs))
    for other in spectra:
        if other is own:
            total += own.rise
            continue
        at = own.log_r[None, :] + (other.shape - own.shape)[:, None]
        rise = other.at(at.ravel()).reshape(-1, shapes, rungs).transpose(1, 0, 2)
        total += rise if common else rise.min(axis=1, keepdims=True)
    profile = total.min(axis=(0, 1))
    profile = profile - min(float(profile.min()), 0.0)
    likelihood = np.exp(-0.5 * (total - total.min()) + own.log_prior[:, None]).sum(axis=0)
    weight = (likelihood / likelihood.sum()).ravel()
    likely = weight > _UNLIKELY
    x = own.x.reshape(-1, own.x.shape[-1])
    return (
        weight[likely],
        x[likely],
        _limit(own.log_r, profile),
        total.min(axis=0).ravel()[likely],
        float(total.min()),
    )


def _limit(log_r: Floats, profile: Floats) -> float:
    """Return the resistance at which a profile has risen by 1.645²; its root is a straight line in R there."""
    inside = np.flatnonzero(profile < NORMAL_95_ONE_SIDED**2)
    if not inside.size:
        return float(np.exp(log_r[0]))
    k = int(inside[-1])
    if k == log_r.size - 1:
        return float(np.exp(log_r[k]))
    low, high = (float(np.sign(v) * np.sqrt(abs(v))) for v in profile[k : k + 2])
    share = (NORMAL_95_ONE_SIDED - low) / (high - low)
    r = np.exp(log_r[k : k + 2])
    return float(r[0] + share * (r[1] - r[0]))


def _undetected(
    own: Sequence[tuple[_Spectrum, tuple[Floats, Floats, float, Floats, float]]], present: float
) -> Undetected:
    """Return the trials of one segment in one block."""
    places = [(s.row, s.part) for s, _ in own]
    sizes = [t[0].size for _, t in own]
    return Undetected(
        np.repeat([row for row, _ in places], sizes),
        np.repeat([part for _, part in places], sizes),
        np.concatenate([t[1] for _, t in own]),
        np.concatenate([t[0] for _, t in own]),
        dict.fromkeys(places, present),
        {place: t[2] for place, (_, t) in zip(places, own, strict=True)},
        np.concatenate([t[3] for _, t in own]),
    )


def _united(parts: Sequence[Undetected], block: Block) -> Undetected:
    """Return the trials of all segments in one block, in order of spectrum and segment."""
    nothing = np.empty(0, int)
    if not parts:
        size = len(block.problem.names)
        return Undetected(nothing, nothing, np.empty((0, size)), np.empty(0), {}, {}, np.empty(0))
    spectrum, part = (np.concatenate([getattr(p, name) for p in parts]) for name in ("spectrum", "part"))
    order = np.lexsort((part, spectrum))
    return Undetected(
        spectrum[order],
        part[order],
        np.concatenate([p.x for p in parts])[order],
        np.concatenate([p.weight for p in parts])[order],
        {place: value for p in parts for place, value in p.present.items()},
        {place: value for p in parts for place, value in p.limits.items()},
        np.concatenate([p.rise for p in parts])[order],
    )
