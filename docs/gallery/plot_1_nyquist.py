"""
A series in the complex plane
=============================

Eight spectra of a cell with a liquid and a solid electrolyte, from 0 to 60 °C, and their fits. The manifest beside the
files tells template, electrodes, geometry and temperatures. No starting value is given.
"""

from pathlib import Path

import eisfit
from eisfit.workflow.manifest import read_manifest
from eisfit.workflow.read import read_spectra

folder = Path("../../sample_spectra/llto_le_four_electrode")
manifest = read_manifest(folder)
spectra, unread = read_spectra(manifest)
series = eisfit.fit_series(spectra, manifest.template)
series

# %%
# Points are measured, lines fitted. Filled points lie at whole powers of ten of the frequency. Both axes have one
# scale, so that an ideal arc is a half circle.

figure = eisfit.plots.figure("nyquist", series)
