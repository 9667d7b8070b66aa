"""Join neighbouring rows whose single resistances are not determined but whose sum is."""

from __future__ import annotations

ANTICORRELATED = -0.7  # of two resistances that trade with each other
