"""Memory of fitting very many spectra, beyond that of the data themselves.

Run ``python -m benchmarks.memory -o results``.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from pathlib import Path

import numpy as np

import eisfit
from benchmarks.common import write
from benchmarks.peers import cases

MEGABYTE = 1024.0


def resident_mb() -> float:
    """Return the memory of this process that is in use now; Linux only."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return float(line.split()[1]) / MEGABYTE
    raise SystemExit("memory can be measured on Linux only")


class Watch:
    """The largest memory in use while something runs, sampled by a thread."""

    def __enter__(self) -> Watch:
        self.before = self.largest = resident_mb()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def _look(self) -> None:
        while not self._done.wait(0.02):
            self.largest = max(self.largest, resident_mb())

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--spectra", type=int, nargs="+", default=[1000, 10_000, 100_000])
    given = options.parse_args()
    rows = []
    for count in given.spectra:
        case = cases(min(count, 2000))[0]
        rng = np.random.default_rng(1)
        spectra = []
        for k in range(count):
            z = case.z_ohm[k % len(case.z_ohm)]
            spectra.append(eisfit.Spectrum(case.frequency_hz, z * (1 + 1e-3 * rng.standard_normal(z.size))))
        eisfit.fit_many(spectra[:10], case.circuit, start=case.named_start)  # imports
        begin = time.perf_counter()
        with Watch() as watch:
            fits = eisfit.fit_many(spectra, case.circuit, start=case.named_start)
        took = time.perf_counter() - begin
        rows.append(
            {
                "spectra": count,
                "data, MB": count * case.frequency_hz.size * 24 / 1e6,
                "process with data, MB": watch.before,
                "more while fitting, MB": watch.largest - watch.before,
                "s": took,
                "converged, %": 100 * float(np.mean(fits.converged)),
            }
        )
        print(rows[-1], file=sys.stderr)
        del spectra, fits
    notes = "Circuit R0-p(R1,CPE1)-p(R2,CPE2)-W1, 71 points, one common start; all cores."
    write(given.output, "memory", "Memory of fit_many", rows, notes)


if __name__ == "__main__":
    main()
