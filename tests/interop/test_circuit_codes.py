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

ELEMENTS = {  # of one element: its code, and the formula that the pages of pyimpspec 5 give for it
    "R{R=20}": lambda s: 20 + 0 * s,
    "C{C=1e-5}": lambda s: 1 / (1e-5 * s),
    "L{L=1e-3}": lambda s: 1e-3 * s,
    "La{L=1e-3,n=0.9}": lambda s: 1e-3 * s**0.9,
    "Q{Y=1e-4,n=0.8}": lambda s: 1 / (1e-4 * s**0.8),
    "K{R=50,tau=0.1}": lambda s: 50 / (1 + 0.1 * s),
    "Zarc{R=50,tau=0.1,n=0.9}": lambda s: 50 / (1 + (0.1 * s) ** 0.9),
    "Ha{R=50,tau=0.1,a=0.9,b=0.8}": lambda s: 50 / (1 + (0.1 * s) ** 0.9) ** 0.8,
    "Ga{R=50,tau=0.1}": lambda s: 50 / cmath.sqrt(1 + 0.1 * s),
    "W{Y=2e-3}": lambda s: 1 / (2e-3 * cmath.sqrt(s)),
    "W{Y=2e-3,n=0.4}": lambda s: 1 / (2e-3 * s**0.4),
    "Ws{Y=2e-3,B=0.4}": lambda s: cmath.tanh(cmath.sqrt(0.4 * s)) / cmath.sqrt(2e-3 * s),
    "Wo{Y=2e-3,B=0.4,n=0.5}": lambda s: 1 / cmath.tanh(cmath.sqrt(0.4 * s)) / cmath.sqrt(2e-3 * s),
    "Ws{Y=2e-3,B=0.4,n=0.45F}": lambda s: cmath.tanh((0.4 * s) ** 0.45) / (2e-3 * s) ** 0.45,
    "Wo{Y=2e-3,B=0.4,n=0.45}": lambda s: 1 / cmath.tanh((0.4 * s) ** 0.45) / (2e-3 * s) ** 0.45,
    "G{Y=2e-3,k=3}": lambda s: 1 / (2e-3 * cmath.sqrt(3 + s)),
}
PEER = {  # impedances in ohm at 0.1, 10 and 1e4 Hz as pyimpspec 5.1.3 gives them for the same codes
    "R{R=20}(R{R=100F:ct}Q{Y=1e-5,n=0.9})": [
        119.989662198 - 0.0649968327737j,
        119.189778678 - 4.04237281641j,
        20.9656494063 - 4.66436011272j,
    ],
    "[R{R=20f:sol}(C{C=25e-6//1e-3:dl}[R{R=100/50/200:ct}W{Y=2.357e-3/inf/150%:diff}])]": [
        492.808352513 - 379.769315045j,
        137.8867026 - 59.8172099202j,
        20.0040036008 - 0.636547236166j,
    ],
    "[Ws{Y=0.5,B=2}]": [
        1.66550376157 - 0.667676334264j,
        0.126156653872 - 0.126156663397j,
        0.00398942280401 - 0.00398942280401j,
    ],
    "R{R=1}Ws{Y=0.5,B=2,n=0.45}": [
        2.51286571864 - 0.540582901632j,
        1.16118568791 - 0.137666356594j,
        1.00719992666 - 0.00614931829735j,
    ],
    "R{R=1}Wo{Y=0.002,B=0.3}": [
        5.08156226382 - 65.0260180758j,
        3.00447081163 - 2.00200603833j,
        1.06307831305 - 0.0630783130505j,
    ],
    "(R{R=10}[R{R=5}(R{R=2}C{C=1e-3})])": [
        4.11764609456 - 0.000869643956047j,
        4.10812156675 - 0.0859083184303j,
        3.33339712296 - 0.00707297772165j,
    ],
    "L{L=1e-6}R{R=5}([R{R=50}G{Y=0.01,k=10}]C{C=1e-5})": [
        86.5750579589 - 1.03282002702j,
        63.8505119978 - 10.2873529347j,
        5.05030650197 - 1.52684304745j,
    ],
    "R{R=1}Ha{R=100,tau=0.01,a=0.9,b=0.8}Zarc{R=40,tau=1e-4,n=0.85}": [
        140.859524251 - 0.832215737777j,
        115.5946988 - 34.4366273893j,
        4.66829482209 - 8.01551449003j,
    ],
    "!V=1![La{L=1e-4/0/1e3,n=0.9}K{R=30,tau=0.02}]": [
        29.9952736345 - 0.376866585533j,
        11.6324487744 - 14.6128479738j,
        0.325626440029 + 2.03193125579j,
    ],
    "R{R=1}(Q{Y=1e-4,n=0.85}[R{R=30}Ga{R=60,tau=0.5}])": [
        88.7022431317 - 9.35960689412j,
        35.5295536015 - 10.9242519284j,
        1.21488069894 - 0.80058322381j,
    ],
}


@pytest.mark.parametrize("code", PEER)
def test_a_code_has_the_impedance_that_its_program_gives(code: str) -> None:
    template, values = from_cdc(code)
    assert template.circuit.impedance(F, values) == pytest.approx(np.array(PEER[code]), rel=1e-9)


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


def test_limits_are_ranges_in_the_formula_of_eisfit() -> None:
    code = "R{R=20f:sol}(C{C=25e-6//1e-4:dl}[R{R=100/50%/200:ct}W{Y=2.5e-3/inf/200%:diff}])"
    settings = from_cdc(code)[0].settings
    assert (settings["R_sol"].fixed, settings["R_sol"].low) == (20.0, None)
    assert (settings["C_dl"].low, settings["C_dl"].high) == (None, 1e-4)
    assert (settings["R_ct"].start, settings["R_ct"].low, settings["R_ct"].high) == (100.0, 50.0, 200.0)
    sigma = 1 / (2.5e-3 * math.sqrt(2))  # falls with Y
    assert settings["W_diff"].low == pytest.approx(sigma / 2)
    assert settings["W_diff"].start == pytest.approx(sigma)
    assert settings["W_diff"].high is None


def test_limits_that_are_written_where_nothing_is_said_do_not_count() -> None:
    written = "!V=1![R{R=1.0E+02/0.0E+00/inf}Q{Y=1.0E-05/1.0E-24/1.0E+06,n=9.0E-01/0.0E+00/1.0E+00}]"
    settings = from_cdc(written)[0].settings
    assert {(s.low, s.high) for s in settings.values()} == {(None, None)}


def test_an_exponent_that_is_free_stays_free() -> None:
    assert from_cdc("R{R=1}Wo{Y=1,B=2}")[0].circuit.text == "R0-Wo1"
    assert from_cdc("R{R=1}Wo{Y=1,B=2,n=0.5F/0/1}")[0].circuit.text == "R0-Wo1"
    template, _ = from_cdc("R{R=1}Wo{Y=1,B=2,n=0.5/0.4/0.5}")
    assert template.circuit.text == "R0-Won1"
    assert (template.settings["Won1_p"].start, template.settings["Won1_p"].low) == (0.5, 0.4)
    assert to_cdc("R0-Wo1", {"R0": 1.0, "Wo1_R": 2.0, "Wo1_tau": 4.0}) == "[R{R=1.0}Wo{Y=1.0,B=4.0,n=0.5F}]"


@pytest.mark.parametrize(
    ("code", "circuit"), [("RQ", "R0-CPE1"), ("WsWo", "Ws1-Wo1"), ("[Ws]", "Ws1"), ("(RC)", "p(R1,C1)")]
)
def test_parts_stand_in_series_without_brackets(code: str, circuit: str) -> None:
    assert from_cdc(code)[0].circuit.text == circuit


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
        ("[R{R=1}G{Y=1,k=2,n=0.4}]", "G with n = 0.4 and free has no counterpart here: n=0.5F has"),
        ("[R{R=1}Ws{Y=1/0.5/2,B=2}]", "the limits of Y of Ws1 have no counterpart"),
        ("[R{R=1/2/3/4}]", "more than two limits"),
        ("[R{R=1}-C{C=1}]", "'-' is no sign of a code: parts stand side by side, at column 8"),
        ("R{R=1}(C{C=1})", "parentheses hold two or more parts"),
        ("[R{R=1}C{C=1}", "'[' is not closed, at column 14"),
        ("R{R=1", "'}' is missing"),
        ("[R{R=1:a b}]", "the label 'a b' of R"),
        ("[R{R=1}(R{R=1}", "circuit"),
    ],
)
def test_what_has_no_counterpart_is_refused(code: str, said: str) -> None:
    with pytest.raises(CircuitError) as raised:
        from_cdc(code)
    assert said in str(raised.value)


def test_an_element_without_a_counterpart_is_not_written() -> None:
    with pytest.raises(CircuitError, match="Gt_1 has no counterpart"):
        to_cdc("R0-Gt_1")
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
