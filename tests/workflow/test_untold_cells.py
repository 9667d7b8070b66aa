"""Two cells under one line are said in words, with the cure; one cell never is."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfit.formats import read_file
from eisfit.results.fit import Fit
from eisfit.results.order import measured_order
from eisfit.results.series import Series
from eisfit.spectrum import Conditions
from eisfit.spectrum.findings import Source
from eisfit.spectrum.spectrum import Spectrum
from eisfit.workflow import read_manifest, read_spectra
from eisfit.workflow.said_of_series import why_no_line
from eisfit.workflow.untold_cells import untold_cells
from support.folders import arc_at
from support.paths import ROOT
from support.stored import series as stored

WARM = (0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0)
SAMPLES = sorted(p.parent.name for p in (ROOT / "sample_spectra").glob("*/series.toml"))


def at(celsius: float, file: str, factor: float = 1.0, sweep: int = 1) -> Spectrum:
    """Return a spectrum of one cell in a file, times a factor."""
    s = arc_at(celsius, factor, seed=zlib.crc32(file.encode()))
    known = Conditions(temperature_c=celsius)
    return Spectrum(
        s.frequency_hz, s.z_ohm, conditions=known, label=Path(file).stem, source=Source(file, "", "t", sweep)
    )


def judged(spectra: list[Spectrum]) -> str:
    """Return what is said of a series of these spectra, whose fits play no part."""
    place, order = measured_order(spectra, "temperature_c")
    fit = stored()[0]
    fits = tuple(_with(fit, spectra[k]) for k in place)
    return untold_cells(Series("temperature_c", fits, order=order))


def _with(fit: Fit, spectrum: Spectrum) -> Fit:
    return replace(fit, spectrum=spectrum)


def both(one: str, other: str, factor: float, *, every: int = 1) -> list[Spectrum]:
    """Return two groups of files, at all temperatures or at every second in turn."""
    first = [at(t, one.format(t)) for t in WARM[::every]]
    return first + [at(t, other.format(t), factor) for t in (WARM if every == 1 else WARM[1::every])]


@pytest.mark.parametrize(
    ("spectra", "said"),
    [
        (
            both("/d/A/{:g}C.csv", "/d/B/{:g}C.csv", 2.0),
            '2 folders, .*factor of 2 .*cell_from_name = "{cell}/"',
        ),
        (both("/d/A/{:g}C.csv", "/d/B/{:g}C.csv", 1.02), "2 folders, .*same temperatures stand in each"),
        (
            both("/d/A_{:g}C.csv", "/d/B_{:g}C.csv", 2.0, every=2),
            'groups of files.*cell_from_name = "{cell}_"',
        ),
        (
            both("/d/c1_{:g}C.csv", "/d/c2_{:g}C.csv", 0.5, every=2),
            "factor of 2 .*if these are several cells",
        ),
        (
            [at(t, f"/d/{k:02d}.csv") for k, t in enumerate(WARM)]
            + [at(t, f"/d/{k + 10}.csv", 2.0) for k, t in enumerate(WARM)],
            "groups of files, as '00' and '10'.*factor of 2",
        ),
        (
            [at(t, f"/d/{k:02d}.csv", 1.0 + k % 2) for k, t in enumerate(WARM)],
            "lie on two curves over temperature.*on the upper are 01, 03, 05, 07",
        ),
        (
            [at(25, "/d/x.csv"), at(25, "/d/y.csv", 3.0), at(40, "/d/z.csv")],
            "'x' and 'y' stand at 25 °C both",
        ),
        (
            [at(t, "/d/all.csv", 1.0 + k // 8, k + 1) for k, t in enumerate(WARM * 2)],
            "write cell_column, the heading of the column that names the cell",
        ),
    ],
)
def test_two_cells_are_said_in_words(spectra: list[Spectrum], said: str) -> None:
    assert re.search(said, judged(spectra))


@pytest.mark.parametrize(
    "spectra",
    [
        [at(t, f"/d/{t:g}C.csv") for t in WARM],
        [at(t, f"/d/{t:g}C/EIS.csv") for t in WARM],
        [at(t, f"/d/{t:g}C/{x}.csv") for t in WARM for x in "ab"],
        both("/d/heating/{:g}C.csv", "/d/cooling/{:g}C.csv", 1.1),
        both("/d/run1_{:g}C.csv", "/d/run2_{:g}C.csv", 1.05),
        [at(t, f"/d/{k:02d}.csv") for k, t in enumerate(WARM)]
        + [at(t, f"/d/{k + 10}.csv", 1.2) for k, t in enumerate(reversed(WARM))],
        [at(25, "/d/x.csv")],
    ],
    ids=["plain", "folders of T", "two in each folder", "branches", "runs", "heating and cooling", "one"],
)
def test_one_cell_is_not_questioned(spectra: list[Spectrum]) -> None:
    assert judged(spectra) == ""


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_of_one_cell_each(name: str) -> None:
    spectra, _ = read_spectra(read_manifest(ROOT / "sample_spectra" / name))
    assert judged(spectra) == ""


def test_noise_is_no_second_cell() -> None:
    for seed in range(200):
        rng = np.random.default_rng(seed)
        spread = np.exp(0.1 * rng.standard_normal(len(WARM)))
        assert (
            judged([at(t, f"/d/{k:02d}.csv", f) for k, (t, f) in enumerate(zip(WARM, spread, strict=True))])
            == ""
        )


def test_two_measured_electrolytes_in_one_file_are_said(real_spectra: Path) -> None:
    (file,) = (real_spectra / "series" / "liquid-electrolyte-arrhenius").glob("*.csv")
    assert "factor of 2.1 at equal temperatures" in judged(read_file(file))


def test_a_series_at_one_temperature_says_why_it_has_no_energy() -> None:
    fit = stored()[0]
    one = Series("temperature_c", (_with(fit, at(25, "/d/x.csv")),))
    assert "one spectrum at one temperature (25 °C): there is no activation energy" in why_no_line(one)
    fits = tuple(_with(fit, at(25, f"/d/{name}.csv")) for name in "xy")
    assert "2 spectra at one temperature (25 °C)" in why_no_line(Series("temperature_c", fits))
    assert why_no_line(stored()) == ""
    assert why_no_line(fits) == ""
