"""Sweeps of a cell that grows meanwhile: what fits find of it as measured, and at common instants."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import eisfit
from benchmarks.common import write

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support.growing_cells import CIRCUIT, TRANSFER_OHM, film_ohm, growing

WHAT = {"Zarc_film": "film", "Zarc_ct": "charge transfer"}


def pulls(spectra: Sequence[eisfit.Spectrum]) -> dict[str, list[float]]:
    """Return for each arc its error over its standard error, in all sweeps."""
    found: dict[str, list[float]] = {name: [] for name in WHAT}
    for fit in eisfit.fit_series(spectra, CIRCUIT, over="time_h"):
        film = float(film_ohm(fit.spectrum.conditions.time_h or 0.0))
        for name, true in (("Zarc_film", film), ("Zarc_ct", TRANSFER_OHM)):
            found[name].append((fit[name].resistance_ohm - true) / fit[name].resistance_stderr_ohm)
    return found


def rows(seeds: int, noise: float) -> list[dict[str, Any]]:
    """Return pulls over seeds, as measured and corrected."""
    table = []
    for way, corrected in (("as measured", False), ("drift corrected", True)):
        drawn = []
        for seed in range(seeds):
            spectra = growing(seed, noise)
            drawn.append(pulls(eisfit.drift_corrected(spectra) if corrected else spectra))
        for name, words in WHAT.items():
            of = np.array([each[name] for each in drawn])
            table.append(
                {
                    "noise / %": 100 * noise, "sweeps": way, "arc": words,
                    "pull width": float(np.sqrt(np.mean(of**2))), "mean, first sweep": float(of[:, 0].mean()),
                    "covered / %": 100 * float(np.mean(np.abs(of) < 1.96)),
                }
            )  # fmt: skip
    return table


def main(given: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--seeds", type=int, default=40)
    asked = options.parse_args(given)
    found = [row for noise in (1e-3, 3e-3) for row in rows(asked.seeds, noise)]
    write(asked.output, "drift", f"Nine sweeps while a film grows, {asked.seeds} seeds", found)


if __name__ == "__main__":
    main()
