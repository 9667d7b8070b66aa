"""A folder is read by its manifest, or by the names of its files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import eisfit
from eisfit.errors import ManifestError
from eisfit.workflow import NothingReadable
from support.paths import SAMPLE


def copied(folder: Path, **names: int) -> Path:
    """Return a folder of sample files under other names, each with the temperature that it was simulated at."""
    for name, temperature in names.items():
        target = folder / f"{name}.csv"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLE / f"llto_{temperature}C.csv", target)
    return folder


def temperatures(spectra: list[eisfit.Spectrum]) -> list[float | None]:
    return [s.conditions.temperature_c for s in spectra]


def test_a_folder_with_a_manifest_has_its_conditions() -> None:
    spectra = eisfit.read_series(SAMPLE)
    assert temperatures(spectra) == [0, 10, 20, 25, 30, 40, 50, 60]
    assert {s.conditions.area_cm2 for s in spectra} == {0.785}
    assert eisfit.read_series(SAMPLE / "series.toml") == spectra
    assert eisfit.fit_series(spectra[::3], "le_se").arrhenius("interface").points_used == 3


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"cell_0C": 0, "cell_25C": 25}, [0, 25]),
        ({"cell_T0": 0, "cell_T25_b": 25}, [0, 25]),
        ({"cell_298K": 25, "cell_273.15K": 0}, [0, 24.85]),
        ({"0 °C/cell": 0, "25 °C/cell": 25}, [0, 25]),
        ({"m10C": 0, "minus20C": 10}, [-10, -20]),
        ({"Test3": 0, "cell_25C": 25}, [None, 25]),
        ({"a": 0, "b": 25}, [None, None]),
    ],
)
def test_a_folder_without_a_manifest_is_read_by_its_names(
    tmp_path: Path, names: dict[str, int], expected: list[float | None]
) -> None:
    folder = copied(tmp_path, **names)
    (folder / "notes.md").write_text("not a spectrum", encoding="utf-8")
    (folder / ".hidden.csv").write_text("not a spectrum", encoding="utf-8")
    (folder / "results").mkdir()
    for name in ("eisfit.h5", "contributions.csv"):
        (folder / "results" / name).write_text("not a spectrum", encoding="utf-8")
    found = temperatures(eisfit.read_series(folder))
    assert [t if t is None else round(t, 2) for t in found] == expected


def test_a_pattern_of_ones_own_is_taken(tmp_path: Path) -> None:
    folder = copied(tmp_path, cell_7_T0_a=0, cell_7_T25_a=25)
    assert temperatures(eisfit.read_series(folder, temperature_from_name="_T{temperature_c}_")) == [0, 25]
    with pytest.raises(ManifestError, match="contains no temperature"):
        eisfit.read_series(folder, temperature_from_name="X{temperature_c}")
    with pytest.raises(ManifestError, match="given twice, here and in the manifest"):
        eisfit.read_series(SAMPLE, temperature_from_name="{temperature_c}C")


def test_files_that_hold_no_spectrum_are_named_in_a_warning(tmp_path: Path) -> None:
    folder = copied(tmp_path, cell_0C=0, cell_25C=25)
    (folder / "broken.csv").write_text("hello\nworld\n", encoding="utf-8")
    with pytest.warns(UserWarning, match=r"1 of 3 files were left out: broken.csv: "):
        spectra = eisfit.read_series(folder)
    assert [s.label for s in spectra] == ["cell_0C", "cell_25C"]


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="there is no file with data in this folder, and no series"):
        eisfit.read_series(tmp_path)
    with pytest.raises(ManifestError, match="there is no such folder or file"):
        eisfit.read_series(tmp_path / "nowhere")
    (tmp_path / "broken.csv").write_text("hello\nworld\n", encoding="utf-8")
    with pytest.raises(NothingReadable, match="none of its 1 files holds a spectrum") as caught:
        eisfit.read_series(tmp_path)
    assert [u.label for u in caught.value.unread] == ["broken"]
