"""What was put into simulated series comes out: pulls of resistances and energies over many seeds.

A pull is (found - true) / standard error; over many seeds pulls have the mean 0 and the width 1.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np

import eisfit
from benchmarks.common import timed, write
from eisfit.results.series import Series
from eisfit.simulate import SCENARIOS, Simulation, simulate
from eisfit.tools.frozen import Floats

WIDTH, MEAN = (0.85, 1.18), 0.25  # what 200 seeds must keep


def pulls(simulation: Simulation, series: Series) -> dict[str, list[float]]:
    """Return the pulls of one simulated series by quantity."""
    scenario = simulation.scenario
    area = scenario.conditions.area_cm2
    found: dict[str, list[float]] = {}
    for name, part in scenario.parts.items():
        for k, fit in enumerate(series):
            row, true = fit[name], simulation.true_resistance_ohm(k, name)
            found.setdefault(f"R {name}", []).append((row.resistance_ohm - true) / row.resistance_stderr_ohm)
            if area is not None and math.isfinite(row.asr_ohm_cm2):
                off = row.asr_ohm_cm2 - true * area / part.count
                found.setdefault(f"ASR {name}", []).append(off / row.asr_stderr_ohm_cm2)
        line = series.arrhenius(name)
        off = line.activation_energy_ev - part.activation_energy_ev
        found[f"E_A {name}"] = [off / line.activation_energy_stderr_ev]
    return found


def summary(values: Floats) -> dict[str, Any]:
    """Return mean, width and coverage of pulls; unknown ones count as missed."""
    known = values[np.isfinite(values)]
    width, mean = float(known.std(ddof=1)), float(known.mean())
    inside = [100 * float(np.mean(np.abs(known) < q)) for q in (1.0, 1.959963984540054)]
    return {
        "pulls": values.size,
        "not known": values.size - known.size,
        "mean": mean,
        "width": width,
        "within 1 sigma, %": inside[0],
        "within 1.96 sigma, %": inside[1],
        "holds": "yes" if WIDTH[0] <= width <= WIDTH[1] and abs(mean) <= MEAN else "no",
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--scenario", default="llto_le_four_electrode", choices=sorted(SCENARIOS))
    options.add_argument("--seeds", type=int, default=200)
    options.add_argument("--first", type=int, default=1000)
    given = options.parse_args()
    template = SCENARIOS[given.scenario].template
    gathered: dict[str, list[float]] = {}

    def all_seeds() -> None:
        for seed in range(given.first, given.first + given.seeds):
            made = simulate(given.scenario, seed=seed)
            for name, values in pulls(made, eisfit.fit_series(made.spectra, template)).items():
                gathered.setdefault(name, []).extend(values)

    seconds, _, _ = timed(all_seeds, 1)
    rows = [{"quantity": name, **summary(np.array(values))} for name, values in gathered.items()]
    notes = (
        f"{given.seeds} simulations of {given.scenario}, {seconds / given.seeds:.2g} s each. "
        f"It holds if the width lies within {WIDTH[0]} and {WIDTH[1]} and the mean within ±{MEAN}."
    )
    write(given.output, "recovery", "Recovery of simulated series", rows, notes)


if __name__ == "__main__":
    main()
