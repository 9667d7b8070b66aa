"""The distribution of relaxation times of a spectrum: peaks, and the number of depressed arcs."""

from eisfit.relaxations.distribution import ArcCount, DepressedArc, Distribution, Peak
from eisfit.relaxations.drt import drt
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
