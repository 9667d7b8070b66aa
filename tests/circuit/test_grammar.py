"""The grammar of circuit strings: what parses, what its parameters are called, and every refusal."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

import eisfit.circuit
from eisfit.circuit.circuit import InParallel, InSeries, Placed, leaves, parse, shifted, span, written
from eisfit.errors import CircuitError

NAMES = {
    "R0": "R0",
    "R": "R",
    "R_gb": "R_gb",
    "CPE1": "CPE1_Q CPE1_alpha",
    "Zarc_int": "Zarc_int_R Zarc_int_tau Zarc_int_alpha",
    "R0-p(R1,C1)": "R0 R1 C1",
    "R0-p(R1,CPE1)-W1": "R0 R1 CPE1_Q CPE1_alpha W1",
    "p(R1-W1,C1)": "R1 W1 C1",
    "p(R0,C0-p(R1-L1,C1))-Ws2": "R0 C0 R1 L1 C1 Ws2_R Ws2_tau",
    "p(R1,C1,CPE1)": "R1 C1 CPE1_Q CPE1_alpha",
    "L_lead_2-R1a": "L_lead_2 R1a",
    "Pore_pe(p(R_ct,CPE_dl))": "Pore_pe R_ct CPE_dl_Q CPE_dl_alpha",
    "R0-Pore1(Zarc1-Zarc2)-C2": "R0 Pore1 Zarc1_R Zarc1_tau Zarc1_alpha Zarc2_R Zarc2_tau Zarc2_alpha C2",
    "p(Pore1(Pore2(R1)),C1)": "Pore1 Pore2 R1 C1",
    "SLEI": "Zarc_film_R Zarc_film_tau Zarc_film_alpha Zarc_ct_R Zarc_ct_tau Zarc_ct_alpha",
    "SLEI_x": "Zarc_x_film_R Zarc_x_film_tau Zarc_x_film_alpha Zarc_x_ct_R Zarc_x_ct_tau Zarc_x_ct_alpha",
    "Coating_x": "CPE_x_film_Q CPE_x_film_alpha R_x_film R_x_ct CPE_x_ct_Q CPE_x_ct_alpha",
    "Nested": "CPE_ct_Q CPE_ct_alpha R_ct R_film CPE_film_Q CPE_film_alpha",
    "Rails_pe(SLEI_x)": "Rails_pe_X1 Rails_pe_X2 Zarc_x_film_R Zarc_x_film_tau Zarc_x_film_alpha "
    "Zarc_x_ct_R Zarc_x_ct_tau Zarc_x_ct_alpha",
    "PoreEnd_pe(R1,Zarc2)-Probes1(R3,R4)": "PoreEnd_pe R1 Zarc2_R Zarc2_tau Zarc2_alpha "
    "Probes1_tau1 Probes1_tau2 R3 R4",
    "T1-Gs1": "T1_A T1_B T1_a T1_b Gs1_R Gs1_tau Gs1_phi",
}


@pytest.mark.parametrize("text", NAMES)
def test_names_of_parameters(text: str) -> None:
    circuit = parse(text)
    assert " ".join(circuit.names) == NAMES[text]
    assert circuit.text == text


@pytest.mark.parametrize("text", ["  R0 - p ( R1 , C1 )\t- W1 ", "R0-p(R1,C1)-W1", "R0 -\np(R1,\n  C1)-W1"])
def test_blanks_do_not_matter(text: str) -> None:
    assert parse(text).root == parse("R0-p(R1,C1)-W1").root


def test_blanks_around_a_wall_do_not_matter() -> None:
    assert parse(" Pore_pe ( R1 - p(R2,C2) ) - R0").root == parse("Pore_pe(R1-p(R2,C2))-R0").root


SLEI = {
    "SLEI_x": "Zarc_x_film-Zarc_x_ct",
    "R0-SLEI1-W1": "R0-Zarc1_film-Zarc1_ct-W1",
    "p(SLEI,C1)": "p(Zarc_film-Zarc_ct,C1)",
    "R0-Coating_x": "R0-p(CPE_x_film,R_x_film-p(R_x_ct,CPE_x_ct))",
    "Pore1(Nested)": "Pore1(p(CPE_ct,R_ct-p(R_film,CPE_film)))",
    "Pore_pe(SLEI_x)": "Pore_pe(Zarc_x_film-Zarc_x_ct)",
}


@pytest.mark.parametrize("text", SLEI)
def test_aliases_stand_for_circuits(text: str) -> None:
    assert parse(text).root == parse(SLEI[text]).root


@pytest.mark.parametrize("text", [*NAMES, *SLEI])
def test_written_parses_to_the_same(text: str) -> None:
    assert parse(written(parse(text).root)).root == parse(text).root


REFUSED = {
    "": "there is no element in it; write one such as R0-p(R1,CPE1)",
    "   ": "there is no element in it; write one such as R0-p(R1,CPE1)",
    "R0-": "expected an element or 'p(' at column 4",
    "R0--R1": "expected an element or 'p(' at column 4",
    "-R0": "expected an element or 'p(' at column 1",
    "R0 R1": "expected '-' or the end at column 4",
    "R0,R1": "expected '-' or the end at column 3",
    "R0)": "expected '-' or the end at column 3",
    "R0-p(R1,CPE1": "expected ',' or ')' at column 13",
    "R0-p(R1 C1)": "expected ',' or ')' at column 9",
    "p(R1,)": "expected an element or 'p(' at column 6",
    "p()": "expected an element or 'p(' at column 3",
    "p(R1)-R2": "p(...) with a single part before column 6; it needs two or more",
    "R0-R1-R0": "'R0' stands a second time at column 7; number or label it anew",
    "p(R0,C1-R0)": "'R0' stands a second time at column 9; number or label it anew",
    "R0-é1": "expected an element or 'p(' at column 4",
    "R1(C1)": "'R1' takes no sub-circuit, but has a '(' at column 3",
    "R0-SLEI_x (C1)": "'SLEI_x' takes no sub-circuit, but has a '(' at column 11",
    "Pore_pe-R1": "'Pore_pe' needs the circuit of its wall in parentheses at column 8",
    "p(R1,Pore1)": "'Pore1' needs the circuit of its wall in parentheses at column 11",
    "Pore1": "'Pore1' needs the circuit of its wall in parentheses at column 6",
    "Pore1()": "expected an element or 'p(' at column 7",
    "Pore1(R1": "expected '-' or ')' at column 9",
    "Pore1(R1,C1)": "expected '-' or ')' at column 9",
    "R0-PoreEnd_x": "'PoreEnd_x' needs the circuits of its wall and its end in parentheses, PoreEnd_x(wall,end), "
    "at column 13",
    "PoreEnd_x(R1)": "'PoreEnd_x' needs the circuits of its wall and its end in parentheses, PoreEnd_x(wall,end), "
    "but has 1 at column 13",
    "PoreEnd_x(R1,C1,L1)": "expected '-' or ')' at column 16",
    "PoreEnd_x(R1,)": "expected an element or 'p(' at column 14",
    "Probes_x(R1-C1)": "'Probes_x' needs the circuits of its cell and its ground in parentheses, "
    "Probes_x(cell,ground), but has 1 at column 15",
    "PoreEnd_x(R1,C1)(L1)": "'PoreEnd_x' takes no further sub-circuit, but has a '(' at column 17",
    "Rails_pe": "'Rails_pe' needs the circuit of its wall in parentheses at column 9",
    "Rails_pe(R1,R2)": "expected '-' or ')' at column 12",
    "Pore1(R1)(R2)": "'Pore1' takes no second sub-circuit, but has a '(' at column 10",
    "R1-Pore1(R1)": "'R1' stands a second time at column 10; number or label it anew",
    "SLEI_x-Zarc_x_ct": "'Zarc_x_ct' stands a second time at column 8; number or label it anew",
    "Coating_x-R_x_ct": "'R_x_ct' stands a second time at column 11; number or label it anew",
    "Nested1-R0-Coating1": "'CPE1_film' stands a second time at column 12; number or label it anew",
    "Nested_x(C1)": "'Nested_x' takes no sub-circuit, but has a '(' at column 9",
    "SLEI1-R0-SLEI1": "'Zarc1_film' stands a second time at column 10; number or label it anew",
    "0R": "expected an element or 'p(' at column 1",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refusals_point_at_the_column(text: str) -> None:
    with pytest.raises(CircuitError) as raised:
        parse(text)
    assert str(raised.value) == f"circuit {text!r}: {REFUSED[text]}"


def test_unknown_element_lists_the_known() -> None:
    with pytest.raises(
        CircuitError, match=r"^circuit 'R0-X1': unknown element 'X' at column 4; known: "
    ) as e:
        parse("R0-X1")
    known = str(e.value).split("known: ")[1].split(", ")
    assert known == sorted(known)
    assert {"R", "CPE", "Zarc", "Pore", "SLEI"} <= set(known)


def test_tree() -> None:
    root = parse("R0-p(R1,CPE1)").root
    assert isinstance(root, InSeries)
    assert root.counts == (1.0, 1.0)
    assert isinstance(root.parts[0], Placed)
    assert isinstance(root.parts[1], InParallel)
    assert [leaf.name for leaf in leaves(root)] == ["R0", "R1", "CPE1"]
    assert span(root) == slice(0, 4)
    assert span(root.parts[1]) == slice(1, 4)
    assert [leaf.first for leaf in leaves(shifted(root, 5))] == [5, 6, 7]
    assert list(leaves(root))[2].index("alpha") == 3


def test_tree_with_a_wall() -> None:
    root = parse("R0-Pore1(p(R1,CPE1))-R2").root
    assert isinstance(root, InSeries)
    pore = root.parts[1]
    assert isinstance(pore, Placed)
    assert isinstance(pore.wall, InParallel)
    assert (pore.size, pore.first, span(pore), span(pore.wall)) == (1, 1, slice(1, 5), slice(2, 5))
    assert [leaf.name for leaf in leaves(root)] == ["R0", "Pore1", "R1", "CPE1", "R2"]
    assert [leaf.first for leaf in leaves(shifted(root, 3))] == [3, 4, 5, 6, 8]


def test_parameters_carry_unit_and_element() -> None:
    parameters = parse("R0-CPE1").parameters
    assert [(p.unit, p.leaf) for p in parameters] == [
        ("ohm", "R0"),
        ("S s^alpha", "CPE1"),
        ("1", "CPE1"),
    ]


def test_a_circuit_is_made_of_its_text() -> None:
    circuit = eisfit.Circuit.from_text("R0-p(R1,C1)")
    assert circuit == parse("R0-p(R1,C1)")
    z = circuit.impedance([1.0], {"R0": 1.0, "R1": 5.0, "C1": 1e-3})
    np.testing.assert_allclose(z, 1 + 5 / (1 + 2j * np.pi * 5e-3), rtol=1e-14)
    with pytest.raises(CircuitError, match=r"^circuit 'R0-': expected an element or 'p\(' at column 4$"):
        eisfit.Circuit.from_text("R0-")


def test_values_by_name() -> None:
    circuit = parse("R0-p(R1,C1)")
    by_name = circuit.impedance([1.0, 10.0], {"C1": 1e-3, "R1": 5.0, "R0": 1.0})
    np.testing.assert_array_equal(by_name, circuit.impedance([1.0, 10.0], [1.0, 5.0, 1e-3]))


def test_batch_of_values() -> None:
    circuit = parse("R0-p(R1,C1)")
    values = np.array([[1.0, 5.0, 1e-3], [2.0, 4.0, 1e-2]])
    z = circuit.impedance([1.0, 10.0, 100.0], values)
    assert z.shape == (2, 3)
    np.testing.assert_allclose(z[1], circuit.impedance([1.0, 10.0, 100.0], values[1]), rtol=1e-14)


def test_wrong_names_are_named() -> None:
    with pytest.raises(CircuitError) as raised:
        parse("R0-R1").impedance([1.0], {"R0": 1.0, "R2": 2.0})
    assert str(raised.value) == "circuit 'R0-R1': values and parameters differ in R1, R2"


@pytest.mark.parametrize(("values", "count"), [([1.0], 1), ([1.0, 2.0, 3.0], 3), (1.0, 1)])
def test_wrong_number_of_values_is_told(values: object, count: int) -> None:
    with pytest.raises(CircuitError) as raised:
        parse("R0-R1").impedance([1.0], values)  # type: ignore[arg-type]
    assert str(raised.value) == f"circuit 'R0-R1' has 2 parameters (R0, R1), but {count} values were given"


def test_examples_run() -> None:
    assert doctest.testmod(eisfit.circuit.circuit) == doctest.TestResults(failed=0, attempted=8)
