"""The command drt: tables, figures, JSON, and what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from eisfit import store
from eisfit.relaxations import DistributionSeries
from support.commands import Command, rows
from support.paths import SAMPLE


def test_the_command_writes_tables_and_figures(eisfit: Command, tmp_path: Path) -> None:
    files = sorted(map(str, SAMPLE.glob("*.csv")))[:3]
    pattern = ["--temperature-from-name", "llto_{temperature_c}C"]
    ran = eisfit("drt", *files, *pattern, "-o", tmp_path)
    assert ran.code == 0
    written = rows(tmp_path / "drt.csv")
    assert {row["kind"] for row in written} == {"peak", "arc"}
    assert all(row["temperature_c"] for row in written)
    assert (tmp_path / "drt.pdf").stat().st_size > 1000
    assert "any other number has odds below 1:20" in ran.err


def test_the_command_prints_json_and_says_what_it_refuses(eisfit: Command, tmp_path: Path) -> None:
    data = tmp_path / "few.csv"
    data.write_text(
        "frequency_hz,z_real_ohm,z_imag_ohm\n" + "".join(f"{10**k},{20 + k},{-k}\n" for k in range(1, 7))
    )
    ran = eisfit("drt", data, "--json")
    assert ran.code == 1
    shown = json.loads(ran.out)["relaxations"]
    assert shown[0]["kind"] == "refused"
    assert "6 points are too few" in shown[0]["reason"]


def looked(eisfit: Command, folder: Path) -> Path:
    files = sorted(map(str, SAMPLE.glob("*.csv")))[:3]
    ran = eisfit(
        "drt", *files, "--temperature-from-name", "llto_{temperature_c}C", "-o", folder, "--no-figures", "-q"
    )
    assert ran.code == 0
    return folder


def test_what_was_looked_at_is_stored_drawn_and_reported(eisfit: Command, tmp_path: Path) -> None:
    folder = looked(eisfit, tmp_path / "look")
    found = store.load(folder / "drt.h5")
    assert type(found) is DistributionSeries
    assert {track.number for track in found.tracks} == {1, 2}
    lines = rows(folder / "drt_lines.csv")
    assert [row["peak"] for row in lines] == ["1", "2"]
    assert all(float(row["activation_energy_stderr_ev"]) > 0 for row in lines)
    assert eisfit("plot", folder, "drt", "-o", tmp_path / "figures").code == 0
    assert (
        eisfit("plot", folder, "arrhenius").err.count("holds distributions of relaxation times without fits")
        == 1
    )
    ran = eisfit("report", folder, "-q")
    assert ran.code == 0
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")


def test_a_series_keeps_distributions_beside_its_fits(eisfit: Command, tmp_path: Path) -> None:
    for name in ("llto_10C.csv", "llto_20C.csv", "llto_30C.csv"):
        shutil.copy(SAMPLE / name, tmp_path)
    (tmp_path / "series.toml").write_text(
        'template = "le_se"\nelectrodes = 4\nfiles = "*.csv"\n'
        'temperature_from_name = "llto_{temperature_c}C"\ndrt = true\n'
    )
    ran = eisfit("series", tmp_path, "-o", tmp_path / "r", "--no-figures", "--json", "-q")
    assert ran.code == 0, ran.err
    assert {"drt", "drt_lines", "drt_curves"} <= set(json.loads(ran.out))
    stored = store.load(tmp_path / "r" / "eisfit.h5")
    assert len(stored.relaxations) == 3
    assert rows(tmp_path / "r" / "drt.csv")[0]["kind"] == "peak"


def test_a_manifest_says_drt_in_true_or_false(eisfit: Command, tmp_path: Path) -> None:
    (tmp_path / "series.toml").write_text(f'template = "le_se"\nfiles = "{SAMPLE}/*.csv"\ndrt = "yes"\n')
    ran = eisfit("series", tmp_path)
    assert ran.code == 2
    assert 'drt is "yes"; write drt = true or drt = false' in ran.err.replace("'yes'", '"yes"')


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--f-min-hz", "100", "--f-max-hz", "10"], "--f-min-hz 100 is not below --f-max-hz 10"),
        (["--over", "temprature_c"], "over = 'temprature_c' is no condition (did you mean 'temperature_c'?)"),
        (["-o", __file__], "this is a file; name a folder"),
    ],
)
def test_what_cannot_end_well_is_refused_in_one_sentence(
    eisfit: Command, options: list[str], said: str
) -> None:
    ran = eisfit("drt", SAMPLE / "llto_30C.csv", *options)
    assert ran.code == 2
    assert said in " ".join(ran.err.split())
    assert ran.out == ""


def test_results_that_are_there_stay_without_force(eisfit: Command, tmp_path: Path) -> None:
    (tmp_path / "drt.h5").write_text("mine")
    ran = eisfit("drt", SAMPLE / "llto_30C.csv", "-o", tmp_path, "-q", "--no-figures")
    assert ran.code == 2
    assert "drt.h5: exists already" in " ".join(ran.err.split())
    assert eisfit("drt", SAMPLE / "llto_30C.csv", "-o", tmp_path, "-q", "--no-figures", "--force").code == 0
    assert type(store.load(tmp_path / "drt.h5")) is DistributionSeries


def test_files_that_cannot_be_read_are_told_and_the_others_are_looked_at(
    eisfit: Command, tmp_path: Path
) -> None:
    (tmp_path / "notes.csv").write_text("no numbers\n")
    ran = eisfit("drt", SAMPLE / "llto_30C.csv", tmp_path / "notes.csv", "--json", "-q")
    assert ran.code == 1
    assert "notes.csv" in ran.err
    assert {row["spectrum"] for row in json.loads(ran.out)["relaxations"]} == {"llto_30C"}
