"""A plan as a file and as a command: what it says, and sentences for mistakes."""

from pathlib import Path

import pytest

import eisfit
from eisfit.errors import InputError
from eisfit.workflow.plan_file import read_plan
from support.planned import pellet_of, two_arcs

PLAN = """
template = "le_se"
electrodes = 4
above_window = ["bulk"]
area_cm2 = 0.785
thickness_cm = 0.1
temperatures_c = [0, 20, 40, 60]
temperature_err_c = 0.3
noise_percent = 0.5
for = "interface"

[expected."liquid + bulk"]
resistance_ohm = 100
activation_energy_ev = 0.35

[expected."grain boundary"]
resistance_ohm = 250
activation_energy_ev = 0.40
capacitance_f = 1e-7
alpha = 0.9

[expected.interface]
resistance_ohm = 1000
activation_energy_ev = 0.52
capacitance_f = 1.5e-7
alpha = 0.9

[[complement]]
name = "pellet"
template = "se_blocking"
electrodes = 2
shares = ["grain boundary"]
area_cm2 = 0.785
thickness_cm = 0.2

[complement.expected.bulk]
resistance_ohm = 160
activation_energy_ev = 0.35
capacitance_f = 3.5e-11

[complement.expected.electrode]
capacitance_f = 1e-5
alpha = 0.8
"""


def written(tmp_path: Path, text: str = PLAN) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_says_what_python_says(tmp_path: Path) -> None:
    text = PLAN.replace(
        "temperatures_c = [0, 20, 40, 60]", f"temperatures_c = {list(two_arcs(3.0).temperatures_c)}"
    )
    text = text.replace('[expected."liquid + bulk"]', '[expected."liquid + bulk"]\nordinate = "ln(1/R)"')
    text = text.replace('[expected."grain boundary"]', '[expected."grain boundary"]\nordinate = "ln(1/R)"')
    cell = two_arcs(3.0)
    theirs = eisfit.plan(cell, complements=[pellet_of(cell)])
    ours = read_plan(written(tmp_path, text)).made()
    assert ours.target.stderr == pytest.approx(theirs.target.stderr, rel=1e-9)
    assert [m.name for m in ours.measurements] == [m.name for m in theirs.measurements]


def test_a_scenario_may_be_measured_otherwise(tmp_path: Path) -> None:
    how = "noise_percent = 5\ntemperatures_c = [20, 40, 60]\ntemperature_err_c = 0.1"
    text = f'scenario = "llto_le_four_electrode"\n{how}'
    asked = read_plan(written(tmp_path, text))
    assert (asked.cell.noise, asked.cell.temperatures_c, asked.cell.temperature_err_c) == (
        0.05,
        (20, 40, 60),
        0.1,
    )
    assert asked.cell.conditions.area_cm2 == 0.785


def test_laws_windows_and_limits_of_a_file_count(tmp_path: Path) -> None:
    head = (
        'estimate = "shared"\nshare = ["interface C"]\nreference_c = 40\ntemperatures_allowed_c = [0, 60]\n'
    )
    tail = (
        '\n[law]\ninterface = { law = "arrhenius", ordinate = "ln(T/R)" }\n"grain boundary" = "arrhenius"\n'
    )
    asked = read_plan(
        written(tmp_path, head + "frequency_hz = [0.01, 1e7]\npoints_per_decade = 5" + PLAN + tail)
    )
    assert asked.cell.frequency_hz == (1e7, 0.01)
    assert asked.cell.points_per_decade == 5
    found = asked.made()
    assert found.target.estimate == "shared"
    assert {
        e.contribution for e in found.errors if e.quantity == "activation energy" and e.estimate == "joint"
    } == {
        "interface",
        "grain boundary",
    }
    assert {e.temperature_c for e in found.errors if e.quantity == "resistance by the law"} == {40.0}
    assert [m.name for m in found.measurements if m.kind == "temperature"] == ["one more temperature, 10 °C"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("noise_percent", "noise_procent", "unknown key 'noise_procent' (did you mean 'noise_percent'?)"),
        (
            "alpha = 0.9",
            "alhpa = 0.9",
            "expected 'grain boundary': unknown key 'alhpa' (did you mean 'alpha'?)",
        ),
        (
            'expected."grain boundary"',
            "expected.grainboundary",
            "(did you mean 'grain boundary'?); there are",
        ),
        ('template = "le_se"', 'template = "lese"', "no template 'lese' (did you mean 'le_se'?)"),
        ('template = "le_se"', "", "name one of scenario, results, template, circuit; it has none"),
        ('template = "le_se"', 'scenario = "llto"\ntemplate = "le_se"', "it has scenario and template"),
        (
            'above_window = ["bulk"]',
            'above_window = ["bulc"]',
            "above_window: 'bulc' is no segment between the probes",
        ),
        (
            "temperatures_c = [0, 20, 40, 60]",
            "",
            "'temperatures_c' is missing; write temperatures_c = [0, 20, 40, 60]",
        ),
        ("noise_percent = 0.5", "noise_percent = -1", "noise_percent is -1; it is in percent of |Z|, as 0.5"),
        ("noise_percent = 0.5", 'noise_percent = "0,5 %"', "noise_percent is '0,5 %'; it must be a number"),
        ("electrodes = 4", "electrodes = 3", "template 'le_se' has no configuration with 3 electrodes"),
        (
            "resistance_ohm = 250",
            "asr_ohm_cm2 = 250\nresistance_ohm = 250",
            "it has resistance_ohm and asr_ohm_cm2",
        ),
        ("resistance_ohm = 250", "resistance_ohm = -250", "resistance_ohm is -250; it must be positive"),
        (
            "capacitance_f = 1e-7\nalpha = 0.9",
            "",
            "give its capacitance, as capacitance_f or capacitance_f_cm2",
        ),
        ("alpha = 0.9", "alpha = 1.2", "alpha is 1.2; an exponent lies between 0 and 1"),
        ("activation_energy_ev = 0.52", 'ordinate = "ln(R/T)"', "unknown ordinate 'ln(R/T)'"),
        ('shares = ["grain boundary"]', 'shares = ["grain boundry"]', "(did you mean 'grain boundary'?)"),
        ("thickness_cm = 0.2", "", "thickness_cm is not known, so 'grain boundary' cannot be shared"),
        ("thickness_cm = 0.2", "measured = 1", "measured is 1; write measured = true or measured = false"),
        (
            "thickness_cm = 0.2",
            "geometry_err = 0.0\nthickness_cm = 0.2",
            "geometry_err is 0; it is a fraction",
        ),
        ("area_cm2 = 0.785", "area_cm2 = -1", "area_cm2"),
        ("for = ", "temperatures_allowed_c = [20]\nfor = ", "temperatures_allowed_c has 1 numbers"),
    ],
)
def test_a_mistake_in_a_file_is_one_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in PLAN
    with pytest.raises(InputError) as told:
        read_plan(written(tmp_path, PLAN.replace(old, new, 1))).made()
    text = str(told.value)
    assert sentence in text
    assert "plan.toml" in text
    assert "\n" not in text


def test_files_that_are_none_are_named(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(
        InputError, match=r"plam.toml: there is no such file \(did you mean '.*plan.toml'\?\)"
    ):
        read_plan(tmp_path / "plam.toml")
    with pytest.raises(InputError, match="this is a folder; name a TOML file"):
        read_plan(tmp_path)
    with pytest.raises(InputError, match=r"plan\.toml: no scenario 'llto_le'; there are"):
        read_plan(written(tmp_path, 'scenario = "llto_le"'))
