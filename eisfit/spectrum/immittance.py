"""The impedance that follows from any pair of immittances, by exact formulas."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from eisfit.constants import VACUUM_PERMITTIVITY_F_PER_M
from eisfit.tools.frozen import Complexes, Floats

VACUUM_PERMITTIVITY_F_PER_CM = VACUUM_PERMITTIVITY_F_PER_M / 100
OHM, OHM_CM = "ohm", "ohm cm"
Formula: TypeAlias = Callable[[Floats, Floats, Floats], Complexes]


@dataclass(frozen=True)
class Route:
    """One way from two measured quantities to an impedance.

    Parameters
    ----------
    needs : tuple of str
        The two quantities, by name.
    law : str
        The formula in words of the field; empty where the quantities are the impedance itself.
    formula : callable
        Takes the angular frequency in rad/s and both quantities in their units, each of shape (n,); returns the
        impedance, shape (n,).
    gives : str
        ``ohm``; or ``ohm cm`` where a length over an area is still to be multiplied: the quantities are of a
        material.
    conjugate : bool
        Whether the second quantity is a loss that is printed with either sign.
    """

    needs: tuple[str, str]
    law: str
    formula: Formula
    gives: str = OHM
    conjugate: bool = False


def _polar(modulus: Floats, degrees: Floats) -> Complexes:
    return np.asarray(modulus * np.exp(1j * np.deg2rad(degrees)), np.complex128)


def _inverse(y: Complexes) -> Complexes:
    """Return 1/y; where y is 0 the result is not finite."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.asarray(1 / y, np.complex128)


def of_permittivity(omega: Floats, eps: Complexes) -> Complexes:
    r"""Return the resistivity in ohm cm of a complex relative permittivity, :math:`1 / (i \omega e_0 \epsilon)`.

    ``eps = eps' - i eps''`` with a positive loss eps''. The impedance of a plate is this times thickness over area.

    Source: Macdonald, Impedance Spectroscopy (1987), ch. 1.2.
    """
    return _inverse(1j * omega * VACUUM_PERMITTIVITY_F_PER_CM * eps)


def _sigma_with_eps(w: Floats, sigma: Floats, eps: Floats) -> Complexes:
    return _inverse(sigma + 1j * w * VACUUM_PERMITTIVITY_F_PER_CM * eps)


# Source of the equivalent circuits: Agilent Impedance Measurement Handbook (2009), table 1-1: D = 1/Q = G/B = R/X.
ROUTES: tuple[Route, ...] = (
    Route(("re", "im"), "", lambda w, a, b: np.asarray(a + 1j * b, np.complex128)),
    Route(("modulus", "phase"), "", lambda w, a, b: _polar(a, b)),
    Route(("y_re", "y_im"), "Z = 1 / (G + iB)", lambda w, g, b: _inverse(g + 1j * b)),
    Route(("y_modulus", "y_phase"), "Z = 1 / (|Y| exp(i phase))", lambda w, a, b: _inverse(_polar(a, b))),
    Route(("y_modulus", "phase"), "Z = exp(i phase) / |Y|", lambda w, a, b: _inverse(_polar(a, -b))),
    Route(("re", "cs"), "Z = Rs + 1 / (i w Cs)", lambda w, r, c: r + _inverse(1j * w * c)),
    Route(("re", "ls"), "Z = Rs + i w Ls", lambda w, r, x: np.asarray(r + 1j * w * x, np.complex128)),
    Route(("cs", "d"), "Z = (D - i) / (w Cs)", lambda w, c, d: (d - 1j) * _inverse(w * c + 0j)),
    Route(("cs", "q"), "Z = (1/Q - i) / (w Cs)", lambda w, c, q: (_inverse(q + 0j) - 1j) * _inverse(w * c + 0j)),
    Route(("ls", "q"), "Z = w Ls (1/Q + i)", lambda w, x, q: w * x * (_inverse(q + 0j) + 1j)),
    Route(("ls", "d"), "Z = w Ls (D + i)", lambda w, x, d: np.asarray(w * x * (d + 1j), np.complex128)),
    Route(("rp", "cp"), "Z = 1 / (1/Rp + i w Cp)", lambda w, r, c: _inverse(_inverse(r + 0j) + 1j * w * c)),
    Route(("y_re", "cp"), "Z = 1 / (G + i w Cp)", lambda w, g, c: _inverse(g + 1j * w * c)),
    Route(("cp", "d"), "Z = 1 / (w Cp (D + i))", lambda w, c, d: _inverse(w * c * (d + 1j))),
    Route(("cp", "q"), "Z = 1 / (w Cp (1/Q + i))", lambda w, c, q: _inverse(w * c * (_inverse(q + 0j) + 1j))),
    Route(("cp", "c_im"), "Z = 1 / (i w (C' - i C''))", lambda w, c, d: _inverse(1j * w * (c - 1j * d)),
          conjugate=True),
    Route(("rp", "lp"), "Z = 1 / (1/Rp + 1/(i w Lp))",
          lambda w, r, x: _inverse(_inverse(r + 0j) + _inverse(1j * w * x))),
    Route(("y_re", "lp"), "Z = 1 / (G + 1/(i w Lp))", lambda w, g, x: _inverse(g + _inverse(1j * w * x))),
    Route(("lp", "q"), "Z = i w Lp / (1 + i/Q)", lambda w, x, q: 1j * w * x * _inverse(1 + 1j * _inverse(q + 0j))),
    Route(("lp", "d"), "Z = i w Lp / (1 + i D)", lambda w, x, d: 1j * w * x * _inverse(1 + 1j * d)),
    Route(("eps_re", "eps_im"), "Z = thickness / (i w e0 (eps' - i eps'') area)",
          lambda w, a, b: of_permittivity(w, a - 1j * b), OHM_CM, conjugate=True),
    Route(("eps_re", "d"), "Z = thickness / (i w e0 eps' (1 - i tan delta) area)",
          lambda w, a, d: of_permittivity(w, a * (1 - 1j * d)), OHM_CM, conjugate=True),
    Route(("eps_modulus", "d"), "Z = thickness (1 + D^2)^0.5 / (i w e0 |eps| (1 - i D) area)",
          lambda w, a, d: of_permittivity(w, a / np.sqrt(1 + d * d) * (1 - 1j * d)), OHM_CM, conjugate=True),
    Route(("eps_re", "sigma_re"), "Z = thickness / ((sigma' + i w e0 eps') area)",
          lambda w, a, s: _sigma_with_eps(w, s, a), OHM_CM),
    Route(("m_re", "m_im"), "Z = thickness (M' + i M'') / (i w e0 area)",
          lambda w, a, b: (a + 1j * b) * of_permittivity(w, np.ones_like(w) + 0j), OHM_CM, conjugate=True),
    Route(("sigma_re", "sigma_im"), "Z = thickness / ((sigma' + i sigma'') area)",
          lambda w, a, b: _inverse(a + 1j * b), OHM_CM),
    Route(("rho_re", "rho_im"), "Z = (rho' + i rho'') thickness / area",
          lambda w, a, b: np.asarray(a + 1j * b, np.complex128), OHM_CM),
)  # fmt: skip
QUANTITIES = frozenset(q for route in ROUTES for q in route.needs)
"""The names of all quantities from which an impedance follows."""


def route_of(quantities: Collection[str]) -> Route | None:
    """Return the first route whose quantities are all there, in the order of `ROUTES`; None where none is."""
    return next((r for r in ROUTES if all(q in quantities for q in r.needs)), None)


def impedance_of(route: Route, frequency_hz: Floats, first: Floats, second: Floats) -> tuple[Complexes, bool]:
    """Return the impedance of a route, and whether the sign of the loss was turned.

    Parameters
    ----------
    route : Route
        Which formula.
    frequency_hz : array, shape (n,)
        Frequencies in Hz.
    first, second : array, shape (n,)
        Its quantities in S, F, H, ohm, degrees, S/cm, ohm cm, or relative to the vacuum.

    Returns
    -------
    z : array of complex, shape (n,)
        In `route.gives`.
    turned : bool
        True where the loss is printed with a minus: a passive sample has Re Z >= 0.

    Examples
    --------
    >>> import numpy as np
    >>> from eisfit.spectrum.immittance import impedance_of, route_of
    >>> route = route_of({"cp", "d"})
    >>> z, _ = impedance_of(route, np.array([1e3]), np.array([1e-9]), np.array([0.5]))
    >>> complex(np.round(z[0], 1))
    (63662-127324j)
    """
    omega = 2 * np.pi * frequency_hz
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        z = np.asarray(route.formula(omega, first, second), np.complex128)
        if not route.conjugate:
            return z, False
        counted = z.real[np.isfinite(z)]
        if counted.size == 0 or np.mean(counted < 0) <= 0.5:
            return z, False
        return np.asarray(route.formula(omega, first, -second), np.complex128), True
