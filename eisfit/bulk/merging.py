"""The chunks of a job as one file, block by block."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from eisfit.bulk.chunk_files import cannot_write, check_room, put_in_place, temporary
from eisfit.bulk.job import RESULT, Job
from eisfit.bulk.piece import Piece
from eisfit.bulk.running import chunks_of, described_job, state_of
from eisfit.errors import InputError
from eisfit.results.many_fits import ManyFits
from eisfit.store.fit_table import about_fit_table, fit_table_size, read_fit_table, write_fit_table
from eisfit.store.spectra_table import SpectraTable

_NAMED = 3  # missing chunks in a message


def merge(job: Job) -> Path:
    """Write the fits of all chunks into one file, in the order of the rows, and return its path.

    Raises
    ------
    InputError
        If chunks are missing; their rows are named.
    StoreError
        If the file cannot be written, as where the disk has no room for it.
    """
    job = described_job(job)
    found = state_of(job)
    if found.missing:
        rows = ", ".join(f"{a} to {b - 1}" for a, b in found.missing[:_NAMED])
        more = f" and {len(found.missing) - _NAMED} more" if len(found.missing) > _NAMED else ""
        raise InputError(
            f"{job.output}: {len(found.missing)} of {found.chunks} chunks are not there yet (rows {rows}{more}): fit "
            "them with the same command without --merge, then merge"
        )
    table = SpectraTable(job.data)
    pieces = list(chunks_of(job, table))
    told = [about_fit_table(piece.place) for piece in pieces]
    names = tuple(
        dict.fromkeys([*job.template.circuit.names, *(n for about in told for n in about["names"])])
    )
    path = [s.segment.name for s in job.template.path]
    seen = {n for about in told for n in about["contributions"]}
    contributions = (*(n for n in path if n in seen), *sorted(seen - set(path)))
    target = job.output / RESULT
    check_room(target, fit_table_size(len(table), len(names), len(contributions), len(table.conditions)))
    draft = temporary(target)
    try:
        write_fit_table(draft, _blocks(pieces), job.settings, names, contributions)
        put_in_place(draft, target)
    except (OSError, RuntimeError) as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise cannot_write(target, error) from error
    return target


def _blocks(pieces: list[Piece]) -> Iterator[ManyFits]:
    for piece in pieces:
        yield read_fit_table(piece.place)
