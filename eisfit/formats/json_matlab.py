"""Named columns in a container: JSON as data frames write it, and MATLAB `.mat`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from eisfit.errors import FormatError
from eisfit.formats.parsing.dialect import looks_like_text
from eisfit.formats.parsing.mat5 import vectors
from eisfit.formats.parsing.named_columns import spectra_of
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.spectrum import Spectrum

JSON = "JSON columns"
MATLAB = "MATLAB"
MOST_JSON_BYTES = 5_000_000
MOST_CELLS = 2_000_000  # with the empty ones below short columns


def is_json(raw: RawFile) -> bool:
    """Look for an opening brace, or a list of such, and a key."""
    return (
        len(raw.data) < MOST_JSON_BYTES
        and looks_like_text(raw)
        and re.match(r"[\ufeff\s]*(?:\[\s*)?\{", raw.head) is not None
        and '"' in raw.head
    )


def is_matlab(raw: RawFile) -> bool:
    """Look for the words of a MATLAB 5 file."""
    return raw.data.startswith(b"MATLAB 5.0 MAT-file")


def read_json(raw: RawFile) -> list[Spectrum]:
    """Return the spectra of a mapping from column names to numbers, or of a list of rows that are such mappings.

    Raises
    ------
    FormatError
        If it is no such mapping.
    """
    try:
        entry = json.loads(raw.text.strip("\ufeff \r\n\t"))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{raw.name}: the JSON is damaged or cut off ({error})") from None
    if isinstance(entry, list):
        entry = _of_records(entry)
    columns: dict[str, list[float]] = {}
    for name, values in entry.items() if isinstance(entry, Mapping) else ():
        items = list(values.values()) if isinstance(values, Mapping) else values
        if isinstance(items, list) and items and all(isinstance(v, int | float) for v in items):
            columns[str(name)] = [float(v) for v in items if abs(v) < 1e300]
    return _spectra(raw, JSON, columns)


def _of_records(rows: Sequence[object]) -> dict[str, list[object]]:
    """Return the columns of rows, each a mapping with the same keys; none where they are no such rows."""
    first = rows[0] if rows else None
    if not isinstance(first, Mapping) or not all(
        isinstance(r, Mapping) and r.keys() == first.keys() for r in rows
    ):
        return {}
    return {str(key): [row[key] for row in rows if isinstance(row, Mapping)] for key in first}


def read_matlab(raw: RawFile) -> list[Spectrum]:
    """Return the spectra of variables named as columns.

    Raises
    ------
    FormatError
        If the file is damaged, or no variables are named as frequency and impedance.
    """
    try:
        found = vectors(raw.data)
    except ValueError as error:
        raise FormatError(f"{raw.name}: the MATLAB file cannot be read ({error})") from None
    return _spectra(raw, MATLAB, {name: values.tolist() for name, values in found.items()})


def _spectra(raw: RawFile, format_name: str, columns: dict[str, list[float]]) -> list[Spectrum]:
    if not columns:
        raise FormatError(f"{raw.name}: it holds no named columns of numbers")
    longest = max(map(len, columns.values()))
    if longest * len(columns) > MOST_CELLS:
        raise FormatError(
            f"{raw.name}: its {len(columns)} columns of up to {longest} numbers are no table of spectra"
        )
    rows = [list(row) for row in zip_longest(*columns.values(), fillvalue=float("nan"))]
    return spectra_of(raw, format_name, list(columns), rows)


FORMATS = (Format(JSON, is_json, read_json), Format(MATLAB, is_matlab, read_matlab))
