"""False alarms of the tests of lines on sound points, and what they find, by simulation."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import write
from eisfit.constants import BOLTZMANN_EV_PER_K as K
from eisfit.laws import Arrhenius, Followed, fit_arrhenius
from eisfit.laws.checks import Grouping
from eisfit.tools.frozen import Floats

POINTS = (4, 5, 6, 7, 8, 10, 12)
KELVIN_ERROR = 0.3
FAULTS = ("VTF", "kink", "10 K", "growth")


def activated(kelvin: Floats, energy_ev: float) -> Floats:
    """Return resistances of an exact law."""
    return np.asarray(np.exp(energy_ev / K * (1 / kelvin - 1 / 300)))


def vogel(kelvin: Floats) -> Floats:
    """Return the resistances of a polymer, 1050 K and 208 K."""
    return np.asarray(np.sqrt(kelvin) * np.exp(1050 / (kelvin - 208)))


def broken(kelvin: Floats) -> Floats:
    """Return resistances with 0.84 eV below 60 °C and 0.53 eV above."""
    below = np.exp(0.84 / K * (1 / np.minimum(kelvin, 333.15) - 1 / 333.15))
    return np.asarray(below * np.exp(0.53 / K * (1 / np.maximum(kelvin, 333.15) - 1 / 333.15)))


def line(
    stated: Floats, value: Floats, error: Floats, said: bool, grouping: Grouping | None = None
) -> Arrhenius:
    """Return the line of values with their relative errors, with the temperature error stated or not."""
    given = np.full(stated.size, KELVIN_ERROR) if said else None
    of = Followed(condition_err_known=said, grouping=grouping)
    return fit_arrhenius(stated, value, error, temperature_err_k=given, of=of)


def spoilt(fault: str, n: int, rng: np.random.Generator) -> tuple[Floats, Floats, Grouping | None]:
    """Return stated temperatures, exact values at true ones, and groups, of `n` points with a fault or none."""
    stated = np.linspace(25, 85, n) + 273.15
    true = stated + KELVIN_ERROR * rng.standard_normal(n)
    if fault == "VTF":
        return stated, vogel(true), None
    if fault == "kink":
        return stated, broken(true), None
    if fault == "10 K":
        at = int(rng.integers(n))
        return stated + 10 * (np.arange(n) == at), activated(true, 0.5), None
    half = n // 2 + 1
    rising = np.linspace(25, 85, half) + 273.15
    up_and_down = np.r_[rising, rising[-2 : -2 - (n - half) : -1]]
    groups = Grouping("branches", ("heating", "cooling"), (0,) * half + (1,) * (n - half))
    true = up_and_down + KELVIN_ERROR * rng.standard_normal(n)
    growth = 1.05 ** np.arange(n) if fault == "growth" else np.ones(n)
    return up_and_down, activated(true, rng.uniform(0.2, 1.0)) * growth, groups


def counted(fault: str, n: int, said: bool, count: int, seed: int) -> Counter[str]:
    """Return how often each test speaks of lines with a fault or none."""
    rng = np.random.default_rng([seed, n])
    found: Counter[str] = Counter()
    for _ in range(count):
        stated, exact, grouping = spoilt(fault, n, rng)
        error = 0.005 * 10 ** rng.uniform(-0.5, 0.5, n)
        checks = line(stated, exact * np.exp(error * rng.standard_normal(n)), error, said, grouping).checks
        found["curvature"] += checks.curvature.bent
        found["hysteresis"] += checks.hysteresis.differs
        found["odd point"] += bool(checks.odd.label)
        found["no values"] += checks.rejected
    return found


def main(given: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--lines", type=int, default=4000, help="of each number of points")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args(given)
    for said in (True, False):
        name = "stated" if said else "not stated"
        rows: list[dict[str, Any]] = []
        for n in POINTS:
            sound = counted("", n, said, asked.lines, asked.seed)
            row: dict[str, Any] = {"points": n} | {k: 100 * v / asked.lines for k, v in sound.items()}
            few = max(asked.lines // 10, 1)
            hits = {fault: counted(fault, n, said, few, asked.seed + 1) for fault in FAULTS}
            tests = dict(zip(FAULTS, ("curvature", "curvature", "odd point", "hysteresis"), strict=True))
            rows.append(row | {f"{f} found": 100 * hits[f][t] / few for f, t in tests.items()})
        title = f"Tests of lines, temperature error {name}: false alarms, and faults found, in percent"
        write(asked.output, f"line_alarms_{name.replace(' ', '_')}", title, rows)


if __name__ == "__main__":
    main()
