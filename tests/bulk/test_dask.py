"""A Dask scheduler on this machine, with workers as processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eisfit.bulk import fit_file, merge
from eisfit.bulk.dask_workers import Dask
from eisfit.bulk.executors import executor_of
from eisfit.errors import InputError
from eisfit.store.fit_table import read_fit_table
from support.many import job
from support.paths import ROOT


def test_another_machine_without_certificates_is_refused(tmp_path: Path) -> None:
    for address in ("192.0.2.7:8786", "localhost.example.org:1", "127.0.0.1"):
        with pytest.raises(InputError, match="whoever reaches an open scheduler runs what he likes"):
            executor_of(f"dask://{address}", job(tmp_path, 4, 2))


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """Start a scheduler and two workers; return the address and the workers."""
    pytest.importorskip("distributed")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "EISFIT_THREADS": "1"}
    quiet = {"stdout": subprocess.DEVNULL, "env": environment, "text": True, "cwd": tmp_path}
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

    with Client(scheduler_file=str(tmp_path / "s.json"), timeout=60, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        address = client.scheduler.address.removeprefix("tcp://")
    yield address, workers
    for process in (*workers, central):
        process.send_signal(signal.SIGTERM)
    for process in (*workers, central):
        process.wait(30)


@pytest.mark.slow
def test_dask_comes_to_the_same_numbers(
    tmp_path: Path, scheduler: tuple[str, list[subprocess.Popen[str]]]
) -> None:
    address, workers = scheduler
    made = job(tmp_path, 36, 6)
    where = Dask(made, address)
    assert where.room == 8
    where.close()
    workers[0].kill()
    assert fit_file(made, f"dask://{address}").done_spectra == 36
    other = tmp_path / "other"
    other.mkdir()
    alone = job(other, 36, 36)
    fit_file(alone, "inline")
    assert read_fit_table(merge(made)) == read_fit_table(merge(alone))
