"""Scenario L: the dc data of a cell with eight electrodes, with a known charge transfer and interphase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from eisfit.polarisation import ChargeTransfer, DcData, ProbeLayout
from eisfit.simulate.checks import check_noise
from eisfit.tools.frozen import Floats
from eisfit.tools.keywords import known_keywords

LETTER, NAME = "L", "llzo_eight_electrodes_dc"
MECHANISM = "charge transfer beside an interphase"
TITLE = "steady currents through a cell with eight electrodes: both branches of both interfaces"
ANCHORS = (
    "Interphase 300 ohm cm2, exchange current density 53.1 uA cm-2 and alpha 0.44 after Schleutker et al., "
    "doi 10.1039/c7cp05213h, as reviewed in doi 10.1007/s41918-020-00062-7. Places of the probes, liquid, solid and "
    "noise are choices."
)
_LAW = ChargeTransfer(53.1e-6, 0.44, 300.0)
_PLACES = {"L1": 0.0, "L2": 1.0, "S1": 2.5, "S2": 3.5, "R1": 5.0, "R2": 6.0}
_DENSITIES = tuple(
    1e-6 * i for i in (-500, -400, -300, -200, -120, -60, -30, 30, 60, 120, 200, 300, 400, 500)
)


def is_direct_current(name: str) -> bool:
    """Whether a name or letter is that of the scenario of dc data."""
    return name.upper() == LETTER or name == NAME


@dataclass(frozen=True)
class DcCell:
    """A cell with eight electrodes under direct current.

    Parameters
    ----------
    law : ChargeTransfer
        Of both interfaces.
    area_cm2 : float
        Of each.
    places_mm : mapping of str to float
        Where the six probes stand along the current.
    solid_mm : (float, float)
        Both faces of the solid.
    liquid_ohm_cm, solid_ohm_cm : float
        Resistivities.
    densities_a_per_cm2 : tuple of float
        Steady current densities, positive towards larger places.
    noise_v : float
        Standard error of each potential.
    current_err : float
        Relative standard error of each current.
    """

    law: ChargeTransfer = _LAW
    area_cm2: float = 0.785
    places_mm: Mapping[str, float] = field(default_factory=lambda: MappingProxyType(dict(_PLACES)))
    solid_mm: tuple[float, float] = (2.0, 4.0)
    liquid_ohm_cm: float = 100.0
    solid_ohm_cm: float = 1000.0
    densities_a_per_cm2: tuple[float, ...] = _DENSITIES
    noise_v: float = 5e-4
    current_err: float = 1e-3

    @property
    def layout(self) -> ProbeLayout:
        """Places of the probes and both faces."""
        return ProbeLayout(dict(self.places_mm), self.solid_mm)

    def potentials_v(self, density: Floats) -> Floats:
        """Return the potentials of all probes without noise, shape (n, P), at current densities in A/cm2.

        They count from the liquid at the origin of the places.
        """
        low, high = self.solid_mm
        inner = -0.1 * low * self.liquid_ohm_cm * density + self.law.drop_v(-density)
        outer = inner - 0.1 * (high - low) * self.solid_ohm_cm * density
        right = outer - self.law.drop_v(density)
        found = []
        for x in self.places_mm.values():
            if x < low:
                found.append(-0.1 * x * self.liquid_ohm_cm * density)
            elif x < high:
                found.append(inner - 0.1 * (x - low) * self.solid_ohm_cm * density)
            else:
                found.append(right - 0.1 * (x - high) * self.liquid_ohm_cm * density)
        return np.stack(found, axis=-1)


@dataclass(frozen=True)
class DcSimulation:
    """Simulated dc data, and the truth that a fit must find.

    Parameters
    ----------
    cell : DcCell
        What was simulated.
    seed : int
        Of the noise.
    data : DcData
        Steady states with noise and their standard errors.
    """

    cell: DcCell
    seed: int
    data: DcData


@known_keywords
def simulate_dc(cell: DcCell | None = None, *, seed: int = 0, noise_v: float | None = None) -> DcSimulation:
    """Simulate the steady states of a cell with eight electrodes; without a cell, scenario L.

    Parameters
    ----------
    cell : DcCell, optional
        Of your own.
    seed : int
        Equal seeds give equal data.
    noise_v : float, optional
        Standard error of each potential in V, in place of the cell's.

    Raises
    ------
    InputError
        If the noise is negative.

    Examples
    --------
    >>> simulate_dc(seed=1).data.probes
    ('L1', 'L2', 'S1', 'S2', 'R1', 'R2')
    """
    cell = DcCell() if cell is None else cell
    check_noise("noise_v", noise_v)
    noise = cell.noise_v if noise_v is None else noise_v
    rng = np.random.default_rng(seed)
    density = np.asarray(cell.densities_a_per_cm2, float)
    clean, current = cell.potentials_v(density), cell.area_cm2 * density
    of_current = cell.current_err * np.abs(current)
    data = DcData(
        f"{NAME}_{seed}",
        current + of_current * rng.standard_normal(current.size),
        clean + noise * rng.standard_normal(clean.shape),
        tuple(cell.places_mm),
        current_stderr_a=of_current if of_current.all() else None,
        potential_stderr_v=np.full(clean.shape, noise) if noise else None,
        area_cm2=cell.area_cm2,
        temperature_c=cell.law.temperature_c,
        layout=cell.layout,
    )
    return DcSimulation(cell, seed, data)
