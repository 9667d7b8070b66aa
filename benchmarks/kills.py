"""Kill `eisfit series --force` at random moments: the results are the old or the new ones, whole, and no debris stays.

Two series that differ in their noise are fitted in turn into one folder. Each run is ended with kill -9 after a random
time; then the folder must hold the results of one series alone, and after the next run no temporary file.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from eisfit import simulate, store

SCENARIO = "licgc_pe_no_interface"


def command(series: Path, output: Path) -> list[str]:
    """Return the command that fits a series into a folder."""
    return [sys.executable, "-m", "eisfit", "series", str(series), "-o", str(output), "--force", "--quiet"]


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder; of the results, what they hold, for the file has the time of its writing."""
    return {
        p.name: repr(store.load(p)[0].spectrum.z_ohm.sum()).encode() if p.suffix == ".h5" else p.read_bytes()
        for p in folder.iterdir()
        if not p.name.startswith(".eisfit-")
    }


def hidden(folder: Path) -> list[str]:
    """Return the names of temporary files."""
    return [p.name for p in folder.iterdir() if p.name.startswith(".")]


def kills(number: int, seed: int, minutes: float = math.inf) -> Mapping[str, int]:
    """Return how often each state was found after a kill, and after the run behind it; fewer where time is up."""
    rng, counts = (
        random.Random(seed),
        {"runs": 0, "whole": 0, "finished before": 0, "mixed until next run": 0, "lost": 0, "debris": 0},
    )
    with tempfile.TemporaryDirectory() as place:
        output, whole, longest = Path(place) / "out", [], 0.0
        series = [Path(place) / name for name in ("a", "b")]
        for k, folder in enumerate(series):
            simulate.write_simulation(simulate.simulate(SCENARIO, seed=k + 1), folder)
            start = time.monotonic()
            subprocess.run(command(folder, output), check=False, capture_output=True)
            longest = time.monotonic() - start
            whole.append(contents(output))
        began = time.monotonic()
        for k in range(number):
            if time.monotonic() - began > 60 * minutes:
                break
            counts["runs"] += 1
            process = subprocess.Popen(
                command(series[k % 2], output), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            # half of the kills near the end, where files are written
            time.sleep(rng.uniform(0.7 if k % 2 else 0.0, 1.1) * longest)
            ended = process.poll() is not None
            if not ended:
                os.kill(process.pid, signal.SIGKILL)
            process.wait()
            if contents(output) in whole:
                counts["finished before" if ended else "whole"] += 1
                continue
            subprocess.run(command(series[0], output), check=False, capture_output=True)
            counts["mixed until next run" if contents(output) == whole[0] else "lost"] += 1
        subprocess.run(command(series[0], output), check=False, capture_output=True)
        counts["lost"] += contents(output) != whole[0]
        counts["debris"] = len(hidden(output))
    return counts


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf, help="end after this time")
    given = parser.parse_args()
    for state, count in kills(given.number, given.seed, given.minutes).items():
        print(f"{state}: {count}")


if __name__ == "__main__":
    main()
