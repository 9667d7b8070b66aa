"""The pore that ends in an impedance: against a ladder of 2000 cells, and its ends."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.circuit.arc import dc_resistance, is_blocking
from eisfit.circuit.circuit import parse
from eisfit.tools.frozen import Complexes

FREQUENCY = np.geomspace(1e-2, 1e3, 11)
WALL = [60.0, 5e-3, 0.9]
TEXT = "PoreEnd_pe(Zarc_int,Zarc_li)"


def ladder(x: float, zeta: Complexes, end: Complexes, cells: int) -> Complexes:
    """A rail of `cells` resistors that ends in `end`; half of the wall at the mouth and at the end."""
    admittance = 1 / (cells * zeta)
    y = 1 / end + admittance / 2
    for k in range(cells):
        y = 1 / (x / cells + 1 / y) + admittance / (2 if k == cells - 1 else 1)
    return np.asarray(1 / y)


@pytest.mark.parametrize("x", [3.0, 40.0, 300.0])
@pytest.mark.parametrize("r_end", [0.5, 50.0, 5e3])
def test_equals_a_ladder_of_2000_cells(x: float, r_end: float) -> None:
    zeta = parse("Zarc_int").impedance(FREQUENCY, WALL)
    end = parse("Zarc_li").impedance(FREQUENCY, [r_end, 0.1, 0.8])
    near = np.abs(np.sqrt(x / zeta)) < 5  # the error of the ladder is u^2 / (12 cells^2)
    assert np.count_nonzero(near) >= 7
    found = parse(TEXT).impedance(FREQUENCY, [x, *WALL, r_end, 0.1, 0.8])
    np.testing.assert_allclose(found[near], ladder(x, zeta, end, 2000)[near], rtol=1e-6)


def test_end_that_blocks_is_the_pore_of_de_levie() -> None:
    pore = parse("Pore1(Zarc1)").impedance(FREQUENCY, [40.0, *WALL])
    found = parse("PoreEnd1(Zarc1,R1)").impedance(FREQUENCY, [40.0, *WALL, 1e25])
    np.testing.assert_allclose(found, pore, rtol=1e-13)


def test_end_that_is_a_short_is_the_tanh_line() -> None:
    zeta = parse("Zarc1").impedance(FREQUENCY, WALL)
    found = parse("PoreEnd1(Zarc1,R1)").impedance(FREQUENCY, [40.0, *WALL, 1e-25])
    np.testing.assert_allclose(found, np.sqrt(40.0 * zeta) * np.tanh(np.sqrt(40.0 / zeta)), rtol=1e-13)


def test_wall_of_the_largest_impedance_leaves_filling_and_end_in_series() -> None:
    found = parse("PoreEnd1(R1,R2)").impedance([1.0], [40.0, 1e15, 7.0])[0]
    assert found == pytest.approx(47.0, rel=1e-12)


@pytest.mark.parametrize("end", [1e-3, 7.0, 1e6])
def test_wall_of_the_smallest_impedance_hides_the_end(end: float) -> None:
    found = parse("PoreEnd1(R1,R2)").impedance([1.0], [40.0, 1e-6, end])[0]
    assert found == pytest.approx(np.sqrt(40.0 * 1e-6), rel=1e-13)


def test_end_equal_to_the_line_makes_it_endless() -> None:
    """An end of sqrt(X zeta) reflects nothing."""
    found = parse("PoreEnd1(R1,R2)").impedance([1.0], [40.0, 10.0, 20.0])[0]
    assert found == pytest.approx(20.0, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "values", "right"),
    [
        ("PoreEnd1(C1,R1)", [40.0, 1e-5, 7.0], 47.0),  # current passes to the end
        ("PoreEnd1(R1,C1)", [40.0, 10.0, 1e-5], 20.0 / np.tanh(2.0)),  # and here through the wall
        ("PoreEnd1(R1,L1)", [40.0, 10.0, 1e-5], 20.0 * np.tanh(2.0)),
        ("PoreEnd1(R1,R2)", [40.0, 10.0, 20.0], 20.0),
    ],
)
def test_resistance_at_dc(text: str, values: list[float], right: float) -> None:
    root = parse(text).root
    r, gradient = dc_resistance(root, np.array([values]))
    assert r[0] == pytest.approx(right, rel=1e-12)
    for k in range(3):
        up, down = (
            dc_resistance(root, np.array([values]) * np.exp(h * np.eye(3)[k]))[0][0] for h in (1e-5, -1e-5)
        )
        assert gradient[0, k] == pytest.approx((up - down) / 2e-5, rel=1e-7, abs=1e-9)


def test_blocks_only_where_wall_and_end_block() -> None:
    assert is_blocking(parse("PoreEnd1(CPE1,C1)").root)
    assert not is_blocking(parse("PoreEnd1(CPE1,R1)").root)
    assert not is_blocking(parse("PoreEnd1(R1,C1)").root)
    assert np.isinf(dc_resistance(parse("PoreEnd1(C1,C2)").root, np.array([[1.0, 1.0, 1.0]]))[0])
