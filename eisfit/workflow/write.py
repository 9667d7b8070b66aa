"""Write tables, the HDF5 file and figures into a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.errors import InputError

if TYPE_CHECKING:
    from eisfit.results.fit import Fit
    from eisfit.results.series import Series


def check_free_to_write(output: Path | None, overwrite: bool) -> None:
    """Raise InputError before any work if the folder holds results that may not be replaced."""
    if output is not None and output.exists() and not output.is_dir():
        raise InputError(f"{output}: this is a file; name a folder for the results")
    if output is not None and (output / "eisfit.h5").exists() and not overwrite:
        raise InputError(
            f"{output}: holds results already; choose another folder, or --force to replace them"
        )


def write_results(
    result: Series | Sequence[Fit],
    output: Path,
    settings: Mapping[str, Any],
    *,
    figures: bool,
    overwrite: bool,
    progress: Callable[[str, int], None],
) -> list[Path]:
    """Write tables, the HDF5 file and the figures; return their paths.

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
        Called with the name and number of each step.
    """
    from eisfit import store, tables

    progress("writing tables", 2)
    output.mkdir(parents=True, exist_ok=True)
    paths = tables.write_tables(output, tables.tables(result))
    paths.append(store.save(output / "eisfit.h5", result, overwrite=overwrite, settings=settings))
    if figures:
        progress("drawing figures", 3)
        paths += _figures(result, output)
    return paths


def _figures(result: Series | Sequence[Fit], output: Path) -> list[Path]:
    from eisfit import plots
    from eisfit.results.series import Series

    if all(f.statistics is None for f in result):
        return []
    paths = plots.save(plots.nyquist(result), output / "nyquist")
    if isinstance(result, Series) and result.lines():
        paths += plots.save(plots.arrhenius(result), output / "arrhenius")
    return paths
