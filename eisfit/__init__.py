"""Impedance-spectrum fitting for heteroionic interfaces.

A cell is described by a template, its spectra are fitted without starting values, and a series over
temperature gives the resistance of each contribution and its activation energy.

Examples
--------
>>> import eisfit
>>> spectra = eisfit.read("lab/*.mpt")  # doctest: +SKIP
>>> series = eisfit.fit_series(spectra, eisfit.template("le_se", electrodes=4))  # doctest: +SKIP
>>> series.arrhenius("interface").activation_energy_ev  # doctest: +SKIP
0.52
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from eisfit.bootstrap import Bootstrap, bootstrap
from eisfit.circuit import Circuit
from eisfit.errors import EisfitError, FormatError, InputError, NoImpedance
from eisfit.fit import fit, fit_many
from eisfit.fitted import Fit, Fits
from eisfit.formats import read
from eisfit.laws.arrhenius import Arrhenius
from eisfit.outcome import Contribution, Outcome
from eisfit.profile import Profile, profile
from eisfit.series import Series, fit_series
from eisfit.spectrum import Conditions, Finding, Spectrum
from eisfit.template_files import shipped, template
from eisfit.templates import Template

if TYPE_CHECKING:
    from eisfit import plots, simulate, store

__version__ = "0.1.0"
_LAZY = ("compare", "interop", "lmfit_solver", "plots", "simulate", "store", "validity")

__all__ = [
    "Arrhenius",
    "Bootstrap",
    "Circuit",
    "Conditions",
    "Contribution",
    "EisfitError",
    "Finding",
    "Fit",
    "Fits",
    "FormatError",
    "InputError",
    "NoImpedance",
    "Outcome",
    "Profile",
    "Series",
    "Spectrum",
    "Template",
    "bootstrap",
    "fit",
    "fit_many",
    "fit_series",
    "plots",
    "profile",
    "read",
    "shipped",
    "simulate",
    "store",
    "template",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return importlib.import_module(f"eisfit.{name}")
    raise AttributeError(f"module 'eisfit' has no attribute {name!r}")
