"""How far temperatures of which no error is known move what is fitted, if they are what makes spectra scatter."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from eisfit.engine.joint import JointSolution
from eisfit.engine.joint_equations import equations_of
from eisfit.engine.joint_problem import JointProblem
from eisfit.tools.frozen import Floats


@dataclass(frozen=True, eq=False)
class TemperatureScatter:
    """What errors of temperatures add to covariances where they were taken as exact.

    Parameters
    ----------
    stderr_k : float
        Standard error of each temperature that explains how far spectra scatter about their links.
    temperatures : int
        How many temperatures there are of which no error is known.
    common : ndarray, shape (G, G)
        What it adds to the covariance of the common coordinates.
    log : tuple of ndarray, each of shape (N, P, P)
        And to that of the logarithms in each block, which are those at the temperatures as they were.
    """

    stderr_k: float
    temperatures: int
    common: Floats
    log: tuple[Floats, ...]


def temperature_scatter(
    joint: JointProblem, solution: JointSolution, excess: float
) -> TemperatureScatter | None:
    """Return what temperatures without a known error add, if they are the reason of an excess of chi-square.

    Parameters
    ----------
    joint : JointProblem
        In which some temperatures are exact.
    solution : JointSolution
        Its minimum.
    excess : float
        By how much the chi-square of the links is larger than the number of parameters that they save.

    Returns
    -------
    TemperatureScatter or None
        None without an excess, or if no such temperature moves anything.

    Notes
    -----
    An error dT of one temperature moves the minimum by its gradient through the normal equations, to first order, and
    raises chi-square by q dT², q being what the links leave of it; the error that explains the excess is the
    root of the excess over the sum of q. Unlike a common factor on all errors, it is common to all laws of a spectrum.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        moved = _Moved.of(joint, solution)
    if excess <= 0 or not moved.rise > 0 or not np.isfinite(moved.rise):
        return None
    variance = excess / moved.rise
    return TemperatureScatter(
        float(np.sqrt(variance)),
        moved.temperatures,
        moved.common * variance,
        tuple(part * variance for part in moved.log),
    )


@dataclass(frozen=True, eq=False)
class _Moved:
    """What one kelvin in each of these temperatures does: the rise of chi-square, and sums of squares of moves."""

    rise: float
    temperatures: int
    common: Floats
    log: tuple[Floats, ...]

    @classmethod
    def of(cls, joint: JointProblem, solution: JointSolution) -> _Moved:
        """Return it at a minimum."""
        free = replace(joint, blocks=tuple(replace(b, error=np.ones_like(b.error)) for b in joint.blocks))
        common, state = solution.common_covariance, solution.state
        rise, count, squares, parts = 0.0, 0, np.zeros_like(common), []
        for family, other in zip(joint.families, free.families, strict=True):
            x = [
                b.unextended(state.x[k], state.common)
                for k, b in zip(family.members, family.blocks, strict=True)
            ]
            own = family.gathered(x, [state.shift[k] for k in family.members])
            exact, known = equations_of(family, own, state.common), equations_of(other, own, state.common)
            place, unknown = family.shift_place, family.error == 0
            inverse = exact.inverse(0.0)
            inner = np.where(unknown[:, None], known.own[:, :, place], 0.0)
            inner[:, place] = 0.0
            carried = np.einsum("nuv,nv->nu", inverse, inner)
            outer = np.where(unknown[:, None], known.cross[:, place, :], 0.0)
            right = outer - np.einsum("nug,nu->ng", exact.cross, carried)
            move = right @ common
            own_rise = np.where(unknown, known.own[:, place, place] - 1.0, 0.0)
            left = own_rise - np.einsum("nu,nu->n", inner, carried) - np.einsum("ng,ng->n", right, move)
            count += int(np.count_nonzero(own_rise > 0))
            rise += float(np.maximum(left, 0.0).sum())
            squares = squares + move.T @ move
            parts.append((family, exact, inverse, carried, move, unknown))
        logs: dict[int, Floats] = {}
        for family, exact, inverse, carried, move, unknown in parts:
            through = inverse @ exact.cross
            for place, k in enumerate(family.members):
                group, slots = family.places[place]
                to_own = exact.to_own[place]
                all_of = exact.to_common[place] - to_own @ through[np.ix_(group, slots)]
                direct = np.einsum("npu,nu->np", to_own, carried[np.ix_(group, slots)])
                direct = direct - np.where(unknown[group, None], to_own[:, :, -1], 0.0)
                by_own = np.einsum("npg,ng->np", all_of, move[group])
                crossed = direct[:, :, None] * by_own[:, None, :]
                logs[k] = (
                    all_of @ squares @ all_of.transpose(0, 2, 1)
                    + crossed
                    + crossed.transpose(0, 2, 1)
                    + direct[:, :, None] * direct[:, None, :]
                )
        return cls(rise, count, squares, tuple(logs[k] for k in range(len(joint.blocks))))
