"""Series: the simulated sample gives back its truth, the measured one its published energies."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit.errors import SeriesError
from eisfit.simulate import SCENARIOS, simulate, write_simulation
from eisfit.workflow.manifest import read_manifest
from eisfit.workflow.read import read_spectra
from support.cells import GEOMETRY, le_se_faded, le_se_values, measured
from support.paths import SAMPLE

A = SAMPLE.name


@pytest.fixture(scope="module")
def sample() -> eisfit.Series:
    m = read_manifest(SAMPLE)
    spectra, _ = read_spectra(m)
    return eisfit.fit_series(spectra, eisfit.template(str(m.template), electrodes=4))


def pulls(seed: int) -> dict[str, list[float]]:
    """Return (found - true) / error of each resistance, area-specific resistance and energy of one simulation."""
    made = simulate(A, seed=seed)
    series = eisfit.fit_series(made.spectra, "le_se")
    scenario = SCENARIOS[A]
    found: dict[str, list[float]] = {}
    for name, part in scenario.parts.items():
        for k, fitted in enumerate(series):
            c = fitted[name]
            true = made.true_resistance_ohm(k, name)
            found.setdefault(f"R {name}", []).append((c.resistance_ohm - true) / c.resistance_stderr_ohm)
            if math.isfinite(c.asr_ohm_cm2):
                true_asr = true * (scenario.conditions.area_cm2 or 1) / part.count
                found.setdefault(f"ASR {name}", []).append((c.asr_ohm_cm2 - true_asr) / c.asr_stderr_ohm_cm2)
        line = series.arrhenius(name)
        pull = (line.activation_energy_ev - part.activation_energy_ev) / line.activation_energy_stderr_ev
        found[f"E_A {name}"] = [pull]
    return found


def gathered(seeds: range) -> dict[str, np.ndarray]:
    every = [pulls(seed) for seed in seeds]
    return {key: np.concatenate([np.array(one[key]) for one in every]) for key in every[0]}


@pytest.mark.slow
def test_two_hundred_simulations_have_pulls_of_width_one() -> None:
    for key, values in gathered(range(1000, 1200)).items():
        assert 0.85 <= values.std(ddof=1) <= 1.18, f"{key}: width {values.std(ddof=1):.3f}"
        assert abs(values.mean()) <= 0.25, f"{key}: mean {values.mean():.3f}"


def test_twenty_simulations_have_pulls_of_about_one() -> None:
    # width of 20 pulls of the energies: 1 with a standard error of 0.16; those of 160 resistances: 0.056
    for key, values in gathered(range(20)).items():
        room = 4 / math.sqrt(2 * (values.size - 1))
        assert abs(values.std(ddof=1) - 1) < room + 0.1, f"{key}: width {values.std(ddof=1):.3f}"
        assert abs(values.mean()) < 4 / math.sqrt(values.size), f"{key}: mean {values.mean():.3f}"


def test_the_sample_on_the_shelf_is_what_the_simulation_writes(tmp_path: Path) -> None:
    write_simulation(simulate(A, seed=1), tmp_path / A)
    for path in sorted(SAMPLE.iterdir()):
        if path.suffix == ".csv":
            continue  # the last digit of a logarithm may differ between machines
        assert (tmp_path / A / path.name).exists()
    assert (tmp_path / A / "series.toml").read_text() == (SAMPLE / "series.toml").read_text()


def test_the_sample_lies_in_two_formats_that_agree() -> None:
    for path in sorted(SAMPLE.glob("*.mpt")):
        a, b = eisfit.read(path)[0], eisfit.read(path.with_suffix(".csv"))[0]
        np.testing.assert_allclose(a.z_ohm, b.z_ohm, rtol=1e-7)
        np.testing.assert_allclose(a.frequency_hz, b.frequency_hz, rtol=1e-7)
        assert a.time_s is not None
        assert b.time_s is not None
        np.testing.assert_allclose(a.time_s, b.time_s, rtol=1e-9)


def test_the_sample_is_ordered_and_every_arc_keeps_its_name(sample: eisfit.Series) -> None:
    temperatures = [f.spectrum.conditions.temperature_c or 0.0 for f in sample]
    assert temperatures == sorted(temperatures)
    assert sample.names == ("liquid + bulk", "grain boundary", "interface")
    for name, c in (("grain boundary", 1e-8 * 0.785), ("interface", 1e-6 * 0.785)):
        found = [f[name].capacitance_f for f in sample]
        np.testing.assert_allclose(found, c, rtol=0.05)


def test_the_default_ordinate_follows_the_role(sample: eisfit.Series) -> None:
    lines = {(a.contribution, a.ordinate): default for a, default in sample.lines()}
    assert lines == {
        ("liquid + bulk", "ln(T/R)"): True,
        ("liquid + bulk", "ln(1/R)"): False,
        ("grain boundary", "ln(sigma T)"): True,
        ("grain boundary", "ln(sigma)"): False,
        ("interface", "ln(1/R)"): True,
        ("interface", "ln(T/R)"): False,
    }


def test_an_unsuitable_ordinate_is_refused(sample: eisfit.Series) -> None:
    with pytest.raises(
        SeriesError, match=r"ordinate 'ln\(sigma\)' does not suit asr; take ln\(1/R\) or ln\(T/R\)"
    ):
        sample.arrhenius("interface", "ln(sigma)")


def test_an_unknown_contribution_is_refused(sample: eisfit.Series) -> None:
    with pytest.raises(
        SeriesError, match=r"no contribution 'pore' in this series; there are 'liquid [+] bulk'"
    ):
        sample.arrhenius("pore")


def test_a_spectrum_can_be_left_out_of_a_line(sample: eisfit.Series) -> None:
    line = sample.arrhenius("interface", leave_out=["llto_25C"])
    assert (line.points_used, line.points_total) == (7, 8)


def test_a_missing_temperature_error_is_said() -> None:
    made = simulate(A, seed=3)
    bare = [s.under(replace(s.conditions, temperature_err_c=None)) for s in made.spectra]
    line = eisfit.fit_series(bare, "le_se").arrhenius("interface")
    assert any("no temperature error given" in r for r in line.remarks)
    with_error = eisfit.fit_series(made.spectra, "le_se").arrhenius("interface")
    assert (
        with_error.activation_energy_stderr_ev
        > 2 * 0.9 * np.sqrt(line.covariance[1, 1] / line.chi2_reduced) * 8.6e-5
    )
    assert with_error.remarks == ()


def test_an_area_error_is_common_to_all_points() -> None:
    made = simulate(A, seed=3)
    spectra = [s.under(s.conditions.updated(area_err_cm2=0.0785)) for s in made.spectra]
    line = eisfit.fit_series(spectra, "le_se").arrhenius("interface")
    without = eisfit.fit_series(made.spectra, "le_se").arrhenius("interface")
    assert line.activation_energy_stderr_ev == pytest.approx(without.activation_energy_stderr_ev)
    assert line.references[0].stderr / line.references[0].value == pytest.approx(0.1, rel=0.05)


def test_heating_and_cooling_both_enter_the_line() -> None:
    made = simulate(A, seed=5)
    again = [s.named(f"{s.label} cooling") for s in simulate(A, seed=6).spectra]
    series = eisfit.fit_series([*made.spectra, *again], "le_se")
    assert series.arrhenius("interface").points_used == 16


def test_a_spectrum_that_cannot_be_fitted_does_not_stop_the_series() -> None:
    made = simulate(A, seed=7)
    short = eisfit.Spectrum([1e3, 1e2], [1, 2], conditions=made.spectra[0].conditions, label="short")
    series = eisfit.fit_series([*made.spectra, short], "le_se")
    assert not series.all_done
    assert series.arrhenius("interface").points_used == 8
    assert series.arrhenius("interface").points_total == 9


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [("pressure", "unknown condition 'pressure'"), ("time_h", "time_h is not known, so it has no place")],
)
def test_a_series_needs_its_condition(condition: str, sentence: str) -> None:
    with pytest.raises(SeriesError, match=sentence):
        eisfit.fit_series([measured(le_se_faded(), le_se_values())], "le_se", over=condition)


def test_an_empty_series_is_refused() -> None:
    with pytest.raises(SeriesError, match="no spectrum"):
        eisfit.fit_series([], "le_se")


def test_fits_can_be_ordered_by_hand() -> None:
    spectra = [
        measured(le_se_faded(), le_se_values(), conditions=GEOMETRY.updated(time_h=t), label=f"{t}")
        for t in (5.0, 1.0)
    ]
    series = eisfit.Series.over("time_h", eisfit.fit_many(spectra, "le_se").fits)
    assert [f.label for f in series] == ["1.0", "5.0"]
    assert series.condition == "time_h"


def test_a_series_of_one_has_contributions_and_no_line() -> None:
    series = eisfit.fit_series([measured(le_se_faded(), le_se_values())], "le_se")
    assert series.lines() == []
    with pytest.raises(SeriesError, match="at least two"):
        series.arrhenius("interface")


@pytest.fixture(scope="module")
def pellet(real_spectra: Path) -> eisfit.Series:
    """Return the measured pellet s04147, 140 to 200 °C, fitted without any start."""
    spectra = []
    for path in sorted((real_spectra / "series" / "novocontrol-s04147-140-200C").glob("s04147-*deg.txt")):
        conditions = eisfit.Conditions(
            temperature_c=float(path.stem.split("-")[1].removesuffix("deg")),
            area_cm2=math.pi * 0.4**2,
            thickness_cm=0.21,
            electrodes=2,
        )
        spectra += [s.under(conditions) for s in eisfit.read(path)]
    assert len(spectra) == 7
    return eisfit.fit_series(spectra, "se_blocking")


@pytest.mark.parametrize(
    ("name", "published", "its_error"), [("bulk", 0.587, 0.016), ("grain boundary", 0.892, 0.003)]
)
def test_the_measured_pellet_gives_its_published_energies(
    pellet: eisfit.Series, name: str, published: float, its_error: float
) -> None:
    # values published with the data: MIT-licensed EISFitpython examples; J. Mater. Chem. A 12 (2024) 15847
    plain = pellet.arrhenius(name, "ln(sigma T)", weighted=False)
    assert plain.activation_energy_ev == pytest.approx(published, abs=0.001)
    assert plain.activation_energy_stderr_ev == pytest.approx(its_error, abs=0.001)
    weighted = pellet.arrhenius(name)
    assert weighted.ordinate == "ln(sigma T)"
    assert abs(weighted.activation_energy_ev - published) < weighted.activation_energy_stderr_ev
    assert weighted.points_used == 7


def test_the_bulk_of_the_measured_pellet_leaves_the_window_and_keeps_its_value(pellet: eisfit.Series) -> None:
    assert [f["bulk"].resolved for f in pellet][-2:] == ["top outside window"] * 2
    assert all(f["grain boundary"].resolved == "yes" for f in pellet)
    np.testing.assert_allclose([f["grain boundary"].capacitance_f for f in pellet], 1.8e-11, rtol=0.1)
