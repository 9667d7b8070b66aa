"""One impedance spectrum with its conditions and findings."""

from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import Checked, Finding, Source
from eisfit.spectrum.spectrum import Spectrum

__all__ = [
    "Checked",
    "Conditions",
    "Finding",
    "Source",
    "Spectrum",
]
