"""Scratch memory reused between calls; allocating costs more than the arithmetic."""

from __future__ import annotations

import math

import numpy as np

from eisfit.tools.frozen import Complexes


class Workspace:
    """One array that grows to the largest size asked for."""

    def __init__(self) -> None:
        self._memory = np.empty(0, complex)

    def complexes(self, *shape: int) -> Complexes:
        """Return an array of arbitrary content; the next call overwrites it."""
        count = math.prod(shape)
        if count > self._memory.size:
            self._memory = np.empty(count, complex)
        return self._memory[:count].reshape(shape)
