"""Names, values, limits and energies on simulated cells over temperature, against their truth.

Liquid | solid | liquid with four electrodes, and pellets between blocking contacts, with drawn geometry, capacitances,
resistances, energies, noise, leads and cables. The cells are formulas of numpy alone.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import eisfit
from benchmarks.common import write
from eisfit.assignment.settings import DEFAULT
from eisfit.constants import BOLTZMANN_EV_PER_K as K
from eisfit.tools.frozen import Complexes, Floats

KEYS = "interface, or bulk,"
WITH_T, WITHOUT_T = "ln(T/R)", "ln(1/R)"
KNOWN_BELOW = 0.3  # relative error of a resistance from which it has no value
FAR_ERRORS, FAR_SHARE = 4.0, 0.05  # a value is wrong beyond both


@dataclass
class Cell:
    """A series with its truth.

    Parameters
    ----------
    template : str
        Which cell it is.
    nameable : bool
        Whether the true capacitances and energies of its arcs decide their names by the odds that eisfit asks for.
    known : list of bool
        Of each spectrum, whether its noise leaves the resistance in question an error that counts as a value.
    spectra : list of Spectrum
        With noise.
    truth : list of dict
        True resistances by contribution, of each spectrum.
    energies : dict
        True activation energy and its ordinate, by contribution.
    """

    template: str
    nameable: bool = True
    known: list[bool] = field(default_factory=list)
    spectra: list[eisfit.Spectrum] = field(default_factory=list)
    truth: list[dict[str, float]] = field(default_factory=list)
    energies: dict[str, tuple[float, str]] = field(default_factory=dict)


@dataclass
class Bench:
    """The frequencies, noise, leads and cables of a measurement, and the true temperatures."""

    rng: np.random.Generator
    top_hz: float
    electrodes: int
    area: float
    thickness: float

    def __post_init__(self) -> None:
        low = self.rng.choice([0.01, 0.1, 1.0])
        self.f_hz = np.geomspace(self.top_hz, low, int(10 * math.log10(self.top_hz / low)) + 1)
        self.noise = math.exp(self.rng.uniform(math.log(0.001), math.log(0.007)))
        self.lead_h = float(self.rng.choice([0.0, 1e-7, 3e-7]))
        self.stray_f = float(self.rng.choice([0.0, 2e-12, 8e-12]))

    @property
    def omega(self) -> Floats:
        """Angular frequencies."""
        return np.asarray(2 * np.pi * self.f_hz)

    def around(self, z: Complexes, lead_h: float) -> Complexes:
        """Return the impedance with leads and cables."""
        return np.asarray(1 / (1 / z + 1j * self.omega * self.stray_f) + 1j * self.omega * lead_h)

    def error(self, path: Callable[[Floats], Complexes], values: Sequence[float], which: int) -> float:
        """Return the least relative error (Cramér-Rao) of one value of a path, beside a lead of unknown size."""
        x = np.log([*values, self.lead_h or 1e-9])

        def z(at: Floats) -> Complexes:
            return self.around(path(np.exp(at[:-1])), float(np.exp(at[-1])))

        steps = 1e-5 * np.eye(x.size)
        slopes = np.array([(z(x + step) - z(x - step)) / 2e-5 for step in steps]) / np.abs(z(x)) / self.noise
        normal = (slopes @ slopes.conj().T).real
        size = np.sqrt(np.diag(normal))
        return float(np.sqrt(np.linalg.pinv(normal / np.outer(size, size))[which, which]) / size[which])

    def measured(self, z: Complexes, celsius: float) -> eisfit.Spectrum:
        """Return a spectrum with leads, cables and noise."""
        z = self.around(z, self.lead_h)
        z = z * (1 + self.noise * (self.rng.standard_normal(z.size) + 1j * self.rng.standard_normal(z.size)))
        conditions = eisfit.Conditions(
            temperature_c=celsius,
            temperature_err_c=0.3,
            area_cm2=self.area,
            thickness_cm=self.thickness,
            electrodes=self.electrodes,
        )
        return eisfit.Spectrum(self.f_hz, z, conditions=conditions, label=f"{celsius:g}C")


def resistance(r_25c: float, energy_ev: float, ordinate: str, celsius: float) -> float:
    """Return an activated resistance."""
    t, t0 = celsius + 273.15, 298.15
    return r_25c * math.exp(energy_ev / K * (1 / t - 1 / t0)) * (t / t0 if ordinate == WITH_T else 1.0)


def arc(omega: Floats, r: float, c: float, alpha: float) -> Complexes:
    """Return a depressed arc of effective capacitance c."""
    return np.asarray(r / (1 + (1j * omega * r * c) ** alpha))


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number of unknown order of magnitude."""
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def decides(gb: float, interface: float, gb_ev: float, interface_ev: float) -> bool:
    """Tell whether true capacitances (F at 1 cm^-1, F cm^-2, as either) and energies decide two names."""

    def surprise(c_gb: float, c_interface: float, e_gb: float, e_interface: float) -> float:
        total = 0.0
        for c, role, (low, high) in (
            (c_gb, "grain_boundary", (1e-11, 3e-8)),
            (c_interface, "interface", (1e-7, 1e-5)),
        ):
            sigma = math.log(high / low) / (2 * DEFAULT.range_sigmas)
            total += ((math.log(c) - 0.5 * math.log(low * high)) / sigma) ** 2
            mean, spread = DEFAULT.energy_ev[role]
            total += (((e_gb if role == "grain_boundary" else e_interface) - mean) / spread) ** 2
        return total

    return surprise(gb, interface, gb_ev, interface_ev) + 2 * math.log(DEFAULT.decided) < surprise(
        interface_as_gb(interface), gb_as_interface(gb), interface_ev, gb_ev
    )


_SHAPE = {"l_over_a": 0.1, "area": 1.0}


def interface_as_gb(c: float) -> float:
    """Return the capacitance at 1 cm^-1 that the two interfaces in series would have as a grain boundary."""
    return 0.5 * c * _SHAPE["area"] * _SHAPE["l_over_a"]


def gb_as_interface(c: float) -> float:
    """Return the capacitance per area that a grain boundary would have as two interfaces in series."""
    return 2 * c / _SHAPE["l_over_a"] / _SHAPE["area"]


def liquid_solid(seed: int) -> Cell:
    """Return a cell of a liquid and a solid with four electrodes."""
    rng = np.random.default_rng((seed, 1))
    area, thickness = rng.uniform(0.3, 1.5), float(rng.choice([0.015, 0.04, 0.1, 0.2]))
    bench = Bench(rng, float(rng.choice([2e5, 1e6, 7e6])), 4, area, thickness)
    c_gb, c_int = log_uniform(rng, 1e-10, 1e-8), log_uniform(rng, 2e-7, 3e-6)
    r_gb = thickness / area / log_uniform(rng, 2e-5, 1e-3)
    r_int = log_uniform(rng, 20, 3000) / area
    r_s = thickness / area / log_uniform(rng, 3e-4, 2e-3) + rng.uniform(2, 30)
    e_gb, e_int, e_s = rng.uniform(0.3, 0.45), rng.uniform(0.3, 0.7), rng.uniform(0.15, 0.38)
    a_gb, a_int = rng.uniform(0.85, 1.0), rng.uniform(0.8, 0.98)
    _SHAPE.update(l_over_a=thickness / area, area=area)
    cell = Cell("le_se", decides(c_gb, c_int, e_gb, e_int))
    first = int(rng.choice([-20, 0, 10]))
    for celsius in range(first, first + 61, 10):
        true = celsius + 0.3 * rng.standard_normal()
        s = resistance(r_s, e_s, WITH_T, true)
        gb, one = resistance(r_gb, e_gb, WITH_T, true), resistance(r_int, e_int, WITHOUT_T, true)

        def path(v: Floats) -> Complexes:
            return np.asarray(v[0] + arc(bench.omega, *v[1:4]) + 2 * arc(bench.omega, *v[4:7]))

        values = s, gb, c_gb * area / thickness, a_gb, one, c_int * area, a_int
        z = path(np.array(values))
        cell.known.append(bench.error(path, values, 4) < KNOWN_BELOW)
        cell.spectra.append(bench.measured(z, float(celsius)))
        cell.truth.append({"liquid + bulk": s, "grain boundary": gb, "interface": 2 * one})
    cell.energies = {
        "liquid + bulk": (e_s, WITH_T),
        "grain boundary": (e_gb, WITH_T),
        "interface": (e_int, WITHOUT_T),
    }
    return cell


def pellet(seed: int) -> Cell:
    """Return a pellet between blocking contacts; one in three has no grain boundary."""
    rng = np.random.default_rng((seed, 2))
    area, thickness = rng.uniform(0.3, 1.3), log_uniform(rng, 0.03, 0.3)
    bench = Bench(rng, float(rng.choice([1e6, 4e6, 1e7])), 2, area, thickness)
    per_cm = area / thickness
    c_b, c_gb = log_uniform(rng, 10, 120) * 8.854e-14 * per_cm, log_uniform(rng, 1e-10, 8e-9) * per_cm
    r_b = 1 / per_cm / log_uniform(rng, 1e-5, 3e-3)
    r_gb = 0.0 if seed % 3 == 1 else r_b * log_uniform(rng, 0.2, 5.0)
    e_b, e_gb = rng.uniform(0.25, 0.45), rng.uniform(0.3, 0.5)
    a_b, a_gb, a_el = rng.uniform(0.93, 1.0), rng.uniform(0.85, 0.98), rng.uniform(0.6, 0.95)
    cell, first = Cell("se_blocking"), int(rng.choice([-60, -20, 20]))
    for celsius in range(first, first + 81, 10):
        true = celsius + 0.3 * rng.standard_normal()
        b, gb = resistance(r_b, e_b, WITH_T, true), resistance(r_gb, e_gb, WITH_T, true)

        def path(v: Floats) -> Complexes:
            z = arc(bench.omega, *v[:3]) + 1 / (v[3] * (1j * bench.omega) ** v[4])
            return np.asarray(z + arc(bench.omega, *v[5:8]) if v.size > 5 else z)

        values = [b, c_b, a_b, 3e-6 * area, a_el, *((gb, c_gb, a_gb) if gb else ())]
        z = path(np.array(values))
        cell.known.append(bench.error(path, values, 0) < KNOWN_BELOW)
        cell.spectra.append(bench.measured(z, float(celsius)))
        cell.truth.append({"bulk": b, "grain boundary": gb})
    cell.energies = {"bulk": (e_b, WITH_T)} | ({"grain boundary": (e_gb, WITH_T)} if r_gb else {})
    return cell


@dataclass
class Count:
    """What was right and what was wrong."""

    values: int = 0
    wrong: int = 0
    intervals: int = 0
    covered: int = 0
    limits: int = 0
    false_limits: int = 0
    energies: int = 0
    far_energies: int = 0
    spectra: int = 0
    named: int = 0
    nameable: int = 0


def true_value(truth: dict[str, float], name: str) -> float | None:
    """Return the true resistance of a contribution or of a sum; None for what the truth does not know."""
    left, total = f" + {name} + ", 0.0
    for known, value in sorted(truth.items(), key=lambda pair: -len(pair[0])):
        if f" + {known} + " in left:
            left, total = left.replace(f" + {known} + ", " + "), total + value
    return total if not left.strip(" +") else None


def judge(cell: Cell, series: eisfit.Series, key: str, count: Count) -> None:
    """Add a series to a count."""
    for fit, truth, known in zip(series, cell.truth, cell.known, strict=True):
        count.spectra += 1
        count.nameable += cell.nameable and known
        for row in fit.contributions:
            true = true_value(truth, row.name)
            count.named += row.name == key and row.resolved in ("yes", "top outside window")
            if true is None:
                continue
            if row.resolved == "upper limit" and math.isfinite(row.limit_ohm):
                count.limits += 1
                count.false_limits += true > row.limit_ohm
            if math.isfinite(row.resistance_ohm) and math.isfinite(row.resistance_stderr_ohm):
                off = abs(math.log(row.resistance_ohm / true)) if true > 0 else math.inf
                count.values += 1
                count.wrong += off > max(
                    FAR_SHARE, FAR_ERRORS * row.resistance_stderr_ohm / row.resistance_ohm
                )
                count.intervals += 1
                count.covered += row.ci95_ohm[0] <= true <= row.ci95_ohm[1]
    for line, _ in series.lines():
        energy, ordinate = cell.energies.get(line.contribution, (math.nan, ""))
        if line.points_used >= 4 and ("T" in ordinate) == ("T" in line.ordinate) and math.isfinite(energy):
            count.energies += 1
            far = FAR_ERRORS * line.activation_energy_stderr_ev
            count.far_energies += abs(line.activation_energy_ev - energy) > far


def row_of(name: str, key: str, count: Count) -> dict[str, Any]:
    """Return a row of the table."""
    return {
        "cells": name,
        "spectra": count.spectra,
        "values": count.values,
        "beyond 4 errors and 5 % / %": round(100 * count.wrong / max(count.values, 1), 2),
        "95 % intervals hold / %": round(100 * count.covered / max(count.intervals, 1), 1),
        "upper limits": count.limits,
        "false limits / %": round(100 * count.false_limits / max(count.limits, 1), 1),
        "energies": count.energies,
        "beyond 4 errors / %": round(100 * count.far_energies / max(count.energies, 1), 1),
        f"{KEYS} named / %": round(100 * count.named / max(count.spectra, 1)),
        "true parameters and the same noise would name / %": round(
            100 * count.nameable / max(count.spectra, 1)
        ),
        "key": key,
    }


def main() -> None:
    """Print the table for some seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("-o", "--output", type=Path, default=Path("results"))
    chosen = parser.parse_args()
    rows = []
    for name, key, make in (("liquid | solid", "interface", liquid_solid), ("pellet", "bulk", pellet)):
        count = Count()
        for seed in range(chosen.first, chosen.first + chosen.count):
            cell = make(seed)
            judge(cell, eisfit.fit_series(cell.spectra, cell.template), key, count)
        rows.append(row_of(name, key, count))
    title = "Names, values, limits and energies of simulated cells over temperature"
    write(chosen.output, "naming", title, rows)


if __name__ == "__main__":
    main()
