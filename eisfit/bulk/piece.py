"""A piece of a job: some rows, fitted and written whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eisfit.bulk.chunk_files import write_whole
from eisfit.bulk.job import Job
from eisfit.errors import StoreError
from eisfit.results.many_fits import ManyFits
from eisfit.spectrum.columns import SpectraColumns
from eisfit.store.fit_table import about_fit_table, fit_table_bytes
from eisfit.store.spectra_table import SpectraTable, fingerprint_of


@dataclass(frozen=True)
class Piece:
    """Rows of a file that are fitted at once.

    Parameters
    ----------
    first, last : int
        The rows from `first` up to before `last`.
    part : bool
        Whether it is a part of a chunk that was halved.
    """

    first: int
    last: int
    part: bool = False

    @property
    def size(self) -> int:
        """Number of rows."""
        return self.last - self.first

    def halves(self) -> tuple[Piece, Piece]:
        """Return both halves of two or more rows."""
        middle = (self.first + self.last) // 2
        return Piece(self.first, middle, True), Piece(middle, self.last, True)


@dataclass(frozen=True)
class Written:
    """What is told of the fits of a piece that are there.

    Parameters
    ----------
    place : str
        Path of the file.
    failed, missed : int
        Spectra that could not be fitted, and that the model misses.
    names, contributions : tuple of str
        Of parameters and of contributions.
    """

    place: str
    failed: int
    missed: int
    names: tuple[str, ...]
    contributions: tuple[str, ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Written:
        """Return it from plain values, such as those of JSON."""
        return cls(
            told["place"], told["failed"], told["missed"], tuple(told["names"]), tuple(told["contributions"])
        )


@dataclass(frozen=True)
class Fitted:
    """The fits of a piece, and where they go."""

    piece: Piece
    place: Path
    fits: ManyFits

    def write(self) -> Written:
        """Write the fits whole.

        Raises
        ------
        StoreError
            If they cannot be written.
        """
        about = {"first": self.piece.first, "last": self.piece.last}
        write_whole(self.place, fit_table_bytes(self.fits, about))
        failed, missed = len(self.fits.reasons), int(self.fits.missed.sum())
        return Written(str(self.place), failed, missed, self.fits.names, self.fits.contributions)


def fitted_piece(job: Job, table: SpectraTable, piece: Piece) -> Fitted | Written:
    """Fit the rows of a piece, which are read once, unless their fits are there.

    Raises
    ------
    StoreError
        If the data cannot be read.
    """
    from eisfit.fitting.batch import many_fits  # imported when needed: the fitting is slow to import

    rows = table.read(piece.first, piece.last)
    place = _place(job, piece, rows)
    if (known := written_at(place, piece)) is not None:
        return known
    return Fitted(piece, place, many_fits(job.task, rows, job.first))


def fit_piece(job: Job, table: SpectraTable, piece: Piece) -> Written:
    """Fit the rows of a piece and write them, unless they are there.

    Raises
    ------
    StoreError
        If the data cannot be read, or the fits not be written.
    """
    found = fitted_piece(job, table, piece)
    return found if isinstance(found, Written) else found.write()


def written_of(job: Job, table: SpectraTable, piece: Piece) -> Written | None:
    """Return what is told of the fits of a piece; None where they are not there, or damaged."""
    return written_at(_place(job, piece, table.read(piece.first, piece.last)), piece)


def written_at(place: Path, piece: Piece) -> Written | None:
    """Return what is told of the fits in a file; None where it is not there, damaged, or no file of the piece."""
    if not place.exists():
        return None
    try:
        told = about_fit_table(place)
    except StoreError:
        return None
    return Written.of({**told, "place": str(place)}) if told["rows"] == piece.size else None


def write_lost(job: Job, table: SpectraTable, piece: Piece, reason: str) -> Written:
    """Write the row of a piece of one as failed."""
    rows = table.read(piece.first, piece.last)
    path = [s.segment.name for s in job.template.path]
    empty = ManyFits.empty(rows.row, job.template.circuit.names, path, rows.conditions)
    lost = replace(empty, reasons={0: f"{rows.label(0)}: {reason}"})
    return Fitted(piece, _place(job, piece, rows), lost).write()


def write_joined(job: Job, table: SpectraTable, piece: Piece, fits: ManyFits) -> Written:
    """Write the fits of a chunk that was fitted in parts."""
    return Fitted(piece, _place(job, piece, table.read(piece.first, piece.last)), fits).write()


def _place(job: Job, piece: Piece, rows: SpectraColumns) -> Path:
    place = job.place(piece.first, piece.last, fingerprint_of(rows))
    return place.with_suffix(".part") if piece.part else place
