"""The file of all fits of a batch, written while others are fitted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eisfit.bulk import fit_file, merge
from eisfit.bulk.job import CHUNKS, DESCRIPTION, RESULT
from eisfit.bulk.joining import Joining
from eisfit.bulk.piece import Fitted, Piece
from eisfit.errors import InputError
from eisfit.results.many_fits import ManyFits
from eisfit.store.fit_table import read_fit_table
from eisfit.store.spectra_table import SpectraTable
from support.many import job

COUNT = 36


def test_the_file_of_all_fits_is_the_same_whenever_it_is_written(tmp_path: Path) -> None:
    made = job(tmp_path, COUNT, 7)
    fit_file(made, "inline", joined=True)
    early = read_fit_table(made.output / RESULT)
    assert early == read_fit_table(merge(made))
    assert len(early) == COUNT
    assert sorted(p.name for p in made.output.iterdir()) == [DESCRIPTION, CHUNKS, RESULT]
    with pytest.raises(InputError, match="share 1 of 2 cannot be joined: merge when all shares are done"):
        fit_file(made, "inline", (1, 2), joined=True)


def test_columns_that_only_a_later_chunk_has_are_in_the_file_of_all(tmp_path: Path) -> None:
    made, table = job(tmp_path, 4, 2), SpectraTable(tmp_path / "many.h5")
    made.output.mkdir()
    told = []
    for first, names in ((0, ("R0", "R1")), (2, ("R0", "late"))):
        fits = ManyFits.empty(np.arange(first, first + 2), names, names, {"temperature_c": np.zeros(2)})
        fits.values[:] = first
        told.append(Fitted(Piece(first, first + 2), made.output / f"{first}", fits).write())
    with Joining(made, table) as joining:
        for piece, written in zip((Piece(0, 2), Piece(2, 4)), told, strict=True):
            joining.add(piece, written)
            joining.advance()
        found = read_fit_table(joining.finish())
    assert found.names == (*made.template.circuit.names, "late")
    assert np.array_equal(found.column("late"), [np.nan, np.nan, 2, 2], equal_nan=True)
    assert np.array_equal(found.column("R0"), [0, 0, 2, 2])
