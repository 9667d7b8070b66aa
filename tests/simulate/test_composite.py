"""Scenario M: pellets with particles, whose conductivities tell the resistance of the interface in them."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
import pytest

from eisfit import fit_series, template
from eisfit.errors import InputError
from eisfit.simulate import CAMPAIGNS, simulate
from eisfit.simulate.scenario_file import parse_scenario
from eisfit.simulate.texts import truth_toml
from eisfit.solids import bruggeman, hasselman_johnson, interface_bound

CELL: dict[str, Any] = {"matrix_s_cm": 1e-4, "particle_s_cm": 5e-4, "radius_cm": 1e-3}
TRUTH_OHM_CM2 = 3.0
TEXT = """
title = "t"
template = "se_blocking"
without = ["grain boundary"]
above_window = ["bulk"]
source = ["10.1007/s41918-020-00062-7"]
anchors = "[1]"
temperatures_c = [25]
particle_fractions = [0.0, 0.3]
frequency_hz = [1e6, 1]
points_per_decade = 5
noise = 0.005
formats = [".csv"]
conditions = { electrodes = 2, area_cm2 = 1.0, thickness_cm = 0.1 }
[[part]]
name = "bulk"
asr_ohm_cm2 = 1000.0
activation_energy_ev = 0.4
ordinate = "ln(T/R)"
particles = { matrix_s_cm = 1e-4, particle_s_cm = 5e-4, radius_cm = 1e-3, interface_ohm_cm2 = 3.0 }
[[part]]
name = "electrode"
asr_ohm_cm2 = inf
activation_energy_ev = 0.0
ordinate = "ln(1/R)"
capacitance_f_cm2 = 2e-5
alpha = 0.9
"""


def test_the_truth_is_the_mixture() -> None:
    made = simulate("M")
    assert made.campaign is CAMPAIGNS["composite"]
    for k, spectrum in enumerate(made.spectra):
        share = spectrum.conditions.own["particle_fraction"]
        sigma = hasselman_johnson(1e-4, 5e-4, share, radius_cm=1e-3, asr_ohm_cm2=TRUTH_OHM_CM2)
        assert made.true_resistance_ohm(k, "bulk") == pytest.approx(0.1 / float(sigma) / 0.785)
    truth = tomllib.loads(truth_toml(made))
    assert truth["contribution"][0]["interface_ohm_cm2"] == TRUTH_OHM_CM2


def test_the_interface_is_recovered_from_fits_and_its_limit_holds() -> None:
    held, pulls = [], []
    pellet = template("se_blocking").without(["grain boundary"])
    for seed in range(4):
        series = fit_series(simulate("M", seed=seed).spectra[2::2], pellet, over="particle_fraction")
        for fit in series.fits:
            bulk = fit["bulk"]
            share = fit.spectrum.conditions.own["particle_fraction"]
            found = interface_bound(
                bulk.conductivity_s_cm,
                stderr_s_cm=bulk.conductivity_stderr_s_cm,
                particle_fraction=share,
                **CELL,
            )
            held.append(found.upper_ohm_cm2 > TRUTH_OHM_CM2)
            error = (found.upper_ohm_cm2 - found.interface_ohm_cm2) / 1.645
            pulls.append((found.interface_ohm_cm2 - TRUTH_OHM_CM2) / error)
            assert found.upper_ohm_cm2 < found.break_even_ohm_cm2
    assert np.mean(held) > 0.75
    assert 0.6 < np.std(pulls) < 1.5


@pytest.mark.parametrize("asr", [0.0, 0.5, 3.0, 8.0, 50.0])
@pytest.mark.parametrize("share", [0.05, 0.3])
def test_each_theory_is_solved_for_the_interface(asr: float, share: float) -> None:
    for theory, mixture in (("hasselman-johnson", hasselman_johnson), ("bruggeman", bruggeman)):
        sigma = float(mixture(1e-4, 5e-4, share, radius_cm=1e-3, asr_ohm_cm2=asr))
        found = interface_bound(sigma, particle_fraction=share, theory=theory, **CELL)  # type: ignore[arg-type]
        assert found.interface_ohm_cm2 == pytest.approx(asr, rel=1e-6, abs=1e-6)


def test_few_particles_give_the_same_by_both_theories() -> None:
    sigma = float(hasselman_johnson(1e-4, 5e-4, 0.02, radius_cm=1e-3, asr_ohm_cm2=3.0))
    found = interface_bound(sigma, particle_fraction=0.02, theory="bruggeman", **CELL)
    assert found.interface_ohm_cm2 == pytest.approx(3.0, rel=0.02)
    with pytest.raises(InputError, match="did you mean 'bruggeman'"):
        interface_bound(sigma, particle_fraction=0.02, theory="brugeman", **CELL)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("matrix_s_cm = 1e-4", "matrix_s_cm = 2e-4", "they state the same"),
        ("radius_cm = 1e-3", "radius_cm = 0", "radius_cm is 0; it must be above 0"),
        ("[0.0, 0.3]", "[0.0, 1.0]", "0 or larger, and below 1"),
        ("particle_fractions = [0.0, 0.3]", "", "belong together"),
        ("temperatures_c = [25]", "temperatures_c = [25, 50]", "change at once"),
    ],
)
def test_a_wrong_composite_is_refused(old: str, new: str, words: str) -> None:
    assert parse_scenario("c", TEXT).over == "particle_fraction"
    with pytest.raises(InputError, match=words):
        parse_scenario("c", TEXT.replace(old, new))
