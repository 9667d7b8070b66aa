"""Folders of spectra with a manifest that asks for a joint fit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

import eisfit

HEAD = 'template = "{template}"\nelectrodes = {electrodes}\narea_cm2 = 0.785\nthickness_cm = {thickness}\n'


def write(folder: Path, spectra: Sequence[eisfit.Spectrum], head: str, keys: str = "") -> Path:
    """Write spectra as CSV files with their manifest."""
    folder.mkdir()
    lines = [head, "temperature_err_c = 0.3", keys]
    for s in spectra:
        table = np.c_[s.frequency_hz, s.z_ohm.real, s.z_ohm.imag]
        np.savetxt(
            folder / f"{s.label}.csv", table, delimiter=",", header="freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm", comments=""
        )
        lines += [
            "[[spectrum]]",
            f'file = "{s.label}.csv"',
            f"temperature_c = {s.conditions.temperature_c!r}",
        ]
    (folder / "series.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder
