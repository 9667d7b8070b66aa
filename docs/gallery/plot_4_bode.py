"""
Modulus and phase over frequency
================================

A pellet between blocking contacts, from -60 to 20 °C. The arc of its bulk moves up in frequency as it warms, and leaves
the measured window. The blocking contacts raise the modulus at the low end.
"""

from pathlib import Path

import eisfit
from eisfit.workflow.manifest import read_manifest
from eisfit.workflow.read import read_spectra

folder = Path("../../sample_spectra/llto_blocking_cold")
manifest = read_manifest(folder)
spectra, unread = read_spectra(manifest)
series = eisfit.fit_series(spectra, manifest.template)
for fit in series:
    print(f"{fit.label}: bulk {fit['bulk'].resistance_ohm:.3g} ohm, {fit['bulk'].resolved}")

# %%

figure = eisfit.plots.figure("bode", series)
