"""Waiting times: ``import eisfit`` and ``eisfit series`` on the sample, process start to exit."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import eisfit
from benchmarks.common import ONE_CORE, timed, write
from eisfit.validity.checks import check

SAMPLE = Path(__file__).resolve().parent.parent / "sample_spectra" / "llto_le_four_electrode"
COMMAND = "from eisfit.cli.main import main; main()"
SPECTRUM = eisfit.read(SAMPLE / "llto_20C.csv")[0]


def run(arguments: list[str]) -> None:
    """Run Python with some arguments; raise if it fails."""
    environment = {**os.environ, **ONE_CORE}
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=environment)


def series(sample: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / "results")
        run(["-c", COMMAND, "series", str(sample), "-o", output, "--no-figures", "--quiet"])


def tested() -> None:
    check(SPECTRUM)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--sample", type=Path, default=SAMPLE)
    options.add_argument("--repeats", type=int, default=7)
    given = options.parse_args()
    works: dict[str, Callable[[], None]] = {
        "an empty Python": lambda: run(["-c", "pass"]),
        "import numpy": lambda: run(["-c", "import numpy"]),
        "import eisfit": lambda: run(["-c", "import eisfit"]),
        "eisfit --help": lambda: run(["-c", COMMAND, "--help"]),
        "eisfit series SAMPLE --no-figures": lambda: series(given.sample),
        "a Kramers-Kronig test, within a process": tested,
    }
    rows = []
    for name, work in works.items():
        work()  # compiles and fills the cache of the disk
        rows.append({"what": name, "ms": 1e3 * timed(work, given.repeats)[0]})
    write(given.output, "startup", "Waiting times", rows, f"Medians of {given.repeats} runs on one core.")


if __name__ == "__main__":
    main()
