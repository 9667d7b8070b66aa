"""Several cells of one folder: told by key, column, name or a column of the data; each a series of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from eisfit import store
from eisfit.errors import InputError, ManifestError
from eisfit.results.series import Series
from eisfit.workflow import RunOptions, cells_of, read_manifest, read_spectra, run_cells
from eisfit.workflow.cells import without_cell
from support.folders import CIRCUIT, ENERGY_EV, arc_at, folder_of, write_own_csv

WARM = (20, 40, 60)
FOLDERS = 'files = "*/*.csv"\ntemperature_from_name = "{temperature_c}C"\ncell_from_name = "{cell}/"\n'


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Return a folder with the folders A and B, one cell in each, B with three times the impedance."""
    for cell, factor in (("A", 1.0), ("B", 3.0)):
        folder_of(tmp_path / cell, {f"{t}C.csv": t for t in WARM}, factor)
    return tmp_path


def described(folder: Path, text: str, name: str = "series.toml") -> Path:
    if name.endswith(".toml"):
        text = f'circuit = "{CIRCUIT}"\n{text}'
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def resistance_at_20(run_result: object) -> float:
    assert isinstance(run_result, Series)
    return run_result[0].values["R1"]


def test_each_cell_has_a_line_and_a_folder_of_its_own(two: Path) -> None:
    manifest = read_manifest(described(two, FOLDERS))
    runs = list(run_cells(manifest, RunOptions(output=two / "results", figures=False)))
    assert [r.cell for r in runs] == ["A", "B"]
    found = [r.run.result for r in runs if r.run is not None]
    assert resistance_at_20(found[1]) == pytest.approx(3 * resistance_at_20(found[0]), rel=0.02)
    for run, result in zip(runs, found, strict=True):
        assert isinstance(result, Series)
        line = result.arrhenius("p(R1,C1)", "ln(1/R)")
        assert line.activation_energy_ev == pytest.approx(ENERGY_EV, abs=0.02)
        assert store.load(two / "results" / run.cell / "eisfit.h5") == result
        assert [f.label for f in result] == ["20C", "40C", "60C"]


@pytest.mark.parametrize(
    "text",
    [
        FOLDERS,
        FOLDERS.replace("{cell}/", "{cell}/*C"),
        "".join(
            f'[[spectrum]]\nfile = "{c}/{t}C.csv"\ntemperature_c = {t}\ncell = "{c}"\n'
            for c in "AB"
            for t in WARM
        ),
        'cell = "A"\nfiles = "A/*.csv"\ntemperature_from_name = "{temperature_c}C"\n'
        + "".join(f'[[spectrum]]\nfile = "B/{t}C.csv"\ntemperature_c = {t}\ncell = "B"\n' for t in WARM),
    ],
)
def test_key_and_name_tell_the_same_cells(two: Path, text: str) -> None:
    cells = cells_of(read_manifest(described(two, text)))
    found = {cell: sorted(e.file.parent.name for e in m.entries) for cell, m in cells.items()}
    assert found == {"A": ["A"] * 3, "B": ["B"] * 3}


@pytest.mark.parametrize("heading", ["cell", "Cell", "cell_id", "Zelle"])
def test_a_column_of_the_manifest_tells_the_cells(two: Path, heading: str) -> None:
    rows = [f"{c}/{t}C.csv,{t},{c}" for c in "AB" for t in WARM]
    path = described(two, "\n".join([f"file,temperature_c,{heading}", *rows]), "all.csv")
    assert {c: len(m.entries) for c, m in cells_of(read_manifest(path)).items()} == {"A": 3, "B": 3}


def test_a_number_is_a_name_of_a_cell_too(two: Path) -> None:
    text = 'cell = 7\nfiles = "A/*.csv"\ntemperature_from_name = "{temperature_c}C"\n'
    assert list(cells_of(read_manifest(described(two, text)))) == ["7"]


def test_without_a_cell_there_is_one_series(two: Path) -> None:
    text = 'files = "A/*.csv"\ntemperature_from_name = "{temperature_c}C"\n'
    manifest = read_manifest(described(two, text))
    assert cells_of(manifest) == {"": manifest}
    (run,) = run_cells(manifest, RunOptions(output=two / "results", figures=False))
    assert run.cell == ""
    assert (two / "results" / "eisfit.h5").exists()


def long_table(folder: Path) -> None:
    """Write one table with the points of two cells at three temperatures, and a column that names the cell."""
    lines = ["sample,T (°C),freq (Hz),Z' (Ohm),Z'' (Ohm)"]
    for cell, factor in (("A", 1.0), ("B", 3.0)):
        for t in WARM:
            s = arc_at(t, factor)
            lines += [
                f"{cell},{t},{f:.6g},{z.real:.6g},{z.imag:.6g}"
                for f, z in zip(s.frequency_hz, s.z_ohm, strict=True)
            ]
    (folder / "all.csv").write_text("\n".join(lines), encoding="utf-8")


def test_a_column_of_the_data_tells_the_cells(tmp_path: Path) -> None:
    long_table(tmp_path)
    manifest = read_manifest(described(tmp_path, 'files = "all.csv"\ncell_column = "sample"\n'))
    runs = list(run_cells(manifest))
    assert [(r.cell, len(r.run.result)) for r in runs if r.run is not None] == [("A", 3), ("B", 3)]
    low, high = (resistance_at_20(r.run.result) for r in runs if r.run is not None)
    assert high == pytest.approx(3 * low, rel=0.02)


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("specimen", r"cell_column = 'specimen' is no heading of this file; there are 'sample'"),
        ("freq (Hz)", r"sweep 1 holds rows of several cells \('1', "),
    ],
)
def test_a_column_that_tells_no_cells_is_refused(tmp_path: Path, column: str, sentence: str) -> None:
    long_table(tmp_path)
    manifest = read_manifest(described(tmp_path, f'files = "all.csv"\ncell_column = "{column}"\n'))
    with pytest.raises(ManifestError, match=sentence):
        list(run_cells(manifest))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (FOLDERS.replace("{cell}/", "cell/"), "cell_from_name = 'cell/' must have {cell} in it once"),
        (FOLDERS.replace("{cell}/", "{cell}/{cell}"), "must have {cell} in it once"),
        (FOLDERS.replace("{cell}/", "x{cell}/"), "the name 'A/20C' tells no cell for cell_from_name"),
        (FOLDERS.replace("{cell}/", "***{cell}/"), r"keep at most 2 times '\*'"),
        ('files = "A/*.csv"\ncell = "a/b"', "cell is 'a/b'; it names a folder of results"),
        ('files = "A/*.csv"\ncell = ".."', "cell is '..'; it names a folder of results"),
        ('files = "A/*.csv"\ncell = ""', "cell is ''; it names a folder of results"),
        ('files = "A/*.csv"\ncell = 1.5', "cell is 1.5; it must be a text in quotes"),
        ('files = "A/*.csv"\ncell = true', "cell is True; it must be a text in quotes"),
        (
            'files = "A/*.csv"\ntemperature_c = 1\n[[spectrum]]\nfile = "B/20C.csv"\ncell = "B"',
            "cell of '20C.csv' is missing, and other files have one; write it for all",
        ),
        (
            'temperature_c = 1\n[[spectrum]]\nfile = "A/20C.csv"\ncell = "b"\n[[spectrum]]\nfile = "B/20C.csv"\n'
            'cell = "B"',
            "cells 'b' and 'B' differ in case only",
        ),
        (f'keep = ["nothing"]\n{FOLDERS}', "keep names 'nothing', which is no spectrum of any cell"),
    ],
)
def test_a_wrong_cell_is_refused_with_one_sentence(two: Path, text: str, sentence: str) -> None:
    with pytest.raises(ManifestError, match=sentence):
        cells_of(read_manifest(described(two, text)))


def test_keep_goes_to_the_cell_that_has_the_spectrum(two: Path) -> None:
    write_own_csv(two / "B" / "80C.csv", arc_at(80, 3.0))
    cells = cells_of(read_manifest(described(two, f'keep = ["80C"]\n{FOLDERS}')))
    assert {cell: m.keep for cell, m in cells.items()} == {"A": (), "B": ("80C",)}


def test_a_series_is_of_one_cell(two: Path) -> None:
    with pytest.raises(ManifestError, match="it names the cells 'A', 'B', and a series is of one"):
        read_spectra(read_manifest(described(two, FOLDERS)))


def test_a_cell_that_fails_stops_no_other(two: Path) -> None:
    for file in (two / "A").iterdir():
        file.write_text("no table\n", encoding="utf-8")
    bad, good = run_cells(read_manifest(described(two, FOLDERS)))
    assert bad.run is None
    assert "none of its 3 files could be read" in bad.reason
    assert len(bad.unread) == 3
    assert good.run is not None
    assert good.run.all_done


def test_results_of_one_cell_that_are_there_stop_all_before_any_is_fitted(two: Path) -> None:
    (two / "results" / "B").mkdir(parents=True)
    (two / "results" / "B" / "eisfit.h5").write_bytes(b"")
    with pytest.raises(InputError, match="B: holds results already"):
        list(run_cells(read_manifest(described(two, FOLDERS)), RunOptions(output=two / "results")))
    assert not (two / "results" / "A").exists()


def test_a_name_without_a_temperature_leaves_out_that_file_only(two: Path) -> None:
    write_own_csv(two / "A" / "other.csv", arc_at(25))
    runs = list(run_cells(read_manifest(described(two, FOLDERS))))
    assert [len(r.run.result) for r in runs if r.run is not None] == [3, 3]
    manifest = read_manifest(two / "series.toml")
    (left,) = without_cell(manifest)
    assert "the name 'A/other' contains no temperature" in left.reason


def test_one_cell_without_its_template_says_so_for_that_cell(two: Path) -> None:
    (two / "series.toml").write_text(FOLDERS, encoding="utf-8")
    runs = list(run_cells(read_manifest(two)))
    assert all(r.run is None and "no template is named" in r.reason for r in runs)
