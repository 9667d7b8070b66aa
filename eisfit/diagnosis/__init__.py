"""What limits the transfer at an interface: results of a cell in, an ordered report out."""

from eisfit.diagnosis.answer import NOT_MEASURED, QUESTIONS, Answer
from eisfit.diagnosis.decision import MECHANISMS, UNRESOLVED
from eisfit.diagnosis.diagnosed import diagnose
from eisfit.diagnosis.report import COLUMNS, Diagnosis

__all__ = [
    "COLUMNS",
    "MECHANISMS",
    "NOT_MEASURED",
    "QUESTIONS",
    "UNRESOLVED",
    "Answer",
    "Diagnosis",
    "diagnose",
]
