"""What a user holds: Fit, Fits, Contribution, Series."""

from eisfit.results.contribution import Contribution, FittedParameter, Statistics
from eisfit.results.fit import Fit
from eisfit.results.fits import Fits
from eisfit.results.outcome import Outcome
from eisfit.results.series import Series

__all__ = [
    "Contribution",
    "Fit",
    "Fits",
    "FittedParameter",
    "Outcome",
    "Series",
    "Statistics",
]
