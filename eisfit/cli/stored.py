"""The results that a command is given: a file of results, or the folder that holds it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from eisfit.errors import InputError
from eisfit.tools.nearest import did_you_mean
from eisfit.workflow.write import DISTRIBUTIONS, RESULTS, SUGGESTION

OVER_A_CONDITION = (
    "arrhenius",
    "parameters",
    "capacitances",
    "literature",
)  # kinds of figures that a series alone has
OF_FITS = ("contributions", "residuals", "circuit", "page", *OVER_A_CONDITION)


def results_in(path: Path) -> Path:
    """Return a file of results: the one that is named, or the one in the folder that is named.

    Raises
    ------
    InputError
        If the folder holds none.
    """
    if not path.is_dir():
        return path
    for name in (RESULTS, DISTRIBUTIONS, SUGGESTION):
        if (path / name).is_file():
            return path / name
    below = sorted(p.parent for p in path.glob(f"*/{RESULTS}"))
    found = f"; there is {below[0] / RESULTS}" if below else ""
    raise InputError(
        f"{path}: this folder holds no {RESULTS}; name the folder or the file that 'series' or 'fit' has written{found}"
    )


def drawable(kind: str, kinds: Iterable[str], result: Any, path: Path) -> Any:
    """Return what a kind of figure draws of stored results.

    Parameters
    ----------
    kind : str
        The figure asked for.
    kinds : iterable of str
        All there are.
    result : Series, Fit, Spectrum, or a list or tuple of them
        What the file holds.
    path : Path
        The file.

    Raises
    ------
    InputError
        If there is no such figure, or the file holds nothing that it shows.
    """
    from eisfit.relaxations import Distribution, DistributionSeries
    from eisfit.results.series import Series
    from eisfit.spectrum.spectrum import Spectrum
    from eisfit.suggestion import Suggestion

    known = tuple(kinds)
    if kind not in known:
        raise InputError(f"no figure kind {kind!r}{did_you_mean(kind, known)}; known: {', '.join(known)}")
    if isinstance(result, Distribution | DistributionSeries):
        return _of_distributions(kind, result, path)
    if isinstance(result, Suggestion):
        return _of_suggestion(kind, result, path)
    first = result if isinstance(result, Spectrum) else next(iter(result), None) if _many(result) else result
    if kind in OF_FITS and isinstance(first, Spectrum):
        raise InputError(
            f"{path}: holds spectra without fits, and the figure {kind!r} shows fits; fit them with "
            f"{'eisfit series' if kind in OVER_A_CONDITION else 'eisfit fit or eisfit series'}, or draw bode, nyquist"
        )
    if isinstance(result, Series) or kind not in (*OVER_A_CONDITION, "circuit") or not _many(result):
        if kind in OVER_A_CONDITION and not isinstance(result, Series):
            raise _of_single_fits(kind, path)
        return result
    if kind == "circuit" and len({f.template.circuit.text for f in result}) == 1:
        return first
    raise _of_single_fits(kind, path)


def _of_distributions(kind: str, result: Any, path: Path) -> Any:
    """Return distributions for their own figure, and their spectra for the figures of spectra."""
    from eisfit.relaxations import Distribution

    if kind == "drt":
        return result
    if kind in OF_FITS:
        raise InputError(
            f"{path}: holds distributions of relaxation times without fits, and the figure {kind!r} shows fits; fit "
            "the spectra with eisfit series, or draw drt, nyquist, bode"
        )
    return [result.spectrum] if isinstance(result, Distribution) else [d.spectrum for d in result]


def _of_suggestion(kind: str, result: Any, path: Path) -> Any:
    """Return a suggestion for its own figure, and its spectra for the figures of spectra."""
    if kind == "suggestion":
        return result
    if kind in OF_FITS:
        raise InputError(
            f"{path}: holds a suggestion without fits, and the figure {kind!r} shows fits; fit the spectra with eisfit "
            "series, or draw suggestion, nyquist, bode"
        )
    return list(result.spectra)


def _many(result: Any) -> bool:
    from eisfit.results.fit import Fit
    from eisfit.spectrum.spectrum import Spectrum

    return not isinstance(result, Fit | Spectrum)


def _of_single_fits(kind: str, path: Path) -> InputError:
    shows = "one circuit" if kind == "circuit" else "values over temperature or another condition"
    return InputError(
        f"{path}: holds fits of single spectra, and the figure {kind!r} shows {shows}; fit them as a series with "
        "eisfit series, or draw nyquist, bode, residuals, contributions"
    )
