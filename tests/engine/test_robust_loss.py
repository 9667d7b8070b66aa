"""Robust losses and noise weights: points that are wrong, or loud, do not spoil what the others say."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from typer.testing import CliRunner

import eisfit
from eisfit import store
from eisfit.cli import commands  # noqa: F401  # importing it adds the commands
from eisfit.cli.app import app
from eisfit.errors import FitError, ManifestError
from eisfit.options import LOSSES
from eisfit.validity.noise import noise_level
from eisfit.workflow.manifest import read_manifest
from support.cells import le_se_faded, le_se_values, measured
from support.circuits import ONE_ARC, ONE_ARC_HZ, ONE_ARC_VALUES

ROBUST = LOSSES[1:]
START = {"R0": 13.0, "R1": 80.0, "CPE1_Q": 2e-5, "CPE1_alpha": 0.9}
EXACT = eisfit.Template.from_circuit(ONE_ARC).circuit.impedance(ONE_ARC_HZ, ONE_ARC_VALUES)
NOISE = 0.005
MANY = 150


def spectrum(seed: int, wrong: int = 0, level: Any = NOISE) -> eisfit.Spectrum:
    """Return a spectrum with noise, some of whose points are too large by 20 standard deviations."""
    rng = np.random.default_rng(seed)
    z = EXACT + level * np.abs(EXACT) * (rng.normal(size=61) + 1j * rng.normal(size=61))
    places = rng.choice(61, wrong, replace=False)
    z[places] += 20 * NOISE * np.abs(EXACT[places])
    return eisfit.Spectrum(ONE_ARC_HZ, z, label=f"cell {seed}")


@cache
def many(loss: str, wrong: int) -> eisfit.Fits:
    """Return fits of spectra, 5 % of whose points may be wrong."""
    return eisfit.fit_many([spectrum(k, wrong) for k in range(MANY)], ONE_ARC, start=START, loss=loss)


def pulls(fits: eisfit.Fits, name: str) -> np.ndarray:
    """Return the errors in units of the reported standard errors."""
    return np.asarray((fits.column(name) - ONE_ARC_VALUES[name]) / fits.stderr(name))


@pytest.mark.parametrize("name", ["R0", "R1"])
def test_wrong_points_spoil_least_squares(name: str) -> None:
    assert pulls(many("linear", 3), name).mean() > 0.8
    assert np.std(many("linear", 3).column(name)) > 2.4 * np.std(many("linear", 0).column(name))


@pytest.mark.parametrize("name", ONE_ARC_VALUES)
@pytest.mark.parametrize("loss", ROBUST)
def test_a_robust_loss_is_honest_with_and_without_wrong_points(loss: str, name: str) -> None:
    for wrong in (0, 3):
        found = pulls(many(loss, wrong), name)
        assert 0.85 < found.std() < 1.17  # 3 standard errors of 150, and a little of its own
        if loss != "soft_l1" or wrong == 0:  # which bounds the say of a wrong point, and does not end it
            assert abs(found.mean()) < 0.33


@pytest.mark.parametrize("name", ONE_ARC_VALUES)
@pytest.mark.parametrize("loss", ROBUST)
def test_a_robust_loss_costs_little_where_no_point_is_wrong(loss: str, name: str) -> None:
    plain, robust = many("linear", 0), many(loss, 0)
    assert np.std(robust.column(name)) < 1.12 * np.std(plain.column(name))
    assert np.median(robust.stderr(name) / plain.stderr(name)) < 1.12
    assert np.all(np.abs(robust.column(name) - plain.column(name)) < 1.7 * plain.stderr(name))


@pytest.mark.parametrize("loss", ROBUST)
def test_wrong_points_hardly_widen_the_error_of_a_robust_loss(loss: str) -> None:
    widened = np.median(many(loss, 3).stderr("R1") / many(loss, 0).stderr("R1"))
    assert 1.0 < widened < 1.12


def test_the_weights_are_those_of_the_loss() -> None:
    fit = eisfit.fit(spectrum(1, 3), ONE_ARC, loss="cauchy")
    distance = np.abs(fit.spectrum.z_ohm - fit.impedance()) / np.abs(fit.spectrum.z_ohm)
    scale = np.median(distance) / 1.17741 * np.sqrt(122 / 118)
    np.testing.assert_allclose(fit.point_weights, 1 / (1 + (distance / scale / 2.5486) ** 2), atol=3e-4)
    assert fit.loss == "cauchy"


def test_least_squares_weighs_all_points_alike_but_masked_ones() -> None:
    masked = spectrum(0).cut(drop=[3])
    assert list(np.flatnonzero(eisfit.fit(masked, ONE_ARC).point_weights == 0)) == [3]
    assert set(eisfit.fit(masked, ONE_ARC).point_weights) == {0.0, 1.0}
    assert list(np.flatnonzero(eisfit.fit(masked, ONE_ARC, loss="cauchy").point_weights == 0)) == [3]


@pytest.mark.parametrize("loss", ROBUST)
def test_wrong_points_are_named_and_others_are_not(loss: str) -> None:
    z = spectrum(2).z_ohm.copy()
    z[[10, 30]] *= 1.15
    fit = eisfit.fit(eisfit.Spectrum(ONE_ARC_HZ, z), ONE_ARC, loss=loss)
    assert fit.remarks == (f"2 of 61 points count less than a quarter ({loss}): at 100, 1e+04 Hz",)
    assert fit.statistics is not None
    assert fit.statistics.points == 61


def test_many_wrong_points_are_named_by_their_window() -> None:
    z = spectrum(2).z_ohm.copy()
    z[20:27] *= 1.15
    fit = eisfit.fit(eisfit.Spectrum(ONE_ARC_HZ, z), ONE_ARC, loss="student_t")
    assert fit.remarks[0] == "7 of 61 points count less than a quarter (student_t): between 251 and 1e+03 Hz"


def test_a_cell_is_found_in_spite_of_wrong_points() -> None:
    sound = measured(le_se_faded(), le_se_values())
    z = sound.z_ohm.copy()
    z[[5, 20, 33, 50, 64]] *= [1.3, 0.8, 1.2 + 0.1j, 0.9 - 0.1j, 1.4]
    wrong = eisfit.Spectrum(sound.frequency_hz, z, conditions=sound.conditions)
    fit = eisfit.fit(wrong, "le_se", loss="cauchy")
    for name, value in {"grain boundary": 250.0, "interface": 1000.0}.items():
        row = fit[name]
        assert abs(row.resistance_ohm - value) < 2.5 * row.resistance_stderr_ohm
        assert row.resistance_stderr_ohm < 0.006 * value
    assert fit.remarks[0].startswith("5 of 71 points")


def test_noise_free_data_are_met_exactly() -> None:
    fit = eisfit.fit(eisfit.Spectrum(ONE_ARC_HZ, EXACT), ONE_ARC, loss="cauchy")
    assert fit.values == pytest.approx(ONE_ARC_VALUES, rel=1e-8)
    z = EXACT.copy()
    z[7] *= 2
    off = eisfit.fit(eisfit.Spectrum(ONE_ARC_HZ, z), ONE_ARC, loss="cauchy")
    assert off.values == pytest.approx(ONE_ARC_VALUES, rel=1e-6)
    assert off.point_weights[7] < 1e-6


def test_without_freedom_no_point_is_far_off() -> None:
    two = eisfit.Spectrum(ONE_ARC_HZ[[0, 60]], spectrum(0).z_ohm[[0, 60]], label="two")
    fit = eisfit.fit(two, ONE_ARC, loss="cauchy")
    assert list(fit.point_weights) == [1.0, 1.0]
    assert np.isnan(fit.parameters[1].stderr)
    with pytest.raises(FitError, match="two: as many free parameters as numbers leave no noise to draw"):
        eisfit.bootstrap(fit)


def test_given_standard_deviations_keep_their_scale() -> None:
    sigma = NOISE * np.abs(EXACT)
    plain, robust = (eisfit.fit(spectrum(3), ONE_ARC, weights=sigma, loss=k) for k in ("linear", "cauchy"))
    for a, b in zip(plain.parameters, robust.parameters, strict=True):
        assert 0.97 < b.stderr / a.stderr < 1.12
    half = eisfit.fit(spectrum(3), ONE_ARC, weights=2 * sigma, loss="cauchy")
    assert half.parameters[1].stderr == pytest.approx(2 * robust.parameters[1].stderr, rel=1e-6)


def test_spectra_on_grids_of_their_own_are_weighed_each_by_itself() -> None:
    short = spectrum(4, 3).cut(f_min_hz=1.0)
    short = eisfit.Spectrum(short.frequency_hz[short.used], short.z_ohm[short.used])
    fits = eisfit.fit_many([spectrum(5, 3), short], ONE_ARC, start=START, loss="cauchy")
    alone = eisfit.fit_many([short], ONE_ARC, start=START, loss="cauchy")
    assert fits[1].values == pytest.approx(alone[0].values, rel=1e-9)
    np.testing.assert_allclose(fits[1].point_weights, alone[0].point_weights, atol=1e-6)
    assert fits.column("R1")[1] == fits[1].values["R1"]
    assert fits.stderr("R1")[1] == fits[1].parameters[1].stderr


def test_a_fit_on_demand_is_the_fit_itself() -> None:
    one = spectrum(6, 3)
    assert eisfit.fit_many([one], ONE_ARC, loss="soft_l1")[0] == eisfit.fit(one, ONE_ARC, loss="soft_l1")


def test_an_unknown_loss_is_refused() -> None:
    with pytest.raises(FitError, match=r"unknown loss 'huber'; known: linear, soft_l1, cauchy, student_t"):
        eisfit.fit(spectrum(0), ONE_ARC, loss="huber")


def test_a_robust_fit_comes_back_from_a_file(tmp_path: Path) -> None:
    fits = [eisfit.fit(spectrum(k, 2), ONE_ARC, loss=loss) for k, loss in enumerate(LOSSES)]
    assert store.load(store.save(tmp_path / "a.h5", fits)) == fits


def test_a_file_from_before_robust_losses_is_read(tmp_path: Path) -> None:
    fit = eisfit.fit(spectrum(0).cut(drop=[3]), ONE_ARC)
    path = store.save(tmp_path / "a.h5", fit)
    with h5py.File(path, "r+") as file:
        del file["entry/tables/point_weights"], file["entry/tables/fits/loss"]
    assert store.load(path) == fit


def test_the_commands_know_the_loss(tmp_path: Path) -> None:
    rows = [f"{f},{z.real},{z.imag}" for f, z in zip(ONE_ARC_HZ, spectrum(7, 3).z_ohm, strict=True)]
    text = "\n".join(["frequency_hz,z_real_ohm,z_imag_ohm", *rows])
    (tmp_path / "cell_25C.csv").write_text(text, encoding="utf-8")
    options = ["--circuit", ONE_ARC, "--no-figures", "-q"]
    for command, given in (("fit", ["--loss", "cauchy"]), ("series", [])):
        manifest = tmp_path / "series.toml"
        manifest.write_text(
            'files = "*.csv"\ntemperature_from_name = "{temperature_c}C"\nloss = "cauchy"\n', encoding="utf-8"
        )
        what = str(tmp_path / "cell_25C.csv") if command == "fit" else str(manifest)
        out = tmp_path / command
        done = CliRunner().invoke(app, [command, what, *options, *given, "-o", str(out)])
        assert done.exit_code == 0, done.output
        assert store.load(out / "eisfit.h5")[0].loss == "cauchy"
        assert store.load_settings(out / "eisfit.h5")["loss"] == "cauchy"


def test_a_series_with_an_unknown_loss_is_refused(tmp_path: Path) -> None:
    (tmp_path / "series.toml").write_text('files = "*.csv"\nloss = "none"', encoding="utf-8")
    with pytest.raises(ManifestError, match="loss = 'none' is unknown; known: linear, soft_l1"):
        read_manifest(tmp_path)


# noise weights


LOUD_BELOW = np.where(ONE_ARC_HZ < 100, 0.01, 0.001)


@cache
def loud(weights: str) -> eisfit.Fits:
    """Return fits of spectra with ten times the noise in one half."""
    spectra = [spectrum(k, level=LOUD_BELOW) for k in range(100)]
    return eisfit.fit_many(spectra, ONE_ARC, start=START, weights=weights)


def test_noise_weights_make_the_most_of_the_quiet_half() -> None:
    for name in ("R0", "R1", "CPE1_Q"):
        assert np.std(loud("noise").column(name)) < 0.7 * np.std(loud("modulus").column(name))


@pytest.mark.parametrize("name", ONE_ARC_VALUES)
def test_noise_weights_are_honest(name: str) -> None:
    assert 0.75 < pulls(loud("noise"), name).std() < 1.25


def test_modulus_weights_are_not_where_the_noise_is_uneven() -> None:
    assert pulls(loud("modulus"), "R0").std() < 0.5


@pytest.mark.parametrize("level", [0.003 * np.ones(61), LOUD_BELOW, 0.1 / np.abs(EXACT)])
def test_the_noise_level_is_that_of_the_data(level: np.ndarray) -> None:
    found = [noise_level(ONE_ARC_HZ, spectrum(k, level=level).z_ohm) / np.abs(EXACT) for k in range(20)]
    ratio = np.median(found, axis=0) / level
    away = np.abs(np.log10(ONE_ARC_HZ / 100)) > 0.8  # the level is smooth, a step is not
    assert np.all((ratio[away] > 0.65) & (ratio[away] < 1.4))


def test_the_order_of_the_points_does_not_matter() -> None:
    z = spectrum(1).z_ohm
    order = np.random.default_rng(0).permutation(61)
    shuffled = noise_level(ONE_ARC_HZ[order], z[order])
    np.testing.assert_allclose(shuffled, noise_level(ONE_ARC_HZ, z)[order], rtol=1e-6)


def test_noise_weights_bear_noise_free_and_masked_data() -> None:
    fit = eisfit.fit(eisfit.Spectrum(ONE_ARC_HZ, EXACT).cut(drop=[0, 9]), ONE_ARC, weights="noise")
    assert fit.values == pytest.approx(ONE_ARC_VALUES, rel=1e-6)
    assert fit.weights == "noise"


def test_too_few_points_do_not_show_their_noise() -> None:
    few = eisfit.Spectrum(ONE_ARC_HZ[::9], EXACT[::9], label="short")
    sentence = "short: 7 points do not show their noise, which takes at least 8: use modulus weights"
    with pytest.raises(FitError, match=re.escape(sentence)):
        eisfit.fit(few, ONE_ARC, weights="noise")
    fits = eisfit.fit_many([few, spectrum(0)], ONE_ARC, weights="noise")
    assert [f.outcome is eisfit.Outcome.FAILED for f in fits] == [True, False]
