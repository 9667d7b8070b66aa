"""Sound spectra of few points raise no alarm, and faults are still found, over hundreds of simulated spectra."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import eisfit
from eisfit.spectrum.findings import Source
from eisfit.validity import check, checked, drift
from support.cells import noisy

TAU = 2j * np.pi


def zarc(f: np.ndarray, r: float, q: float, alpha: float) -> np.ndarray:
    return np.asarray(r / (1 + r * q * (TAU * f) ** alpha))


def few(seed: int) -> eisfit.Spectrum:
    f = np.logspace(5, -1, 8)
    return eisfit.Spectrum(f, noisy(12 + zarc(f, 300, 2e-5, 0.88), 0.004, seed))


def pellet(seed: int, n: int = 14) -> eisfit.Spectrum:
    f = np.logspace(6, 0, n)
    z = 50 + zarc(f, 2e4, 3e-11, 0.97) + zarc(f, 8e4, 2e-9, 0.9) + 1 / (2e-6 * (TAU * f) ** 0.8)
    return eisfit.Spectrum(f, noisy(z, 0.004, seed))


def blocked(seed: int, n: int) -> eisfit.Spectrum:
    f = np.logspace(5, 5 - n / 8, n)
    z = 5 + zarc(f, 100, 1e-6, 0.9) + 1 / (1e-4 * (TAU * f) ** 0.9)
    return eisfit.Spectrum(f, noisy(z, 0.005, seed))


def led(seed: int, n: int) -> eisfit.Spectrum:
    f = np.logspace(6, 6 - n / 8, n)
    return eisfit.Spectrum(f, noisy(5 + zarc(f, 10, 1e-3, 0.9) + TAU * f * 1e-6, 0.005, seed))


def test_sound_spectra_raise_alarms_in_one_of_a_hundred_at_most() -> None:
    spectra = [few(k) for k in range(60)] + [pellet(k) for k in range(60)]
    spectra += [blocked(k, 8 + k) for k in range(60)] + [led(k, 8 + k % 50) for k in range(60)]
    spectra += [pellet(k, 30 + k) for k in range(40)]
    assert sum(bool(check(s).findings) for s in spectra) <= len(spectra) // 100


@pytest.mark.parametrize("n", [8, 10, 14, 20, 60])
def test_equal_sweeps_drift_in_one_of_a_hundred_at_most(n: int) -> None:
    assert sum(found is not None for found in drift([blocked(k, n) for k in range(200)])) <= 2


def test_too_few_points_give_no_number_and_no_verdict() -> None:
    for spectrum in (few(1), pellet(1)):
        found = check(spectrum)
        assert np.isnan(found.kk_max_residual_percent)
        assert found.findings == ()
        assert not found.outliers.any()


@pytest.mark.parametrize("n", [8, 15, 20, 60])
def test_a_wrong_sign_is_found_however_few_the_points(n: int) -> None:
    for seed in range(10):
        s = blocked(seed, n)
        assert "sign" in {f.kind for f in check(eisfit.Spectrum(s.frequency_hz, s.z_ohm.conj())).findings}


def test_a_lead_is_no_wrong_sign() -> None:
    f = np.logspace(6, 4, 20)
    for seed in range(20):
        s = eisfit.Spectrum(f, noisy(0.5 + TAU * f * 1e-6, 0.005, seed))
        assert check(s).findings == ()


@pytest.mark.parametrize("n", [30, 60])
def test_single_outliers_are_found(n: int) -> None:
    found = 0
    for seed in range(20):
        s = blocked(seed, n)
        z = s.z_ohm.copy()
        z[2 + seed % (n - 4)] *= 1.2
        found += bool(check(eisfit.Spectrum(s.frequency_hz, z)).outliers[2 + seed % (n - 4)])
    assert found >= 17


# --- drift within one file and under one condition


def taken_from(file: str, spectrum: eisfit.Spectrum, factor: float, celsius: float | None) -> eisfit.Spectrum:
    return eisfit.Spectrum(
        spectrum.frequency_hz,
        factor * spectrum.z_ohm,
        conditions=eisfit.Conditions(temperature_c=celsius),
        label=file,
        source=Source(file, "", "test"),
    )


@pytest.mark.parametrize(
    ("files", "temperatures", "drifts"),
    [
        (("a", "a"), (None, None), True),
        (("a", "a"), (25.0, 25.0), True),
        (("a", "a"), (25.0, 30.0), False),
        (("a", "a"), (25.0, None), False),
        (("a", "b"), (25.0, 25.0), False),
        (("a", "b"), (None, None), False),
    ],
)
def test_drift_is_sought_within_one_file_and_condition(
    files: tuple[str, str], temperatures: tuple[float | None, float | None], drifts: bool
) -> None:
    first, second = (
        taken_from(file, blocked(k, 60), 1 + 0.1 * k, celsius)
        for k, (file, celsius) in enumerate(zip(files, temperatures, strict=True))
    )
    seen = checked([first, second])[1]
    assert ("drift" in {finding.kind for finding in seen.all_findings}) is drifts


def test_three_different_cells_do_not_drift() -> None:
    f = np.logspace(5, -1, 61)
    cells = {"A": (7.6, 33.0, 112.0), "B": (4.0, 6.9, 89.0), "C": (5.5, 21.0, 40.0)}
    spectra = [
        eisfit.Spectrum(f, noisy(a + zarc(f, b, 2e-5, 0.88) + zarc(f, c, 1e-3, 0.8), 0.003, 1), label=name)
        for name, (a, b, c) in cells.items()
    ]
    assert all(s.all_findings == () for s in checked(spectra))


# --- beside the others


def test_a_twin_is_named() -> None:
    first, second = (blocked(1, 40).named(name) for name in ("cell_25C", "copy_25C"))
    seen = checked([first, second, blocked(2, 40).named("other")])
    assert [[f.kind for f in s.all_findings] for s in seen] == [[], ["twin"], []]
    assert "all numbers are those of cell_25C" in seen[1].finding


def test_a_spectrum_of_far_fewer_points_is_named() -> None:
    seen = checked([*(blocked(k, 71) for k in range(3)), blocked(4, 5)])
    assert [[f.kind for f in s.all_findings] for s in seen] == [[], [], [], ["few points"]]
    assert seen[3].finding.startswith("5 points, where half of the spectra have 71 or more")


@pytest.mark.parametrize("name", ["few8.csv", "pellet14_0.csv"])
def test_a_file_of_few_points_is_found_sound(name: str, tmp_path: Path) -> None:
    s = few(1) if name.startswith("few") else pellet(0)
    rows = "\n".join(
        f"{f:.8g},{z.real:.8g},{z.imag:.8g}" for f, z in zip(s.frequency_hz, s.z_ohm, strict=True)
    )
    (tmp_path / name).write_text(f"freq_Hz,Zre_ohm,Zim_ohm\n{rows}\n", encoding="utf-8")
    assert checked(eisfit.read(tmp_path / name))[0].finding == ""
