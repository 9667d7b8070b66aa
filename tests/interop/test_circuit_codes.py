"""Circuit codes with values and lists of elements: what goes out comes back, with the same impedance."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable

import numpy as np
import pytest

from eisfit import Circuit, Template
from eisfit.errors import CircuitError
from eisfit.interop import from_cdc, from_zview, to_cdc, to_zview

F = np.array([0.1, 10.0, 1e4])
S = 2j * math.pi * F

ELEMENTS = {  # of one element: its code, and the formula that the code stands for
    "R{R=20}": lambda s: 20 + 0 * s,
    "C{C=1e-5}": lambda s: 1 / (1e-5 * s),
    "L{L=1e-3}": lambda s: 1e-3 * s,
    "Q{Y=1e-4,n=0.8}": lambda s: 1 / (1e-4 * s**0.8),
    "W{Y=2e-3}": lambda s: 1 / (2e-3 * cmath.sqrt(s)),
    "Ws{Y=2e-3,B=0.4}": lambda s: cmath.tanh(0.4 * cmath.sqrt(s)) / (2e-3 * cmath.sqrt(s)),
    "Wo{Y=2e-3,B=0.4,n=0.5}": lambda s: 1 / cmath.tanh(0.4 * cmath.sqrt(s)) / (2e-3 * cmath.sqrt(s)),
    "G{Y=2e-3,k=3}": lambda s: 1 / (2e-3 * cmath.sqrt(3 + s)),
}


@pytest.mark.parametrize("code", ELEMENTS)
def test_an_element_has_the_impedance_that_its_code_stands_for(code: str) -> None:
    template, values = from_cdc(f"[R{{R=1}}{code}]")
    z = template.circuit.impedance(F, values) - 1
    law: Callable[[complex], complex] = ELEMENTS[code]
    assert z == pytest.approx(np.array([law(s) for s in S]), rel=1e-9)


@pytest.mark.parametrize("code", ELEMENTS)
def test_what_is_written_comes_back(code: str) -> None:
    template, values = from_cdc(f"[R{{R=1}}{code}]")
    again, same = from_cdc(to_cdc(template, values))
    assert again.circuit.text == template.circuit.text
    assert same == pytest.approx(values)


def test_fixed_values_labels_limits_and_the_version_are_read() -> None:
    template, values = from_cdc("!V=1![R{R=20/1/50:s}(R{R=100F:ct}Q{Y=1e-5F/0/1,n=0.9})W]")
    assert template.circuit.text == "R_s-p(R_ct,CPE1)-W1"
    assert values == {"R_s": 20.0, "R_ct": 100.0, "CPE1_Q": 1e-5, "CPE1_alpha": 0.9}
    assert (template.settings["R_ct"].fixed, template.settings["R_s"].fixed) == (100.0, None)
    assert template.settings["CPE1_alpha"].start == 0.9


def test_a_code_without_values_is_a_circuit() -> None:
    template, values = from_cdc("[R(RQ)(RQ)]")
    assert (template.circuit.text, values) == ("R0-p(R1,CPE1)-p(R2,CPE2)", {})


def test_nested_circuits_are_written() -> None:
    assert to_cdc("R0-p(CPE1,R1-p(C2,R2-Ws2))") == "[R(Q[R(C[RWs])])]"
    assert from_cdc(to_cdc(Template.from_circuit("R_a-p(R_b,C_b)")))[0].circuit.text == "R_a-p(R_b,C_b)"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("[R{R=20}Tlm{X=1}]", "element 'Tlm' has no counterpart"),
        ("[R{r=20}]", "R has no parameter 'r' (did you mean 'R'?)"),
        ("[R{R=2O}]", "'R=2O' of R is no NAME=VALUE"),
        ("[R{R=1e}]", "'1e' of R is no number"),
        ("[R{R=1}Q{Y=1e-5}]", "CPE1 has no value of n"),
        ("[R{R=1}Ws{Y=1,B=2,n=0.4}]", "write Wsn in a circuit of eisfit"),
        ("[R{R=1:a b}]", "the label 'a b' of R"),
        ("[R{R=1}(R{R=1}", "circuit"),
    ],
)
def test_what_has_no_counterpart_is_refused(code: str, said: str) -> None:
    with pytest.raises(CircuitError) as raised:
        from_cdc(code)
    assert said in str(raised.value)


def test_an_element_without_a_counterpart_is_not_written() -> None:
    with pytest.raises(CircuitError, match="Zarc_1 has no counterpart"):
        to_cdc("R0-Zarc_1")
    with pytest.raises(CircuitError, match="values are missing for C1"):
        to_cdc("R0-C1", {"R0": 1.0})


LIST = """Element,Freedom,Value,Error,Error %
R1,Free(+),20.1,0.1,0.5
R2 Free(+) 310 N/A
CPE1-T\tFree(+)\t1.2E-6\t1e-8
CPE1-P Fixed(X) 0.9
Wo1-R Free(+) 50
Wo1-T Free(+) 0.3
Wo1-P Fixed(X) 0.5
"""
DRAWN = "R1-p(R2,CPE1)-Wo1"


def test_a_list_of_elements_gives_the_values_of_its_circuit() -> None:
    values = from_zview(LIST, DRAWN)
    assert values == {"R1": 20.1, "R2": 310, "CPE1_Q": 1.2e-6, "CPE1_alpha": 0.9, "Wo1_R": 50, "Wo1_tau": 0.3}
    assert from_zview(to_zview(DRAWN, values), DRAWN) == values
    assert set(Circuit.from_text(DRAWN).names) == set(values)


def test_another_exponent_of_diffusion_belongs_to_another_element() -> None:
    other = LIST.replace("Wo1-P Fixed(X) 0.5", "Wo1-P Free(+) 0.45")
    with pytest.raises(CircuitError, match="write Won in the circuit"):
        from_zview(other, DRAWN)
    assert from_zview(other, "R1-p(R2,CPE1)-Won1")["Won1_p"] == 0.45


@pytest.mark.parametrize(
    ("text", "circuit", "said"),
    [
        (LIST.replace("CPE1-T", "CPE2-T"), DRAWN, "'CPE2-T' is none of the circuit .*did you mean 'CPE1-T'"),
        (LIST.replace("CPE1-P Fixed(X) 0.9\n", ""), DRAWN, "CPE1-P of the circuit .* is missing"),
        ("R1 Free(+) N/A", "R1", "holds no value"),
        ("R1 a 1\nR1 a 2", "R1", "R1 stands in two rows"),
        ("", "R1", "it has no row"),
        ("R1 a 1", "R1-Zarc1", "Zarc1 is no element of ZView"),
    ],
)
def test_a_list_that_does_not_suit_its_circuit_is_refused(text: str, circuit: str, said: str) -> None:
    with pytest.raises(CircuitError, match=said):
        from_zview(text, circuit)
