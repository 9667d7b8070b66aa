"""Processor time of a batch on a Dask cluster of this machine against that of local processes; Linux only.

Run ``python -m benchmarks.bulk_dask 30000``; needs the extra ``[dask]``.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bulk import command, made, measured
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=30_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--chunk", type=int, default=5000)
    given = parser.parse_args()
    print("| executor | processor / s | of these the batch itself / s | µs a spectrum |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place, cluster(Path(place), given.workers) as (address, processes):
        data, results = made(Path(place), given.count), list[ManyFits]()
        for executor in (f"processes:{given.workers}", f"dask://{address}", f"dask://{address}"):
            output = Path(place) / f"out{len(results)}"
            before = processor_of(processes)
            _, own, _ = measured(command(data, output, executor, True, given.chunk))
            total = own + (processor_of(processes) - before if results else 0.0)
            name = executor.partition(":")[0] + (", workers warm" if len(results) == 2 else "")
            print(f"| {name} | {total:.1f} | {own:.1f} | {1e6 * total / given.count:.0f} |", flush=True)
            results.append(read_fit_table(output / "eisfit.h5"))
    print(f"equal to the last bit: {results[0] == results[1] == results[2]}")


if __name__ == "__main__":
    main()
