"""Temperatures from the names of files, for commands and for `eisfit.read`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import eisfit as package
from eisfit import store
from eisfit.errors import ManifestError
from eisfit.workflow.named_spectra import under_names
from eisfit.workflow.survey import survey
from support.commands import Command, rows
from support.folders import CIRCUIT, folder_of

PATTERN = "T{temperature_c}_"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "lab", {"T25_a.csv": 25.0, "T-10_a.csv": -10.0, "blank.csv": 60.0})


def test_read_takes_temperatures_from_names(folder: Path) -> None:
    spectra = package.read(folder / "*.csv", temperature_from_name=PATTERN)
    found = {s.label: s.conditions.temperature_c for s in spectra}
    assert found == {"T25_a": 25.0, "T-10_a": -10.0, "blank": None}
    blank = next(s for s in spectra if s.label == "blank")
    assert "contains no temperature for temperature_from_name = 'T{temperature_c}_'" in blank.finding
    assert all(s.conditions.temperature_c is None for s in package.read(folder / "*.csv"))


def test_the_name_of_a_folder_counts_too(tmp_path: Path) -> None:
    folder_of(tmp_path, {"25 °C/EIS.csv": 25.0, "40 °C/EIS.csv": 40.0})
    spectra = package.read(tmp_path / "*" / "*.csv", temperature_from_name="{temperature_c} °C/EIS")
    assert [s.conditions.temperature_c for s in spectra] == [25.0, 40.0]
    (one,) = package.read(tmp_path / "40 °C" / "EIS.csv", temperature_from_name="{temperature_c} °C/EIS")
    assert one.conditions.temperature_c == 40.0


def test_a_name_counts_before_the_file_and_says_so(folder: Path) -> None:
    (read,) = package.read(folder / "T25_a.csv")
    (other,) = under_names([read.under(temperature_c=40.0)], PATTERN)
    assert other.conditions.temperature_c == 25.0
    assert "the name says 25 °C, the file 40 °C; that of the name is used" in other.finding
    (same,) = under_names([read.under(temperature_c=25.0)], PATTERN)
    assert same.finding == read.finding


@pytest.mark.parametrize("pattern", ["T25", "warm{temperature_c}"])
def test_a_pattern_that_fits_no_name_is_refused(folder: Path, pattern: str) -> None:
    with pytest.raises(ManifestError, match=r"no \{temperature_c\} in it|contains no temperature for"):
        package.read(folder / "*.csv", temperature_from_name=pattern)


def test_fit_and_its_tables_have_the_temperature(eisfit: Command, folder: Path) -> None:
    asked = ("--circuit", CIRCUIT, "--temperature-from-name", PATTERN, "--no-figures")
    ran = eisfit("fit", folder / "*.csv", *asked, "-o", folder / "out")
    assert ran.code == 0, ran.err
    assert {r["spectrum"]: r["temperature_c"] for r in rows(folder / "out" / "spectra.csv")} == {
        "T-10_a": "-10.0",
        "T25_a": "25.0",
        "blank": "",
    }
    fits = store.load(folder / "out" / "eisfit.h5")
    assert [f.spectrum.conditions.temperature_c for f in fits] == [-10.0, 25.0, None]


@pytest.mark.parametrize("command", ["read", "check"])
def test_the_listing_says_that_the_name_told_it(eisfit: Command, folder: Path, command: str) -> None:
    asked = ("--temperature-from-name", PATTERN, "--json")
    data = json.loads(eisfit(command, folder / "*.csv", *asked).out)["spectra"]
    told = {row["spectrum"]: (row["temperature_c"], row["temperature_from"]) for row in data}
    assert told == {"T-10_a": (-10.0, "name"), "T25_a": (25.0, "name"), "blank": (None, "")}


def test_fit_takes_the_units_of_a_lab(eisfit: Command, folder: Path) -> None:
    sizes = ("--diameter-mm", "10", "--thickness-um", "500")
    ran = eisfit("fit", folder / "T25_a.csv", "--circuit", CIRCUIT, *sizes, "-o", folder / "out")
    assert "area 0.785 cm² = disc of 10 mm, thickness 0.05 cm = 0.5 mm" in ran.err
    (fit,) = store.load(folder / "out" / "eisfit.h5")
    assert fit.spectrum.conditions.area_cm2 == pytest.approx(0.7853982)
    assert fit.spectrum.conditions.thickness_cm == pytest.approx(0.05)


def test_the_count_of_files_read_reaches_its_end(folder: Path) -> None:
    seen: list[tuple[int, int]] = []

    class Told:
        def __call__(self, text: str, step: int) -> None:
            pass

        def told(self, text: str, done: int, total: int) -> None:
            seen.append((done, total))

    survey([str(folder)], progress=Told())
    assert seen[0] == (0, 3)
    assert seen[-1] == (3, 3)
