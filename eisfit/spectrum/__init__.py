"""One impedance spectrum and what is known of it."""

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
