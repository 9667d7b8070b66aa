"""Give rows their profile intervals and one-sided limits."""

from __future__ import annotations

CORRELATED = 0.99  # beyond this correlation the profile likelihood takes the place of the covariance
