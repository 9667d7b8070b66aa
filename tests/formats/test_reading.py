"""Paths and patterns become labelled spectra; a file that fails stops `read`, and is listed by `read_all`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import FormatError
from eisfit.formats import read, read_all
from support.formats_text import F, Z, table, written


class TestRead:
    def test_labels_are_unique(self, tmp_path: Path) -> None:
        text = table("f/Hz,Z'/Ohm,Z''/Ohm", [np.r_[F, F], np.r_[Z, Z].real, np.r_[Z, Z].imag])
        for folder in ("a", "b", "c"):
            (tmp_path / folder).mkdir()
            written(tmp_path / folder, text)
        written(tmp_path / "c", text, "cell.txt")
        labels = [s.label for s in read(str(tmp_path / "**" / "cell.*"))]
        assert labels == [
            "cell", "cell#2", "cell.csv", "cell.csv#2", "c/cell.csv", "c/cell.csv#2",
            "cell.txt", "cell.txt#2",
        ]  # fmt: skip

    def test_paths_patterns_and_lists(self, tmp_path: Path) -> None:
        path = written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm", [F, Z.real, Z.imag]))
        other = written(tmp_path, path.read_bytes(), "other.csv")
        assert [s.label for s in read(path)] == ["cell"]
        assert [s.label for s in read([str(other), path])] == ["other", "cell"]
        assert [s.label for s in read(str(tmp_path / "*.csv"))] == ["cell", "other"]

    def test_what_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(FormatError, match="this is a directory"):
            read(tmp_path)
        with pytest.raises(FormatError, match="there is no such file"):
            read(tmp_path / "no.csv")
        with pytest.raises(FormatError, match="no file matches this pattern"):
            read(str(tmp_path / "*.mpt"))
        with pytest.raises(FormatError, match="no file was named"):
            read([])

    def test_a_channel_that_the_format_has_not(self, tmp_path: Path) -> None:
        path = written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm", [F, Z.real, Z.imag]))
        with pytest.raises(FormatError, match="no channel 'ce'"):
            read(path, channel="ce")
        with pytest.raises(ValueError, match="must be one of 'we', 'ce', 'we-ce'"):
            read(path, channel="xx")  # type: ignore[arg-type]


class TestReadAll:
    def test_a_file_that_fails_does_not_stop_the_others(self, tmp_path: Path) -> None:
        good = written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm", [F, Z.real, Z.imag]))
        bad = written(tmp_path, "no table here\n", "bad.csv")
        pattern = str(tmp_path / "*.mpt")
        spectra, unread = read_all([pattern, bad, good, str(good)])
        assert [s.label for s in spectra] == ["cell"]
        assert [(u.label, u.file) for u in unread] == [(pattern, pattern), ("bad", str(bad))]
        assert unread[0].reason == f"{pattern}: no file matches this pattern; the files there end in .csv"
        assert unread[1].reason.startswith("bad.csv: ")

    def test_it_gives_the_labels_of_read(self, tmp_path: Path) -> None:
        text = table("f/Hz,Z'/Ohm,Z''/Ohm", [np.r_[F, F], np.r_[Z, Z].real, np.r_[Z, Z].imag])
        written(tmp_path, text)
        written(tmp_path, text, "cell.txt")
        pattern = tmp_path / "cell.*"
        assert read_all(pattern) == (read(pattern), [])

    def test_an_unknown_channel_is_no_failure_of_a_file(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="must be one of 'we', 'ce', 'we-ce'"):
            read_all([tmp_path / "gone.csv"], "xx")  # type: ignore[arg-type]


def test_the_import_loads_no_format() -> None:
    code = "import sys, eisfit.formats; print(sorted(m for m in sys.modules if 'eisfit.formats' in m))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "gamry" not in found
    assert "sqlite3" not in found
