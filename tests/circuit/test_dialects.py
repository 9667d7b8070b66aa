"""Circuit strings of other programs: what is read, as what, and what is left alone."""

from __future__ import annotations

import pytest

from eisfit import Circuit, Template
from eisfit.circuit.dialects import in_our_grammar
from eisfit.errors import CircuitError

READ = {
    "R(RQ)(RQ)": "R0-p(R1,CPE1)-p(R2,CPE2)",
    "R(RC)": "R0-p(R1,C1)",
    "LR(RQ)W": "L0-R0-p(R1,CPE1)-W1",
    "R(C[RW])": "R0-p(C1,R1-W1)",
    "R(C(RW))": "R0-p(C1,R1-W1)",
    "R(Q(RW))(RQ)": "R0-p(CPE1,R1-W1)-p(R2,CPE2)",
    "R(Q(R(Q(RW))))": "R0-p(CPE1,R1-p(CPE2,R2-W1))",
    "[R(RQ)]": "R0-p(R1,CPE1)",
    "R1(R2Q2)(R3Q3)": "R1-p(R2,CPE2)-p(R3,CPE3)",
    "R1-(R2CPE2)": "R1-p(R2,CPE2)",
    "R1 - ( R2 CPE2 ) - W1": "R1-p(R2,CPE2)-W1",
    "R1-(CPE1(R2-W1))": "R1-p(CPE1,R2-W1)",
    "L1-R1-(R2Q2)-(R3Q3)-Q4": "L1-R1-p(R2,CPE2)-p(R3,CPE3)-CPE4",
    "R1-(R2,CPE2)": "R1-p(R2,CPE2)",
    "R1-(R2|CPE2)": "R1-p(R2,CPE2)",
    "R1-R2//CPE2": "R1-p(R2,CPE2)",
    "R1+C1/R2": "R1-p(C1,R2)",
    "R0+R1/C1+R2/C2": "R0-p(R1,C1)-p(R2,C2)",
    "R1+Q2/(R2+W2)": "R1-p(CPE2,R2-W2)",
    "R_s-(R_ct|CPE_dl)": "R_s-p(R_ct,CPE_dl)",
    "R0-p(R1,Q1)": "R0-p(R1,CPE1)",
    "r0-p(r1,cpe1)": "R0-p(R1,CPE1)",
    "P(R1,CPE1)": "p(R1,CPE1)",
    "R0–p(R1,CPE1)": "R0-p(R1,CPE1)",
    "R0-Warburg1": "R0-W1",
    "Q1": "CPE1",
    "R1-C2-[R3,P4]-[R5,[R6,C7]]": "R1-C2-p(R3,CPE4)-p(R5,p(R6,C7))",
    "[R1,C2]-R3": "p(R1,C2)-R3",
    "[L(R[RW])]": "L0-p(R1,R2-W1)",
    "R0-rails_pe(zarc1)": "R0-Rails_pe(Zarc1)",
    "R0 - POREEND1 (Q1, R1)": "R0 - PoreEnd1 (CPE1, R1)",
    "r0-pore(coating_x)": "R0-Pore(Coating_x)",
}


@pytest.mark.parametrize("text", READ)
def test_a_string_of_another_program_becomes_one_of_ours(text: str) -> None:
    assert Circuit.from_text(text).text == READ[text]
    template = Template.from_circuit(text)
    assert (template.text, template.title) == (READ[text], text)
    assert in_our_grammar(READ[text]) in (None, READ[text])


UNCLEAR = {
    "[R{R=20}(R{R=100}C{C=1e-6:dl})]": "did you mean 'R0-p(R1,C1)'? eisfit.interop.from_cdc reads both",
    "R-RQ-RQ": "did you mean 'R0-p(R1,CPE1)-p(R2,CPE2)'?",
    "R1-(R2-CPE2)": "did you mean 'R1-p(R2,CPE2)'?",
    "RQ": "did you mean 'p(R1,CPE1)'?",
    "R1C1": "write R1-C1 in series, p(R1,C1) in parallel, or R_1C1 for one",
    "R(QT)": "write Ws (tanh) or Wo (coth), as 'R0-p(CPE1,Ws1)'",
    "R0-p(R1,Q1)-CPE1": "was read as another: circuit 'R0-p(R1,CPE1)-CPE1': 'CPE1' stands a second time",
    "R0-p(R1,C1)R2": "did you mean 'R0-p(R1,C1)-R2'?",
    "R(RQ": "did you mean 'R0-p(R1,CPE1)'?",
}


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_may_mean_several_circuits_is_refused_with_one(text: str) -> None:
    with pytest.raises(CircuitError) as raised:
        Circuit.from_text(text)
    assert UNCLEAR[text] in str(raised.value)


@pytest.mark.parametrize(
    "text", ["(" * 4000, "R(" * 30, "__import__('os')", "R|", "R1||", "(R1", "R1-)R2", "[", "|R1"]
)
def test_nonsense_is_refused_as_before(text: str) -> None:
    with pytest.raises(CircuitError):
        Circuit.from_text(text)


def test_labels_that_the_user_gave_stay() -> None:
    assert Circuit.from_text("R1(R5Q7)(RQ)").text == "R1-p(R5,CPE7)-p(R2,CPE2)"
