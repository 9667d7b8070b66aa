"""Commands run in this process, and the folder of a lab to run them on."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from eisfit import Spectrum
from eisfit.cli import main as cli
from eisfit.formats import read
from eisfit.formats.delimited_text import write_csv
from support.cells import le_se_faded, le_se_values, measured
from support.paths import SAMPLE


class Ran:
    """What a command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Command: TypeAlias = Callable[..., Ran]


@pytest.fixture
def eisfit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs the command in this process."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["eisfit", *map(str, arguments)])
        with pytest.raises(SystemExit) as leave:
            cli.main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return Ran(int(leave.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    for k, t in enumerate((20, 40, 60)):
        s = measured(le_se_faded(), le_se_values(r_s=100 - t), seed=k)
        write_csv(tmp_path / f"cell_{t}C.csv", s)
    (tmp_path / "series.toml").write_text(
        'template = "le_se"\nelectrodes = 4\narea_cm2 = 1.0\nfiles = "*C.csv"\n'
        'temperature_from_name = "{temperature_c}C"\n'
    )
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of the sample, made by a process of its own."""
    folder = tmp_path_factory.mktemp("sample") / "results"
    command = [
        sys.executable,
        "-c",
        "from eisfit.cli.main import main; main()",
        "series",
        str(SAMPLE),
        "-o",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "Activation energies" in done.stderr
    assert done.stdout.split() == [str(folder / name) for name in WRITTEN]
    return folder


WRITTEN = (
    "spectra.csv",
    "parameters.csv",
    "contributions.csv",
    "arrhenius.csv",
    "eisfit.h5",
    "nyquist.pdf",
    "nyquist.png",
    "arrhenius.pdf",
    "arrhenius.png",
    "capacitances.png",
)


def spoil(path: Path, points: slice, factor: float) -> None:
    """Multiply some points of a spectrum in a file."""
    (s,) = read(path)
    z = s.z_ohm.copy()
    z[points] *= factor
    write_csv(path, Spectrum(s.frequency_hz, z))
