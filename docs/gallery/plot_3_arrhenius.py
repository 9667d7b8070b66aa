"""
Activation energies of all contributions
========================================

A porous ceramic between two sheets of a polymer, 50 to 90 °C. The row ``pore`` is what the pores resist as a whole, per
geometric area; ``interface`` is their wall, per true area.
"""

from pathlib import Path

import eisfit
from eisfit.workflow.manifest import read_manifest
from eisfit.workflow.read import read_spectra

folder = Path("../../sample_spectra/llzo_peo_porous")
manifest = read_manifest(folder)
spectra, unread = read_spectra(manifest)
series = eisfit.fit_series(spectra, manifest.template)

for name in series.names:
    line = series.arrhenius(name)
    low, high = line.ci95_ev
    print(f"{name}: {line.activation_energy_ev:.3f} eV, 95 % {low:.3f} to {high:.3f}, by {line.ordinate}")

# %%
# Quantities with different units have panels of their own. Bands are the 95 % intervals of the lines.

figure = eisfit.plots.figure("arrhenius", series, width="double")
