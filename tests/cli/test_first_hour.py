"""The way of a newcomer: from a folder of own files to the first Arrhenius figure, and no TOML is typed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from eisfit import store
from eisfit.formats import read
from eisfit.results.series import Series
from support.commands import Command
from support.folders import folder_of, write_own_csv
from support.paths import SAMPLE

NAMES = {"LLZO 20 °C.csv": 20, "LLZO 35 °C.csv": 35, "LLZO 50 °C.csv": 50, "LLZO 65 °C.csv": 65}
LONGEST_S = 120.0  # of both commands together, on a slow machine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "my data", NAMES)


def test_two_commands_lead_to_the_first_figure(eisfit: Command, tmp_path: Path) -> None:
    for celsius in (0, 20, 40, 60):
        (spectrum,) = read(SAMPLE / f"llto_{celsius}C.csv")
        write_own_csv(tmp_path / "my data" / f"cell 7, {celsius} °C.csv", spectrum)
    folder, results = tmp_path / "my data", tmp_path / "results"
    began = time.perf_counter()
    first = eisfit(
        "init", folder, "--template", "le_se", "--electrodes", 4, "--diameter-mm", 10, "--thickness-mm", 1
    )
    second = eisfit("series", folder, "-o", results)
    assert time.perf_counter() - began < LONGEST_S
    assert (first.code, second.code) == (0, 0)
    assert first.out.strip() == str(folder / "series.toml")
    assert (results / "arrhenius.png").read_bytes()[:4] == b"\x89PNG"
    series = store.load(results / "eisfit.h5")
    assert isinstance(series, Series)
    line = series.arrhenius("interface")
    assert line.activation_energy_ev == pytest.approx(0.52, abs=3 * line.activation_energy_stderr_ev)
    assert line.quantity == "asr"
    assert line.points_used == 4


def test_one_command_does_too(eisfit: Command, folder: Path, tmp_path: Path) -> None:
    ran = eisfit("series", folder, "--circuit", "R0-p(R1,CPE1)", "-o", tmp_path / "results")
    assert ran.code == 0
    assert "temperature from names, as {temperature_c}C: 20 to 65 °C" in ran.err
    assert (tmp_path / "results" / "arrhenius.pdf").exists()


def test_init_says_what_it_found_and_what_comes_next(eisfit: Command, folder: Path) -> None:
    ran = eisfit("init", folder)
    assert ran.code == 0
    said = " ".join(ran.err.split())
    assert "spectra 4 in 4 files; 31 points, 1 to 1e+06 Hz" in said
    assert "temperature 20 to 65 °C, from names of files, as {temperature_c}C" in said
    assert "electrodes missing" in said
    assert f'then eisfit series "{folder}" -o results' in said
    again = eisfit("init", folder)
    assert again.code == 2
    assert "series.toml: exists already; --force replaces it" in again.err
    assert eisfit("init", folder, "--force", "-q").err == ""


def test_a_folder_that_was_just_begun_says_to_choose_a_template(eisfit: Command, folder: Path) -> None:
    eisfit("init", folder)
    ran = eisfit("series", folder)
    assert ran.code == 2
    assert "no template is named" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("gone",), 2, "gone: there is no such folder"),
        (("my data", "--template", "nothing"), 2, "no template 'nothing'"),
        (("my data", "--area-cm2", 1, "--area-mm2", 1), 2, "state the same quantity"),
        (("empty",), 3, "empty: there are no data files in this folder or below it"),
    ],
)
def test_wrong_arguments_of_init_give_one_sentence(
    eisfit: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], code: int,
    sentence: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(folder.parent)
    Path("empty").mkdir()
    ran = eisfit("init", *arguments)
    assert ran.code == code
    assert sentence in ran.err
    assert not (folder / "series.toml").exists()
