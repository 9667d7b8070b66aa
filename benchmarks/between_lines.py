"""How often the tests between lines are wrong: equal slopes, and the Meyer-Neldel rule with its trap.

python -m benchmarks.between_lines [SETS]
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.laws import Arrhenius, equal_slope, fit_arrhenius, meyer_neldel

KELVIN = np.array([273.15, 288.15, 298.15, 313.15, 333.15])
TRUE_EV = 0.05
FACTORS = (1.0, 1.2, 1.4, 1.7, 3.0)


def slopes(factor: float, sets: int) -> tuple[float, float]:
    """Return false alarms and cover of three lines of six points whose errors are stated too small by a factor."""
    rng = np.random.default_rng(6)
    x = np.tile(np.linspace(-1, 1, 6), 3) + np.repeat([0, 0.3, -0.2], 6)
    alarms = covered = 0
    for _ in range(sets):
        sigma = 0.05 * 10 ** rng.uniform(-0.5, 0.5, 18)
        y = 2 * x + np.repeat([0.0, 1.0, 5.0], 6) + factor * sigma * rng.standard_normal(18)
        found = equal_slope(x, y, [name for name in "abc" for _ in range(6)], sigma)
        alarms += found.differ
        covered += found.slope_ci95[0] <= 2 <= found.slope_ci95[1]
    return alarms / sets, covered / sets


def line(energy_ev: float, level: float, rng: np.random.Generator) -> Arrhenius:
    """Return a line of five temperatures with errors of 2 %, whose ordinate at 25 °C is the level."""
    y = level - energy_ev / BOLTZMANN_EV_PER_K * (1 / KELVIN - 1 / 298.15)
    return fit_arrhenius(KELVIN, np.exp(-(y + 0.02 * rng.standard_normal(5))), np.full(5, 0.02))


def rule(
    count: int, sets: int, levels: Callable[[np.ndarray, np.random.Generator], np.ndarray], spread: float
) -> str:
    """Return how often a rule is found between some cells, and how often its interval holds the true temperature."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(sets):
        energies = 0.5 + spread * rng.normal(size=count)
        lines = [line(e, y, rng) for e, y in zip(energies, levels(energies, rng), strict=True)]
        found.append(meyer_neldel(lines))
    kept = [each for each in found if each.compensated]
    inside = [
        low <= TRUE_EV / BOLTZMANN_EV_PER_K <= high for low, high in (m.isokinetic_ci95_k for m in kept)
    ]
    return f"found {len(kept) / sets:.3f}, covered {np.mean(inside) if inside else np.nan:.3f}"


def compensated(energies: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return levels at 25 °C that follow a Meyer-Neldel rule with a scatter of 0.3."""
    prefactors = 3 + energies / TRUE_EV + 0.3 * rng.normal(size=energies.size)
    return np.asarray(prefactors - energies / (BOLTZMANN_EV_PER_K * 298.15))


def main(sets: int) -> None:
    """Print the table."""
    for factor in FACTORS:
        alarms, covered = slopes(factor, sets)
        print(f"slopes, errors {factor:g} times too small: false alarms {alarms:.3f}, covered {covered:.3f}")
    print("one cell six times:", rule(6, sets, lambda e, rng: np.full(e.size, -6.0), 0.0))
    print("energies and levels vary:", rule(6, sets, lambda e, rng: -6 + rng.normal(size=e.size), 0.1))
    print("a true rule, 6 cells:", rule(6, sets, compensated, 0.1))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
