"""Write tables, the HDF5 file and figures into a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.errors import InputError

if TYPE_CHECKING:
    from eisfit.results.fit import Fit
    from eisfit.results.series import Series


def check_free_to_write(output: Path | None, force: bool) -> None:
    """Refuse early to write over earlier results."""
    if output is not None and output.exists() and not output.is_dir():
        raise InputError(f"{output}: this is a file; name a folder for the results")
    if output is not None and (output / "eisfit.h5").exists() and not force:
        raise InputError(
            f"{output}: holds results already; choose another folder, or --force to replace them"
        )


def write_results(
    result: Series | Sequence[Fit],
    output: Path | None,
    settings: dict[str, Any],
    no_figures: bool,
    force: bool,
    step: Any,
) -> list[Path]:
    """Write tables, the HDF5 file and the figures; return their paths."""
    if output is None:
        return []
    from eisfit import store
    from eisfit import tables as report

    step("writing tables", 2)
    output.mkdir(parents=True, exist_ok=True)
    paths = report.write_tables(output, report.tables(result))
    paths.append(store.save(output / "eisfit.h5", result, overwrite=force, settings=settings))
    if not no_figures:
        step("drawing figures", 3)
        paths += _figures(result, output)
    return paths


def _figures(result: Series | Sequence[Fit], output: Path) -> list[Path]:
    from eisfit import plots
    from eisfit.results.series import Series

    drawn = [f for f in result if f.statistics is not None]
    if not drawn:
        return []
    paths = plots.save(plots.nyquist(result), output / "nyquist")
    if isinstance(result, Series) and (lines := [line for line, default in result.lines() if default]):
        paths += plots.save(plots.arrhenius(lines), output / "arrhenius")
    return paths
