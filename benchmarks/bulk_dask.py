"""Processor time of a batch on a Dask cluster of this machine against that of local processes; Linux only.

Run ``python -m benchmarks.bulk_dask 30000``; needs the extra ``[dask]``. ``--runs 10`` kills workers and the batch, and
stops the scheduler, at random moments of so many batches instead, and looks whether their numbers are the same.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bulk import children_of, command, lives, made, measured
from eisfit.bulk.job import CHUNKS
from eisfit.results.many_fits import ManyFits
from eisfit.store.fit_table import read_fit_table

ALLOCATOR = {
    "MALLOC_TRIM_THRESHOLD_": "268435456",
    "MALLOC_MMAP_THRESHOLD_": "268435456",
    "MALLOC_TOP_PAD_": "67108864",
}
NANNY = "DASK_DISTRIBUTED__NANNY__PRE_SPAWN_ENVIRON__MALLOC_TRIM_THRESHOLD_"


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[int]]]:
    """Start a scheduler and workers as the docs say; return the address and the numbers of the processes."""
    from distributed import Client

    environment = {**os.environ, **ALLOCATOR, NANNY: ALLOCATOR["MALLOC_TRIM_THRESHOLD_"]}
    environment |= {"OMP_NUM_THREADS": "1", "EISFIT_THREADS": "1"}
    dask, known = [sys.executable, "-m", "dask"], str(folder / "scheduler.json")
    of = (
        ["scheduler", "--host", "127.0.0.1", "--port", "0"],
        ["worker", "--nworkers", str(workers), "--nthreads", "1"],
    )
    running = [
        subprocess.Popen(
            [*dask, *what, "--scheduler-file", known, "--no-dashboard"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for what in of
    ]
    try:
        with Client(scheduler_file=known, timeout=120, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=120)
            address = client.scheduler.address.removeprefix("tcp://")
        yield address, [process.pid for process in running]
    finally:
        for process in reversed(running):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def processor_of(processes: list[int]) -> float:
    """Return the seconds of processor of processes and of all that they have started and still have."""
    total = 0.0
    for process in processes:
        numbers = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        total += sum(map(int, numbers[11:13])) / os.sysconf("SC_CLK_TCK")
        tasks = Path(f"/proc/{process}/task").glob("*/children")
        total += processor_of([int(child) for task in tasks for child in task.read_text().split()])
    return total


def command_of(process: int) -> bytes:
    """Return the command line of a process; empty where it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def disturbed(args: list[str], running: list[int], rng: random.Random, most: int) -> dict[str, int]:
    """Give a command until it has done all, disturbed at random moments; return how often each thing happened.

    ``running`` are the scheduler and what has started the workers.
    """
    counts = {"worker killed": 0, "batch killed": 0, "scheduler stopped": 0, "orphans": 0}
    while True:
        batch = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while batch.poll() is None and sum(counts.values()) < most:
            time.sleep(rng.uniform(1.0, 4.0))
            workers = [
                process for nanny in children_of(running[1]) for process in (nanny, *children_of(nanny))
            ]
            own, what = children_of(batch.pid), rng.choices(list(counts)[:3], (5, 3, 1))[0]
            if batch.poll() is not None:
                break
            if what == "worker killed" and workers:
                os.kill(rng.choice(workers), signal.SIGKILL)
            elif what == "batch killed":
                batch.kill()
                batch.wait()
                time.sleep(3.0)
                counts["orphans"] += sum(map(lives, own))
            else:
                what = "scheduler stopped"
                os.kill(running[0], signal.SIGSTOP)
                batch.wait()
                os.kill(running[0], signal.SIGCONT)
            counts[what] += 1
        if batch.wait() == 0:
            return counts


def runs(number: int, count: int, workers: int, chunk: int, seed: int) -> None:
    """Print what happened to batches that were disturbed, and whether their numbers are those of another one."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as place, cluster(Path(place), workers) as (address, running):
        data, whole = made(Path(place), count), Path(place) / "whole"
        measured(command(data, whole, "inline", True, chunk))
        for k in range(number):
            output = Path(place) / f"run{k}"
            counts = disturbed(command(data, output, f"dask://{address}", True, chunk), running, rng, 3)
            same = read_fit_table(whole / "eisfit.h5") == read_fit_table(output / "eisfit.h5")
            files = [path.suffix for path in (output / CHUNKS).iterdir()]
            debris = sum(suffix != ".h5" for suffix in files)
            print(
                f"{counts}; {len(files)} files, {debris} unfinished; equal to the last bit: {same}",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=30_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--chunk", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    if given.runs:
        runs(given.runs, given.count, given.workers, given.chunk, given.seed)
        return
    print("| executor | processor / s | of these the batch itself / s | µs a spectrum |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place, cluster(Path(place), given.workers) as (address, processes):
        data, results = made(Path(place), given.count), list[ManyFits]()
        for executor in (f"processes:{given.workers}", f"dask://{address}", f"dask://{address}"):
            output = Path(place) / f"out{len(results)}"
            before = processor_of(processes)
            own = measured(command(data, output, executor, True, given.chunk)).processor_s
            total = own + (processor_of(processes) - before if results else 0.0)
            name = executor.partition(":")[0] + (", workers warm" if len(results) == 2 else "")
            print(f"| {name} | {total:.1f} | {own:.1f} | {1e6 * total / given.count:.0f} |", flush=True)
            results.append(read_fit_table(output / "eisfit.h5"))
    print(f"equal to the last bit: {results[0] == results[1] == results[2]}")


if __name__ == "__main__":
    main()
