"""Where the sample files of instruments lie, and how a test skips without them."""

from __future__ import annotations

import csv
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from eisfit.formats import read_file
from eisfit.spectrum.spectrum import Spectrum

ROOT = Path(os.environ.get("EISFIT_SPECTRA") or Path(__file__).parents[3] / "shared" / "spectra")
Triple = tuple[float, float, float]

needs_samples = pytest.mark.skipif(
    not (ROOT / "INDEX.csv").exists(),
    reason="the sample files are not here: set EISFIT_SPECTRA to the folder that holds INDEX.csv",
)


@cache
def sample(path: str) -> tuple[Spectrum, ...]:
    """Return the spectra of one sample file, read once."""
    return tuple(read_file(ROOT / path))


def index() -> list[dict[str, str]]:
    """Return the rows of the index of sample files; empty where they are not here."""
    if not (ROOT / "INDEX.csv").exists():
        return []
    with (ROOT / "INDEX.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def assert_point(spectrum: Spectrum, place: int, triple: Triple, rtol: float = 2e-7) -> None:
    """Demand frequency, real and imaginary part of one point, to the digits of the reference."""
    f, re, im = triple
    z = spectrum.z_ohm[place]
    np.testing.assert_allclose(spectrum.frequency_hz[place], f, rtol=rtol)
    np.testing.assert_allclose([z.real, z.imag], [re, im], rtol=rtol, atol=rtol * abs(complex(re, im)))


def kinds(spectrum: Spectrum) -> set[str]:
    """Return the kinds of all findings."""
    return {f.kind for f in spectrum.findings}
