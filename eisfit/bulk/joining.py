"""The file of all fits, written chunk after chunk, also while others are being fitted."""

from __future__ import annotations

import contextlib
from pathlib import Path

from eisfit.bulk.chunk_files import cannot_write, check_room, put_in_place, temporary
from eisfit.bulk.job import RESULT, Job
from eisfit.bulk.piece import Piece, Written
from eisfit.errors import StoreError
from eisfit.store.fit_table import FitTableFile, fit_table_size, read_fit_table
from eisfit.store.spectra_table import SpectraTable


class Joining:
    """The file of all fits of a job, in the order of the rows.

    Parameters
    ----------
    job : Job
        With what was found first.
    table : SpectraTable
        Its data.

    Notes
    -----
    Its columns are those of all chunks, which nobody knows before the last one is there. It is begun with those of the
    first chunk, and written anew at the end if a later one has more.
    """

    def __init__(self, job: Job, table: SpectraTable) -> None:
        self.job, self.rows, self.conditions = job, len(table), table.conditions
        self.target = job.output / RESULT
        self.draft = temporary(self.target)
        self._known: dict[int, tuple[Piece, Written]] = {}
        self._next = 0
        self._open: FitTableFile | None = None
        self._axes: tuple[tuple[str, ...], tuple[str, ...]] = (), ()
        self._given_up = False

    def __enter__(self) -> Joining:
        return self

    def __exit__(self, *_: object) -> None:
        self.give_up()

    def add(self, piece: Piece, written: Written) -> None:
        """Take a chunk that is done."""
        self._known[piece.first] = piece, written

    def advance(self) -> None:
        """Write the chunks that follow on what is written; what goes wrong is told by `finish`, which begins anew."""
        try:
            while not self._given_up and self._next in self._known:
                self._put(*self._known[self._next])
        except (StoreError, OSError, RuntimeError):
            self.give_up()

    def finish(self) -> Path:
        """Write what is left, bring the file onto the disk, and return its path; all chunks must have been taken.

        Raises
        ------
        StoreError
            If it cannot be written, as where the disk has no room for it.
        """
        self.advance()
        try:
            if self._given_up or self._axes != self._axes_of_all():
                self._write_anew()
            assert self._open is not None
            self._open.finish()
            self._open.close()
            put_in_place(self.draft, self.target)
        except (OSError, RuntimeError) as error:
            self.give_up()
            raise cannot_write(self.target, error) from error
        return self.target

    def give_up(self) -> None:
        """Leave nothing of a file that is not finished."""
        self._given_up = True
        if self._open is not None:
            with contextlib.suppress(OSError, RuntimeError):
                self._open.close()
        with contextlib.suppress(OSError):
            self.draft.unlink()

    def _write_anew(self) -> None:
        self.give_up()
        self._open, self._next = None, 0
        while self._next in self._known:
            self._put(*self._known[self._next])

    def _begin(self) -> None:
        names, contributions = self._axes = self._axes_of_all()
        check_room(
            self.target, fit_table_size(self.rows, len(names), len(contributions), len(self.conditions))
        )
        axes = (*self._axes, self.conditions)
        self._open = FitTableFile.at(self.draft, self.rows, axes, self.job.settings)

    def _put(self, piece: Piece, written: Written) -> None:
        if self._open is None:
            self._begin()
        assert self._open is not None
        names, contributions = map(set, self._axes)
        if not (names.issuperset(written.names) and contributions.issuperset(written.contributions)):
            raise StoreError(f"{written.place}: it has columns that the file was not begun with")
        self._open.put(read_fit_table(written.place))
        self._next = piece.last

    def _axes_of_all(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names of parameters and contributions of all chunks that are known, in the order of the rows."""
        written = [self._known[first][1] for first in sorted(self._known)]
        own = self.job.template.circuit.names
        names = dict.fromkeys([*own, *(n for each in written for n in each.names)])
        path = dict.fromkeys(s.segment.name for s in self.job.template.path)
        seen = {n for each in written for n in each.contributions}
        return tuple(names), (*(n for n in path if n in seen), *sorted(seen - set(path)))
