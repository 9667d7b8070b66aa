"""The divider of reference electrodes: what its docstring says, and a network of its parts."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.circuit.arc import dc_resistance, is_blocking
from eisfit.circuit.circuit import parse

FREQUENCY = np.geomspace(1e6, 1.0, 31)
CELL = [20.0, 250.0, 1e-5, 0.9, 1000.0, 1e-3, 0.9]
TEXT = "Probes_re(R_s-Zarc_gb-Zarc_int,R_cm)"


def test_equals_a_divider_of_resistors_and_capacitors() -> None:
    """Each probe reads the potential of its place behind R in series, with the input C to ground."""
    first, second, c, r_cm = 3e4, 1e4, 1e-10, 150.0
    cell = parse("R_s-Zarc_gb-Zarc_int").impedance(FREQUENCY, CELL)
    s = 2j * np.pi * FREQUENCY
    inputs = [1 / (s * c) / (r + 1 / (s * c)) for r in (first, second)]
    read = (cell + r_cm) * inputs[0] - r_cm * inputs[1]
    found = parse(TEXT).impedance(FREQUENCY, [first * c, second * c, *CELL, r_cm])
    np.testing.assert_allclose(found, read, rtol=1e-11)


def test_fast_probes_show_the_cell() -> None:
    cell = parse("R_s-Zarc_gb-Zarc_int").impedance(FREQUENCY, CELL)
    found = parse(TEXT).impedance(FREQUENCY, [1e-20, 1e-20, *CELL, 100.0])
    np.testing.assert_allclose(found, cell, rtol=1e-12)


def test_equal_probes_hide_what_is_common() -> None:
    one, other = (parse(TEXT).impedance(FREQUENCY, [1e-6, 1e-6, *CELL, r_cm]) for r_cm in (1.0, 1e4))
    np.testing.assert_allclose(one, other, rtol=1e-14)


def test_ten_kiloohm_and_a_cable_are_off_by_two_percent_at_4_khz() -> None:
    f = [2e3, 4e3]
    found = parse("Probes_re(R_s,R_cm)").impedance(f, [1e-6, 1e-6, 100.0, 50.0])
    below, above = np.abs(found / 100.0 - 1)
    assert below < 0.02 < above


def test_unequal_probes_make_an_inductive_loop_with_a_negative_real_part() -> None:
    z = parse("Probes_re(R_s,R_cm)").impedance(np.geomspace(1e3, 1e6, 301), [3e-6, 1e-6, 50.0, 500.0])
    assert z.real.min() < 0
    found = parse("Probes_re(R_s,R_cm)").impedance(np.geomspace(1e3, 1e6, 301), [1e-6, 3e-6, 50.0, 500.0])
    assert found.imag.max() > 10


def test_dc_is_that_of_the_cell() -> None:
    values = np.array([[1e-6, 3e-6, *CELL, 100.0]])
    r, gradient = dc_resistance(parse(TEXT).root, values)
    assert r[0] == pytest.approx(1270.0, rel=1e-14)
    np.testing.assert_allclose(gradient[0], [0, 0, 20, 250, 0, 0, 1000, 0, 0, 0], atol=1e-12)
    assert not is_blocking(parse("Probes1(R1,C1)").root)
    assert is_blocking(parse("Probes1(C1,R1)").root)
