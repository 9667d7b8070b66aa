"""lmfit and impedance.py, in and out."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eisfit.interop.impedance_py import from_impedance_py, register_elements, to_impedance_py
    from eisfit.interop.lmfit import LmfitFit, fit_lmfit, parameters, with_parameters

_HOME = {
    "LmfitFit": "lmfit",
    "fit_lmfit": "lmfit",
    "from_impedance_py": "impedance_py",
    "parameters": "lmfit",
    "register_elements": "impedance_py",
    "to_impedance_py": "impedance_py",
    "with_parameters": "lmfit",
}

__all__ = [
    "LmfitFit",
    "fit_lmfit",
    "from_impedance_py",
    "parameters",
    "register_elements",
    "to_impedance_py",
    "with_parameters",
]


def __getattr__(name: str) -> Any:
    """Load lmfit or impedance.py when it is asked for: each takes a noticeable time."""
    if name in _HOME:
        return getattr(importlib.import_module(f"eisfit.interop.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
