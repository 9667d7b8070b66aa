"""Figures of the tutorial, drawn from the sample spectra when the site is built."""

from __future__ import annotations

from pathlib import Path

import eisfit
from eisfit import plots
from eisfit.workflow.manifest import read_manifest
from eisfit.workflow.read import read_spectra

SAMPLE = Path(__file__).resolve().parents[2] / "sample_spectra" / "llto_le_four_electrode"


def draw(folder: Path) -> None:
    """Fit the sample and draw every kind of figure of it."""
    manifest = read_manifest(SAMPLE)
    spectra, _ = read_spectra(manifest)
    series = eisfit.fit_series(spectra, manifest.template or "le_se")
    for kind in plots.KINDS:
        shown = series[3] if kind in ("contributions", "nyquist_inset", "page") else series
        shown = eisfit.plan(series) if kind == "plan" else shown
        plots.save(plots.figure(kind, shown), folder / f"sample_{kind}", ["svg"])
