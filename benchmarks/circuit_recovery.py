"""How often a fit without a start is as good as one from the truth, for circuits that nobody wrote a template for.

Run ``python -m benchmarks.circuit_recovery -o results``. Each term has a resistance log-uniform from 10 to 1000 ohm and
a time constant log-uniform within the window, less a factor e at its ends; elements within a term differ by up to a
factor e in resistance, and from the third on in time; exponents are uniform from 0.6 to 1, those of diffusion from 0.3
to 0.5. 71 points from 1 MHz to 0.1 Hz, 0.5 % noise. A fit is right if its cost is at most 1.01 times that of the fit
started from the truth.
"""

from __future__ import annotations

import os

from benchmarks.common import ONE_CORE

if __name__ == "__main__":
    os.environ.update(ONE_CORE)  # before numpy is loaded

import argparse
from pathlib import Path
from typing import Any

import numpy as np

import eisfit
from benchmarks.template_recovery import met_from_data, written
from benchmarks.window import WINDOW_HZ
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import InSeries, Placed, leaves
from eisfit.tools.frozen import Floats

CIRCUITS = (
    "R0-p(R1,CPE1)",
    "R0-p(R1,CPE1)-CPE2",
    "R0-p(R1,CPE1)-p(R2,CPE2)",
    "R0-p(R1,C1)-p(R2,CPE2)",
    "R0-p(R1,CPE1)-p(R2,CPE2)-W1",
    "L0-R0-p(R1,CPE1)-W1",
    "R0-p(R1,CPE1)-Wsn1",
    "R0-p(R1-W1,CPE1)",
    "R0-p(R1-Ws1,C1)",
    "R0-p(R1-Wo1,CPE1)",
    "R0-p(R1,C1)-p(R2-Wo1,C2)",
    "p(R1,CPE1)-p(R2,CPE2)-CPE3",
    "R0-p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)",
)


def drawn(template: Template, count: int, rng: np.random.Generator) -> Floats:
    """Return logarithms of drawn parameters (count, P)."""
    x = np.zeros((count, len(template.circuit.names)))
    fastest, slowest = (float(-np.log(2 * np.pi * f)) for f in (WINDOW_HZ.max(), WINDOW_HZ.min()))
    root = template.circuit.root
    for term in root.parts if isinstance(root, InSeries) else (root,):
        log_r = rng.uniform(np.log(10), np.log(1000), count)
        log_t = rng.uniform(fastest + 1, slowest - 1, count)
        for place, leaf in enumerate(leaves(term)):
            own_r = log_r + rng.uniform(-1, 1, count) * (place > 0)
            own_t = rng.uniform(fastest + 1, slowest - 1, count) if place > 1 else log_t
            _draw_leaf(leaf, own_r, own_t, x, rng)
    return x


def _draw_leaf(leaf: Placed, log_r: Floats, log_t: Floats, x: Floats, rng: np.random.Generator) -> None:
    exponents: dict[str, Floats] = {}
    for k, quantity in enumerate(leaf.element.quantities, leaf.first):
        if quantity.is_exponent:
            low, high = (0.3, 0.5) if quantity.usual[1] <= 0.5 else (0.6, 1.0)
            exponents[quantity.name] = rng.uniform(low, high, log_r.size)
            x[:, k] = np.log(exponents[quantity.name])
    for k, quantity in enumerate(leaf.element.quantities, leaf.first):
        if not quantity.dimensionless:
            power = exponents[quantity.time] if isinstance(quantity.time, str) else quantity.time
            x[:, k] = quantity.resistance * log_r + power * log_t


def recovery(circuit: str, count: int, seed: int) -> dict[str, Any]:
    """Return how many drawn spectra of a circuit are met as well as from the truth."""
    template, rng = Template.from_circuit(circuit), np.random.default_rng(seed)
    log_truth = drawn(template, count, rng)
    return {"circuit": circuit} | met_from_data(template, log_truth, rng, eisfit.Conditions())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--count", type=int, default=300)
    given = options.parse_args()
    table = [recovery(circuit, given.count, seed=k) for k, circuit in enumerate(CIRCUITS)]
    written(given.output, "circuit_recovery", "Recovery of drawn circuits without a start", table)


if __name__ == "__main__":
    main()
