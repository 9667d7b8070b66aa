"""A report of stored results as a PDF: what it needs is read, put together and written."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.errors import InputError
from eisfit.tools.whole_files import write_together
from eisfit.version import __version__
from eisfit.workflow.write import DISTRIBUTIONS, RESULTS, SUGGESTION

if TYPE_CHECKING:
    from eisfit.plots import About
    from eisfit.polarisation import DcAnswer
    from eisfit.results.fit import Fit
    from eisfit.results.series import Series

REPORT = "report.pdf"
_HASH = 16  # letters of a hash that are printed


def _silent(done: int, total: int) -> None:
    """Show no progress."""


def print_report(
    results: Path,
    output: Path | None = None,
    *,
    title: str = "",
    dc: Sequence[Path] = (),
    paper: str = "a4",
    spectra: int | None = None,
    overwrite: bool = False,
    progress: Callable[[int, int], None] = _silent,
) -> Path:
    """Write a report of stored results, and return its path.

    Parameters
    ----------
    results : Path
        An ``eisfit.h5``, or the folder that holds one.
    output : Path, optional
        A file that ends in .pdf; ``report.pdf`` beside the results if not given.
    title : str
        On the first page; the name of the folder of the measurement if not given.
    dc : sequence of Path
        Files of 'eisfit dc -o NAME.h5' of the same cell, whose pages are added.
    paper : {"a4", "letter"}
        Size of the pages.
    spectra : int, optional
        Of how many spectra, evenly spread, a page is drawn; of all if not given.
    overwrite : bool
        Whether a file that is there already may be replaced.
    progress : callable
        Called with how many pages of spectra are drawn, and how many there will be.

    Raises
    ------
    InputError
        If the results hold no fit, the output is no PDF file, or it exists and may not be replaced.
    StoreError
        If the results cannot be read.
    """
    from eisfit import plots, store
    from eisfit.relaxations import Distribution, DistributionSeries
    from eisfit.suggestion import Suggestion

    file = results_file(results)
    target = output or file.parent / REPORT
    if target.suffix.lower() != ".pdf":
        raise InputError(f"{target}: a report is a PDF: name a file that ends in .pdf")
    if target.exists() and not overwrite:
        raise InputError(f"{target}: exists already; choose another name with -o, or --force to replace it")
    stored, settings = store.load(file), store.load_settings(file)
    result: Any
    if answers := dc_answers(stored):
        result, about = answers, about_direct_current(file, settings, title)
    elif isinstance(stored, Distribution | DistributionSeries):
        result, about = stored, about_look(file, "these distributions", settings, title)
    elif isinstance(stored, Suggestion):
        result, about = stored, about_look(file, "this suggestion", settings, title)
    else:
        result = fits_in(file, stored)
        about = about_results(file, result, settings, title)
    content = plots.report_pdf(
        result,
        about,
        dc=[found for path in dc for found in _dc_in(path)],
        paper=paper,  # type: ignore[arg-type]  # it is checked there
        spectra=spectra,
        progress=progress,
    )
    return write_together(target.parent, {target.name: content}, new=() if overwrite else [target.name])[0]


def dc_answers(result: Any) -> list[DcAnswer]:
    """Return the answers from direct current that a file holds; none of another file."""
    from eisfit.polarisation import DcAnswer

    found = (
        [result] if isinstance(result, DcAnswer) else list(result) if isinstance(result, list | tuple) else []
    )
    return [each for each in found if isinstance(each, DcAnswer)]


def _dc_in(path: Path) -> list[DcAnswer]:
    """Return the answers of a file that must hold some."""
    from eisfit import store

    found = dc_answers(store.load(path))
    if not found:
        raise InputError(
            f"{path}: holds no answers from direct current; name a file of 'eisfit dc DATA -o NAME.h5'"
        )
    return found


def results_file(path: Path) -> Path:
    """Return the file of results: the path itself, or the ``eisfit.h5`` in a folder.

    Raises
    ------
    InputError
        If it is a folder without results.
    """
    if not path.is_dir():
        return path
    for name in (RESULTS, DISTRIBUTIONS, SUGGESTION):
        if (path / name).is_file():
            return path / name
    raise InputError(f"{path}: this folder holds no {RESULTS}; name the folder that 'eisfit series' wrote")


def fits_in(file: Path, result: Any) -> Series | list[Fit]:
    """Return what a file holds as a series or a list of fits.

    Raises
    ------
    InputError
        If it holds spectra without fits, or nothing.
    """
    from eisfit.results.fit import Fit
    from eisfit.results.series import Series

    if isinstance(result, Series) and len(result):
        return result
    items = [result] if isinstance(result, Fit) else list(result) if hasattr(result, "__iter__") else []
    if not items or not all(isinstance(item, Fit) for item in items):
        raise InputError(
            f"{file}: holds no fits: name the {RESULTS} that 'eisfit series' or 'eisfit fit' wrote with -o"
        )
    return items


def about_results(
    file: Path, result: Series | list[Fit], settings: Mapping[str, Any], title: str = ""
) -> About:
    """Return what a report says of results beside what they hold."""
    from eisfit import plots
    from eisfit.tables.remarks import echoes, remarks

    return plots.About(
        title=title or _title(file, settings),
        source=file.name,
        remarks=(*echoes(result), *remarks(result)),
        settings={name: shown for name, value in settings.items() if (shown := _shown(value))},
        again=tuple(_again(file, result, settings)),
    )


def about_look(file: Path, what: str, settings: Mapping[str, Any], title: str = "") -> About:
    """Return what a report says of distributions or a suggestion without fits, beside what they hold."""
    from eisfit import plots

    shown = {name: text for name, value in settings.items() if (text := _shown(value))}
    again = (
        f"In Python: eisfit.store.load('{file.name}') returns {what}",
        _kept_in(file),
        _cite(),
    )
    return plots.About(title or _title(file, settings), file.name, (), shown, again)


def about_direct_current(file: Path, settings: Mapping[str, Any], title: str = "") -> About:
    """Return what a report says of answers from direct current, beside what they hold."""
    from eisfit import plots

    shown = {name: text for name, value in settings.items() if (text := _shown(value))}
    again = (f"In Python: eisfit.store.load('{file.name}') returns these answers", _kept_in(file), _cite())
    return plots.About(title or file.stem, file.name, (), shown, again)


def _title(file: Path, settings: Mapping[str, Any]) -> str:
    """Return the name of the folder of the measurement, or of the results."""
    manifest = str(settings.get("manifest") or "")
    folder = Path(manifest).parent.name if manifest else ""
    beside = file.resolve().parent
    return folder or (beside.parent.name if beside.name == "results" else beside.name) or file.stem


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {_shown(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item) for item in value)
    return "" if value is None else str(value)


def _again(file: Path, result: Series | list[Fit], settings: Mapping[str, Any]) -> list[str]:
    found = []
    if manifest := settings.get("manifest"):
        options = "".join(
            f" --{name} {settings[name]}"
            for name in ("weights", "loss", "seed", "channel")
            if settings.get(name) is not None
        )
        options += " --mask-outliers" if settings.get("mask_outliers") else ""
        options += " --drift-corrected" if settings.get("drift_corrected") else ""
        found.append(f"On the command line: eisfit series {shlex.quote(str(manifest))}{options} -o results")
    found.append(
        f"In Python: eisfit.store.load('{file.name}') returns these results; eisfit.fitting.redo makes one of their "
        "fits again"
    )
    found += [_kept_in(file), _cite()]
    sources = dict.fromkeys(source for fit in result for source in fit.template.source)
    if sources:
        found.append(f"Sources of the template: {', '.join(sources)}")
    return found


def _kept_in(file: Path) -> str:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:_HASH]
    return (
        f"{file.name} (SHA-256 {digest}…) holds the spectra, all values with their errors, and the settings"
    )


def _cite() -> str:
    return (
        f"Cite eisfit {__version__} (MIT licence) and the SHA-256 of the results; equal files and settings give equal "
        "numbers"
    )
