"""The scripts of the folder ``benchmarks`` as modules."""

from __future__ import annotations

import importlib.util
import os
import sys
from types import ModuleType

import pytest

from support.paths import ROOT


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
