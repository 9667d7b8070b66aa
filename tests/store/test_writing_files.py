"""A file is written whole or not at all, and never over another without being asked."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eisfit import store
from eisfit.errors import StoreError
from support.stored import points, series, simulated


def test_settings_come_back(tmp_path: Path) -> None:
    given_settings = {"template": "le_se", "f_max_hz": np.float64(1e6), "drop": (0, 3), "out": Path("x")}
    path = store.save(tmp_path / "a.h5", series(), settings=given_settings)
    assert store.load_settings(path) == {"template": "le_se", "f_max_hz": 1e6, "drop": [0, 3], "out": "x"}


def test_two_hundred_spectra_are_saved_quickly(tmp_path: Path) -> None:
    one = simulated(25.0)
    spectra = [one.named(f"s{k}") for k in range(200)]
    start = time.process_time()
    store.save(tmp_path / "a.h5", spectra)
    assert time.process_time() - start < 2.0


def test_a_file_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "cell7.h5"
    path.write_bytes(b"old")
    with pytest.raises(StoreError, match=r"cell7\.h5 exists already .*--force \(overwrite=True\)"):
        store.save(path, series())
    assert path.read_bytes() == b"old"
    assert store.load(store.save(path, series(), overwrite=True)) == series()


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cell7.h5"
    monkeypatch.setattr(os, "fsync", lambda descriptor: path.write_bytes(b"of another"))
    with pytest.raises(StoreError, match="exists already"):
        store.save(path, series()[0].spectrum)
    assert path.read_bytes() == b"of another"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("broken", ["replace", "fsync"])
def test_a_failed_save_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fails(*_: object) -> None:
        raise OSError("no space left on device")

    path = store.save(tmp_path / "a.h5", series())
    old = path.read_bytes()
    monkeypatch.setattr(os, broken, fails)
    with pytest.raises(StoreError, match=r"a\.h5: the results cannot be written \(no space left on device\)"):
        store.save(path, series()[0], overwrite=True)
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_save_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    path = store.save(tmp_path / "a.h5", series())
    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.save(path, series()[0], overwrite=True)
    assert store.load(path) == series()
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target = store.save(tmp_path / "far" / "a.h5", series()[0].spectrum)
    link = tmp_path / "a.h5"
    link.symlink_to(target)
    store.save(link, series(), overwrite=True)
    assert link.is_symlink()
    assert store.load(target) == series()


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ([], "an empty list holds nothing to save"),
        (3, "a value of type int cannot be saved; give a Series"),
        ("abc", "a value of type str cannot be saved"),
        ([points([1.0], [1j]), 3], "a list of Spectrum and others"),
        (points([1.0], [1j], label=3), "3 stands where a text belongs"),
    ],
)
def test_what_is_no_result_is_refused(tmp_path: Path, result: Any, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        store.save(tmp_path / "a.h5", result)
    assert not list(tmp_path.iterdir())


def test_places_that_cannot_hold_a_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder: give the name of a file in it"):
        store.save(tmp_path, series(), overwrite=True)
    with pytest.raises(StoreError, match="does not exist: make it first"):
        store.save(tmp_path / "no" / "a.h5", series())


def test_settings_that_are_no_plain_values_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the settings cannot be kept as JSON"):
        store.save(tmp_path / "a.h5", series(), settings={"a": object()})
