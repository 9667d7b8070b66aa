"""What is not in the circuit, but may be in the cell: a stray capacitance, arcs above the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.cell.roles import names_in
from eisfit.circuit.arc import is_resistor
from eisfit.circuit.circuit import evaluate, span
from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Complexes, Floats
from eisfit.tools.quotients import SMALLEST_DIVISOR
from eisfit.uncertainty.covariance import Confidence


@dataclass(frozen=True)
class Hidden:
    """The arcs above the window that the resistor of one spectrum stands for.

    Parameters
    ----------
    arcs : tuple of (str, float, float, float)
        Segment, ln(R / ohm), ln(C / F) and exponent alpha of each, as they are expected; C is tau / R.
    alone : bool
        Whether nothing else is in that resistor, so that they share all of it.
    """

    arcs: tuple[tuple[str, float, float, float], ...] = ()
    alone: bool = True

    def change(self, problem: Problem, x: Floats, i: int) -> Complexes:
        """Return the change in ohm, shape (F,), of the impedance of spectrum i by their beginnings in the window.

        It is the sum of R / (1 + (j w R C)^alpha) - R, that of depressed arcs less their resistance.
        """
        s = problem.s.rows(np.array([i]))
        found = np.zeros(problem.z_ohm.shape[1], complex)
        names = {name for name, *_ in self.arcs}
        resistors = [
            p for p in problem.template.path if is_resistor(p.node) and names <= {*names_in(p.segment.name)}
        ]
        if not self.arcs or not resistors:
            return found
        total = resistors[0].count * float(np.exp(x[i, span(resistors[0].node)][0]))
        r = np.exp([log_r for _, log_r, _, _ in self.arcs])
        r = r * (total / r.sum() if self.alone else min(total / r.sum(), 1.0))
        for resistance, (_, _, log_c, alpha) in zip(r.tolist(), self.arcs, strict=True):
            found += (
                resistance / (1 + (1j * s.omega * resistance * np.exp(log_c)) ** alpha).ravel() - resistance
            )
        return found


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
    master = np.arange(x.shape[1]) if confidence.master is None else confidence.master
    for i in rows:
        free = np.flatnonzero(confidence.free[i])
        own = np.flatnonzero(
            confidence.free[i] & (master == np.arange(x.shape[1]))
        )  # what is tied has no slope
        slopes = jacobian[i, own].T
        size = np.maximum(np.sqrt(np.einsum("fp,fp->p", slopes, slopes)), SMALLEST_DIVISOR)
        shifts = np.zeros((x.shape[1], len(changes)))
        shifts[own] = np.linalg.lstsq(slopes / size, weighted[i], rcond=1e-10)[0] / size[:, None]
        rest = weighted[i] - slopes @ shifts[own]
        for k in np.flatnonzero(learned):
            shown = float(rest[:, k] @ rest[:, k]) + confidence.variance[i]
            size_after = float(rest[:, k] @ residual[i]) / shown
            shifts[:, k] *= np.sqrt(size_after**2 + confidence.variance[i] / shown)
        shifts[free] = shifts[master[free]]
        covariance[i][np.ix_(free, free)] += shifts[free] @ shifts[free].T
        shift_log[i] = np.sqrt(np.sum(shifts**2, axis=1))
    return replace(confidence, covariance_log=covariance, shift_log=shift_log)
