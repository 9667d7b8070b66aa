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
        "contributions cannot be separated: only their sum is determined; add a complementary measurement"
    )
    AMBIGUOUS = "another minimum fits as well: values that differ there are not known; fix a parameter"
    UNDECIDED = (
        "the data leave open which segment an arc belongs to: its remark says which measurement decides"
    )
    UNEXPECTED = (
        "the capacitance of an arc is implausible for its segment: "
        "suspect another process, or choose another template"
    )
    MISFIT = "data and model disagree"
    CONTRADICTED = (
        "the data contradict a law, or another cell what it shares: "
        "leave that law, spectrum or cell out, or state the errors of temperature and geometry"
    )
    NOT_CONVERGED = "the fit did not converge: mask scattered points, or use a simpler circuit"
    FAILED = "the spectrum could not be fitted"
