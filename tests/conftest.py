"""What the tests share: where real spectra lie, and spectra with a known truth."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

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


def load_benchmark(name: str) -> ModuleType:
    """Return a script of the folder ``benchmarks`` as a module; what it sets in the environment is undone."""
    folder = ROOT / "benchmarks"
    spec = importlib.util.spec_from_file_location(f"benchmark_of_{name}", folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", dict(os.environ))
        patch.setattr(sys, "path", [str(folder), *sys.path])
        patch.setitem(sys.modules, spec.name, module)
        spec.loader.exec_module(module)
    return module
