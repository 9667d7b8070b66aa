"""The verbs: fit, fit_many, fit_series."""

from eisfit.fitting.series import fit_series
from eisfit.fitting.spectra import fit, fit_cell, fit_many, redo

__all__ = [
    "fit",
    "fit_cell",
    "fit_many",
    "fit_series",
    "redo",
]
