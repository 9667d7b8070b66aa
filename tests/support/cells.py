"""Cells with a known truth, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from eisfit.cell.find import template
from eisfit.cell.templates import Template
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum

GEOMETRY = Conditions(area_cm2=1.0, thickness_cm=0.1, electrodes=4, temperature_c=25.0)
TWO_ELECTRODES = replace(GEOMETRY, electrodes=2)


def grid(high_hz: float = 1e6, low_hz: float = 0.1, per_decade: int = 10) -> npt.NDArray[Any]:
    n = round(np.log10(high_hz / low_hz) * per_decade) + 1
    return np.array(np.logspace(np.log10(high_hz), np.log10(low_hz), n))


def noisy(z: np.ndarray, noise: float, seed: int) -> npt.NDArray[Any]:
    rng = np.random.default_rng(seed)
    return np.array(z + noise * np.abs(z) * (rng.standard_normal(z.size) + 1j * rng.standard_normal(z.size)))


def measured(
    cell: Template,
    values: Mapping[str, float],
    *,
    noise: float = 0.005,
    seed: int = 0,
    frequency_hz: np.ndarray | None = None,
    conditions: Conditions = GEOMETRY,
    label: str = "cell",
) -> Spectrum:
    """Return a spectrum of a cell with normal noise by |Z| on the real and on the imaginary part."""
    f = grid() if frequency_hz is None else frequency_hz
    return Spectrum(
        f, noisy(cell.circuit.impedance(f, values), noise, seed), conditions=conditions, label=label
    )


def le_se_faded() -> Template:
    """Return the four-electrode cell with a liquid whose bulk arc lies above the window."""
    return template("le_se", electrodes=4).with_arcs_as_resistors(("bulk",))


def le_se_values(
    r_s: float = 100.0,
    gb: tuple[float, float, float] = (250.0, 2.5e-6, 1.0),
    interface: tuple[float, float, float] = (500.0, 5e-4, 0.9),
) -> dict[str, float]:
    """Return parameters of `le_se_faded`: (R, tau, alpha) of each arc."""
    names = ("R", "tau", "alpha")
    return {
        "R_le_b": r_s,
        **{f"Zarc_gb_{n}": v for n, v in zip(names, gb, strict=True)},
        **{f"Zarc_int_{n}": v for n, v in zip(names, interface, strict=True)},
    }
