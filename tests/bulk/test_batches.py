"""A batch survives what happens to it, and its numbers are those of an undisturbed one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfit.bulk import Job, executors, fit_file, merge, state_of
from eisfit.bulk.chunk_files import remove_abandoned, temporary
from eisfit.bulk.executors import End, Inline
from eisfit.bulk.job import CHUNKS
from eisfit.bulk.piece import Piece
from eisfit.bulk.processes import Processes
from eisfit.errors import InputError, StoreError
from eisfit.store.fit_table import failed_rows, fit_table_size, read_fit_table
from eisfit.store.spectra_table import FRAME, spectra_table_size
from eisfit.tools import child_processes
from eisfit.tools.frozen import Complexes
from support.commands import Command
from support.many import CIRCUIT, START, impedances, job
from support.paths import ROOT

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
COUNT = 36


def numbers(made: Job) -> bytes:
    """Return all that a job has come to, as bytes."""
    fits = read_fit_table(merge(made))
    columns = [fits.values, fits.stderrs, fits.resistance_ohm, fits.chi2_reduced, fits.outcome, fits.row]
    return b"".join(np.ascontiguousarray(c).tobytes() for c in columns)


def undisturbed(folder: Path, *, started: bool = True, z: Complexes | None = None) -> bytes:
    """Return the numbers of a job of one chunk in this process."""
    other = folder / "undisturbed"
    other.mkdir()
    made = job(other, COUNT, 1000, started=started, z=z)
    fit_file(made, "inline")
    return numbers(made)


class Dying(Inline):
    """An executor whose worker dies with one row, and once with another."""

    def __init__(self, made: Job) -> None:
        super().__init__(made)
        self.once = {31}

    def next_end(self) -> End:
        """Fit the next piece, or die of it."""
        piece = self.given[0]
        rows = range(piece.first, piece.last)
        if 17 in rows or self.once & set(rows):
            self.once -= set(rows)
            return End(self.given.popleft(), "its worker process ended (signal 9)")
        return super().next_end()


def test_the_row_that_ends_its_worker_is_found_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "Inline", Dying)
    made = job(tmp_path, COUNT, 16)
    found = fit_file(made, "inline")
    assert (found.failed, found.done_spectra, found.missing) == (1, COUNT, [])
    path = merge(made)
    assert failed_rows(path) == {17: "row 17: its worker process ended (signal 9), 3 times"}
    assert sorted(p.suffix for p in (made.output / CHUNKS).iterdir()) == [".h5"] * 3
    fits, whole = read_fit_table(path), tmp_path / "whole"
    monkeypatch.undo()
    other = replace(made, output=whole)
    fit_file(other, "inline")
    sound = read_fit_table(merge(other))
    rest = np.arange(COUNT) != 17
    assert np.array_equal(fits.values[rest], sound.values[rest], equal_nan=True)
    assert np.isnan(fits.values[17]).all()


@pytest.mark.parametrize("started", [True, False], ids=["start", "no start"])
def test_chunks_change_nothing_and_what_is_there_is_not_fitted_again(
    tmp_path: Path, started: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = job(tmp_path, COUNT, 7, started=started)
    fit_file(made, "inline", (2, 3))
    assert state_of(made).done_chunks == 2
    with pytest.raises(
        InputError, match=r"4 of 6 chunks are not there yet \(rows 0 to 6, 14 to 20, 21 to 27 and 1 more"
    ):
        merge(made)
    fit_file(made, "inline")
    assert numbers(made) == undisturbed(tmp_path, started=started)
    monkeypatch.setattr(Inline, "give", lambda self, piece: pytest.fail("fitted again"))
    assert fit_file(made, "inline").done_spectra == COUNT


def test_a_damaged_chunk_and_one_of_changed_data_are_fitted_again(tmp_path: Path) -> None:
    import h5py

    made = job(tmp_path, COUNT, 10)
    fit_file(made, "inline")
    chunk = sorted((made.output / CHUNKS).iterdir())[1]
    chunk.write_bytes(chunk.read_bytes()[:1000])
    assert state_of(made).missing == [(10, 20)]
    with h5py.File(made.data, "r+") as file:
        file["z_real_ohm"][25] *= 2
    assert state_of(made).missing == [(10, 20), (20, 30)]
    fit_file(made, "inline")
    assert read_fit_table(merge(made)).column("R0")[25] != pytest.approx(20.0, rel=0.3)


def test_other_settings_are_refused_in_the_same_folder(tmp_path: Path) -> None:
    made = job(tmp_path, COUNT, 10)
    fit_file(made, "inline")
    with pytest.raises(InputError, match=r"other settings, chunk differs \(10, not 20\)"):
        fit_file(replace(made, chunk=20), "inline")
    with pytest.raises(InputError, match=r"weights differs \(modulus, not unit\)"):
        state_of(replace(made, weights="unit"))


@POSIX
def test_killed_workers_are_replaced_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = job(tmp_path, COUNT, 20)
    killed: list[int] = []
    give = Processes.give

    def give_and_kill(self: Processes, piece: Piece) -> None:
        give(self, piece)
        if not killed:
            killed.append(self.workers[0])
            os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(Processes, "give", give_and_kill)
    found = fit_file(made, "processes:1")
    assert killed
    assert (found.failed, found.done_spectra) == (0, COUNT)
    assert numbers(made) == undisturbed(tmp_path)


def started_batch(made: Job, *more: str) -> subprocess.Popen[str]:
    """Start the command that fits a job."""
    start = [f"--start={name}={value}" for name, value in START]
    command = [sys.executable, "-m", "eisfit.cli", "batch", str(made.data), "-o", str(made.output)]
    command += ["--circuit", CIRCUIT, *start, "--chunk", str(made.chunk), *more]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def children_of(process: int) -> list[int]:
    """Return the processes that a process has started; Linux only."""
    return [int(p) for p in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def lives(process: int) -> bool:
    path = Path(f"/proc/{process}/stat")
    return path.exists() and path.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def until(done: object, seconds: float = 60.0) -> None:
    """Wait until a condition holds."""
    assert callable(done)
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "nothing has happened"
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGKILL, -9), pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow)]
)
def test_an_ended_batch_leaves_no_worker_and_goes_on(tmp_path: Path, sent: int, code: int) -> None:
    z = impedances(300, weak=False)
    made = job(tmp_path, 300, 15, z=z)
    chunks = made.output / CHUNKS
    process = started_batch(made, "--executor", "processes:1")
    until(lambda: chunks.is_dir() and any(p.suffix == ".h5" for p in chunks.iterdir()))
    workers = children_of(process.pid)
    process.send_signal(sent)
    _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert workers
    until(lambda: not any(map(lives, workers)), 3.0)
    done = state_of(made).done_spectra
    assert 0 < done < 300
    if sent == signal.SIGINT:
        assert "spectra are done and kept, the same command goes on with the others" in said
    fit_file(made, "inline")
    assert numbers(made) == undisturbed(tmp_path, z=z)
    assert not [p for p in chunks.iterdir() if p.suffix != ".h5"]


def test_a_full_disk_is_told_and_nothing_is_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    made, sync, written = job(tmp_path, COUNT, 10), os.fsync, []

    def full(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) > 6:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        StoreError, match=r"cannot be written \(the disk is full\); the chunks that are done stay"
    ):
        fit_file(made, "inline")
    monkeypatch.undo()
    assert [p.suffix for p in (made.output / CHUNKS).iterdir()] == [".h5"] * 2
    fit_file(made, "inline")
    assert numbers(made) == undisturbed(tmp_path)


def with_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """Pretend that a disk has so many bytes free."""
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)


def test_a_file_that_the_disk_has_no_room_for_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, eisfit: Command
) -> None:
    made = job(tmp_path, COUNT, 20)
    fit_file(made, "inline")
    with_free(monkeypatch, 10_000)
    with pytest.raises(
        StoreError, match=r"it takes 0\.1 MB, and 0\.0 MB are free; the chunks that are done stay"
    ):
        merge(made)
    ran = eisfit("simulate", "R0-C1", "--many", 5000, "--value=R0=1", "--value=C1=1", "-o", tmp_path / "a.h5")
    assert ran.code == 2
    assert "a.h5: cannot be written: it takes 6.1 MB, and 0.0 MB are free; make room" in ran.err
    assert not (tmp_path / "a.h5").exists()


def test_the_room_that_is_asked_for_is_what_files_take(tmp_path: Path) -> None:
    for count in (3, 2000):
        made = replace(
            job(tmp_path, count, 5000, z=impedances(count, weak=False)), output=tmp_path / f"{count}"
        )
        asked = spectra_table_size(count, 31, 1)
        assert made.data.stat().st_size <= asked <= 1.5 * made.data.stat().st_size + FRAME
        if count == 3:
            fit_file(made, "inline")
            size = merge(made).stat().st_size
            assert size <= fit_table_size(count, 7, 3, 1) <= 1.5 * size + FRAME


def test_files_that_a_dead_process_was_writing_are_removed(tmp_path: Path) -> None:
    own = temporary(tmp_path / "a.h5")
    dead = own.with_name(own.name.replace(f".{os.getpid()}.", ".999999999."))
    for path in (own, dead):
        path.write_bytes(b"half")
    remove_abandoned(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [own.name]


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize("chunk", [8, 2])
def test_a_row_that_kills_real_workers_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os\nfrom eisfit.bulk import worker\nfit = worker.fitted_piece\n"
        "def lethal(job, table, p):\n    if p.first <= 5 < p.last:\n        os.kill(os.getpid(), 11)\n"
        "    return fit(job, table, p)\nworker.fitted_piece = lethal\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")
    made = job(tmp_path, 8, chunk)
    assert fit_file(made, "processes:2").failed == 1
    assert failed_rows(merge(made)) == {5: "row 5: its worker process ended (signal 11), 3 times"}


def test_workers_that_do_not_begin_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_processes, "_COMMAND", "import sys; sys.exit(7)")
    with pytest.raises(
        InputError, match=r"3 worker processes in a row ended before they began \(exit code 7\)"
    ):
        fit_file(job(tmp_path, 4, 2), "processes:1")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--shard", "0/2"], "--shard '0/2': give a share and how many there are"),
        (["--shard", "a"], "--shard 'a': give a share and how many there are"),
        (["--executor", "proceses"], "--executor 'proceses' (did you mean 'processes'?)"),
        (["--executor", "processes:0"], "processes:N with N at least 1"),
        (["--chunk", "0"], "a chunk of 0 spectra: it must have at least one"),
        (["--status", "--merge"], "--status and --merge are both given"),
        (["--start", "R0=1"], "start: "),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_told(
    tmp_path: Path,
    more: list[str],
    said: str,
    eisfit: Command,
) -> None:
    made = job(tmp_path, 4, 2)
    given = [
        "batch",
        str(made.data),
        "-o",
        str(made.output),
        "--circuit",
        "R0-p(R1,CPE1)",
        "--executor",
        "inline",
    ]
    ran = eisfit(*given, *more)
    assert ran.code == 2
    assert said in ran.err


def test_the_command_tells_failed_rows_and_ends_with_1(tmp_path: Path, eisfit: Command) -> None:
    z = impedances(6, weak=False)
    z[3, 1] = np.nan
    made = job(tmp_path, 6, 2, z=z)
    given = ["batch", str(made.data), "-o", str(made.output), "--circuit", CIRCUIT, "--executor", "inline"]
    ran = eisfit(*given, "--json")
    told = json.loads(ran.out)
    assert (ran.code, told["done_spectra"], told["failed"]) == (1, 6, 1)
    assert told["failed_rows"]["3"].startswith("row 3: z_ohm[1] at 63095.7 Hz is nan")
    assert "row 3: z_ohm[1]" in ran.err
    ran = eisfit(*given, "--status", "--json")
    assert (ran.code, json.loads(ran.out)["missing"]) == (0, [])
