"""The distribution of relaxation times of a spectrum: peaks, and the number of depressed arcs."""

from eisfit.relaxations.distribution import ArcCount, DepressedArc, Distribution, Peak
from eisfit.relaxations.drt import drt

__all__ = ["ArcCount", "DepressedArc", "Distribution", "Peak", "drt"]
