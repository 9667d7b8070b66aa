"""The solver on a graphics processor: formulas, steps and ends are those of numpy; here on the processor of PyTorch."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit.bulk import fit_file, merge, running
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import evaluate, parse
from eisfit.elements import ELEMENTS, Laplace
from eisfit.engine import solver
from eisfit.engine.backends import choice, torch_solver
from eisfit.engine.backends.torch_arrays import OnDevice
from eisfit.engine.backends.torch_circuit import grid_of
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.errors import InputError
from eisfit.store.fit_table import failed_rows
from eisfit.tools.frozen import Floats
from support.circuits import plausible, values_of
from support.exact_elements import case, evaluated
from support.many import CIRCUIT, impedances, job
from support.many import FREQUENCY_HZ as MANY_HZ

torch: Any = pytest.importorskip(
    "torch", reason="PyTorch is not installed: pip install 'eisfit-heteroionic[gpu]'"
)

CIRCUITS = (
    "R0-p(R1,C1)", "R0-p(R1,CPE1)", "R0-p(R1,CPE1)-p(R2,CPE2)", "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3", "L0-R0-p(R1,C1)-W1",
    "R0-Zarc1-Zarc2", "R0-K1-K2-C3", "R0-HN1", "R0-p(R1-W1,CPE1)", "R0-p(R1-Ws1,C1)", "R0-Wo1", "R0-Wsn1", "R0-G1",
    "R0-Gf1", "La0-R0-p(R1,CPE1)", "R0-TLMQ1", "R0-Pore1(p(R1,CPE1))", "R0-Rails1(CPE1)", "p(C0,R0-p(R1,CPE1))-R2",
    "R0-PoreEnd1(CPE1,R9)", "R0-Gs1", "p(R1,CPE1,L1)-R0",
)  # fmt: skip
FREQUENCY_HZ: Floats = np.logspace(6, -2, 41)


def tensor(values: Any) -> OnDevice:
    return OnDevice(torch.as_tensor(np.ascontiguousarray(values)))


@pytest.mark.parametrize("name", ELEMENTS)
def test_the_formula_of_each_element_gives_the_numbers_of_numpy(name: str) -> None:
    frequency, values = case(ELEMENTS[name], 4)
    z, slopes = evaluated(ELEMENTS[name], frequency, values)
    own = Laplace(frequency[:, None])
    s = grid_of(tensor(own.omega).tensor, tensor(own.log_omega).tensor)
    found, found_slopes = ELEMENTS[name].formula(s, *(tensor(v[:, None]) for v in values))
    on_torch: list[Any] = [found, *found_slopes]
    for a, b in zip((z, *slopes), on_torch, strict=True):
        np.testing.assert_array_less(np.abs(b.tensor.numpy()[:, 0] - a) / np.abs(z), 1e-12)


def posed(circuit: str, rows: int = 4, grids: bool = False, **settings: Any) -> tuple[Problem, Floats]:
    """Return noisy spectra of a circuit as a problem, and a start near their truth."""
    template = Template.from_circuit(circuit).setting(settings)
    values, rng = values_of(circuit, rows), np.random.default_rng(3)
    z = evaluate(parse(circuit).root, Laplace(FREQUENCY_HZ), values)
    z = z * (1 + 0.004 * (rng.normal(size=z.shape) + 1j * rng.normal(size=z.shape)))
    spectra = [eisfit.Spectrum(FREQUENCY_HZ[k:], row[k:]) for k, row in zip(range(0, 9, 2), z, strict=False)]
    if not grids:
        spectra = [eisfit.Spectrum(FREQUENCY_HZ, row) for row in z]
    problem = pose(spectra, template)
    start = np.log(values) + rng.uniform(-0.4, 0.4, values.shape)
    return problem, np.where(problem.fixed, problem.lower, start)


def both(problem: Problem, start: Floats, **more: Any) -> tuple[Solution, Solution]:
    """Return the solutions by numpy and by PyTorch."""
    rows = np.arange(start.shape[0]) % problem.size
    numpy = solve(problem, start, rows, **more)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "backend_of", lambda device: partial(torch_solver.run, device="cpu"))
        with solver.stepped_on("cuda"):
            return numpy, solve(problem, start, rows, **more)


def assert_same(numpy: Solution, found: Solution) -> None:
    assert np.array_equal(found.converged, numpy.converged)
    np.testing.assert_allclose(found.cost, numpy.cost, rtol=1e-9)


@pytest.mark.parametrize("circuit", CIRCUITS)
def test_costs_are_those_of_numpy(circuit: str) -> None:
    numpy, found = both(*posed(circuit))
    assert numpy.converged.all()
    assert_same(numpy, found)


@pytest.mark.parametrize(
    "settings",
    [{"CPE1_alpha": 0.9}, {"CPE2_alpha": "CPE1_alpha"}, {"R1": Setting(low=5.0, high=20.0)}],
    ids=["fixed", "tied", "range"],
)
def test_fixed_tied_and_bounded_parameters_stay_so(settings: dict[str, Any]) -> None:
    problem, start = posed("R0-p(R1,CPE1)-p(R2,CPE2)", **settings)
    numpy, found = both(problem, start)
    assert_same(numpy, found)
    np.testing.assert_allclose(found.x, numpy.x, atol=1e-4)  # costs are flat along weak ones


def test_grids_of_their_own_held_parameters_and_few_iterations() -> None:
    problem, start = posed("R0-p(R1,CPE1)-CPE3", grids=True)
    held = np.zeros(start.shape, bool)
    held[:, 1] = True
    for more in ({"held": held}, {"max_iterations": 5}, {"tolerance": 1e-4}):
        numpy, found = both(problem, start, **more)
        assert_same(numpy, found)
        assert np.array_equal(found.iterations, numpy.iterations)


def test_rows_beyond_the_memory_wait_and_counts_of_a_template_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cell = eisfit.template("le_se", electrodes=4)
    values = plausible(cell, 1e-2, 1e6)
    z = cell.circuit.impedance(FREQUENCY_HZ, values)
    noise = np.random.default_rng(1).normal(size=(2, FREQUENCY_HZ.size))
    problem = pose([eisfit.Spectrum(FREQUENCY_HZ, z * (1 + 0.004 * (noise[0] + 1j * noise[1])))], cell)
    start = np.log(values) + np.random.default_rng(2).uniform(-0.2, 0.2, (23, values.size))
    numpy, whole = both(problem, start)
    monkeypatch.setattr(torch_solver, "rows_at_once", lambda problem, device: 5)
    _, parts = both(problem, start)
    assert_same(numpy, whole)
    assert_same(numpy, parts)


def test_a_formula_that_asks_for_more_is_refused() -> None:
    for formula, said in (
        (lambda s, r: (np.linalg.norm(r * s.s), ()), r"asks for np\.norm"),
        (lambda s, r: (np.asarray(r), ()), "asks for an array of numpy"),
        (lambda s, r: (np.add.reduce(r), ()), r"asks for np\.add\.reduce"),
        (lambda s, r: (np.arctan(r), ()), r"asks for np\.arctan"),
    ):
        with pytest.raises(InputError, match=said):
            formula(grid_of(torch.ones(3).double(), torch.zeros(3).double()), tensor(np.ones((2, 1))))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            torch.cuda.OutOfMemoryError("CUDA out of memory.\nTried"),
            r"does not suffice \(CUDA out of memory\.\)",
        ),
        (
            RuntimeError("CUDA error: no kernel image\nmore"),
            r"cannot go on there \(CUDA error: no kernel image\)",
        ),
    ],
    ids=["memory", "driver"],
)
def test_a_card_that_fails_is_told_and_no_row_is_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(*given: Any) -> None:
        raise error

    monkeypatch.setattr(torch_solver, "advance", fail)
    for module in (solver, running):
        monkeypatch.setattr(module, "backend_of", lambda device: partial(torch_solver.run, device="cpu"))
    with pytest.raises(InputError, match=said):
        fit_file(replace(job(tmp_path, 4, 2), device="cuda"), "inline")


def test_many_spectra_come_out_as_on_the_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    z = impedances(40)
    z[7] = np.nan
    own = eisfit.fit_many(frequency_hz=MANY_HZ, z_ohm=z, circuit=CIRCUIT)
    for module in (choice, solver, running):
        monkeypatch.setattr(module, "backend_of", lambda device: partial(torch_solver.run, device="cpu"))
    there = eisfit.fit_many(frequency_hz=MANY_HZ, z_ohm=z, circuit=CIRCUIT, device="cuda")
    sound = np.isfinite(own.column("R0"))
    assert np.array_equal(np.isfinite(there.column("R0")), sound)
    np.testing.assert_allclose(there.column("R0")[sound], own.column("R0")[sound], rtol=1e-6)
    made = replace(job(tmp_path, 40, 20, z=z), device="cuda")
    fit_file(made, "inline")
    assert failed_rows(merge(made)).keys() == {7}
    with pytest.raises(InputError, match=r"other settings, device differs \(cuda, not cpu\)"):
        merge(replace(made, device="cpu"))
