"""lmfit, impedance.py, circuit codes and lists of elements, in and out."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eisfit.interop.circuit_codes import from_cdc, to_cdc
    from eisfit.interop.impedance_py import from_impedance_py, register_elements, to_impedance_py
    from eisfit.interop.lmfit import LmfitFit, fit_lmfit, parameters, with_parameters
    from eisfit.interop.zview import from_zview, to_zview

_HOME = {
    "LmfitFit": "lmfit",
    "fit_lmfit": "lmfit",
    "from_cdc": "circuit_codes",
    "from_impedance_py": "impedance_py",
    "from_zview": "zview",
    "parameters": "lmfit",
    "register_elements": "impedance_py",
    "to_cdc": "circuit_codes",
    "to_impedance_py": "impedance_py",
    "to_zview": "zview",
    "with_parameters": "lmfit",
}

__all__ = [
    "LmfitFit",
    "fit_lmfit",
    "from_cdc",
    "from_impedance_py",
    "from_zview",
    "parameters",
    "register_elements",
    "to_cdc",
    "to_impedance_py",
    "to_zview",
    "with_parameters",
]


def __getattr__(name: str) -> Any:
    """Load lmfit or impedance.py when it is asked for: each takes a noticeable time."""
    if name in _HOME:
        return getattr(importlib.import_module(f"eisfit.interop.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
