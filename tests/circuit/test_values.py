"""Impedance of circuits against impedance.py, and their Jacobian in 50 digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from impedance.models.circuits import CustomCircuit

from eisfit.circuit.circuit import InParallel, InSeries, Node, Placed, evaluate, parse, series, shifted
from eisfit.elements import Laplace
from eisfit.tools.frozen import Floats
from support.circuits import values_of
from support.exact_elements import EXACT

FREQUENCY = np.geomspace(1e-3, 1e7, 21)
SHARED = [
    "R0",
    "R0-p(R1,C1)",
    "R0-p(R1,CPE1)-W1",
    "p(R1-W1,C1)",
    "R0-p(R1-Wo1,CPE1)",
    "L0-R0-p(R1,C1)-p(R2-Ws2,CPE2)",
    "p(R0,C0-p(R1-L1,C1))-Zarc2",
    "R0-p(R1-G1,CPE1)-TLMQ2",
    "Gs1-p(K1,C2)",
]
WALLED = [
    "R0-Pore1(p(R1,CPE1))",
    "Pore1(SLEI_x)-R0",
    "p(R0-Pore1(Pore2(R1-p(R2,C2))-T3),C3)",
    "PoreEnd1(p(R1,CPE1),R2-Gf3)-R0",
    "Probes1(R0-PoreEnd1(Zarc1,Gt2),p(R1,C1))",
    "R0-Rails_pe(p(R1,CPE1)-Rails2(Zarc3))",
    "Pore1(HN1)-p(Wsn1,Won2-La3)",
]
COUNTED = [*SHARED, "p(R_a,C_a,CPE_b)-Zarc_int", *WALLED]


@pytest.mark.filterwarnings("ignore:Simulating circuit based on initial parameters")
@pytest.mark.parametrize("text", SHARED)
def test_equals_impedance_py(text: str) -> None:
    values = values_of(text)
    ours = parse(text).impedance(FREQUENCY, values)
    for z, row in zip(ours, values, strict=True):
        theirs = CustomCircuit(text, initial_guess=row.tolist()).predict(FREQUENCY, use_initial=True)
        np.testing.assert_allclose(z, theirs, rtol=1e-12)


def exact(node: Node, s: Any, p: Sequence[Any]) -> Any:
    """Impedance of a tree in mpmath numbers."""
    if isinstance(node, Placed):
        inner = [exact(part, s, p) for part in node.inner]
        return EXACT[node.element.name](s, *inner, *p[node.first : node.first + node.size])
    if isinstance(node, InSeries):
        return sum(
            mp.mpf(count) * exact(part, s, p) for part, count in zip(node.parts, node.counts, strict=True)
        )
    return 1 / sum(1 / exact(part, s, p) for part in node.parts)


def assert_exact(node: Node, values: Floats) -> None:
    """Compare impedance and Jacobian of a tree with 50 digits at six frequencies."""
    frequency = FREQUENCY[::4]
    dz = np.empty((*values.shape, frequency.size), complex)
    z = evaluate(node, Laplace(frequency), values, dz)
    for i, row in enumerate(values):
        x = [mp.mpf(v.item()) for v in row]
        for j, f in enumerate(frequency):
            s = mp.mpc(0, 2 * mp.pi * mp.mpf(f.item()))
            right = complex(exact(node, s, x))
            assert abs(z[i, j] - right) < 1e-13 * abs(right)
            for k in range(len(x)):

                def moved(step: Any, s: Any = s, x: list[Any] = x, k: int = k) -> Any:
                    return exact(node, s, [*x[:k], x[k] * mp.exp(step), *x[k + 1 :]])

                assert abs(dz[i, k, j] - complex(mp.diff(moved, 0))) < 1e-11 * abs(right)


@pytest.mark.parametrize("text", COUNTED)
def test_jacobian_of_a_circuit(text: str) -> None:
    assert_exact(parse(text).root, values_of(text, rows=2))


@pytest.mark.parametrize("text", COUNTED)
def test_jacobian_of_counted_parts(text: str) -> None:
    """Parts of a cell that count twice, with a resistor before them."""
    node = series([parse("R").root, shifted(parse(text).root, 1)], [1.0, 2.0])
    values = np.concatenate([[[3.0], [4.0]], values_of(text, rows=2)], axis=1)
    assert_exact(node, values)


def test_jacobian_of_counts_within_parallel_parts() -> None:
    a, b, c = (shifted(parse(text).root, k) for k, text in enumerate(["R", "R", "C"]))
    assert_exact(InParallel((series([a, b], [1.0, 3.0]), c)), np.array([[10.0, 5.0, 1e-4]]))


def test_circuit_method_returns_the_same() -> None:
    circuit, values = parse("R0-p(R1,CPE1)"), values_of("R0-p(R1,CPE1)")
    z, dz = circuit.impedance_and_jacobian(Laplace(FREQUENCY), values)
    np.testing.assert_array_equal(z, circuit.impedance(FREQUENCY, values))
    assert dz.shape == (3, 4, FREQUENCY.size)


def test_each_row_may_have_its_own_grid() -> None:
    circuit, values = parse("R0-p(R1,CPE1)"), values_of("R0-p(R1,CPE1)", rows=2)
    grids = np.stack([FREQUENCY, FREQUENCY * 3])
    z, dz = circuit.impedance_and_jacobian(Laplace(grids), values)
    for i in range(2):
        one, slope = circuit.impedance_and_jacobian(Laplace(grids[i]), values[i : i + 1])
        np.testing.assert_allclose(z[i], one[0], rtol=1e-14)
        np.testing.assert_allclose(dz[i], slope[0], rtol=1e-13)
