"""What is not in the circuit, but may be in the cell: a stray capacitance, arcs above the window or within others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.cell.roles import names_in
from eisfit.circuit.arc import arc_of, is_resistor
from eisfit.circuit.circuit import evaluate, span
from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Complexes, Floats, Ints
from eisfit.tools.quotients import SMALLEST_DIVISOR
from eisfit.uncertainty.covariance import Confidence

_APART = 0.5 * np.log(10.0)  # ln tau by which the halves of an arc of two dielectrics lie from their middle
_TAIL = 0.15  # by which ln Q of a tail may differ from that of another spectrum
_EXPONENTS = (0.85, 1.0)  # between which that of a dielectric above the window is expected
_OF_MEAN = 0.5  # of the square of what the residuals of a series ask for, which is on one side
# Of unseen arcs, in units of what they are where all of their resistor is theirs, before; the series weighs these
_SIZES = (0.12, 0.4)
_RISE = 0.4  # by how much of its size that of unseen arcs may change with ln R of their resistor, before


@dataclass(frozen=True)
class Hidden:
    """What the circuit of one spectrum may lack: arcs above the window, in its resistor, and arcs within others.

    Parameters
    ----------
    arcs : tuple of (str, float, float, float)
        Segment, ln(R / ohm), ln(C / F) and exponent alpha of each, as they are expected; C is tau / R.
    alone : bool
        Whether nothing else is in that resistor, so that they share all of it.
    unseen : tuple of (str, float)
        Segment and ln(C / F) of arcs that no spectrum of the series shows. Any share of the resistor may be theirs.
    doubled : tuple of str
        Segments whose arc may be of two dielectrics.
    inside : tuple of (str, float, float, float)
        Segment whose arc holds another one, ln(R / ohm), ln(tau / s) and exponent of that, as they are expected.
    with_tail : tuple of str
        Resistors with a tail whose values are those of other spectra.
    """

    arcs: tuple[tuple[str, float, float, float], ...] = ()
    alone: bool = True
    unseen: tuple[tuple[str, float], ...] = ()
    doubled: tuple[str, ...] = ()
    inside: tuple[tuple[str, float, float, float], ...] = ()
    with_tail: tuple[str, ...] = ()

    @property
    def of_one(self) -> bool:
        """Whether a spectrum by itself has what may change its impedance."""
        return bool(self.arcs or self.doubled or self.inside or self.with_tail)

    def change(self, problem: Problem, x: Floats, i: int) -> Complexes:
        """Return the change in ohm, shape (F,), of the impedance of spectrum i by their beginnings in the window.

        It is the sum of R / (1 + (j w R C)^alpha) - R, that of depressed arcs less their resistance, and of two halves
        of an arc, one ten times as fast as the other, less that arc; a tail may be larger by 15 %. An arc inside
        another one takes its resistance from it.
        """
        omega = problem.s.rows(np.array([i])).omega.ravel()
        found = np.zeros(problem.z_ohm.shape[1], complex)
        for p in problem.template.path:
            if (arc := arc_of(p.node)) is not None:
                r, alpha = p.count * float(np.exp(x[i, arc.resistance])), float(np.exp(arc.log_alpha(x[i])))
                found += self._within(p.segment.name, omega, r, float(arc.log_tau(x[i])), alpha)
        total = _resistor_of(problem, x, i, {name for name, *_ in self.arcs})
        if not self.arcs or not total:
            return found
        shares = np.exp([log_r for _, log_r, _, _ in self.arcs])
        shares = shares * (total / shares.sum() if self.alone else min(total / shares.sum(), 1.0))
        for resistance, (_, _, log_c, alpha) in zip(shares.tolist(), self.arcs, strict=True):
            found += _beginning(omega, resistance, log_c, alpha)
        return found

    def _within(self, name: str, omega: Floats, r: float, log_tau: float, alpha: float) -> Complexes:
        """Return the change (F,) by what the arc of a segment holds besides; its resistance stays as it is."""
        log_c = log_tau - np.log(r)
        found, own = np.zeros(omega.size, complex), _beginning(omega, r, log_c, alpha)
        if name in self.doubled:
            for half in (-_APART, _APART):
                found += 0.5 * (_beginning(omega, r, log_c + half, alpha) - own)
        if name in self.with_tail:
            found += _beginning(omega, r, log_c + _TAIL / alpha, alpha) - own
        for host, log_r, tau, exponent in self.inside:
            if host == name:
                part = min(float(np.exp(log_r)), r)
                found += _beginning(omega, part, tau - np.log(part), exponent) - own * (part / r)
        return found

    def change_by_unseen(self, problem: Problem, x: Floats, i: int, alpha: float) -> Complexes:
        """Return the change in ohm, shape (F,), by the arcs that no spectrum shows, if all is theirs."""
        omega = problem.s.rows(np.array([i])).omega.ravel()
        found = np.zeros(problem.z_ohm.shape[1], complex)
        for _, log_c in self.unseen:
            r = np.exp(self.log_r(problem, x, i)) / len(self.unseen)
            found += _beginning(omega, float(r), log_c, alpha)
        return found

    def log_r(self, problem: Problem, x: Floats, i: int) -> float:
        """Return ln(R / ohm) of the resistor that the arcs are in which no spectrum shows."""
        return float(np.log(_resistor_of(problem, x, i, {name for name, *_ in self.unseen})))


def _resistor_of(problem: Problem, x: Floats, i: int, names: set[str]) -> float:
    """Return the resistance in ohm of the resistor that some segments are in; 0 where there is none."""
    for p in problem.template.path:
        if is_resistor(p.node) and names <= {*names_in(p.segment.name)}:
            return float(p.count * np.exp(x[i, span(p.node)][0]))
    return 0.0


def _beginning(omega: Floats, r: float, log_c: float, alpha: float) -> Complexes:
    """Return what a depressed arc above the window differs from its resistance by."""
    return np.asarray(r / (1 + (1j * omega * r * np.exp(log_c)) ** alpha) - r)


@dataclass(frozen=True, eq=False)
class Common:
    """What a whole series leaves open of a stray capacitance, and of arcs that none of its spectra shows.

    Parameters
    ----------
    root : ndarray, shape (4, 4)
        A root of the mean squares and products of what is missing: the capacitance in F, the sizes of the beginnings
        of such arcs at either end of their exponents, in units of what they are where all of the resistor is theirs,
        and how this size rises with ln R of the resistor.
    log_r : float
        ln(R / ohm) of the resistor, mean over the series.
    """

    root: Floats
    log_r: float

    @classmethod
    def of(
        cls,
        parts: Sequence[tuple[Problem, Floats, Confidence, Sequence[Hidden]]],
        stray_sigma_f: float,
    ) -> Common:
        """Return what the residuals of a series leave open.

        Parameters
        ----------
        parts : sequence of (Problem, ndarray, Confidence, sequence of Hidden)
            The spectra by circuit: the logarithms (N, P) at the minimum, their confidence by the noise, and what the
            resistor of each stands for.
        stray_sigma_f : float
            How far off the stray capacitance may be before, in F.

        Notes
        -----
        All are 0 before, with standard deviations of `stray_sigma_f`, twice a size, and 0.4 of it, and follow
        by linear least squares from what no parameter of a spectrum compensates: the coldest spectra show most. In one
        spectrum both look much alike; how they change with the resistor tells them apart. Sizes of 0.12 and 0.4
        are equally likely before, and weigh by their marginal likelihoods.
        """
        unit = np.array([stray_sigma_f, 1.0, 1.0, _RISE])
        log_r = [
            one.log_r(problem, x, i) for problem, x, _, h in parts for i, one in enumerate(h) if one.unseen
        ]
        middle = float(np.mean(log_r))
        precision, slope = np.zeros((unit.size, unit.size)), np.zeros(unit.size)
        for problem, x, confidence, hidden in parts:
            residual, jacobian = problem.residual_and_jacobian(x, np.arange(problem.size))
            changes = _open_changes(problem, x, hidden, middle)
            weighted = np.stack([problem.data.weighted(c, problem.weight) for c in changes], axis=-1) * unit
            for i in range(problem.size):
                _, rest = _shifted(jacobian[i], confidence, i, weighted[i])
                precision += rest.T @ rest / confidence.variance[i]
                slope += rest.T @ residual[i] / confidence.variance[i]
        return cls(unit[:, None] * np.linalg.cholesky(_mean_squares(precision, slope)), middle)

    def changes(self, problem: Problem, x: Floats, hidden: Sequence[Hidden]) -> list[Complexes]:
        """Return independent changes in ohm, each (N, F), at one standard deviation."""
        of_one = np.stack(_open_changes(problem, x, hidden, self.log_r))
        return list(np.einsum("kj,knf->jnf", self.root, of_one))


def _mean_squares(precision: Floats, slope: Floats) -> Floats:
    """Return the mean squares and products (K, K) of what is open, over the sizes that unseen arcs may have.

    Parameters
    ----------
    precision, slope : ndarray, shapes (K, K) and (K,)
        Half the second and first derivatives of chi-square by it, the capacitance in its standard deviations.
    """
    evidence, squares = [], []
    for size in _SIZES:
        sigma = np.array([1.0, *(size,) * (slope.size - 1)])
        after = np.eye(slope.size) + sigma[:, None] * precision * sigma
        covariance = np.linalg.inv(after)
        mean = -covariance @ (sigma * slope)
        evidence.append(0.5 * float(mean @ after @ mean - np.linalg.slogdet(after)[1]))
        squares.append(sigma[:, None] * (covariance + _OF_MEAN * np.outer(mean, mean)) * sigma)
    weight = np.exp(np.array(evidence) - max(evidence))
    return np.asarray(np.einsum("s,sij->ij", weight / weight.sum(), np.array(squares)))


def _open_changes(
    problem: Problem, x: Floats, hidden: Sequence[Hidden], log_r: float
) -> tuple[Complexes, ...]:
    """Return the changes (N, F) in ohm by 1 F of stray capacitance and by what no spectrum of the series shows.

    The latter as large everywhere, at either end of the exponents, and rising with ln R of the resistor, of which any
    other part is not in the arcs.
    """
    low, high = (
        np.stack([one.change_by_unseen(problem, x, i, alpha) for i, one in enumerate(hidden)])
        for alpha in _EXPONENTS
    )
    above = [one.log_r(problem, x, i) - log_r if one.unseen else 0.0 for i, one in enumerate(hidden)]
    rising = 0.5 * (low + high) * np.array(above)[:, None]
    return stray_change(problem, x, 1.0), low, high, rising


def stray_change(problem: Problem, x: Floats, sigma_f: float) -> Complexes:
    """Return the change in ohm (N, F) that a stray capacitance of unknown size, parallel to the cell, may make.

    Parameters
    ----------
    problem : Problem
        N spectra; a stray capacitance in its circuit is fixed.
    x : ndarray, shape (N, P)
        Logarithms at the minimum.
    sigma_f : float
        Standard deviation of the capacitance in F.

    Notes
    -----
    A small capacitance c changes Z of the cell, behind the leads, by -j w Z² c.
    """
    s, z = problem.s.rows(np.arange(problem.size)), problem.z_ohm
    for part in problem.template.path:
        if part.segment.is_lead:
            z = z - part.count * evaluate(part.node, s, problem.values(x))
    return np.asarray(-1j * s.omega * z**2 * sigma_f)


def with_changes_of_z(
    problem: Problem,
    x: Floats,
    confidence: Confidence,
    changes: Sequence[Complexes],
    *,
    learned: Sequence[bool] = (),
) -> Confidence:
    """Return the confidence with what changes of the impedance, each of unknown size, may shift.

    Parameters
    ----------
    problem : Problem
        N spectra.
    x : ndarray, shape (N, P)
        Logarithms at the minimum.
    confidence : Confidence
        Of the noise alone.
    changes : sequence of ndarray of complex, shape (N, F)
        In ohm, at one standard deviation of what is unknown; independent of each other.
    learned : sequence of bool, optional
        Which of them are judged by each spectrum as well: of one that the data do not bear out less is left.

    Notes
    -----
    Least squares move by the projection of a change on the derivatives. The rest of a change shows in the residuals:
    with it the size q of the change, which is 0 ± 1 before, is a further parameter of linear least squares, and the
    shift is the root mean square of q afterwards.
    """
    rows = np.arange(problem.size)
    residual, jacobian = problem.residual_and_jacobian(x, rows)
    weighted = np.stack([problem.data.weighted(change, problem.weight) for change in changes], axis=-1)
    covariance, shift_log = confidence.covariance_log.copy(), np.zeros_like(x)
    master = _masters(confidence)
    for i in rows.tolist():
        free = np.flatnonzero(confidence.free[i])
        shifts, rest = _shifted(jacobian[i], confidence, i, weighted[i])
        for k in np.flatnonzero(learned):
            shown = float(rest[:, k] @ rest[:, k]) + confidence.variance[i]
            size_after = float(rest[:, k] @ residual[i]) / shown
            shifts[:, k] *= np.sqrt(size_after**2 + confidence.variance[i] / shown)
        shifts[free] = shifts[master[free]]
        covariance[i][np.ix_(free, free)] += shifts[free] @ shifts[free].T
        shift_log[i] = np.sqrt(np.sum(shifts**2, axis=1))
    return replace(confidence, covariance_log=covariance, shift_log=shift_log)


def _masters(confidence: Confidence) -> Ints:
    """Return which parameter each follows, shape (P,)."""
    return np.arange(confidence.free.shape[1]) if confidence.master is None else confidence.master


def _shifted(jacobian: Floats, confidence: Confidence, i: int, weighted: Floats) -> tuple[Floats, Floats]:
    """Return by what weighted changes (2F, K) shift the parameters (P, K) of a spectrum, and what is left of them."""
    count = confidence.free.shape[1]
    own = np.flatnonzero(
        confidence.free[i] & (_masters(confidence) == np.arange(count))
    )  # what is tied has no slope
    slopes = jacobian[own].T
    size = np.maximum(np.sqrt(np.einsum("fp,fp->p", slopes, slopes)), SMALLEST_DIVISOR)
    shifts = np.zeros((count, weighted.shape[1]))
    shifts[own] = np.linalg.lstsq(slopes / size, weighted, rcond=1e-10)[0] / size[:, None]
    return shifts, weighted - slopes @ shifts[own]
