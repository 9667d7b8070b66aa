"""Deal out pieces to an executor until all chunks are there; what is lost is tried again, then in halves."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eisfit.bulk.executors import End, Executor
from eisfit.bulk.job import Job
from eisfit.bulk.joining import Joining
from eisfit.bulk.piece import Piece, Written, write_joined, write_lost
from eisfit.bulk.summary import Summary
from eisfit.results.many_fits import ManyFits
from eisfit.store.fit_table import read_fit_table
from eisfit.store.spectra_table import SpectraTable
from eisfit.tools.progress import Told

TRIES, TRIES_OF_ONE = 2, 3  # of several rows before they are halved, and of one before it is given up
FITTING = "fitting spectra"


@dataclass
class _Chunk:
    """A chunk that was halved: the pieces it was divided into, and what is told of those that are done."""

    whole: Piece
    parts: list[Piece]
    done: dict[Piece, Written]


class Dealing:
    """The chunks of a job, and how far they are.

    Parameters
    ----------
    job : Job
        With what was found first.
    table : SpectraTable
        Its data.
    where : Executor
        Which fits them.
    told : callable
        Called with what is done, how much of it is done, and how much there is.
    joining : Joining, optional
        Takes each chunk that is done.
    """

    def __init__(
        self, job: Job, table: SpectraTable, where: Executor, told: Told, joining: Joining | None
    ) -> None:
        self.job, self.table, self.where, self.told, self.joining = job, table, where, told, joining
        self.found, self.total = Summary(), 0
        self._waiting = deque[Piece]()
        self._halved: dict[Piece, _Chunk] = {}
        self._tries: dict[Piece, int] = {}

    def run(self, chunks: Iterable[tuple[Piece, Written | None]], total: int) -> Summary:
        """Fit the chunks that are not there, of so many spectra with the others; return what all have come to."""
        self.total = total
        left, under_way, more = iter(chunks), 0, True
        while True:
            while under_way < self.where.room and (self._waiting or more):
                piece = self._waiting.popleft() if self._waiting else self._next_missing(left)
                if piece is None:
                    more = False
                else:
                    self.where.give(piece)
                    under_way += 1
            if self.joining is not None:  # while others fit
                self.joining.advance()
            if not under_way:
                return self.found
            self._take(self.where.next_end())
            under_way -= 1

    def _next_missing(self, left: Iterable[tuple[Piece, Written | None]]) -> Piece | None:
        for piece, written in left:
            if written is None:
                return piece
            self._end(piece, written)
        return None

    def _take(self, end: End) -> None:
        """Count a piece that is done; see to it that one that was lost is tried again."""
        piece = end.piece
        if end.written is not None:
            self._end(piece, end.written)
            return
        tries = self._tries[piece] = self._tries.get(piece, 0) + 1
        if piece.size > 1 and tries >= TRIES:
            self._waiting.extendleft(reversed(self._halves(piece)))
        elif tries >= TRIES_OF_ONE:
            self._end(piece, write_lost(self.job, self.table, piece, f"{end.lost}, {TRIES_OF_ONE} times"))
        else:
            self._waiting.appendleft(piece)

    def _halves(self, piece: Piece) -> tuple[Piece, Piece]:
        """Divide a piece within its chunk."""
        chunk, halves = self._halved.pop(piece, None) or _Chunk(piece, [piece], {}), piece.halves()
        at = chunk.parts.index(piece)
        chunk.parts[at : at + 1] = halves
        self._halved[halves[0]] = self._halved[halves[1]] = chunk
        return halves

    def _end(self, piece: Piece, written: Written) -> None:
        """Count a piece that is done; with the last part of a chunk, put the chunk together."""
        chunk = self._halved.pop(piece, None)
        if chunk is not None:
            chunk.done[piece] = written
            if len(chunk.done) < len(chunk.parts):
                return
            piece, written = chunk.whole, self._put_together(chunk)
        self.found.add(piece, written)
        if self.joining is not None:
            self.joining.add(piece, written)
        self.told(FITTING, self.found.done_spectra, self.total)

    def _put_together(self, chunk: _Chunk) -> Written:
        places = [chunk.done[part].place for part in chunk.parts]
        whole = ManyFits.joined([read_fit_table(place) for place in places])
        written = write_joined(self.job, self.table, chunk.whole, whole)
        for place in places:
            Path(place).unlink(missing_ok=True)
        return written
