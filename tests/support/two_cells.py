"""A second cell for figures and tables that compare two."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from eisfit.fitting.series import fit_series
from eisfit.results.series import Series
from support.plots_samples import liquid_solid


@cache
def other_cell() -> Series:
    """Return a cell at the temperatures of `four_electrode`, with twice the impedance."""
    rng = np.random.default_rng(5)
    spectra = [liquid_solid(t, rng) for t in (0.0, 15.0, 25.0, 40.0, 60.0)]
    return fit_series([replace(s, z_ohm=2 * s.z_ohm) for s in spectra], "le_se")
