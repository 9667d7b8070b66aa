"""One question that is asked of a cell, with its answer and the evidence for it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from eisfit.tools.frozen import Value

NAN = float("nan")
NOT_MEASURED = "not measured"
DOES_NOT_APPLY = "does not apply"
SEEN = 1e-3  # probability by chance below which something counts as seen
HOLDS = 3e-3  # probability below which a law or an equality counts as contradicted
ALIKE = 0.05  # probability from which on two values count as alike
_LEAST_P = 1e-4

QUESTIONS = {  # in the order in which they are asked: chemical instability first
    "drift": "does it drift in time?",
    "thickness": "does R C stay constant while it drifts?",
    "concentration": "does it follow the salt concentration?",
    "bias": "does it follow the current or the bias?",
    "bend": "does it bend over temperature where the polymer does?",
    "energy": "is its activation energy that of a neighbour?",
    "literature": "is its activation energy within the published ones?",
    "space charge": "is it small enough for space charge?",
    "one energy": "do two arcs have one activation energy?",
}
DECIDED_BY = {  # the one measurement that decides a question
    "drift": "spectra of the cell at one temperature, at four times or more from the first hour on over days",
    "thickness": "spectra over time in which the arc that drifts is resolved, with its capacitance",
    "concentration": "spectra at four salt concentrations or more over 1.5 decades, at one temperature",
    "bias": "steady currents in both directions beyond RT/F of overpotential, with two probes on each side of the "
    "interface (eisfit dc), or spectra under bias of both signs",
    "bend": "spectra at two temperatures or more on either side of the melting point of the polymer",
    "energy": "spectra at three temperatures or more",
    "literature": "spectra at three temperatures or more",
    "space charge": "area_cm2 of the interface, and a spectrum in which it is determined by itself",
    "one energy": "spectra at three temperatures or more in which both arcs are resolved",
}


@dataclass(frozen=True, eq=False)
class Answer(Value):
    """The answer to one question.

    Parameters
    ----------
    question : str
        A key of `QUESTIONS`.
    word : str
        The answer, such as ``drifts``; ``not measured`` where the results do not tell.
    evidence : str
        The numbers behind it.
    contribution : str
        What it is of.
    value, stderr : float
        The number that was tested, with its standard error; nan where there is none.
    unit : str
        Of it.
    test : str
        How it was tested.
    p_value : float
        Probability of such a number by chance; nan where nothing was tested.
    measurement : str
        Where it was not measured: the one measurement that would decide.
    """

    question: str
    word: str
    evidence: str = ""
    contribution: str = ""
    value: float = NAN
    stderr: float = NAN
    unit: str = ""
    test: str = ""
    p_value: float = NAN
    measurement: str = ""

    @property
    def measured(self) -> bool:
        """Whether the results tell."""
        return self.word != NOT_MEASURED

    @property
    def sentence(self) -> str:
        """Question and answer, with the evidence, or with what would decide."""
        of = f" ({self.contribution})" if self.contribution else ""
        because = f": {self.evidence}" if self.evidence else ""
        cure = f"; would be decided by {self.measurement}" if self.measurement else ""
        return f"{QUESTIONS[self.question]} {self.word}{of}{because}{cure}"


TWIN = "the twin cell without the solid, fitted jointly as a complement: it tells the interface from the electrode"


def unknown(question: str, why: str = "", measurement: str = "") -> Answer:
    """Return that something was not measured, with the measurement that would decide: the usual one if not given."""
    return Answer(question, NOT_MEASURED, why, measurement=measurement or DECIDED_BY[question])


def p_text(p: float) -> str:
    """Return a probability as sentences have it."""
    if not math.isfinite(p):
        return ""
    return f"p = {p:.2g}" if p >= _LEAST_P else f"p < {_LEAST_P:g}"
