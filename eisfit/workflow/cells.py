"""The cells of one folder, each a series and a folder of results of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from eisfit.errors import EisfitError, InputError, ManifestError
from eisfit.formats import Unread, read_file
from eisfit.formats.reading import names_of
from eisfit.tools.progress import Progress, silent, told_by
from eisfit.workflow.cell_columns import cells_in_column
from eisfit.workflow.manifest import Entry, Manifest
from eisfit.workflow.read import NothingReadable
from eisfit.workflow.run import DEFAULT, Run, RunOptions, Stopped, run_series
from eisfit.workflow.write import check_free_to_write

ONE = ""  # the name of a cell where there is only one


@dataclass(frozen=True)
class CellRun:
    """What came of one cell.

    Parameters
    ----------
    cell : str
        Its name.
    run : Run or None
        None where it could not be fitted.
    reason : str
        Why not.
    unread : tuple of Unread
        Its files that could not be read, where there is no run.
    stopped : str
        What was kept where the user has stopped the run; no further cell is fitted then.
    """

    cell: str
    run: Run | None
    reason: str = ""
    unread: tuple[Unread, ...] = ()
    stopped: str = ""


def cells_of(manifest: Manifest) -> dict[str, Manifest]:
    """Return the series of each cell by its name; one under the empty name where no cell is told.

    Files that could not be told a cell are left out; `without_cell` returns them.

    Raises
    ------
    ManifestError
        If only some files have a cell, two cells differ in case only, or `keep` names a spectrum of none.
    """
    manifest = replace(manifest, entries=tuple(part for e in manifest.entries for part in _by_column(e)))
    told = [e for e in manifest.entries if not e.fault]
    names = list(dict.fromkeys(e.cell for e in told))
    if names == [ONE] or not names:
        return {ONE: manifest}
    if ONE in names:
        first = next(e for e in told if e.cell == ONE)
        raise ManifestError(
            f"{manifest.path}: cell of {first.file.name!r} is missing, and other files have one; write it for all"
        )
    for name in names:
        if same := [other for other in names if other != name and other.lower() == name.lower()]:
            raise ManifestError(
                f"{manifest.path}: cells {name!r} and {same[0]!r} differ in case only: write one name"
            )
    found = {name: tuple(e for e in manifest.entries if e.cell == name) for name in names}
    keep = {name: _kept(manifest, entries) for name, entries in found.items()}
    if lost := [label for label in manifest.keep if not any(label in kept for kept in keep.values())]:
        raise ManifestError(f"{manifest.path}: keep names {lost[0]!r}, which is no spectrum of any cell")
    return {name: replace(manifest, entries=entries, keep=keep[name]) for name, entries in found.items()}


def _by_column(entry: Entry) -> list[Entry]:
    """Return an entry for each cell that a column of its file names; the entry itself where there is no column."""
    if not entry.cell_column or entry.fault:
        return [entry]
    try:
        sweeps = entry.sweeps or tuple(read_file(entry.file, channel=entry.channel))
    except InputError as error:
        return [replace(entry, fault=str(error), cell_column="")]
    cells = cells_in_column(entry.file, entry.cell_column, sweeps)
    return [
        replace(
            entry,
            cell=cell,
            cell_column="",
            sweeps=tuple(s for s, c in zip(sweeps, cells, strict=True) if c == cell),
        )
        for cell in dict.fromkeys(cells)
    ]


def _kept(manifest: Manifest, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    labels = names_of([e.file for e in entries])
    return tuple(k for k in manifest.keep if k.partition("#")[0] in labels)


def without_cell(manifest: Manifest) -> list[Unread]:
    """Return the files that take part in no cell, each with the reason."""
    if not any(e.cell for e in manifest.entries):
        return []
    return [Unread(e.file.stem, str(e.file), e.fault) for e in manifest.entries if e.fault and not e.cell]


def run_cells(
    manifest: Manifest, options: RunOptions = DEFAULT, progress: Progress = silent
) -> Iterator[CellRun]:
    """Fit each cell of a manifest, and write its results into a folder of its name; a cell that fails stops no other.

    Parameters
    ----------
    manifest : Manifest
        The description of the cells.
    options : RunOptions
        As for `run_series`; below `output` each cell has a folder. Where no cell is told, `output` itself is used.
    progress : callable
        As for `run_series`.

    Yields
    ------
    CellRun
        One for each cell, when it is done.

    Raises
    ------
    InputError
        If the results of a cell would replace others, before any is fitted; and, where there is only one cell, as
        `run_series` raises it.
    """
    cells = cells_of(manifest)
    if list(cells) == [ONE]:
        run = run_series(cells[ONE], options, progress)
        yield CellRun(ONE, run, stopped=run.stopped)
        return
    chosen = {cell: _options_of(cell, options) for cell in cells}
    for each in chosen.values():
        check_free_to_write(each.output, each.overwrite)
    for cell, described in cells.items():
        try:
            done = run_series(described, chosen[cell], _OfCell(cell, progress))
        except Stopped as error:
            yield CellRun(cell, None, str(error), stopped=str(error))
            return
        except NothingReadable as error:
            yield CellRun(cell, None, str(error), error.unread)
        except EisfitError as error:
            yield CellRun(cell, None, str(error))
        else:
            yield CellRun(cell, done, stopped=done.stopped)
            if done.stopped:
                return


class _OfCell:
    """A progress whose steps begin with the name of a cell."""

    def __init__(self, cell: str, progress: Progress) -> None:
        self.cell, self.progress = cell, progress

    def __call__(self, text: str, number: int) -> None:
        self.progress(f"{self.cell}: {text}", number)

    def told(self, text: str, done: int, total: int) -> None:
        """Tell how much of a step is done."""
        told_by(self.progress)(f"{self.cell}: {text}", done, total)


def _options_of(cell: str, options: RunOptions) -> RunOptions:
    return options if options.output is None else replace(options, output=options.output / cell)
