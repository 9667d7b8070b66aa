"""Spectrum and time constants as a weighted linear system, with the terms in series taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.relaxations.grid import Grid
from eisfit.tools.frozen import Complexes, Floats

SERIES_TERMS = ("resistor", "inductor", "capacitor")


@dataclass(frozen=True, eq=False)
class System:
    """What is left of a spectrum when its terms in series, whatever their size, are projected out.

    Parameters
    ----------
    modulus : ndarray, shape (n,)
        |Z| in ohm, by which each point is divided.
    terms : tuple of str
        Of `SERIES_TERMS`: what lies in series with the distribution.
    target : ndarray, shape (2 n,)
        Real and imaginary parts over the modulus, projected.
    taken : ndarray, shape (2 n, t)
        Orthonormal columns that are taken out.
    """

    omega: Floats
    modulus: Floats
    terms: tuple[str, ...]
    target: Floats
    taken: Floats

    def project(self, z_ohm: Complexes) -> Floats:
        """Return impedances, shape (n, ...), as columns of the system, shape (2 n, ...)."""
        weighed = z_ohm / self.modulus.reshape(-1, *[1] * (z_ohm.ndim - 1))
        rows = np.concatenate([weighed.real, weighed.imag])
        return np.asarray(rows - self.taken @ (self.taken.T @ rows))

    def series_values(self, z_ohm: Complexes) -> dict[str, float]:
        """Return resistance in ohm, inductance in H, reciprocal capacitance in 1/F of the terms that fit what is left.

        Parameters
        ----------
        z_ohm : ndarray of complex, shape (n,)
            Spectrum less distribution, in ohm.
        """
        columns = _columns(self.omega, self.modulus, self.terms)
        weighed = z_ohm / self.modulus
        rows = np.concatenate([weighed.real, weighed.imag])
        scale = np.linalg.norm(columns, axis=0)
        found = np.linalg.lstsq(columns / scale, rows, rcond=None)[0] / scale
        return dict(zip(self.terms, map(float, found), strict=True))


def system(grid: Grid, z_ohm: Complexes, terms: tuple[str, ...]) -> System:
    """Return the system of a spectrum with the terms that lie in series with its distribution."""
    modulus = np.abs(z_ohm)
    columns = _columns(grid.omega, modulus, terms)
    taken = np.linalg.qr(columns / np.linalg.norm(columns, axis=0))[0]
    rows = np.concatenate([(z_ohm / modulus).real, (z_ohm / modulus).imag])
    return System(grid.omega, modulus, terms, rows - taken @ (taken.T @ rows), taken)


def _columns(omega: Floats, modulus: Floats, terms: tuple[str, ...]) -> Floats:
    """Return the terms as columns, real parts above imaginary ones."""
    none = np.zeros(omega.size)
    parts = {
        "resistor": (1 / modulus, none),
        "inductor": (none, omega / modulus),
        "capacitor": (none, -1 / (omega * modulus)),
    }
    return np.column_stack([np.concatenate(parts[term]) for term in terms])
