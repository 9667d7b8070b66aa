"""Templates: every shipped one reproduces its own checks; wrong ones are refused."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import eisfit
from eisfit.cell.find import shipped, template
from eisfit.cell.segments import Setting
from eisfit.cell.template_file import parse_template
from eisfit.cell.templates import Template
from eisfit.errors import TemplateError

SHORT = """
title = "t"
[[segment]]
name = "bulk"
role = "bulk"
circuit = "Zarc_b"
[configuration.two]
electrodes = 2
segments = { bulk = 1 }
"""


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_template_reproduces_its_checks(name: str) -> None:
    t = template(name)
    assert t.checks, "a template needs a value worked by hand"
    for check in t.checks:
        electrodes = next(c.electrodes for c in t.configurations if c.name == check.configuration)
        z = t.with_electrodes(electrodes).circuit.impedance([check.frequency_hz], dict(check.values))[0]
        assert abs(z - check.z_ohm) < 1e-6 * abs(check.z_ohm)


@pytest.mark.parametrize("name", shipped())
def test_every_configuration_of_a_shipped_template_has_a_check(name: str) -> None:
    t = template(name)
    assert {c.configuration for c in t.checks} == {c.name for c in t.configurations}


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_template_names_sources_by_doi(name: str) -> None:
    assert all(s.startswith("10.") for s in template(name).source)
    assert template(name).source


def test_an_interface_counts_as_often_as_the_probes_see_it() -> None:
    four = template("le_se", electrodes=4)
    values = dict.fromkeys(four.circuit.names, 1e-12)
    values |= {"Zarc_int_R": 500.0, "Zarc_int_tau": 1e-12, "Zarc_int_alpha": 1.0}
    assert four.circuit.impedance([1.0], values)[0].real == pytest.approx(1000.0)


def test_the_electrode_lies_between_two_electrodes_only() -> None:
    assert "Zarc_el_R" in template("le_se", electrodes=2).circuit.names
    assert "Zarc_el_R" not in template("le_se", electrodes=4).circuit.names


def test_resistors_in_series_become_one() -> None:
    t = template("le_se", electrodes=4).with_arcs_as_resistors(("bulk",))
    assert t.circuit.names[0] == "R_le_b"
    assert t.path[0].segment.name == "liquid + bulk"


@pytest.mark.parametrize(
    "arc", ["Zarc_b", "K_b", "p(R_b,CPE_b)", "p(CPE_b,R_b)", "p(R_b,C_b)", "Pore_b(Zarc_b)"]
)
def test_a_capacitance_belongs_to_an_arc_however_it_is_written(arc: str) -> None:
    t = parse_template("mine", SHORT.replace('"Zarc_b"', f'"{arc}"\ncapacitance = [1e-12, 1e-11]'))
    assert t.segments[0].capacitance == (1e-12, 1e-11)


@pytest.mark.parametrize(
    ("arc", "resistance"),
    [("Zarc_b", "Zarc_b_R"), ("K_b", "K_b_R"), ("p(R_b,CPE_b)", "R_b"), ("p(C_b,R_b)", "R_b")],
)
def test_an_arc_becomes_a_resistor_however_it_is_written(arc: str, resistance: str) -> None:
    t = parse_template("mine", SHORT.replace("Zarc_b", arc) + f"[parameter.{resistance}]\nfixed = 7.0")
    changed = t.with_arcs_as_resistors(("bulk",))
    assert changed.circuit.names == ("R_b",)
    assert changed.settings["R_b"].fixed == 7.0


def test_a_fixed_resistor_stays_by_itself() -> None:
    t = (
        template("le_se", electrodes=4)
        .setting({"R_le": Setting(fixed=10.0)})
        .with_arcs_as_resistors(("bulk",))
    )
    assert [s.segment.name for s in t.path][:2] == ["liquid", "bulk"]
    assert t.circuit.names[:2] == ("R_le", "R_b")


def test_a_setting_of_an_arc_goes_over_to_its_resistor() -> None:
    t = (
        template("le_se", electrodes=4)
        .setting({"Zarc_b_R": Setting(fixed=10.0)})
        .with_arcs_as_resistors(("bulk",))
    )
    assert t.settings["R_b"].fixed == 10.0


def test_a_template_is_a_value() -> None:
    t = template("le_se", electrodes=4)
    assert pickle.loads(pickle.dumps(t)) == t
    assert t != template("le_se", electrodes=2)


def test_a_circuit_string_is_a_template_without_roles() -> None:
    t = Template.from_circuit("R0-p(R1,CPE1)")
    assert [s.segment.name for s in t.path] == ["R0", "p(R1,CPE1)"]
    assert t.circuit.names == ("R0", "R1", "CPE1_Q", "CPE1_alpha")


def test_a_template_file_of_ones_own(tmp_path) -> None:
    (tmp_path / "mine.toml").write_text(SHORT)
    assert template(tmp_path / "mine.toml").name == "mine"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title = ", "not valid TOML"),
        ("title = 't'", r"no \[\[segment\]\]"),
        (SHORT.replace('role = "bulk"', 'role = "core"'), "unknown role 'core'"),
        (SHORT.replace('circuit = "Zarc_b"', 'circuit = "Zarc_b("'), "at column"),
        (SHORT.replace("[configuration", "colour = 1\n[configuration"), "unknown key 'colour'"),
        (SHORT.replace("{ bulk = 1 }", "{ bulk = 0 }"), "whole number from 1"),
        (SHORT.replace("{ bulk = 1 }", "{ core = 1 }"), "unknown segment 'core'"),
        (SHORT + "[parameter.Zarc_x_R]\nstart = 1", "unknown parameter 'Zarc_x_R'"),
        (SHORT + "[parameter.Zarc_b_alpha]\nrange = [0.5, 1.5]", "within 0 and 1"),
        (SHORT + "[parameter.Zarc_b_alpha]\nrange = [0.9, 0.5]", "two rising numbers"),
        (SHORT + "[parameter.Zarc_b_alpha]\nfixed = 2.0", "fixed = 2 of 'Zarc_b_alpha' lies outside"),
        (SHORT + "[parameter.Zarc_b_R]\nfixed = 'x'", "must be a number"),
        (SHORT.replace("[configuration.two]", "[configuration.two]\nprobes = 1"), "unknown key 'probes'"),
        (SHORT.split("[configuration")[0], r"no \[configuration.NAME\]"),
        (
            SHORT.replace('"Zarc_b"', '"R_b-W_b"\ncapacitance = [1e-12, 1e-11]'),
            r"segment 'bulk': it has a capacitance, but its circuit 'R_b-W_b' is no single arc.* leave the capac",
        ),
        (
            SHORT.replace('"Zarc_b"', '"Pore_b(CPE_b)"\ncapacitance = [1e-7, 1e-5]'),
            r"'Pore_b\(CPE_b\)' is no single arc, nor a pore whose wall is one",
        ),
    ],
)
def test_a_wrong_template_is_refused_with_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(eisfit.InputError, match=sentence) as caught:
        parse_template("mine", text)
    assert "\n" not in str(caught.value).replace(text, "")


def test_an_unknown_template_lists_the_shipped_ones() -> None:
    with pytest.raises(
        TemplateError, match=r"no template 'nope'; shipped: .*le_se.*; or give a path ending in .toml"
    ):
        template("nope")


def test_a_missing_configuration_names_those_there_are() -> None:
    with pytest.raises(TemplateError, match="no configuration with 8 electrodes; it has 4, 2"):
        template("le_se", electrodes=8)


def test_an_open_choice_of_electrodes_is_asked_for() -> None:
    with pytest.raises(TemplateError, match="say which, as electrodes = 4"):
        _ = template("le_se").circuit


def test_settings_narrow_a_template_without_changing_it() -> None:
    t = template("le_se", electrodes=4)
    narrower = t.setting({"Zarc_int_alpha": Setting(low=0.8, high=0.95)})
    assert narrower.settings["Zarc_int_alpha"] == Setting(low=0.8, high=0.95)
    assert t.settings["Zarc_int_alpha"] == Setting(low=0.5, high=1.0)
    assert np.isclose(narrower.settings["Zarc_int_alpha"].high or 0, 0.95)
