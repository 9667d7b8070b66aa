"""Simulated cells for joint fits: two arcs whose time constants stay close, and the pellet that tells them apart."""

from collections.abc import Sequence
from typing import Any

import numpy as np

import eisfit
from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.results.joint import Joint

F = np.logspace(6, -1, 71)
OMEGA = 2 * np.pi * F
TWO_ARCS = "R0-Zarc1-Zarc2"
LAWS_OF_ALL = {"R0": "arrhenius", "Zarc1_R": "arrhenius", "Zarc2_R": "arrhenius"}
GEOMETRY = {"area_cm2": 0.785, "thickness_cm": 0.1, "electrodes": 4}
TRUE_EV = {"R0": 0.35, "Zarc1_R": 0.40, "Zarc2_R": 0.52}


def activated(r: float, energy_ev: float, temperature_k: float) -> float:
    """Return a resistance that is r at 25 °C, an Arrhenius law of ln(1/R)."""
    return r * float(np.exp(energy_ev / BOLTZMANN_EV_PER_K * (1 / temperature_k - 1 / 298.15)))


def zarc(r: float, c: float, alpha: float) -> np.ndarray:
    return r / (1 + (1j * OMEGA * r * c) ** alpha)


def two_arcs(
    seed: int,
    *,
    temperatures: Sequence[float] = tuple(np.linspace(0, 60, 8)),
    off_k: float = 0.0,
    noise: float = 0.005,
    energies: tuple[float, float] = (0.40, 0.52),
    count: int = 1,
    capacitances: tuple[float, float] = (1e-7, 7.5e-8),
    kink: float = 0.0,
    conditions: dict[str, float] | None = None,
) -> list[eisfit.Spectrum]:
    """Return spectra of a resistor and two arcs whose time constants stay about a factor 3 apart."""
    rng, found = np.random.default_rng(seed), []
    for t in temperatures:
        true = t + 273.15 + off_k * rng.standard_normal()
        r = [
            activated(100, 0.35, true),
            activated(250, energies[0], true),
            activated(1000, energies[1], true),
        ]
        r[2] *= np.exp(kink * max(t - 30, 0))
        if conditions:  # layers of a template: a law of ln(T/R)
            r[0], r[1] = r[0] * true / 298.15, r[1] * true / 298.15
        z = r[0] + zarc(r[1], capacitances[0], 0.95) + count * zarc(r[2] / count, capacitances[1], 0.9)
        z = z * (1 + noise * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size)))
        known: dict[str, Any] = {"temperature_err_c": off_k or None, **(conditions or {})}
        found.append(
            eisfit.Spectrum(
                F, z, conditions=eisfit.Conditions(temperature_c=float(t), **known), label=f"c{t:.0f}"
            )
        )
    return found


def solid_without_interface(
    seed: int, *, temperatures: Sequence[float], interface: float = 0.0
) -> list[eisfit.Spectrum]:
    """Return spectra of a liquid and a solid between four probes with interfaces of no, or a small, resistance."""
    rng, found = np.random.default_rng(seed), []
    for t in temperatures:
        kelvin = t + 273.15
        own = kelvin / 298.15
        z = own * activated(100, 0.35, kelvin) + zarc(own * activated(250, 0.4, kelvin), 1e-9, 0.95)
        if interface:
            z = z + 2 * zarc(activated(interface, 0.5, kelvin), 1e-6, 0.9)
        z = z * (1 + 0.005 * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size)))
        known: dict[str, Any] = {"temperature_err_c": 0.3, **GEOMETRY}
        conditions = eisfit.Conditions(temperature_c=float(t), **known)
        found.append(eisfit.Spectrum(F, z, conditions=conditions, label=f"c{t:g}"))
    return found


def solid_in_liquid(seed: int, temperatures: Sequence[float] = (0, 20, 40, 60)) -> list[eisfit.Spectrum]:
    """Return a solid in a liquid between four probes; resistances of liquid and bulk lie in series."""
    rng, found = np.random.default_rng(seed), []
    for t in temperatures:
        true = t + 273.15 + 0.3 * rng.standard_normal()
        own = true / 298.15
        z = own * (activated(60, 0.15, true) + activated(100, 0.35, true))
        z = (
            z
            + zarc(own * activated(250, 0.4, true), 1e-8, 0.95)
            + 2 * zarc(activated(500, 0.5, true), 2e-6, 0.9)
        )
        z = z * (1 + 0.003 * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size)))
        known: dict[str, Any] = {"temperature_err_c": 0.3, "layers": {"liquid": 1.0}, **GEOMETRY}
        conditions = eisfit.Conditions(temperature_c=float(t), **known)
        found.append(eisfit.Spectrum(F, z, conditions=conditions, label=f"c{t:g}"))
    return found


def liquid_alone(seed: int, temperatures: Sequence[float] = (0, 20, 40, 60)) -> list[eisfit.Spectrum]:
    """Return the same liquid in a conductivity cell of half its length, with 2 % error of its geometry."""
    rng, found = np.random.default_rng(2000 + seed), []
    ratio = 0.5 * (1 + 0.02 * rng.standard_normal())
    for t in temperatures:
        true = t + 273.15 + 0.3 * rng.standard_normal()
        z = ratio * true / 298.15 * activated(60, 0.15, true) + 1 / (1e-4 * (1j * OMEGA) ** 0.9)
        z = z * (1 + 0.003 * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size)))
        known: dict[str, Any] = {"temperature_err_c": 0.3, "area_cm2": 0.785, "layers": {"liquid": 0.5}}
        conditions = eisfit.Conditions(temperature_c=float(t), electrodes=2, **known)
        found.append(eisfit.Spectrum(F, z, conditions=conditions, label=f"l{t:g}"))
    return found


def sandwich_ohm(r: float, energy_ev: float, temperature_k: float) -> float:
    """Return a resistance that is r at 80 °C."""
    return r * float(np.exp(energy_ev / BOLTZMANN_EV_PER_K * (1 / temperature_k - 1 / 353.15)))


def polymer_sandwich(
    seed: int, *, twin: bool = False, temperatures: Sequence[float] = (50, 58, 66, 74, 82, 90)
) -> list[eisfit.Spectrum]:
    """Return Li | polymer | solid | polymer | Li between two electrodes; or its twin without the solid.

    The electrode is a quarter of the interface, and its time constant within 1.3 of that.
    """
    rng, found = np.random.default_rng(seed + 500 * twin), []
    scale = 1 + 0.05 * rng.standard_normal() if twin else 1.0
    for t in temperatures:
        true = t + 273.15 + 0.3 * rng.standard_normal()
        electrode, interface = (sandwich_ohm(r, e, true) for r, e in ((25, 0.7), (100, 1.0)))
        z = scale * zarc(sandwich_ohm(130, 0.6, true), 1.7e-11, 1.0)
        z = z + 2 * zarc(scale * electrode, 7.85e-6 / scale, 0.85)
        if not twin:
            z = z + sandwich_ohm(20, 0.35, true) + zarc(sandwich_ohm(60, 0.4, true), 8e-8, 0.95)
            z = z + 2 * zarc(interface, 2.55e-6, 0.9)
        z = z * (1 + 0.005 * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size)))
        known: dict[str, Any] = {"temperature_err_c": 0.3, "area_cm2": 0.785, "layers": {"polymer": 0.02}}
        known |= {} if twin else {"thickness_cm": 0.1}
        conditions = eisfit.Conditions(temperature_c=float(t), electrodes=2, **known)
        found.append(eisfit.Spectrum(F, z, conditions=conditions, label=f"{'t' if twin else 'c'}{t:g}"))
    return found


def pellet(seed: int, capacitance: float) -> list[eisfit.Spectrum]:
    """Return the same solid between blocking contacts, twice as thick, with 2 % error of its geometry."""
    rng, found = np.random.default_rng(1000 + seed), []
    ratio = 2.0 * (1 + 0.02 * rng.standard_normal())
    for t in range(-40, 61, 20):
        true = t + 273.15 + 0.3 * rng.standard_normal()
        own = ratio * true / 298.15
        bulk, gb = own * activated(80, 0.35, true), own * activated(250, 0.40, true)
        z = (
            zarc(bulk, 7e-11 / ratio, 1.0)
            + zarc(gb, capacitance / ratio, 0.95)
            + 1 / (1e-5 * (1j * OMEGA) ** 0.8)
        )
        z = z * (1 + 0.003 * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size)))
        conditions = eisfit.Conditions(
            temperature_c=float(t), temperature_err_c=0.3, area_cm2=0.785, thickness_cm=0.2, electrodes=2
        )
        found.append(eisfit.Spectrum(F, z, conditions=conditions, label=f"p{t}"))
    return found


def fitted_jointly(*arguments: Any, **links: Any) -> Joint:
    """Return the joint fit of spectra."""
    joint = eisfit.fit_joint(*arguments, **links).joint
    assert joint is not None
    return joint
