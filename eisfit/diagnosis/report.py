"""A diagnosis: answers in their order, and the mechanism that they name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eisfit.diagnosis.answer import QUESTIONS, Answer
from eisfit.diagnosis.decision import UNRESOLVED
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Value

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "question",
    "answer",
    "contribution",
    "value",
    "stderr",
    "unit",
    "test",
    "p_value",
    "evidence",
    "measurement",
)


@dataclass(frozen=True, eq=False, repr=False)
class Diagnosis(Presentable, Value):
    """What the results of a cell tell about what limits it.

    Parameters
    ----------
    answers : tuple of Answer
        In the order of `QUESTIONS`: chemical instability first.
    mechanism : str
        A key of `MECHANISMS`; ``unresolved`` where what was measured does not tell.
    reason : str
        Why it is named, or left open.
    by : tuple of str
        The questions whose answers name it.
    """

    answers: tuple[Answer, ...]
    mechanism: str
    reason: str
    by: tuple[str, ...] = ()

    @property
    def resolved(self) -> bool:
        """Whether a mechanism is named."""
        return self.mechanism != UNRESOLVED

    @property
    def next_measurement(self) -> str:
        """The first measurement that would decide an open question; empty where a mechanism is named."""
        if self.resolved:
            return ""
        return next((a.measurement for a in self.answers if a.measurement), "")

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each question with its answer, then the mechanism."""
        said = [f"{number}. {answer.sentence}" for number, answer in enumerate(self.answers, 1)]
        cure = f"; measure next: {self.next_measurement}" if self.next_measurement else ""
        by = f", by {' and '.join(self.by)}" if self.by else ""
        return (*said, f"mechanism: {self.mechanism}{by} ({self.reason}){cure}")

    def __getitem__(self, question: str) -> Answer:
        """Return the answer to a question by its key.

        Raises
        ------
        KeyError
            If there is no such question; the message lists those there are.
        """
        for answer in self.answers:
            if answer.question == question:
                return answer
        raise KeyError(f"no question {question!r}; there are {', '.join(map(repr, QUESTIONS))}")

    def rows(self) -> list[dict[str, Any]]:
        """Return the answers as rows with the columns of diagnosis.csv."""
        return [
            {
                "question": answer.question,
                "answer": answer.word,
                "contribution": answer.contribution,
                "value": answer.value,
                "stderr": answer.stderr,
                "unit": answer.unit,
                "test": answer.test,
                "p_value": answer.p_value,
                "evidence": answer.evidence,
                "measurement": answer.measurement,
            }
            for answer in self.answers
        ]

    def to_dataframe(self) -> pd.DataFrame:
        """Return the answers as a data frame of pandas, a row each; a number that is not known is nan."""
        import pandas as pd

        return pd.DataFrame(self.rows(), columns=list(COLUMNS))

    def headline(self) -> str:
        """Return the mechanism, and how many questions were answered."""
        told = sum(answer.measured for answer in self.answers)
        return f"mechanism: {self.mechanism} ({told} of {len(self.answers)} questions answered)"

    def sheets(self) -> list[Sheet]:
        """Return the answers with their evidence."""
        rows = tuple(
            (QUESTIONS[a.question], a.word, a.evidence if a.measured else a.measurement) for a in self.answers
        )
        return [
            Sheet(
                "Diagnosis",
                ("question", "answer", "evidence, or what would decide"),
                rows,
                self.sentences[-1:],
            )
        ]
