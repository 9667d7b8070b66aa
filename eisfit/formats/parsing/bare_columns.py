"""What columns without headings show by themselves: whether the second and third can be Z' and Z''."""

from __future__ import annotations

import numpy as np

from eisfit.tools.frozen import Floats

_EQUAL = 3e-3  # relative difference of a printed modulus from that of Z' and Z'': rounding, averages
_MOST = 0.5  # share of rows with a negative Z' from which it is none


def has_modulus(columns: Floats) -> bool:
    """Tell whether the fourth of some columns (K, n) is the modulus of the second and third."""
    if columns.shape[0] < 4:
        return False
    return bool(np.allclose(columns[3], np.hypot(columns[1], columns[2]), rtol=_EQUAL, atol=0.0))


def fault_of_bare(columns: Floats) -> str:
    """Return why the second of some columns (K, n) is not Z'; or ''."""
    if np.count_nonzero(columns[1] < 0) > _MOST * columns[1].size:
        return "the second column, which would be Z', is negative in most rows"
    return ""
