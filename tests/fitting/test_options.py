"""The options of a fit are checked once, kept in it, and enough to make it again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit import store
from eisfit.analysis.rivals import compare
from eisfit.errors import FitError
from eisfit.fitting import redo
from eisfit.options import LOSSES, NAMED_WEIGHTS, FitOptions
from support.cells import grid, le_se_faded, le_se_values, measured, noisy

CIRCUIT = "R0-p(R1,C1)"
START = {"R0": 8.0, "R1": 150.0, "C1": 2e-6}


def arc(seed: int = 1, *, outlier: bool = False) -> eisfit.Spectrum:
    f = grid(1e5, 1.0, 8)
    z = noisy(10 + 100 / (1 + 2j * np.pi * f * 1e-3), 0.005, seed)
    if outlier:
        z[9] *= 1.2
    return eisfit.Spectrum(f, z, label=f"arc {seed}")


SIGMA = 0.004 * np.abs(arc().z_ohm) * np.linspace(0.8, 1.2, len(arc()))
CHOICES: list[dict[str, Any]] = [
    {},
    {"weights": "noise", "seed": 3},
    {"weights": SIGMA},
    {"loss": "cauchy", "seed": 2},
    {"weights": SIGMA.tolist(), "loss": "student_t"},
    {"start": START},
    {"start": START, "loss": "soft_l1", "weights": SIGMA},
]


@pytest.mark.parametrize("chosen", CHOICES, ids=lambda c: " ".join(c) or "none")
def test_a_fit_is_made_again_from_its_file(tmp_path: Path, chosen: dict[str, Any]) -> None:
    fit = eisfit.fit_many([arc(outlier=True)], CIRCUIT, **chosen)[0]
    loaded = store.load(store.save(tmp_path / "fit.h5", fit))
    assert loaded == fit
    assert loaded.options == fit.options == FitOptions(**chosen)
    assert redo(loaded) == fit


def test_given_standard_deviations_are_kept_for_each_spectrum(tmp_path: Path) -> None:
    fits = [eisfit.fit(arc(k), CIRCUIT, weights=k * SIGMA, seed=k) for k in (1, 2, 3)]
    fits.insert(1, eisfit.fit(arc(4), CIRCUIT))
    loaded = store.load(store.save(tmp_path / "fits.h5", fits))
    assert loaded == fits
    assert [f.weights for f in loaded] == ["given", "modulus", "given", "given"]
    for k, fit in zip((1, 2, 3), (loaded[0], *loaded[2:]), strict=True):
        assert np.array_equal(fit.options.weights, k * SIGMA)
        assert fit.options.seed == k


def test_a_fit_keeps_the_choice_of_resistors_when_it_is_made_again() -> None:
    fit = eisfit.fit(measured(le_se_faded(), le_se_values()), "le_se", loss="cauchy")
    again = redo(fit)
    assert again.template == fit.template
    assert again.outcome is fit.outcome
    for name, value in fit.values.items():
        assert again.values[name] == pytest.approx(value, rel=1e-6, nan_ok=True)


def test_a_failed_fit_keeps_its_options_and_fails_again(tmp_path: Path) -> None:
    short = eisfit.Spectrum([10.0], [1 + 1j], label="point")
    failed = eisfit.fit_many([short], CIRCUIT, weights=SIGMA, loss="cauchy", seed=5)[0]
    assert (failed.weights, failed.loss) == ("", "")
    assert failed.options == FitOptions(SIGMA, "cauchy", 5)
    loaded = store.load(store.save(tmp_path / "failed.h5", failed))
    assert loaded == failed == redo(loaded)


def test_a_series_keeps_its_options() -> None:
    spectra = [arc(k).under(eisfit.Conditions(temperature_c=20.0 * k)) for k in (1, 2)]
    series = eisfit.fit_series(spectra, CIRCUIT, loss="soft_l1", seed=4)
    assert {(f.options.loss, f.options.seed) for f in series} == {("soft_l1", 4)}


def test_standard_deviations_that_are_not_known_are_asked_for() -> None:
    older = replace(eisfit.fit(arc(), CIRCUIT, weights=SIGMA), options=FitOptions(()))
    assert not older.options.complete
    assert older.weights == "given"
    with pytest.raises(FitError, match="arc 1: it was fitted with standard deviations that it does not hold"):
        redo(older)


def test_options_are_equal_by_content_and_cannot_be_changed() -> None:
    assert FitOptions(SIGMA, start=START) == FitOptions(tuple(SIGMA), start=dict(START))
    assert FitOptions(SIGMA) != FitOptions(2 * SIGMA)
    with pytest.raises(TypeError):
        FitOptions(start=START).start["R0"] = 1.0  # type: ignore[index]


@pytest.mark.parametrize("name", NAMED_WEIGHTS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_name_is_an_option(name: str, loss: str) -> None:
    options = FitOptions(name, loss)
    assert (options.weights_name, options.loss, options.complete) == (name, loss, True)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"weights": "given"},
            "unknown weights 'given'; known: modulus, unit, proportional, noise, or standard",
        ),
        ({"weights": [[1.0, 2.0]]}, "sigmas must be positive numbers in ohm, one per point"),
        ({"loss": "huber"}, "unknown loss 'huber'; known: linear, soft_l1, cauchy, student_t"),
    ],
)
def test_wrong_options_are_refused_at_the_door(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FitError, match=sentence):
        FitOptions(**wrong)
    with pytest.raises(FitError, match=sentence):
        eisfit.fit(arc(), CIRCUIT, **wrong)


def test_rivals_are_compared_under_a_robust_loss() -> None:
    spectrum = arc(outlier=True)
    found = compare(spectrum, [CIRCUIT, "R0-R2-p(R1,C1)"], loss="cauchy", seed=1)
    assert {r.fit.loss for r in found.rivals} == {"cauchy"}
    assert found[CIRCUIT].fit == eisfit.fit(spectrum, CIRCUIT, loss="cauchy", seed=1)
