"""Fits that miss their data: the exit code, the table, the manifest key that keeps them."""

from __future__ import annotations

import shutil
from pathlib import Path

from eisfit import Spectrum, store
from eisfit.formats import read
from eisfit.formats.delimited_text import write_csv
from support.commands import Command, rows


def turned(path: Path) -> Path:
    """Turn the sign of the imaginary part in a file."""
    (s,) = read(path)
    write_csv(path, Spectrum(s.frequency_hz, s.z_ohm.conj()))
    return path


def test_a_fit_that_misses_its_data_is_exit_code_four(eisfit: Command, lab: Path, tmp_path: Path) -> None:
    path = turned(lab / "cell_20C.csv")
    done = eisfit("fit", path, "--circuit", "R0-p(R1,CPE1)", "-o", tmp_path / "out", "--no-figures")
    assert done.code == 4
    assert done.err.startswith("1 of 1 fit disagrees with the data")
    found = {r["contribution"]: r["resolved"] for r in rows(tmp_path / "out" / "contributions.csv")}
    assert all(word.startswith("misfit ") and word.endswith(" %") for word in found.values())


def test_a_series_with_such_a_fit_too(eisfit: Command, lab: Path, tmp_path: Path) -> None:
    turned(lab / "cell_20C.csv")
    assert eisfit("series", lab, "-o", tmp_path / "out", "--no-figures", "--quiet").code == 4


def test_what_failed_counts_before_it(eisfit: Command, lab: Path) -> None:
    (lab / "cell_20C.csv").write_text("freq,Zre,Zim\n1,2,3\n")
    turned(lab / "cell_40C.csv")
    assert eisfit("series", lab, "--quiet").code == 1


def test_a_manifest_keeps_a_spectrum_in_the_lines(eisfit: Command, lab: Path, tmp_path: Path) -> None:
    shutil.copy(lab / "cell_60C.csv", lab / "copy_60C.csv")
    for keep, used in (("", 3), ('keep = ["copy_60C"]\n', 4)):
        text = (lab / "series.toml").read_text().replace('files = "*C.csv"\n', f'files = "*C.csv"\n{keep}')
        (lab / "series.toml").write_text(text)
        assert eisfit("series", lab, "-o", tmp_path / "out", "--no-figures", "--quiet", "--force").code == 0
        assert {r["points_used"] for r in rows(tmp_path / "out" / "arrhenius.csv")} == {str(used)}
        assert len(store.load(tmp_path / "out" / "eisfit.h5").keep) == used - 3
