"""Series for the tests of the figures: simulated, so that every arc and its energy are known."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import BboxBase

from eisfit import plots
from eisfit.cell.find import template
from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.fitting.series import fit_series
from eisfit.planning import plan
from eisfit.results.plan import Plan
from eisfit.results.series import Series
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats
from support.cells import grid

FREQUENCY_HZ = grid()
AREA_CM2 = 0.785


def _at(value_25c: float, energy_ev: float, temperature_c: float) -> float:
    inverse = 1 / (temperature_c + ZERO_CELSIUS_K) - 1 / (25 + ZERO_CELSIUS_K)
    return value_25c * math.exp(energy_ev / BOLTZMANN_EV_PER_K * inverse)


def liquid_solid(temperature_c: float, rng: np.random.Generator) -> Spectrum:
    """Return a four-electrode spectrum of a liquid | solid cell with 0.5 % noise."""
    gb, interface = _at(250 / AREA_CM2, 0.40, temperature_c), _at(500 / AREA_CM2, 0.52, temperature_c)
    values = {
        "R_le_b": _at(100, 0.35, temperature_c),
        "Zarc_gb_R": gb,
        "Zarc_gb_tau": gb * AREA_CM2 * 1e-8,
        "Zarc_gb_alpha": 0.95,
        "Zarc_int_R": interface,
        "Zarc_int_tau": interface * AREA_CM2 * 1e-6,
        "Zarc_int_alpha": 0.9,
    }
    z = template("le_se", 4).with_arcs_as_resistors(("bulk",)).circuit.impedance(FREQUENCY_HZ, values)
    noise = rng.normal(size=z.size) + 1j * rng.normal(size=z.size)
    conditions = Conditions(
        temperature_c=temperature_c,
        temperature_err_c=0.5,
        area_cm2=AREA_CM2,
        thickness_cm=0.1,
        electrodes=4,
    )
    return Spectrum(
        FREQUENCY_HZ, z + 0.005 * abs(z) * noise, label=f"llto_{temperature_c:g}C", conditions=conditions
    )


@cache
def four_electrode() -> Series:
    """Return a fitted series of five temperatures; the coldest spectrum has masked points."""
    rng = np.random.default_rng(7)
    spectra = [liquid_solid(t, rng) for t in (0.0, 15.0, 25.0, 40.0, 60.0)]
    return fit_series([spectra[0].cut(f_min_hz=0.2, drop=[30]), *spectra[1:]], "le_se")


@cache
def foreseen() -> Plan:
    """Return the plan of one more series of the same cell."""
    return plan(four_electrode())


def subject(kind: str, series: Callable[[], Series] = four_electrode) -> Callable[[], Series | Plan]:
    """Return what a kind of figure is drawn of: a plan for that of plans, else a series."""
    return foreseen if kind == "plan" else series


@cache
def blocking() -> Series:
    """Return a fitted series of a pellet between blocking electrodes: megohms, two layers on one ordinate."""
    rng = np.random.default_rng(8)
    spectra = []
    for t in (140.0, 155.0, 170.0, 185.0, 200.0):
        bulk, gb = _at(3.2e8, 0.60, t), _at(2.2e10, 0.89, t)
        values = [bulk, bulk * 7e-12, 0.9, gb, gb * 1.8e-11 * 8, 0.9, 2e-6, 0.56]
        z = template("se_blocking", 2).circuit.impedance(FREQUENCY_HZ, values)
        z = z * (1 + 0.003 * (rng.normal(size=z.size) + 1j * rng.normal(size=z.size)))
        conditions = Conditions(temperature_c=t, area_cm2=0.5027, thickness_cm=0.21, electrodes=2)
        spectra.append(Spectrum(FREQUENCY_HZ, z, label=f"pellet_{t:g}C", conditions=conditions))
    return fit_series(spectra, "se_blocking")


@cache
def failed() -> Series:
    """Return a series of which one spectrum has too few points to be fitted."""
    series = four_electrode()
    spectra = [f.spectrum for f in series][1:4]
    return fit_series([spectra[0].cut(f_min_hz=5e5), *spectra[1:]], "le_se")


@cache
def drawn(kind: str, series: Callable[[], Series | Plan]) -> Figure:
    """Return a figure of one column after it was laid out."""
    figure = plots.figure(kind, series())
    figure.draw_without_rendering()
    return figure


def lines(ax: Axes, gid: str) -> list[Line2D]:
    """Return the lines of one meaning."""
    return [line for line in ax.lines if line.get_gid() == gid]


def xy(line: Line2D) -> Floats:
    """Return the data of a line."""
    return np.asarray(line.get_xydata(), float)


def encloses(outer: BboxBase, inner: BboxBase) -> bool:
    """Tell whether a box lies within another."""
    return bool(np.all(outer.min <= inner.min) and np.all(inner.max <= outer.max))
