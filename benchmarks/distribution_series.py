"""Peaks of distributions over temperature: whether they keep their identity, and whether their energies are right.

``python -m benchmarks.distribution_series --seed 1 --number 40`` draws cells of two and three depressed arcs whose
resistances and time constants follow Arrhenius lines, and crossing ones.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

import eisfit
from benchmarks.common import markdown
from benchmarks.distributions import OMEGA, with_noise
from benchmarks.window import WINDOW_HZ
from eisfit.relaxations import DistributionSeries
from eisfit.spectrum.conditions import Conditions

Floats = npt.NDArray[np.float64]
CELSIUS = (0.0, 10.0, 20.0, 30.0, 40.0, 50.0)
_K = 8.617333262e-5  # eV/K, SI 2019
_NOISE = 0.005
_FIRST_DECADES = (-5.0, -1.0)  # log10 tau at 25 °C


@dataclass(frozen=True)
class Cell:
    """Arcs over temperature.

    Parameters
    ----------
    resistance_ohm, tau_s : ndarray, shape (temperatures, arcs)
        Of each arc.
    energy_ev : ndarray, shape (arcs,)
        Of ln(1/R).
    alpha : ndarray, shape (arcs,)
        Exponents.
    """

    resistance_ohm: Floats
    tau_s: Floats
    energy_ev: Floats
    alpha: Floats


def cell(arcs: int, rng: np.random.Generator, least_decades: float) -> Cell:
    """Return drawn arcs that are at least so far apart at every temperature."""
    inverse = 1 / (np.array(CELSIUS) + 273.15) - 1 / 298.15
    while True:
        energy = rng.uniform(0.2, 0.7, arcs)
        factor = np.exp(energy / _K * inverse[:, None])
        tau = 10 ** np.sort(rng.uniform(*_FIRST_DECADES, arcs)) * factor
        gaps = np.diff(np.log10(tau), axis=1)
        if gaps.min() > least_decades and np.all((tau > 3e-7) & (tau < 0.5)):
            break
    resistance = 100 * 10 ** rng.uniform(-0.7, 0, arcs) * factor
    return Cell(resistance, tau, energy, rng.uniform(0.75, 0.95, arcs))


def looked(of: Cell, rng: np.random.Generator, noise: float = _NOISE) -> DistributionSeries:
    """Return the distributions of a cell at all temperatures."""
    spectra = []
    for celsius, r, tau in zip(CELSIUS, of.resistance_ohm, of.tau_s, strict=True):
        z = 20 + np.sum(r / (1 + (OMEGA[:, None] * tau) ** of.alpha), axis=1)
        under = Conditions(temperature_c=celsius)
        spectra.append(
            eisfit.Spectrum(WINDOW_HZ, with_noise(z, noise, rng), conditions=under, label=f"{celsius:g} C")
        )
    return eisfit.drt_series(spectra)


def followed(number: int, seed: int, arcs: int, least_decades: float) -> dict[str, object]:
    """Return how often all peaks were followed, and how the energies scatter in units of their errors."""
    whole = all_seen = 0
    pulls: list[float] = []
    errors: list[float] = []
    for k in range(number):
        rng = np.random.default_rng([seed, arcs, k])
        of = cell(arcs, rng, least_decades)
        tracks = looked(of, rng).tracks
        whole += len(tracks) == arcs and all(len(t.peaks) == len(CELSIUS) for t in tracks)
        all_seen += len(tracks) == arcs
        if len(tracks) != arcs:
            continue  # two under one peak: its energy is that of their sum
        for track in tracks:
            if track.line is None:
                continue
            place, peak = track.peaks[0]
            mine = int(np.argmin(np.abs(np.log(of.tau_s[place] / peak.tau_s))))
            away = track.line.activation_energy_ev - of.energy_ev[mine]
            errors.append(abs(away))
            pulls.append(away / track.line.activation_energy_stderr_ev)
    within = np.mean(np.abs(pulls) < 2) if pulls else math.nan
    return {
        "arcs": arcs,
        "least apart (decades)": least_decades,
        "cells": number,
        "as many peaks as arcs": f"{all_seen / number:.0%}",
        "all followed": f"{whole / number:.0%}",
        "|error| of E: median, 90 % (eV)": f"{np.median(errors):.4f}, {np.quantile(errors, 0.9):.4f}",
        "pulls: mean, standard deviation": f"{np.mean(pulls):+.2f}, {np.std(pulls):.2f}",
        "within 2 standard errors": f"{within:.0%}",
    }


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=40, help="cells of each kind")
    asked = parser.parse_args()
    kinds = [(2, 1.5), (2, 0.9), (3, 1.2)]
    print(markdown([followed(asked.number, asked.seed, arcs, apart) for arcs, apart in kinds]))


if __name__ == "__main__":
    main()
