"""Ctrl-C keeps what is done and says so; the progress moves, and only a terminal shows it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import eisfit.fitting.spectra
import eisfit.workflow.run as runs
from eisfit import Circuit, Spectrum, store
from eisfit.cli.progress_bar import Pace, ProgressBar, time_left
from eisfit.formats.delimited_text import write_csv
from eisfit.workflow import RunOptions, read_manifest, run_files, run_series
from support.commands import Command, rows

TEXT = "R0-p(R1,CPE1)"
COUNT = 12


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of short spectra, of which four are fitted at once."""
    monkeypatch.setattr(runs, "AT_ONCE", 4)
    f = np.logspace(5, 0, 16)
    z = Circuit.from_text(TEXT).impedance(f, [10.0, 100.0, 1e-6, 0.9])
    (tmp_path / "data").mkdir()
    for k in range(COUNT):
        write_csv(tmp_path / "data" / f"s{k:02d}.csv", Spectrum(f, z * (1 + 0.01 * k)))
    return tmp_path


def stop_at(monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    """Interrupt the fits at their n-th call."""
    whole, calls = eisfit.fitting.spectra.fit_many, [0]

    def fit_many(*given: object, **more: object) -> object:
        calls[0] += 1
        if calls[0] == call:
            raise KeyboardInterrupt
        return whole(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(eisfit.fitting.spectra, "fit_many", fit_many)


def test_what_was_fitted_is_written(eisfit: Command, many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_at(monkeypatch, 3)
    ran = eisfit("fit", many / "data" / "*.csv", "--circuit", TEXT, "-o", many / "out")
    assert ran.code == 130
    assert ran.err.splitlines()[-1] == f"eisfit: stopped: 8 of {COUNT} spectra are written to {many / 'out'}"
    assert [row["spectrum"] for row in rows(many / "out" / "spectra.csv")] == [f"s{k:02d}" for k in range(8)]
    assert len(store.load(many / "out" / "eisfit.h5")) == 8
    assert store.load_settings(many / "out" / "eisfit.h5")["stopped"] == f"8 of {COUNT}"
    assert not list((many / "out").glob("*.pdf"))


def test_without_a_folder_it_is_shown(eisfit: Command, many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_at(monkeypatch, 2)
    ran = eisfit("fit", many / "data" / "*.csv", "--circuit", TEXT)
    assert ran.code == 130
    assert "s03" in ran.err
    assert "s04" not in ran.err
    assert ran.err.splitlines()[-1].endswith("are fitted; nothing is written, as no folder was named with -o")


def test_before_a_fit_nothing_is_written(
    eisfit: Command, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_at(monkeypatch, 1)
    ran = eisfit("fit", many / "data" / "*.csv", "--circuit", TEXT, "-o", many / "out")
    assert (ran.code, ran.err) == (130, "eisfit: stopped before a spectrum was fitted; nothing is written\n")
    assert not (many / "out").exists()


def test_a_stop_while_drawing_keeps_all_fits(
    eisfit: Command, lab: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import eisfit.workflow.write as written

    def stop(*_: object) -> dict[str, bytes]:
        raise KeyboardInterrupt

    monkeypatch.setattr(written, "_figures", stop)
    ran = eisfit("series", lab, "-o", lab / "out", "-q")
    assert ran.code == 130
    assert f"stopped: all 3 spectra, but no figure, are written to {lab / 'out'}" in ran.err
    assert len(rows(lab / "out" / "arrhenius.csv")) > 0


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("read_spectra", "stopped while reading; nothing is written"),
        ("fit_series", "stopped; the arcs of all 3 spectra are named at once, so no fit could be kept"),
    ],
)
def test_a_series_that_is_stopped_says_why_nothing_is_kept(
    eisfit: Command, lab: Path, monkeypatch: pytest.MonkeyPatch, step: str, said: str
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(
        "eisfit.fitting.series.fit_series" if step == "fit_series" else f"eisfit.workflow.run.{step}", stop
    )
    ran = eisfit("series", lab, "-o", lab / "out")
    assert ran.code == 130
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not (lab / "out").exists()


@pytest.mark.parametrize("command", ["read", "check", "convert"])
def test_reading_that_is_stopped_is_one_line(
    eisfit: Command, lab: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("eisfit.formats.reading.read_file", stop)
    monkeypatch.setattr("eisfit.formats.read_file", stop)
    more = ["-o", lab / "x.csv"] if command == "convert" else []
    ran = eisfit(command, lab / "cell_20C.csv", *more)
    assert (ran.code, ran.out, ran.err) == (130, "", "eisfit: stopped; nothing is written\n")


@pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")
@pytest.mark.parametrize(("module", "delay_s"), [("eisfit", 0.2), ("eisfit", 0.5), ("eisfit.cli", 0.9)])
def test_a_stop_while_starting_is_one_line(module: str, delay_s: float, lab: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", module, "series", str(lab), "-o", str(lab / "out"), "--no-figures"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        time.sleep(delay_s)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    if process.returncode == -signal.SIGINT:
        pytest.skip("the interpreter itself had not started yet")
    assert process.returncode in (0, 130), err
    assert b"Traceback" not in err
    assert process.returncode == 0 or err.splitlines()[-1].startswith(b"eisfit: stopped")


def test_an_error_that_an_interrupt_has_caused_is_a_stop(
    eisfit: Command, lab: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            raise ImportError("half of a module") from None

    monkeypatch.setattr("eisfit.formats.reading.read_file", stop)
    monkeypatch.setattr("eisfit.formats.read_file", stop)
    ran = eisfit("check", lab / "cell_20C.csv")
    assert (ran.code, ran.err) == (130, "eisfit: stopped; nothing is written\n")


class Listener:
    """A progress that keeps what it is told."""

    def __init__(self, heard: list[tuple[str, int, int]]) -> None:
        self.heard = heard

    def __call__(self, text: str, number: int) -> None:
        self.heard.append((text, 0, 0))

    def told(self, text: str, done: int, total: int) -> None:
        self.heard.append((text, done, total))


def test_the_progress_tells_files_checks_and_fits(many: Path) -> None:
    told: list[tuple[str, int, int]] = []
    run_files(
        [str(many / "data" / "*.csv")],
        TEXT,
        RunOptions(),
        Listener(told),
    )
    for step, first in (("reading files", 1), ("checking spectra", 1), ("fitting spectra", 4)):
        counted = [(done, total) for text, done, total in told if text == step and done]
        assert counted[0] == (first, COUNT)
        assert counted[-1] == (COUNT, COUNT)
        assert counted == sorted(counted)


def test_the_progress_of_a_series_goes_through_its_spectra(lab: Path) -> None:
    told: list[tuple[str, int, int]] = []
    run_series(
        read_manifest(lab),
        RunOptions(),
        Listener(told),
    )
    assert [(done, total) for text, done, total in told if text == "naming the arcs"] == [
        (1, 3),
        (2, 3),
        (3, 3),
    ]


def test_blocks_do_not_change_the_fits(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [str(many / "data" / "*.csv")]
    blocks = run_files(files, TEXT).result
    monkeypatch.setattr(runs, "AT_ONCE", 64)
    assert [f.values for f in blocks] == [f.values for f in run_files(files, TEXT).result]


@pytest.mark.parametrize(
    ("done", "total", "elapsed_s", "text"),
    [
        (0, 10, 9.0, ""),
        (0, 0, 9.0, ""),
        (1, 10, 0.1, ""),
        (5, 10, 60.0, "1:00 left"),
        (1, 3601, 2.0, "2:00:00 left"),
    ],
)
def test_the_time_left_is_that_of_the_mean_pace(done: int, total: int, elapsed_s: float, text: str) -> None:
    assert time_left(done, total, elapsed_s) == text


@pytest.mark.parametrize("power", [1.0, 1.5, 2.0])
def test_the_time_left_holds_where_items_take_longer_and_longer(power: float) -> None:
    total, whole_s = 2000, 600.0
    pace = Pace(0.0)
    for done in range(1, total):
        now = whole_s * (done / total) ** power
        growth = pace.growth(done, now)
        left = now * ((total / done) ** growth - 1)
        if done > total / 10:
            assert 1 / 1.5 < left / (whole_s - now) < 1.5


def test_the_drawing_step_counts_its_files(lab: Path) -> None:
    told: list[tuple[str, int, int]] = []

    class Listener:
        def __call__(self, text: str, number: int) -> None: ...

        def told(self, text: str, done: int, total: int) -> None:
            told.append((text, done, total))

    options = RunOptions(output=lab / "out")
    run_series(read_manifest(lab / "series.toml"), options, Listener())
    counts = [(done, total) for text, done, total in told if text == "drawing figures"]
    files = [path for path in (lab / "out").iterdir() if path.suffix in (".pdf", ".png")]
    assert counts == [(k, len(files)) for k in range(len(files) + 1)]
    assert [done for text, done, _ in told if text == "writing tables"] == [1, 2, 3]


def test_there_is_no_bar_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar() as progress:
        progress("fitting 10 spectra", 1)
        progress.told("fitting spectra", 3, 10)
    assert capsys.readouterr().err == ""
