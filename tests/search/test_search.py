"""The search: computed spectra of labelled circuits are met without a start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eisfit
from benchmarks import labelled, template_recovery
from eisfit.cell.templates import Template
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.posing import pose
from eisfit.engine.solver import solve
from eisfit.search import rounds, second_look
from eisfit.search.dictionary import distinct_rows
from eisfit.search.minima import minima_from_data
from eisfit.search.relaxed_circuit import RelaxedCircuit
from eisfit.search.settings import DEFAULT
from support.cells import grid, le_se_faded, le_se_values, measured

MISSED = 1  # of the sample, a quarter of which was chosen because it is hard
# a draw, and rows known to be hard; 119 and 446 hold an exponent of 1.01
SAMPLE = (
    2, 5, 7, 8, 19, 31, 36, 41, 82, 84, 94, 95, 99, 119, 124, 126, 142, 161, 194, 199, 202, 212, 220,
    297, 314, 335, 338, 350, 420, 422, 436, 443, 445, 446, 449, 454, 489, 509, 530, 551, 596, 620, 672,
    676, 727, 735, 752, 756, 764, 766, 828, 912, 922, 932, 971, 977, 1012, 1048, 1050, 1054,
)  # fmt: skip


@pytest.mark.parametrize("noise", [0.0, 0.005])
def test_labelled_circuits_are_met_without_a_start(real_spectra: Path, noise: float) -> None:
    costs = labelled.known_costs()
    by_label: dict[str, list[labelled.Row]] = {}
    for row in labelled.rows(real_spectra):
        if row.number in SAMPLE:
            by_label.setdefault(row.label, []).append(row)
    table = [labelled.searched(rows, noise, costs) for rows in by_label.values()]
    assert sum(line["spectra"] for line in table) == len(SAMPLE) == 60
    missed = " ".join(line["missed rows"] for line in table).split()
    assert len(missed) <= MISSED, f"missed {missed}"


CELLS = template_recovery.configurations()


@pytest.mark.parametrize("k", range(len(CELLS)), ids=[f"{cell.name} {cell.chosen}" for cell in CELLS])
def test_drawn_cells_of_every_template_are_met_as_well_as_from_the_truth(k: int) -> None:
    found = template_recovery.recovery(CELLS[k], 12, seed=100 + k)
    assert found["cost within 1 %"] == 12, found["missed"]


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
        "K1-Zarc2": (100.0, 1e-3, 300.0, 3e-6**1.25, 0.8),
        "Zarc1-K2": (300.0, 3e-6**1.25, 0.8, 100.0, 1e-3),
    }
    for text, true in values.items():
        t = Template.from_circuit(text)
        found = eisfit.fit(eisfit.Spectrum(grid(), t.circuit.impedance(grid(), true)), text)
        np.testing.assert_allclose(list(found.values.values()), true, rtol=1e-6)


def test_a_relaxed_problem_gives_its_arcs_back() -> None:
    t = Template.from_circuit("R0-p(R1,C1)-p(R2,CPE2)")
    true = np.log([5.0, 100.0, 1e-5, 300.0, 1e-8, 0.8])
    problem = pose([eisfit.Spectrum(grid(), t.circuit.impedance(grid(), np.exp(true)))], t)
    relaxation = RelaxedCircuit.of(problem, DEFAULT)
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
        assert RelaxedCircuit.of(pose([eisfit.Spectrum(grid(), np.ones(71))], t), DEFAULT) is None


def test_capacitances_choose_among_equal_minima_and_never_overrule_the_data() -> None:
    t = le_se_faded()
    values = le_se_values()
    problem = pose([measured(t, values, seed=0)], t)
    x = np.log([[values[name] for name in t.circuit.names]] * 60)
    x[:, t.circuit.names.index("Zarc_gb_tau")] += np.linspace(0, 30, 60)
    rows = np.zeros(60, int)
    price, bounded_penalty = problem.capacitance_penalty(x, rows), problem.bounded_penalty(x, rows)
    assert price[0] < 1 < price[-1]
    assert np.all(bounded_penalty <= price)
    assert np.all(np.diff(bounded_penalty)[np.diff(price) > 0] > 0), "what is likelier is preferred"
    cost = np.array([1.0, 1.01])
    most = np.diff(problem.deviance(cost, np.zeros(2, int)))[0]
    assert bounded_penalty.max() < most


def test_a_valley_of_an_intricate_term_is_followed_from_every_seed() -> None:
    t = Template.from_circuit("R0-p(R1-Wo1,CPE1)")
    true = np.array([100.0, 30.0, 40.0, 2e-4, 1e-5, 0.8])
    z = t.circuit.impedance(grid(), true)
    spectrum = eisfit.Spectrum(grid(), z)
    for seed in range(6):
        found = eisfit.fit(spectrum, "R0-p(R1-Wo1,CPE1)", seed=seed)
        np.testing.assert_allclose(list(found.values.values()), true, rtol=1e-4)


def test_equal_sets_of_atoms_are_one() -> None:
    chosen = np.array([[3, 1], [0, 2], [3, 1], [0, 1]])
    rows, first = distinct_rows(chosen)
    expected, index = np.unique(chosen, axis=0, return_index=True)
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_array_equal(first, index)


def test_where_the_first_starts_agree_no_further_ones_are_stepped(monkeypatch: pytest.MonkeyPatch) -> None:
    t = Template.from_circuit("R0-p(R1,CPE1)-p(R2,CPE2)")
    z = t.circuit.impedance(grid(), [10.0, 100.0, 1e-7, 0.9, 300.0, 1e-4, 0.9])
    rng = np.random.default_rng(1)
    z = z + 0.005 * np.abs(z) * (rng.normal(size=71) + 1j * rng.normal(size=71))
    problem = pose([eisfit.Spectrum(grid(), z)], t)
    stepped: list[list[int]] = []
    costs = []
    for agreeing in (DEFAULT.agreeing, 1000):
        rows: list[int] = []

        def counted(*args: Any, rows: list[int] = rows, **options: Any) -> Solution:
            found = solve(*args, **options)
            rows.append(int(found.iterations.sum()))
            return found

        for module in (rounds, second_look):
            monkeypatch.setattr(module, "solve", counted)
        costs.append(minima_from_data(problem, settings=replace(DEFAULT, agreeing=agreeing)).cost[0, 0])
        stepped.append(rows)
    assert costs[0] == pytest.approx(costs[1], rel=1e-5)
    few, many = (sum(rows) for rows in stepped)
    assert 2 * few < many
