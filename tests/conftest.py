"""Fixtures of all rooms: where measured spectra lie, and the commands."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from support.paths import ROOT

pytest_plugins = ("support.commands",)

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(
        _threads, "1"
    )  # one process a core: threads of linear algebra would wait for each other


gc.disable()  # until all is collected: imports and items of tests stay, and looking through them takes a tenth of all


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make only, and less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


@pytest.fixture(scope="session")
def real_spectra() -> Path:
    """Return the folder of measured spectra, or skip."""
    for folder in (os.environ.get("EISFIT_SPECTRA"), ROOT.parent / "shared" / "spectra"):
        if folder and (Path(folder) / "INDEX.csv").is_file():
            return Path(folder)
    pytest.skip("the measured spectra are not here: set EISFIT_SPECTRA to their folder")
