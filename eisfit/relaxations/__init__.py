"""The distribution of relaxation times of a spectrum, and the number of its arcs."""

from eisfit.relaxations.distribution import ArcCount, DepressedArc, Distribution, Peak
from eisfit.relaxations.of_spectrum import drt
from eisfit.relaxations.over_series import DistributionSeries, Track, drt_series

__all__ = [
    "ArcCount",
    "DepressedArc",
    "Distribution",
    "DistributionSeries",
    "Peak",
    "Track",
    "drt",
    "drt_series",
]
