"""
A measured spectrum and a circuit string
========================================

Where no template describes the cell, a circuit string does. Each of its parts in series is a contribution. An inductor
is seen, and has no resistance.
"""

from pathlib import Path

import eisfit

(spectrum,) = eisfit.read(Path("../../sample_spectra/measured/exampleDataZPlot.z"))
fit = eisfit.fit(spectrum, "L0-R0-p(R1,CPE1)")
fit

# %%

figure = eisfit.plots.figure("nyquist", fit)
