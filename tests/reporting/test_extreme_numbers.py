"""Numbers at the ends of what a lab can have give a result and no warning of numpy."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit import Spectrum, tables
from eisfit.cell.templates import Template
from eisfit.fitting.spectra import fit_many
from eisfit.spectrum import Conditions
from eisfit.tools.frozen import Complexes

FREQUENCY = np.logspace(6, -1, 36)
S = 2j * np.pi * FREQUENCY


def arc(series: float, parallel: float, tau: float, alpha: float, noise: float) -> Complexes:
    rng = np.random.default_rng(1)
    z = series + parallel / (1 + (S * tau) ** alpha)
    spread: Complexes = z * (1 + noise * (rng.standard_normal(36) + 1j * rng.standard_normal(36)))
    return spread


CELLS = {
    "a busbar": arc(1e-6, 1e-4, 1e-3, 0.9, 0.01),
    "a diamond": arc(1e9, 1e12, 1e-3, 0.9, 0.01),
    "a top at a terahertz": arc(10, 100, 1e-12, 0.9, 0.01),
    "a top within a day": arc(10, 100, 1e4, 0.9, 0.01),
    "an ideal arc without noise": arc(0, 100, 1e-3, 1.0, 0.0),
    "a small arc beside a large resistance": arc(10, 1e-9, 1e-3, 0.9, 0.001),
    "noise as large as the signal": arc(10, 100, 1e-3, 0.9, 1.0),
    "a capacitor": 1 / (S * 1e-6),
    "a wire": S * 1e-6,
    "a resistor": np.full(36, 10 + 0j),
    "a negative resistance": -arc(10, 100, 1e-3, 0.9, 0.0),
}


@pytest.mark.parametrize("name", CELLS)
def test_any_cell_gives_a_result_without_a_warning(name: str) -> None:
    conditions = Conditions(temperature_c=25.0, area_cm2=1.0, thickness_cm=0.1)
    spectrum = Spectrum(FREQUENCY, CELLS[name], conditions=conditions)
    fits = fit_many([spectrum], Template.from_circuit("R0-Zarc1-p(R2,CPE2)"))
    assert tables.csv_text(tables.contribution_rows(fits), tables.CONTRIBUTIONS)
