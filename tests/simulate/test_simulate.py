"""Simulation: the same seed gives the same series, and the truth beside it is the truth."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from eisfit import Conditions
from eisfit.errors import InputError
from eisfit.simulate import SCENARIOS, Part, simulate, write_simulation
from eisfit.simulate.scenario_file import parse_scenario
from eisfit.simulate.shelf import ScenarioShelf
from support.paths import SAMPLE

A = SAMPLE.name


def test_equal_seeds_give_equal_series() -> None:
    assert simulate(A, seed=3) == simulate(A, seed=3)
    assert simulate(A, seed=3).spectra != simulate(A, seed=4).spectra


def test_noise_is_normal_by_the_modulus() -> None:
    clean, noisy = simulate(A, seed=3, noise=0.0), simulate(A, seed=3)
    assert len(clean.spectra) == len(noisy.spectra)
    s = [n.z_ohm for n in noisy.spectra]
    assert all(np.isfinite(z).all() for z in s)


def test_arcs_lie_where_the_scenario_says() -> None:
    # scenario A of the review's library: grain boundary 63.7 kHz and interface 318 Hz at 25 °C
    parts = SCENARIOS[A].parts
    for name, frequency in (("grain boundary", 63.7e3), ("interface", 318.0)):
        part = parts[name]
        assert part.capacitance_f_cm2 is not None
        assert 1 / (2 * np.pi * part.asr_ohm_cm2 * part.capacitance_f_cm2) == pytest.approx(
            frequency, rel=2e-3
        )
    assert parts["interface"].asr_at(333.15) == pytest.approx(500 / 8.4, rel=0.01)


def test_the_law_of_a_part_is_straight_in_its_ordinate() -> None:
    part = Part(100.0, 0.4, "ln(T/R)")
    t = np.array([280.0, 300.0, 320.0])
    y = np.log(t / [part.asr_at(k) for k in t])
    slope = np.diff(y) / np.diff(1 / t)
    np.testing.assert_allclose(-slope * 8.617333262e-5, 0.4, rtol=1e-9)


def test_the_truth_on_the_shelf_is_that_of_its_seed() -> None:
    truth = tomllib.loads((SAMPLE / "truth.toml").read_text(encoding="utf-8"))
    made = simulate(A, seed=truth["seed"])
    for k, row in enumerate(truth["spectrum"]):
        assert row["true_temperature_c"] == pytest.approx(made.true_temperatures_c[k], abs=1e-6)
        for name, value in row["resistance_ohm"].items():
            assert value == pytest.approx(made.true_resistance_ohm(k, name), rel=1e-8)


def test_the_readme_says_that_it_is_simulated() -> None:
    assert "simulated, not measured" in (SAMPLE / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_readme_begins_its_sentences_with_a_capital(name: str) -> None:
    text = (SAMPLE.parent / name / "README.md").read_text(encoding="utf-8")
    assert re.search(r"simulated, not measured\.\*\* [A-Z]", text)


def test_a_series_is_not_overwritten_unasked(tmp_path: Path) -> None:
    made = simulate(A)
    write_simulation(made, tmp_path)
    with pytest.raises(InputError, match="holds a series already"):
        write_simulation(made, tmp_path)
    write_simulation(made, tmp_path, overwrite=True)


def test_an_unknown_scenario_lists_those_there_are() -> None:
    with pytest.raises(InputError, match=f"no scenario 'x'; there are: .*{A}"):
        simulate("x")


SCENARIO = """
title = "a pellet"
template = "se_blocking"
source = ["10.1/a"]
anchors = "All after A [1]."
temperatures_c = [25, 60]
frequency_hz = [1e6, 0.1]
points_per_decade = 10
noise = 0.005
formats = [".csv"]
[conditions]
electrodes = 2
area_cm2 = 0.785
[[part]]
name = "bulk"
asr_ohm_cm2 = 100
activation_energy_ev = 0.35
ordinate = "ln(T/R)"
capacitance_f_cm2 = 9e-11
[[part]]
name = "grain boundary"
asr_ohm_cm2 = 250
activation_energy_ev = 0.4
ordinate = "ln(T/R)"
capacitance_f_cm2 = 1e-8
[[part]]
name = "electrode"
asr_ohm_cm2 = inf
activation_energy_ev = 0
ordinate = "ln(1/R)"
capacitance_f_cm2 = 2e-6
alpha = 0.88
"""


def test_a_scenario_file_is_read() -> None:
    read = parse_scenario("mine", SCENARIO)
    assert read.name == "mine"
    assert read.parts["grain boundary"] == Part(250.0, 0.4, "ln(T/R)", 1, 1e-8)
    assert np.isinf(read.parts["electrode"].asr_ohm_cm2)
    assert read.conditions == Conditions(electrodes=2, area_cm2=0.785)
    assert read.sums == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title = ", "not valid TOML"),
        ("title = 't'", "'template' is missing"),
        (SCENARIO.replace("noise = 0.005", ""), "'noise' is missing"),
        (SCENARIO.replace("noise = 0.005", "noise = 'x'"), "noise is 'x'; it must be a number"),
        (SCENARIO.replace("noise", "colour = 1\nnoise"), "unknown key 'colour'"),
        (SCENARIO.replace("alpha", "colour = 1\nalpha"), "part 'electrode': unknown key 'colour'"),
        (SCENARIO.replace("electrodes", "colour = 1\nelectrodes"), "conditions: unknown key 'colour'"),
        (SCENARIO.replace("electrodes = 2", "electrodes = 8"), "no configuration with 8 electrodes"),
        (SCENARIO.replace("electrodes = 2", "temperature_c = 2"), "unknown key 'temperature_c'"),
        (SCENARIO.replace("0.785", "-0.785"), "conditions: area_cm2 is -0.785: it must be positive"),
        (SCENARIO.replace("se_blocking", "nope"), "no template 'nope'; shipped: "),
        (SCENARIO.replace("[25, 60]", "[]"), "temperatures_c is .*; write numbers"),
        (SCENARIO.replace("[1e6, 0.1]", "[0.1, 1e6]"), "highest and the lowest frequency"),
        (SCENARIO.replace("decade = 10", "decade = 0.5"), "points_per_decade is 0.5; it must be a whole"),
        (SCENARIO.replace('[".csv"]', '[".xls"]'), "unknown format '.xls'; known: .mpt, .DTA, .z, .csv"),
        (SCENARIO.replace('[".csv"]', "[]"), "formats is empty"),
        (SCENARIO.replace('["10.1/a"]', "[7]"), r"source is \[7\]; write texts in quotes"),
        (SCENARIO.replace('["10.1/a"]', "[]"), r"\[1\] is cited in anchors and missing from source"),
        (SCENARIO.replace("A [1]", "A"), r"\[1\] of source is not cited in anchors"),
        (SCENARIO.replace('"ln(1/R)"', '"ln R"'), "unknown ordinate 'ln R'; known"),
        (SCENARIO.replace('"electrode"', '"bulk"'), "two parts have the same name"),
        (SCENARIO.replace('"electrode"', '"contact"'), "it has no part 'electrode', which lies between"),
        (SCENARIO + '[[part]]\nname = "x"\nasr_ohm_cm2 = 1\nactivation_energy_ev = 1\nordinate = "ln(1/R)"',
         "part 'x' does not lie between the probes of se_blocking"),
        (SCENARIO + '[sums]\nboth = ["bulk", "x"]', "sum 'both': unknown part 'x'; known: bulk"),
        (SCENARIO.replace("noise", 'above_window = ["x"]\nnoise'), "above_window: unknown segment 'x'"),
    ],
)  # fmt: skip
def test_a_wrong_scenario_is_refused_with_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        parse_scenario("mine", text)
    assert str(caught.value).startswith("scenario 'mine'")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_names_its_sources_by_doi(name: str) -> None:
    readme = (SAMPLE.parent / name / "README.md").read_text(encoding="utf-8")
    assert SCENARIOS[name].source
    for doi in SCENARIOS[name].source:
        assert doi.startswith("10.")
        assert f"doi {doi}" in readme


def test_scenarios_are_read_when_first_asked_for() -> None:
    shelf = ScenarioShelf()
    assert "_scenarios" not in vars(shelf)
    assert len(shelf) == len(SCENARIOS)
    assert shelf[A] is shelf[A]
