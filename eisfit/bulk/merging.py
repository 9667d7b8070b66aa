"""The chunks of a job that is done as one file."""

from __future__ import annotations

from pathlib import Path

from eisfit.bulk.job import Job
from eisfit.bulk.joining import Joining
from eisfit.bulk.running import chunks_of, described_job
from eisfit.bulk.summary import Summary
from eisfit.errors import InputError
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
    job, table, found = described_job(job), SpectraTable(job.data), Summary()
    chunks = list(chunks_of(job, table))
    for piece, written in chunks:
        found.add(piece, written)
    if found.missing:
        rows = ", ".join(f"{a} to {b - 1}" for a, b in found.missing[:_NAMED])
        more = f" and {len(found.missing) - _NAMED} more" if len(found.missing) > _NAMED else ""
        raise InputError(
            f"{job.output}: {len(found.missing)} of {found.chunks} chunks are not there yet (rows {rows}{more}): fit "
            "them with the same command without --merge, then merge"
        )
    with Joining(job, table) as joining:
        for piece, written in chunks:
            assert written is not None
            joining.add(piece, written)
        return joining.finish()
