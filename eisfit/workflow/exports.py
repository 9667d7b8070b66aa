"""Spectra and results as the files of other programs: tables, workbooks, ZView."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eisfit.errors import InputError
from eisfit.tools.whole_files import write_together

if TYPE_CHECKING:
    from eisfit.results.fit import Fit
    from eisfit.results.series import Series
    from eisfit.spectrum.spectrum import Spectrum

SPECTRA_ENDINGS = (".csv", ".h5", ".hdf5", ".z", ".xlsx")
RESULTS_ENDINGS = (".xlsx", ".csv", ".z")
KEEPS_UNITS = (".h5", ".hdf5")  # keeps values that are not in ohm, with the finding about it
_NO_NAME = re.compile(r"[^\w.+#-]+")  # in names of files


def check_ending(output: Path, known: Sequence[str], wide: bool = False) -> str:
    """Return the ending of an output in small letters.

    Raises
    ------
    InputError
        If it is not known, or has no wide form.
    """
    ending = output.suffix.lower()
    if ending not in known:
        raise InputError(f"{output}: name a file that ends in {', '.join(known[:-1])} or {known[-1]}")
    if wide and ending not in (".csv", ".xlsx"):
        raise InputError(
            f"{output}: only .csv and .xlsx have a wide form; leave --wide out, or name one of these"
        )
    return ending


def check_free(output: Path, overwrite: bool) -> None:
    """Raise InputError if a file exists that may not be replaced."""
    if output.exists() and not overwrite:
        raise InputError(f"{output}: exists already; choose another name, or --force to replace it")


def spectra_as_files(spectra: Sequence[Spectrum], output: Path, *, wide: bool = False) -> dict[str, bytes]:
    """Return the content of the files that spectra are converted to, by their names.

    Parameters
    ----------
    spectra : sequence of Spectrum
        At least one.
    output : Path
        Ends in .csv or .xlsx (one table), .h5 (all that is known), or .z (one file for each spectrum: of several the
        label follows the name).
    wide : bool
        Whether a table has columns for each spectrum, under long names, units and comments.

    Raises
    ------
    InputError
        If the ending is not known, or a sheet is larger than Excel opens.
    """
    from eisfit import store, tables
    from eisfit.tables.wide import HEAD_ROWS, wide_csv, wide_rows
    from eisfit.tables.workbook import sheet_of, workbook

    ending = check_ending(output, SPECTRA_ENDINGS, wide)
    if ending == ".z":
        return z_files(spectra, output)
    if ending in KEEPS_UNITS:
        return {output.name: store.as_bytes(list(spectra), shown=output)}
    if wide and ending == ".csv":
        return {output.name: wide_csv(spectra)}
    if wide:
        return {output.name: workbook({"spectra": wide_rows(spectra)}, {"spectra": HEAD_ROWS})}
    points = tables.point_rows(spectra)
    if ending == ".csv":
        return {output.name: tables.csv_text(points, tables.POINTS).encode()}
    return {output.name: workbook({"points": sheet_of(points, tables.POINTS)})}


def results_as_files(result: Series | Sequence[Fit], output: Path) -> dict[str, bytes]:
    """Return the content of the files that results are exported to, by their names.

    Parameters
    ----------
    result : Series or sequence of Fit
        The results.
    output : Path
        Ends in .xlsx (a sheet for each table, and one with the curves), .csv (the curves: measured and fitted, side by
        side), or .z (the measured spectra, one file each).

    Raises
    ------
    InputError
        If the ending is not known, or a sheet is larger than Excel opens.
    """
    from eisfit import tables
    from eisfit.tables.wide import HEAD_ROWS, wide_csv, wide_rows
    from eisfit.tables.workbook import sheet_of, workbook

    ending = check_ending(output, RESULTS_ENDINGS)
    fits = list(result)
    if ending == ".z":
        return z_files([f.spectrum for f in fits], output)
    if ending == ".csv":
        return {output.name: wide_csv(fits)}
    found = tables.tables(result)
    sheets = {name: sheet_of(rows, tables.columns_in(name, rows)) for name, rows in found.items()}
    return {output.name: workbook({**sheets, "curves": wide_rows(fits)}, {"curves": HEAD_ROWS})}


def z_files(spectra: Sequence[Spectrum], output: Path) -> dict[str, bytes]:
    """Return ZView files, one for each spectrum: of several the label follows the name, ``cell_25C.z``."""
    from eisfit.formats.zplot import z_bytes

    if len(spectra) == 1:
        return {output.name: z_bytes(spectra[0])}
    found: dict[str, bytes] = {}
    for spectrum in spectra:
        stem = f"{output.stem}_{_NO_NAME.sub('_', spectrum.label or 'spectrum')}"
        name, again = f"{stem}.z", 2
        while name.lower() in {known.lower() for known in found}:
            name, again = f"{stem}_{again}.z", again + 1
        found[name] = z_bytes(spectrum)
    return found


def write_new(folder: Path, files: Mapping[str, bytes], *, overwrite: bool) -> list[Path]:
    """Write files together; return their paths.

    Raises
    ------
    InputError
        If one exists and may not be replaced.
    """
    for name in files:
        check_free(folder / name, overwrite)
    return write_together(folder, files, new=() if overwrite else list(files))
