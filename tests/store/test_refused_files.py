"""A file that is missing, foreign, newer or damaged is refused in one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import pytest

from eisfit import store
from eisfit.errors import StoreError
from eisfit.store.store import FORMAT
from support.stored import series, simulated


def changed(tmp_path: Path, change: Callable[[Any], object]) -> Path:
    """Return a file that was edited by another program."""
    path = store.save(tmp_path / "a.h5", series())
    with h5py.File(path, "r+") as file:
        change(file)
    return path


def refused(path: Path, words: str) -> None:
    with pytest.raises(StoreError, match=f"^{re.escape(str(path))}: .*{words}"):
        store.load(path)


def test_a_file_edited_by_another_program_is_still_read(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda file: file["entry/spectra/25 °C/z_real_ohm"].__setitem__(0, 5.0))
    assert store.load(path)[0].spectrum.z_ohm[0].real == 5.0


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "a.h5", "there is no such file")


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_: Path) -> bytes:
        raise PermissionError("permission denied")

    path = store.save(tmp_path / "a.h5", simulated(25.0))
    monkeypatch.setattr(Path, "read_bytes", forbidden)
    refused(path, r"the file cannot be read \(permission denied\): make it readable")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    path.write_text("freq/Hz,Re(Z)/Ohm\n")
    refused(path, "damaged or no HDF5 file")


def test_an_hdf5_file_of_another_program_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = 1
    refused(tmp_path / "a.h5", "was not written by eisfit")


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda file: file.attrs.__setitem__("eisfit_format", FORMAT + 1))
    refused(path, "a newer eisfit wrote this file .*install a newer eisfit-heteroionic")


@pytest.mark.parametrize("kept", [0, 20, 3000, 100_000, -46, -1])
def test_a_truncated_file_is_refused_or_complete(tmp_path: Path, kept: int) -> None:
    path = store.save(tmp_path / "a.h5", series())
    path.write_bytes(path.read_bytes()[:kept])
    if -46 <= kept < 0:  # only the seal is gone
        assert store.load(path) == series()
    else:
        refused(path, "damaged or no HDF5 file")


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = store.save(tmp_path / "a.h5", series())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    refused(path, "its bytes are not those that were saved")


@pytest.mark.parametrize(
    "part",
    [
        "entry/spectra/25 °C/z_imag_ohm",
        "entry/tables/fits",
        "entry/models/le_se/value",
        "entry/tables/contributions/role",
        "entry/models/le_se/template_text",
    ],
)
def test_a_missing_part_is_named(tmp_path: Path, part: str) -> None:
    path = changed(tmp_path, lambda file: file.__delitem__(part))
    refused(path, "is missing from the results")


def test_a_part_with_senseless_numbers_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda file: file["entry/spectra/25 °C/frequency_hz"].__setitem__(0, -1.0))
    refused(path, "frequencies must be finite and positive")
