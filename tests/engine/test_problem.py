"""A problem is made of parts that can be exchanged one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import eisfit
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.circuit.arc import arc_of
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from support.cells import grid, noisy

CIRCUIT = "R0-p(R1,CPE1)-p(CPE2,R2)"


def problem(template: Template | None = None) -> Problem:
    """Return the problem of two spectra of a circuit with two depressed arcs."""
    t = Template.from_circuit(CIRCUIT)
    values = [10.0, 100.0, 1e-6, 0.9, 1e-4, 0.8, 300.0]
    spectra = [
        eisfit.Spectrum(grid(), noisy(t.circuit.impedance(grid(), values), 0.003, k)) for k in range(2)
    ]
    return pose(spectra, template or t)


def test_further_parameters_can_be_fixed() -> None:
    free = problem()
    which = np.array([name == "R0" for name in free.names])
    x = np.log([7.0, 100.0, 1e-6, 0.9, 1e-4, 0.8, 300.0])
    held = replace(free, bounds=free.bounds.fixed_at(x, which))
    found = solve(held, np.tile(x, (2, 1)), np.arange(2))
    assert held.values(found.x)[:, 0] == pytest.approx(7.0)
    flagged = replace(free, bounds=replace(free.bounds, fixed=which))
    np.testing.assert_array_equal(flagged.values(found.x), np.exp(found.x))


def test_a_fixed_value_is_kept_to_the_last_digit() -> None:
    value = 0.1 + 0.2
    t = Template.from_circuit(CIRCUIT).setting({"CPE1_alpha": Setting(fixed=value)})
    fixed = problem(t)
    assert fixed.values(fixed.lower)[:, 3].tolist() == [value, value]
    assert fixed.bounds.repeated(3).lower.shape == (6, 7)
    other = replace(fixed, bounds=fixed.bounds.fixed_at(fixed.lower[0], np.ones(7, bool)))
    assert other.values(other.lower)[:, 3].tolist() == [value, value]


def test_the_data_can_be_exchanged() -> None:
    first = problem()
    other = replace(first, data=first.data.reweighted(np.full(first.z_ohm.shape, 2.0)))
    x = first.lower
    np.testing.assert_array_equal(2 * first.residual(x, np.arange(2)), other.residual(x, np.arange(2)))
    np.testing.assert_allclose(other.data.zero_model, 4 * first.data.zero_model)


def test_arcs_can_be_stepped_by_their_time_constants() -> None:
    by_charge = problem()
    arcs = [arc for s in by_charge.template.path if (arc := arc_of(s.node)) is not None]
    by_time = by_charge.by_time_constants(arcs)
    x = np.log([[10.0, 100.0, 1e-6, 0.9, 1e-4, 0.8, 300.0]] * 2)
    same = x.copy()
    for arc in arcs:
        same[:, arc.storage] = arc.log_tau(x)
    rows = np.arange(2)
    np.testing.assert_allclose(
        by_time.residual(same, rows), by_charge.residual(x, rows), rtol=1e-10, atol=1e-10
    )
    _, slopes = by_time.residual_and_jacobian(same, rows)
    for k in range(x.shape[1]):
        step = np.zeros(x.shape[1])
        step[k] = 1e-6
        numeric = (by_time.residual(same + step, rows) - by_time.residual(same - step, rows)) / 2e-6
        np.testing.assert_allclose(slopes[:, k], numeric, atol=1e-8)
    assert by_charge.by_time_constants([]) is by_charge
