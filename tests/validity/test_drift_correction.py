"""Sweeps of a cell that grows meanwhile: the drift is said, and taken out between them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit import Conditions, Spectrum, fit_series
from eisfit.errors import InputError
from eisfit.formats.delimited_text import write_csv
from eisfit.validity import drift_corrected, drift_within_sweeps
from support.growing_cells import CIRCUIT, FREQUENCY_HZ, TIME_S, TRANSFER_OHM, film_ohm, growing

SEEDS = 3


def _pulls(spectra: list[Spectrum], name: str) -> list[float]:
    series = fit_series(spectra, CIRCUIT, over="time_h")
    found = []
    for fit in series:
        true = TRANSFER_OHM if name == "Zarc_ct" else float(film_ohm(fit.spectrum.conditions.time_h or 0.0))
        found.append((fit[name].resistance_ohm - true) / fit[name].resistance_stderr_ohm)
    return found


def test_plain_fits_are_biased_and_the_drift_is_said() -> None:
    series = fit_series(growing(0), CIRCUIT, over="time_h")
    first = series.fits[0]
    assert (first["Zarc_ct"].resistance_ohm - TRANSFER_OHM) / first["Zarc_ct"].resistance_stderr_ohm > 4
    assert [f.kind for f in first.spectrum.all_findings] == ["drift within sweep"]
    assert "drift_correction = true" in str(first.spectrum.all_findings[0])
    assert not series.fits[-1].spectrum.all_findings


def test_corrected_fits_recover_film_and_transfer() -> None:
    pulls = [
        _pulls(drift_corrected(growing(seed)), name)
        for seed in range(SEEDS)
        for name in ("Zarc_ct", "Zarc_film")
    ]
    assert 0.75 < np.sqrt(np.mean(np.square(pulls))) < 1.25
    assert np.max(np.abs(np.mean(pulls, axis=0))) < 1.5


def test_nothing_is_said_of_a_cell_that_rests() -> None:
    said = [f for seed in range(10) for f in drift_within_sweeps(growing(seed, last_ohm=1e-9))]
    assert sum(f is not None for f in said) <= 2  # 90 sweeps at 0.3 %: 0.3


def test_growth_by_time_and_by_its_root_is_exact() -> None:
    f = np.logspace(4, -1, 21)
    at = np.cumsum(3 / f) / 3600
    for law in (lambda t: t, np.sqrt):
        sweeps = [
            Spectrum(f, 5 + law(h + at) * (1 - 0.5j), time_s=3600 * at, conditions=Conditions(time_h=h))
            for h in (0.5, 1.0, 3.0, 9.0)
        ]
        for one in drift_corrected(sweeps):
            start = one.conditions.time_h - at[0]  # time_h is the age at the first point
            assert one.z_ohm == pytest.approx(5 + law(start + at[0]) * (1 - 0.5j), abs=2e-3)
            assert np.ptp(one.z_ohm.real) < 1e-9


def test_times_that_run_on_count_without_ages() -> None:
    clocked = [
        replace(
            s,
            time_s=TIME_S - TIME_S[0] + 3600 * (s.conditions.time_h or 0.0),
            conditions=Conditions(electrodes=4),
        )
        for s in growing(1)
    ]
    for one, other in zip(drift_corrected(clocked), drift_corrected(growing(1)), strict=True):
        assert one.z_ohm == pytest.approx(other.z_ohm)
        assert one.conditions.time_h == pytest.approx(other.conditions.time_h)


def test_start_and_duration_are_enough() -> None:
    periods = 1 / FREQUENCY_HZ  # each point takes a number of its periods, and is of their middle
    middle = TIME_S[-1] * (np.cumsum(periods) - periods / 2) / periods.sum()
    known = growing(2, 1e-6, time_s=middle)
    modelled = [replace(s, time_s=None) for s in known]
    pairs = zip(drift_corrected(modelled, duration_s=TIME_S[-1]), drift_corrected(known), strict=True)
    for one, other in pairs:
        assert "from the duration of the sweep" in str(one.findings[-1])
        assert one.z_ohm == pytest.approx(other.z_ohm, rel=1e-4)
    own = [s.under(s.conditions.updated(own={"duration_s": float(TIME_S[-1])})) for s in modelled]
    assert [s.z_ohm[-1] for s in drift_corrected(own)] == pytest.approx(
        [s.z_ohm[-1] for s in drift_corrected(modelled, duration_s=TIME_S[-1])]
    )


def test_the_error_of_the_interpolation_and_the_noise_are_stated() -> None:
    (first, *_) = drift_corrected(growing(3))
    text = str(first.findings[-1])
    assert first.findings[-1].kind == "drift corrected"
    assert "interpolated between 9 sweeps to 1.4163 h" in text
    assert "error of the interpolation of up to" in text
    assert "times the noise" in text
    far = drift_corrected(growing(3, starts_h=(1.0, 150.0, 300.0)))
    assert "measure at shorter intervals" in str(far[0].findings[-1])


def test_masked_points_stay_masked_and_lonely_ones_are_masked() -> None:
    sweeps = growing(4, starts_h=(1.0, 2.0, 4.0))
    sweeps[1] = sweeps[1].without(np.arange(81) == 40, "hum")
    sweeps[0] = sweeps[0].cut(f_min_hz=0.02)
    found = drift_corrected(sweeps)
    assert found[1].mask_reason[40] == "hum"
    assert found[0].mask[-1]
    assert "no sweep before and after" in found[1].mask_reason[-1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s[:1], "give all sweeps of the cell at once"),
        (lambda s: [s[0].under(temperature_c=30.0), *s[1:]], "differ in temperature_c"),
        (lambda s: [replace(s[0], time_s=None), *s[1:]], "cell_1h: no time of its points is known"),
        (
            lambda s: [s[0].under(replace(s[0].conditions, time_h=None)), *s[1:]],
            "cell_1h: time_h is not known",
        ),
        (lambda s: [s[0], s[1].under(time_h=1.2), *s[2:]], "cannot overlap"),
        (lambda s: [s[0], *(x.cut(f_min_hz=5e5) for x in s[1:2]), *s[2:]], "share fewer than 8"),
    ],
)
def test_what_cannot_be_corrected_is_refused_by_name(change, words) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=words):
        drift_corrected(change(growing(0)))


@pytest.mark.parametrize("duration", [-3.0, [1.0, 2.0]])
def test_a_wrong_duration_is_refused(duration: float | list[float]) -> None:
    with pytest.raises(InputError, match="duration_s"):
        drift_corrected(growing(0, times_known=False), duration_s=duration)


def test_the_manifest_asks_for_it(tmp_path: Path) -> None:
    from eisfit.workflow import RunOptions, read_manifest, run_series

    lines = [f'circuit = "{CIRCUIT}"', 'over = "time_h"', "drift_correction = true"]
    for sweep in growing(5, starts_h=(1.0, 2.0, 4.0)):
        write_csv(tmp_path / f"{sweep.label}.csv", sweep)
        lines += ["[[spectrum]]", f'file = "{sweep.label}.csv"', f"time_h = {sweep.conditions.time_h}"]
    (tmp_path / "series.toml").write_text("\n".join(lines))
    run = run_series(read_manifest(tmp_path), RunOptions())
    assert all(f.spectrum.findings[-1].kind == "drift corrected" for f in run.result)
    (tmp_path / "series.toml").write_text("\n".join(lines).replace("= true", '= "yes"'))
    with pytest.raises(eisfit.InputError, match="drift_correction = true or"):
        read_manifest(tmp_path)
