"""What the tests share: where real spectra lie, and spectra with a known truth."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_spectra" / "llto_le_four_electrode"


@pytest.fixture(scope="session")
def real_spectra() -> Path:
    """Return the folder of measured spectra, or skip."""
    for folder in (os.environ.get("EISFIT_SPECTRA"), ROOT.parent / "shared" / "spectra"):
        if folder and (Path(folder) / "INDEX.csv").is_file():
            return Path(folder)
    pytest.skip("the measured spectra are not here: set EISFIT_SPECTRA to their folder")
