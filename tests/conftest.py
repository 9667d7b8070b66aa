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


LONG = (
    "docs/test_site.py",
    "app/test_browser.py",
    "joint/test_cells_at_once.py",
    "fitting/test_campaign_fits.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """Let modules be dealt out in the order of the items: by their number of tests, one long test would come last."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules of few and long tests, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONG))


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
