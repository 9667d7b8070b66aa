"""Resistance at dc and time constant of parts of a circuit, with their gradients."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from eisfit.circuit.arc import (
    Arc,
    arc_of,
    arc_or_wall,
    dc_resistance,
    is_arc,
    is_blocking,
    is_resistor,
    log_time_constant,
)
from eisfit.circuit.circuit import evaluate, parse, series, shifted
from eisfit.elements import Laplace
from eisfit.tools.frozen import Floats
from support.circuits import values_of

STEP = 1e-6
CONDUCTING = [
    "R0",
    "Zarc1",
    "Ws1",
    "R0-L1",
    "R0-p(R1,C1)",
    "p(R0,R1)",
    "p(R0-R1,Ws2,CPE3)-Zarc1",
    "p(R1-p(R2,C2),C3)",
    "R0-Gs1",
    "T1-K2",
    "G1-HN2",
    "Pore1(p(R1,C1))",
    "R0-p(Pore1(R1-Pore2(Zarc2)),R2-T2)",
]
ARCS = ["Zarc1", "K1", "p(R1,C1)", "p(C1,R1)", "p(R1,CPE1)", "p(CPE1,R1)"]


def differences(function: object, values: Floats) -> Floats:
    """Central differences of a function of (batch, P) by ln p, (batch, P)."""
    assert callable(function)
    gradient = np.empty_like(values)
    for k in range(values.shape[1]):
        up, down = values.copy(), values.copy()
        up[:, k] *= np.exp(STEP)
        down[:, k] *= np.exp(-STEP)
        gradient[:, k] = (function(up) - function(down)) / (2 * STEP)
    return gradient


@pytest.mark.parametrize("text", CONDUCTING)
def test_dc_resistance_is_the_low_frequency_end(text: str) -> None:
    values = values_of(text)
    values[:, [k for k, p in enumerate(parse(text).parameters) if p.quantity.is_exponent]] = 1.0
    r, _ = dc_resistance(parse(text).root, values)
    assert not is_blocking(parse(text).root)
    z = evaluate(parse(text).root, Laplace(np.array([1e-12])), values)[:, 0]
    np.testing.assert_allclose(r, z.real, rtol=1e-9)


@pytest.mark.parametrize("text", CONDUCTING)
def test_gradient_of_dc_resistance(text: str) -> None:
    values = values_of(text)
    r, gradient = dc_resistance(parse(text).root, values)
    expected = differences(lambda v: dc_resistance(parse(text).root, v)[0], values)
    np.testing.assert_allclose(gradient, expected, atol=1e-8 * r.max())


def test_dc_resistance_counts() -> None:
    node = series([parse("R0").root, shifted(parse("Zarc1").root, 1)], [1.0, 2.0])
    r, gradient = dc_resistance(node, np.array([[3.0, 5.0, 1e-3, 0.9]]))
    assert r[0] == 13.0
    np.testing.assert_array_equal(gradient, [[3.0, 10.0, 0.0, 0.0]])


@pytest.mark.parametrize(
    "text",
    [
        "C1",
        "CPE1",
        "W1",
        "Wo1",
        "R0-C1",
        "p(C1,CPE1)",
        "p(R0-C1,W1)",
        "TLMQ1",
        "Won1",
        "Pore1(C1)",
        "Pore1(R1-p(CPE1,W1))",
    ],
)
def test_blocking_part_has_no_dc_resistance(text: str) -> None:
    r, gradient = dc_resistance(parse(text).root, values_of(text))
    assert is_blocking(parse(text).root)
    assert np.all(np.isinf(r))
    assert np.all(np.isfinite(gradient))


@pytest.mark.parametrize("text", ["L1", "p(L1,R1)", "p(R1,L1,C1)", "La1", "Pore1(L1)"])
def test_inductor_is_a_short(text: str) -> None:
    r, gradient = dc_resistance(parse(text).root, values_of(text))
    assert np.all(r == 0)
    assert np.all(gradient == 0)


@pytest.mark.parametrize("text", ARCS)
def test_time_constant_is_at_the_top(text: str) -> None:
    values, circuit = values_of(text, rows=1), parse(text)
    found = log_time_constant(circuit.root, values)
    assert found is not None
    omega = np.exp(-found[0][0]) * np.geomspace(0.9, 1.1, 2001)
    z = circuit.impedance(omega / (2 * np.pi), values[0])
    assert omega[np.argmin(z.imag)] * np.exp(found[0][0]) == pytest.approx(1.0, abs=2e-4)


@pytest.mark.parametrize("text", ARCS)
def test_gradient_of_time_constant(text: str) -> None:
    values, root = values_of(text), parse(text).root

    def log_tau(v: Floats) -> Floats:
        found = log_time_constant(root, v)
        assert found is not None
        return found[0]

    found = log_time_constant(root, values)
    assert found is not None
    np.testing.assert_allclose(found[1], differences(log_tau, values), atol=1e-7)
    assert is_arc(root)


def arc(text: str) -> Arc:
    found = arc_of(parse(text).root)
    assert found is not None
    return found


@pytest.mark.parametrize("text", ARCS)
def test_logarithms_of_an_arc_have_their_derivatives(text: str) -> None:
    a, values = arc(text), values_of(text)
    x = np.log(values)
    for found, right in ((a.log_tau_gradient, a.log_tau), (a.log_capacitance_gradient, a.log_capacitance)):
        np.testing.assert_allclose(found(x), differences(lambda v, f=right: f(np.log(v)), values), atol=1e-7)
    assert len(a.columns) == len(parse(text).names)


@pytest.mark.parametrize("text", ARCS)
def test_one_quantity_of_an_arc_changes_alone(text: str) -> None:
    a, x = arc(text), np.log(values_of(text))
    slower = a.with_log_tau(x, a.log_tau(x) + 2.0)
    np.testing.assert_allclose(a.log_tau(slower), a.log_tau(x) + 2.0)
    larger = a.with_log_resistance(x, x[:, a.resistance] + 3.0)
    np.testing.assert_allclose(a.log_tau(larger), a.log_tau(x))
    for changed, rise in ((slower, 0.0), (larger, 3.0)):
        np.testing.assert_allclose(changed[:, a.resistance], x[:, a.resistance] + rise)
        np.testing.assert_array_equal(a.log_alpha(changed), a.log_alpha(x))


@pytest.mark.parametrize(("text", "other"), list(itertools.product(ARCS, ARCS)))
def test_an_arc_takes_the_values_of_another_one_in_any_form(text: str, other: str) -> None:
    a, b, x = arc(text), arc(other), np.log(values_of(other))
    if not b.may_become(a):
        assert {a.exponent is None, b.exponent is None} == {True, False}
        return
    blank = np.zeros((x.shape[0], len(a.columns)))
    found, f = np.exp(a.with_values_of(blank, b, x)), np.logspace(-2, 6, 9)
    ours, theirs = parse(text).impedance(f, found), parse(other).impedance(f, np.exp(x))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_a_pore_has_the_arc_of_its_wall() -> None:
    wall = arc_or_wall(parse("Pore1(p(R2,CPE2))").root)
    assert wall is not None
    assert wall.columns == (1, 2, 3)
    assert arc_or_wall(parse("Pore1(CPE2)").root) is None


@pytest.mark.parametrize(
    "text",
    ["R1", "C1", "Ws1", "p(R1,R2)", "p(R1,C1,C2)", "p(R1-W1,C1)", "R0-Zarc1", "HN1", "G1", "Pore1(Zarc1)"],
)
def test_other_parts_are_no_arc(text: str) -> None:
    assert log_time_constant(parse(text).root, values_of(text)) is None
    assert not is_arc(parse(text).root)


def test_resistor() -> None:
    assert is_resistor(parse("R_le").root)
    assert not is_resistor(parse("R0-R1").root)
    assert not is_resistor(parse("Zarc1").root)
