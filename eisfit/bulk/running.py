"""Fit a file of very many spectra into a folder of chunks; what is there already is not fitted again."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from eisfit.bulk.chunk_files import cannot_write, remove_abandoned, write_whole
from eisfit.bulk.dealing import Dealing
from eisfit.bulk.executors import executor_of
from eisfit.bulk.job import CHUNKS, DESCRIPTION, Job
from eisfit.bulk.joining import Joining
from eisfit.bulk.piece import Piece, Written, written_of
from eisfit.bulk.summary import Summary
from eisfit.engine.backends.choice import backend_of
from eisfit.errors import InputError
from eisfit.fitting.neighbours import NOTHING, FirstFound, first_found, places_to_search
from eisfit.store.spectra_table import SpectraTable
from eisfit.tools.progress import Told, untold

_CHUNK = re.compile(r"(\d{10,})-(\d{10,})-[0-9a-f]+\.h5")


class BatchStopped(BaseException):
    """The user has stopped a batch; the text says what is kept."""


def fit_file(
    job: Job,
    executor: str = "processes",
    shard: tuple[int, int] = (1, 1),
    told: Told = untold,
    *,
    joined: bool = False,
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
    joined : bool
        Whether `RESULT` is written too, as by `merge`, while chunks are being fitted; of all chunks alone.

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
    if joined and shard != (1, 1):
        raise InputError(f"share {shard[0]} of {shard[1]} cannot be joined: merge when all shares are done")
    table = SpectraTable(job.data)
    with _stopping(lambda: state_of(job, shard)):
        if not executor.startswith("dask"):  # whose workers have devices of their own
            backend_of(job.device)
        pieces, there = pieces_of(job, table, shard), _ranges_there(job)
        where = executor_of(executor, job, sum((p.first, p.last) not in there for p in pieces))
        with contextlib.closing(where):
            job = begun(job, table, told)
            where.begin(job)
            with Joining(job, table) as joining:
                dealing = Dealing(job, table, where, told, joining if joined else None)
                found = dealing.run(chunks_of(job, table, shard), sum(p.size for p in pieces))
                if joined:
                    joining.finish()
        return found


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
    for piece, written in chunks_of(job, table, shard):
        found.add(piece, written)
    return found


def pieces_of(job: Job, table: SpectraTable, shard: tuple[int, int] = (1, 1)) -> list[Piece]:
    """Return the chunks of a job, or those of a shard."""
    number, of = shard
    return [Piece(first, last) for first, last in job.pieces(len(table))[number - 1 :: of]]


def chunks_of(
    job: Job, table: SpectraTable, shard: tuple[int, int] = (1, 1)
) -> Iterator[tuple[Piece, Written | None]]:
    """Go through the chunks of a job, or those of a shard, with what is told of those that are there."""
    there = _ranges_there(job)
    for piece in pieces_of(job, table, shard):
        near = (piece.first, piece.last) in there
        yield piece, written_of(job, table, piece) if near else None


def _ranges_there(job: Job) -> set[tuple[int, int]]:
    """Return first and last row (not among them) of the files in the folder of chunks, whatever they hold."""
    folder = job.output / CHUNKS
    found = (_CHUNK.fullmatch(path.name) for path in (folder.iterdir() if folder.is_dir() else ()))
    return {(int(name[1]), int(name[2])) for name in found if name is not None}


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
