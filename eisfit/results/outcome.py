"""How a fit ended."""

from __future__ import annotations

import math
from enum import Enum

NAN = math.nan


class Outcome(Enum):
    """How a fit ended; the value is the sentence that the reader sees."""

    GOOD = ""
    AT_BOUND = "a parameter rests on its bound: widen its range in the template or the series, or fix it"
    NOT_SEPARABLE = (
        "contributions say the same thing: only their sum is known; add a complementary measurement"
    )
    UNEXPECTED = (
        "an arc has a capacitance that its segment can hardly have: another process, or another template"
    )
    MISFIT = "data and model disagree: the residuals are not random"
    NOT_CONVERGED = "the fit did not come to rest: cut the points that scatter, or take a smaller circuit"
    FAILED = "the spectrum could not be fitted"
