"""Circuits go to impedance.py and come back with the same impedance."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from impedance.models.circuits import CustomCircuit, Randles
from impedance.models.circuits.elements import circuit_elements

import eisfit
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import parse
from eisfit.elements import ELEMENTS
from eisfit.errors import CircuitError, TemplateError
from eisfit.interop.impedance_py import from_impedance_py, register_elements, to_impedance_py
from support.cells import grid, le_se_faded, le_se_values, measured

F = grid(1e5, 0.1, 4)
PLAIN = "R0-p(R1-Wo1,CPE1)-Zarc_2"
VALUES = dict(
    zip(parse(PLAIN).names, (10.0, 100.0, 50.0, 2.0, 1e-6, 0.9, 200.0, 1e-2, 0.8), strict=True)
)  # fmt: skip


def case(name: str) -> tuple[str, dict[str, float]]:
    """Return an element as a circuit, with values of the order of one."""
    circuit = parse(f"R0-{name}1")
    rng = np.random.default_rng(3)
    upper = [min(p.quantity.upper, 1.0) for p in circuit.parameters]
    drawn = [float(rng.uniform(0.4, 0.95)) * high for high in upper]
    return circuit.text, dict(zip(circuit.names, drawn, strict=True))


def predicted(theirs: CustomCircuit, f: np.ndarray = F) -> np.ndarray:
    with pytest.warns(UserWarning, match="based on initial parameters"):
        return np.asarray(theirs.predict(f, use_initial=True))


@pytest.mark.parametrize("name", [n for n, e in ELEMENTS.items() if not e.inner])
def test_every_element_keeps_its_impedance(name: str) -> None:
    text, values = case(name)
    theirs = to_impedance_py(text, values)
    np.testing.assert_allclose(predicted(theirs), parse(text).impedance(F, values), rtol=1e-8)


@pytest.mark.parametrize("name", [n for n, e in ELEMENTS.items() if not e.inner])
def test_every_element_comes_back(name: str) -> None:
    text, values = case(name)
    template, back = from_impedance_py(to_impedance_py(text, values))
    assert template.text == text
    assert back == pytest.approx(values, rel=1e-12)
    assert {n: s.start for n, s in template.settings.items()} == pytest.approx(values, rel=1e-12)


def test_the_circuit_keeps_names_that_impedance_py_can_hold() -> None:
    theirs = to_impedance_py(PLAIN, VALUES)
    assert theirs.circuit == PLAIN
    assert all(type(v) is float for v in theirs.initial_guess)


def test_labels_become_numbers_that_are_free() -> None:
    values = {"R_a": 1.0, "R1": 2.0, "R_b": 3.0, "C_x": 1e-6}
    theirs = to_impedance_py("R_a-R1-p(R_b,C_x)", values)
    assert theirs.circuit == "R2-R1-p(R3,C1)"
    assert theirs.initial_guess == [1.0, 2.0, 3.0, 1e-6]


def test_a_fit_goes_over_with_errors_constants_and_counts(tmp_path: Path) -> None:
    t = eisfit.template("le_se", electrodes=4).setting({"Zarc_int_alpha": Setting(fixed=0.9)})
    fitted = eisfit.fit(measured(le_se_faded(), le_se_values(gb=(250.0, 2.5e-6, 0.92))), t)
    theirs = to_impedance_py(fitted)
    np.testing.assert_allclose(theirs.predict(F), fitted.impedance(F), rtol=1e-9)
    assert theirs.constants == {"Zarc2_2": 0.9}
    assert theirs.parameters_[4] == pytest.approx(2 * fitted.values["Zarc_int_R"])
    stderr = next(p.stderr for p in fitted.parameters if p.name == "Zarc_int_R")
    assert theirs.conf_[4] == pytest.approx(2 * stderr)
    theirs.save(tmp_path / "fit.json")
    template, values = from_impedance_py(tmp_path / "fit.json")
    np.testing.assert_allclose(template.circuit.impedance(F, values), fitted.impedance(F), rtol=1e-9)
    assert template.settings["Zarc2_alpha"].fixed == 0.9


def test_a_fit_of_impedance_py_comes_over() -> None:
    z = parse("R0-p(R1,C1)").impedance(F, [10.0, 100.0, 1e-5])
    theirs = CustomCircuit("R0-p(R1,C1)", initial_guess=[8.0, 80.0, 2e-5])
    theirs.fit(F, z, weight_by_modulus=True)
    template, values = from_impedance_py(theirs)
    assert values == pytest.approx({"R0": 10.0, "R1": 100.0, "C1": 1e-5}, rel=1e-3)
    assert template.settings["C1"].start == 2e-5
    assert eisfit.fit(eisfit.Spectrum(F, z), template).values["C1"] == pytest.approx(1e-5, rel=1e-6)


def test_constants_are_fixed() -> None:
    theirs = CustomCircuit("R0-p(R1,CPE1)", initial_guess=[8.0, 80.0, 2e-5], constants={"CPE1_1": 0.9})
    template, values = from_impedance_py(theirs)
    assert template.settings["CPE1_alpha"].fixed == 0.9
    assert values == {"R0": 8.0, "R1": 80.0, "CPE1_Q": 2e-5, "CPE1_alpha": 0.9}


def test_its_ready_made_circuits_come_over() -> None:
    template, _ = from_impedance_py(Randles(initial_guess=[10.0, 100.0, 50.0, 1.0, 1e-5]))
    assert "Wo1_tau" in template.circuit.names


def test_json_without_a_fit_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "circuit.json"
    CustomCircuit("R0 - C1", initial_guess=[8.0, 2e-5], name="two").save(path)
    template, values = from_impedance_py(path)
    assert template.text == "R0-C1"
    assert values == {"R0": 8.0, "C1": 2e-5}


def test_what_is_registered_is_usable_and_registered_once() -> None:
    register_elements()
    assert register_elements() == ()
    assert circuit_elements["HN"].num_params == 4
    assert circuit_elements["HN"].units == ["ohm", "s", "1", "1"]
    known = [1e3, 1e2, 10.0]
    theirs = CustomCircuit("R0-HN1", initial_guess=[10.0, 100.0, 1e-3, 0.9, 0.8])
    ours = parse("R0-HN1").impedance(known, theirs.initial_guess)
    np.testing.assert_allclose(predicted(theirs, np.array(known)), ours)


@pytest.mark.parametrize(
    ("source", "values", "sentence"),
    [
        ("R0-Pore1(C1)", {"R0": 1.0, "Pore1": 1.0, "C1": 1.0}, "'Pore1' takes a sub-circuit"),
        ("R0-C1", {"R0": 1.0}, "values are missing for C1"),
    ],
)
def test_what_cannot_go_over_is_refused(source: str, values: dict[str, float], sentence: str) -> None:
    with pytest.raises(CircuitError, match=sentence):
        to_impedance_py(source, values)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nothing", "no circuit as impedance.py saves it"),
        (
            json.dumps({"Circuit String": "R0-__import__('os')", "Initial Guess": [1.0]}),
            "unknown element|expected",
        ),
        (
            json.dumps({"Circuit String": "R0-C1", "Initial Guess": [1.0]}),
            "1 values and 0 constants were given for 2",
        ),
        (
            json.dumps({"Circuit String": "R0-C1", "Initial Guess": [1.0, 1.0], "Constants": {"C7": 1.0}}),
            r"unknown constants \['C7'\]",
        ),
    ],
)
def test_what_cannot_come_over_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "circuit.json"
    path.write_text(text)
    with pytest.raises(CircuitError, match=sentence):
        from_impedance_py(path)


def test_a_guess_outside_the_physical_range_is_refused() -> None:
    theirs = CustomCircuit("R0-CPE1", initial_guess=[8.0, 2e-5, 1.3])
    with pytest.raises(TemplateError, match="outside its range"):
        from_impedance_py(theirs)


def test_a_template_takes_values() -> None:
    t = Template.from_circuit("R0-p(R1,C1)")
    assert to_impedance_py(t, {"R0": 1.0, "R1": 2.0, "C1": 3.0}).initial_guess == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("text", ["Pore_a(R1)", "Rails_a(R1)", "PoreEnd_a(R1,C1)", "Probes_a(R1,R2)"])
def test_elements_that_hold_circuits_are_refused_by_name(text: str) -> None:
    values = dict.fromkeys(parse(text).names, 1.0)
    with pytest.raises(CircuitError) as raised:
        to_impedance_py(text, values)
    name = text.partition("(")[0]
    assert str(raised.value) == f"{name!r} takes a sub-circuit, which impedance.py does not know"
