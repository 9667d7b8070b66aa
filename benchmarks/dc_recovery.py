"""Recovery of i0, alpha and R_SLEI from dc data with eight electrodes: pulls and coverage over noise seeds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import write
from eisfit.polarisation import fit_interface, interface_curve

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support.dc_cells import LAW, eight_electrodes

TRUTH = {"i0_a_per_cm2": LAW.i0_a_per_cm2, "alpha": LAW.alpha, "r_slei_ohm_cm2": LAW.r_slei_ohm_cm2}


def recovered(seeds: int, noise_v: float) -> list[dict[str, Any]]:
    """Return the width and mean of the pulls and the coverage of each parameter."""
    pulls, covered = [], []
    for seed in range(seeds):
        found = fit_interface(interface_curve(eight_electrodes(seed, noise_v)))
        values = (found.law.i0_a_per_cm2, found.law.alpha, found.law.r_slei_ohm_cm2)
        pulls.append([(v - TRUTH[k]) / found.stderr[k] for k, v in zip(TRUTH, values, strict=True)])
        covered.append([low <= TRUTH[k] <= high for k, (low, high) in found.ci95.items()])
    rows = []
    for k, name in enumerate(TRUTH):
        of = np.array(pulls)[:, k]
        row = {"noise / mV": 1e3 * noise_v, "quantity": name, "pull width": float(of.std())}
        rows.append(
            {**row, "pull mean": float(of.mean()), "covered / %": 100 * float(np.mean(covered, axis=0)[k])}
        )
    return rows


def main(given: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, default=Path("results"))
    options.add_argument("--seeds", type=int, default=200)
    asked = options.parse_args(given)
    rows = [row for noise in (2e-4, 5e-4, 2e-3) for row in recovered(asked.seeds, noise)]
    write(
        asked.output, "dc_recovery", f"Charge transfer and interphase from dc data, {asked.seeds} seeds", rows
    )


if __name__ == "__main__":
    main()
