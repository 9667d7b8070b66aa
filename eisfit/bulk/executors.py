"""Where pieces are fitted: in this process, or in others that may die."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Protocol

from eisfit.bulk.job import Job
from eisfit.bulk.piece import Piece, Written, fit_piece
from eisfit.errors import EisfitError, InputError
from eisfit.store.spectra_table import SpectraTable
from eisfit.tools.nearest import did_you_mean

KINDS = ("inline", "processes", "dask")


@dataclass(frozen=True)
class End:
    """How a piece ended.

    Parameters
    ----------
    piece : Piece
        Which.
    lost : str
        Why it is not done, such as that its worker died; empty where it is done.
    written : Written, optional
        What is told of its fits; None where it is not done.
    """

    piece: Piece
    lost: str = ""
    written: Written | None = None


class Executor(Protocol):
    """Where pieces are fitted."""

    room: int
    """How many pieces it takes before one has ended."""

    def begin(self, job: Job) -> None:
        """Take the job with what was found first, before any piece."""

    def give(self, piece: Piece) -> None:
        """Take a piece."""

    def next_end(self) -> End:
        """Wait until one of the pieces given has ended.

        Raises
        ------
        EisfitError
            If the data cannot be read, the fits not be written, or the settings not be used.
        """

    def close(self) -> None:
        """End at once; pieces that are under way are given up."""


class Inline:
    """The process itself, one piece after another."""

    def __init__(self, job: Job) -> None:
        self.job, self.table, self.room = job, SpectraTable(job.data), 1
        self.given: deque[Piece] = deque()

    def begin(self, job: Job) -> None:
        """Take the job."""
        self.job = job

    def give(self, piece: Piece) -> None:
        """Take a piece."""
        self.given.append(piece)

    def next_end(self) -> End:
        """Fit the next piece."""
        piece = self.given.popleft()
        try:
            return End(piece, written=fit_piece(self.job, self.table, piece))
        except EisfitError:
            raise
        except Exception as error:  # of one of the rows: halving finds out which
            return End(piece, f"{type(error).__name__}: {error}")

    def close(self) -> None:
        """Do nothing: no piece is under way."""


def executor_of(text: str, job: Job, pieces: int = 0) -> Executor:
    """Return the executor of a text.

    Parameters
    ----------
    text : str
        ``inline``, ``processes``, ``processes:4``, or ``dask://127.0.0.1:8786``.
    job : Job
        What it fits.
    pieces : int
        How many there are at least, for so many workers are started at once.

    Raises
    ------
    InputError
        If it is none of these.
    """
    kind, _, rest = text.partition(":")
    if text == "inline":
        return Inline(job)
    if kind == "processes" and (not rest or (rest.isdigit() and int(rest) > 0)) and text.rstrip(":") == text:
        from eisfit.bulk.processes import Processes

        return Processes(int(rest) if rest else None, pieces)
    if kind == "dask" and rest.startswith("//") and len(rest) > 2:
        from eisfit.bulk.dask_workers import Dask

        return Dask(job, rest.removeprefix("//"))
    raise InputError(
        f"--executor {text!r}{did_you_mean(kind, KINDS)}: give inline, processes, processes:N with N at least 1, or "
        "dask://HOST:PORT"
    )
