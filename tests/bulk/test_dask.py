"""A Dask scheduler on this machine, with workers as processes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from eisfit.bulk import dask_workers, fit_file, merge, state_of
from eisfit.bulk.dask_workers import Dask
from eisfit.bulk.executors import executor_of
from eisfit.bulk.piece import Piece
from eisfit.errors import InputError
from eisfit.store.fit_table import read_fit_table
from support.many import impedances, job
from support.paths import ROOT


def test_another_machine_without_certificates_is_refused(tmp_path: Path) -> None:
    for address in ("192.0.2.7:8786", "localhost.example.org:1", "127.0.0.1"):
        with pytest.raises(InputError, match="whoever reaches an open scheduler runs what he likes"):
            executor_of(f"dask://{address}", job(tmp_path, 4, 2))


class Cluster:
    """What takes the place of a Dask scheduler: it takes pieces, and then something happens to it."""

    def __init__(self, address: str, timeout: float) -> None:
        self.status, self.given = "running", 0
        self.workers: dict[str, Any] = {"w": {}}
        self.scheduler = SimpleNamespace(identity=None)
        clusters.append(self)

    def submit(self, call: Any, *order: Any, pure: bool) -> Future:
        self.given += 1
        if self.status == "closed":
            raise RuntimeError("Client is closed")
        return Future(f"piece {self.given}")

    def sync(self, call: Any, callback_timeout: float) -> dict[str, Any]:
        if self.status == "stopped":
            raise TimeoutError
        return {"workers": self.workers}

    def close(self, timeout: float) -> None:
        self.status = "closed"


clusters: list[Cluster] = []


class Future:
    """A piece given to it, which never ends by itself."""

    def __init__(self, key: str) -> None:
        self.key, self.status = key, "pending"
        self.calls: list[Callable[[Future], None]] = []

    def add_done_callback(self, call: Callable[[Future], None]) -> None:
        self.calls.append(call)
        if clusters[-1].status == "lost":
            self.status = "cancelled"
            call(self)


@pytest.mark.parametrize(
    ("status", "workers", "said"),
    [
        ("stopped", 1, "has not answered for 10 s"),
        ("closed", 1, r"is gone \(RuntimeError\)"),
        ("lost", 1, "has lost what it was given"),
        ("running", 0, "has had no workers for -1 s"),
    ],
)
def test_a_scheduler_that_is_gone_ends_the_batch_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: str, workers: int, said: str
) -> None:
    module = ModuleType("distributed")
    module.Client = Cluster  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "distributed", module)
    monkeypatch.setattr(dask_workers, "_LOOK_S", 0.01)
    monkeypatch.setattr(dask_workers, "_WITHOUT_WORKERS_S", -1.0)
    where = Dask(job(tmp_path, 4, 2), "127.0.0.1:1")
    clusters[-1].status = status
    clusters[-1].workers = {"w": {}} if workers else {}
    with pytest.raises(InputError, match=f"the scheduler {said}; the chunks that are done stay: start it"):
        _given_and_waited_for(where)


def test_a_scheduler_that_is_stopped_before_it_has_answered_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, answered = ModuleType("distributed"), threading.Event()
    module.Client = lambda address, timeout: answered.wait()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "distributed", module)
    monkeypatch.setattr(dask_workers, "_WAIT_S", 0.01)
    monkeypatch.setattr(dask_workers, "_LOOK_S", 0.01)
    with pytest.raises(
        InputError, match=r"the scheduler has not answered for 0\.02 s; the chunks that are done stay"
    ):
        Dask(job(tmp_path, 4, 2), "127.0.0.1:1")
    answered.set()


def _given_and_waited_for(where: Dask) -> None:
    where.give(Piece(0, 2))
    where.next_end()


def ended(processes: Sequence[subprocess.Popen[str]]) -> None:
    """End processes and what they have started, also those that do not listen any more."""
    for process in processes:
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGTERM)
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """Start a scheduler and two workers; return the address and the processes, the scheduler last."""
    pytest.importorskip("distributed")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "EISFIT_THREADS": "1"}
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": environment,
        "text": True,
        "cwd": tmp_path,
        "start_new_session": True,
    }
    dask = [sys.executable, "-m", "dask"]
    central = subprocess.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", "s.json"],
        stderr=subprocess.DEVNULL, **quiet,  # type: ignore[call-overload]
    )  # fmt: skip
    workers = [
        subprocess.Popen(
            [*dask, "worker", "--scheduler-file", "s.json", "--nthreads", "1", "--no-dashboard", "--nanny"],
            stderr=subprocess.DEVNULL, **quiet,  # type: ignore[call-overload]
        )
        for _ in range(2)
    ]  # fmt: skip
    from distributed import Client

    try:
        with Client(scheduler_file=str(tmp_path / "s.json"), timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            address = client.scheduler.address.removeprefix("tcp://")
        yield address, [*workers, central]
    finally:
        ended([*workers, central])


@pytest.mark.slow
def test_dask_comes_to_the_same_numbers(
    tmp_path: Path, scheduler: tuple[str, list[subprocess.Popen[str]]]
) -> None:
    address, running = scheduler
    made = job(tmp_path, 36, 6)
    where = Dask(made, address)
    assert where.room == 8
    where.close()
    running[0].kill()
    assert fit_file(made, f"dask://{address}").done_spectra == 36
    other = tmp_path / "other"
    other.mkdir()
    alone = job(other, 36, 36)
    fit_file(alone, "inline")
    assert read_fit_table(merge(made)) == read_fit_table(merge(alone))


@pytest.mark.slow
def test_a_scheduler_that_is_stopped_loses_nothing(
    tmp_path: Path, scheduler: tuple[str, list[subprocess.Popen[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, running = scheduler
    monkeypatch.setattr(dask_workers, "_LOOK_S", 0.5)
    monkeypatch.setattr(dask_workers, "_WAIT_S", 3.0)
    made = job(tmp_path, 400, 8, z=impedances(400, weak=False))

    def stop(what: str, done: int, total: int) -> None:
        if done >= 16:
            running[-1].send_signal(signal.SIGSTOP)

    with pytest.raises(
        InputError, match="the scheduler has not answered for 3 s; the chunks that are done stay"
    ):
        fit_file(made, f"dask://{address}", told=stop)
    assert 16 <= state_of(made).done_spectra < 400
    fit_file(made, "inline")
    found = read_fit_table(merge(made))
    other = replace(made, output=tmp_path / "other", chunk=400)
    fit_file(other, "inline")
    assert found == read_fit_table(merge(other))
