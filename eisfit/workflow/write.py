"""Write tables, the HDF5 file and figures into a folder."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfit.errors import InputError
from eisfit.tools.progress import Progress, Told, told_by
from eisfit.tools.whole_files import finish_interrupted, write_together

if TYPE_CHECKING:
    from eisfit.results.fit import Fit
    from eisfit.results.series import Series

RESULTS = "eisfit.h5"
DISTRIBUTIONS = "drt.h5"  # what 'eisfit drt' writes
SUGGESTION = "suggestion.h5"  # what 'eisfit suggest' writes where its option -o names such a file
WRITING, DRAWING = "writing tables", "drawing figures"
_ENDINGS = ("pdf", "png")
_CHECKED = ("png",)  # of the figure that is there to check by: a PDF of it would cost as much as its drawing
_DRAWN = (
    *(f"{name}.{ending}" for name in ("nyquist", "arrhenius", "drt", "suggestion") for ending in _ENDINGS),
    *(f"capacitances.{ending}" for ending in _CHECKED),
)


def check_free_to_write(output: Path | None, overwrite: bool) -> None:
    """Complete what an ended process left in the folder; raise InputError where it holds results that must stay."""
    if output is None:
        return
    if output.exists() and not output.is_dir():
        raise InputError(f"{output}: this is a file; name a folder for the results")
    check_can_be_made(output)
    finish_interrupted(output)
    if not overwrite and (output / RESULTS).exists():
        raise _taken(output)


def check_can_be_made(folder: Path) -> None:
    """Raise InputError where a folder does not exist and cannot be made; nothing is left behind."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        above = missing[-1].parent if missing else folder
        raise InputError(
            f"{folder}: this folder cannot be made in {above} ({error.strerror or error}); name a place that may be "
            "written to"
        ) from None
    finally:
        for made in missing:
            with contextlib.suppress(OSError):
                made.rmdir()


def _taken(output: Path) -> InputError:
    return InputError(f"{output}: holds results already; choose another folder, or --force to replace them")


def write_results(
    result: Series | Sequence[Fit],
    output: Path,
    settings: Mapping[str, Any],
    *,
    figures: bool,
    overwrite: bool,
    progress: Progress,
) -> list[Path]:
    """Write tables, the HDF5 file and the figures in one step; return their paths.

    All are made before the first is written, and appear together; what was there stays until then. Tables and
    figures of an earlier result that this one has not are removed.

    Parameters
    ----------
    result : Series or sequence of Fit
        The fits.
    output : Path
        The folder; it is made if it does not exist.
    settings : mapping of str to object
        How the result was made; kept in the HDF5 file.
    figures : bool
        Whether figures are drawn.
    overwrite : bool
        Whether earlier results may be replaced.
    progress : callable
        Called with the name and number of each step; its method `told`, if it has one, with how much of it is done.

    Raises
    ------
    InputError
        If results have appeared meanwhile that may not be replaced.
    StoreError
        If a file cannot be written; it is named, and nothing is changed.
    """
    from eisfit import store, tables

    told = told_by(progress)
    progress(WRITING, 2)
    rows = tables.tables(result)
    told(WRITING, 1, 3)
    found = tables.csv_files(rows)
    told(WRITING, 2, 3)
    results = store.as_bytes(result, settings=settings, shown=output / RESULTS)
    told(WRITING, 3, 3)
    drawn: dict[str, bytes] = {}
    if figures:
        progress(DRAWING, 3)
        drawn = _figures(result, told)
    written = {f"{name}.csv" for name in tables.ALL_TABLES} | set(_DRAWN)
    obsolete = written - {*found, *drawn} if (output / RESULTS).exists() else ()
    files = found | drawn | {RESULTS: results}  # results are moved last: they tell that all is there
    try:
        write_together(output, files, new=() if overwrite else (RESULTS,), obsolete=obsolete)
    except FileExistsError:
        raise _taken(output) from None
    return [output / name for name in (*found, RESULTS, *drawn)]


def _figures(result: Series | Sequence[Fit], told: Told) -> dict[str, bytes]:
    """Return the files of the figures; each file counts as one of those that are told."""
    from eisfit import plots

    drawn: dict[str, bytes] = {}
    kinds = _kinds(result)
    total = sum(len(endings) for endings in kinds.values())
    told(DRAWING, 0, total)
    for kind, endings in kinds.items():
        axes = plots.figure(kind, result) if kind == "suggestion" else getattr(plots, kind)(result)
        for name, content in plots.as_files(axes, kind, endings).items():
            drawn[name] = content
            told(DRAWING, len(drawn), total)
    return drawn


def _kinds(result: Series | Sequence[Fit]) -> dict[str, tuple[str, ...]]:
    """Return the kinds of figures that show a result, each with the endings of its files."""
    from eisfit.results.series import Series

    if all(f.statistics is None for f in result):
        return {}
    found: dict[str, tuple[str, ...]] = {"nyquist": _ENDINGS}
    if isinstance(result, Series) and result.lines():
        found["arrhenius"] = _ENDINGS
    if isinstance(result, Series) and any(
        np.isfinite(c.capacitance_f) for f in result for c in f.contributions
    ):
        found["capacitances"] = _CHECKED
    if isinstance(result, Series) and result.relaxations is not None and len(result.relaxations):
        found["drt"] = _ENDINGS
    if isinstance(result, Series) and result.suggestion is not None and result.suggestion.circuits:
        found["suggestion"] = _ENDINGS
    return found
