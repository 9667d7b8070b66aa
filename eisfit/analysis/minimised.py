"""What a joint fit has minimised, and what of its common coordinates people read: energies and shared values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eisfit.errors import FitError
from eisfit.results.joint import Joint
from eisfit.results.series import Series
from eisfit.tools.nearest import did_you_mean

if TYPE_CHECKING:
    from eisfit.engine.joint import JointProblem, JointSolution
    from eisfit.joint.laws import Scale


@dataclass(frozen=True)
class Readable:
    """One common coordinate as people read it.

    Parameters
    ----------
    name, unit : str
        ``"interface C"`` in F, or ``"interface E"`` in eV.
    place : int
        Of the coordinate.
    per_coordinate : float or None
        Value over coordinate; None where the coordinate is the logarithm of the value.
    """

    name: str
    unit: str
    place: int
    per_coordinate: float | None

    def value(self, coordinate: float) -> float:
        """Return the value at a coordinate."""
        if self.per_coordinate is None:
            return float(np.exp(coordinate))
        return self.per_coordinate * coordinate


def joint_in(result: Joint | Series, verb: str) -> Joint:
    """Return the joint fit of a series, or the joint fit itself.

    Raises
    ------
    FitError
        If there is none, or it comes from a file.
    """
    joint = result.joint if isinstance(result, Series) else result
    if not isinstance(joint, Joint):
        what = "a series without one" if isinstance(result, Series) else type(result).__name__
        raise FitError(f"{verb} needs a joint fit, not {what}; fit the spectra with fit_joint")
    if joint.minimised is None:
        raise FitError(
            f"{verb} needs what the joint fit has minimised, which a file does not hold; fit the spectra again with "
            "fit_joint"
        )
    return joint


def minimised(joint: Joint) -> tuple[JointProblem, JointSolution]:
    """Return the joint problem and where it ended."""
    found: tuple[JointProblem, JointSolution, Scale] = joint.minimised  # type: ignore[assignment]
    return found[:2]


def scale_in(joint: Joint) -> Scale:
    """Return how its errors are scaled."""
    found: tuple[JointProblem, JointSolution, Scale] = joint.minimised  # type: ignore[assignment]
    return found[2]


def readables(joint: Joint) -> dict[str, Readable]:
    """Return what can be asked for by name: shared values, and slopes of straight laws."""
    problem, _ = minimised(joint)
    units = {p.name: p.unit for p in joint.shared}
    found = {}
    for link in joint.common.links:
        block = next(b for b in problem.blocks if any(f.link.name == link.name for f in b.following))
        f, at = block.first(link.name)
        if f.link.law is None:
            found[link.name] = Readable(link.name, units.get(link.name, ""), at.start, None)
        elif f.link.law.straight is not None:
            slope = f.link.law.parameters[1]
            name = f"{link.name} {slope.name}"
            found[name] = Readable(name, slope.unit, at.start + 1, f.link.law.straight.factor)
    return found


def readable(joint: Joint, name: str, verb: str) -> Readable:
    """Return one of them by its name.

    Raises
    ------
    FitError
        If there is none; the message lists those there are.
    """
    known = readables(joint)
    if name not in known:
        raise FitError(
            f"{verb}: no {name!r} in the joint fit{did_you_mean(name, known)}; there are {', '.join(known) or 'none'}"
        )
    return known[name]
