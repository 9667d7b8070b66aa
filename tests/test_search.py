"""The search: computed spectra of labelled circuits are met without a start."""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from cells import grid, le_se_faded, le_se_values, measured
from conftest import ROOT

import eisfit
from eisfit.problem import pose
from eisfit.relaxation import Relaxation
from eisfit.search import minima_from_data
from eisfit.solve import solve
from eisfit.templates import Template
from eisfit.values import Complexes, Floats

LABELLED = Path("series") / "ecm-labelled-solid-state" / "test_data_filtered_part_A.csv"
MISSED = {0.0: 1, 0.005: 2}  # of the sample, a quarter of which was chosen because it is hard
COSTS = ROOT / "benchmarks" / "labelled_costs.csv"  # of the best of 500 starts, see benchmarks/labelled.py
SAMPLE = (  # a draw, and rows known to be hard; 119 and 446 hold an exponent of 1.01
    2,
    5,
    7,
    8,
    19,
    31,
    36,
    41,
    82,
    84,
    94,
    95,
    99,
    119,
    124,
    126,
    142,
    161,
    194,
    199,
    202,
    212,
    220,
    297,
    314,
    335,
    338,
    350,
    420,
    422,
    436,
    443,
    445,
    446,
    449,
    454,
    489,
    509,
    530,
    551,
    596,
    620,
    672,
    676,
    727,
    735,
    752,
    756,
    764,
    766,
    828,
    912,
    922,
    932,
    971,
    977,
    1012,
    1048,
    1050,
    1054,
)


def numbers(text: str, kind: type) -> npt.NDArray[Any]:
    return np.array([kind(cell.replace(" ", "")) for cell in re.sub(r"[\[\]\n]", "", text).split(",")])


def circuit(label: str) -> str:
    if label == "Rs_Ws":
        return "R0-Wsn1"
    kinds = {"RC": "p(R{k},C{k})", "RCPE": "p(R{k},CPE{k})", "G": "G{k}", "L": "L{k}", "R": "R{k}"}
    return "-".join(kinds[part].format(k=k) for k, part in enumerate(label.split("-"), 1))


@pytest.fixture(scope="module")
def labelled(real_spectra: Path) -> dict[str, list[tuple[int, Floats, Complexes]]]:
    csv.field_size_limit(sys.maxsize)
    found: dict[str, list[tuple[int, Floats, Complexes]]] = {}
    with (real_spectra / LABELLED).open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            if number in SAMPLE:
                z = numbers(row["Z"], complex)
                found.setdefault(row["Circuit"], []).append((number, numbers(row["freq"], float), z))
    return found


@pytest.fixture(scope="module")
def costs() -> dict[tuple[int, float], float]:
    with COSTS.open(newline="", encoding="utf-8") as file:
        return {(int(r["row"]), float(r["noise"])): float(r["best_cost"]) for r in csv.DictReader(file)}


@pytest.mark.parametrize("noise", [0.0, 0.005])
def test_labelled_circuits_are_met_without_a_start(
    labelled: dict[str, list[tuple[int, Floats, Complexes]]],
    costs: dict[tuple[int, float], float],
    noise: float,
) -> None:
    missed, total = [], 0
    for label, rows in labelled.items():
        spectra = []
        for number, f, z in rows:
            rng = np.random.default_rng(number)
            error = noise * np.abs(z) * (rng.normal(size=z.size) + 1j * rng.normal(size=z.size))
            spectra.append(eisfit.Spectrum(f, z + error))
        problem = pose(spectra, Template.from_circuit(circuit(label)))
        cost = solve(problem, minima_from_data(problem).x[:, 0], np.arange(len(rows))).cost
        rms = np.sqrt(2 * cost / problem.residuals_used)
        best = np.array([costs[number, noise] for number, _, _ in rows])
        right = (rms < 5e-4) | (cost <= 1.01 * best)
        missed += [number for (number, _, _), good in zip(rows, right, strict=True) if not good]
        total += len(rows)
    assert total == len(SAMPLE) == 60
    assert len(missed) <= MISSED[noise], f"missed {missed} of {total}"


def test_a_spectrum_fits_the_same_in_any_company() -> None:
    t = le_se_faded()
    spectra = [measured(t, le_se_values(r_s=50.0 + k), seed=k) for k in range(3)]
    together = minima_from_data(pose(spectra, t))
    for k, spectrum in enumerate(spectra):
        alone = minima_from_data(pose([spectrum], t))
        assert alone.cost[0, 0] == pytest.approx(together.cost[k, 0], rel=1e-6)


def test_ideal_and_depressed_arcs_in_any_order_are_found() -> None:
    values = {
        "p(R1,C1)-p(R2,CPE2)": (100.0, 1e-5, 300.0, 1e-8, 0.8),
        "p(R1,CPE1)-p(R2,C2)": (300.0, 1e-8, 0.8, 100.0, 1e-5),
    }
    for text, true in values.items():
        t = Template.from_circuit(text)
        found = eisfit.fit(eisfit.Spectrum(grid(), t.circuit.impedance(grid(), true)), text)
        np.testing.assert_allclose(list(found.values.values()), true, rtol=1e-6)


def test_a_relaxed_problem_gives_its_arcs_back() -> None:
    t = Template.from_circuit("R0-p(R1,C1)-p(R2,CPE2)")
    true = np.log([5.0, 100.0, 1e-5, 300.0, 1e-8, 0.8])
    problem = pose([eisfit.Spectrum(grid(), t.circuit.impedance(grid(), np.exp(true)))], t)
    relaxation = Relaxation.of(problem)
    assert relaxation is not None
    names = relaxation.problem.names
    assert names == (
        "R0",
        "Zarc_relaxed1_R",
        "Zarc_relaxed1_tau",
        "Zarc_relaxed1_alpha",
        "Zarc_relaxed2_R",
        "Zarc_relaxed2_tau",
        "Zarc_relaxed2_alpha",
    )
    relaxed = np.log([5.0, 100.0, 1e-3, 1.0, 300.0, 3e-6**1.25, 0.8])
    np.testing.assert_allclose(relaxation.given_back(relaxed)[0], true)


def test_circuits_of_one_kind_of_arc_are_not_relaxed() -> None:
    for text in ("R0-p(R1,C1)-p(R2,C2)", "R0-p(R1,CPE1)", "p(R1-W1,C1)"):
        t = Template.from_circuit(text)
        assert Relaxation.of(pose([eisfit.Spectrum(grid(), np.ones(71))], t)) is None


def test_drawn_cells_of_a_template_are_met_as_well_as_from_the_truth() -> None:
    cell = le_se_faded()
    rng = np.random.default_rng(2)
    spectra, truth = [], []
    for seed in range(10):
        r, c = np.exp(rng.uniform(np.log(30), np.log(1000), 2)), np.exp(rng.uniform([-23, -15.5], [-18, -12]))
        values = le_se_values(gb=(r[0], r[0] * c[0], 0.95), interface=(r[1], r[1] * c[1], 0.85))
        spectra.append(measured(cell, values, seed=seed))
        truth.append(np.log([values[name] for name in cell.circuit.names]))
    problem = pose(spectra, cell)
    each = np.arange(len(spectra))
    true = solve(problem, np.array(truth), each).cost
    found = solve(problem, minima_from_data(problem).x[:, 0], each).cost
    assert np.all(found <= 1.01 * true)
