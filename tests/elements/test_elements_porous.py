"""Pores: any wall, against closed forms and against a ladder of cells."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.circuit.arc import dc_resistance
from eisfit.circuit.circuit import parse
from eisfit.tools.frozen import Complexes, Floats

FREQUENCY = np.geomspace(1e-3, 1e6, 46)
SLEI_WALL = {
    "Pore_pe": 120.0,
    "Zarc_x_film_R": 300.0,
    "Zarc_x_film_tau": 1e-4,
    "Zarc_x_film_alpha": 0.9,
    "Zarc_x_ct_R": 484.0,
    "Zarc_x_ct_tau": 5e-3,
    "Zarc_x_ct_alpha": 0.95,
}


def ladder(x: float, zeta: Complexes, cells: int) -> Complexes:
    """A rail of `cells` resistors with the wall at their ends, half of it at the mouth and at the end."""
    admittance = 1 / (cells * zeta)
    z: Complexes = 2 / admittance
    for k in range(cells):
        z = 1 / ((2 - (k < cells - 1)) ** -1 * admittance + 1 / (z + x / cells))
    return z


def test_blocking_wall_is_tlmq() -> None:
    x, q, alpha = 30.0, 2e-3, 0.85
    pore = parse("Pore_pe(CPE_dl)").impedance(FREQUENCY, [x, q, alpha])
    np.testing.assert_allclose(pore, parse("TLMQ_pe").impedance(FREQUENCY, [x, q, alpha]), rtol=1e-13)


@pytest.mark.parametrize("ratio", [1e-16, 1e-4, 1.0, 50.0, 1e8])
def test_resistive_wall_is_the_closed_form_of_dc(ratio: float) -> None:
    x, wall = 30.0, 30.0 / ratio
    u = np.sqrt(ratio)
    assert parse("Pore1(R1)").impedance([1.0], [x, wall])[0] == pytest.approx(x / u / np.tanh(u), rel=1e-14)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Pore_pe(SLEI_x)", [*SLEI_WALL.values()]),
        ("Pore_pe(R_ct)", [120.0, 40.0]),
        ("Pore_pe(p(R_ct,C_dl))", [120.0, 40.0, 1e-5]),
    ],
)
def test_wall_equals_a_ladder_of_2000_cells(text: str, values: list[float]) -> None:
    frequency = FREQUENCY[FREQUENCY < 3e3]
    wall = parse(text.removeprefix("Pore_pe(").removesuffix(")")).impedance(frequency, values[1:])
    expected = ladder(values[0], wall, 2000)
    np.testing.assert_allclose(parse(text).impedance(frequency, values), expected, rtol=1e-6)


def test_ladder_converges_with_the_square_of_its_cells() -> None:
    text, values = "Pore_pe(SLEI_x)", [*SLEI_WALL.values()]
    wall = parse("SLEI_x").impedance([300.0], values[1:])
    right = parse(text).impedance([300.0], values)
    errors = [abs(ladder(values[0], wall, n) - right)[0] for n in (500, 1000)]
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.01)


def test_ends_of_a_pore() -> None:
    x = 30.0
    high_wall = parse("Pore1(C1)").impedance([1e-3], [x, 1e-6])[0]
    zeta = 1 / (2j * np.pi * 1e-3 * 1e-6)
    assert high_wall == pytest.approx(zeta + x / 3, rel=1e-9)
    assert high_wall.real == pytest.approx(x / 3, rel=1e-6)
    low_wall = parse("Pore1(C1)").impedance([1e9], [x, 1e-6])[0]
    assert low_wall == pytest.approx(np.sqrt(x / (2j * np.pi * 1e9 * 1e-6)), rel=1e-12)
    assert np.angle(low_wall, deg=True) == pytest.approx(-45)


def test_pore_within_a_pore() -> None:
    """A wall that is itself porous: the impedance of the inner pore is the wall of the outer."""
    inner = parse("Pore2(p(R1,C1))").impedance(FREQUENCY, [5.0, 40.0, 1e-4])
    u = np.sqrt(20.0 / inner)
    outer = parse("Pore1(Pore2(p(R1,C1)))").impedance(FREQUENCY, [20.0, 5.0, 40.0, 1e-4])
    np.testing.assert_allclose(outer, 20.0 / u / np.tanh(u), rtol=1e-13)


def test_deep_pore_with_an_arc_as_wall_looks_like_gerischer() -> None:
    """Where X >> R_w the pore is sqrt(X R_w) / sqrt(1 + s tau)."""
    x, wall, tau = 1e6, 1.0, 1e-2
    pore = parse("Pore1(K1)").impedance(FREQUENCY, [x, wall, tau])
    gerischer = parse("G1").impedance(FREQUENCY, [np.sqrt(x * wall), tau])
    np.testing.assert_allclose(pore, gerischer, rtol=1e-12)


def test_one_rail_of_two_is_a_pore() -> None:
    """T with X2 = 0 and a wall (a + s b) is the pore of X1 with a wall p(R, C)."""
    x, r, c = 30.0, 12.0, 1e-3
    pore = parse("Pore1(p(R1,C1))").impedance(FREQUENCY, [x, r, c])
    rails = parse("T1").impedance(FREQUENCY, [x, 1e-300, x / r, x * c])
    np.testing.assert_allclose(rails, pore, rtol=1e-13)


def two_rail_ladder(x1: float, x2: float, zeta: Complexes, cells: int) -> Complexes:
    """Current enters rail 1 at one side and leaves rail 2 at the other; solved as a network of nodes."""
    n = cells + 1
    out = np.empty(zeta.size, complex)
    for i, wall in enumerate(zeta):
        rung = np.full(n, 1 / (cells * wall))
        rung[[0, -1]] /= 2
        matrix = np.zeros((2 * n, 2 * n), complex)
        for rail, g in enumerate((cells / x1, cells / x2)):
            first = np.arange(rail * n, rail * n + cells)
            np.add.at(matrix, (first, first), g)
            np.add.at(matrix, (first + 1, first + 1), g)
            np.add.at(matrix, (first, first + 1), -g)
            np.add.at(matrix, (first + 1, first), -g)
        k = np.arange(n)
        for a, b, sign in ((k, k, 1), (k + n, k + n, 1), (k, k + n, -1), (k + n, k, -1)):
            np.add.at(matrix, (a, b), sign * rung)
        current = np.zeros(2 * n, complex)
        current[0], current[-1] = 1.0, -1.0
        voltage = np.append(np.linalg.solve(matrix[:-1, :-1], current[:-1]), 0)
        out[i] = voltage[0]
    return out


def test_two_rails_equal_a_ladder() -> None:
    x1, x2, r, c = 30.0, 12.0, 20.0, 1e-3
    total = x1 + x2
    frequency = np.array([0.1, 5.0, 40.0])
    wall: Complexes = 1 / (1 / r + 2j * np.pi * frequency * c)
    values = [(x1**2 + x2**2) / total, 2 * x1 * x2 / total, total / r, total * c]
    with_rails = parse("T1").impedance(frequency, values) + values[1] / 2
    coarse, fine = (two_rail_ladder(x1, x2, wall, n) for n in (100, 200))
    np.testing.assert_allclose(with_rails, fine + (fine - coarse) / 3, rtol=1e-7)


def test_impedance_py_keeps_the_second_term_of_t() -> None:
    """Its sinh stops at 1e10, so that B stays at any frequency; here it vanishes as documented."""
    from impedance.models.circuits.elements import circuit_elements

    a_ohm, b_ohm, a, b, f = 1.0, 1e6, 1.0, 1e4, 10.0
    v = np.sqrt(a + 2j * np.pi * f * b)
    assert v.real > 100
    theirs = complex(circuit_elements["T"]([a_ohm, b_ohm, a, b], [f])[0])
    assert theirs == pytest.approx(a_ohm / v + b_ohm / (v * 1e10), rel=1e-12)
    ours = parse("T1").impedance([f], [a_ohm, b_ohm, a, b])[0]
    assert ours == pytest.approx(a_ohm / v, rel=1e-14)
    assert abs(theirs - ours) > 1e-5 * abs(ours)


def test_impedance_py_agrees_on_t_elsewhere() -> None:
    from impedance.models.circuits.elements import circuit_elements

    values = [3.0, 2.0, 0.7, 1e-3]
    theirs = circuit_elements["T"](values, FREQUENCY.tolist())
    np.testing.assert_allclose(parse("T1").impedance(FREQUENCY, values), theirs, rtol=1e-12)


@pytest.mark.parametrize("u_squared", [1e-16, 1e-6, 1.0, 1e4, 1e8])
def test_resistance_of_a_pore_at_dc(u_squared: float) -> None:
    x = 30.0
    values = np.array([[x, x / u_squared / 2, x / u_squared / 2]])
    r, gradient = dc_resistance(parse("Pore1(R1-R2)").root, values)
    u = np.sqrt(u_squared)
    coth = 1 / np.tanh(u)
    assert r[0] == pytest.approx(x / u * coth, rel=1e-14)
    by_u = x * (1 - coth**2) - x * coth / u
    expected: Floats = np.array([r[0] + by_u / 2, -by_u / 4, -by_u / 4])
    np.testing.assert_allclose(gradient[0], expected, atol=1e-13 * r[0])
