"""The measured files of sample_spectra: they are what the README says, and eisfit reads and fits them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

import eisfit
from support.paths import ROOT

SHELF = ROOT / "sample_spectra" / "measured"
FILES = sorted(p.name for p in SHELF.iterdir() if p.name not in ("README.md", "LICENSE"))
README = (SHELF / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", FILES)
def test_the_readme_tells_format_points_and_hash(name: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `{name}`"))
    (spectrum,) = eisfit.read(SHELF / name)
    assert spectrum.source is not None
    assert spectrum.source.format.split()[0].lower() in row.lower()
    assert f"| {len(spectrum)} |" in row
    found = re.search(r"`([0-9a-f]{8})`", row)
    assert found is not None
    assert hashlib.sha256((SHELF / name).read_bytes()).hexdigest().startswith(found[1])


def test_the_licences_lie_beside_the_files_and_no_path_of_a_machine_is_in_them() -> None:
    licence = (SHELF / "LICENSE").read_text("utf-8")
    assert licence.count("MIT License") == 2
    assert "AUTODIAL" in licence
    assert "impedance.py developers" in licence
    assert sum(p.stat().st_size for p in SHELF.iterdir()) < 100_000
    for name in FILES:
        text = (SHELF / name).read_bytes().lower()
        assert b"users\\" not in text
        assert b"/home/" not in text


def lithium_ion_cell() -> eisfit.Spectrum:
    """Return the spectrum of the lithium-ion cell without its inductive points."""
    (spectrum,) = eisfit.read(Path(SHELF / "exampleData.csv"))
    return spectrum.cut(drop=[int(k) for k in np.flatnonzero(spectrum.z_ohm.imag >= 0)])


def test_from_its_start_impedance_py_and_eisfit_end_in_the_same_minimum() -> None:
    # impedance.py 1.7.1, unit weights, from its own example's start; its values to four digits
    start = {"R0": 0.01, "R1": 0.01, "C1": 3.0, "R2": 0.005, "Wo1_R": 0.05, "Wo1_tau": 200.0, "C2": 0.2}
    theirs = {"R0": 0.01652, "R1": 0.008677, "C1": 3.321, "R2": 0.005390, "Wo1_R": 0.06309, "C2": 0.2195}
    fits = eisfit.fit_many([lithium_ion_cell()], "R0-p(R1,C1)-p(R2-Wo1,C2)", weights="unit", start=start)
    for name, value in theirs.items():
        assert fits[0].values[name] == pytest.approx(value, rel=0.011)
    spectrum = lithium_ion_cell()
    misfit = (fits[0].impedance() - spectrum.z_ohm)[spectrum.used]
    assert float(np.sum(np.abs(misfit) ** 2)) < 1.9430e-5, "their sum of squares is 1.94302e-5"


@pytest.mark.parametrize("seed", range(8))
def test_without_a_start_eisfit_finds_a_better_minimum_than_impedance_py(seed: int) -> None:
    # half sums of squares: 9.72e-6 in the documentation of impedance.py 1.7.1, from its start
    spectrum = lithium_ion_cell()
    fitted = eisfit.fit(spectrum, "R0-p(R1,C1)-p(R2-Wo1,C2)", weights="unit", seed=seed)
    misfit = (fitted.impedance() - spectrum.z_ohm)[spectrum.used]
    assert 0.5 * float(np.sum(np.abs(misfit) ** 2)) <= 7.02e-6


def test_without_a_start_the_series_resistance_of_the_cell_is_the_same() -> None:
    fitted = eisfit.fit(lithium_ion_cell(), "R0-p(R1,CPE1)-p(R2-Wo1,CPE2)")
    assert fitted.values["R0"] == pytest.approx(0.0165, rel=0.1)
    assert fitted.statistics is not None
    assert fitted.statistics.rms_percent < 2.0


def test_a_measured_arc_is_found_without_a_start() -> None:
    (spectrum,) = eisfit.read(SHELF / "exampleDataZPlot.z")
    fitted = eisfit.fit(spectrum, "R0-p(R1,CPE1)")
    assert fitted.values["R0"] + fitted.values["R1"] == pytest.approx(651.0, rel=0.01)
    assert fitted.statistics is not None
    assert fitted.statistics.rms_percent < 1.5
    assert fitted.outcome is eisfit.Outcome.MISFIT, "a systematic deviation of 3 % at 240 kHz is said"
