"""Whether a spectrum can be trusted, before any model."""

from eisfit.validity.checks import Validity, check, checked, without_outliers
from eisfit.validity.drift_between_sweeps import drift
from eisfit.validity.drift_correction import drift_corrected, drift_within_sweeps
from eisfit.validity.kk_relations import MU_LIMIT, KramersKronig, Part, kramers_kronig, lin_kk

__all__ = [
    "MU_LIMIT",
    "KramersKronig",
    "Part",
    "Validity",
    "check",
    "checked",
    "drift",
    "drift_corrected",
    "drift_within_sweeps",
    "kramers_kronig",
    "lin_kk",
    "without_outliers",
]
