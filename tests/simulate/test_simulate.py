"""Simulation: the same seed gives the same series, and the truth beside it is the truth."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import InputError
from eisfit.simulate import SCENARIOS, Part, simulate, write_simulation
from support.paths import SAMPLE

A = "llto_le_four_electrode"


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
