"""Time and memory of batches of very many spectra, and how they grow with the number.

Run ``python -m benchmarks.bulk 10000 100000``; ``--kills 30`` kills workers and the batch at random moments as well.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from eisfit.bulk.job import CHUNKS
from eisfit.cell.find import resolve_template
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


def command(data: Path, output: Path, executor: str, started: bool, chunk: int) -> list[str]:
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
    ]
    return [sys.executable, "-m", "eisfit.cli", *given, "--chunk", str(chunk), *start]


def measured(args: list[str], environment: dict[str, str] | None = None) -> tuple[float, float, float]:
    """Run a command; return seconds, seconds of processor, and the most memory of one of its processes in MB."""
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=2)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)\n"
        "sys.exit(done.returncode)\n"
    )
    begun = time.monotonic()
    env = {**os.environ, "OMP_NUM_THREADS": "1", **(environment or {})}
    done = subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, done.stderr
    processor, memory = map(float, done.stdout.split())
    return time.monotonic() - begun, processor, memory


def growth(counts: list[int], chunk: int) -> None:
    """Print the table."""
    print(
        "| spectra | executor | start | time / s | processor / s | µs a spectrum | memory of a process / MB |"
    )
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        for count in counts:
            data = made(Path(place), count)
            for executor in ("inline", "processes:2"):
                for started in (True, False):
                    output = Path(place) / f"{count}_{executor[:3]}_{started}"
                    args = command(data, output, executor, started, chunk)
                    alone = {"EISFIT_THREADS": "1"}
                    seconds, processor, memory = measured(args, alone if executor == "inline" else None)
                    each = 1e6 * processor / count
                    word = "given" if started else "none"
                    row = (
                        count,
                        executor,
                        word,
                        f"{seconds:.1f}",
                        f"{processor:.1f}",
                        f"{each:.0f}",
                        f"{memory:.0f}",
                    )
                    print(f"| {' | '.join(map(str, row))} |", flush=True)


def children_of(process: int) -> list[int]:
    """Return what a process has started; Linux only."""
    try:
        return [int(p) for p in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
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
        seconds, _, _ = measured(command(data, whole, "processes:2", True, chunk))
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
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    if given.kills:
        kills(given.kills, given.counts[0], given.seed, given.chunk)
    else:
        growth(given.counts, given.chunk)


if __name__ == "__main__":
    main()
