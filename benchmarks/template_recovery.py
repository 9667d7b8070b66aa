"""How often a fit without a start is as good as one from the truth, for every shipped template.

Run ``python -m benchmarks.template_recovery -o results``. Parameters are drawn from where they usually lie:
resistances log-uniform from 10 to 1000 ohm, capacitances of arcs log-uniform in the range of their segment (at
unit area and cell constant), of electrodes from 1e-6 to 1e-4, exponents from 0.7 to 1; 71 points from 1 MHz to
0.1 Hz, 0.5 % noise. A fit is right if its cost is at most 1.01 times that of the fit started from the truth.
"""

from __future__ import annotations

import os

from benchmarks.common import ONE_CORE, write

if __name__ == "__main__":
    os.environ.update(ONE_CORE)  # before numpy is loaded

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np

import eisfit
from benchmarks.window import WINDOW_HZ
from eisfit.cell.find import shipped, template
from eisfit.cell.templates import Template
from eisfit.engine.posing import pose
from eisfit.engine.solver import solve
from eisfit.search.minima import minima_from_data
from eisfit.tools.frozen import Floats

NOISE, RIGHT = 0.005, 1.01
CONDITIONS = eisfit.Conditions(area_cm2=1.0, thickness_cm=1.0)


def configurations() -> list[Template]:
    """Return every shipped template with each of its configurations."""
    found = [template(name) for name in shipped()]
    return [t.with_electrodes(c.electrodes) for t in found for c in t.configurations]


def drawn(cell: Template, count: int, seed: int) -> Floats:
    """Return parameters of a cell from where they usually lie, in their units (count, P)."""
    rng = np.random.default_rng(seed)
    values = np.zeros((count, len(cell.circuit.names)))
    expected = {
        name: on_path.segment.capacitance
        for on_path in cell.path
        for name in cell.circuit.names
        if on_path.segment.capacitance is not None
        and name.endswith("_tau")
        and name[:-4] in on_path.segment.circuit
    }
    for k, p in enumerate(cell.circuit.parameters):
        if p.quantity.is_exponent:
            values[:, k] = rng.uniform(0.7, 1.0, count)
        elif p.quantity.resistance == 1 and p.quantity.time == 0:
            values[:, k] = np.exp(rng.uniform(np.log(10), np.log(1000), count))
        elif p.name in expected:
            low, high = np.log(expected[p.name]).tolist()
            capacitance = np.exp(rng.uniform(low, high, count))
            resistance = values[:, cell.circuit.names.index(p.name[:-4] + "_R")]
            values[:, k] = resistance * capacitance
        else:
            values[:, k] = np.exp(rng.uniform(np.log(1e-6), np.log(1e-4), count))
    return values


def recovery(cell: Template, count: int, seed: int) -> dict[str, Any]:
    """Return how many of some drawn cells are met as well as from the truth."""
    log_truth = np.log(drawn(cell, count, seed))
    about = {"template": cell.name, "configuration": cell.chosen}
    return about | met_from_data(cell, log_truth, np.random.default_rng(seed + 1), CONDITIONS)


def met_from_data(
    template: Template, log_truth: Floats, rng: np.random.Generator, conditions: eisfit.Conditions
) -> dict[str, Any]:
    """Return how many noisy spectra of parameters (count, P), as logarithms, are met as well as from the truth."""
    z = template.circuit.impedance(WINDOW_HZ, np.exp(log_truth))
    z = z + NOISE * np.abs(z) * (rng.standard_normal(z.shape) + 1j * rng.standard_normal(z.shape))
    problem = pose([eisfit.Spectrum(WINDOW_HZ, row, conditions=conditions) for row in z], template)
    each = np.arange(len(z))
    true = solve(problem, log_truth, each)
    begin = time.process_time()
    found = solve(problem, minima_from_data(problem).x[:, 0], each)
    seconds = time.process_time() - begin
    met = found.cost <= RIGHT * true.cost
    return {
        "spectra": len(z),
        "cost within 1 %": int(np.count_nonzero(met)),
        "share, %": 100 * float(np.mean(met)),
        "mean, ms": 1e3 * seconds / len(z),
        "missed": " ".join(map(str, np.flatnonzero(~met))),
    }


def written(folder: Path, stem: str, title: str, table: list[dict[str, Any]]) -> None:
    """Write a table and the share of all its lines."""
    met, count = (sum(row[key] for row in table) for key in ("cost within 1 %", "spectra"))
    notes = f"Cost at most 1 % above that of the fit started from the truth: {100 * met / count:.2f} % of {count}."
    write(folder, stem, title, table, notes)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--count", type=int, default=200)
    given = options.parse_args()
    table = [recovery(cell, given.count, seed=k) for k, cell in enumerate(configurations())]
    written(given.output, "template_recovery", "Recovery of drawn cells without a start", table)


if __name__ == "__main__":
    main()
