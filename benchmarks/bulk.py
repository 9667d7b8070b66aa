"""Time and memory of batches of very many spectra, and how they grow with the number.

Run ``python -m benchmarks.bulk 10000 100000 1000000``. ``--start given`` or ``none`` keeps to one of the two ways,
``--executors`` and ``--device`` to some places. ``--kills 30`` kills workers and the batch at random moments;
``--hostile`` puts spectra that are none among the others and looks whether they change any.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from eisfit.bulk.job import CHUNKS
from eisfit.cell.find import resolve_template
from eisfit.results.many_fits import OUTCOMES, PER_CONTRIBUTION
from eisfit.simulate.many import FREQUENCY_HZ, many_blocks
from eisfit.store.fit_table import read_fit_table
from eisfit.store.spectra_table import write_spectra_table

CIRCUIT = "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3"
VALUES = {
    "R0": 20.0, "R1": 100.0, "CPE1_Q": 1e-7, "CPE1_alpha": 0.9, "R2": 300.0, "CPE2_Q": 1e-5, "CPE2_alpha": 0.85,
    "CPE3_Q": 0.05, "CPE3_alpha": 0.6,
}  # fmt: skip
EIGHT = "CPE3_alpha=0.6"  # fixed, so that eight parameters are left


def made(folder: Path, count: int) -> Path:
    """Write the spectra, and return the file."""
    path = folder / f"{count}.h5"
    write_spectra_table(path, FREQUENCY_HZ, many_blocks(resolve_template(CIRCUIT), VALUES, count))
    return path


def command(
    data: Path, output: Path, executor: str, started: bool, chunk: int, device: str = "cpu"
) -> list[str]:
    """Return the command that fits a file."""
    start = [f"--start={name}={value}" for name, value in VALUES.items()] if started else []
    given = [
        "batch",
        str(data),
        "-o",
        str(output),
        "--circuit",
        CIRCUIT,
        "--fix",
        EIGHT,
        "--executor",
        executor,
        "--device",
        device,
    ]
    return [sys.executable, "-m", "eisfit.cli", *given, "--chunk", str(chunk), *start]


@dataclass(frozen=True)
class Used:
    """What a command has used: seconds, those of processor of itself and of its workers, MB of the largest process."""

    wall_s: float
    own_s: float
    workers_s: float
    memory_mb: float

    @property
    def processor_s(self) -> float:
        """All seconds of processor."""
        return self.own_s + self.workers_s


_MEASURING = """import atexit, json, resource, runpy, sys
def tell():
    kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    own, workers = (resource.getrusage(kind) for kind in kinds)
    times = [used.ru_utime + used.ru_stime for used in (own, workers)]
    open(out, "w").write(json.dumps([*times, max(own.ru_maxrss, workers.ru_maxrss) / 1024]))
out, sys.argv = sys.argv[1], sys.argv[2:]
atexit.register(tell)
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


def measured(args: list[str], environment: dict[str, str] | None = None) -> Used:
    """Run a command that begins with Python, -m and a module; return what it has used."""
    env = {**os.environ, "OMP_NUM_THREADS": "1", **(environment or {})}
    with tempfile.TemporaryDirectory() as place:
        told, begun = Path(place) / "used.json", time.monotonic()
        run = [sys.executable, "-c", _MEASURING, str(told), *args[2:]]
        done = subprocess.run(run, capture_output=True, text=True, env=env, check=False)
        seconds = time.monotonic() - begun
        assert done.returncode == 0, done.stderr
        return Used(seconds, *json.loads(told.read_text()))


def growth(
    counts: list[int], chunk: int, executors: Sequence[str], starts: Sequence[bool], device: str
) -> None:
    """Print the table."""
    print(
        "| spectra | executor | start | time / s | processor / s | of these the batch itself / s | µs a spectrum "
        "| memory / MB | load before |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        for count in counts:
            data = made(Path(place), count)
            for executor, started in itertools.product(executors, starts):
                output = Path(place) / f"{count}_{executor[:3]}_{started}"
                args = command(data, output, executor, started, chunk, device)
                load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
                alone = {"EISFIT_THREADS": "1"} if executor == "inline" else None
                used = measured(args, alone)
                each = 1e6 * used.processor_s / count
                numbers = (used.wall_s, used.processor_s, used.own_s, each, used.memory_mb, load)
                texts = [f"{x:.{d}f}" for x, d in zip(numbers, (1, 1, 1, 0, 0, 1), strict=True)]
                word = "given" if started else "none"
                print(f"| {' | '.join((str(count), executor, word, *texts))} |", flush=True)
                shutil.rmtree(output)
            data.unlink()


HOSTILE = {
    0.1: np.nan, 0.2: np.inf, 0.3: 1e300, 0.4: 1e-300, 0.5: 1e55, 0.6: 1e-55, 0.7: -1.0, 0.8: 1.0, 0.9: 0.0,
}  # place in the file, and what all points of that row are  # fmt: skip


def hostile(count: int, chunk: int) -> None:
    """Print whether rows that are no spectra change another one, and what is said of them."""
    with tempfile.TemporaryDirectory() as place:
        data, places = made(Path(place), count), {int(count * k): z for k, z in HOSTILE.items()}
        whole, output = Path(place) / "whole", Path(place) / "out"
        measured(command(data, whole, "inline", True, chunk))
        with h5py.File(data, "r+") as file:
            for row, z in places.items():
                file["z_real_ohm"][row], file["z_imag_ohm"][row] = z, 0.0
        subprocess.run(command(data, output, "inline", True, chunk), capture_output=True, check=False)
        a, b = (read_fit_table(folder / "eisfit.h5") for folder in (whole, output))
        rest = np.setdiff1d(np.arange(count), list(places))
        same = all(
            np.array_equal(getattr(a, name)[rest], getattr(b, name)[rest], equal_nan=True)
            for name in ("values", "stderrs", "chi2_reduced", "outcome", *PER_CONTRIBUTION)
        )
        print(f"{count} rows, {len(places)} of them hostile; all others equal to the last bit: {same}")
        for row, z in places.items():
            print(f"{z:g}: {b.reasons.get(row) or OUTCOMES[b.outcome[row]].name.lower()}")


def children_of(process: int) -> list[int]:
    """Return what a process has started; Linux only."""
    try:
        threads = Path(f"/proc/{process}/task").glob("*/children")
        return [int(child) for thread in threads for child in thread.read_text().split()]
    except OSError:
        return []


def lives(process: int) -> bool:
    """Tell whether a process runs; one that has ended and that nobody has asked for does not."""
    path = Path(f"/proc/{process}/stat")
    return path.exists() and path.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def kills(number: int, count: int, seed: int, chunk: int) -> None:
    """Kill workers and the batch at random moments until it is done; print whether its numbers are the same."""
    rng, killed, orphans = random.Random(seed), {"worker": 0, "batch": 0}, 0
    with tempfile.TemporaryDirectory() as place:
        data = made(Path(place), count)
        whole, output = Path(place) / "whole", Path(place) / "out"
        seconds = measured(command(data, whole, "processes:2", True, chunk)).wall_s
        while sum(killed.values()) < number:
            process = subprocess.Popen(
                command(data, output, "processes:2", True, chunk), stdout=subprocess.DEVNULL
            )
            while process.poll() is None and sum(killed.values()) < number:
                time.sleep(rng.uniform(0.5, 0.5 + seconds / 4))
                workers = children_of(process.pid)
                if workers and rng.random() < 0.6:
                    os.kill(rng.choice(workers), signal.SIGKILL)
                    killed["worker"] += 1
                elif process.poll() is None:
                    process.kill()
                    process.wait()
                    killed["batch"] += 1
                    time.sleep(3.0)
                    orphans += sum(map(lives, workers))
            process.kill()
            process.wait()
            if process.returncode == 0:
                for path in sorted((output / CHUNKS).iterdir())[1:]:
                    path.unlink()  # all is done: most of it is to be done again
        measured(command(data, output, "processes:2", True, chunk))
        a, b = (read_fit_table(folder / "eisfit.h5") for folder in (whole, output))
        print(f"kills {killed}, orphans {orphans}, rows {len(b)}, equal to the last bit: {a == b}")
        print(
            f"failed {len(b.reasons)}, unfinished files {sum(p.suffix != '.h5' for p in (output / CHUNKS).iterdir())}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", type=int, nargs="*", default=[10_000])
    parser.add_argument("--chunk", type=int, default=5000)
    parser.add_argument("--executors", nargs="+", default=["inline", "processes:2"])
    parser.add_argument("--start", choices=("given", "none", "both"), default="both")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--hostile", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    if given.kills:
        kills(given.kills, given.counts[0], given.seed, given.chunk)
    elif given.hostile:
        hostile(given.counts[0], given.chunk)
    else:
        starts = {"given": [True], "none": [False], "both": [True, False]}[given.start]
        growth(given.counts, given.chunk, given.executors, starts, given.device)


if __name__ == "__main__":
    main()
