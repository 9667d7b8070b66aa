"""
One spectrum split into its contributions
=========================================

Lithium electrodes, two sheets of a polymer, and a ceramic between them, with two electrodes. Impedance cannot part a
reversible electrode from an interface in series with it: they are one row, and one arc in the figure.
"""

from pathlib import Path

import eisfit
from eisfit.workflow.manifest import read_manifest
from eisfit.workflow.read import read_spectra

folder = Path("../../sample_spectra/llto_pe_two_electrode")
manifest = read_manifest(folder)
spectra, unread = read_spectra(manifest)
hottest = max(spectra, key=lambda s: s.conditions.temperature_c)
fit = eisfit.fit(hottest, manifest.template)
fit

# %%
# Each arc stands at the right end of those that are faster. The line through the points is their sum.

figure = eisfit.plots.figure("contributions", fit)
