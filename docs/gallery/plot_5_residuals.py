"""
Two circuits for one spectrum
=============================

A measured spectrum with one arc. Is the inductance of the leads needed? The corrected Akaike criterion and the
residuals say the same.
"""

from pathlib import Path

import eisfit

(spectrum,) = eisfit.read(Path("../../sample_spectra/measured/exampleDataZPlot.z"))
compared = eisfit.analysis.compare(spectrum, ["R0-p(R1,CPE1)", "L0-R0-p(R1,CPE1)"])
for rival in compared.rivals:
    print(f"{rival.name}: {rival.delta_aicc:.0f} above the lowest AICc. {rival.advice}")

# %%
# Residuals of the circuit without the inductance, in percent of the modulus. The band holds 95 % of noise as large as
# neighbouring points scatter. Those that leave it do so one after another, at the high end: something is missing.

figure = eisfit.plots.figure("residuals", compared["R0-p(R1,CPE1)"].fit)
