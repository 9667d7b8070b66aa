"""Many simulated spectra on one grid, and jobs that fit them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from eisfit.bulk import Job
from eisfit.cell.find import resolve_template
from eisfit.simulate.many import many_blocks
from eisfit.spectrum.columns import SpectraColumns
from eisfit.store.spectra_table import write_spectra_table
from eisfit.tools.frozen import Complexes, Floats

CIRCUIT = "R0-p(R1,CPE1)-p(R2,CPE2)"
VALUES = {
    "R0": 20.0, "R1": 100.0, "CPE1_Q": 1e-6, "CPE1_alpha": 0.9, "R2": 300.0, "CPE2_Q": 1e-3, "CPE2_alpha": 0.85,
}  # fmt: skip
START = tuple(VALUES.items())
FREQUENCY_HZ: Floats = np.logspace(5, -1, 31)
TEMPLATE = resolve_template(CIRCUIT)


def impedances(count: int, seed: int = 1, weak: bool = True) -> Complexes:
    """Return impedances (N, points); where `weak`, every fifth has hardly any second arc."""
    parts = many_blocks(TEMPLATE, VALUES, count, seed=seed, frequency_hz=FREQUENCY_HZ)
    z = np.concatenate([z for z, _ in parts])
    if weak:
        faint = {**VALUES, "R2": 0.3}
        other = many_blocks(TEMPLATE, faint, count, seed=seed, frequency_hz=FREQUENCY_HZ)
        z[::5] = np.concatenate([z for z, _ in other])[::5]
    return z


def columns(count: int, seed: int = 1) -> SpectraColumns:
    """Return spectra as columns."""
    return SpectraColumns(
        FREQUENCY_HZ, impedances(count, seed), {"temperature_c": np.linspace(20, 60, count)}
    )


def job(folder: Path, count: int, chunk: int, *, started: bool = True, z: Complexes | None = None) -> Job:
    """Write a file of spectra, and return the job of fitting it."""
    data = folder / "many.h5"
    block = impedances(count) if z is None else z
    write_spectra_table(data, FREQUENCY_HZ, [(block, {"temperature_c": np.linspace(20, 60, len(block))})])
    return Job(data, folder / "out", TEMPLATE, start=START if started else (), chunk=chunk)
