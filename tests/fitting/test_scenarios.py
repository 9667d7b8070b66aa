"""The simulated folders: their files are those that the scenarios give, and a fit finds its truth."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit.simulate import SCENARIOS, Simulation, simulate, write_simulation
from eisfit.workflow.manifest import read_manifest
from eisfit.workflow.read import read_spectra
from support.paths import ROOT

SHELF = ROOT / "sample_spectra"
E, G, F = "llto_pe_two_electrode", "lpscl_peo_four_electrode", "llzo_peo_porous"
COLD, K = "llto_blocking_cold", "licgc_pe_no_interface"
NEW = (E, G, F, COLD, K)
ROWS = {
    E: ("polymer + bulk", "grain boundary", "interface + electrode"),
    G: ("polymer + bulk", "interphase", "charge transfer", "interface"),
    F: ("polymer + bulk", "pore", "interface"),
    COLD: ("bulk", "grain boundary", "electrode"),
    K: ("polymer + bulk", "grain boundary", "interface"),
}


@cache
def fitted(name: str) -> eisfit.Series:
    manifest = read_manifest(SHELF / name)
    spectra, unread = read_spectra(manifest)
    assert not unread
    electrodes = SCENARIOS[name].conditions.electrodes
    return eisfit.fit_series(spectra, eisfit.template(str(manifest.template), electrodes=electrodes))


def pulls(made: Simulation, series: eisfit.Series, name: str) -> list[float]:
    """Return (found - true) / error of one contribution at every temperature where it has a value."""
    rows = [(k, f[name]) for k, f in enumerate(series) if name in {c.name for c in f.contributions}]
    known = [(k, c) for k, c in rows if math.isfinite(c.resistance_ohm)]
    return [
        (c.resistance_ohm - made.true_resistance_ohm(k, name)) / c.resistance_stderr_ohm for k, c in known
    ]


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_folder_on_the_shelf_is_what_the_simulation_writes(name: str, tmp_path: Path) -> None:
    scenario = SCENARIOS[name]
    made = simulate(name, seed=1)
    write_simulation(made, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {p.name for p in (SHELF / name).iterdir()}
    for text in ("series.toml", "README.md"):
        assert (tmp_path / text).read_text("utf-8") == (SHELF / name / text).read_text("utf-8")
    for spectrum in made.spectra:
        for ending in scenario.formats:
            (read,) = eisfit.read(SHELF / name / f"{spectrum.label}{ending}")
            np.testing.assert_allclose(read.frequency_hz, spectrum.frequency_hz, rtol=1e-6)
            np.testing.assert_allclose(read.z_ohm, spectrum.z_ohm, rtol=1e-6)


@pytest.mark.parametrize("name", NEW)
def test_a_new_folder_holds_one_format_and_says_what_it_is(name: str) -> None:
    endings = {p.suffix for p in (SHELF / name).iterdir()} - {".toml", ".md"}
    assert endings == set(SCENARIOS[name].formats)
    assert len(endings) == 1
    assert "simulated, not measured" in (SHELF / name / "README.md").read_text("utf-8")
    assert sum(p.stat().st_size for p in (SHELF / name).iterdir()) < 120_000


def test_four_formats_are_on_the_shelf() -> None:
    assert {s.formats[0] for s in SCENARIOS.values()} == {".mpt", ".DTA", ".z", ".csv"}


@pytest.mark.parametrize("name", NEW)
def test_a_series_has_the_rows_of_its_cell_and_they_hold_the_truth(name: str) -> None:
    series = fitted(name)
    assert series.names == ROWS[name]
    made = simulate(name, seed=1)
    for contribution in ROWS[name]:
        values = pulls(made, series, contribution)
        assert all(abs(p) < 4.5 for p in values), f"{contribution}: {values}"
    assert all(f.outcome is eisfit.Outcome.GOOD for f in series)


@pytest.mark.parametrize(
    ("name", "contribution"),
    [
        (G, "interphase"),
        (G, "charge transfer"),
        (F, "interface"),
        (COLD, "bulk"),
        (COLD, "grain boundary"),
        (K, "grain boundary"),
    ],
)
def test_the_energy_is_that_of_the_scenario(name: str, contribution: str) -> None:
    part = SCENARIOS[name].parts[contribution]
    line = fitted(name).arrhenius(contribution)
    assert line.ordinate.replace("sigma T", "T/R") == part.ordinate
    assert abs(line.activation_energy_ev - part.activation_energy_ev) < 3 * line.activation_energy_stderr_ev
    assert line.activation_energy_stderr_ev < 0.03
    assert line.points_used == len(SCENARIOS[name].temperatures_c)


def test_two_electrodes_report_interface_and_electrode_as_one() -> None:
    for k, fit in enumerate(fitted(E)):
        both = fit["interface + electrode"]
        truth = simulate(E, seed=1).true_resistance_ohm(k, "interface + electrode")
        assert both.resistance_ohm == pytest.approx(truth, rel=0.01)
        assert both.asr_ohm_cm2 == pytest.approx(both.resistance_ohm * 0.785 / 2)


def test_a_bulk_that_leaves_the_window_keeps_its_value_and_its_line() -> None:
    words = [f["bulk"].resolved for f in fitted(COLD)]
    left = words.index("top outside window")
    assert words[:left] == ["yes"] * left
    assert words[left:] == ["top outside window"] * (len(words) - left)
    assert 0 < left < len(words) - 3
    assert all(f["electrode"].resolved == "blocking" for f in fitted(COLD))


def test_a_porous_interface_is_known_per_geometric_and_per_true_area() -> None:
    for fit in fitted(F):
        pore, wall = fit["pore"], fit["interface"]
        assert pore.asr_ohm_cm2 == pytest.approx(pore.resistance_ohm * 0.785 / 2)
        assert wall.asr_ohm_cm2 == pytest.approx(wall.resistance_ohm * 7.85 / 2)
        assert wall.capacitance_f == pytest.approx(0.785e-7, rel=0.05)
        assert "true" in wall.note
        assert pore.resistance_ohm > wall.resistance_ohm, "the way through the pores adds to the wall"


def test_without_a_true_area_the_wall_has_a_resistance_only() -> None:
    spectrum = simulate(F, seed=2).spectra[3]
    bare = spectrum.under(
        eisfit.Conditions(area_cm2=0.785, thickness_cm=0.1, electrodes=4, temperature_c=70.0)
    )
    fit = eisfit.fit(bare, "pe_se_porous")
    assert math.isfinite(fit["interface"].resistance_ohm)
    assert math.isnan(fit["interface"].asr_ohm_cm2)
    assert math.isfinite(fit["pore"].asr_ohm_cm2)


def test_an_interface_that_is_not_there_has_an_upper_limit_at_every_temperature() -> None:
    made = [simulate(K, seed=k) for k in range(2)]
    fits = eisfit.fit_many(
        [s.named(f"{s.label} {k}") for k, m in enumerate(made) for s in m.spectra], "pe_se"
    )
    for fit in fits:
        assert fit["interface"].resolved == "upper limit"
        assert math.isnan(fit["interface"].resistance_ohm)
        assert 0 < fit["interface"].limit_ohm < 0.2 * fit["polymer + bulk"].resistance_ohm
    known = [
        (f[name].resistance_ohm - made[k // 4].true_resistance_ohm(k % 4, name))
        / f[name].resistance_stderr_ohm
        for k, f in enumerate(fits)
        for name in ("polymer + bulk", "grain boundary")
    ]
    assert np.std(known) < 1.6
    assert abs(np.mean(known)) < 0.8


@cache
def noisy_interphase(seeds: range) -> list[tuple[float, float, eisfit.Fit]]:
    """Return true interphase, true sum and fit of the argyrodite cell at 80 °C with 0.5 % noise."""
    made = [simulate(G, seed=k, noise=0.005) for k in seeds]
    last = len(SCENARIOS[G].temperatures_c) - 1
    fits = eisfit.fit_many([m.spectra[last].named(f"seed {m.seed}") for m in made], "pe_se_spei")
    truth = [
        (m.true_resistance_ohm(last, "interphase"), m.true_resistance_ohm(last, "interface")) for m in made
    ]
    return [(film, total, fit) for (film, total), fit in zip(truth, fits, strict=True)]


def check_noisy_interphase(seeds: range, cover: float) -> str:
    words: list[str] = []
    sums: list[bool] = []
    for film, total, fit in noisy_interphase(seeds):
        row = fit["interphase"]
        words.append(row.resolved)
        if row.resolved == "upper limit":
            assert math.isnan(row.resistance_ohm)
            assert row.limit_ohm > film
        elif math.isfinite(row.resistance_ohm):
            assert row.stderr_log < 0.3
        else:
            assert row.resolved == "sum only"
        by_name = {c.name: c for c in fit.contributions}
        if math.isfinite(by_name["interface"].resistance_ohm):
            low, high = by_name["interface"].ci95_ohm
            sums.append(low < total < high)
    empty = sum(w in ("upper limit", "sum only") for w in words)
    said = f"{empty} of {len(words)} empty, {sum(sums)} of {len(sums)} sums hold the truth"
    assert empty > 0.5 * len(words), said
    assert len(sums) >= 0.95 * len(words), said
    assert np.mean(sums) >= cover, said
    return said


def test_an_interphase_of_two_percent_has_a_limit_or_a_sum_at_half_a_percent_of_noise() -> None:
    check_noisy_interphase(range(20), 0.9)


@pytest.mark.slow
def test_the_sum_holds_the_truth_in_nineteen_of_twenty_noisy_interphases() -> None:
    print(check_noisy_interphase(range(2000, 2200), 0.93))


def series_pulls(name: str, seeds: range) -> dict[str, list[float]]:
    """Return the pulls of resistances and activation energies of simulated series by quantity."""
    scenario = SCENARIOS[name]
    template = eisfit.template(scenario.template, electrodes=scenario.conditions.electrodes)
    rows = ROWS[name]
    if name == K:  # with an interface in the template, errors also allow for one that is hidden
        template, rows = template.without(["interface"]), ("polymer + bulk", "grain boundary")
    found: dict[str, list[float]] = {}
    for seed in seeds:
        made = simulate(name, seed=seed)
        series = eisfit.fit_series(made.spectra, template)
        for contribution in rows:
            known = pulls(made, series, contribution)
            found.setdefault(contribution, []).extend(known)
            part = scenario.parts.get(contribution)
            if part is not None and contribution != "pore" and known:
                line = series.arrhenius(contribution)
                error = line.activation_energy_ev - part.activation_energy_ev
                found.setdefault(f"E_A {contribution}", []).append(error / line.activation_energy_stderr_ev)
    return {key: values for key, values in found.items() if values}


def outside(found: dict[str, list[float]]) -> list[str]:
    """Return which pulls are not as wide as they should be, or are biased."""
    said = [
        f"{key}: {len(v)}, mean {np.mean(v):.2f}, width {np.std(v, ddof=1):.2f}"
        for key, v in found.items()
        if abs(np.mean(v)) > 0.25 or not 0.85 <= np.std(v, ddof=1) <= 1.18
    ]
    return said


@pytest.mark.slow
@pytest.mark.parametrize("name", NEW)
def test_series_have_pulls_of_width_one(name: str) -> None:
    found = series_pulls(name, range(3000, 3040))
    if outside(found):  # the width of 40 energies is uncertain by 11 %: look closer
        for key, values in series_pulls(name, range(3040, 3200)).items():
            found.setdefault(key, []).extend(values)
    for key, values in found.items():
        print(f"{name} {key}: {len(values)}, mean {np.mean(values):.2f}, width {np.std(values):.2f}")
    assert not outside(found)
