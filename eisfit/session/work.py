"""Carry out a recipe in a folder of its own: what is there is whole, and is not computed again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.errors import InputError
from eisfit.session.recipe import DISTRIBUTIONS, SUGGESTION, Recipe
from eisfit.session.suggested import SUGGESTED, as_json, suggested
from eisfit.tools.progress import Progress, silent, told_by
from eisfit.tools.whole_files import write_together
from eisfit.workflow.cells import run_cells
from eisfit.workflow.manifest import MANIFEST_NAME, read_manifest
from eisfit.workflow.read import NothingReadable, read_spectra
from eisfit.workflow.run import RunOptions
from eisfit.workflow.write import RESULTS

if TYPE_CHECKING:
    from eisfit.results.fit import Fit
    from eisfit.results.series import Series

ANSWER = "done.json"  # written last: it tells that all is there
LEAST_CURVE = "drt_curves.csv"


@dataclass(frozen=True)
class Done:
    """What a recipe gave.

    Parameters
    ----------
    folder : Path
        Where it lies.
    cells : mapping of str to Path
        The HDF5 file of each cell; one under the empty name where there is only one.
    failed : mapping of str to str
        Cells that could not be fitted, with the reason.
    unread : tuple of str
        Why files could not be read.
    tables : tuple of Path
        Files of distributions, or of a suggestion.
    """

    folder: Path
    cells: Mapping[str, Path]
    failed: Mapping[str, str]
    unread: tuple[str, ...] = ()
    tables: tuple[Path, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """All files of results, tables first."""
        found = [p for path in self.cells.values() for p in sorted(path.parent.glob("*.csv"))]
        return (*found, *self.cells.values(), *self.tables)

    def result(self, cell: str = "") -> Series | tuple[Fit, ...]:
        """Return the fits of a cell, as they were stored."""
        from eisfit import store

        found: Series | tuple[Fit, ...] = store.load(self.cells[cell])
        return found


def carry_out(recipe: Recipe, folder: Path, progress: Progress = silent) -> Done:
    """Compute what a recipe asks for, by what `eisfit series` does with its text.

    Parameters
    ----------
    recipe : Recipe
        What is asked for.
    folder : Path
        Its own; what an ended process left in it is replaced.
    progress : callable
        As for `run_series`.

    Raises
    ------
    InputError
        If a file has changed since it was opened, or the text cannot be fitted.
    NothingReadable
        If no file holds a spectrum.
    """
    for path, sha256 in recipe.files:
        check_unchanged(path, sha256)
    write_together(folder, {MANIFEST_NAME: recipe.text.encode()})
    record = _BY_KIND.get(recipe.kind, _fits)(folder, progress)
    write_together(folder, {ANSWER: json.dumps(record).encode()})
    done = as_done(folder)
    assert done is not None
    return done


def as_done(folder: Path) -> Done | None:
    """Return what lies in the folder of a recipe; None where it is not whole."""
    try:
        record = json.loads((folder / ANSWER).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    cells = {cell: folder / name for cell, name in record["cells"].items()}
    tables = tuple(folder / name for name in record["tables"])
    if not all(p.is_file() for p in (*cells.values(), *tables)):
        return None
    return Done(folder, cells, record["failed"], tuple(record["unread"]), tables)


def check_unchanged(path: str, sha256: str) -> None:
    """Raise InputError where a file is not what it was when it was opened."""
    try:
        now = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(
            f"{path}: this file cannot be read any more ({error.strerror or error}); put it back, or leave it out"
        ) from None
    if sha256 and now != sha256:
        raise InputError(
            f"{path}: the file has changed since it was opened; open it again to use what it holds now"
        )


def _fits(folder: Path, progress: Progress) -> dict[str, Any]:
    options = RunOptions(output=folder, figures=False, overwrite=True)
    cells, failed, unread = {}, {}, []
    for each in run_cells(read_manifest(folder), options, progress):
        unread += [u.reason for u in (each.run.unread if each.run else each.unread)]
        if each.run is None:
            failed[each.cell] = each.reason
        else:
            path = next(p for p in each.run.paths if p.name == RESULTS)
            cells[each.cell] = path.relative_to(folder).as_posix()
    if not cells:
        raise InputError("; ".join(failed.values()))
    return {"cells": cells, "failed": failed, "unread": unread, "tables": []}


def _distributions(folder: Path, progress: Progress) -> dict[str, Any]:
    from eisfit.relaxations import drt_series
    from eisfit.tables.columns import RELAXATIONS
    from eisfit.tables.files import csv_text
    from eisfit.tables.relaxation_table import curve_rows, relaxation_rows

    manifest, told = read_manifest(folder), told_by(progress)
    spectra, unread = read_spectra(manifest)
    if not spectra:
        raise NothingReadable(f"none of the {len(unread)} files could be read", unread)
    found = drt_series(
        spectra, over=manifest.over, done=lambda done, total: told("distributions", done, total)
    )
    columns, curves = (RELAXATIONS[0], found.over, *RELAXATIONS[1:]), curve_rows(found)
    tables = {
        "drt.csv": csv_text(relaxation_rows(found), columns).encode(),
        LEAST_CURVE: csv_text(curves, tuple(curves[0]) if curves else ("spectrum",)).encode(),
    }
    write_together(folder, tables)
    refused = [f"{label}: no distribution: {reason}" for label, reason in found.refused]
    told_reasons = [u.reason for u in unread] + refused
    return {"cells": {}, "failed": {}, "unread": told_reasons, "tables": list(tables)}


def _suggestion(folder: Path, progress: Progress) -> dict[str, Any]:
    spectra, unread = read_spectra(read_manifest(folder))
    if not spectra:
        raise NothingReadable(f"none of the {len(unread)} files could be read", unread)
    write_together(folder, {SUGGESTED: as_json(suggested(spectra, progress))})
    return {"cells": {}, "failed": {}, "unread": [u.reason for u in unread], "tables": [SUGGESTED]}


_BY_KIND = {DISTRIBUTIONS: _distributions, SUGGESTION: _suggestion}
