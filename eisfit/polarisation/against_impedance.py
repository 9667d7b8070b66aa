"""Whether a dc resistance agrees with the low-frequency end of the impedance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from eisfit.errors import InputError
from eisfit.tools.real_arguments import real_arguments
from eisfit.tools.statistics import normal_cdf

_SURE = 0.05


class Agreement(Enum):
    """What dc and impedance say of each other; the value is the sentence for the reader."""

    AGREE = "dc and impedance agree"
    MORE = "dc resists more than the impedance tells: a slower process lies below the lowest frequency"
    LESS = "dc resists less than the impedance tells, which no linear cell does: area, sign, bias or drift differs"


@dataclass(frozen=True)
class DcAgainstImpedance:
    """Comparison of a dc resistance with that of impedance and diffusion.

    Parameters
    ----------
    difference_ohm_cm2, stderr : float
        dc less impedance and diffusion.
    p_value : float
        Two-sided, of no difference.
    agreement : Agreement
        What follows.
    """

    difference_ohm_cm2: float
    stderr: float
    p_value: float
    agreement: Agreement


@real_arguments(InputError)
def compare_with_impedance(
    dc_ohm_cm2: float,
    dc_stderr: float,
    impedance_ohm_cm2: float,
    impedance_stderr: float,
    *,
    diffusion_ohm_cm2: float = 0.0,
    diffusion_stderr: float = 0.0,
) -> DcAgainstImpedance:
    """Compare a dc resistance at small current with the low-frequency limit of the impedance.

    Parameters
    ----------
    dc_ohm_cm2, dc_stderr : float
        Such as R_p of `fit_interface`.
    impedance_ohm_cm2, impedance_stderr : float
        Sum of the arcs that the dc value holds too.
    diffusion_ohm_cm2, diffusion_stderr : float
        Of a diffusion layer that the sweep did not reach.

    Raises
    ------
    InputError
        If a resistance or an error is negative, or all errors are zero.

    Examples
    --------
    >>> compare_with_impedance(784.0, 6.0, 700.0, 5.0).agreement.name
    'MORE'
    """
    given = (dc_ohm_cm2, dc_stderr, impedance_ohm_cm2, impedance_stderr, diffusion_ohm_cm2, diffusion_stderr)
    if not all(math.isfinite(v) and v >= 0 for v in given):
        raise InputError("resistances and their errors must be finite and not negative")
    error = math.hypot(dc_stderr, impedance_stderr, diffusion_stderr)
    if not error:
        raise InputError("all errors are zero: a comparison needs that of dc or of impedance")
    difference = dc_ohm_cm2 - impedance_ohm_cm2 - diffusion_ohm_cm2
    p = 2 * normal_cdf(-abs(difference) / error)
    sure = p < _SURE
    agreement = Agreement.AGREE if not sure else Agreement.MORE if difference > 0 else Agreement.LESS
    return DcAgainstImpedance(difference, error, p, agreement)
