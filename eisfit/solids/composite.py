"""Particles in a matrix: their conductivity together, and what a gain says of the interface between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.solids.checks import complex_number, fraction, number
from eisfit.tools.frozen import Complexes, Floats
from eisfit.tools.nearest import did_you_mean

PERCOLATION = 1 / 3  # share of spheres from which on they conduct by themselves in the theory of Bruggeman
DILUTE = 0.3  # share above which spheres are too near each other for one in an infinite matrix
THEORIES = ("hasselman-johnson", "bruggeman")
Theory: TypeAlias = Literal["hasselman-johnson", "bruggeman"]
ONE_SIDED_95 = 1.6448536269514722  # normal quantile


@dataclass(frozen=True)
class InterfaceBound:
    """What the conductivity of a composite says of the interface between particles and matrix.

    Parameters
    ----------
    interface_ohm_cm2 : float
        Area-specific resistance that explains the conductivity; 0 where even none leaves it too high, infinite where
        the particles do not conduct at all.
    upper_ohm_cm2 : float
        Limit that it does not exceed, with 95 % probability where an error is given.
    break_even_ohm_cm2 : float
        Resistance at which the particles neither help nor hinder; nan where they conduct less than the matrix.
    gain : float
        Measured conductivity over that of the matrix.
    fraction : float
        Volume share of the particles.
    beyond_contact : bool
        Whether the composite conducts better than perfect contact lets it.
    """

    interface_ohm_cm2: float
    upper_ohm_cm2: float
    break_even_ohm_cm2: float
    gain: float
    fraction: float
    beyond_contact: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """What limits the bound, as sentences."""
        found = []
        if self.fraction > DILUTE:
            found.append(
                f"{self.fraction:.2g} of the volume are particles: above {DILUTE:g} they touch and may percolate; "
                'compare with theory="bruggeman"'
            )
        if self.beyond_contact:
            found.append(
                "it conducts better than perfect contact allows: particles percolate, the matrix itself has changed, "
                "or a layer between them conducts; no resistance follows"
            )
        return tuple(found)


def with_interface(
    particle_s_cm: npt.ArrayLike, radius_cm: npt.ArrayLike | None, asr_ohm_cm2: npt.ArrayLike
) -> Complexes:
    r"""Return the conductivity of a sphere with its interface, :math:`\sigma_p / (1 + \sigma_p \rho / a)`, in S/cm.

    Parameters
    ----------
    particle_s_cm : array_like
        Conductivity of its inside, real or complex.
    radius_cm : array_like
        Its radius a.
    asr_ohm_cm2 : array_like
        Specific resistance of the interface, or its complex impedance.

    Raises
    ------
    InputError
        If a number is missing or out of range.
    """
    inside = complex_number("particle_s_cm", particle_s_cm)
    radius = number("radius_cm", radius_cm, "the interface counts by the radius of the particles")
    return inside / (1 + inside * complex_number("asr_ohm_cm2", asr_ohm_cm2) / radius)


def hasselman_johnson(
    matrix_s_cm: npt.ArrayLike,
    particle_s_cm: npt.ArrayLike,
    particle_fraction: npt.ArrayLike,
    *,
    radius_cm: npt.ArrayLike | None = None,
    asr_ohm_cm2: npt.ArrayLike = 0.0,
) -> Complexes:
    r"""Return the conductivity of spheres in a matrix with an interface that resists.

    .. math:: \frac{\sigma}{m} = \frac{s + 2 m + 2\varphi (s - m)}{s + 2 m - \varphi (s - m)}

    with :math:`m` of the matrix and :math:`s = \sigma_p / (1 + \sigma_p\rho/a)` of a particle with its interface, see
    `with_interface`.

    Parameters
    ----------
    matrix_s_cm, particle_s_cm : array_like
        Conductivities in S/cm. Complex ones, :math:`\sigma + j\omega\varepsilon`, with a complex impedance of the
        interface give the complex conductivity.
    particle_fraction : array_like
        Volume share of the particles, 0 to 1; the theory is for at most about 0.3.
    radius_cm : array_like, optional
        Radius of the particles; needed where the interface has a resistance.
    asr_ohm_cm2 : array_like
        Specific resistance or impedance of the interface in Ω cm²; 0 is the formula of Maxwell and Garnett.

    Raises
    ------
    InputError
        If a number is missing or out of range.

    Notes
    -----
    Particles do not touch in this model: where they percolate it says too little. Source: Hasselman and Johnson, J.
    Compos. Mater. 21 (1987) 508, doi 10.1177/002199838702100602, there of heat.

    Examples
    --------
    >>> sigma = hasselman_johnson(1e-4, 5e-4, 0.3, radius_cm=1e-4, asr_ohm_cm2=0.8)
    >>> f"{float(sigma):.3g}"  # neither gain nor loss
    '0.0001'
    """
    matrix, share = (
        complex_number("matrix_s_cm", matrix_s_cm),
        fraction("particle_fraction", particle_fraction),
    )
    if radius_cm is None and not np.any(complex_number("asr_ohm_cm2", asr_ohm_cm2)):
        particle = complex_number("particle_s_cm", particle_s_cm)
    else:
        particle = with_interface(particle_s_cm, radius_cm, asr_ohm_cm2)
    excess = particle - matrix
    mixed: Complexes = (
        matrix * (particle + 2 * matrix + 2 * share * excess) / (particle + 2 * matrix - share * excess)
    )
    return mixed


def bruggeman(
    matrix_s_cm: npt.ArrayLike,
    particle_s_cm: npt.ArrayLike,
    particle_fraction: npt.ArrayLike,
    *,
    radius_cm: npt.ArrayLike | None = None,
    asr_ohm_cm2: npt.ArrayLike = 0.0,
) -> Complexes:
    r"""Return the conductivity of a random mixture of two kinds of spheres, neither of which is the matrix.

    The root of :math:`\sum_k \varphi_k (\sigma_k - \sigma)/(\sigma_k + 2\sigma) = 0`. Particles percolate at one third.

    Parameters
    ----------
    matrix_s_cm, particle_s_cm, particle_fraction, radius_cm, asr_ohm_cm2
        As for `hasselman_johnson`; the interface counts on the side of the particles alone.

    Raises
    ------
    InputError
        If a number is missing or out of range.

    Notes
    -----
    Source: Bruggeman, Ann. Phys. 416 (1935) 636, doi 10.1002/andp.19354160705.
    """
    matrix, share = (
        complex_number("matrix_s_cm", matrix_s_cm),
        fraction("particle_fraction", particle_fraction),
    )
    if radius_cm is None and not np.any(complex_number("asr_ohm_cm2", asr_ohm_cm2)):
        particle = complex_number("particle_s_cm", particle_s_cm)
    else:
        particle = with_interface(particle_s_cm, radius_cm, asr_ohm_cm2)
    h = (3 * share - 1) * particle + (2 - 3 * share) * matrix
    # 2 s^2 - h s - p m = 0 has the roots (h +- sqrt) / 4; passive parts leave one in the right half plane
    root = np.sqrt(h**2 + 8 * particle * matrix)
    one, other = (h + root) / 4, (h - root) / 4
    if np.iscomplexobj(root):
        mixed: Complexes = np.where(one.real >= other.real, one, other)[()]
    else:  # without loss of digits where h is negative
        mixed = np.where(h >= 0, one, 2 * particle * matrix / (root - h))[()]
    return mixed


def break_even_radius_cm(
    matrix_s_cm: npt.ArrayLike, particle_s_cm: npt.ArrayLike, asr_ohm_cm2: npt.ArrayLike
) -> Floats:
    r"""Return the radius above which particles help, :math:`\rho\sigma_m\sigma_p/(\sigma_p - \sigma_m)`, in cm.

    Parameters
    ----------
    matrix_s_cm, particle_s_cm : array_like
        Conductivities in S/cm.
    asr_ohm_cm2 : array_like
        Specific resistance of the interface.

    Returns
    -------
    float or ndarray
        Infinite where the particles conduct no better than the matrix: none help.

    Raises
    ------
    InputError
        If a number is out of range.
    """
    return number("asr_ohm_cm2", asr_ohm_cm2) * _product_over_excess(matrix_s_cm, particle_s_cm)


def break_even_interface_ohm_cm2(
    matrix_s_cm: npt.ArrayLike, particle_s_cm: npt.ArrayLike, radius_cm: npt.ArrayLike | None
) -> Floats:
    r"""Return the resistance below which particles help, :math:`a(\sigma_p - \sigma_m)/(\sigma_m\sigma_p)`, in Ω cm².

    Parameters
    ----------
    matrix_s_cm, particle_s_cm : array_like
        Conductivities in S/cm.
    radius_cm : array_like
        Radius of the particles.

    Returns
    -------
    float or ndarray
        0 where the particles conduct no better than the matrix.

    Raises
    ------
    InputError
        If a number is missing or out of range.

    Examples
    --------
    >>> [round(float(break_even_interface_ohm_cm2(1e-4, 5e-4, a)), 3) for a in (1e-4, 1e-3)]
    [0.8, 8.0]
    """
    radius = number("radius_cm", radius_cm, "the interface counts by the radius of the particles")
    return radius / _product_over_excess(matrix_s_cm, particle_s_cm)


def interface_bound(
    measured_s_cm: float | None,
    *,
    matrix_s_cm: float,
    particle_s_cm: float,
    particle_fraction: float,
    radius_cm: float | None,
    stderr_s_cm: float = 0.0,
    theory: Theory = "hasselman-johnson",
) -> InterfaceBound:
    r"""Return what the conductivity of a composite says of the interface in it.

    Parameters
    ----------
    measured_s_cm : float
        Of the composite; `matrix_s_cm` itself gives the bound that any gain implies.
    matrix_s_cm, particle_s_cm : float
        Of its parts alone, at the same temperature.
    particle_fraction : float
        Volume share of the particles, above 0 and below 1.
    radius_cm : float
        Of the particles.
    stderr_s_cm : float
        Standard error of `measured_s_cm`; the upper limit takes 1.645 of it off.
    theory : {"hasselman-johnson", "bruggeman"}
        Single particles in the matrix, or a random mixture of both; where the two answers differ by more than the
        error, the particles are too many for either.

    Raises
    ------
    InputError
        If a number is missing or out of range, the theory is unknown, or the composite conducts less than
        a matrix with holes.

    Notes
    -----
    Source: solved for the interface from Hasselman and Johnson, J. Compos. Mater. 21 (1987) 508, doi
    10.1177/002199838702100602, or from Bruggeman, Ann. Phys. 416 (1935) 636, doi 10.1002/andp.19354160705.

    Examples
    --------
    >>> found = interface_bound(1.2e-4, matrix_s_cm=1e-4, particle_s_cm=5e-4, particle_fraction=0.3, radius_cm=1e-3)
    >>> round(found.interface_ohm_cm2, 2), round(found.break_even_ohm_cm2, 2)
    (3.59, 8.0)
    """
    measured = float(number("measured_s_cm", measured_s_cm, "the bound follows from it"))
    matrix, particle = (
        float(number("matrix_s_cm", matrix_s_cm)),
        float(number("particle_s_cm", particle_s_cm)),
    )
    radius = float(number("radius_cm", radius_cm, "the interface counts by the radius of the particles"))
    share = float(fraction("particle_fraction", particle_fraction))
    if not 0 < share < 1:
        raise InputError(f"particle_fraction = {share:g} holds no interface: it must lie above 0 and below 1")
    if not (math.isfinite(stderr_s_cm) and stderr_s_cm >= 0):
        raise InputError(f"stderr_s_cm = {stderr_s_cm!r} must be 0 or larger: it is a standard error in S/cm")
    if theory not in THEORIES:
        raise InputError(
            f"theory = {theory!r} is unknown{did_you_mean(theory, THEORIES)}; known: {', '.join(THEORIES)}"
        )
    holes = matrix * (1 - 1.5 * share if theory == "bruggeman" else (2 - 2 * share) / (2 + share))
    if measured + ONE_SIDED_95 * stderr_s_cm < holes:
        raise InputError(
            f"measured_s_cm = {measured:g} S/cm is below {holes:.3g} S/cm, that of a matrix with holes in place of "
            "particles: pores or cracks are in it; densify it, or give the conductivity of the porous matrix"
        )
    value = _resistance(theory, measured, matrix, particle, share, radius)
    upper = _resistance(theory, measured - ONE_SIDED_95 * stderr_s_cm, matrix, particle, share, radius)
    return InterfaceBound(
        interface_ohm_cm2=max(value, 0.0),
        upper_ohm_cm2=max(upper, 0.0),
        break_even_ohm_cm2=float(break_even_interface_ohm_cm2(matrix, particle, radius)) or math.nan,
        gain=measured / matrix,
        fraction=share,
        beyond_contact=value < -1e-9 * radius / particle,
    )


def _resistance(
    theory: Theory, measured: float, matrix: float, particle: float, share: float, radius: float
) -> float:
    """Return the resistance of the interface; negative beyond perfect contact, infinite where no particle conducts."""
    if theory == "bruggeman":  # in a medium that conducts as the whole does
        around, k = measured, -(1 - share) / share * (matrix - measured) / (matrix + 2 * measured)
    else:  # in the matrix
        around, k = matrix, (measured - matrix) / (share * (measured + 2 * matrix))
    if k >= 1:
        return -radius / particle  # more than spheres of any conductivity give
    return math.inf if k <= -0.5 else radius * ((1 - k) / (around * (1 + 2 * k)) - 1 / particle)


def _product_over_excess(matrix_s_cm: npt.ArrayLike, particle_s_cm: npt.ArrayLike) -> Floats:
    matrix, particle = number("matrix_s_cm", matrix_s_cm), number("particle_s_cm", particle_s_cm)
    with np.errstate(divide="ignore"):
        found: Floats = matrix * particle / np.maximum(particle - matrix, 0.0)
    return found
