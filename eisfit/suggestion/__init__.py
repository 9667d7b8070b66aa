"""Which circuits and templates the data allow: a set, and what would decide within it."""

from eisfit.suggestion.answer import RankedCircuit, RankedTemplate, Suggestion
from eisfit.suggestion.of_series import DIFFERENCE, suggest

__all__ = ["DIFFERENCE", "RankedCircuit", "RankedTemplate", "Suggestion", "suggest"]
