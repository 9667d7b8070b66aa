"""A piece of a job: some rows, fitted and written whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eisfit.bulk.chunk_files import write_whole
from eisfit.bulk.job import Job
from eisfit.results.many_fits import ManyFits
from eisfit.store.fit_table import fit_table_bytes
from eisfit.store.spectra_table import SpectraTable


@dataclass(frozen=True)
class Piece:
    """Rows of a file that are fitted at once, and where their fits go.

    Parameters
    ----------
    first, last : int
        The rows from `first` up to before `last`.
    place : Path
        A chunk, or a part of one.
    """

    first: int
    last: int
    place: Path

    @property
    def size(self) -> int:
        """Number of rows."""
        return self.last - self.first

    def halves(self) -> tuple[Piece, Piece]:
        """Return both halves of two or more rows, each with a place of its own."""
        middle = (self.first + self.last) // 2
        return self._part(self.first, middle), self._part(middle, self.last)

    def _part(self, first: int, last: int) -> Piece:
        stem = self.place.name.split(".")[0]
        return Piece(first, last, self.place.with_name(f"{stem}.{first}-{last}.part"))


def fit_piece(job: Job, table: SpectraTable, piece: Piece) -> None:
    """Fit the rows of a piece and write them.

    Raises
    ------
    StoreError
        If the data cannot be read, or the fits not be written.
    """
    from eisfit.fitting.batch import many_fits  # imported when needed: the fitting is slow to import

    fits = many_fits(job.task, table.read(piece.first, piece.last), job.first)
    write_piece(piece, fits)


def write_piece(piece: Piece, fits: ManyFits) -> None:
    """Write the fits of a piece whole."""
    write_whole(piece.place, fit_table_bytes(fits, {"first": piece.first, "last": piece.last}))


def write_lost(job: Job, table: SpectraTable, piece: Piece, reason: str) -> None:
    """Write the row of a piece of one as failed."""
    rows = table.read(piece.first, piece.last)
    path = [s.segment.name for s in job.template.path]
    empty = ManyFits.empty(rows.row, job.template.circuit.names, path, rows.conditions)
    empty.reasons.update({0: f"{rows.label(0)}: {reason}"})  # type: ignore[attr-defined]
    write_piece(piece, empty)
