"""Names and reasons with brackets, control characters or bytes that are no UTF-8; and disks that are full."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from eisfit import plots, store
from eisfit.spectrum import Conditions
from eisfit.tools.plain_text import safe_cell
from support.commands import Command, rows
from support.stored import series

CIRCUIT = "R0-p(R1,CPE1)"
NAMES = (
    "[/x]_25C.csv",
    "[bold red]a_25C.csv",
    ":smile:_25C.csv",
    "=1+1_25C.csv",
    "@a_25C.csv",
    "-20C.csv",
    "two\nlines_25C.csv",
    "esc\x1b[2Jape_25C.csv",
    os.fsdecode(b"caf\xe9_25C.csv"),
    "$a_{b$_25C.csv",
    "$_25C.csv",
    'quote"and,comma_25C.csv',
    "\u202egnp_25C.csv",
)


@pytest.mark.skipif(os.name != "posix", reason="such names are of POSIX")
def test_any_file_name_is_fitted_shown_and_written(lab: Path) -> None:
    files = [lab / name for name in NAMES]
    for file in files:
        file.parent.mkdir(exist_ok=True)
        shutil.copy(lab / "cell_20C.csv", file)
    command = [sys.executable, "-m", "eisfit", "fit", *files, "--circuit", CIRCUIT, "-o", lab / "out"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run([*map(str, command)], capture_output=True, check=False, env=environment)
    assert b"Traceback" not in ran.stderr
    assert b"\x1b" not in ran.stderr
    assert ran.returncode in (0, 4)
    found = rows(lab / "out" / "spectra.csv")
    assert len(found) == len((lab / "out" / "spectra.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert [row["spectrum"] for row in found] == [safe_cell(file.stem) for file in files]
    assert [fit.label for fit in store.load(lab / "out" / "eisfit.h5")] == [file.stem for file in files]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["nyquist", "bode", "residuals", "contributions", "nyquist_grid"])
def test_any_label_is_drawn(name: str, kind: str) -> None:
    fit = series()[0]
    spectrum = replace(fit.spectrum, label=name, conditions=Conditions(area_cm2=1.0))
    plots.as_files(plots.figure(kind, replace(fit, spectrum=spectrum)), "x", ["svg"])


@pytest.mark.parametrize("word", ["[/x]", "[bold", "\x1b[31m", "[link=http://x]y[/link]"])
def test_a_reason_with_markup_is_shown_as_it_stands(eisfit: Command, lab: Path, word: str) -> None:
    (lab / "bad_45C.csv").write_text("f/Hz,Z'/ohm,Z''/ohm\n" + "1,2,3\n" * 5 + f"1,{word},3\n")
    ran = eisfit("series", lab, "-o", lab / "out", "--no-figures")
    assert ran.code == 1
    assert "\x1b" not in ran.err
    assert "bad_45C" in ran.err
    again = eisfit("series", lab, "-o", lab / "out", "--no-figures", "--force")
    assert again.code == 1


def test_a_bad_file_name_is_listed_and_converted(eisfit: Command, lab: Path) -> None:
    file = lab / os.fsdecode(b"caf\xe9.csv")
    shutil.copy(lab / "cell_20C.csv", file)
    assert eisfit("read", file).code == 0
    assert eisfit("check", file).code == 0
    assert eisfit("convert", file, "-o", lab / "t.csv").code == 0
    assert rows(lab / "t.csv")[0]["spectrum"] == r"caf\xe9"


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are of POSIX")
@pytest.mark.parametrize("limit", [0, 1000])
def test_a_full_disk_names_the_file_and_keeps_the_old_ones(eisfit: Command, lab: Path, limit: int) -> None:
    import resource
    import signal

    out = lab / "out"
    assert eisfit("series", lab, "-o", out, "--no-figures").code == 0
    old = {p.name: p.read_bytes() for p in out.iterdir()}
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        ran = eisfit("series", lab, "-o", out, "--no-figures", "--force")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert ran.code == 2
    assert "the results cannot be written (File too large); nothing was changed" in ran.err
    assert ran.err.count("\n") == 1
    assert {p.name: p.read_bytes() for p in out.iterdir()} == old


def test_results_of_before_that_are_no_longer_made_are_removed(eisfit: Command, lab: Path) -> None:
    out = lab / "out"
    assert eisfit("series", lab, "-o", out).code == 0
    (out / "note.txt").write_text("mine")
    (out / "laws.csv").write_text("of an earlier result")
    assert eisfit("series", lab, "-o", out, "--force", "--no-figures").code == 0
    assert sorted(p.name for p in out.iterdir()) == [
        "arrhenius.csv", "contributions.csv", "eisfit.h5", "note.txt", "parameters.csv", "spectra.csv",
    ]  # fmt: skip
