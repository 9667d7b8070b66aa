"""What the command series prints: one result, or one for each cell."""

from __future__ import annotations

import json
from collections.abc import Sequence

from eisfit.cli.app import SOME_FAILED, exit_code
from eisfit.cli.console import as_data, present, say, say_unread
from eisfit.cli.progress_bar import ProgressBar
from eisfit.errors import EisfitError
from eisfit.results.series import Series
from eisfit.tools.progress import Progress
from eisfit.workflow import CellRun, Described, Manifest, Run, RunOptions, Typed, described_series, run_cells
from eisfit.workflow.cells import ONE, without_cell
from eisfit.workflow.read import NothingReadable
from eisfit.workflow.run import Stopped
from eisfit.workflow.said_of_series import each_alone, why_no_line
from eisfit.workflow.untold_cells import untold_cells


def run_and_present(
    arguments: Sequence[str], typed: Typed, options: RunOptions, as_json: bool, quiet: bool
) -> int:
    """Run the series that a command names, print what came of it, and return the exit code."""
    with ProgressBar(quiet) as progress:
        described = described_series(arguments, typed, progress)
        described = _suggested(described, options, progress) if typed.suggest else described
    for text in described.said:
        say(text)
    with ProgressBar(quiet) as progress:
        cells = list(run_cells(described.manifest, options, progress))
    if [c.cell for c in cells] == [ONE] and cells[0].run is not None:
        _present_one(described.manifest, cells[0].run, as_json, quiet)
        if isinstance(cells[0].run.result, tuple) and (options.drt or described.manifest.drt):
            say(
                "drt: distributions are kept of a series alone, and these fits are none; look at them by 'eisfit drt'"
            )
        return code_of(cells)
    unplaced = without_cell(described.manifest)
    say_unread(unplaced)
    if all(c.run is None for c in cells) and not cells[-1].stopped:
        raise _failure(cells)
    _present_all(cells, as_json, quiet)
    code = code_of(cells)
    return SOME_FAILED if unplaced else code


def _suggested(described: Described, options: RunOptions, progress: Progress) -> Described:
    """Return a series with the template that its data allow; print the set where they allow several."""
    from eisfit.workflow.suggested_template import SeveralTemplates, with_suggested  # imported late: few ask

    try:
        return with_suggested(described, options.flip_sign, progress)
    except SeveralTemplates as error:
        for text in error.members:
            say(text)
        raise


def code_of(cells: Sequence[CellRun]) -> int:
    """Return the exit code of several cells: what failed counts before what misses its data.

    Raises
    ------
    Stopped
        If the user has stopped the run.
    """
    if stopped := cells[-1].stopped:
        raise Stopped(f"cell {cells[-1].cell}: {stopped}" if cells[-1].cell else stopped)
    runs = [c.run for c in cells if c.run is not None]
    all_done = len(runs) == len(cells) and all(run.all_done for run in runs)
    return exit_code(all_done, any(f.missed for run in runs for f in run.result))


def _present_one(manifest: Manifest, run: Run, as_json: bool, quiet: bool) -> None:
    if isinstance(run.result, tuple):
        say(
            f"{manifest.path}: no spectrum has a temperature_c, so each was fitted by itself; for a series write "
            "temperature_c, or over and that condition"
        )
        say_unread(run.unread)
    _say_cells(run, "")
    present(run.result, run.paths, as_json, quiet)
    if text := why_no_line(run.result):
        say(text)


def _say_cells(run: Run, cell: str) -> None:
    if isinstance(run.result, Series) and (text := untold_cells(run.result)):
        say(f"{cell}{text}")


def _failure(cells: Sequence[CellRun]) -> EisfitError:
    by_reason: dict[str, list[str]] = {}
    for each in cells:
        by_reason.setdefault(each.reason, []).append(each.cell)
    reasons = "; ".join(
        f"{'cell' if len(names) == 1 else 'cells'} {', '.join(names)}: {reason}"
        for reason, names in by_reason.items()
    )
    unread = [u for c in cells for u in c.unread]
    return NothingReadable(reasons, unread) if unread else EisfitError(reasons)


def _counted(spectra: int) -> str:
    return f"{spectra} {'spectrum' if spectra == 1 else 'spectra'}"


def _present_all(cells: Sequence[CellRun], as_json: bool, quiet: bool) -> None:
    """Print the tables of each cell under its name; as JSON one object with a key for each cell."""
    data = {}
    alone = each_alone({c.cell: len(c.run.result) for c in cells if c.run is not None})
    for each in cells:
        if each.run is None:
            say_unread(each.unread)
            say(f"cell {each.cell}: not fitted: {each.reason}")
            continue
        if not quiet:
            say(f"cell {each.cell}: {_counted(len(each.run.result))}")
        _say_cells(each.run, f"cell {each.cell}: ")
        if as_json:
            data[each.cell] = as_data(each.run.result, each.run.paths)
        present(each.run.result, () if as_json else each.run.paths, False, quiet)
        if not alone and (text := why_no_line(each.run.result)):
            say(f"cell {each.cell}: {text}")
    if alone:
        say(alone)
    if as_json:
        print(json.dumps({"cells": data}, indent=1))
