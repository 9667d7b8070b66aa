"""A run goes from files to a folder of results, without a command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eisfit import Series, store
from eisfit.errors import InputError
from eisfit.formats.delimited_text import write_csv
from eisfit.workflow import Cut, NothingReadable, RunOptions, read_manifest, run_files, run_series
from support.cells import le_se_faded, le_se_values, measured


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """Return a folder with three spectra, a file that cannot be read, and a manifest."""
    for k, celsius in enumerate((20, 40, 60)):
        write_csv(tmp_path / f"cell_{celsius}C.csv", measured(le_se_faded(), le_se_values(), seed=k))
    (tmp_path / "bad_50C.csv").write_text("no table here\n", encoding="utf-8")
    (tmp_path / "series.toml").write_text(
        'template = "le_se"\nelectrodes = 4\nfiles = "*C.csv"\nweights = "unit"\n'
        'temperature_from_name = "{temperature_c}C"\n',
        encoding="utf-8",
    )
    return tmp_path


def test_a_described_series_becomes_a_result_and_its_files(lab: Path) -> None:
    steps: list[tuple[str, int]] = []
    options = RunOptions(output=lab / "results", seed=3)
    run = run_series(read_manifest(lab), options, lambda text, number: steps.append((text, number)))
    assert isinstance(run.result, Series)
    assert store.load(lab / "results" / "eisfit.h5") == run.result
    assert sorted(p.name for p in run.paths) == sorted(p.name for p in (lab / "results").iterdir())
    assert [u.label for u in run.unread] == ["bad_50C"]
    assert not run.all_done
    assert steps == [
        ("reading files", 0),
        ("fitting 3 spectra", 1),
        ("writing tables", 2),
        ("drawing figures", 3),
    ]


def test_a_choice_counts_before_the_manifest(lab: Path) -> None:
    folders = {name: lab / name for name in ("manifest", "chosen")}
    for name, weights in (("manifest", None), ("chosen", "proportional")):
        run_series(read_manifest(lab), RunOptions(weights=weights, output=folders[name], figures=False))
    kept = {name: store.load_settings(folder / "eisfit.h5") for name, folder in folders.items()}
    assert kept["manifest"]["weights"] == "unit"
    assert kept["chosen"]["weights"] == "proportional"
    assert kept["chosen"]["manifest"] == str(lab / "series.toml")


def test_without_a_folder_nothing_is_written(lab: Path) -> None:
    before = sorted(lab.iterdir())
    run = run_files([str(lab / "cell_*.csv")], "R0-p(R1,CPE1)")
    assert run.paths == ()
    assert run.all_done
    assert sorted(lab.iterdir()) == before


def test_conditions_and_cuts_hold_for_all_files(lab: Path) -> None:
    run = run_files(
        [str(lab / "cell_*.csv")],
        "le_se",
        conditions={"electrodes": 4, "area_cm2": 0.5, "thickness_cm": None},
        cut=Cut(f_max_hz=1e4),
    )
    spectra = [fit.spectrum for fit in run.result]
    assert {s.conditions.area_cm2 for s in spectra} == {0.5}
    assert all(s.frequency_hz[~s.mask].max() <= 1e4 < s.frequency_hz.max() for s in spectra)


def test_earlier_results_are_kept_unless_told_otherwise(lab: Path) -> None:
    pattern, results = [str(lab / "cell_20C.csv")], lab / "results"
    run_files(pattern, "R0", RunOptions(output=results, figures=False))
    with pytest.raises(InputError, match="holds results already"):
        run_files(pattern, "R0", RunOptions(output=results, figures=False))
    assert run_files(pattern, "R0", RunOptions(output=results, figures=False, overwrite=True)).paths


def test_nothing_readable_names_the_reasons(lab: Path) -> None:
    (lab / "series.toml").write_text(
        'template = "le_se"\nfiles = "bad*"\ntemperature_c = 1\n', encoding="utf-8"
    )
    with pytest.raises(NothingReadable, match="none of its 1 files could be read") as of_series:
        run_series(read_manifest(lab))
    with pytest.raises(NothingReadable, match="none of the named files could be read") as of_files:
        run_files([str(lab / "bad_50C.csv")], "R0")
    assert [u.reason for u in of_series.value.unread] == [u.reason for u in of_files.value.unread]
    assert len(of_files.value.unread) == 1


def normalised(folder: Path, area: str) -> Path:
    """Return a folder with one file in ohm cm2 of a cell of 60 ohm, and a manifest."""
    f = np.logspace(5, 0, 41)
    z = 0.5 * (10 + 50 / (1 + 2j * np.pi * f * 1e-3))
    rows = "".join(f"{a:.8g},{b.real:.8g},{b.imag:.8g}\n" for a, b in zip(f, z, strict=True))
    text = f"Freq (Hz),Zreal (ohm.cm2),Zimag (ohm.cm2)\n{rows}"
    (folder / "cell_20C.csv").write_text(text, encoding="utf-8")
    (folder / "series.toml").write_text(
        f'circuit = "R0-p(R1,C1)"\nfiles = "*.csv"\n{area}temperature_from_name = "{{temperature_c}}C"\n',
        encoding="utf-8",
    )
    return folder


def test_ohm_cm2_becomes_ohm_with_the_area(tmp_path: Path) -> None:
    folder = normalised(tmp_path, "area_cm2 = 0.5\n")
    (by_manifest,) = run_series(read_manifest(folder), RunOptions()).result
    (by_command,) = run_files(
        [str(folder / "cell_20C.csv")], "R0-p(R1,C1)", conditions={"area_cm2": 0.5}
    ).result
    for fit in (by_manifest, by_command):
        assert fit.values["R1"] == pytest.approx(50, rel=1e-4)
        assert "divided by area_cm2 = 0.5: they are in ohm" in fit.spectrum.finding


def test_ohm_cm2_without_an_area_is_refused(tmp_path: Path) -> None:
    folder = normalised(tmp_path, "")
    with pytest.raises(NothingReadable) as of_series:
        run_series(read_manifest(folder), RunOptions())
    with pytest.raises(NothingReadable) as of_files:
        run_files([str(folder / "cell_20C.csv")], "R0-p(R1,C1)")
    for refused in (of_series, of_files):
        assert "the values are in ohm cm2 and the area is unknown" in refused.value.unread[0].reason
