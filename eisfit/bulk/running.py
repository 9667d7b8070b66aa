"""Fit a file of very many spectra into a folder of chunks; what is there already is not fitted again."""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from eisfit.bulk.chunk_files import cannot_write, remove_abandoned, write_whole
from eisfit.bulk.executors import Executor, executor_of
from eisfit.bulk.job import CHUNKS, DESCRIPTION, Job
from eisfit.bulk.piece import Piece, write_lost, write_piece
from eisfit.engine.backends.choice import backend_of
from eisfit.errors import InputError, StoreError
from eisfit.fitting.neighbours import NOTHING, FirstFound, first_found, places_to_search
from eisfit.results.many_fits import ManyFits
from eisfit.store.fit_table import about_fit_table, read_fit_table
from eisfit.store.spectra_table import SpectraTable
from eisfit.tools.progress import Told, untold

TRIES, TRIES_OF_ONE = 2, 3  # of several rows before they are halved, and of one before it is given up
FITTING = "fitting spectra"


class BatchStopped(BaseException):
    """The user has stopped a batch; the text says what is kept."""


@dataclass
class Summary:
    """What a batch has come to.

    Parameters
    ----------
    spectra, chunks : int
        That belong to this run: all, or those of its shard.
    done_spectra, done_chunks : int
        That are there.
    failed, missed : int
        Spectra that could not be fitted, and that the model misses, among those.
    missing : list of (int, int)
        First and last row (not among them) of the chunks that are not there.
    """

    spectra: int = 0
    chunks: int = 0
    done_spectra: int = 0
    done_chunks: int = 0
    failed: int = 0
    missed: int = 0
    missing: list[tuple[int, int]] = field(default_factory=list)

    def add(self, piece: Piece, about: dict[str, Any] | None) -> None:
        """Count a chunk, with what is told of its file; None where there is none."""
        self.spectra, self.chunks = self.spectra + piece.size, self.chunks + 1
        if about is None:
            self.missing.append((piece.first, piece.last))
            return
        self.done_spectra, self.done_chunks = self.done_spectra + piece.size, self.done_chunks + 1
        self.failed, self.missed = self.failed + about["failed"], self.missed + about["missed"]


@dataclass
class _Chunk:
    """A chunk under way: the pieces it was divided into, and how many of them are left."""

    whole: Piece
    parts: list[Piece]
    left: int


def fit_file(
    job: Job, executor: str = "processes", shard: tuple[int, int] = (1, 1), told: Told = untold
) -> Summary:
    """Fit all chunks of a job, or those of a shard, that are not there yet.

    Parameters
    ----------
    job : Job
        What is to be fitted, and how.
    executor : str
        ``inline``, ``processes``, ``processes:N`` or ``dask://HOST:PORT``.
    shard : (int, int)
        Which of how many shares of the chunks, from 1: every share may run on a machine of its own.
    told : callable
        Called with what is done, how much of it is done, and how much there is.

    Returns
    -------
    Summary
        Of the chunks of the shard.

    Raises
    ------
    InputError, StoreError
        If the settings cannot be used, the data not be read or the fits not be written.
    BatchStopped
        By Ctrl-C; the chunks that are done stay.

    Notes
    -----
    The fits of a row do not depend on the other rows of its chunk, nor on who fits it. Rows whose worker dies are
    fitted again, then in halves; a single row that ends its worker three times becomes a failed row.
    """
    _check_shard(shard)
    table = SpectraTable(job.data)
    with _stopping(lambda: state_of(job, shard)):
        if not executor.startswith("dask"):  # whose workers have devices of their own
            backend_of(job.device)
        job = begun(job, table, told)
        where = executor_of(executor, job)
        try:
            return _run(job, table, where, shard, told)
        finally:
            where.close()


def begun(job: Job, table: SpectraTable, told: Told = untold) -> Job:
    """Return the job with what was found first, and write into its folder what it is.

    Raises
    ------
    InputError
        If the folder holds chunks of other settings.
    """
    from eisfit.engine.posing import check_fittable
    from eisfit.fitting.variants import check_start

    if job.start:
        check_start(job.template.circuit.names, dict(job.start))
    few = table.rows(places_to_search(len(table)))
    sound = few.rows(
        np.array([k for k in range(len(few)) if k not in few.faults and not few.with_zero[k]], int)
    )
    if len(sound):
        check_fittable(sound, job.template, job.weights)
    known = _described(job.output)
    if known is None:
        told("first search", 0, 0)
    job = job.with_first(first_found(job.task, few)) if known is None else described_job(job)
    try:
        (job.output / CHUNKS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(job.output, error) from error
    remove_abandoned(job.output)
    remove_abandoned(job.output / CHUNKS)
    if known is None:
        text = {**job.settings, "chunk": job.chunk, "data": str(job.data), "spectra": len(table)}
        write_whole(job.output / DESCRIPTION, json.dumps(text, indent=1).encode())
    return job


def described_job(job: Job) -> Job:
    """Return the job with what its folder says was found first.

    Raises
    ------
    InputError
        If the folder holds chunks of other settings.
    """
    known = _described(job.output)
    if known is None:
        return job
    job = job.with_first(_first_of(known))
    _refuse_others(job, known)
    return job


def state_of(job: Job, shard: tuple[int, int] = (1, 1)) -> Summary:
    """Return what is there of a job.

    Raises
    ------
    InputError
        If the folder holds chunks of other settings.
    """
    _check_shard(shard)
    table, found, job = SpectraTable(job.data), Summary(), described_job(job)
    for piece in chunks_of(job, table, shard):
        found.add(piece, _about(piece))
    return found


def chunks_of(job: Job, table: SpectraTable, shard: tuple[int, int] = (1, 1)) -> Iterator[Piece]:
    """Go through the chunks of a job, or those of a shard."""
    number, of = shard
    for first, last in job.pieces(len(table))[number - 1 :: of]:
        yield Piece(first, last, job.place(first, last, table.fingerprint(first, last)))


def _run(job: Job, table: SpectraTable, where: Executor, shard: tuple[int, int], told: Told) -> Summary:
    found, total = Summary(), sum(b - a for a, b in job.pieces(len(table))[shard[0] - 1 :: shard[1]])
    queue, waiting, under_way = chunks_of(job, table, shard), deque[Piece](), 0
    home: dict[Piece, _Chunk] = {}
    tries: dict[Piece, int] = {}
    more = True
    while True:
        while under_way < where.room and (waiting or more):
            piece = waiting.popleft() if waiting else next(queue, None)
            if piece is None:
                more = False
            elif (about := _about(piece)) is not None:
                _end(piece, home, found, about)
                told(FITTING, found.done_spectra, total)
            else:
                home.setdefault(piece, _Chunk(piece, [piece], 1))
                where.give(piece)
                under_way += 1
        if not under_way:
            return found
        end = where.next_end()
        piece, under_way = end.piece, under_way - 1
        if not end.lost:
            _end(piece, home, found, _about(piece) or {"failed": 0, "missed": 0})
            told(FITTING, found.done_spectra, total)
            continue
        tries[piece] = tries.get(piece, 0) + 1
        if piece.size > 1 and tries[piece] >= TRIES:
            waiting.extendleft(reversed(_halved(piece, home)))
        elif tries[piece] >= TRIES_OF_ONE:
            write_lost(job, table, piece, f"{end.lost}, {TRIES_OF_ONE} times")
            _end(piece, home, found, {"failed": 1, "missed": 0})
        else:
            waiting.appendleft(piece)


def _halved(piece: Piece, home: dict[Piece, _Chunk]) -> tuple[Piece, Piece]:
    """Divide a piece within its chunk."""
    chunk, halves = home.pop(piece), piece.halves()
    at = chunk.parts.index(piece)
    chunk.parts[at : at + 1] = halves
    chunk.left += 1
    home[halves[0]] = home[halves[1]] = chunk
    return halves


def _end(piece: Piece, home: dict[Piece, _Chunk], found: Summary, about: dict[str, Any]) -> None:
    """Count a piece that is done; with the last part of a chunk, put the chunk together."""
    chunk = home.pop(piece, None)
    if chunk is None or chunk.whole == piece:
        found.add(piece, about)
        return
    chunk.left -= 1
    if chunk.left:
        return
    whole = ManyFits.joined([read_fit_table(part.place) for part in chunk.parts])
    write_piece(chunk.whole, whole)
    for part in chunk.parts:
        part.place.unlink(missing_ok=True)
    found.add(chunk.whole, _about(chunk.whole))


def _about(piece: Piece) -> dict[str, Any] | None:
    """Return what is told of the file of a piece; None where it is not there, or is damaged."""
    if not piece.place.exists():
        return None
    try:
        about = about_fit_table(piece.place)
    except StoreError:
        return None
    return about if about["rows"] == piece.size else None


def _check_shard(shard: tuple[int, int]) -> None:
    number, of = shard
    if not 1 <= number <= of:
        raise InputError(
            f"--shard {number}/{of}: the first number goes from 1 to the second, as 1/{max(of, 1)}"
        )


def _described(output: Path) -> dict[str, Any] | None:
    """Return what a folder says of the job whose chunks it holds; None where it holds none."""
    path = output / DESCRIPTION
    if output.exists() and not output.is_dir():
        raise InputError(f"{output}: this is a file; name a folder for the chunks and the results")
    if not path.exists():
        return None
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        _first_of(found)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: cannot be read ({error}): remove it, and give the same command again"
        ) from None
    return found


def _first_of(known: dict[str, Any]) -> FirstFound:
    first = known["first"]
    logs = tuple(tuple(map(float, row)) for row in first["logs"])
    return FirstFound(logs, float(first["scatter"]), tuple(map(bool, first["at_bound"]))) if logs else NOTHING


def _refuse_others(job: Job, known: dict[str, Any]) -> None:
    """Refuse a folder that holds chunks of other settings."""
    own = json.loads(json.dumps({**job.settings, "chunk": job.chunk}))
    for name, value in own.items():
        if known.get(name) != value:
            shown = "" if isinstance(value, dict | list) else f" ({known.get(name)}, not {value})"
            raise InputError(
                f"{job.output}: holds chunks that were fitted with other settings, {name} differs{shown}: give the "
                "same settings, or another folder"
            )


@contextlib.contextmanager
def _stopping(state: Any) -> Iterator[None]:
    """Turn Ctrl-C into what is kept."""
    try:
        yield
    except KeyboardInterrupt:
        found = state()
        raise BatchStopped(
            f"stopped; {found.done_spectra} of {found.spectra} spectra are done and kept, the same command goes on "
            "with the others"
        ) from None
