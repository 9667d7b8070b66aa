"""What comes through the browser is kept beside what came before, and a full disk is said."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from eisfit.errors import InputError

pytest.importorskip("nicegui", reason="NiceGUI (extra app) is not installed")
from eisfit.app import uploads


def test_equal_names_stay_apart_and_equal_files_are_kept_once(tmp_path: Path) -> None:
    kept = [uploads.keep(tmp_path / "u", "a.csv", content) for content in (b"1", b"2", b"1")]
    assert [p.name for p in kept] == ["a.csv", "a (2).csv", "a.csv"]
    assert [p.read_bytes() for p in kept] == [b"1", b"2", b"1"]
    assert sorted(p.name for p in (tmp_path / "u").iterdir()) == ["a (2).csv", "a.csv"]


def test_a_file_that_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_UPLOAD_BYTES", 3)
    with pytest.raises(InputError, match=r"a\.csv: larger than .* MiB; open it by its path"):
        uploads.keep(tmp_path / "u", "a.csv", b"1234")


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(
        InputError, match=r"a\.csv: it could not be kept .*No space left on device.*make room"
    ):
        uploads.keep(tmp_path / "u", "a.csv", b"1")
