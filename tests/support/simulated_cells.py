"""Cells over temperature with known truth, in formulas of numpy alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

import eisfit
from eisfit import Conditions, Spectrum

K_EV = 8.617333262e-5
AREA, THICKNESS = 0.785, 0.1
Z = npt.NDArray[np.complex128]


def activated(r_25c: float, energy_ev: float, celsius: float) -> float:
    """Return a resistance of E_A by ln(1/R)."""
    return float(r_25c * np.exp(energy_ev / K_EV * (1 / (celsius + 273.15) - 1 / 298.15)))


def arc(omega: npt.NDArray[np.float64], r: float, c: float, alpha: float) -> Z:
    """Return a depressed arc of effective capacitance c."""
    return np.asarray(r / (1 + (1j * omega * r * c) ** alpha))


@dataclass
class Cell:
    """Spectra of one cell, and the true resistances of each."""

    template: str
    electrodes: int
    noise: float = 0.005
    seed: int = 0
    thickness_cm: float = THICKNESS
    f_hz: npt.NDArray[np.float64] = field(default_factory=lambda: np.logspace(6, -1, 71))
    spectra: list[Spectrum] = field(default_factory=list)
    truth: list[dict[str, float]] = field(default_factory=list)

    def add(self, celsius: float, z: Z, **truth: float) -> None:
        """Add a spectrum with noise."""
        rng = np.random.default_rng((self.seed, len(self.spectra)))
        z = z * (1 + self.noise * (rng.standard_normal(z.size) + 1j * rng.standard_normal(z.size)))
        conditions = Conditions(
            temperature_c=celsius,
            temperature_err_c=0.3,
            area_cm2=AREA,
            thickness_cm=self.thickness_cm,
            electrodes=self.electrodes,
        )
        self.spectra.append(Spectrum(self.f_hz, z, conditions=conditions, label=f"cell_{celsius:g}C"))
        self.truth.append({name.replace("_", " "): value for name, value in truth.items()})

    def series(self, **options: object) -> eisfit.Series:
        """Return the fitted series."""
        return eisfit.fit_series(self.spectra, self.template, **options)  # type: ignore[arg-type]


Arc = tuple[float, float, float, float]  # ohm at 25 °C, eV, F, alpha


def liquid_solid(
    gb: Arc,
    interface: Arc,
    *,
    celsius: Sequence[float] = (0, 10, 20, 30, 40, 50, 60),
    noise: float = 0.005,
    seed: int = 0,
    spoil: Callable[[npt.NDArray[np.float64], Z], Z] = lambda omega, z: z,
) -> Cell:
    """Return liquid | solid | liquid with four electrodes; the interface lies twice between them."""
    cell = Cell("le_se", 4, noise, seed)
    omega = 2 * np.pi * cell.f_hz
    for t in celsius:
        r_s, r_gb = activated(100.0, 0.35, t), activated(gb[0], gb[1], t) if gb[0] else 0.0
        r_int = activated(interface[0], interface[1], t)
        z = r_s + (arc(omega, r_gb, gb[2], gb[3]) if r_gb else 0) + 2 * arc(omega, r_int, *interface[2:])
        cell.add(t, spoil(omega, z), grain_boundary=r_gb, interface=2 * r_int)
    return cell


def pellet(
    bulk: Arc, gb: Arc | None, *, celsius: Sequence[float], noise: float = 0.005, seed: int = 0
) -> Cell:
    """Return a pellet between blocking contacts."""
    cell = Cell("se_blocking", 2, noise, seed)
    omega = 2 * np.pi * cell.f_hz
    for t in celsius:
        r_b, r_gb = activated(bulk[0], bulk[1], t), activated(gb[0], gb[1], t) if gb else 0.0
        z = arc(omega, r_b, bulk[2], bulk[3]) + 1 / (1e-5 * (1j * omega) ** 0.75)
        cell.add(t, z + arc(omega, r_gb, *gb[2:]) if gb else z, bulk=r_b, grain_boundary=r_gb)
    return cell
