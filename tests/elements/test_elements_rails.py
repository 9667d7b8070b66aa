"""The two-rail line: against a ladder of 2000 cells, and what its docstring says about its ends."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import solve_banded

from eisfit.circuit.arc import dc_resistance, is_blocking
from eisfit.circuit.circuit import parse
from eisfit.tools.frozen import Complexes

FREQUENCY = np.geomspace(1e-2, 1e3, 11)
WALLS = {
    "p(R_ct,CPE_dl)": [40.0, 2e-5, 0.9],
    "SLEI_x": [60.0, 1e-4, 0.9, 90.0, 5e-3, 0.95],
    "R_ct": [25.0],
    "CPE_dl": [2e-3, 0.85],
}


def ladder(x1: float, x2: float, zeta: Complexes, cells: int) -> Complexes:
    """Two chains of resistors with rungs between them, the first and the last of half the admittance.

    Current enters chain 1 at its first node and leaves chain 2 at its last, which is grounded; node 2 k is
    the k-th of chain 1, node 2 k + 1 that of chain 2.
    """
    g1, g2 = cells / x1, cells / x2
    out = np.empty(zeta.size, complex)
    for i, wall in enumerate(zeta):
        rung = np.full(cells + 1, 1 / (cells * wall))
        rung[[0, -1]] /= 2
        links = np.full(cells + 1, 2.0)
        links[[0, -1]] = 1.0
        diagonal = np.stack([links * g1 + rung, links * g2 + rung], axis=1).ravel()
        beside = np.stack([-rung, 0 * rung], axis=1).ravel()[:-1]
        along = np.tile([-g1, -g2], cells)
        bands = np.zeros((5, diagonal.size - 1), complex)
        bands[0, 2:], bands[4, :-2] = along[:-1], along[:-1]
        bands[1, 1:], bands[3, :-1] = beside[:-1], beside[:-1]
        bands[2] = diagonal[:-1]
        current = np.zeros(diagonal.size - 1, complex)
        current[0] = 1.0
        out[i] = solve_banded((2, 2), bands, current)[0]
    return out


def line(x1: float, x2: float, zeta: float) -> complex:
    """The line with a wall of resistance zeta."""
    return complex(parse("Rails1(R1)").impedance([1.0], [x1, x2, zeta])[0])


@pytest.mark.parametrize("rails", [(30.0, 12.0), (12.0, 30.0), (80.0, 0.5), (5.0, 5.0)])
@pytest.mark.parametrize("wall", WALLS)
def test_equals_a_ladder_of_2000_cells(wall: str, rails: tuple[float, float]) -> None:
    zeta = parse(wall).impedance(FREQUENCY, WALLS[wall])
    near = np.abs(np.sqrt(sum(rails) / zeta)) < 5  # the error of the ladder is u^2 / (12 cells^2)
    assert np.count_nonzero(near) >= 7
    found = parse(f"Rails_pe({wall})").impedance(FREQUENCY, [*rails, *WALLS[wall]])
    np.testing.assert_allclose(found[near], ladder(*rails, zeta[near], 2000), rtol=1e-6)


def test_ladder_converges_with_the_square_of_its_cells() -> None:
    right = line(30.0, 12.0, 5.0)
    errors = [abs(ladder(30.0, 12.0, np.array([5.0 + 0j]), n)[0] - right) for n in (200, 400)]
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.01)


@pytest.mark.parametrize("zeta", [1e6, 1e9, 1e14])
def test_wall_much_larger_than_the_rails(zeta: float) -> None:
    assert line(30.0, 12.0, zeta) - zeta == pytest.approx(14.0, abs=max(2e-3, 4e-16 * zeta))


@pytest.mark.parametrize("zeta", [1e-4, 1e-8, 1e-20])
def test_wall_much_smaller_than_the_rails(zeta: float) -> None:
    along = (30.0**2 + 12.0**2) / 42.0 * np.sqrt(zeta / 42.0)
    assert line(30.0, 12.0, zeta) == pytest.approx(30.0 * 12.0 / 42.0 + along, rel=1e-13)


@pytest.mark.parametrize("wall", WALLS)
def test_without_a_second_rail_it_is_a_pore(wall: str) -> None:
    pore = parse(f"Pore1({wall})").impedance(FREQUENCY, [30.0, *WALLS[wall]])
    for rails in ([30.0, 1e-300], [1e-300, 30.0]):
        found = parse(f"Rails1({wall})").impedance(FREQUENCY, [*rails, *WALLS[wall]])
        np.testing.assert_allclose(found, pore, rtol=1e-14)


def test_rails_can_change_places() -> None:
    wall = WALLS["SLEI_x"]
    first, second = (
        parse("Rails1(SLEI_x)").impedance(FREQUENCY, [*x, *wall]) for x in ((30.0, 4.0), (4.0, 30.0))
    )
    np.testing.assert_allclose(first, second, rtol=1e-14)


def test_is_the_line_of_paasch_and_the_rails_beside_it() -> None:
    x1, x2, r, c = 30.0, 12.0, 20.0, 1e-3
    total = x1 + x2
    theirs = parse("T1").impedance(
        FREQUENCY, [(x1**2 + x2**2) / total, 2 * x1 * x2 / total, total / r, total * c]
    )
    found = parse("Rails1(p(R1,C1))").impedance(FREQUENCY, [x1, x2, r, c])
    np.testing.assert_allclose(found, theirs + x1 * x2 / total, rtol=1e-13)


def test_wall_that_blocks_makes_it_block() -> None:
    root = parse("Rails1(CPE1)").root
    assert is_blocking(root)
    assert np.isinf(dc_resistance(root, np.array([[30.0, 12.0, 1e-3, 0.9]]))[0])
    low = parse("Rails1(CPE1)").impedance([1e-9], [30.0, 12.0, 1e-3, 1.0])[0]
    assert low.real == pytest.approx(14.0, rel=1e-5)
    assert low.imag == pytest.approx(-1 / (2 * np.pi * 1e-9 * 1e-3), rel=1e-9)


def test_resistance_at_dc_with_its_derivatives() -> None:
    values = np.array([[30.0, 12.0, 9.0, 6.0]])
    root = parse("Rails1(R1-R2)").root
    r, gradient = dc_resistance(root, values)
    assert r[0] == pytest.approx(line(30.0, 12.0, 15.0).real, rel=1e-14)
    for k in range(4):
        up, down = (dc_resistance(root, values * np.exp(h * np.eye(4)[k]))[0][0] for h in (1e-5, -1e-5))
        assert gradient[0, k] == pytest.approx((up - down) / 2e-5, rel=1e-8)


def test_shorted_wall_leaves_both_rails_side_by_side_at_dc() -> None:
    r, gradient = dc_resistance(parse("Rails1(L1)").root, np.array([[30.0, 12.0, 1e-6]]))
    assert r[0] == pytest.approx(360.0 / 42.0, rel=1e-14)
    np.testing.assert_allclose(gradient[0], [30.0 * (12 / 42) ** 2, 12.0 * (30 / 42) ** 2, 0.0], rtol=1e-13)
