"""The drop of potential at an interface, from probes on both sides extrapolated to it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.tools.frozen import Floats, Value
from eisfit.tools.real_arguments import real_arguments

_MOST_APART = 1e5  # ratio of standard errors in one record


@dataclass(frozen=True, eq=False)
class InterfaceDrop(Value):
    """Drop of potential at an interface.

    Parameters
    ----------
    drop_v : ndarray, shape (n,)
        Potential on the left face minus that on the right one, in V; positive for a current to the right.
    stderr_v : ndarray, shape (n,)
        Its standard error; nan where no error was given and no phase holds more than two probes.
    left_gradient, right_gradient : ndarray, shape (n,)
        In V per unit of length.
    """

    drop_v: Floats
    stderr_v: Floats
    left_gradient: Floats
    right_gradient: Floats


@real_arguments(InputError)
def extrapolate_interface_drop(
    positions: npt.ArrayLike,
    potentials: npt.ArrayLike,
    interface_x: float,
    *,
    potential_stderr: npt.ArrayLike | None = None,
    position_stderr: float = 0.0,
    interface_stderr: float = 0.0,
) -> InterfaceDrop:
    r"""Return the drop of potential at an interface between two phases that each hold two probes or more.

    In each phase a straight line through its probes is drawn to the interface.

    Parameters
    ----------
    positions : array_like, shape (P,)
        Places of the probes of both phases, in any unit of length.
    potentials : array_like, shape (P,) or (n, P)
        In V.
    interface_x : float
        Place of the interface, in the same unit.
    potential_stderr : array_like, shape of `potentials`, or a number, optional
        Standard errors in V. Without them, those of a phase with three probes or more come from their scatter.
    position_stderr : float
        Standard error of each place, in the same unit; it counts by the gradient.
    interface_stderr : float
        Standard error of the place of the interface; it counts by the difference of the gradients.

    Raises
    ------
    InputError
        If a phase holds fewer than two probes at different places, or shapes differ.

    Notes
    -----
    Source: eight-electrode cells of Schleutker et al. (2017), doi 10.1039/c7cp05213h.

    Examples
    --------
    >>> at = [0.0, 1.0, 3.0, 4.0]
    >>> drop = extrapolate_interface_drop(at, [0.10, 0.09, 0.05, 0.03], 2.0, potential_stderr=1e-4)
    >>> f"{drop.drop_v[0] * 1e3:.1f} ± {drop.stderr_v[0] * 1e3:.2f} mV"
    '10.0 ± 0.32 mV'
    """
    x, u = np.asarray(positions, float), np.asarray(potentials, float)
    if x.ndim != 1 or not np.isfinite(x).all() or not np.isfinite(interface_x):
        raise InputError("positions and interface_x must be finite, one place a probe")
    u = u[None] if u.ndim == 1 else u
    if u.ndim != 2 or u.shape[1] != x.size or not np.isfinite(u).all():
        raise InputError(
            f"potentials have shape {u.shape} for {x.size} positions: give one finite value a probe"
        )
    known = potential_stderr is not None
    given = np.asarray(potential_stderr if known else 1.0, float)
    if given.ndim and given.shape not in (u.shape, u.shape[1:]):
        raise InputError(
            f"potential_stderr has shape {given.shape} for potentials of {u.shape}: give one error a value"
        )
    sigma = np.broadcast_to(given, u.shape)
    _check_errors(sigma, known, position_stderr, interface_stderr)
    sides = []
    for name, inside in (("left", x < interface_x), ("right", x > interface_x)):
        if np.unique(x[inside]).size < 2:
            raise InputError(
                f"{int(inside.sum())} probe{'s' if inside.sum() != 1 else ''} on the {name} of the interface at "
                f"{interface_x:g}: a line needs two at different places; measure a second one there, or give the "
                "resistance between the probes in series with the interface"
            )
        sides.append(
            _at_face(x[inside] - interface_x, u[:, inside], sigma[:, inside], position_stderr, known)
        )
    (left, left_slope, left_var), (right, right_slope, right_var) = sides
    variance = left_var + right_var + ((left_slope - right_slope) * interface_stderr) ** 2
    return InterfaceDrop(left - right, np.sqrt(variance), left_slope, right_slope)


def _check_errors(sigma: Floats, known: bool, position_stderr: float, interface_stderr: float) -> None:
    if not (
        np.isfinite(sigma).all() and (sigma >= 0).all() and (not known or position_stderr or sigma.all())
    ):
        raise InputError("potential_stderr must be positive standard errors in V")
    if (
        known
        and sigma.size
        and float(sigma.max()) > _MOST_APART * float(np.min(sigma[sigma > 0], initial=np.inf))
    ):
        raise InputError(
            "standard errors of potentials differ by more than a factor of 1e5: is one in another unit?"
        )
    if not (
        math.isfinite(position_stderr + interface_stderr) and min(position_stderr, interface_stderr) >= 0
    ):
        raise InputError("position_stderr and interface_stderr must be finite and not negative")
    if position_stderr and not known:
        raise InputError("position_stderr counts beside errors of the potentials: give potential_stderr too")


def _at_face(
    x: Floats, u: Floats, sigma: Floats, position_stderr: float, known: bool
) -> tuple[Floats, Floats, Floats]:
    """Return value and slope of weighted lines at x = 0, and the variance of the value, shape (n,) each."""
    plain = np.polyfit(x, u.T, 1)[0] if position_stderr else np.zeros(len(u))
    unit = sigma if known else np.ones_like(u)
    weight = 1 / (unit**2 + (0.0 if not known else (plain[:, None] * position_stderr) ** 2))
    s0, s1, s2 = (np.sum(weight * x**k, axis=1) for k in range(3))
    t0, t1 = np.sum(weight * u, axis=1), np.sum(weight * x * u, axis=1)
    determinant = s0 * s2 - s1**2
    value, slope = (s2 * t0 - s1 * t1) / determinant, (s0 * t1 - s1 * t0) / determinant
    variance = s2 / determinant
    if not known:
        freedom = x.size - 2
        scatter = np.sum((u - value[:, None] - slope[:, None] * x) ** 2, axis=1)
        variance = variance * scatter / freedom if freedom else np.full_like(value, np.nan)
    return value, slope, variance


def covariance_of_faces(positions: Floats, potential_stderr: Floats, left_x: float, right_x: float) -> Floats:
    """Return the covariance of the potentials of one phase that its probes tell at its two faces, shape (n,).

    Parameters
    ----------
    positions : ndarray, shape (P,)
        Places of the probes of the phase.
    potential_stderr : ndarray, shape (n, P)
        In V; positive.
    left_x, right_x : float
        Places of the faces.
    """
    weight = 1 / potential_stderr**2
    s0, s1, s2 = (np.sum(weight * positions**k, axis=1) for k in range(3))
    found: Floats = (s2 - (left_x + right_x) * s1 + left_x * right_x * s0) / (s0 * s2 - s1**2)
    return found
