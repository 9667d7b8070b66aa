"""How often a fit without a start finds the global minimum on 1056 computed spectra of known circuits.

Run ``python -m benchmarks.labelled -o results``. The spectra (series/ecm-labelled-solid-state) lie in the folder
that ``EISFIT_SPECTRA`` names, else in ``../shared/spectra``. A fit succeeds if its relative rms lies below
0.05 %, or its cost within 1 % of the best of 500 starts in the same bounds. Those costs stand in
``labelled_costs.csv``; spectra without one are left out, and ``--costs`` computes them, by this rule: plain draws,
seeded by the row, of every time constant up to 30 times outside the window and of every resistance from 1/1000 of the
largest |Z| up to it, each solved for 60 iterations, those within 1.5 times the best cost then to the end
(of rows 0 to 242 all 500 until they gain less than 1e-6 of their cost, the best eight then to the end).
Noise-free, further starts are left out once one meets the data to an rms of 1e-5. Noise is normal, Re and Im
each 0.005 |Z|, seeded by the row.

Ten spectra (rows 119 227 266 275 381 446 550 652 967 1002, counted from 0) were computed with an exponent of 1.01,
which no passive constant-phase element reaches; they count like all others.
"""

from __future__ import annotations

import os

from benchmarks.common import ONE_CORE, write

if __name__ == "__main__":
    os.environ.update(ONE_CORE)  # before numpy is loaded

import argparse
import csv
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import eisfit
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import Placed, leaves
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.search.minima import minima_from_data
from eisfit.tools.frozen import Complexes, Floats

FILE = Path("series") / "ecm-labelled-solid-state" / "test_data_filtered_part_A.csv"
TABLE = Path(__file__).with_name("labelled_costs.csv")
COLUMNS = ("row", "circuit", "noise", "starts", "best_cost", "share")
NOISES = (0.0, 0.005)
STARTS, BATCH = 500, 50
EARLY, NEAR = 60, 1.5
RIGHT_RMS, RIGHT_COST = 5e-4, 1.01
EXPONENT_BEYOND_ONE = (119, 227, 266, 275, 381, 446, 550, 652, 967, 1002)
_MET = 1e-5  # relative rms at which noise-free data are met
_OUTSIDE = float(np.log(30.0))
_SMALLEST = float(np.log(1e3))
_KINDS = {"RC": "p(R{k},C{k})", "RCPE": "p(R{k},CPE{k})", "G": "G{k}", "L": "L{k}", "R": "R{k}"}


@dataclass(frozen=True)
class Row:
    """A spectrum of the set: its number, its circuit and its impedance without noise."""

    number: int
    label: str
    frequency_hz: Floats
    z_ohm: Complexes

    @property
    def circuit(self) -> str:
        """The label as a circuit string."""
        if self.label == "Rs_Ws":
            return "R0-Wsn1"
        return "-".join(_KINDS[part].format(k=k) for k, part in enumerate(self.label.split("-"), 1))

    def spectrum(self, noise: float) -> eisfit.Spectrum:
        """Return the spectrum with noise."""
        rng, n = np.random.default_rng(self.number), self.z_ohm.size
        error = noise * np.abs(self.z_ohm) * (rng.normal(size=n) + 1j * rng.normal(size=n))
        return eisfit.Spectrum(self.frequency_hz, self.z_ohm + error, label=str(self.number))


def rows(folder: Path) -> Iterator[Row]:
    """Yield the spectra of the set in the folder of all spectra."""
    csv.field_size_limit(sys.maxsize)
    with (folder / FILE).open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            yield Row(number, row["Circuit"], _numbers(row["freq"], float), _numbers(row["Z"], complex))


def _numbers(text: str, kind: type) -> npt.NDArray[Any]:
    return np.array([kind(cell.replace(" ", "")) for cell in re.sub(r"[\[\]\n]", "", text).split(",")])


def relative_rms(problem: Problem, cost: Floats) -> Floats:
    """Return the root mean square of residuals that are weighted by the modulus, shape (N,)."""
    return np.asarray(np.sqrt(2 * cost / problem.residuals_used))


def plain_draws(problem: Problem, count: int, rng: np.random.Generator) -> Floats:
    """Return starts of a problem of one spectrum, as logarithms (count, P)."""
    low_hz, high_hz = problem.window_hz()
    fastest, slowest = (float(-np.log(2 * np.pi * f[0])) for f in (high_hz, low_hz))
    largest = float(np.log(np.abs(problem.z_ohm).max()))
    x = np.zeros((count, len(problem.names)))
    for on_path in problem.template.path:
        log_r = largest - rng.uniform(0, _SMALLEST, count)
        log_t = rng.uniform(fastest - _OUTSIDE, slowest + _OUTSIDE, count)
        for leaf in leaves(on_path.node):
            _draw_leaf(leaf, log_r, log_t, x, rng)
    return x


def _draw_leaf(leaf: Placed, log_r: Floats, log_t: Floats, x: Floats, rng: np.random.Generator) -> None:
    exponents: dict[str, Floats] = {}
    for j, quantity in enumerate(leaf.element.quantities, leaf.first):
        if quantity.is_exponent:
            exponents[quantity.name] = rng.uniform(0.5, 1, log_r.size)
            x[:, j] = np.log(exponents[quantity.name])
        elif quantity.is_ratio:
            low, high = np.log(quantity.usual).tolist()
            x[:, j] = rng.uniform(low, high, log_r.size)
    for j, quantity in enumerate(leaf.element.quantities, leaf.first):
        if not quantity.dimensionless:
            power = exponents[quantity.time] if isinstance(quantity.time, str) else quantity.time
            x[:, j] = quantity.resistance * log_r + power * log_t


def best_of_starts(row: Row, noise: float) -> dict[str, Any]:
    """Return the line of the table for one spectrum."""
    problem = pose([row.spectrum(noise)], Template.from_circuit(row.circuit))
    x = plain_draws(problem, STARTS, np.random.default_rng(row.number))
    batch = STARTS if noise else BATCH
    costs: list[float] = []
    for first in range(0, STARTS, batch):
        each = np.zeros(batch, int)
        found = solve(problem, x[first : first + batch], each, max_iterations=EARLY, tolerance=1e-6)
        near = np.flatnonzero(found.cost <= NEAR * found.cost.min())
        found.cost[near] = solve(problem, found.x[near], each[near], tolerance=1e-8).cost
        costs += found.cost.tolist()
        if relative_rms(problem, np.array([min(costs)]))[0] < _MET:
            break
    least = min(costs)
    floor = least if noise else max(least, float(problem.residuals_used[0]) * _MET**2 / 2)
    share = sum(cost <= RIGHT_COST * floor for cost in costs) / len(costs)
    line = (row.number, row.label, noise, len(costs), f"{least:.6g}", f"{share:.3g}")
    return dict(zip(COLUMNS, line, strict=True))


def known_costs() -> dict[tuple[int, float], float]:
    """Return the best costs of the table by row and noise."""
    if not TABLE.is_file():
        return {}
    with TABLE.open(newline="", encoding="utf-8") as file:
        return {(int(r["row"]), float(r["noise"])): float(r["best_cost"]) for r in csv.DictReader(file)}


def complete_table(folder: Path) -> None:
    """Compute the missing costs and append them to the table as they come."""
    known = known_costs()
    with TABLE.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if not known:
            writer.writeheader()
        for row in rows(folder):
            for noise in NOISES:
                if (row.number, noise) not in known:
                    writer.writerow(best_of_starts(row, noise))
                    file.flush()


def searched(found: list[Row], noise: float, costs: dict[tuple[int, float], float]) -> dict[str, Any]:
    """Search the spectra of one circuit as one batch, and return what came out."""
    template = Template.from_circuit(found[0].circuit)
    spectra = [row.spectrum(noise) for row in found]
    begin = time.process_time()
    problem = pose(spectra, template)
    minima = minima_from_data(problem)
    cost = solve(problem, minima.x[:, 0], np.arange(len(found))).cost
    seconds = time.process_time() - begin
    right = relative_rms(problem, cost) < RIGHT_RMS
    right |= cost <= RIGHT_COST * np.array([costs[row.number, noise] for row in found])
    return {
        "circuit": found[0].label,
        "noise, %": 100 * noise,
        "spectra": len(found),
        "found": int(np.count_nonzero(right)),
        "found, %": 100 * float(np.mean(right)),
        "mean, ms": 1e3 * seconds / len(found),
        "missed rows": " ".join(str(row.number) for row, met in zip(found, right, strict=True) if not met),
    }


def total(table: list[dict[str, Any]], noise: float) -> dict[str, Any]:
    """Return the line of all circuits."""
    of_noise = [line for line in table if line["noise, %"] == 100 * noise]
    spectra, found = (sum(line[key] for line in of_noise) for key in ("spectra", "found"))
    mean = sum(line["mean, ms"] * line["spectra"] for line in of_noise) / spectra
    return {
        "circuit": "all",
        "noise, %": 100 * noise,
        "spectra": spectra,
        "found": found,
        "found, %": 100 * found / spectra,
        "mean, ms": mean,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--costs", action="store_true", help="compute the missing costs of 500 starts")
    options.add_argument("--every", type=int, default=1, help="take one of so many spectra of each circuit")
    given = options.parse_args()
    root = Path(__file__).resolve().parent.parent
    folder = Path(os.environ.get("EISFIT_SPECTRA") or root.parent / "shared" / "spectra")
    if not (folder / FILE).is_file():
        raise SystemExit(f"{folder / FILE} is not there: set EISFIT_SPECTRA to the folder of the spectra")
    if given.costs:
        complete_table(folder)
        return
    costs = known_costs()
    by_label: dict[str, list[Row]] = {}
    for row in rows(folder):
        if any((row.number, noise) not in costs for noise in NOISES):
            continue
        by_label.setdefault(row.label, []).append(row)
    table: list[dict[str, Any]] = []
    for noise in NOISES:
        table += [searched(found[:: given.every], noise, costs) for found in by_label.values()]
        table.append(total(table, noise))
    notes = (
        "Processor time; the spectra of one circuit are one batch. Found: relative rms below 0.05 %, or cost within "
        f"1 % of the best of {STARTS} starts. Rows {' '.join(map(str, EXPONENT_BEYOND_ONE))} were computed with "
        "an exponent of 1.01, beyond the range of a passive element; they count like all others."
    )
    write(given.output, "labelled", "Computed spectra of known circuits, without a start", table, notes)


if __name__ == "__main__":
    main()
