"""The solver on a graphics processor: formulas, steps and ends are those of numpy; here on the processor of PyTorch."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import evaluate, parse
from eisfit.elements import ELEMENTS, Laplace, Quantity, element, registry
from eisfit.engine import solver
from eisfit.engine.backends import torch_solver
from eisfit.engine.backends.torch_arrays import OnDevice
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.errors import InputError
from eisfit.tools.frozen import Floats
from support.circuits import values_of
from support.exact_elements import case, evaluated

torch: Any = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'eisfit-heteroionic[gpu]'")

CIRCUITS = (
    "R0-p(R1,C1)", "R0-p(R1,CPE1)", "R0-p(R1,CPE1)-p(R2,CPE2)", "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3", "L0-R0-p(R1,C1)-W1",
    "R0-Zarc1-Zarc2", "R0-K1-K2-C3", "R0-HN1", "R0-p(R1-W1,CPE1)", "R0-p(R1-Ws1,C1)", "R0-Wo1", "R0-Wsn1", "R0-G1",
    "R0-Gf1", "La0-R0-p(R1,CPE1)", "R0-TLMQ1", "R0-Pore1(p(R1,CPE1))", "R0-Rails1(CPE1)", "p(C0,R0-p(R1,CPE1))-R2",
    "2*p(R1,CPE1)-R0", "R0-Gs1", "p(R1,CPE1,L1)-R0",
)  # fmt: skip
FREQUENCY_HZ: Floats = np.logspace(6, -2, 41)


@pytest.fixture
def on_torch() -> Iterator[None]:
    """Step all batches with PyTorch on the processor."""
    token = solver._BACKEND.set(partial(torch_solver.run, device="cpu"))
    yield
    solver._BACKEND.reset(token)


def tensor(values: Any) -> OnDevice:
    return OnDevice(torch.as_tensor(np.ascontiguousarray(values)))


@pytest.mark.parametrize("name", ELEMENTS)
def test_the_formula_of_each_element_gives_the_numbers_of_numpy(name: str) -> None:
    frequency, values = case(ELEMENTS[name], 4)
    z, slopes = evaluated(ELEMENTS[name], frequency, values)
    s: Any = object.__new__(Laplace)
    own = Laplace(frequency[:, None])
    s.omega, s.log_omega = tensor(own.omega), tensor(own.log_omega)
    found, found_slopes = ELEMENTS[name].formula(s, *(tensor(v[:, None]) for v in values))
    for a, b in zip((z, *slopes), (found, *found_slopes), strict=True):
        np.testing.assert_array_less(np.abs(b.tensor.numpy()[:, 0] - a) / np.abs(z), 1e-12)  # type: ignore[union-attr]


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


def both(problem: Problem, start: Floats, **more: Any) -> tuple[Any, Any]:
    """Return the solutions by numpy and by PyTorch."""
    rows = np.arange(problem.size)
    numpy = solve(problem, start, rows, **more)
    with_torch = partial(torch_solver.run, device="cpu")
    token = solver._BACKEND.set(with_torch)
    try:
        return numpy, solve(problem, start, rows, **more)
    finally:
        solver._BACKEND.reset(token)


@pytest.mark.parametrize("circuit", CIRCUITS)
def test_costs_are_those_of_numpy(circuit: str) -> None:
    numpy, found = both(*posed(circuit))
    assert numpy.converged.all()
    assert np.array_equal(found.converged, numpy.converged)
    np.testing.assert_allclose(found.cost, numpy.cost, rtol=1e-9)
