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

import eisfit
from eisfit.problem import pose
from eisfit.relaxation import Relaxation
from eisfit.search import minima_from_data
from eisfit.templates import Template

LABELLED = Path("series") / "ecm-labelled-solid-state" / "test_data_filtered_part_A.csv"
IMPOSSIBLE = {119, 227, 266, 275, 381, 446, 550, 652, 967, 1002}  # computed with an exponent of 1.01
EVERY = 22  # one of so many rows: 48 spectra of all nine circuits


def numbers(text: str, kind: type) -> npt.NDArray[Any]:
    return np.array([kind(cell.replace(" ", "")) for cell in re.sub(r"[\[\]\n]", "", text).split(",")])


def circuit(label: str) -> str:
    if label == "Rs_Ws":
        return "R0-Wsn1"
    kinds = {"RC": "p(R{k},C{k})", "RCPE": "p(R{k},CPE{k})", "G": "G{k}", "L": "L{k}", "R": "R{k}"}
    return "-".join(kinds[part].format(k=k) for k, part in enumerate(label.split("-"), 1))


@pytest.fixture(scope="module")
def labelled(real_spectra: Path) -> dict[str, list[eisfit.Spectrum]]:
    csv.field_size_limit(sys.maxsize)
    found: dict[str, list[eisfit.Spectrum]] = {}
    with (real_spectra / LABELLED).open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            if number % EVERY == 0 and number not in IMPOSSIBLE:
                z = numbers(row["Z"], complex)
                s = eisfit.Spectrum(numbers(row["freq"], float), z, label=str(number))
                found.setdefault(row["Circuit"], []).append(s)
    return found


def test_labelled_circuits_are_met_without_a_start(labelled: dict[str, list[eisfit.Spectrum]]) -> None:
    missed, total = [], 0
    for label, spectra in labelled.items():
        problem = pose(spectra, Template.from_circuit(circuit(label)))
        minima = minima_from_data(problem)
        rms = np.sqrt(2 * minima.cost[:, 0] / problem.residuals_used)
        missed += [s.label for s, r in zip(spectra, rms, strict=True) if r > 5e-4]
        total += len(spectra)
    assert total >= 45
    assert len(missed) <= 1, f"missed {missed} of {total}"


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
        "R_relaxed1",
        "CPE_relaxed1_Q",
        "CPE_relaxed1_alpha",
        "R_relaxed2",
        "CPE_relaxed2_Q",
        "CPE_relaxed2_alpha",
    )
    relaxed = np.log([5.0, 100.0, 1e-5, 1.0, 300.0, 1e-8, 0.8])
    np.testing.assert_allclose(relaxation.given_back(relaxed)[0], true)


def test_circuits_of_one_kind_of_arc_are_not_relaxed() -> None:
    for text in ("R0-p(R1,C1)-p(R2,C2)", "R0-p(R1,CPE1)", "p(R1-W1,C1)"):
        t = Template.from_circuit(text)
        assert Relaxation.of(pose([eisfit.Spectrum(grid(), np.ones(71))], t)) is None
